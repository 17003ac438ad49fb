# A first heading that says what the title says: shown once, wherever the text is shown.
load helper
bats_require_minimum_version 1.5.0

setup() {
	kb_setup
	mkdir -p center/en/articles center/en/replies
	cd center || return
	cat >kb.yaml <<-'YAML'
		name: Help
		locales: [en]
		variables: {machine: Aurora}
	YAML
	printf 'issues: [{id: x, label: X}]\n' >taxonomy.yaml
}

article() { # NAME TITLE, the text on standard input
	{
		printf -- '---\ntitle: %s\nissues: x\n---\n' "$2"
		cat
	} >"en/articles/$1.md"
}

text_of() { # NAME: what its page shows
	sed -n '/<h1/,/<footer/p' "public/en/articles/$1/index.html" | grep '<h[1-6]\|<p>'
}

@test "a heading that repeats the title is shown once, however it is written" {
	article hashes 'Clean it' <<<$'# Clean it ###\n\nText.'
	article lines 'Clean it' <<<$'Clean *it*\n===\n\nText.'
	article marks 'How to clean?' <<<$'<!-- kb-disable style -->\n\n# how to  Clean\n\nText.'
	article values 'Clean {{machine}}' <<<$'# Clean Aurora\n\nText.'
	article second 'Clean it' <<<$'## Clean it\n\nText.'
	kb publish -q
	for name in hashes lines marks values second; do
		[ "$(text_of "$name" | wc -l)" -eq 2 ]
		[ "$(grep -ci 'clean' "public/en/articles/$name/index.html.md")" -eq 1 ]
		refute grep -i '#.*clean' "public/api/v1/documents/articles/$name.en.json"
	done
}

@test "other first headings stay" {
	article other 'Clean it' <<<$'# Clean it well\n\nText.'
	article below 'Clean it' <<<$'Text.\n\n# Clean it\n\nMore.'
	kb publish -q
	text_of other | grep 'Clean it well'
	[ "$(text_of below | grep -c 'Clean it')" -eq 2 ]
}

@test "a step and a channel are no titles" {
	mkdir en/workflows
	cat >en/workflows/w.md <<-'MD'
		---
		title: Check
		issues: x
		---
		## Check
		- [Fine](kb:resolved)
		- [Not fine](kb:closed)
	MD
	cat >en/replies/r.md <<-'MD'
		---
		title: Email
		issues: x
		---
		# Email

		Dear reader

		## Email

		Dear customer
	MD
	run -0 kb reply replies/r --channel email
	[ "$output" = 'Dear customer' ]
	run -0 kb reply replies/r --channel chat
	[ "$output" = 'Dear reader' ]
	kb publish -q --audience agents --out agents
	grep 'id="check"' agents/en/workflows/w/index.html
}

@test "links to the heading lead to the top of the page, also after --fix" {
	article here 'Clean it' <<<$'# Clean it\n\n[Up](#clean-it).'
	article named 'Dry it' <<<$'# Dry it {#dry}\n\n[Up](#dry).'
	article there 'Others' <<<$'[one](here.md#clean-it), [two](named.md#dry)'
	for round in 1 2; do
		kb publish -q
		grep '<h1 id="clean-it">Clean it</h1>' public/en/articles/here/index.html
		grep 'href="#clean-it"' public/en/articles/here/index.html
		grep 'id="dry"' public/en/articles/named/index.html
		grep 'here/#clean-it' public/en/articles/there/index.html
		grep 'named/#dry' public/en/articles/there/index.html
		kb validate --fix
	done
	run -0 kb validate
	assert_output_has 'No findings'
	[ "$(sed -n '5,$p' en/articles/here.md)" = '[Up](#clean-it).' ]
	[ "$(sed -n '5,$p' en/articles/named.md)" = $'<a id="dry"></a>\n\n[Up](#dry).' ]
}

@test "--fix removes both lines of a heading, and what follows stays" {
	article lines 'Clean it' <<<$'Clean it\n===\n\n\n    code\n'
	article last 'Clean it all' <<<$'# Clean it all #\n## Next\nText.'
	kb validate --fix
	[ "$(sed -n '5,$p' en/articles/lines.md)" = '    code' ]
	[ "$(sed -n '5,$p' en/articles/last.md)" = $'## Next\nText.' ]
}

@test "a heading with more than words stays, and so do ids" {
	printf '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>' >en/articles/x.svg
	article picture 'Clean it' <<<$'# Clean it ![Pump](x.svg)\n\nText.'
	article note 'Dry it' <<<$'# Dry it[^1]\n\nText.\n\n[^1]: Note.'
	article again 'Fill it' <<<$'# Fill it\n\n## Fill it\n\n[Up](#fill-it-1).'
	article curly "What's new" <<<$'# What’s new\n\nText.'
	mkdir en/snippets
	printf -- '---\ntitle: S\n---\n## Contact\n\nText.\n' >en/snippets/contact.md
	article holds 'Contact' <<<$'{{> contact}}'
	kb validate --fix
	run -0 kb validate
	refute grep -q 'error:' <<<"$output"
	kb publish -q
	grep '<img' public/en/articles/picture/index.html
	grep 'Note\.' public/en/articles/note/index.html
	grep 'href="#fill-it-1"' public/en/articles/again/index.html
	grep '<h2 id="fill-it-1">' public/en/articles/again/index.html
	[ "$(text_of curly | wc -l)" -eq 2 ]
	[ "$(grep -c 'id="contact"' public/en/articles/holds/index.html)" -eq 1 ]
}

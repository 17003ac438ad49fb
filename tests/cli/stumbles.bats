#!/usr/bin/env bats
# Mistakes that writers make first: one finding, in their words, with what to type.
bats_require_minimum_version 1.5.0
load helper

setup() {
	kb_setup
	cp -r "$ROOT/content-example/." .
	rm -rf feedback usage
	file=en/articles/care/descale.md
}

# The sed command is the mistake. What kb prints of FILE is in $output.
mistake() { # SED [FILE]
	sed -i "$1" "${2:-$file}"
	run kb validate "${2:-$file}"
}

assert_one() { # TEXT...: one finding, with these
	for text; do
		assert_output_has "$text"
	done
	[[ $output == *"1 error in 1 document."* || $output == *"1 warning."* ]]
}

@test "a date that does not exist" {
	mistake 's/^reviewed:.*/reviewed: 2026-02-31/'
	assert_one "'reviewed': February has no day 31"
	mistake 's/^reviewed:.*/reviewed: 2026-02-29/'
	assert_one "'reviewed': February 2026 has no day 29"
	mistake 's/^reviewed:.*/reviewed: 2026-13-01/'
	assert_one "'reviewed': there is no month 13"
	mistake 's/^reviewed:.*/reviewed: 20.11.2026/'
	assert_one "'reviewed': write a date like 2026-11-20"
	mistake 's/^reviewed:.*/reviewed: 2024-02-29/'
	assert_status 0
}

@test "the name of a team in place of its id" {
	mistake 's/^owner:.*/owner: Service workshop/'
	assert_one "the owner 'Service workshop' is not in people.yaml" \
		"did you mean 'workshop' (Service workshop)?"
	mistake 's/^owner:.*/owner: servicewerkstatt/'
	assert_one "did you mean 'workshop' (servicewerkstatt)?"
	mistake 's/^owner:.*/owner: Nobody at all/'
	assert_one 'add a person or team with this one'
}

@test "the label of an issue, the end of its id, or two in one text" {
	mistake 's/^issues:.*/issues: password/'
	assert_one "did you mean 'account.password' (Password)?"
	mistake 's/^issues:.*/issues: [Passwort]/'
	assert_one "did you mean 'account.password' (Password)?"
	mistake 's/^issues:.*/issues: machine.care.descale, account.password/'
	assert_one 'write a list: [machine.care.descale, account.password]'
}

@test "a tab behind a dash" {
	mistake $'s/^issues:.*/issues:\\n- \tmachine.care.descale/'
	assert_one 'this is a tab; YAML requires a space' 'replace the tab with a space'
	kb validate --fix "$file"
}

@test "an email address as a link" {
	mistake '$ a\\n[Write to us](help@example.org).'
	assert_one 'write mailto:help@example.org'
}

@test "a folder or file that kb does not take" {
	mkdir -p fr/articles en/article
	cp "$file" fr/articles/x.md
	run kb validate fr/articles/x.md
	assert_one "'fr' is not in 'locales' of kb.yaml; add '- code: fr' there"
	cp "$file" en/article/x.md
	run kb validate en/article/x.md
	assert_one 'did you mean en/articles/?'
	cp "$file" en/articles/x.markdown
	run kb validate en/articles/x.markdown
	assert_one 'rename it to en/articles/x.md'
	mkdir drafts
	cp "$file" drafts/x.md
	run kb validate drafts/x.md
	assert_one 'move it into a folder such as en/articles/'
}

@test "an answer that leads to no step: only that" {
	mistake '0,/](#\([a-z-]*\))/s//](#\1x)/' en/workflows/parcel-missing.md
	assert_one "the answer leads to '#neighborsx', but there is no such step"
}

@test "an answer that leads to another workflow's missing step hides nothing of its own" {
	mistake '$a\\n## Nobody comes here\n\n- [x](refund-case.md#nothing)' \
		en/workflows/parcel-missing.md
	assert_output_has "'refund-case.md#nothing' refers to a heading"
	assert_output_has "no answer leads to the step 'Nobody comes here'"
}

@test "a mistyped outcome hides no unreachable step, and no case follows from it" {
	file=en/workflows/parcel-missing.md
	sed -i '0,/- \[It turned up\](kb:resolved)/s//- [It turned up](kb:resolvd)/' $file
	mistake '$a\\n## Nobody comes here\n\n- [x](kb:resolved)' $file
	assert_output_has "there is no outcome 'kb:resolvd'"
	assert_output_has "no answer leads to the step 'Nobody comes here'"
	[[ $output != *workflow-case* ]]
}

@test "a date option with a date that does not exist" {
	git init -q && git add -A && git commit -qm one
	for words in "review $file --date" "audit --as-of" "log --since" "publish --as-of" \
		"changes --since"; do
		run -2 kb $words 2026-02-31
		assert_output_has "'2026-02-31' is not a date: February has no day 31"
	done
}

@test "changes since before the first commit" {
	git init -q && git add -A && git commit -qm one
	run -0 kb changes --since 2020-01-01
	assert_output_has "the first commit is newer than that"
	assert_output_has "0 changes to know about"
}

# One file from macOS, where U and the dots on it are two characters, and one from elsewhere.
@test "a link finds its heading however its letters are composed" {
	for one in "\u00dcbersicht \u00fcbersicht" "U\u0308bersicht \u00fcbersicht" \
		"\u00dcbersicht u\u0308bersicht" "U\u0308bersicht u%%CC%%88bersicht" \
		"Ende_{#U\u0308ber} \u00dcber"; do
		read -r heading id <<<"$one"
		printf -- "---\ntitle: Top\n---\nSee [x](#$id), [y](x.md#$id).\n\n## ${heading/_/ }\n\nText.\n" \
			>en/articles/x.md
		run -0 kb validate en/articles/x.md
		run kb publish -q --drafts --allow-broken --out "$TMP/site"
		python3 - "$TMP/site/en/articles/x/index.html" <<-'EOF'
			import re, sys, urllib.parse
			page = open(sys.argv[1]).read()
			ids = set(re.findall(r' id="([^"]*ber[^"]*)"', page))
			links = re.findall(r'<a href="[^"#]*#([^"]*ber[^"]*)"', page)
			assert len(links) >= 2 and {urllib.parse.unquote(link) for link in links} <= ids, (ids, links)
		EOF
	done
}

@test "what follows from a document with errors is not a finding elsewhere" {
	cp -R "$ROOT/content-example" example
	cd example
	sed -i '2s/.*/title: "open/' en/articles/care/descale.md
	run kb validate
	assert_output_has 'yaml-syntax'
	[[ $output != *'exists only in'* && $output != *translation-source-missing* && $output != *search-test* ]]
}

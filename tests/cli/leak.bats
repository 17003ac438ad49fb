# tests/leak is a help center in which every word that begins with QZX is for agents, or
# for nobody. It stands wherever something can be written: no byte of a site for the
# public holds one. Words that agents must find are looked for, too, so that it is known
# that they stand where they would be seen.
load helper

setup() {
	kb_setup
	cp -R "$ROOT/tests/leak" content
	mv content/nowhere.txt nowhere
	mkdir -p content/en/img content/en/files
	for name in picture reference inlist defined agents step deeper mixed draft review later past; do
		printf '\x89PNG QZX%spixels\n' "$name" >"content/en/img/qzx$name.png"
	done
	cp "$ROOT/tests/leak/en/files/open.txt" content/en/img/twin.png
	cp content/en/img/twin.png content/en/img/qzxtwin.png
	for name in form only hidden draft review later past; do
		printf '%%PDF QZX%spdf\n' "$name" >"content/en/files/qzx$name.pdf"
	done
}

publish() { # AUDIENCE OPTION...
	local audience=$1
	shift
	kb publish -C content -q --allow-broken --audience "$audience" --out "$TMP/$audience" \
		"$@" 2>errors || [ $? -eq 1 ]
}

# The marked words of all bytes and names below a folder, in lower case.
marks() { # FOLDER
	{ grep -rohai 'qzx[a-z0-9]*' "$1"; (cd "$1" && find . | grep -oi 'qzx[a-z0-9]*'); } |
		tr '[:upper:]' '[:lower:]' | sort -u
}

holds_no_mark() { # FOLDER
	[ "$(find "$1" -name index.html | wc -l)" -gt 30 ]
	grep -rq 'A footnote for all' "$1"
	grep -rq 'From a snippet' "$1"
	marks "$1" >found
	[ ! -s found ] || { cat found; grep -rlai qzx "$1"; false; }
}

@test "the public site holds no byte that is for agents" {
	publish public
	holds_no_mark "$TMP/public"
	for file in sitemap.xml 404.html llms.txt robots.txt _redirects redirects.map; do
		[ -s "$TMP/public/$file" ]
	done
	grep -q '"from":"former/"' "$TMP"/public/assets/redirects.*.json
	grep -q 'A workflow for all' "$TMP/public/sitemap.xml" "$TMP/public/llms.txt"
}

@test "nor does it with another base, without, in one locale, or after one for agents" {
	publish public --base-url http://localhost:8000/QZ-X/
	holds_no_mark "$TMP/public"
	sed -i '/^base_url/d' content/kb.yaml
	publish public --locale de
	marks "$TMP/public" >found
	[ ! -s found ]
	publish agents
	mv "$TMP/agents" "$TMP/public.again"
	kb publish -C content -q --allow-broken --out "$TMP/public.again" 2>errors || [ $? -eq 1 ]
	holds_no_mark "$TMP/public.again"
}

@test "partners get what is for them, and nothing of the agents'" {
	publish partners
	marks "$TMP/partners" >found
	diff - found <<-END
		qzxpartners
		qzxpartnerstext
		qzxpartnerstitle
		qzxslug
	END
}

# Of the words in the content, those that agents do not find: what is only searched for,
# what is not published, comments, mistyped blocks.
@test "agents find what is theirs" {
	publish agents
	marks content >all
	marks "$TMP/agents" >found
	comm -23 all found | grep -vE '^qzx(draft|review|later|past|austrian)' >missing
	[ -z "$(comm -23 nowhere missing)" ]
	# The index of the site has words in parts: what is only there is searched for.
	comm -13 nowhere missing | while read -r word; do
		kb -C content find "$word" >hits 2>&1 || echo "$word"
	done >lost
	[ ! -s lost ] || { cat lost; false; }
}

@test "a page that is no longer for the public goes, though its document is broken" {
	publish public
	[ -f "$TMP/public/en/articles/linking/index.html" ]
	sed -i 's/^owner: anna/owner: nobody\naudience: agents/' content/en/articles/linking.md
	publish public
	[ ! -e "$TMP/public/en/articles/linking/index.html" ]
	sed -i 's/^owner: anna/owner: nobody\nstatus: draft/' content/en/articles/mistyped.md
	publish public
	[ ! -e "$TMP/public/en/articles/mistyped/index.html" ]
}

# A workflow for all that leads to the agents', and text that many documents show.
process() {
	mkdir -p en/articles en/workflows en/snippets en/replies
	cat >kb.yaml <<-'END'
		name: Help
		base_url: https://help.example.org
		locales: [en]
		audiences: [public, agents]
		regions: {AT: Austria}
		variables: {qzx-days: "14"}
	END
	cat >people.yaml <<-'END'
		qzxanna: {name: QZXanna, email: qzxmail@example.org, contact: QZXcontact, hours: QZXhours}
		qzxteam: {name: QZXteam, email: qzxteam@example.org, contact: QZXphone, members: [qzxanna]}
	END
	cat >taxonomy.yaml <<-'END'
		issues:
		  - {id: qzxabove, label: QZXabove, audience: agents, children: [
		      {id: open, label: Open, audience: public, owner: qzxanna, tier: 7, children: [
		        {id: qzxbelow, label: QZXbelow, audience: agents},
		        {id: qzxempty, label: QZXempty}]}]}
	END
	document en/workflows/public.md 'audience: public' <<-'END'
		Read [this](../articles/other.md#qzxheading).

		## First

		Go through [that](qzxflow.md).

		> [!AGENTS]
		> Go through [QZXcall](qzxother.md) or read [QZXlink](../articles/qzxgeneral.md).

		- [Yes](kb:resolved)
		- [Another way](qzxflow.md)
		- [No](kb:escalate/qzxteam)
	END
	document en/workflows/qzxflow.md '' <<<$'## QZXstep\n\n- [QZXanswer](kb:resolved)'
	document en/workflows/qzxother.md '' <<<$'## QZXstep\n\n- [QZXanswer](kb:resolved)'
	document en/articles/qzxgeneral.md 'audience: agents' <<<'QZXgeneral'
	document en/articles/variant.md $'variant_of: articles/qzxgeneral\nregions: [AT]' <<-'END'
		For Austria in {{qzx-days}} days.
	END
	document en/articles/other.md '' <<-'END'
		{{> qzxsnippet}}

		{{> qzxdraft}}

		> [!AGENTS]
		> # QZXheading
	END
	document en/articles/qzxagents.md 'audience: agents' <<<'{{> qzxtheirs}}'
	document en/replies/reply.md 'audience: public' <<-'END'
		{{> qzxdraft}}

		See [the other](../articles/other.md#qzxheading).
	END
	document en/snippets/qzxsnippet.md '' <<-'END'
		Takes 14 days.

		> [!AGENTS]
		> QZXtext takes 14 days.
	END
	document en/snippets/qzxtheirs.md '' <<<'QZXtheirs takes 14 days.'
	document en/snippets/qzxdraft.md 'status: draft' <<<'QZXdraft takes 14 days.'
	sed -i 's/^title: .*/title: QZXtitle/' en/snippets/*.md en/*/qzx*.md
	git init -q . && git add -A && git commit -qm base
}

document() { # PATH KEYS, the text on standard input
	{
		printf -- '---\ntitle: Title of %s\nissues: open\nowner: qzxanna\n' "${1##*/}"
		[ -z "$2" ] || printf '%s\n' "$2"
		echo ---
		cat
	} >"$1"
}

holds_nothing() { # COMMAND...
	run kb "$@"
	[[ ${output,,} != *qzx* ]] || {
		printf 'kb %s\n%s\n' "$*" "$output"
		return 1
	}
}

@test "of two keys that say for whom a document is, the stricter one counts" {
	mkdir -p keys/docs
	printf 'name: K\nlocales: [en]\ncontent:\n  - path: docs\n    type: article\n    keys: {access: audience, visibility: audience}\n' >keys/kb.yaml
	printf -- '---\ntitle: Open\naccess: public\nvisibility: public\n---\nOpen\n' >keys/docs/open.md
	printf -- '---\ntitle: QZX one\naccess: public\nvisibility: agents\n---\nText\n' >keys/docs/one.md
	printf -- '---\ntitle: QZX two\nvisibility: public\naccess: agents\n---\nText\n' >keys/docs/two.md
	printf -- '---\ntitle: QZX own\naudience: public\naccess: agents\n---\nText\n' >keys/docs/own.md
	kb publish -C keys -q --out "$TMP/keys"
	[ -f "$TMP/keys/en/articles/open/index.html" ]
	[ -z "$(marks "$TMP/keys")" ]
}

@test "a key that says for whom a document is counts below one that is not known" {
	local n=0 keys
	mkdir -p below/docs
	printf 'name: K\nlocales: [en]\ncontent:\n  - path: docs\n    type: article\n    keys: {access: audience}\n    ignore: [params]\n' >below/kb.yaml
	for keys in 'meta: {audience: agents}' 'meta: {Audience: [agents]}' 'meta: {access: agents}' \
		'meta:\n  a: {b: [[{status: draft}]]}' '<<: {audience: agents}' '<<: [{draft: true}]' \
		'base: &base {audience: agents}\n<<: *base' 'meta: {audience: public, published: no}' \
		'notice: {date: 2026-11-01, text: Text, audience: agents}' 'meta: {publish_at: 2030-01-01}'; do
		printf -- "---\ntitle: QZX $((n += 1))\n$keys\n---\nText\n" >below/docs/$n.md
	done
	printf -- '---\ntitle: Open 1\nmeta: {a: b}\n---\nText\n' >below/docs/open-1.md
	printf -- '---\ntitle: Open 2\nparams: {status: draft}\n---\nText\n' >below/docs/open-2.md
	printf -- '---\ntitle: Open 3\nmeta: {audience: public, other: {status: published}}\n---\nText\n' >below/docs/open-3.md
	run kb validate -C below
	assert_output_has "hint: write 'audience: agents' on its own line, not indented"
	[ "$(grep -c 'hint: write' <<<"$output")" -eq $((n + 2)) ]
	run kb publish -C below -q --allow-broken --out "$TMP/below"
	assert_status 1
	[ "$(find "$TMP/below/en/articles" -name 'open-?' | wc -l)" -eq 3 ]
	[ -z "$(marks "$TMP/below")" ]
}

@test "a case tells the public of no team, no level, no issue and no document of others" {
	process
	for format in text json; do
		for issue in open opne belo empt; do
			holds_nothing case "$issue" --audience public --format "$format"
			holds_nothing case "$issue" --audience public --region AT --channel chat \
				--format "$format"
		done
		holds_nothing find --audience public --issue ope --format "$format" days
		holds_nothing case --audience public --text 'open' --format "$format"
	done
	holds_nothing case open --audience public
	assert_output_has 'Title of public.md'
	holds_nothing case open --audience public --walk <<<'3'
	assert_output_has 'Outcome: escalated'
	holds_nothing case open --audience public --walk <<<'2'
	run kb case open
	for word in QZXabove QZXanna QZXcontact QZXhours 'level 7' QZXtitle qzxgeneral; do
		assert_output_has "$word"
	done
	for issue in qzxbelow qzxempty qzxabove; do
		run kb case "$issue" --audience public
		assert_status 2
		[[ $output != *QZX* ]]
	done
}

@test "changes tell the public of a snippet what its pages show" {
	process
	sed -i 's/14 days/5 days/; s/QZXtitle/QZXtitle 5/' en/snippets/*.md
	sed -i 's/"14"/"15"/' kb.yaml
	git commit -qam snippets
	for format in text markdown html atom json email; do
		holds_nothing changes --since HEAD~1 --audience public --format "$format" \
			--from a@example.org --to b@example.org
		assert_output_has 5
	done
	holds_nothing changes --since HEAD~1 --audience public
	assert_output_has "'Takes 14 days.' → 'Takes 5 days.'"
	assert_output_has '14 → 15'
	run kb changes --since HEAD~1
	for word in 'The snippet' QZXtheirs qzx-days; do
		assert_output_has "$word"
	done
}

@test "changes tell the public of a document what its page shows" {
	process
	sed -i 's/qzxflow.md/qzxother.md/; s/QZXcall/QZXcall takes 3 days/
		s/^Read.*/<!-- QZX 3 -->\n\n{{> qzx3}}\n\nRead [it](..\/articles\/qzxgeneral.md)./
		s/escalate.qzxteam/escalate\/qzxanna/' en/workflows/public.md
	sed -i 's/{{qzx-days}} days/14 weeks/' en/articles/variant.md
	printf '%s\n' '' '```dot Map' '// QZX 3' 'digraph { a [URL="id:qzxgeneral"] }' '```' \
		>>en/articles/variant.md
	git commit -qam documents
	sed -i 's/{{> qzxsnippet}}/Takes 6 days, or {{qzx-days}}./' en/articles/other.md
	document en/articles/qzxbriefly.md 'audience: agents' <<<'QZXbriefly'
	git add -A
	git commit -qm 'short' -m 'Notice: QZXnotice of what is gone'
	git rm -q en/articles/qzxbriefly.md
	git commit -qm 'gone'
	for format in text markdown html atom json email; do
		holds_nothing changes --since HEAD~3 --audience public --format "$format" \
			--from a@example.org --to b@example.org
		assert_output_has 'Title of variant.md'
	done
	run kb changes --since HEAD~3
	for word in qzxother QZXnotice qzx3; do
		assert_output_has "$word"
	done
}

@test "of documents made by a grammar, nothing reaches readers for whom it is not" {
	KB=$KB TMPDIR=$TMP run "$ROOT/tests/tools/leak.py" --documents 400 --seed 1
	assert_status 0
	assert_output_has ' 0 leaked'
}

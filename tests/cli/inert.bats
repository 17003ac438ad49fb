# Every string that others write holds an attack for each place where kb prints it; every
# command prints it in every format, and a strict parser of the format reads it.
load helper

setup() {
	kb_setup
	RENDER=$ROOT/${BUILD:-build}/tools/markdown_html
	OUT=$TMP/out
	mkdir "$OUT"
	git init -q repo
	cd repo || return
}

# An attack in double-quoted YAML; $1 begins it.
attack() {
	printf '"%s PWN\\n::error::PWN\\n## PWN\\n/approve\\n@attack/team #4711 !4711 GH-4711 0123abcd %s"' "$1" \
		'##[error]PWN ##vso[task.x]PWN ![PWN](https://evil.example/i.png) [PWN](javascript:PWN) <xss attack=1>PWN</xss> `PWN` | PWN | \" '\''attack='\''1 \e[31mPWN\e]0;PWN\a \x9b31m \u202ePWN \u2066 \u2028 \r\nBcc: evil@evil.example\r\nX-Attack: 1\r\n\r\n</script><xss>PWN'
}

# The same as text of Markdown or a commit.
raw_attack() {
	printf '%s\n\n::error::PWN\n\n@attack/team #4711 ##[error]PWN <xss attack=1>PWN</xss> \033[31mPWN\033]0;PWN\a \xc2\x9b31m \xe2\x80\xaePWN \xe2\x80\xa8 &#27;[31m &#x202e;\n\n<script>PWN</script><b onclick=PWN>x</b> [PWN](javascript:PWN)\n' "$1"
}

content() {
	local a
	mkdir -p en/articles en/workflows en/replies style/en feedback usage
	a=$(attack =1+1)
	cat >kb.yaml <<-YAML
		name: $a
		description: $a
		base_url: https://help.example.org/kb
		locales: [{code: en}]
		variables: {product: $a}
		products: {p: $a}
		contact: [{channel: email, label: $a, url: https://help.example.org, email: help@example.org}]
		edit_url: "https://forge.example/{path}?{title}"
		report_url: "mailto:help@example.org?subject={title}"
	YAML
	cat >taxonomy.yaml <<-YAML
		issues:
		  - {id: delivery, label: {en: $a}, description: {en: $a}, keywords: {en: [$a, parcel]}, owner: team, needs: [reply]}
		  - {id: other, label: {en: $a}}
	YAML
	cat >people.yaml <<-YAML
		team: {name: $a, members: [ann], contact: $a, hours: $a}
		ann: {name: $a, email: x@example.org, contact: "@attack\n* @evil"}
	YAML
	cat >style/en/words.yaml <<-YAML
		extends: existence
		message: $a
		level: warning
		tokens: [PWN]
	YAML
	document en/articles/a.md Article "$1" "$2"
	document "en/articles/::error::PWN.md" Other
	document "$(printf 'en/articles/x\n::error::y \033[31m @attack `PWN` | <xss>.md')" Third
	document "$(printf 'en/articles/b\xe9d \xc2\x9b.md')" Fourth
	printf -- '---\ntitle: %s\nissues: delivery\nowner: team\n---\n%s\n\n## Step PWN ::error::PWN\n\n- [::error::PWN <xss> @attack](#two)\n- [=1 \033 x](kb:escalate/team) ::error::PWN\n\n## Two\n\n- [Done](kb:resolved)\n' \
		"$(attack W)" "$(raw_attack I)" >en/workflows/w.md
	printf -- '---\ntitle: %s\nissues: delivery\nowner: team\nsubject: %s\nplaceholders:\n  name: {description: %s, example: %s}\n---\n::error::Hello {{name}}\n\n%s\n' \
		"$(attack R)" "$(attack S)" "$(attack D)" "$(attack E)" "$(raw_attack T)" >en/replies/r.md
	printf -- '---\ntitle: %s\nowner: %s\nstatuss: %s\n---\n[%s](gone-::error::PWN.md) ::error::PWN\n' \
		"$(attack B)" "$a" "$a" "$(printf '@attack \033')" >en/articles/broken.md
	printf 'document: a\nlocale: en\nkind: wrong\ntext: %s\nreporter: %s\ncreated: 2026-11-01\nstatus: open\n' "$a" "$a" >feedback/f.yaml
}

document() { # FILE TITLE [WORD [TEXT]]
	printf -- '---\ntitle: %s\nsummary: %s\nquestion: %s\nissues: [delivery]\nowner: team\nproducts: [p]\ntags: [%s]\nkeywords: [%s]\naliases: ["/old/$x;%s", "/old/*", "/%s b;{}$x\\"\\n/evil /x 301"]\nnotice: {date: 2026-11-20, text: %s}\n---\n%s\n\n## %s {{product}}\n\n%s\n\n| a | b |\n|---|---|\n| ::error::PWN | =1 |\n' \
		"$(attack "$2")" "$(attack "$2")" "$(attack Q)" "$(attack t)" "$(attack k)" "$2" "$2" "$(attack "$2 ${3:-}")" \
		"$(raw_attack "$2 ${3:-}")" "::error::PWN <xss> @attack" "${4:-PWN}" >"$1"
}

save() { # MESSAGE DAY
	git add -A
	GIT_AUTHOR_DATE="$2T12:00:00Z" GIT_COMMITTER_DATE="$2T12:00:00Z" \
		git -c user.name="$(printf '::error::PWN <xss> @attack \033[31m')" commit -qm "$1"
}

# NAME FORMAT... -- COMMAND: in each format, into the folder of outputs; what is said too.
out() {
	local name=$1 formats=() format
	shift
	while [ "$1" != -- ]; do formats+=("$1"); shift; done
	shift
	for format in "${formats[@]}"; do
		kb "$@" ${format:+--format "$format"} >"$OUT/$name.${format:-text}" 2>"$OUT/$name-$format.error" || [ $? -eq 1 ] ||
			{ cat "$OUT/$name-$format.error"; return 1; }
	done
}

@test "a name that is not plain text is a finding" {
	content first
	run kb validate --no-progress --format json
	jq -e '[.findings[] | select(.rule == "encoding-name").path[:13]] | sort == ["en/articles/b", "en/articles/x"]' <<<"$output"
}

@test "nothing that others write acts where kb prints it" {
	content first
	save "$(raw_attack Subject)" 2026-11-01
	content second changed
	rm 'en/articles/::error::PWN.md'
	git checkout -q -b 'b-##-@attack'
	save "$(printf 'x\n\nNotice: %s\n' "::error::PWN @attack <xss>")" 2026-11-20
	content third "more PWN"

	out validate text json jsonl sarif github gitlab junit checkstyle rdjson -- validate --no-progress
	out color text -- validate --no-progress --fail-level none
	out diff text markdown html json -- diff
	out between text markdown html json -- diff HEAD~1 HEAD
	out changes text markdown html atom json -- changes --since HEAD~1
	out mail email -- changes --since HEAD~1 --to '"Ünal, Ann" <a@example.org>, b@example.org' --from 'Hélp <h@example.org>'
	out audit text markdown html json csv sarif -- audit --fail-level none
	out digest email -- audit --fail-level none --owner team --to a@example.org --from h@example.org
	out feedback text markdown html json csv -- feedback list
	out answer email -- feedback close f --dry-run --note "$(raw_attack N)" --to a@example.org --from h@example.org
	out link text markdown html json csv -- link
	out suggest text markdown json csv -- link suggest
	out owners text markdown html json csv codeowners -- owners
	out team text markdown csv -- owners --owner team
	out impact text markdown html json csv -- impact delivery
	out log text markdown html json csv -- log
	out case text json -- case delivery
	out reply text html json -- reply replies/r --examples
	out find text json -- find PWN
	out text '' -- case --text 'parcel ::error::PWN'
	out show '' -- show en/articles/a.md
	kb show en/articles/a.md --html >"$OUT/page.html"
	out explain '' -- explain encoding-control
	printf '1\nq\n' | kb case delivery --walk >"$OUT/walk.text" 2>"$OUT/walk.error" || [ $? -eq 1 ]
	kb publish --out ../site --no-progress --allow-broken >"$OUT/publish.text" 2>"$OUT/publish.error" || [ $? -eq 1 ]
	kb publish --audience agents --out ../agents --no-progress --allow-broken >/dev/null 2>"$OUT/agents.error" || [ $? -eq 1 ]
	printf 'Subject: %s\n\n%s\n' '::error::PWN <xss>' "$(raw_attack T)" >ticket
	kb new --from-ticket ticket --owner team -i delivery >"$OUT/new.text" 2>"$OUT/new.error"
	kb suggest "$(printf '::error::PWN \033[31m')" 2>"$OUT/suggest.error" || true
	kb diff "$(printf '\033[31m::error::PWN\n::error::x')" 2>"$OUT/usage.error" || true
	kb case "$(printf '\n::error::PWN\033[31m')" 2>"$OUT/unknown.error" || true
	n=0
	while read -r -d '' page; do
		n=$((n + 1))
		cp "$page" "$OUT/site-$n.html"
	done < <(find ../site ../agents -name '*.html' -print0)
	[ "$n" -gt 10 ]
	cp ../site/llms.txt "$OUT/site.llms"
	cp ../site/robots.txt "$OUT/robots.text"
	cp ../site/sitemap.xml "$OUT/sitemap.xml"
	cp ../site/_redirects "$OUT/hosts.redirects"
	cp ../site/redirects.map "$OUT/nginx.map"
	python3 "$ROOT/tests/tools/inert.py" "$RENDER" "$OUT"
}

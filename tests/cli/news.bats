# What is new on a published site: changes/, its feeds, and notices on pages.
load helper

setup() {
	kb_setup
	export SOURCE_DATE_EPOCH=1796083200 # 2026-12-01
	git init -q
	echo "public*" >.git/info/exclude
	cat >kb.yaml <<-'END'
		name: Help
		locales: [{code: en}, {code: de, fallback: en}]
		audiences: [public, agents]
		base_url: https://h.example/help
		history_url: "https://git.example/{path}"
		content: [{path: "{locale}/articles/**.md", type: article}]
	END
	printf 'issues: [{id: account, label: Account, owner: support}]\n' >taxonomy.yaml
	printf 'support: {name: Support, email: s@h.example}\n' >people.yaml
	page en/articles/fees.md Fees 'Pay within 14 days.'
	page de/articles/fees.md Gebühren 'Zahlen Sie innerhalb von 14 Tagen.'
	commit 2026-09-01 first
}

page() { # PATH TITLE TEXT
	mkdir -p "$(dirname "$1")"
	printf -- '---\ntitle: %s\nissues: [account]\nowner: support\n---\nFirst.\n\n## When\n\n%s\n\n> [!AGENTS]\n> Ask %s.\n' \
		"$2" "$3" "${4:-Eve}" >"$1"
}

main_of() { sed -n '/<main/,/<\/main/p' "$1"; }

@test "a change of substance is news with its section; spelling is none" {
	page en/articles/fees.md Fees 'Pay within 30 days.'
	commit 2026-11-02 'longer'
	page en/articles/other.md Other 'Text.'
	commit 2026-11-03 'a page'
	sed -i 's/^First\./First!/' en/articles/fees.md
	commit 2026-11-04 'nothing'
	kb publish -q
	main_of public/en/changes/index.html >"$TMP/main"
	grep -q 'datetime="2026-11-02"' "$TMP/main"
	grep -qF 'href="../../en/articles/fees/#when">When</a>' "$TMP/main"
	refute grep -qF '14 days' "$TMP/main"
	grep -qF '>New<' "$TMP/main"
	[ "$(grep -c '<time ' "$TMP/main")" = 2 ]
	# Readers of German have their own text, which did not change.
	refute grep -q fees <(main_of public/de/changes/index.html)
	refute grep -q kb-notice-change public/en/articles/fees/index.html
	kb publish -q --audience agents
	main_of public-agents/en/changes/index.html | grep -qF "'14' → '30'" ||
		main_of public-agents/en/changes/index.html | grep -F '14' | grep -F '30'
	grep -q kb-notice-change public-agents/en/articles/fees/index.html
	grep -qF 'href="https://git.example/en/articles/fees.md">' public-agents/en/articles/fees/index.html
}

@test "the feeds are valid, for the locale and each topic" {
	page en/articles/fees.md 'Fees & <more>' 'Pay within 30 days.'
	commit 2026-11-02 longer
	page en/articles/fees.md 'Fees & <more>' 'Pay within 31 days.'
	commit 2026-11-03 $'more\n\nNotice: Pay within 31 days\nNotice-For: public'
	sed -i 's/^owner:/notice: {date: 2026-11-05, text: "Wählen \& zahlen"}\nowner:/' de/articles/fees.md
	commit 2026-11-05 notice
	for audience in public agents; do
		kb publish -q --audience $audience --out "$TMP/$audience"
		run python3 "$ROOT/tests/tools/atom.py" "$TMP/$audience"/*/changes/feed.xml \
			"$TMP/$audience"/*/changes/*/feed.xml
		echo "$output"
		[ "$status" -eq 0 ]
	done
	grep -qF '<title>Fees &amp; &lt;more&gt;</title>' "$TMP/public/en/changes/feed.xml"
	grep -qF '<summary>Pay within 31 days</summary>' "$TMP/public/en/changes/feed.xml"
	grep -qF '<link rel="alternate" href="https://h.example/help/en/articles/fees/"/>' \
		"$TMP/public/en/changes/feed.xml"
	grep -qF '<summary>Wählen &amp; zahlen</summary>' "$TMP/public/de/changes/account/feed.xml"
	grep -qF '<link rel="alternate" type="application/atom+xml" title="What’s new" href="../../../en/changes/feed.xml">' \
		"$TMP/public/en/articles/fees/index.html"
	grep -qF 'href="../../../en/changes/account/feed.xml">' "$TMP/public/en/articles/fees/index.html"
}

@test "nothing of a more trusted audience is news of a more public site" {
	page en/articles/fees.md Fees 'Pay within 14 days.' 'MARKEDNAME 55'
	commit 2026-11-02 'MARKEDSUBJECT'
	page en/articles/was.md MARKEDTITLE 'Text.'
	sed -i 's/^owner:/audience: agents\nowner:/' en/articles/was.md
	commit 2026-11-03 $'hidden\n\nNotice: MARKEDNOTICE'
	page en/articles/was.md Open 'Text 9.'
	commit 2026-11-04 'open'
	page en/articles/gone.md Gone 'Pay MARKEDAMOUNT 70.'
	commit 2026-11-05 'gone'
	sed -i 's/^Pay.*/> [!AGENTS]\n> Pay MARKEDAMOUNT 71./' en/articles/gone.md
	commit 2026-11-06 'withheld'
	kb publish -q
	run grep -rlE 'MARKED(NAME|SUBJECT|TITLE|NOTICE|AMOUNT)' public --include=*.html --include=*.xml
	[ -z "$output" ]
	grep -q 'MARKEDNOTICE' <(kb publish -q --audience agents && cat public-agents/en/changes/feed.xml)
}

@test "what is edited and not committed is no news, and takes the news of its page away" {
	page en/articles/fees.md Fees 'Pay within 30 days.'
	commit 2026-11-02 longer
	kb publish -q
	grep -q '/articles/fees/' <(main_of public/en/changes/index.html)
	page en/articles/fees.md Fees 'Pay within 31 days.'
	kb publish -q
	refute grep -q '/articles/fees/' <(main_of public/en/changes/index.html)
	commit 2026-11-03 longer
	kb publish -q
	grep -q '/articles/fees/' <(main_of public/en/changes/index.html)
	kb publish -q --clean --out "$TMP/clean"
	diff -r public "$TMP/clean"
}

@test "without Git and in a shallow clone the page says what is missing" {
	sed -i 's/^owner:/notice: {date: 2026-11-05, text: News}\nowner:/' en/articles/fees.md
	commit 2026-11-06 notice
	git clone -q --depth 1 "file://$PWD" "$TMP/shallow"
	rm -rf .git
	kb publish -q
	grep -q 'Only notices are listed here' public/en/changes/index.html
	grep -qF '>News<' public/en/changes/index.html
	kb publish -q -C "$TMP/shallow"
	grep -q 'a part of the history is not known' "$TMP/shallow/public/en/changes/index.html"
}

@test "news are kept: an unchanged site is written again without reading the history" {
	page en/articles/fees.md Fees 'Pay within 30 days.'
	commit 2026-11-02 longer
	kb publish -q
	ls .git/kb | grep -q '^news-'
	printf x >>"$(ls .git/kb/news-0-*)"
	kb publish -q --out "$TMP/again"
	diff -r public "$TMP/again"
	kb publish -q
	run kb publish --no-cache
	assert_output_has 'Files: 0 written'
}

@test "an import of many files is no news" {
	mkdir -p en/articles/many
	for i in $(seq 70); do page "en/articles/many/$i.md" "Page $i" 'Text.'; done
	commit 2026-11-02 import
	page en/articles/fees.md Fees 'Pay within 30 days.'
	commit 2026-11-03 longer
	kb publish -q
	[ "$(main_of public/en/changes/index.html | grep -c kb-item-title)" = 1 ]
}

@test "files that are not content don't count as an import" {
	page en/articles/other.md Other 'Text.'
	commit 2026-10-30 other
	page en/articles/fees.md Fees 'Pay within 30 days.'
	mkdir site
	for i in $(seq 70); do echo "$i" >"site/$i.html"; done
	commit 2026-11-03 longer
	kb publish -q
	[ "$(main_of public/en/changes/index.html | grep -c kb-item-title)" = 2 ]
}

@test "60 changed files are news, and 61 are an import" {
	page en/articles/other.md Other 'Text.'
	commit 2026-10-30 other
	mkdir en/articles/many
	for i in $(seq 60); do page "en/articles/many/$i.md" "Page $i" 'Text.'; done
	commit 2026-11-02 many
	kb publish -q
	[ "$(main_of public/en/changes/index.html | grep -c kb-item-title)" = 60 ]
	page en/articles/fees.md Fees 'Pay within 30 days.'
	commit 2026-11-03 longer
	kb publish -q
	[ "$(main_of public/en/changes/index.html | grep -c kb-item-title)" = 1 ]
}

@test "readers of a translation are told that its source changed, until it follows" {
	local de=de/articles/fees/index.html
	sed -i 's/^owner:/translation: {date: 2026-09-01}\nowner:/' de/articles/fees.md
	commit 2026-09-02 translated
	kb publish -q
	refute grep -q kb-notice-behind "public/$de"
	page en/articles/fees.md Fees 'Pay within 14 days.' 'Ann, 7 days'
	commit 2026-11-01 'for agents'
	kb publish -q
	refute grep -q kb-notice-behind "public/$de"
	kb publish -q --audience agents
	grep -q kb-notice-behind "public-agents/$de"
	page en/articles/fees.md Fees 'Pay within 30 days.'
	kb publish -q
	grep -A1 kb-notice-behind "public/$de" | grep -qF 'href="../../../en/articles/fees/">English</a>'
	refute grep -q kb-notice-behind public/en/articles/fees/index.html
	commit 2026-11-02 longer
	kb publish -q
	kb publish -q --clean --out "$TMP/clean"
	diff -r public "$TMP/clean"
	sed -i 's/date: 2026-09-01/date: 2026-11-02/' de/articles/fees.md
	kb publish -q
	refute grep -q kb-notice-behind "public/$de"
}

@test "what is new is there as Markdown, and llms.txt lists it" {
	page en/articles/fees.md 'Fees [1]' 'Pay within 30 days.'
	commit 2026-11-02 'longer'
	page en/articles/other.md Other 'Text.'
	commit 2026-11-03 'a page'
	kb publish -q
	kb publish -q --audience agents
	grep -qF '(https://h.example/help/en/changes/index.html.md)' public/llms.txt
	file=public/en/changes/index.html.md
	grep -qxF '## November 3, 2026' $file
	grep -qxF -- '- [Other](https://h.example/help/en/articles/other/) (New)' $file
	grep -qxF -- '- [Fees \[1\]](https://h.example/help/en/articles/fees/)' $file
	grep -qxF -- '  - [When](https://h.example/help/en/articles/fees/#when)' $file
	[ "$(grep -c "'14'" $file)" = 0 ]
	grep -q "14.*30" public-agents/en/changes/index.html.md
	kb publish -q --clean --out "$TMP/clean"
	diff -r public "$TMP/clean"
}

# What a site has for other programs: data below api/v1/, and pages as Markdown.
load helper

setup() {
	kb_setup
}

CHECK() { # SCHEMA FILE...
	"$ROOT/${BUILD:-build}/tools/schema_check" "$ROOT/schemas/api/$1.json" "${@:2}"
}

# Every file of a site's data holds to its schema, and each kind is there.
holds() { # FOLDER
	local kind list
	for list in index issues documents replies; do
		CHECK "$list" "$1/api/v1/$list.json"
	done
	for list in "$1"/api/v1/changes.*.json; do
		CHECK changes "$list"
	done
	for kind in document issue workflow; do
		find "$1/api/v1/${kind}s" -name '*.json' -print0 >files || continue
		xargs -0r "$ROOT/${BUILD:-build}/tools/schema_check" \
			"$ROOT/schemas/api/$kind.json" <files
	done
	[ "$(find "$1/api/v1" -name '*.json' ! -path '*/schemas/*' | wc -l)" -gt 5 ]
}

example() {
	cp -R "$ROOT/content-example" example
	git init -q example && git -C example add -A && git -C example commit -qm one
}

@test "data of the example holds to its schemas, for each audience" {
	example
	kb -C example publish -q --out "$TMP/work/site"
	kb -C example publish -q --audience agents --out "$TMP/work/agents"
	holds site
	holds agents
	[ -z "$(find site/api -path '*/workflows/*')" ]
	[ -n "$(find agents/api -path '*/workflows/*.hu.json')" ]
	for schema in "$ROOT"/schemas/api/*.json; do
		[ "${schema##*/}" = case.json ] || cmp "$schema" "site/api/v1/schemas/${schema##*/}"
	done
}

@test "data of real help centers holds to its schemas" {
	local corpus
	for corpus in hetzner logingov; do
		[ -f "$ROOT/../shared/corpus/$corpus.bundle" ] || skip "needs ../shared/corpus"
		git clone -q "$ROOT/../shared/corpus/$corpus.bundle" $corpus
		(cd $corpus && kb init -q --adopt >/dev/null)
		kb -C $corpus publish -q --allow-broken --out "$TMP/work/$corpus.site" || [ $? -eq 1 ]
		holds $corpus.site
	done
}

@test "a record says how far its document can be trusted" {
	example
	kb -C example publish -q --audience agents --out "$TMP/work/agents"
	cd agents/api/v1
	jq -e '.given == "de" and .fallback and .locale == "de-AT" and
		.reviewed == "2026-09-07" and .next_review == "2027-03-07" and
		(.revision | length) == 40 and .owner.id == "katharina-gruber"' documents/descale.de-AT.json
	jq -e '[.issues[] | select(.id == "delivery.missing")][0] |
		.parent == "delivery" and .label.hu == "Eltűnt csomag" and .tier > 0' issues.json
}

@test "people, tiers and teams are on no site for the public" {
	example
	sed -i 's/^issues:/audience: public\n&/' example/en/workflows/parcel-missing.md
	kb -C example publish -q --out "$TMP/work/site" || [ $? -eq 1 ]
	[ -f site/api/v1/workflows/parcel-missing.en.json ]
	refute grep -rlE '"(owner|tier|team)":' site/api --include='*.json' --exclude-dir=schemas
}

@test "a page as Markdown has what the page has, with whole addresses" {
	example
	kb -C example publish -q --out "$TMP/work/site"
	page=site/hu/articles/care/vizkotelenites/index.html
	grep -q '<link rel="alternate" type="text/markdown" href="index.html.md">' $page
	[ "$(head -1 $page.md)" = '# A gép vízkőtelenítése' ]
	grep -q '^> \[!WARNING\]$' $page.md
	grep -q '(https://help.morgenau.example/hu/articles/returns/jotallas/#covered)' $page.md
	refute grep -q '{{' $page.md
	# Without an address of its own, the site's links are relative.
	kb -C example publish -q --audience agents --out "$TMP/work/agents"
	refute grep -rhoE '\]\(https://help.morgenau.example/hu/workflows' agents --include='*.md'
	kb -C example publish -q --audience agents --base-url https://desk.example --out "$TMP/work/agents"
	grep -rq '](https://desk.example/hu/workflows' agents --include='*.md'
	grep -q 'vizkotelenites/index.html.md\|descale/index.html.md' site/llms.txt
}

@test "drawings leave their titles, and their code stays out" {
	kb_sample .
	printf '\n```dot How it works\ndigraph { a [label="%s"] /* hidden words */ }\n```\n' Box \
		>>en/articles/reset-password.md
	kb publish -q
	grep -q '^\*How it works\*$' public/en/articles/reset-password/index.html.md
	refute grep -rq 'hidden words' public
}

@test "both can be left out, and come back" {
	kb_sample .
	kb publish -q
	cp -R public whole
	[ -f public/embed.js ]
	kb publish -q --no-api
	[[ ! -e public/api && ! -e public/embed.js && -f public/en/articles/reset-password/index.html.md ]]
	kb publish -q --no-api --no-markdown
	[ ! -e public/en/articles/reset-password/index.html.md ]
	refute grep -rq text/markdown public --include=index.html
	grep -q 'articles/reset-password/)' public/llms.txt
	kb publish -q
	diff -rq whole public
}

@test "a document with errors keeps its data and its Markdown" {
	kb_sample .
	git init -q . && git add -A && git commit -qm one
	kb publish -q
	cp -R public before
	sed -i 's/^owner: support/owner: suport/; s/^1\. .*/1. Changed./' \
		en/articles/reset-password.md
	kb publish -q || [ $? -eq 1 ]
	diff -rq -x .kb-site -x search before public
}

@test "one edit changes the data of its document alone" {
	example
	kb -C example publish -q --out "$TMP/work/site"
	cp -R site before
	sed -i 's/Tap water/Water from the tap/; s/30 minutes/31 minutes/' example/en/articles/care/descale.md
	kb -C example publish -q --out "$TMP/work/site"
	diff -rq before site | grep -o 'site/api[^ ]*' | sort >changed
	cat changed
	[ "$(grep -vc 'descale\|documents.json' changed)" -eq 0 ]
	kb -C example publish -q --clean --out "$TMP/work/clean"
	diff -rq -x .kb-site clean site
}

@test "ids that cannot be names of files have no file, and nothing fails" {
	kb_sample .
	for id in 'a.json/b' '../up' 'CON' 'x/./y' "$(printf 'l%.0s' {1..300})"; do
		sed "s|^title:|id: \"$id\"\n&|" en/articles/reset-password.md \
			>"en/articles/n$RANDOM$RANDOM.md"
	done
	kb publish -q --allow-broken || [ $? -eq 1 ]
	holds public
	[[ ! -e up.en.json && ! -e public/api/v1/up.en.json ]]
}

help_center() { # Two commits on a page; one for agents is hidden.
	git init -q
	cat >kb.yaml <<-'END'
		name: Help
		locales: [{code: en}, {code: de, fallback: en}]
		audiences: [public, agents]
		base_url: https://h.example
		variables: {hotline: {en: "100"}}
		content: [{path: "{locale}/articles/**.md", type: article}]
	END
	printf 'issues: [{id: account, label: Account}]\n' >taxonomy.yaml
	printf 'support: {name: Support, email: s@h.example}\n' >people.yaml
	article fees 'Pay within 14 days.'
	article calls 'Call {{hotline}}.'
	article more 'Call {{hotline}} again.'
	article less 'Pay 5.'
	article inside 'Before 8 days.'
	sed -i 's/^owner:/audience: agents\n&/' en/articles/inside.md
	commit 2026-10-01 first
}

article() { # NAME TEXT
	mkdir -p en/articles
	printf -- '---\ntitle: About %s\nissues: [account]\nowner: support\n---\nFirst.\n\n## When\n\n%s\n' \
		"$1" "$2" >"en/articles/$1.md"
}

@test "what is new is data: documents, days, sections, and what authors say" {
	help_center
	article fees 'Pay within 30 days.'
	commit 2026-11-02 longer
	article less 'Pay 6.'
	commit 2026-11-03 $'less\n\nNotice: Read it again'
	sed -i 's/"100"/"200"/' kb.yaml
	commit 2026-11-03 hotline
	article extra 'Text.'
	commit 2026-11-04 'extra'
	article notes 'Text.'
	sed -i 's/^owner:/notice: {date: 2026-11-05, text: "Mind the *gap*"}\n&/' en/articles/notes.md
	commit 2026-11-05 notice
	kb publish -q
	holds public
	[ "$(jq -r .files.changes public/api/v1/index.json)" = 'api/v1/changes.{locale}.json' ]
	# Readers of German get the text of the fallback; it is news to them, too.
	for locale in en de; do
		jq -c '.changes[] | [.date, .change, .id, .given, .text, .sections, .others]' \
			public/api/v1/changes.$locale.json >got
		diff got - <<-'END'
			["2026-11-05","notice","articles/notes","en","Mind the *gap*",null,null]
			["2026-11-04","new","articles/extra","en",null,null,null]
			["2026-11-03","changed","articles/less","en","Read it again",null,null]
			["2026-11-03","changed","articles/calls","en",null,null,["articles/more"]]
			["2026-11-02","changed","articles/fees","en",null,[{"id":"when","title":"When"}],null]
		END
	done
	jq -e '.locale == "de" and .address == "de/changes/" and .history == "whole" and
		.url == "https://h.example/de/changes/" and .feed == "de/changes/feed.xml" and
		.changes[0].url == "https://h.example/de/articles/notes/" and
		.changes[0].audience == "public"' public/api/v1/changes.de.json
}

@test "what is new for agents is in their data alone" {
	help_center
	article inside 'Before 9 days.'
	sed -i 's/^owner:/audience: agents\n&/' en/articles/inside.md
	commit 2026-11-02 $'inside\n\nNotice: MARKEDNOTICE'
	article fees $'Pay within 14 days.\n\n> [!AGENTS]\n> Ask for 99 MARKEDNAME.'
	commit 2026-11-03 'for agents'
	article calls 'Pay MARKEDAMOUNT 70.'
	commit 2026-11-04 'open'
	article calls $'Call.\n\n> [!AGENTS]\n> Pay MARKEDAMOUNT 71.'
	commit 2026-11-05 'withheld'
	kb publish -q
	kb publish -q --audience agents
	run grep -rE 'MARKED|inside|fees|detail|owner' public/api/v1 --include='changes.*.json'
	[ "$status" -eq 1 ]
	grep -q MARKEDNOTICE public-agents/api/v1/changes.en.json
	jq -e '[.changes[] | select(.id == "articles/inside")][0] | .audience == "agents"' \
		public-agents/api/v1/changes.en.json
	jq -e '[.changes[] | select(.id == "articles/fees")][0] | .owner.id == "support" and
		.sections == [{id: "when", title: "When", detail: "paragraph added"}]' \
		public-agents/api/v1/changes.en.json
}

@test "data says what is not known of the history" {
	help_center
	sed -i 's/^owner:/notice: {date: 2026-11-05, text: News}\n&/' en/articles/fees.md
	commit 2026-11-06 notice
	git clone -q --depth 1 "file://$PWD" "$TMP/shallow"
	kb -C "$TMP/shallow" publish -q --out "$TMP/shallow.site"
	jq -e '.history == "part"' "$TMP/shallow.site/api/v1/changes.en.json"
	rm -rf .git
	kb publish -q
	jq -e '.history == "none" and .since == null and [.changes[].text] == ["News"]' \
		public/api/v1/changes.en.json
	holds public
}

@test "news goes from the data when its page goes, and a clean run says the same" {
	help_center
	article fees 'Pay within 30 days.'
	commit 2026-11-02 longer
	kb publish -q
	jq -e '[.changes[].id] == ["articles/fees"]' public/api/v1/changes.en.json
	article fees 'Pay within 31 days.'
	kb publish -q
	jq -e '.changes == []' public/api/v1/changes.en.json
	commit 2026-11-03 longer
	kb publish -q
	kb publish -q --clean --out "$TMP/clean"
	diff -r -x .kb-site public "$TMP/clean"
	kb publish -q --no-api
	[[ ! -e public/api && -e public/en/changes/index.html ]]
}

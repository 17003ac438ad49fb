# What the clock changes on a site: --next-change, --as-of; and what a run would do.
load helper

setup() {
	kb_setup
	kb init -q site
	cd site || return
	git init -q . && git add -A && commit 2026-11-01 first
}

document() { # PATH TITLE LINE...
	mkdir -p "$(dirname "$1")"
	printf -- '---\ntitle: %s\nowner: support\n' "$2" >"$1"
	[[ $1 == *snippets* ]] || echo 'issues: account' >>"$1"
	[ $# -lt 3 ] || printf '%s\n' "${@:3}" >>"$1"
	printf -- '---\nText of %s.\n' "$2" >>"$1"
}

schema_check() { # FILE
	"$ROOT/${BUILD:-build}/tools/schema_check" "$ROOT/schemas/output/publish.json" "$1"
}

@test "--next-change: nothing to wait for" {
	run kb publish --next-change
	assert_status 0
	[ "$output" = "Nothing on this site appears or expires by itself." ]
	[ ! -e public ]
	kb publish --next-change --format json >out.json
	schema_check out.json
	[ "$(jq -r 'has("next_change")' out.json)" = false ]
	run kb publish
	[[ $output != *"Next change"* ]]
}

@test "--next-change: the first moment, and all that change then" {
	document en/articles/early.md Early 'publish_at: 2026-12-05'
	document en/articles/late.md Late 'publish_at: 2026-12-06T08:30:00+01:00'
	document en/articles/going.md Going 'expires_at: 2026-12-04'
	document en/articles/gone.md Gone 'expires_at: 2026-11-02'
	run kb publish --next-change
	assert_status 0
	[ "${#lines[@]}" -eq 2 ]
	[ "${lines[0]}" = "2026-12-05T00:00:00Z en/articles/early.md appears" ]
	[ "${lines[1]}" = "2026-12-05T00:00:00Z en/articles/going.md expires" ]
	run kb publish
	assert_output_has "Next change: 2026-12-05T00:00:00Z, en/articles/early.md appears (and 1 more)."
	run kb publish --next-change --as-of 2026-12-05
	[ "$output" = "2026-12-06T07:30:00Z en/articles/late.md appears" ]
	sed -i 's/^timezone:.*//' kb.yaml
	echo 'timezone: Europe/Berlin' >>kb.yaml
	run kb publish --next-change --as-of 2026-12-05
	[ "$output" = "2026-12-06T08:30:00+01:00 en/articles/late.md appears" ]
	kb publish --format json -q >out.json
	schema_check out.json
	[ "$(jq -r .next_change.at out.json)" = 2026-12-05T00:00:00+01:00 ]
	[ "$(jq -r .now out.json)" = 2026-11-25T01:00:00+01:00 ]
	[ "$(jq -c '.next_change.documents[0]' out.json)" = '{"path":"en/articles/early.md","change":"appears"}' ]
}

@test "--next-change: what readers of the site do not see is no change" {
	document en/articles/draft.md Draft 'status: draft' 'publish_at: 2026-12-05'
	document en/articles/secret.md Secret 'audience: agents' 'publish_at: 2026-12-06'
	document en/articles/never.md Never 'publish_at: 2026-12-07' 'expires_at: 2026-12-01'
	document en/snippets/unused.md Unused 'publish_at: 2026-12-07'
	run kb publish --next-change
	assert_output_has "Nothing on this site"
	run kb publish --next-change --drafts
	[ "$output" = "2026-12-05T00:00:00Z en/articles/draft.md appears" ]
	run kb publish --next-change --audience agents
	[ "$output" = "2026-12-06T00:00:00Z en/articles/secret.md appears" ]
}

@test "--as-of publishes the site of that moment" {
	document en/articles/early.md Early 'publish_at: 2026-12-05'
	document en/articles/going.md Going 'expires_at: 2026-12-04'
	kb publish -q --as-of 2026-12-05 --out "$TMP/as-of"
	[ -e "$TMP/as-of/en/articles/early/index.html" ]
	[ ! -e "$TMP/as-of/en/articles/going" ]
	SOURCE_DATE_EPOCH=$(date -d 2026-12-05 +%s) kb publish -q --out "$TMP/clock"
	diff -r "$TMP/as-of" "$TMP/clock"
	kb publish -q --as-of 2026-12-04T23:59:59Z --out "$TMP/as-of"
	[ ! -e "$TMP/as-of/en/articles/early" ]
	[ -e "$TMP/as-of/en/articles/going/index.html" ]
	for wrong in tomorrow 2026-02-30 2026-12-05T25:00:00Z ''; do
		run kb publish --as-of "$wrong"
		assert_status 2
		assert_output_has "'$wrong' is not a date: "
	done
	[ ! -e public ]
}

# From one change to the next: the site is the same up to a second before, and another
# one then.
follow() { # EXPECTED-CHANGES OPTION...
	local expected=$1 now=2026-11-25T00:00:00Z n=0 at
	shift
	while at=$(kb publish --next-change --as-of $now --format json "$@" |
		jq -r '.next_change.at // empty') && [ -n "$at" ]; do
		rm -rf "$TMP/now" "$TMP/before" "$TMP/then"
		kb publish -q --as-of $now --out "$TMP/now" "$@"
		kb publish -q --as-of "$(date -u -d "$at - 1 second" +%FT%TZ)" --out "$TMP/before" "$@"
		kb publish -q --as-of "$at" --out "$TMP/then" "$@"
		diff -r "$TMP/now" "$TMP/before"
		run diff -rq "$TMP/before" "$TMP/then"
		[ "$status" -eq 1 ] || { echo "nothing changes at $at"; return 1; }
		now=$at n=$((n + 1))
	done
	kb publish -q --as-of $now --out "$TMP/now" "$@"
	kb publish -q --as-of 2030-01-01 --out "$TMP/then" "$@"
	diff -r "$TMP/now" "$TMP/then"
	[ $n -eq "$expected" ] || { echo "$n changes"; return 1; }
}

@test "between two changes the site stays the same" {
	sed -i 's/^  - code: en$/&\n  - code: de\n    fallback: en/' kb.yaml
	document en/articles/a.md A 'publish_at: 2026-12-01' 'expires_at: 2026-12-20'
	document de/articles/a.md A-de 'publish_at: 2026-12-05' 'expires_at: 2027-03-01'
	document en/articles/b.md B 'notice: {date: 2026-11-10, text: New}'
	document en/articles/c.md C 'notice: {date: 2026-12-10, text: New}' 'expires_at: 2026-12-30'
	document en/articles/d.md D 'notice: {date: 2026-12-12, text: New, for: agents}'
	document en/articles/e.md E 'audience: agents' 'publish_at: 2027-01-01'
	document en/snippets/s.md S 'expires_at: 2027-02-01'
	document en/snippets/deep.md Deep 'publish_at: 2027-02-10T12:00:00Z'
	printf '\n{{> deep}}\n' >>en/snippets/s.md
	printf '\n{{> s}}\n' >>en/articles/b.md
	document en/articles/f.md F
	printf '\n{{> deep}}\n' >>en/articles/f.md
	kb validate
	follow 8
	follow 11 --audience agents
	follow 7 --locale de
}

@test "--dry-run lists what would be written and removed, with -v why" {
	run kb publish --dry-run
	assert_output_has "write  en/articles/reset-password/index.html"
	[ ! -e public ]
	kb publish -q
	run kb publish --dry-run -v
	assert_status 0
	assert_output_has "Files: 0 written"
	[[ $output != *"write  "* && $output != *"remove "* ]]
	sed -i 's/^1\. .*/1. Changed./' en/articles/reset-password.md
	document en/articles/new.md New
	cp -a public "$TMP/before"
	run kb publish --dry-run -v
	assert_output_has "write  en/articles/reset-password/index.html: changed"
	assert_output_has "write  en/articles/new/index.html: new"
	diff -r "$TMP/before" public
	kb publish --dry-run --format json >out.json
	schema_check out.json
	[ "$(jq -c '.files[] | select(.path == "en/articles/new/index.html")' out.json)" = \
		'{"path":"en/articles/new/index.html","action":"write","reason":"new"}' ]
	[ "$(jq '[.files[] | select(.action == "write")] | length' out.json)" = "$(jq .written out.json)" ]
	[ "$(jq '.dry_run' out.json)" = true ]
	# The run does what the dry run said.
	kb publish -v --format json 2>/dev/null >done.json
	schema_check done.json
	[ "$(jq -c '.files' done.json)" = "$(jq -c '.files' out.json)" ]
	rm en/articles/new.md
	run kb publish --dry-run -v
	assert_output_has "remove en/articles/new/index.html: no page has this address any longer"
	kb publish -v --format json 2>/dev/null >done.json
	[ "$(jq -c '[.files[] | select(.action == "remove" and (.path | test("^(search|api)|[.]md$") | not))]' done.json)" = \
		'[{"path":"en/articles/new/index.html","action":"remove","reason":"no page has this address any longer"}]' ]
	run kb publish --dry-run -v --clean
	assert_output_has "write  en/articles/reset-password/index.html: --clean writes all files"
	run kb publish --dry-run -v --audience agents --out public
	assert_output_has "write  index.html: the folder contains the site of another audience"
	sed -i 's/^state complete/state writing/' public/.kb-site
	run kb publish --dry-run -v
	assert_output_has "write  index.html: the last run was interrupted"
	run kb publish --format json --dry-run
	[[ $output != *"Next change"* && $output != *"Validated"* ]]
	kb schema output/publish | diff - "$ROOT/schemas/output/publish.json"
}

@test "what the site of another audience recorded of a document is not used" {
	kb publish -q --audience agents --out site
	kb publish -q --out alone
	[ -s site/.kb-documents ]
	printf -- '---\ntitle: [\n---\n' >en/articles/reset-password.md
	for folder in site alone; do
		run kb publish --allow-broken --out $folder
		assert_status 1
	done
	[ ! -e site/en/articles/reset-password/index.html ]
	refute grep -rq 'articles/reset-password/' site/en --include=index.html
	# That of the same audience is.
	[ -e alone/en/articles/reset-password/index.html ]
	grep -rq 'reset-password/' alone/en/topics
}

@test "--as-of counts for what a search finds, too" {
	printf -- '---\ntitle: Old\nexpires_at: 2026-11-20\n---\nAn okapi.\n' >en/snippets/old.md
	printf '\n{{> old}}\n' >>en/articles/reset-password.md
	kb publish -q -j1 --as-of 2026-11-10 || true
	grep -q okapi public/en/articles/reset-password/index.html
	grep -rq okapi public/search
	kb publish -q -j1 || true
	refute grep -rq okapi public
}

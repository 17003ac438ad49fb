#!/usr/bin/env bats
# Links to other sites, against a server that misbehaves.
bats_require_minimum_version 1.5.0
load helper

setup() {
	kb_setup
	kb_sample site
	cd site || return
	unset http_proxy https_proxy all_proxy no_proxy
	export XDG_CACHE_HOME=$TMP/cache
	python3 "$ROOT/tests/tools/http_server.py" "$TMP/port" "$TMP/requests" &
	SERVER=$!
	for _ in $(seq 100); do [ -s "$TMP/port" ] && break; sleep 0.05; done
	AT=http://127.0.0.1:$(<"$TMP/port")
}

teardown() {
	kill "$SERVER" 2>/dev/null || true
}

links() { # PATH...
	printf -- '---\ntitle: Links\nowner: support\n---\n' >en/articles/links.md
	for path; do printf '[to %s](%s%s)\n\n' "${path%%[#?]*}" "$AT" "$path"; done >>en/articles/links.md
}

check() {
	kb validate --external --external-private --external-timeout 1 "$@"
}

found() { # of the last run: rule and line
	sed -n 's/^en\/articles\/links.md:\([0-9]*\):.*\[\(.*\)\]$/\1 \2/p' <<<"$output"
}

@test "what answers is fine; what is gone, moved or unreachable is said at its link" {
	links /ok /missing /moved#part /found /loop /forbidden /reset /to-file
	run check
	assert_status 0
	[ "$(found)" = "7 external-missing
9 external-moved
13 external-unreachable
15 external-unreachable
17 external-unreachable
19 external-unreachable" ]
	assert_output_has "there is no longer a page at $AT/missing: the server answers with status 404"
	assert_output_has "hint: write $AT/new#part"
	assert_output_has "$AT/loop cannot be reached: it redirects endlessly"
	assert_output_has "$AT/forbidden cannot be reached: the server answers with status 403"
	assert_output_has '8 links to other sites, 8 addresses, 8 asked now'
	[[ $output != *'connected?'* ]]
}

@test "a server that never answers, and one that is busy for a second" {
	links /silent /busy
	run check
	assert_status 0
	[ "$(found)" = '5 external-unreachable' ]
	assert_output_has 'there was no answer within 1 s'
	[ "$(grep -c '^HEAD /busy' "$TMP/requests")" -eq 2 ]
	[ "$(grep -c '^HEAD /silent' "$TMP/requests")" -eq 3 ]
}

@test "GET where HEAD is refused, or lies" {
	links /head-refused /head-missing
	run check
	[ -z "$(found)" ]
	grep -q '^GET /head-refused' "$TMP/requests"
	grep -q '^GET /head-missing' "$TMP/requests"
}

@test "an address is asked once; answers are remembered, failures are not" {
	links /ok /ok#a /ok#b /missing
	run check
	assert_output_has '4 links to other sites, 2 addresses, 2 asked now'
	[ "$(grep -c ' /ok' "$TMP/requests")" -eq 1 ]
	run check
	assert_output_has '2 addresses, 1 asked now'
	run check --external-age 0
	assert_output_has '2 asked now'
	printf 'garbage\n\tmore\t' >"$XDG_CACHE_HOME/kb/external"
	run check
	assert_output_has '2 asked now'
}

@test "addresses of the own network are not asked unless that is wanted" {
	links /ok
	run kb validate --external
	[ "$(found)" = '5 external-unreachable' ]
	assert_output_has 'use --external-private to check such addresses too'
	[ ! -e "$TMP/requests" ]
}

@test "only the documents that were asked for; without --external nobody is asked" {
	links /missing
	run check en/articles/welcome.md
	[ -z "$(found)" ]
	run kb validate
	assert_status 0
	[ ! -e "$TMP/requests" ]
	run kb validate --external --external-timeout soon
	assert_status 2
}

@test "the move is a suggestion, which --fix does not apply" {
	links /moved
	run --separate-stderr check --format json
	jq -e --arg to "$AT/new" '.findings[] | select(.rule == "external-moved") | .safe == false and .edits[0].text == $to' <<<"$output"
	run check --fix
	grep -q "$AT/moved" en/articles/links.md
	# It is told after something else was mended, too.
	printf '\357\273\277' | cat - en/articles/links.md >marked
	cat marked >en/articles/links.md
	run check --fix
	assert_output_has "fixed 1 finding in 1 file"
	assert_output_has "[external-moved]"
}

@test "addresses are sent as browsers send them: hosts with umlauts, spaces" {
	links '/ok?ä'
	printf '[s](<%s/ok?a b>) [i](http://müller.localhost:%s/missing)\n' "$AT" "${AT##*:}" >>en/articles/links.md
	run check
	[ "$(found)" = '7 external-missing' ]
	assert_output_has "there is no longer a page at http://müller.localhost:${AT##*:}/missing"
	grep -qx 'HEAD /ok?a%20b' "$TMP/requests"
	grep -qx 'HEAD /ok?%C3%A4' "$TMP/requests"
}

@test "what one page is told to wait for, all of its host wait for" {
	links '/limited?1' '/limited?2' '/limited?3' '/limited?4' '/limited?5' '/limited?6'
	run check
	[ -z "$(found)" ]
	# Two are under way when the first answer comes.
	[ "$(grep -c /limited "$TMP/requests")" -le 8 ]
}

@test "cookies on the way; a move to a part of a page" {
	links /cookie /section /section#own
	run check
	[ "$(found)" = "7 external-moved
9 external-moved" ]
	assert_output_has "hint: write $AT/new#section"
	assert_output_has "hint: write $AT/new#own"
}

@test "without a network, that is said" {
	printf -- '---\ntitle: Links\nowner: support\n---\n' >en/articles/links.md
	for i in 1 2 3; do printf '[x](http://127.0.0.1:%s/)\n' $i; done >>en/articles/links.md
	run check
	assert_output_has 'kb: none of them answered: is this computer connected?'
	[ "$(found | wc -l)" -eq 3 ]
}

@test "a proxy of the own network may be asked" {
	links
	printf '[a](http://elsewhere.example/ok) [b](http://elsewhere.example/missing)\n' >>en/articles/links.md
	http_proxy=$AT run kb validate --external
	[ "$(found)" = '5 external-missing' ]
}

#!/usr/bin/env bats
# kb find: search, ranked, with passages; golden queries.
load helper

setup() {
	kb_setup
	cp -r "$BATS_TEST_DIRNAME/../../content-example" example
	cd example || return
}

first() { # ID: of the first hit
	[[ ${lines[0]} == *"($1, "* ]] || { echo "${lines[0]}"; return 1; }
}

@test "other forms, accents left out, compounds, typing errors" {
	run kb find --locale de Pakete
	[ "$status" -eq 0 ]
	[[ $output == *"Ihr Paket ist nicht angekommen"* ]]
	run kb find --locale en parcl
	[ "$status" -eq 0 ]
	[[ $output == *"Track your parcel"* ]]
	run kb find --locale en --audience public 'descaling light'
	first descale
}

@test "nothing matches: status 1; a misspelling is asked about" {
	run kb find xylophonist
	[ "$status" -eq 1 ]
	[[ $output == *"nothing matches"* ]]
	run kb find '--' '...'
	[ "$status" -eq 1 ]
}

@test "an audience finds nothing in what it may not read" {
	printf '\n> [!AGENTS]\n> Zwiebelkuchen for agents only.\n' >>en/articles/returns/refund.md
	run kb find zwiebelkuchen
	[ "$status" -eq 0 ]
	first refund
	[[ $output == *Zwiebelkuchen* ]]
	run kb find --audience public zwiebelkuchen
	[ "$status" -eq 1 ]
	[[ $output != *wiebelkuchen*agents* ]]
	run kb find --audience public refund zwiebelkuchen
	[[ $output != *Zwiebelkuchen* ]]
}

@test "types, JSON, wrong words, hostile questions" {
	run kb find --locale en --type reply --format json refund
	[ "$status" -eq 0 ]
	[ "$(jq -r '[.hits[].type] | unique | join(",")' <<<"$output")" = reply ]
	run kb find --locale xx refund
	[ "$status" -eq 2 ]
	run kb find
	[ "$status" -eq 2 ]
	run kb find "$(head -c 60000 /dev/zero | tr '\0' 'a')"
	[ "$status" -eq 1 ]
	run kb find $'\xff\xfe parcel'
	[ "$status" -eq 0 ]
}

@test "the same whatever the number of threads" {
	kb find -j1 parcel money >one
	kb find -j3 parcel money >three
	cmp one three
}

@test "golden queries: what slipped is told" {
	run kb find --test search-tests.yaml
	[ "$status" -eq 0 ]
	[[ $output == *"mean reciprocal rank"* ]]
	printf 'tests:\n  - {query: parcel, locale: en, expect: descale}\n' >t.yaml
	run kb find --test t.yaml
	[ "$status" -eq 1 ]
	[[ ${lines[0]} == "'parcel' (en): 'descale' is not found; the first is '"* ]]
	[[ $output == *"0 of 1"* ]]
	printf 'tests: 3\n' >t.yaml
	run kb find --test t.yaml
	[ "$status" -eq 2 ]
}

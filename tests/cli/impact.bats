#!/usr/bin/env bats
# kb impact: what a change would touch.
bats_require_minimum_version 1.5.0
load helper

setup() {
	kb_setup
	cp -R "$ROOT/content-example" example
	cd example || return
}

touches() { # WHAT [OPTION]...: path, kind and detail of each
	kb impact -q "$@" --format json | jq -r '.touches[] | "\(.path) \(.kind) \(.detail // "") \(.via // "")"'
}

@test "a document: links, answers, calls, relations, maps, redirects, tests, versions" {
	run touches refund-case
	assert_status 0
	assert_output_has 'en/workflows/parcel-missing.md hand-over The money back'
	assert_output_has 'de/workflows/refund-case.md translation'
	assert_output_has 'en/workflows/refund-hungary.md variant'
	assert_output_has 'en/reference/order-to-delivery.md map Process map from order to delivery'
	run touches verify-caller
	assert_output_has 'en/workflows/parcel-missing.md call verify the caller'
	run touches descale
	assert_output_has 'kb.yaml redirect /help/descaling.html'
	assert_output_has 'search-tests.yaml search-test vinegar'
	run touches carriers
	assert_output_has 'en/workflows/parcel-missing.md related'
}

@test "an id is all locales, a path is one file" {
	run touches refund-rules
	assert_output_has 'de/workflows/refund-case.md link'
	assert_output_has 'en/workflows/refund-case.md link'
	run touches de/reference/refund-rules.md
	assert_output_has 'de/workflows/refund-case.md link'
	[[ $output != *'en/workflows/refund-case.md'* ]]
	cd de/reference
	run touches refund-rules.md
	assert_output_has 'de/workflows/refund-case.md link'
}

@test "a snippet and a variable touch what includes them, through other snippets, too" {
	run touches signature
	assert_output_has 'en/replies/ask-neighbors.md include signature'
	run touches support.phone
	assert_output_has 'en/replies/ask-neighbors.md include signature en/snippets/signature.md'
	assert_output_has 'en/snippets/signature.md variable support.phone'
	printf -- '---\ntitle: Outer\n---\n{{> signature}}\n' >en/snippets/outer.md
	printf -- '---\ntitle: Reader\nowner: legal\n---\n{{> outer}}\n' >en/articles/reader.md
	run touches support.phone
	assert_output_has 'en/articles/reader.md include outer en/snippets/signature.md'
	run touches support
	assert_output_has 'variable support.email'
}

@test "an issue touches its documents and those of issues below it" {
	run touches delivery.missing
	assert_output_has 'en/workflows/parcel-missing.md issue delivery.missing.silent'
	[[ $output != *'delivery.damaged'* ]]
	run touches shipping.lost
	assert_output_has 'issue delivery.missing'
}

@test "an issue touches links to its page, mounts, reports and golden queries" {
	run touches order.parts
	assert_output_has 'feedback/2026-09-11-spare-parts.yaml feedback missing'
	printf -- '---\ntitle: Links\nowner: legal\n---\n[topic](/en/topics/order.parts/) and [other](/en/topics/order/)\n' >en/articles/l.md
	printf 'issue: order.parts\nlocale: en\nkind: missing\ntext: x\ncreated: 2026-11-01\nstatus: done\n' >feedback/done.yaml
	printf '  - {query: gasket, issue: order.parts, expect: warranty}\n' >>search-tests.yaml
	cat >>kb.yaml <<-'END'
		content:
		  - {path: "{locale}/articles/**/*.md", type: article}
		  - {path: "{locale}/parts/**/*.md", type: article, defaults: {issues: [order.change, order.parts], owner: workshop}}
	END
	run touches order.parts
	[ "$(grep -c 'en/articles/l.md link' <<<"$output")" -eq 1 ]
	[[ $output != *done.yaml* ]]
	assert_output_has 'search-tests.yaml search-test gasket'
	assert_output_has 'kb.yaml default order.parts'
	[[ $output != *'default order.change'* ]]
	run touches workshop
	assert_output_has 'kb.yaml default'
	kb impact -q order.parts --format json >one.json
	"$(dirname "$KB")/tools/schema_check" "$ROOT/schemas/output/impact.json" one.json
}

@test "a document is touched by reports on it, and by golden queries that want one of several" {
	printf '  - {query: lime, expect: [warranty, descale]}\n' >>search-tests.yaml
	run touches descale
	assert_output_has 'feedback/2026-10-28-e05-stays.yaml feedback unclear'
	assert_output_has 'search-tests.yaml search-test lime'
	run touches hu/articles/care/descale.md
	[[ $output != *feedback/* && $output != *'search-test lime'* ]]
	assert_output_has 'search-test vízkőtelenítés'
}

@test "a word that is nothing's name: whose it may be" {
	cd "$ROOT/content-example"
	near() { # WORD WHAT
		run --separate-stderr kb impact "$1"
		assert_status 1
		[[ $stderr == "kb: did you mean "*"$2"* ]] || { echo "$1: $stderr"; false; }
	}
	near refnud "the document 'refund'"
	near refund.days "the variable 'refunds.days'"
	near articles/returns/refund.md "the document 'en/articles/returns/refund.md'"
	near delivery.mising "the issue 'delivery.missing'"
	near logisticz "the person or team 'logistics'"
	run --separate-stderr kb impact 'no such words'
	assert_status 1
	[ -z "$stderr" ]
	run kb impact refund.days --as variable
	assert_status 2
	[ "$output" = "kb: there is no variable 'refund.days': did you mean 'refunds.days'?" ]
	run kb impact logistic --as person
	[ "$output" = "kb: there is no person 'logistic': did you mean 'logistics'?" ]
	run kb impact refnud --as phrase
	assert_status 1
	[[ $output != *'did you mean'* ]]
}

@test "a phrase is found in taxonomy, settings, people and style rules" {
	run touches descaling
	assert_output_has 'taxonomy.yaml text descaling'
	assert_output_has 'style/en/terms.yaml text descaling'
	run touches 'extension 340'
	assert_output_has 'people.yaml text extension 340'
	run touches 'Monday to Friday, 9 am'
	assert_output_has 'kb.yaml text Monday to Friday, 9 am'
	# Ids are no wording.
	run touches 'phone'
	[[ $output != *'kb.yaml text phone '*'kb.yaml text phone '*'kb.yaml text phone '* ]]
	run kb impact 'seal' --as phrase
	assert_output_has 'workshop ('
}

@test "a person touches what they own, themselves or in a team" {
	run touches mehmet-aydin
	assert_output_has 'people.yaml member logistics'
	assert_output_has 'en/workflows/parcel-missing.md deputy'
	assert_output_has 'taxonomy.yaml owner delivery'
	run touches logistics
	assert_output_has 'en/workflows/parcel-missing.md escalation'
	assert_output_has 'en/workflows/parcel-missing.md owner'
}

@test "a phrase is found across markup, line ends, letter case and variables" {
	printf -- '---\ntitle: P\nowner: legal\n---\nPay in *fourteen*\ndays, or Fourteen  days.\n\nUp to {{returns.days}} days. Not114 days, 30 daysx.\n' \
		>en/articles/p.md
	run touches 'fourteen days'
	[ "$(grep p.md <<<"$output")" = $'en/articles/p.md text fourteen days \nen/articles/p.md text Fourteen  days ' ]
	run touches '30 days'
	assert_output_has 'en/articles/p.md text 30 days'
	run touches 'not in any of these documents at all'
	assert_status 0
	[ -z "$output" ]
	run kb impact 'not in any of these documents at all'
	assert_status 1
	assert_output_has 'Nothing depends on it.'
}

@test "a name of two things is said; --as chooses" {
	run kb impact warranty
	assert_output_has "treating 'warranty' as the document; use --as variable for the variable"
	run kb impact -q warranty --as variable
	assert_status 0
	assert_output_has "The variable 'warranty'"
	run kb impact nobody-at-all --as person
	assert_status 2
	assert_output_has "there is no person 'nobody-at-all'"
	run kb impact
	assert_status 2
}

@test "every format; JSON fits its schema, and threads change nothing" {
	kb impact -q refund-rules --format json --output one.json --format csv --output one.csv \
		--format html --output one.html --format markdown --output one.md
	"$(dirname "$KB")/tools/schema_check" "$ROOT/schemas/output/impact.json" one.json
	[ "$(head -1 one.csv)" = $'path,line,id,locale,title,owner,kind,detail,via\r' ]
	[ "$(wc -l <one.csv)" -eq $(($(jq '.touches | length' one.json) + 1)) ]
	grep -q '<th scope="col">Place</th>' one.html
	grep -q '^| en/workflows/refund-case.md:58 | Refund |' one.md
	cmp <(kb impact support.phone -j1) <(kb impact support.phone -j2)
	run kb impact -q refund-rules
	assert_output_has 'A change touches 19 documents of 4 owners in 22 places.'
	assert_output_has $'billing (14)\nPlace'
}

@test "links whose heading is gone are listed, too" {
	printf -- '---\ntitle: Old link\nowner: legal\n---\n[a](care/descale.md#gone), [b](care/gone.md#gone)\n' >en/articles/old.md
	run touches descale
	assert_output_has 'en/articles/old.md link'
	[ "$(grep -c 'en/articles/old.md' <<<"$output")" -eq 1 ]
}

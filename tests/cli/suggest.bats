#!/usr/bin/env bats
# kb link suggest: issues for documents and for what customers write.
load helper

setup() {
	kb_setup
	cp -r "$BATS_TEST_DIRNAME/../../content-example" example
	cd example || return
}

@test "free text, with the words that decided" {
	run kb link suggest --format csv - <<<'my parcel never arrived'
	[ "$status" -eq 0 ]
	[[ $output == *"text,delivery.missing,"*parcel* ]]
	[ "$(grep -c ^text <<<"$output")" -eq 3 ]
	run kb link suggest --top 1 --locale de --format csv - <<<'Mein Paket ist verschollen'
	[[ $output == *"text,delivery.missing"* ]]
	run kb link suggest - <<<'xyzzy grault'
	[ "$status" -eq 1 ]
	run kb link suggest - </dev/null
	[ "$status" -eq 1 ]
	[[ $output == *"nothing to suggest"* ]]
}

@test "what customers write is told by what they write about, not by 'where is my'" {
	"$ROOT/tests/tools/messages.py" "$KB" "$ROOT/tests/cli/messages.csv" 90 97
}

@test "suggestions as JSON fit their schema, and are those of the table" {
	printf 'text\nmy parcel never arrived\nxyzzy\n' >t.csv
	kb link suggest --column text --top 1 --format json --output one.json --format csv --output one.csv <t.csv
	"$(dirname "$KB")/tools/schema_check" "$ROOT/schemas/output/suggest.json" one.json
	[ "$(jq -c '.suggestions[0] | [.of, .locale, .certainty, (.issues | length), .issues[0].issue]' one.json)" = \
		'["row 2","en","clear",1,"delivery.missing"]' ]
	[ "$(jq -c '.suggestions[1] | [.certainty, .issues]' one.json)" = '["none",[]]' ]
	[ "$(jq -r '.suggestions[0].issues[0] | "\(.issue) \(.score)"' one.json | awk '{ printf "row 2,%s,%.3f", $1, $2 }')" = \
		"$(sed -n 2p one.csv | cut -d, -f1-3)" ]
	kb schema output/suggest | diff - "$ROOT/schemas/output/suggest.json"
}

@test "a column of a table; quotes, line ends, hostile tables" {
	printf '\xef\xbb\xbfid,"text"\r\n1,"my ""parcel"", never\narrived"\r\n2,\n3,money back please' >t.csv
	run kb link suggest --column text --top 1 --format csv <t.csv
	[ "$status" -eq 0 ]
	[[ $output == *"row 2,delivery.missing"* ]]
	[[ $output == *"row 4,"* ]]
	[[ $output != *"row 3,"* ]]
	run kb link suggest --column nope <t.csv
	[ "$status" -eq 2 ]
	[[ $output == *"no column 'nope'"* ]]
	printf 'text\n"\xff\x00\n' >t.csv
	run kb link suggest --column text <t.csv
	[ "$status" -eq 1 ]
}

@test "documents: those without an issue, or those that are named" {
	run kb link suggest --format csv refund
	[ "$status" -eq 2 ]
	run kb link suggest --format csv --top 1 en/articles/returns/refund.md
	[ "$status" -eq 0 ]
	[[ $output == *"en/articles/returns/refund.md,"* ]]
	printf -- '---\ntitle: Where is my parcel?\nowner: logistics\n---\nLost, not arrived.\n' >en/articles/new.md
	run kb link suggest --format csv --top 1
	[[ $output == *"en/articles/new.md,delivery"* ]]
}

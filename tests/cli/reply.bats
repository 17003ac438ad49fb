#!/usr/bin/env bats
# kb reply: values and where they come from, which reply, what is said of mistakes.
bats_require_minimum_version 1.5.0
load helper

setup() {
	kb_setup
	cd "$ROOT/content-example" || return
}

typed() { # INPUT COMMAND
	printf '%s' "$1" | timeout 20 script -qec "$2" /dev/null
}

checked() { # SCHEMA FILE
	"$(dirname "$KB")/tools/schema_check" "$ROOT/schemas/$1.json" "$2"
}

@test "values come from a pipe" {
	values='{"order_number": "MG-26-1", "delivery_place": "garage", "delivery_day": "Monday"}'
	run --separate-stderr bash -c "echo '$values' | '$KB' reply ask-neighbors --channel sms --values -"
	assert_status 0
	assert_output_has 'delivered MG-26-1 on Monday (garage)'
	run --separate-stderr bash -c "'$KB' reply ask-neighbors --channel sms --values <(echo '$values')"
	assert_status 0
	assert_output_has 'delivered MG-26-1 on Monday (garage)'
	run bash -c "echo '[1]' | '$KB' reply ask-neighbors --values -"
	assert_status 2
	assert_output_has 'standard input does not contain a JSON object of names and values'
	run kb reply ask-neighbors --values "$TMP/none.json"
	assert_status 2
	assert_output_has "cannot read $TMP/none.json"
}

@test "an empty value is no value, unless the placeholder may be empty" {
	run kb reply ask-neighbors --channel sms --set order_number= --set 'delivery_day=  ' --examples
	assert_status 2
	assert_output_has "needs a value for 'order_number', 'delivery_day'"
	[[ $output != *Morgenau:* ]]
	echo '{"order_number": ""}' >"$TMP/empty.json"
	run kb reply ask-neighbors --channel sms --values "$TMP/empty.json" --examples
	assert_status 2
	assert_output_has "needs a value for 'order_number'"
	cp -R . "$TMP/example" && cd "$TMP/example"
	sed -i 's/^  delivery_place:/&\n    required: false/' en/replies/ask-neighbors.md
	run --separate-stderr kb reply ask-neighbors --channel sms --set delivery_place= --examples
	assert_status 0
	assert_output_has '()'
}

@test "what the examples filled in is said" {
	run --separate-stderr kb reply ask-neighbors --channel sms --examples --set order_number=MG-26-1
	assert_status 0
	assert_output_has 'delivered MG-26-1 on'
	[[ $stderr == *'kb: invented, from the examples: delivery_place, delivery_day'* ]]
	run --separate-stderr kb reply ask-neighbors --channel sms --examples --set order_number=1 \
		--set delivery_day=Monday --set delivery_place=garage
	[[ $stderr != *invented* ]]
	kb reply ask-neighbors --channel sms --examples --set order_number=MG-26-1 \
		--format json >"$TMP/reply.json"
	checked output/reply "$TMP/reply.json"
	jq -e '.examples == ["delivery_place", "delivery_day"]' "$TMP/reply.json"
	cp -R . "$TMP/example" && cd "$TMP/example"
	sed -i 's/^  delivery_place:/&\n    values: [garage, garden shed]\n    default: garage/; /left with a neighbor$/d' \
		en/replies/ask-neighbors.md
	run --separate-stderr kb reply ask-neighbors --channel sms --examples
	assert_output_has '(garden shed)'
	[[ $stderr == *'examples: order_number, delivery_place, delivery_day'* ]]
	run --separate-stderr kb -q reply ask-neighbors --channel sms --examples
	[ -z "$stderr" ]
}

@test "on a terminal, an answer that does not do is answered" {
	cp -R . "$TMP/example" && cd "$TMP/example"
	sed -i 's/^  delivery_place:/&\n    values: [garage, shed]/; /left with a neighbor$/d' en/replies/ask-neighbors.md
	run typed $'\nMG-26-7\nattic\n\n2\nFriday\n' "$KB reply ask-neighbors --channel sms"
	assert_status 0
	assert_output_has "'order_number' needs an answer"
	assert_output_has "'attic' is not a choice: type a number from 1 to 2, or the words"
	assert_output_has 'delivered MG-26-7 on Friday (shed)'
}

@test "a path and another locale do not go together" {
	run kb reply en/replies/ask-neighbors.md --locale hu --examples
	assert_status 2
	assert_output_has "en/replies/ask-neighbors.md is in en, not in hu: name hu/replies/ask-neighbors.md, or 'ask-neighbors'"
	run --separate-stderr kb reply de/replies/trace-opened.md --locale de-AT --examples
	assert_status 0
	run --separate-stderr kb reply en/replies/ask-neighbors.md --locale en --examples
	assert_status 0
}

@test "a reply that is not there: which may be meant" {
	run kb reply ask-neighbours
	assert_status 2
	[ "$output" = "kb: there is no reply 'ask-neighbours': did you mean 'ask-neighbors'?" ]
	run kb reply qqqqqqqqqqq
	assert_status 2
	assert_output_has "there is no reply 'qqqqqqqqqqq', only "
}

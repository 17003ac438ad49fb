#!/usr/bin/env bats
# kb case and kb reply.
bats_require_minimum_version 1.5.0
load helper.bash

setup() {
	kb_setup
	cd "$ROOT/content-example" || return
}

checked() { # SCHEMA FILE
	"$(dirname "$KB")/tools/schema_check" "$ROOT/schemas/$1.json" "$2"
}

# A terminal of its own, with the answers typed.
typed() { # ANSWERS COMMAND
	printf '%s' "$1" | timeout 20 script -qec "$2" /dev/null
}

@test "a case in Austria: the variant, German where there is none, and that is said" {
	run kb case delivery.missing --locale de-AT --channel sms
	assert_status 0
	assert_output_has 'for: de-AT, region AT, sms'
	assert_output_has $'de/workflows/parcel-missing.md\n    in de: there is none in de-AT'
	assert_output_has $'de-AT/replies/ask-neighbors.md\n    | Morgenau: Laut Alpenbote'
	[[ $output != *'de/replies/ask-neighbors.md'* ]]
	assert_output_has '2 SMS'
}

@test "a region's variant replaces the general document" {
	run kb case return.start --locale en --region HU
	assert_status 0
	assert_output_has $'return-hungary.md\n    replaces \'return\' in HU'
	[[ $output != *'en/articles/returns/return.md'* ]]
	run kb case return.start --locale en
	assert_output_has $'return-hungary.md\n    only for HU, where it replaces \'return\''
	run kb case return.start --locale en --region DE
	assert_output_has 'en/articles/returns/return.md'
	[[ $output != *'return-hungary.md'* ]]
}

@test "a former id leads to its issue, parents' documents come after the issue's own" {
	run kb case shipping.lost
	assert_status 0
	assert_output_has '(delivery.missing)'
	run kb case delivery.missing.silent
	assert_output_has "about 'Parcel missing'"
}

@test "an audience sees what is for it" {
	run kb case delivery.missing --audience public
	assert_status 0
	[[ $output != *'workflows/'* && $output != *'replies/'* ]]
	assert_output_has 'articles/delivery/parcel-not-arrived.md'
}

@test "a team's name, contact and hours are in the locale that was asked for" {
	run kb case delivery.missing --locale hu
	assert_output_has 'owner: Logisztika · logistics csevegőcsatorna'
	run kb case delivery.missing --locale de-AT
	assert_output_has 'owner: Logistik · Chat-Kanal logistics, Durchwahl 340 · Mo–Fr 7–16 Uhr'
	[ "$(kb case delivery.missing --locale de --format json | jq -r .issue.owner.hours)" = 'Mo–Fr 7–16 Uhr' ]
	kb publish -q --audience agents --out "$TMP/site"
	refute grep -rl 'Chat channel' "$TMP/site/de" "$TMP/site/hu"
	grep -rql 'Chat-Kanal logistics' "$TMP/site/de"
	cp -r . "$TMP/copy"
	sed -i 's/^    de: Logistik$/    dee: Logistik/' "$TMP/copy/people.yaml"
	run kb -C "$TMP/copy" validate
	assert_status 1
	assert_output_has "dee"
}

@test "every issue's case fits its schema, in each locale" {
	for locale in en de hu de-AT; do
		kb case delivery.missing --locale $locale --format json >"$TMP/case.json"
		checked api/case "$TMP/case.json"
	done
	kb case machine.error.descale --locale hu --channel chat --format json >"$TMP/case.json"
	checked api/case "$TMP/case.json"
	[ "$(jq -r .channel "$TMP/case.json")" = chat ]
	jq -e '[.replies[].texts[].channel] | unique == ["chat"]' "$TMP/case.json"
}

@test "a customer's words are classified first: the guess, why, and what else it may be" {
	run kb case --text 'Where is my parcel?' --locale en --channel sms
	assert_status 0
	[[ ${lines[0]} == "Sounds like: Parcel missing (delivery.missing), "*" %: 'parcel', "* ]]
	assert_output_has '  or: Track a parcel (delivery.track), '
	assert_output_has '      kb case delivery.track --locale en --channel sms'
	assert_output_has $'Delivery › Parcel missing  (delivery.missing)\n\nfor: en, sms'
	assert_output_has 'en/workflows/parcel-missing.md'
	[[ $output != *'weak guess'* && $output != *'nearly as likely'* ]]
	run kb case --text - --locale de <<<'Ich habe doppelt bestellt!'
	assert_output_has 'Sounds like: Bestellung stornieren (order.change.cancel), 9'
	# What follows the guess is what kb case prints for the issue.
	[ "$(sed '1,/^$/d' <<<"$output")" = "$(kb case order.change.cancel --locale de)" ]
}

@test "a guess that is weak, or not alone, says so" {
	run kb case --text 'where is my dog'
	assert_status 1
	assert_output_has 'This is a weak guess: the words say little.'
	# Function words alone are never clear, however often they stand before one thing.
	run kb case --text 'where is my' --format json
	[ "$(jq -r .classified.certainty <<<"$output")" = weak ]
	run kb case --text 'Elveszett a csomagom' --locale hu
	assert_output_has 'The next one is nearly as likely.'
	run --separate-stderr kb case --text 'xyzzy grault' --format json
	assert_status 1
	[ -z "$output" ]
	[[ $stderr == *'the text could not be classified'* ]]
	run kb case --text - <<<''
	assert_status 1
}

@test "words of another language are known by the locale's fallbacks" {
	run kb case --text 'where is my parcel' --locale hu
	assert_status 0
	assert_output_has 'Sounds like: Eltűnt csomag (delivery.missing)'
	assert_output_has 'Its words are known in en, not in hu.'
	assert_output_has 'hu/workflows/parcel-missing.md'
	# Austria knows what Germany knows.
	run kb case --text 'Mein Paket ist verschollen' --locale de-AT --format json
	assert_status 0
	[ "$(jq -r '.classified.locale + " " + .issue.id' <<<"$output")" = 'de-AT delivery.missing' ]
}

@test "without --locale, a text is answered in its own language" {
	run kb case --text 'Die Maschine tropft und macht alles nass'
	assert_status 0
	assert_output_has 'This reads like German, so the answer is in de: use --locale for another one.'
	assert_output_has 'de/workflows/leak.md'
	# The answer is that of the locale.
	[ "$(sed '1,/^$/d' <<<"$output")" = "$(kb case machine.leak --locale de)" ]
	run kb case --text 'Nem jött meg a csomagom'
	assert_status 0
	assert_output_has 'Sounds like: Eltűnt csomag (delivery.missing)'
	assert_output_has 'hu/workflows/parcel-missing.md'
	# Words without a function word tell it, too, and a command repeats it.
	run kb case --text 'Passwort vergessen'
	assert_output_has 'Sounds like: Passwort (account.password), 100 %'
	run kb case --text 'elfelejtett jelszó'
	assert_output_has 'for: hu'
	run kb case --text 'Paket verschollen'
	assert_output_has '      kb case delivery.missing.silent --locale de'
	kb case --text 'Meine Maschine leckt und macht alles nass' --format json >"$TMP/case.json"
	checked api/case "$TMP/case.json"
	[ "$(jq -r '.classified | .locale + " " + .reads_like + " " + .certainty' "$TMP/case.json")" = 'de de clear' ]
	# Words that the source language knows stay in it.
	for text in 'I forgot my password' delivery E05 'Die the machine'; do
		run kb case --text "$text"
		[[ $output != *'reads like'* ]]
	done
	run kb case --text 'I want to talk about the moon'
	assert_status 1
	assert_output_has 'the text could not be classified: name the ISSUE'
	run kb case --text 'Das verstehe ich nicht'
	assert_status 1
	assert_output_has 'This is a weak guess'
}

@test "a locale that is given wins over the language of the text" {
	run kb case --text 'Die Maschine tropft und macht alles nass' --locale en
	assert_output_has 'This reads like German: try --locale de.'
	[[ $output != *'for: de'* ]]
	run kb case --text 'Nem jött meg a csomagom' --locale en
	assert_status 1
	assert_output_has 'the text could not be classified; it looks like Hungarian: try --locale hu'
	run kb case --text 'Die Maschine tropft und macht alles nass' --locale de
	assert_status 0
	assert_output_has 'de/workflows/leak.md'
	[[ $output != *'reads like'* ]]
	run kb case --text 'where is my parcel' --locale hu
	[[ $output != *'reads like'* ]]
}

@test "below a weak guess no case follows, but the commands that show them" {
	run --separate-stderr kb case --text 'where is my dog' --channel sms
	assert_status 1
	[[ ${lines[1]} == '      kb case '*' --channel sms' ]]
	[[ $output != *'for: en'* ]]
	run --separate-stderr kb case --text 'where is my dog' --walk </dev/null
	assert_status 1
	[ -z "$output" ]
	[[ $stderr == *' --walk'*'This is a weak guess'* ]]
	run kb case --text 'where is my dog' --locale en
	assert_output_has 'for: en'
}

@test "a code is one word, however it is written" {
	kb case --locale en --text 'the display says E05' >"$TMP/one"
	for code in E-05 'E 05' e05 e-05 'e 05' E_05 E.05; do
		kb case --locale en --text "the display says $code" >"$TMP/two"
		[[ $(head -1 "$TMP/two") == 'Sounds like: E05: descaling needed (machine.error.descale), '* ]]
		diff <(sed 1d "$TMP/one") <(sed 1d "$TMP/two")
	done
	for code in E-05 'E 05' 'e 05'; do
		run kb case --locale en --text "Error $code"
		[[ ${lines[0]} == 'Sounds like: E05: '* ]]
	done
	run kb case --locale de --text 'Fehler E 08'
	[[ ${lines[0]} == 'Sounds like: E08: '*"'E 08'"* ]]
	# Another number is another code.
	run kb case --locale en --text 'E-99'
	[[ $output != *E05* && $output != *E08* ]]
	cp -r . "$TMP/codes" && cd "$TMP/codes" || return
	# As it is written in the taxonomy is one way of many.
	sed -i 's/^  - id: delivery$/  - id: code\n    label: {en: Code}\n    examples: {en: [it prints ERR_404 then stops, part SKU-1234]}\n&/' taxonomy.yaml
	for text in 'ERR 404' ERR404 err-404 'SKU 1234' SKU1234 sku-1234; do
		run kb case --locale en --text "$text"
		[[ ${lines[0]} == 'Sounds like: Code (code), '* ]]
	done
}

@test "a typing error is forgiven in what a customer wrote" {
	run kb case --text 'Wo ist mein Packet' --locale de
	[ "${output//Packet/Paket}" = "$(kb case --text 'Wo ist mein Paket' --locale de)" ]
	run kb case --text 'my pakage is overdeu'
	[[ ${lines[0]} == "Sounds like: Parcel missing (delivery.missing), "*"'pakage'"* ]]
	assert_output_has "'overdeu'"
	# Short words are no typing errors of each other, nor are those with two.
	run kb case --text 'weam pcakgae'
	assert_status 1
	assert_output_has 'the text could not be classified'
}

@test "what an audience may not know is no guess, and no case" {
	run kb case --text 'somebody else used my card, fraud' --format json
	[ "$(jq -r .issue.id <<<"$output")" = payment.fraud ]
	run kb case --text 'somebody else used my card, fraud' --audience public
	[[ $output != *fraud\)* ]]
	assert_output_has 'kb case payment.methods --audience public'
	run kb case payment.fraud --audience public
	assert_status 2
	assert_output_has "there is no issue 'payment.fraud'"
	# order.parts has no document: the public has no page on it either.
	run kb case --text 'new seal, gasket' --audience public --format json
	[ "$(jq -c '[.classified.guesses[].issue | select(. == "order.parts")]' <<<"$output")" = '[]' ]
	run kb case --text 'new seal, gasket' --format json
	assert_status 1
	[ "$(jq -r .issue.id <<<"$output")" = order.parts ]
}

@test "words in place of an issue are meant for --text" {
	run kb case "I cannot log in"
	assert_status 2
	assert_output_has "there is no issue 'I cannot log in': did you mean --text 'I cannot log in'?"
	run kb case I cannot log in
	assert_status 2
	assert_output_has "did you mean --text 'I cannot log in'?"
	run kb case "delivery.mising "
	assert_status 2
	assert_output_has "did you mean 'delivery.missing'?"
}

@test "a retired issue says so, and is no guess" {
	cp -R . "$TMP/example" && cd "$TMP/example"
	printf '  - {id: fax, label: Fax, retired: true, keywords: {en: [facsimile]}}\n' >>taxonomy.yaml
	run kb case fax
	assert_status 1
	assert_output_has 'This issue is retired'
	kb case fax --format json >"$TMP/case.json" || [ $? -eq 1 ]
	checked api/case "$TMP/case.json"
	jq -e .issue.retired "$TMP/case.json"
	run kb case --text facsimile
	assert_status 1
	assert_output_has 'the text could not be classified'
}

@test "a hidden parent is in no path, and what is about it no answer" {
	cp -R . "$TMP/example" && cd "$TMP/example"
	sed -i '/- id: machine.error$/a\        audience: agents' taxonomy.yaml
	sed -i '/- id: machine.error.descale$/a\            audience: public' taxonomy.yaml
	run kb case machine.error.descale
	assert_output_has 'Error codes ›'
	for format in text json; do
		run kb case machine.error.descale --audience public --format $format
		assert_status 0
		[[ $output != *'Error codes'* && $output != *'"machine.error"'* ]]
		assert_output_has machine.error.descale
	done
}

@test "a text as JSON, in a walk, and given wrongly" {
	kb case --text 'where is my parcel' --locale hu --region AT --format json >"$TMP/case.json"
	checked api/case "$TMP/case.json"
	jq -e '.classified | .certainty == "clear" and .locale == "en" and
		(.guesses | length > 1 and (map(.score) | add) <= 1.001 and
		.[0].issue == "delivery.missing" and .[0].words[0] == "parcel")' "$TMP/case.json"
	run typed $'2\n1\n' "$KB case --text 'where is my parcel' --walk"
	assert_output_has 'kb case delivery.track --walk'
	assert_output_has 'Outcome: resolved'
	run --separate-stderr kb case --text 'where is my parcel' --walk <<<$'2\n1'
	[ "${lines[0]}" = 'Parcel has not arrived (parcel-missing)' ]
	run kb case delivery.missing --text 'where is my parcel'
	assert_status 2
	assert_output_has 'an ISSUE or a --text, not both'
	run kb case --text - --walk <<<'where is my parcel'
	assert_status 2
	assert_output_has '--walk reads answers from standard input'
	run kb case delivery.missing --walk --format json
	assert_status 2
	assert_output_has 'it has no --format'
}

@test "a locale that kb.yaml lacks is answered in the nearest, which is said" {
	run --separate-stderr kb case delivery.missing --locale de-CH
	assert_status 0
	[[ $stderr == *"kb.yaml has no locale 'de-CH': using 'de'"* ]]
	run --separate-stderr kb case delivery.missing --locale de-at
	[ -z "$stderr" ]
	[[ ${lines[1]} == 'for: de-AT, region AT' ]]
	run --separate-stderr kb reply ask-neighbors --locale de-CH --examples
	[[ $stderr == *"kb.yaml has no locale 'de-CH'"* ]]
}

@test "what does not exist is named, with what may be meant" {
	run kb case delivery.mising
	assert_status 2
	assert_output_has "did you mean 'delivery.missing'?"
	run kb case delivery.missing --channel fax
	assert_status 2
	assert_output_has 'kb.yaml has email, web, chat, phone, sms'
	run kb case delivery.missing --region XX
	assert_status 2
	run kb case delivery.missing --locale xx
	assert_status 2
	run kb case
	assert_status 2
}

@test "walks reach each outcome, with undo and hand-over" {
	walk="$KB case delivery.missing --walk"
	run typed $'2\n1\n' "$walk"
	assert_output_has 'Outcome: resolved'
	run typed $'3\n' "$walk"
	assert_output_has 'Outcome: waiting for the customer or a third party'
	run typed $'1\n2\n2\n1\n1\n' "$walk"
	assert_output_has 'Outcome: closed without a solution'
	run typed $'1\n2\n2\n1\n2\n' "$walk"
	assert_output_has 'Outcome: escalated to Logistics (Chat channel logistics, extension 340)'
	run typed $'3x\n9\n1\nu\n2\n1\n' "$walk"
	assert_output_has 'Type a number from 1 to 3, c to go through a workflow that the step calls, '"'r TEXT'"' to report something about the step, or q to quit.'
	assert_output_has '1. Read the last scan: No scan for five working days'
	assert_output_has 'Outcome: resolved'
	run typed $'1\n?\nq\n' "$walk"
	assert_output_has 'Type a number from 1 to 2, u to undo, '"'r TEXT'"' to report something about the step, or q to quit.'
	run typed $'?\n\n2\nq\n' "$KB case return.refund --walk"
	assert_output_has '  2  Refund in Hungary — only for HU, where it replaces'
	[ "$(grep -c 'Type a number from 1 to 2 or q to quit.' <<<"$output")" -eq 2 ]
	assert_output_has "(only for HU, where it replaces 'refund-case')"
	run typed $'2\n2\n2\nq\n' "$walk"
	assert_output_has '→ Refund (refund-case)'
	assert_output_has "Outcome: not finished, at 'Approve the refund'"
}

@test "walks reach every end of every workflow" {
	"$ROOT/tests/tools/walks.py" "$KB" de-AT delivery.missing return.refund machine.leak \
		account account.locked payment.fraud payment.failed
}

@test "a walk goes through the workflows that a step calls, and comes back" {
	run --separate-stderr kb case delivery.missing --walk <<<$'c\n1\n1\n2\n1'
	assert_status 0
	[[ $stderr == *"  c  go through 'Verify the caller' and come back"* ]]
	[ "$output" = "Parcel has not arrived (parcel-missing)
→ Verify the caller (verify-caller)
1. Ask for two facts: Two facts match
2. Look for anything unusual: Nothing unusual
← Parcel has not arrived (parcel-missing)
3. Read the last scan: No scan for five working days
4. Open a trace: The carrier has found it
Outcome: resolved" ]
	# Undone before the call, and after it.
	run --separate-stderr kb case delivery.missing --walk <<<$'c\nu\nc\n1\n1\nu\nu\nu\n3'
	[ "$output" = 'Parcel has not arrived (parcel-missing)
1. Read the last scan: The last scan is newer than five working days
Outcome: waiting for the customer or a third party' ]
	# A call that ends otherwise may end the case.
	run --separate-stderr kb case delivery.missing --walk <<<$'c\n2\n2\nx\nu\n2\ne'
	assert_status 0
	[[ $stderr == *"This workflow ends: closed without a solution."*"b  back to 'Read the last scan'"* ]]
	[ "${lines[-1]}" = 'Outcome: closed without a solution' ]
	run --separate-stderr kb case delivery.missing --walk <<<$'c\n2\n2\nb\n3'
	[ "${lines[-3]}" = '← Parcel has not arrived (parcel-missing)' ]
	run --separate-stderr kb case delivery.missing --walk <<<$'c\n2\nq'
	assert_status 1
	[ "${lines[-1]}" = "Outcome: not finished, at 'Send a confirmation link'" ]
	run typed $'c2\nc0\ncx\nq\n' "$KB case delivery.missing --walk"
	[ "$(grep -c 'Type a number' <<<"$output")" -eq 3 ]
}

@test "a walk names what stands in for what, hand-overs and calls included" {
	run typed $'c\n1\n1\n2\n2\n2\nq\n' "$KB case delivery.missing --locale de-AT --walk"
	assert_output_has $'Paket ist nicht angekommen\r\n(in de: there is none in de-AT)'
	assert_output_has $'→ Identität prüfen\r\n(in de: there is none in de-AT)'
	assert_output_has $'→ Erstattung\r\n(in de: there is none in de-AT)'
	run typed $'2\n2\n2\nq\n' "$KB case delivery.missing --region HU --walk"
	assert_output_has "(replaces 'refund-case' in HU)"
	# A variant that hands over to the document that it replaces does not come to itself.
	run --separate-stderr kb case return.refund --region HU --walk <<<$'2\nq'
	assert_output_has '→ Refund (refund-case)'
}

@test "the general document where the region's variant is not to be seen" {
	cp -R . "$TMP/example" && cd "$TMP/example"
	sed -i 's/^title:/status: draft\n&/' ??/workflows/refund-hungary.md
	run kb case return.refund --region HU
	assert_output_has 'en/workflows/refund-case.md'
	run typed $'2\n2\n2\nq\n' "$KB case delivery.missing --region HU --walk"
	assert_output_has '→ Refund'
	[[ $output != *'replaces'* ]]
}

@test "a walk's workflow as data: answers are expanded, calls are named" {
	cp -R . "$TMP/example" && cd "$TMP/example"
	sed -i 's/No scan for five working days\]/No scan for {{trace.wait_days}} working days]/' en/workflows/parcel-missing.md
	kb case delivery.missing --format json >"$TMP/case.json"
	checked api/case "$TMP/case.json"
	jq -e '.workflows[0].steps[0] | .answers[1].answer == "No scan for 5 working days" and
		.calls == [{"workflow": "verify-caller"}]' "$TMP/case.json"
}

@test "a walk that is stopped says so; its note alone is the output" {
	run --separate-stderr kb case delivery.missing --walk <<<$'2\nq'
	assert_status 1
	[ "${lines[0]}" = 'Parcel has not arrived (parcel-missing)' ]
	[ "${lines[1]}" = '1. Read the last scan: No scan for five working days' ]
	[ "${lines[2]}" = "Outcome: not finished, at 'Open a trace'" ]
	[ "${#lines[@]}" -eq 3 ]
	run kb case payment.methods --walk </dev/null
	assert_status 1
	assert_output_has 'there is no workflow'
}

@test "a reply filled in from options and a file" {
	echo '{"order_number": "MG-26-1", "delivery_place": "garage"}' >"$TMP/case data.json"
	run --separate-stderr kb reply ask-neighbors --channel sms \
		--values "$TMP/case data.json" --set delivery_day=Monday
	assert_status 0
	[ "$output" = 'Morgenau: The carrier delivered MG-26-1 on Monday (garage). Please ask your neighbors. Not found? Reply NO and we will look for it.' ]
	[[ $stderr == *'1 SMS (GSM-7)'* ]]
}

@test "a reply in each format" {
	kb reply ask-neighbors --channel email --examples --format json >"$TMP/reply.json"
	checked output/reply "$TMP/reply.json"
	jq -e '.subject | contains("MG-26-104233")' "$TMP/reply.json"
	jq -e '.html | contains("<strong>left with a neighbor</strong>")' "$TMP/reply.json"
	run kb reply ask-neighbors --channel email --examples --format html
	assert_output_has '<li>'
	run kb reply ask-neighbors --channel sms --examples --format html
	assert_status 2
	assert_output_has 'plain text only'
}

@test "an SMS is counted in its alphabet, the characters that take two included" {
	# 145 characters beside the place.
	run --separate-stderr kb reply ask-neighbors --channel sms --examples \
		--set delivery_place='[{€}]' --format json
	[ "$(jq -r '"\(.segments) \(.encoding)"' <<<"$output")" = '1 GSM-7' ]
	n=$((160 - $(jq .length <<<"$output") - 5))
	pad=$(printf 'x%.0s' $(seq $n))
	run --separate-stderr kb reply ask-neighbors --channel sms --examples \
		--set delivery_place="[{€}]$pad"
	[[ $stderr == *"155 characters, 1 SMS (GSM-7)"* ]]
	run --separate-stderr kb reply ask-neighbors --channel sms --examples \
		--set delivery_place="[{€}]${pad}x"
	[[ $stderr == *"156 characters, 2 SMS (GSM-7)"* ]]
	kb reply ask-neighbors --channel sms --examples --locale hu --format json >"$TMP/reply.json"
	checked output/reply "$TMP/reply.json"
	[ "$(jq -r .encoding "$TMP/reply.json")" = UCS-2 ]
}

@test "a reply's values are text, its fallbacks and variants are named" {
	run kb reply ask-neighbors --channel email --examples --format html \
		--set 'delivery_place=<b>*x*</b> {{support.phone}}'
	assert_output_has '<strong>&lt;b&gt;*x*&lt;/b&gt; {{support.phone}}</strong>'
	run --separate-stderr kb reply trace-opened --locale de-AT --examples
	[[ $stderr == *"there is no 'trace-opened' in de-AT: this is the one in de"* ]]
	run kb reply ask-neighbors --channel phone --examples
	assert_status 2
	assert_output_has 'has no text for phone: it has one for email, chat, sms'
	cp -R . "$TMP/example" && cd "$TMP/example"
	sed 's/^title:.*/title: Hungarian trace\nid: trace-hungary\nvariant_of: trace-opened\nregions: [HU]/; /^id:/d' \
		hu/replies/trace-opened.md >hu/replies/trace-hungary.md
	run --separate-stderr kb reply trace-opened --locale hu --region HU --examples
	assert_status 0
	[[ $stderr == *"'trace-hungary' replaces 'trace-opened' in HU"* ]]
	# English has no variant: the general one.
	run --separate-stderr kb reply trace-opened --region HU --examples
	assert_status 0
	assert_output_has 'Kind regards'
}

@test "missing, wrong and too long are said" {
	run kb reply ask-neighbors --channel sms
	assert_status 2
	assert_output_has "needs a value for 'order_number', 'delivery_place', 'delivery_day'"
	run kb reply ask-neighbors --set order=1
	assert_status 2
	assert_output_has "has no placeholder 'order'"
	run kb reply ask-neighbors --channel sms --examples \
		--set "delivery_place=$(printf 'x%.0s' {1..300})"
	assert_status 1
	assert_output_has 'takes 3 SMS'
	assert_output_has 'more than sms allows (2)'
	run kb reply ask-neighbors --channel sms --examples --set delivery_place=tetőtér
	assert_output_has 'UCS-2'
	run kb reply descale
	assert_status 2
	assert_output_has "'descale' is not a reply but an article"
	run kb reply nothing
	assert_status 2
	assert_output_has 'ask-neighbors'
	echo '[1]' >"$TMP/list.json"
	run kb reply ask-neighbors --values "$TMP/list.json"
	assert_status 2
}

@test "on a terminal, what is missing is asked for" {
	run typed $'\nMG-26-7\nwith Ann\nFriday\n' \
		"$KB reply ask-neighbors --channel sms"
	assert_status 0
	assert_output_has 'order_number — Order number (such as MG-26-104233)'
	assert_output_has 'delivered MG-26-7 on Friday (with Ann)'
}

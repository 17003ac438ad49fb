#!/usr/bin/env bats
# kb find: search, ranked, with passages; golden queries.
load helper
bats_require_minimum_version 1.5.0

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

@test "codes with a sign within, words made of two that are known" {
	kb find --locale en E05 >one
	kb find --locale en E-05 >two
	kb find --locale en 'E 05' >three
	cmp one two
	cmp one three
	run kb find --locale de Kaffeemaschinenreinigung
	[ "$status" -eq 0 ]
	first clean-milk-system
	run kb find --locale hu --audience public penzvisszaterites
	first refund
}

# A small help center of articles in English: "FILE: TITLE" a line, whose text is its title.
small() {
	local file title
	mkdir -p small/en/articles
	printf 'name: S\nlocales: [en, de]\n' >small/kb.yaml
	printf 'issues: [{id: a, label: A}]\n' >small/taxonomy.yaml
	printf 's: {name: S, email: s@example.org}\n' >small/people.yaml
	while IFS=: read -r file title; do
		printf -- '---\ntitle: "%s"\nissues: a\nowner: s\n---\nAbout %s.\n' "${title# }" "${title# }" >"small/en/articles/$file.md"
	done
	cd small || return
}

finds() { # QUERY ID: is first; without an ID, nothing is found
	run kb find --no-progress --locale en -n 3 -- "$1"
	[[ ${lines[0]} == *"(articles/$2, "* ]] || [[ ! $2 && $status -eq 1 ]] || { echo "$1: $output"; return 1; }
}

@test "joined, parted, with a hyphen: one word" {
	small <<-'END'
		wifi: Connect to Wi-Fi
		login: Log in
		log: Log files
		setup: Set up the machine
		mail: Change your E-Mail-Adresse
		two: Two-factor authentication
		node: Use Node.js
		att: Pay with AT&T
		popup: Allow popups
		checkout: Checkout is slow
		red: Red bull
		step: Step 5 of the check
	END
	for query in wifi wi-fi 'wi fi' Wi‑Fi WIFI; do finds "$query" wifi; done
	for query in login log-in 'log in' Log-in; do finds "$query" login; done
	for query in setup set-up 'set up' Setup; do finds "$query" setup; done
	for query in email e-mail emailadresse 'e-mail adresse' mailadresse; do finds "$query" mail; done
	for query in twofactor two-factor 'two factor'; do finds "$query" two; done
	for query in nodejs node.js 'node js'; do finds "$query" node; done
	finds att att
	finds 'pop-up' popup
	finds 'pop up' popup
	finds 'check out' checkout
	finds 'check-out' checkout
	# Where the parts are words of their own, they still are.
	finds 'log files' log
	finds 'step 5' step
}

finds_all() { # QUERY ID...: in this order
	local query=$1 id n=0

	shift
	run kb find --no-progress --locale en -n 5 --format json -- "$query"
	for id; do
		[ "$(jq -r ".hits[$n].id" <<< "$output")" = "articles/$id" ] ||
			{ echo "$query: $(jq -c '[.hits[].id]' <<< "$output")"; return 1; }
		n=$((n + 1))
	done
}

@test "a word that some documents join and others part: all are found, the exact ones first" {
	small <<-'END'
		one: Login problems
		parted: Log in
		file: Read a log file
		wizard: Setup wizard
		up: Set up the machine
		plug: Plugin list
		plug-in: Plug in the cable
		begin: Begin
	END
	finds_all login one parted
	finds_all 'log in' parted one
	finds_all setup wizard up
	finds_all 'set up' up wizard
	finds_all plugin plug plug-in
	finds_all begin begin
}

@test "each of several words with signs counts" {
	small <<-'END'
		c: C library
		cpp: C++ library
		cs: C# library
		java: Java library
	END
	finds_all 'C or C++' cpp c
	finds_all 'difference between C and C++' cpp c
	finds_all 'C C#' cs c
	finds_all 'c# c c++' cpp cs c || finds_all 'c# c c++' cs cpp c
}

@test "signs that belong to a word" {
	small <<-'END'
		a-cpp: C++ library
		b-csharp: C# library
		c: C library
		d-f: F# library
		net: .NET library
		a-net: Net weight
		tv: Disney+ on TV
		a-tv: Disney films
		plus: Number 50+ of all
	END
	finds C++ a-cpp
	finds c++ a-cpp
	finds 'C++ library' a-cpp
	finds cplusplus a-cpp
	finds C# b-csharp
	finds csharp b-csharp
	finds 'library (C#)' b-csharp
	finds C c
	finds 'C library' c
	finds F# d-f
	finds .NET net
	finds dotnet net
	finds 'net weight' a-net
	finds Disney+ tv
	finds disneyplus tv
	finds 'disney films' a-tv
	finds 50+ plus
}

@test "codes: one word, however they are written; no typing error of another" {
	small <<-'END'
		e1: Error E-1001
		e2: Error E-1002
		e3: Error E 1003
		e4: Error E1004
		f: Display shows F 12
		err: ERR_404 in the log
		sku: Part SKU-1234 is missing
		abc: Part AB-12-C is missing
		section: Section 5 of the terms
		phone: iPhone 12 and the app
		other: Section 12 of the terms
		errors: Error codes
		five: Wait for 5-10 minutes
	END
	for query in E-1001 E1001 'E 1001' e1001 'e 1001' E_1001 'error e 1001' 'Error E-1001'; do finds "$query" e1; done
	for query in E-1003 E1003 'E 1003'; do finds "$query" e3; done
	for query in E-1004 E1004 'e 1004'; do finds "$query" e4; done
	for query in F12 F-12 'F 12' f12; do finds "$query" f; done
	for query in ERR_404 ERR404 err-404 'err 404'; do finds "$query" err; done
	for query in SKU-1234 SKU1234 'sku 1234' 1234; do finds "$query" sku; done
	for query in AB-12-C AB12C 'ab-12' ab12; do finds "$query" abc; done
	for query in E1009 E-1009 'E 1009' E5; do
		finds "$query" ''
		[[ $output != *'did you mean'* ]]
	done
	finds 'section 5' section
	finds 'iphone 12' phone
	finds iphone12 phone
}

@test "a passage has each character once, whatever overlaps in it" {
	small <<<'a: 政府雇员 Wi-Fi 问题'
	run kb find --locale en '政府雇员 问题'
	[[ $output == *'About 政府雇员 Wi-Fi 问题.'* ]]
	kb find --locale en --format json '政府雇员 wifi' >hits.json
	[ "$(jq -r '[.hits[0].passage[].text] | add' hits.json)" = 'About 政府雇员 Wi-Fi 问题.' ]
	[ "$(jq -c '[.hits[0].passage[] | select(.mark).text]' hits.json)" = '["政府雇员","Wi-Fi"]' ]
}

@test "a reader's own language comes before what another stands in for" {
	small <<-'END'
		a: Install Proxmox
		b: Proxmox installer
		c: Move Proxmox
	END
	printf 'name: S\nlocales: [en, de, de-AT]\n' >kb.yaml
	mkdir -p de/articles de-AT/articles
	printf -- '---\ntitle: Proxmox VE einrichten und auf eigenem Server installieren\nissues: a\nowner: s\n---\nProxmox.\n' >de/articles/z.md
	printf -- '---\ntitle: Proxmox in Wien installieren und einrichten, mit Server\nissues: a\nowner: s\n---\nProxmox.\n' >de-AT/articles/y.md
	run kb find --locale de --audience public 'proxmox installieren'
	[[ ${lines[0]} == *'(articles/z, '* ]]
	run kb find --locale de --audience public proxmox
	[[ ${lines[0]} == *'(articles/z, '* ]]
	# Austria's own language is Germany's, too.
	run kb find --locale de-AT --audience public --format json proxmox
	[ "$(jq -r '[.hits[:2][].locale] | sort | join(" ")' <<<"$output")" = 'de de-AT' ]
	run kb find --locale en --audience public proxmox
	[[ ${lines[0]} != *' de/'* ]]
}

@test "what is so everywhere comes before what is for one region" {
	small <<-'END'
		a: The warranty in Hungary
		b: The warranty and what it covers
	END
	sed -i 's/^owner:/regions: [HU]\nowner:/' en/articles/a.md
	printf 'regions: {HU: Hungary}\n' >>kb.yaml
	finds warranty b
	run kb find --locale en --region HU warranty
	[[ ${lines[0]} == *'(articles/a, '* ]]
	run kb find --locale en 'warranty hungary'
	[[ ${lines[0]} == *'(articles/a, '* ]]
}

@test "a verb with 'zurück' finds the noun" {
	run kb find --locale de --audience public zurücksenden
	first return
	run kb find --locale de --audience public zurueckzahlen
	first refund
}

@test "a word that is foreign in other languages does not lead there" {
	run kb find parcel
	[[ ${lines[1]} == *" en/"* ]]
}

@test "a reader gets the translation, or what stands in for one that is a draft" {
	run kb find --locale de --audience public entkalken
	[[ ${lines[1]} == *" de/articles/care/descale.md" ]]
	sed -i 's/^title:/status: draft\ntitle:/' de/articles/care/descale.md
	sed -i '/^status: published/d' de/articles/care/descale.md
	run kb find --locale de --audience public descaling light
	[[ ${lines[1]} == *" en/articles/care/descale.md" ]]
	run kb find --locale de --drafts --type article Maschine entkalken
	[[ ${lines[1]} == *" de/articles/care/descale.md" ]]
}

@test "where a keyword matches, the summary is the passage" {
	sed -i 's/^title:/keywords: [zebrafish]\ntitle:/; /^keywords: \[[^z]/d' en/articles/returns/refund.md
	run kb find --locale en zebrafish
	first refund
	[[ ${lines[2]} == *"We refund within 5 working days"* ]]
}

@test "nothing of the content reaches the terminal as a command" {
	printf -- '---\ntitle: "Zebrafish \\e[31m \\u202e"\n---\nText \302\233 zebrafish.\n' >en/articles/z.md
	kb find zebrafish >out
	refute grep -q $'\033\|\302\233\|\342\200\256' out
}

@test "nothing matches: status 1; a misspelling is asked about" {
	run kb find xylophonist
	[ "$status" -eq 1 ]
	[[ $output == *"nothing matches"* ]]
	run kb find '--' '...'
	[ "$status" -eq 1 ]
}

@test "what is meant is looked for where the reader's documents are" {
	run kb find --locale de-AT Entkalckunngsmeldung
	[ "$status" -eq 1 ]
	[[ $output == *"did you mean 'entkalkungsmeldung'"* ]]
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
	run kb find --audience agents --locale en 'parccell zwiebelkucchhen'
	[[ $output == *"'parcel zwiebelkuchen'"* ]]
	run kb find --audience public --locale en 'parccell zwiebelkucchhen'
	[[ $output != *wiebelkuchen* ]]
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
	[[ $output == *"t.yaml:1:8: error: "* ]]
	run kb find --test missing.yaml
	[ "$status" -eq 2 ]
	printf -- '- query: parcel\n  expect: descale\n' >t.yaml
	run -2 kb find --test t.yaml
	assert_output_has "hint: write 'tests:' above the list"
	refute grep -q 'no list' <<<"$output"
	printf 'queries:\n  - {query: parcel, expect: descale}\n' >t.yaml
	run -2 kb find --test t.yaml
	assert_output_has "hint: known here: tests"
	assert_output_has 'no query was run: fix t.yaml first'
}

@test "golden queries say who asks, for what, and what will do" {
	cat >t.yaml <<-'EOF'
		tests:
		  - {query: refund, expect: [nothing, refund], within: 1}
		  - {query: refund rules, expect: refund-rules}
		  - {query: refund rules, expect: refund-rules, audience: agents, within: 1}
		  - {query: refund, expect: refund-delayed, audience: agents, type: reply, within: 1}
		  - {query: refund, expect: refund-case, audience: agents, issue: return.refund, type: workflow, within: 1}
		  - {query: Garantie, locale: de, expect: warranty, within: 1}
	EOF
	run kb find --test t.yaml
	[ "$status" -eq 1 ]
	[[ ${lines[0]} == "'refund rules' (en): 'refund-rules' is not found"* ]]
	[ "${#lines[@]}" -eq 3 ]
	run kb find --test t.yaml --format json
	[ "$(jq -c '[.tests[].found]' <<<"$output")" = '[true,false,true,true,true,true]' ]
	[ "$(jq -c '[.locales[] | [.locale, .found, .tests]]' <<<"$output")" = '[["en",4,5],["de",1,1]]' ]
	run kb find --test t.yaml --audience agents
	[ "$status" -eq 1 ]
	[[ ${lines[1]} == "'Garantie' (de): 'warranty' is number "* ]]
	[ "${#lines[@]}" -eq 4 ]
	printf 'tests:\n  - {query: refund, expect: refund, withn: 1}\n' >t.yaml
	run kb find --test t.yaml
	[ "$status" -eq 2 ]
	[[ $output == *"t.yaml:2:37: error: "*withn* ]]
	printf 'tests:\n  - {query: refund, expect: refund, issue: nothing}\n' >t.yaml
	run kb find --test t.yaml
	[ "$status" -eq 2 ]
}

@test "JSON is as its schema says" {
	local check
	check=$(dirname "$KB")/tools/schema_check
	kb find --format json Lieferung dauert lange >hits.json
	"$check" "$ROOT/schemas/output/find.json" hits.json
	[ "$(jq -r '.hits[0].passage | map(.text) | join("")' hits.json)" != "" ]
	[ "$(jq '[.hits[].passage[] | select(.mark)] | length > 0' hits.json)" = true ]
	[ "$(jq '[.hits[].score] == ([.hits[].score] | sort | reverse)' hits.json)" = true ]
	kb find --test search-tests.yaml --format json >tests.json
	"$check" "$ROOT/schemas/output/find.json" tests.json
	[ "$(jq '.locales[0].recall' tests.json)" = 1.000 ] ||
		[ "$(jq '.locales[0].recall' tests.json)" = 1 ]
	kb schema output/find | diff - "$ROOT/schemas/output/find.json"
	# The schema tells a wrong one.
	jq '.hits[0].score = "2"' hits.json >wrong.json
	run "$check" "$ROOT/schemas/output/find.json" wrong.json
	[ "$status" -ne 0 ]
}

@test "a word that only looks like another form outranks no title" {
	run kb find --locale en refund policy
	first refund-case
}

@test "a mistake in the golden queries: where, what is known, and that none was run" {
	printf 'tests:\n  - {query: lost, expct: parcel, zzz: 1}\n' >tests.yaml
	run kb find --test tests.yaml
	assert_status 2
	[[ $output == *"tests.yaml:2:19: error: the key 'expct' is not known here"* ]]
	[[ $output == *"did you mean 'expect'?"* ]]
	[[ $output != *'is missing'* ]]
	[[ $output == *'known here: query, locale, expect, within, audience, type and issue'* ]]
	[[ ${lines[-1]} == 'kb: no query was run: fix tests.yaml first; '* ]]
	printf 'tests: []\n' >tests.yaml
	run kb find --test tests.yaml
	assert_status 2
	[[ $output == *"has no list 'tests' of queries"* ]]
}

#!/usr/bin/env bats
# Style rules: each kind finds what Vale's documentation says of it, and nothing else.
bats_require_minimum_version 1.5.0
load helper

setup() {
	kb_setup
	kb_sample site
	cd site || return
	rm -rf style
	mkdir -p style/en
}

rule() { # NAME, with the rule on standard input
	cat >"style/en/$1.yaml"
}

text() { # an article with this body
	printf -- '---\ntitle: A test\nowner: support\n---\n%s\n' "$1" >en/articles/t.md
}

found() { # in the article: line:column and what stands before the rule's name
	kb validate en/articles/t.md 2>&1 | sed -n 's/^en\/articles\/t.md:\([0-9:]*\): \([a-z]*\): \(.*\) (.*) \[style\]$/\1 \2 \3/p'
}

finds() { # EXPECTED
	run found
	[ "$output" = "$1" ] || { printf 'expected:\n%s\ngot:\n%s\n' "$1" "$output"; kb validate | tail -20; false; }
}

@test "existence: tokens at word boundaries, letter case, exceptions, raw, nonword" {
	rule a <<<$'extends: existence\nmessage: "Avoid \'%s\'."\nignorecase: true\nlevel: warning\ntokens: [appears to be, "arguably(?: so)?"]\nexceptions: [ARGUABLY]'
	text $'It Appears to be fine, arguably so. XappearsX to be.\n\n`appears to be`\n\nARGUABLY not.'
	finds $'5:4 warning Avoid \'Appears to be\'.\n5:24 warning Avoid \'arguably so\'.'
	rule a <<<$'extends: existence\nmessage: "%%: \'%s\'."\nnonword: true\nlevel: error\ntokens: ["\\\\d%"]'
	text 'From 5% to 12 %.'
	finds "5:6 error %: '5%'."
	rule a <<<$'extends: existence\nmessage: "No \'%s\'."\nlevel: suggestion\nraw: ["[A-Z]{2}", "\\\\d+"]'
	text 'See AB12 and Ab34.'
	finds "5:5 info No 'AB12'."
}

@test "existence: 'raw' is the beginning of one expression with the tokens, or its end" {
	rule a <<<$'extends: existence\nmessage: "\'%s\'"\nignorecase: true\nraw: ["\\\\b(is|was|are)\\\\b\\\\s*"]\ntokens: [broken, sent]'
	text 'It is broken, was Sent and is fine. Broken parts are sent.'
	finds $'5:4 warning \'is broken\'\n5:15 warning \'was Sent\'\n5:50 warning \'are sent\''
	rule a <<<$'extends: existence\nmessage: "\'%s\'"\nappend: true\nraw: ["\\\\s+percent"]\ntokens: [five, ten]'
	text 'Five, ten percent, ten parts.'
	finds "5:7 warning 'ten percent'"
}

@test "existence: tokens are choices of one expression, so no two findings overlap" {
	rule a <<<$'extends: existence\nmessage: "\'%s\'"\ntokens: [very, very unique, so, so very much]'
	text 'A very unique thing, so very much so.'
	finds $'5:3 warning \'very\'\n5:22 warning \'so\'\n5:25 warning \'very\'\n5:35 warning \'so\''
	# Exceptions stand within what is found, in their own letter case.
	rule a <<<$'extends: existence\nmessage: "\'%s\'"\nignorecase: true\ntokens: ["\\\\w+ files?"]\nexceptions: [PDF]'
	text 'PDF files, pdf files and word files.'
	finds $'5:12 warning \'pdf files\'\n5:26 warning \'word files\''
	rule a <<<$'extends: existence\nmessage: "\'%s\'"\nnonword: true\ntokens: ["\\\\w+ „\\\\w+“", "Use \\\\S+"]\nexceptions: [„Aurora“, "C\\\\+\\\\+", "\'s"]'
	text $'Die „Aurora“ und die „Alba“.\n\nUse C++, Use cats, Use cat\'s.'
	finds $'5:18 warning \'die „Alba“\'\n7:10 warning \'Use cats,\''
	# ^ is the beginning of a line.
	rule a <<<$'extends: existence\nmessage: "\'%s\'"\nscope: raw\nnonword: true\ntokens: ["^TODO"]'
	text $'Not a TODO\nTODO: this'
	finds "6:1 warning 'TODO'"
}

@test "substitution: the longer words come first, where both stand" {
	rule a <<<$'extends: substitution\nmessage: "\'%s\' for \'%s\'"\nswap:\n  e-mail: email\n  e-mail address: address'
	text 'An e-mail address, an e-mail.'
	finds $'5:4 warning \'address\' for \'e-mail address\'\n5:23 warning \'email\' for \'e-mail\''
}

@test "substitution: what stands as it should be is right; spaces around words stay" {
	rule a <<<$'extends: substitution\nmessage: "\'%s\' for \'%s\'"\nswap:\n  OAuth 2: OAuth 2.0\n  account: user account\n  "all of (?!these)": all'
	text 'OAuth 2 and OAuth 2.0; a user account, an account; all of our, all of these.'
	finds $'5:1 warning \'OAuth 2.0\' for \'OAuth 2\'\n5:43 warning \'user account\' for \'account\'\n5:52 warning \'all\' for \'all of\''
	kb validate --fix en/articles/t.md >/dev/null || true
	[ "$(tail -1 en/articles/t.md)" = 'OAuth 2.0 and OAuth 2.0; a user account, an user account; all our, all of these.' ]
	rule a <<<$'extends: substitution\nmessage: "\'%s\' for \'%s\'"\nswap: {phone: mobile phone|smartphone}'
	text 'A mobile phone, a phone.'
	finds "5:19 warning 'mobile phone' or 'smartphone' for 'phone'"
	rule a <<<$'extends: substitution\nmessage: "%s%s"\nnonword: true\nswap: {" {2,}": "", " ,": ","}'
	text 'One  two ,  three.'
	kb validate --fix en/articles/t.md >/dev/null || true
	[ "$(tail -1 en/articles/t.md)" = 'Onetwo,three.' ]
}

@test "substitution: first the new words, then the old; groups, choices, edits" {
	rule a <<<$'extends: substitution\nmessage: "Use \'%s\' instead of \'%s\'."\nlevel: warning\nignorecase: true\ncapitalize: true\nswap:\n  utilize: use\n  "log ?in to (\\\\w+)": "sign in to $1"\n  "abort": "stop|cancel"\n  API: API'
	text 'Utilize it, log in to Billing, abort. The api.'
	finds $'5:1 warning Use \'Use\' instead of \'Utilize\'.\n5:13 warning Use \'sign in to Billing\' instead of \'log in to Billing\'.\n5:32 warning Use \'stop\' or \'cancel\' instead of \'abort\'.\n5:43 warning Use \'API\' instead of \'api\'.'
	kb validate --fix en/articles/t.md >/dev/null || true
	[ "$(tail -1 en/articles/t.md)" = 'Use it, sign in to Billing, abort. The API.' ]
}

@test "substitution: a capital at the start stays, unless the rule says otherwise" {
	rule a <<<$'extends: substitution\nmessage: "%s for %s"\nignorecase: true\nswap: {utilize: use, in order to: to, überprüfen: ändern, abort: stop|cancel, ios: iOS, i phone: iPhone}'
	text 'Utilize it in order to go. In order to go, utilize. Überprüfen. Abort. Ios, I phone.'
	finds $'5:1 warning Use for Utilize\n5:12 warning to for in order to\n5:28 warning To for In order to\n5:44 warning use for utilize\n5:53 warning Ändern for Überprüfen\n5:65 warning Stop\' or \'Cancel for Abort\n5:72 warning iOS for Ios\n5:77 warning iPhone for I phone'
	kb validate --fix en/articles/t.md >/dev/null || true
	[ "$(tail -1 en/articles/t.md)" = 'Use it to go. To go, use. Ändern. Abort. iOS, iPhone.' ]
	# Capitals that the rule itself asks for, or that it says do not matter, go.
	rule a <<<$'extends: substitution\nmessage: "%s for %s"\nswap: {Web site: website, "[Uu]tilize": use}'
	text 'A Web site. Utilize it.'
	kb validate --fix en/articles/t.md >/dev/null || true
	[ "$(tail -1 en/articles/t.md)" = 'A website. Use it.' ]
	rule a <<<$'extends: substitution\nmessage: "%s for %s"\nignorecase: true\ncapitalize: false\nswap: {utilize: use}'
	text 'Utilize it.'
	kb validate --fix en/articles/t.md >/dev/null || true
	[ "$(tail -1 en/articles/t.md)" = 'use it.' ]
	rule a <<<$'extends: existence\nmessage: "%s"\nignorecase: true\ntokens: [utilize]\naction: {name: replace, params: [use]}'
	text 'Utilize it.'
	kb validate --fix en/articles/t.md >/dev/null || true
	[ "$(tail -1 en/articles/t.md)" = 'Use it.' ]
}

@test "occurrence: at most and at least, by sentence or paragraph" {
	rule a <<<$'extends: occurrence\nmessage: "More than 3 words (%s)."\nscope: sentence\nlevel: warning\nmax: 3\ntoken: "\\\\b\\\\w+\\\\b"'
	text 'One two three. One two three four. Z. B. nothing.'
	finds '5:16 warning More than 3 words (4).'
	rule a <<<$'extends: occurrence\nmessage: "A comma is missing."\nscope: paragraph\nlevel: warning\nmin: 1\ntoken: ","'
	text $'With, one.\n\nWithout.'
	finds '7:1 warning A comma is missing.'
}

@test "repetition: the same word again, across a line end, not across other words" {
	rule a <<<$'extends: repetition\nmessage: "\'%s\' is repeated."\nlevel: error\nalpha: true\nignorecase: true\ntokens: ["[^\\\\s.,]+"]'
	text $'The the dog, and and\nand so so, 5 5 on on.'
	finds $'5:1 error \'the\' is repeated.\n5:14 error \'and\' is repeated.\n6:5 error \'so\' is repeated.\n6:16 error \'on\' is repeated.'
	rule a <<<$'extends: repetition\nmessage: "%s"\naction: {name: edit, params: [truncate, " "]}\ntokens: ["\\\\w+"]'
	text 'The the cat sat on on it.'
	finds '5:17 warning on'
	kb validate --fix en/articles/t.md >/dev/null || true
	[ "$(tail -1 en/articles/t.md)" = 'The the cat sat on it.' ]
}

@test "consistency: two ways of writing in one document" {
	rule a <<<$'extends: consistency\nmessage: "Inconsistent: \'%s\'."\nlevel: error\nignorecase: true\neither:\n  advisor: adviser\n  centre: center'
	text 'An advisor. The adviser. A centre.'
	finds "5:17 error Inconsistent: 'adviser'."
}

@test "capitalization: title, sentence, lower, upper, an expression" {
	heading() { rule a <<<$'extends: capitalization\nmessage: "Case of \'%s\'."\nlevel: warning\nscope: heading & ~title\n'"$1"; }
	text $'## Set Up the Thing With Care\n\n## Set up the thing\n\n## SET'
	heading $'match: $title\nstyle: Chicago\nthreshold: 1'
	finds $'5:4 warning Case of \'Set Up the Thing With Care\'.\n7:4 warning Case of \'Set up the thing\'.'
	text $'## Set Up the Thing with Care'
	finds ''
	# AP, which is the standard, has small words of three letters at most; four of five
	# words that are right are enough.
	heading $'match: $title\nthreshold: 1'
	finds "5:4 warning Case of 'Set Up the Thing with Care'."
	heading 'match: $title'
	finds ''
	text $'## Set Up the thing With Care\n\n## Set Up the thing with Care'
	finds "7:4 warning Case of 'Set Up the thing with Care'."
	heading $'match: $sentence\nexceptions: [Morgenau Aurora]\nindicators: [":"]'
	text $'## Care for the Morgenau Aurora\n\n## Care For The machine\n\n## Note: This is it'
	finds "7:4 warning Case of 'Care For The machine'."
	# The first word must be right, of all of them four fifths.
	text $'## care for the machine at home\n\n## Care for the Machine at home\n\n## Care for a PIN'
	finds "5:4 warning Case of 'care for the machine at home'."
	heading $'match: $sentence\nthreshold: 1\nprefix: "[a-z]\\\\. "\nexceptions: ["Series \\\\d+", Axon, Axon Server]'
	text $'## a. Choose Series 5\n\n## The Axon Server\n\n## a. choose'
	finds "9:4 warning Case of 'a. choose'."
	rule a <<<$'extends: capitalization\nmessage: "Write \'%s\' as \'%s\'."\nscope: heading & ~title\nmatch: $sentence\naction: {name: replace}'
	text $'## über Uns und Mehr, {{support.email}}'
	finds "5:4 warning Write 'über Uns und Mehr, *****************' as 'Über uns und mehr, *****************'."
	kb validate --fix en/articles/t.md >/dev/null || true
	[ "$(tail -1 en/articles/t.md)" = '## Über uns und mehr, {{support.email}}' ]
	heading 'match: $lower'
	text $'## all low\n\n## Not low'
	finds "7:4 warning Case of 'Not low'."
	heading 'match: $upper'
	text $'## ALL UP\n\n## Not up'
	finds "7:4 warning Case of 'Not up'."
	heading "match: '^[A-Z]'"
	text $'## Good\n\n## bad'
	finds "7:4 warning Case of 'bad'."
	heading $'match: "^[A-Z]"\nexceptions: [iOS]'
	text $'## iOS and others\n\n## bad'
	finds "7:4 warning Case of 'bad'."
	heading $'match: $lower\nexceptions: [PIN]'
	text $'## your PIN\n\n## Your code'
	finds "7:4 warning Case of 'Your code'."
}

@test "conditional: a short form that nothing explains" {
	rule a <<<$'extends: conditional\nmessage: "\'%s\' has no definition."\nlevel: error\nfirst: "\\\\b([A-Z]{3,5})\\\\b"\nsecond: "(?:\\\\b[A-Z][a-z]+ )+\\\\(([A-Z]{3,5})\\\\)"\nexceptions: [PDF]'
	text 'The World Health Organization (WHO) and the DAF as a PDF. WHO, DAF.'
	finds "5:45 error 'DAF' has no definition."
	rule a <<<$'extends: conditional\nmessage: "%s"\nfirst: "\\\\b([A-Z]{3})\\\\b"\nsecond: "short: ([A-Z]{3}) or ([A-Z]{3})"'
	text 'Here NBA and NFL are short: NBA or NHL.'
	finds '5:14 warning NFL'
}

@test "metric: arithmetic on counts, with a condition" {
	rule a <<<$'extends: metric\nmessage: "%s words a sentence."\nlevel: suggestion\nformula: (words / sentences) * 1.0\ncondition: "> 4"'
	text 'One two three four five. One two three four five six.'
	finds '2:8 info 5.50 words a sentence.'
	text 'One two. Three.'
	finds ''
	rule a <<<$'extends: metric\nmessage: "%s"\nlevel: warning\nformula: heading.h2 + list * 3 - math.sqrt(4)\ncondition: ">= 3.0"'
	text $'## A\n\n## B\n\n- c\n- d'
	finds '2:8 warning 3.00'
	# Lists, quotes and blocks of code are counted, not what stands in them.
	rule a <<<$'extends: metric\nmessage: "%s"\nformula: list + blockquote * 100 + pre * 10000\ncondition: "> 10"'
	text $'- a\n  - b\n  - c\n- d\n  - e\n\ntext\n\n1. f\n\n> g\n>\n> h\n\ni\n\n> j\n\n```\nk\n```'
	finds '2:8 warning 10204.00'
	# Words with three syllables without their ending.
	rule a <<<$'extends: metric\nmessage: "%s"\nformula: polysyllabic_words * 100 + complex_words\ncondition: "> 1"'
	text 'Remember, remembering, piloting.'
	finds '2:8 warning 302.00'
}

@test "scopes: where a rule looks" {
	body=$'## xx head\n\nxx para *xx em* **xx strong** [xx link](https://x.example) `xx code` ![xx alt](https://i.example/i.png)\n\n- xx item\n\n> xx quote\n\n| xx th |\n|---|\n| xx td |'
	while read -r scope lines; do
		rule a <<<$'extends: existence\nmessage: "%s"\nlevel: warning\ntokens: [xx]\nscope: '"$scope"
		text "$body"
		got=$(found | sed 's/:.*//' | uniq | tr '\n' ' ')
		[ "$got" = "$lines " ] || { echo "$scope: $got, not $lines"; false; }
	done <<-'EOF'
		text 5 7 9 11 13 15
		heading 5
		heading.h2 5
		heading.md 5
		paragraph 7
		list 9
		blockquote 11
		table 13 15
		table.header 13
		table.cell 15
		sentence 7 9 11 13 15
		alt 7
		link 7
		strong 7
		emphasis 7
		code 7
		raw 5 7 9 11 13 15
		summary 7 9 11
		[heading,list] 5 9
		~heading 7 9 11 13 15
		article 5 7 9 11 13 15
	EOF
	rule a <<<$'extends: existence\nmessage: "%s"\nlevel: warning\ntokens: [test]\nscope: title'
	finds '2:10 warning test'
	rule a <<<$'extends: existence\nmessage: "%s"\nlevel: warning\ntokens: [xx]\nscope: reply'
	finds ''
}

@test "a reply's scope is what customers read, not the notes to the agent" {
	rule a <<<$'extends: existence\nmessage: "%s"\nlevel: warning\ntokens: [unfortunately]\nscope: reply'
	cat >en/replies/r.md <<-'EOF'
		---
		title: R
		owner: support
		issues: [account.password]
		---
		> [!NOTE]
		> Never say unfortunately.

		We are unfortunately closed.
	EOF
	run kb validate en/replies/r.md
	assert_output_has 'en/replies/r.md:9:8: warning: unfortunately (a) [style]'
	[[ $output != *':7:'* ]]
}

@test "actions: replace, remove, edit; suggestions are not applied unasked" {
	rule a <<<$'extends: existence\nmessage: "%s"\nlevel: warning\ntokens: [very]\naction: {name: remove}'
	rule b <<<$'extends: existence\nmessage: "%s"\nlevel: warning\ntokens: [colour]\naction: {name: replace, params: [color]}'
	rule c <<<$'extends: existence\nmessage: "%s"\nlevel: warning\nnonword: true\ntokens: ["\\\\d+ ?percent"]\naction: {name: edit, params: [regex, "(\\\\d+) ?percent", "$1%%"]}'
	rule d <<<$'extends: existence\nmessage: "%s"\nlevel: warning\ntokens: [maybe]\naction: {name: suggest, params: [perhaps]}'
	text 'A very good colour, 5 percent, maybe.'
	kb validate --fix en/articles/t.md >/dev/null || true
	[ "$(tail -1 en/articles/t.md)" = 'A good color, 5%%, maybe.' ]
	rm style/en/*
	edit() { # TOKEN ACTION BEFORE AFTER
		rule a <<<$'extends: existence\nmessage: "%s"\nnonword: true\ntokens: ["'"$1"$'"]\naction: '"$2"
		text "$3"
		kb validate --fix en/articles/t.md >/dev/null || true
		[ "$(tail -1 en/articles/t.md)" = "$4" ] || { tail -1 en/articles/t.md; false; }
	}
	edit '\\w+ly-\\w+' '{name: edit, params: [regex, "-", " "]}' 'A newly-made-up one.' 'A newly made-up one.'
	edit '-+x-+' '{name: edit, params: [trim, "-"]}' 'A --x--.' 'A x.'
	edit '-+x-+' '{name: edit, params: [trim_left, "-"]}' 'A --x--.' 'A x--.'
	edit '-+x-+' '{name: edit, params: [trim_right, "-"]}' 'A --x--.' 'A --x.'
	edit 'a/b/c' '{name: edit, params: [truncate, "/"]}' 'Is a/b/c.' 'Is a.'
	edit 'a/b/c' '{name: edit, params: [split, "/", 1]}' 'Is a/b/c.' 'Is b.'
	edit 'auto-\\w+' '{name: convert, params: [simple]}' 'It auto-Scales.' 'It auto scales.'
}

@test "a locale's rules serve the locales of its language; a nearer rule of one name wins" {
	printf 'name: Help\nlocales: [{code: en}, {code: de}, {code: de-AT}]\n' >kb.yaml
	mkdir -p style/de/Firma style/de-AT/Firma de/articles de-AT/articles
	printf 'extends: existence\nmessage: "DE %%s"\ntokens: [Januar]\n' >style/de/Firma/monat.yaml
	printf 'extends: existence\nmessage: "AT %%s"\ntokens: [Jänner]\n' >style/de-AT/Firma/monat.yaml
	printf 'extends: existence\nmessage: "All %%s"\ntokens: [TODO]\n' >style/todo.yml
	for l in en de de-AT; do
		printf -- '---\ntitle: T\nowner: support\n---\nJanuar Jänner TODO\n' >$l/articles/m.md
	done
	run kb validate en/articles/m.md de/articles/m.md de-AT/articles/m.md
	assert_output_has 'en/articles/m.md:5:15: warning: All TODO (todo) [style]'
	assert_output_has 'de/articles/m.md:5:1: warning: DE Januar (Firma.monat) [style]'
	assert_output_has 'de-AT/articles/m.md:5:8: warning: AT Jänner (Firma.monat) [style]'
	[ "$(grep -c '\[style\]' <<<"$output")" -eq 5 ]
}

@test "a rule that cannot be run is an error at its place" {
	rule script <<<$'extends: script\nmessage: x\nscript: y'
	rule regex <<<$'extends: existence\nmessage: x\ntokens: ["(a"]'
	rule scope <<<$'extends: existence\nmessage: x\ntokens: [a]\nscope: headin'
	rule key <<<$'extends: existence\nmesage: x\ntokens: [a]'
	rule formula <<<$'extends: metric\nmessage: x\nformula: wrods / 2\ncondition: "> 1"'
	rule condition <<<$'extends: metric\nmessage: x\nformula: words\ncondition: "about 1"'
	rule match <<<$'extends: capitalization\nmessage: x\nmatch: $Title'
	rule edit <<<$'extends: existence\nmessage: x\ntokens: [a]\naction: {name: edit, params: [cut, b]}'
	rule convert <<<$'extends: existence\nmessage: x\ntokens: [a]\naction: {name: convert, params: [camel]}'
	rule behind <<<$'extends: existence\nmessage: x\ntokens: ["(?<!a+)b"]'
	mkdir style/xx
	cp style/en/key.yaml style/xx
	run kb validate
	assert_status 1
	assert_output_has "style/en/script.yaml:1:10: error: kb cannot run this rule: rules of the kind 'script' are not supported [style-rule]"
	assert_output_has "style/en/regex.yaml:3:9: error: kb cannot run this rule: the regular expression"
	assert_output_has "style/en/scope.yaml:4:8: error: kb cannot run this rule: there is no scope 'headin': did you mean 'heading'? [style-rule]"
	assert_output_has "style/en/key.yaml:2:1: error: the key 'mesage' is not known here"
	assert_output_has "style/en/formula.yaml:3:10: error: kb cannot run this rule: 'wrods' is not something that kb counts"
	assert_output_has "the condition must be a comparison with a number, such as '> 8', not 'about 1'"
	assert_output_has "style/en/match.yaml:3:8: error: kb cannot run this rule: 'match' must be"
	assert_output_has "style/en/edit.yaml:4:9: error: kb cannot run this rule: an edit must be [regex,"
	assert_output_has "style/en/convert.yaml:4:9: error: kb cannot run this rule: the only conversion"
	assert_output_has "style/en/behind.yaml:3:9: error: kb cannot run this rule: the regular expression '(?<!a+)b' is wrong at character 1"
	assert_output_has "style/xx/key.yaml:1:1: error: kb cannot run this rule: kb.yaml has no locale 'xx'"
}

@test "severities: kb.yaml caps them; off is off; kb-disable works" {
	rule a <<<$'extends: existence\nmessage: "%s"\nlevel: error\ntokens: [bad]\nlink: https://style.example/bad'
	text $'bad\n\n<!-- kb-disable style -->\n\nbad'
	finds '5:1 error bad'
	run kb validate en/articles/t.md
	assert_output_has 'hint: see https://style.example/bad'
	printf 'rules: {style: info}\n' >>kb.yaml
	finds '5:1 info bad'
	sed -i 's/style: info/style: "off"/' kb.yaml
	finds ''
	rule a <<<$'extends: existence\nmessage: "%s"\nlevel: error\nlimit: 2\ntokens: [bad]'
	sed -i '/^rules:/d' kb.yaml
	text 'bad bad bad'
	[ "$(found | wc -l)" -eq 2 ]
}

@test "of more than 200 findings of a rule, the last says that there are more" {
	rule a <<<$'extends: existence\nmessage: "%s"\nlevel: warning\ntokens: [bad]'
	text "$(printf 'bad\n%.0s' {1..200})"
	[ "$(found | grep -c ' bad$')" -eq 200 ]
	[ "$(found | wc -l)" -eq 200 ]
	text "$(printf 'bad\n%.0s' {1..300})"
	[ "$(found | grep -c ' bad$')" -eq 200 ]
	[ "$(found | tail -1)" = '205:1 warning this rule finds more from here on, which is not reported' ]
	text "$(printf 'bad\n%.0s' {1..200})

<!-- kb-disable style -->

bad"
	[ "$(found | wc -l)" -eq 200 ]
}

@test "rules of the kinds in well-known styles run on real help centers" {
	[ -d "$ROOT/../shared/corpus" ] || skip 'no ../shared/corpus'
	git clone -q "$ROOT/../shared/corpus/logingov.bundle" "$TMP/corpus"
	cd "$TMP/corpus"
	kb init -q --adopt >/dev/null
	mkdir -p style/en/Tech style/fr
	cat >style/en/Tech/Contractions.yaml <<-'EOF'
		extends: substitution
		message: "Use '%s' instead of '%s'."
		level: suggestion
		ignorecase: true
		swap: {cannot: can't, do not: don't, is not: isn't}
	EOF
	cat >style/en/Tech/Passive.yaml <<-'EOF'
		extends: existence
		message: "'%s' looks like the passive voice."
		level: suggestion
		ignorecase: true
		raw: ['\b(am|are|were|being|is|been|was|be)\b\s*']
		tokens: ['[\w]+ed', sent, made, done, given, used]
	EOF
	cat >style/en/Tech/Headings.yaml <<-'EOF'
		extends: capitalization
		message: "'%s' should be in sentence case."
		level: warning
		scope: heading
		match: $sentence
		exceptions: [Login.gov, Global Entry, USAJOBS, SAM.gov]
	EOF
	cat >style/en/Tech/Acronyms.yaml <<-'EOF'
		extends: conditional
		message: "Spell out '%s', if it is not well known."
		level: suggestion
		first: '\b([A-Z]{3,5})\b'
		second: '(?:\b[A-Z][a-z]+ )+\(([A-Z]{3,5})\)'
	EOF
	cat >style/en/Tech/Length.yaml <<-'EOF'
		extends: occurrence
		message: "Keep sentences short."
		scope: sentence
		level: suggestion
		max: 30
		token: \b(\w+)\b
	EOF
	cat >style/en/Tech/Grade.yaml <<-'EOF'
		extends: metric
		message: "Grade level %s."
		level: suggestion
		formula: (0.39 * (words / sentences)) + (11.8 * (syllables / words)) - 15.59
		condition: "> 10"
	EOF
	cat >style/fr/espace.yaml <<-'EOF'
		extends: existence
		message: "Il faut une espace avant '%s'."
		nonword: true
		level: suggestion
		tokens: ['\w[?!;]']
	EOF
	run kb validate --format json --fail-level none
	assert_status 0
	for name in Tech.Contractions Tech.Passive Tech.Headings Tech.Acronyms Tech.Length Tech.Grade espace; do
		[ "$(jq --arg n "($name)" '[.findings[] | select(.rule == "style" and (.message | endswith($n)))] | length' <<<"$output")" -gt 0 ] || { echo "$name found nothing"; false; }
	done
	[ "$(jq '[.findings[] | select(.rule == "style-rule")] | length' <<<"$output")" -eq 0 ]
	jq -e 'all(.findings[] | select(.message | endswith("(Tech.Passive)")); .message | test("^.(am|are|were|being|is|been|was|be)\\s+\\w"; "i"))' <<<"$output"
	# What is found stands at its place.
	jq -r '.findings[] | select(.message | endswith("(Tech.Contractions)")) | [.path, .line, .column, .end_column, (.message | capture("of .(?<w>[^.]+).\\.").w)] | @tsv' <<<"$output" | head -40 |
		while IFS=$'\t' read -r path line from to words; do
			[ "$(sed -n "${line}p" "$path" | python3 -c 'import sys; print(sys.stdin.read()[int(sys.argv[1])-1:int(sys.argv[2])-1])' "$from" "$to")" = "$words" ]
		done
}

@test "what a store keeps has the rule's own severity, whatever kb.yaml made of it then" {
	rule a <<<$'extends: existence\nmessage: "Not \'%s\'."\nlevel: warning\ntokens: [x]'
	text 'x'
	echo 'rules: {style: info}' >>kb.yaml
	finds "5:1 info Not 'x'."
	sed -i '$d' kb.yaml
	finds "5:1 warning Not 'x'."
}

load helper
bats_require_minimum_version 1.5.0

setup() {
	kb_setup
}

BROWSER='Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36'

# Two documents in two languages, one of which has moved and one that has aliases.
center() {
	mkdir -p en/articles/pots de/articles/pots usage
	cat >kb.yaml <<-'END'
		name: Help
		base_url: https://help.example
		timezone: Europe/Berlin
		locales: [{code: en}, {code: de}, {code: de-AT, fallback: de}]
		redirects:
		  /faq.html: leak
	END
	printf 'issues:\n  - {id: pot.leak, label: {en: Leaking pot, de: Kanne tropft}, aliases: [leak.old], examples: {en: [the pot drips, water drips from the pot]}}\n  - {id: pot.lid, label: Lid, examples: {en: [the lid does not close, where is the lid]}}\n' >taxonomy.yaml
	printf -- '---\nid: leak\ntitle: The pot leaks\nissues: [pot.leak]\n---\nText\n' >en/articles/pots/leak.md
	printf -- '---\nid: leak\ntitle: Die Kanne tropft\nissues: [pot.leak]\n---\nText\n' >de/articles/pots/leak.md
	printf -- '---\nid: lid\ntitle: The lid\naliases: [/old/lid]\n---\nText\n' >en/articles/pots/lid.md
}

line() { # TIME TARGET [STATUS [BROWSER [METHOD]]]
	printf '192.0.2.7 - - [%s] "%s %s HTTP/1.1" %s 100 "-" "%s"\n' \
		"$1" "${5:-GET}" "$2" "${3:-200}" "${4-$BROWSER}"
}

@test "what counts: pages, fallbacks, addresses with a file or a query" {
	center
	{
		line '05/Nov/2026:10:00:00 +0000' /en/articles/pots/leak/
		line '05/Nov/2026:10:00:01 +0000' /en/articles/pots/leak/index.html
		line '05/Nov/2026:10:00:02 +0000' '/en/articles/pots/leak/?utm_source=mail' 304
		line '05/Nov/2026:10:00:03 +0000' /en/articles/pots/leak
		line '05/Nov/2026:10:00:04 +0000' /de-AT/articles/pots/leak/
		line '05/Nov/2026:10:00:05 +0000' https://help.example/en/articles/pots/lid/
		line '05/Nov/2026:10:00:06 +0000' /en/articles/pots/lid/ 404
		line '05/Nov/2026:10:00:07 +0000' /en/articles/pots/lid/ 301
		line '05/Nov/2026:10:00:08 +0000' /en/articles/pots/lid/ 200 "$BROWSER" HEAD
		line '05/Nov/2026:10:00:09 +0000' /en/articles/pots/lid/ 200 'Mozilla/5.0 (compatible; Googlebot/2.1)'
		line '05/Nov/2026:10:00:10 +0000' /en/articles/pots/lid/ 200 ''
		line '05/Nov/2026:10:00:11 +0000' /en/articles/pots/lid/ 200 'Mozilla/5.0 (Linux; CUBOT NOTE 7) Chrome/90'
		line '05/Nov/2026:10:00:12 +0000' /assets/style.css
		line '05/Nov/2026:10:00:13 +0000' /en/articles/pots/lid/index.md
		line '05/Nov/2026:10:00:14 +0000' /en/
		line '05/Nov/2026:10:00:15 +0000' /en/articles/nothing/
		line '31/Oct/2026:22:59:59 +0000' /en/articles/pots/lid/
		line '31/Oct/2026:23:00:00 +0000' /en/articles/pots/lid/
	} >access.log
	run kb stats import access.log
	assert_status 0
	[ "$(cat usage/views-2026-11.csv)" = 'document,locale,audience,views,helpful,unhelpful,copies
leak,de,public,1,0,0,0
leak,en,public,4,0,0,0
lid,en,public,3,0,0,0' ]
	[ "$(cat usage/views-2026-10.csv)" = 'document,locale,audience,views,helpful,unhelpful,copies
lid,en,public,1,0,0,0' ]
	[[ $output =~ access.log\ +access\ log\ +18\ +9 ]]
	assert_output_has 'robots 2, files and errors 5, pages that show no document 2'
	run grep -rE '192\.0\.2\.7|Chrome' usage
	assert_status 1
	kb validate
}

@test "an export whose columns kb does not know is one error, with what to write" {
	center
	printf 'Utterance;intent;Language;Created at\nthe pot drips;x;en;2026-10-05\nthe lid;y;de;2026-10-06\n' >tickets.csv
	run kb stats import tickets.csv
	assert_status 2
	assert_output_has "which column says when tickets came, what tickets are about, the language of tickets. The columns are 'Utterance', 'intent', 'Language', 'Created at'. "
	assert_output_has 'such as: tickets: {date: Created at, issue: intent, text: Utterance, locale: Language}; or add --month 2026-10 --locale en'
	[ "${#lines[@]}" -eq 1 ]
	# What it says to write is right.
	cp kb.yaml plain.yaml
	grep -o 'tickets: {[^}]*}' <<<"$output" >>kb.yaml
	kb stats import tickets.csv
	[ "$(cut -d, -f1-4 usage/tickets-2026-10.csv)" = 'issue,locale,channel,tickets
pot.leak,en,,1
pot.lid,de,,1' ]
	# One that is missing, and JSON.
	cp plain.yaml kb.yaml
	printf 'date,text\n2026-10-05,the pot drips\n' >tickets.csv
	run kb stats import tickets.csv
	assert_status 2
	assert_output_has 'which column says the language of tickets. '
	assert_output_has '{locale: COLUMN}; or add --locale en'
	run kb stats import --locale en tickets.csv
	assert_status 0
	printf 'date,text\n2026-10-07,hello\n2026-10-05,the pot drips\n' >tickets.csv
	run kb stats import --locale en tickets.csv
	assert_output_has 'kb cannot tell what 1 of 1 tickets are about: they count without an issue'
	printf '{"when": "2026-10-05", "words": "the pot drips", "locale": "en"}\n' >tickets.jsonl
	run kb stats import tickets.jsonl
	assert_status 2
	assert_output_has "which column says when tickets came, what tickets are about. The columns are 'when', 'words', 'locale'"
	assert_output_has '{date: COLUMN, text: COLUMN}; or add --month 2026-10'
	# In an export that says the language, a ticket that does not is a fault.
	printf '{"date": "2026-10-08", "text": "the lid"}\n{"date": "2026-10-09", "text": "the lid", "locale": "en"}\n' >tickets.jsonl
	run kb stats import tickets.jsonl
	assert_status 1
	assert_output_has 'tickets.jsonl:1: its language is not a locale'
	# With one language, tickets need not say theirs; but if they do, it must be that.
	sed -i 's/^locales:.*/locales: [{code: en}]/' kb.yaml
	rm -rf de usage
	run kb stats import tickets.csv
	assert_status 0
	grep -q '^pot.leak,en,,1,' usage/tickets-2026-10.csv
	printf 'date,text,locale\n2026-10-05,the pot leaks,de\n2026-10-05,the lid,en\n' >tickets.csv
	run kb stats import tickets.csv
	assert_status 1
	assert_output_has 'tickets.csv:2: its language is not a locale'
	grep -q ',en,,1,' usage/tickets-2026-10.csv
}

@test "tickets without minutes are listed by their number; what is not counted is no loss" {
	center
	sed -i '/^issues/d' en/articles/pots/leak.md de/articles/pots/leak.md
	printf 'issue,locale,channel,tickets,linked,escalated,minutes\npot.leak,en,email,9,0,0,0\npot.lid,en,email,20,0,0,0\n' >usage/tickets-2026-10.csv
	printf 'document,locale,audience,views,helpful,unhelpful,copies\nleak,en,public,50,9,1,0\n' >usage/views-2026-09.csv
	printf 'locale,audience,query,count,results,clicks\nen,public,lid,9,1,1\n' >usage/searches-2026-09.csv
	run kb stats report --month 2026-10
	assert_status 0
	[ "$(grep -Eo '^pot\.(leak|lid) ' <<<"$output" | head -2)" = $'pot.lid \npot.leak ' ]
	[[ $output =~ Views\ +no\ data\ +50\ *$'\n' ]]
	[[ $output =~ Searches\ +no\ data\ +9\ *$'\n' ]]
	[[ $output =~ Tickets\ +29\ +0\ *$'\n' ]]
}

@test "an issue's id or label counts however its words are joined" {
	center
	printf 'date,issue,locale\n' >tickets.csv
	for name in pot.leak pot_leak POT-LEAK leak.old 'Leaking pot' leaking_pot kanne-tropft 'pot lid' lid; do
		printf '2026-10-05,%s,en\n' "$name" >>tickets.csv
	done
	run kb stats import tickets.csv
	assert_status 0
	[[ $output != *'Note'* ]]
	[ "$(tail -n +2 usage/tickets-2026-10.csv | cut -d, -f1,4)" = $'pot.leak,7\npot.lid,2' ]
}

@test "a log of another site, or in another folder, is not counted as imported" {
	center
	{
		line '05/Nov/2026:10:00:00 +0000' /assets/style.css
		line '05/Nov/2026:10:00:01 +0000' /help/en/articles/pots/leak/?x=1
		line '05/Nov/2026:10:00:02 +0000' /help/en/articles/pots/lid/
	} >access.log
	run kb stats import access.log
	assert_status 0
	assert_output_has "no line of access.log is for a page of this site: the first path is '/help/en/articles/pots/leak/', but pages are at paths such as '/de/articles/pots/leak/'"
	assert_output_has "correct 'base_url' in kb.yaml"
	[ -z "$(ls usage)" ]
	sed -i 's|^base_url: .*|base_url: https://help.example/help|' kb.yaml
	run kb stats import access.log
	[[ $output != *'no line of'* ]]
	[ "$(tail -n +2 usage/views-2026-11.csv)" = 'leak,en,public,1,0,0,0
lid,en,public,1,0,0,0' ]
	# A second time there is nothing to say, either; nor of a log without pages.
	run kb stats import access.log
	[[ $output != *'no line of'* ]]
	line '06/Nov/2026:10:00:00 +0000' /help/assets/style.css >access.log
	run kb stats import access.log
	[[ $output != *'no line of'* ]]
	line '06/Nov/2026:10:00:00 +0000' /other/page/ >access.log
	run kb stats import access.log
	assert_output_has "such as '/help/de/articles/pots/leak/'"
	# One line that is for a page is enough.
	line '07/Nov/2026:10:00:00 +0000' /other/page/ >access.log
	line '07/Nov/2026:10:00:01 +0000' /help/en/articles/pots/leak/ >>access.log
	run kb stats import access.log
	[[ $output != *'no line of'* ]]
}

@test "programs don't count, by the name that they send; browsers do" {
	center
	while read -r name; do
		line '05/Nov/2026:10:00:00 +0000' /en/articles/pots/leak/ 200 "$name"
	done >programs.log <<-'END'
		node
		undici
		node-fetch/1.0 (+https://github.com/bitinn/node-fetch)
		Deno/2.1.4
		Bun/1.1.38
		axios/1.7.9
		got (https://github.com/sindresorhus/got)
		python-requests/2.32.3
		Python/3.12 aiohttp/3.11.11
		Java-http-client/21.0.5
		Go-http-client/2.0
		Apache-HttpClient/4.5.14 (Java/17.0.13)
		okhttp/4.12.0
		GuzzleHttp/7
		reqwest/0.12.9
		Dart/3.6 (dart:io)
		Mozilla/5.0 (Windows NT; Windows NT 10.0; de-DE) WindowsPowerShell/5.1.19041.5129
		curl/8.11.0
		Wget/1.24.5
	END
	while read -r name; do
		line '05/Nov/2026:10:00:00 +0000' /en/articles/pots/leak/ 200 "$name"
	done >browsers.log <<-'END'
		Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0
		Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15
		Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36
		Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1
		Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 OPR/116.0.0.0 Edg/131.0.0.0
		Opera/9.80 (Android; Opera Mini/36.2) Presto/2.12.423 Version/12.16
	END
	kb stats import programs.log --format json >out.json
	[ "$(jq -c '.files[0] | [.lines, .views, .bots]' out.json)" = '[19,0,19]' ]
	[ ! -e usage/views-2026-11.csv ]
	kb stats import browsers.log
	[ "$(tail -1 usage/views-2026-11.csv)" = leak,en,public,6,0,0,0 ]
}

@test "votes, reasons, copies and searches; rare searches are hidden until they are not" {
	center
	vote='/stats/vote.txt?document=leak&locale=de&audience=public&revision=3f786850e387&event='
	search='/stats/search.txt?locale=en&audience=public&results=2&event=search&query='
	{
		line '05/Nov/2026:10:00:00 +0000' "${vote}helpful"
		line '05/Nov/2026:10:00:01 +0000' "${vote}unhelpful"
		line '05/Nov/2026:10:00:02 +0000' "${vote}reason&reason=unclear"
		line '05/Nov/2026:10:00:03 +0000' "${vote}reason&reason=%3Cscript"
		line '05/Nov/2026:10:00:04 +0000' "${vote}copy"
		line '05/Nov/2026:10:00:05 +0000' "${vote}love"
		line '05/Nov/2026:10:00:06 +0000' "${vote/leak/nothing}helpful"
		line '05/Nov/2026:10:00:07 +0000' "${vote/=de/=xx}helpful"
		for i in 1 2 3; do line "05/Nov/2026:10:01:0$i +0000" "${search}Lime++scale%20"; done
		line '05/Nov/2026:10:01:04 +0000' "${search}%3D1%2B1"
		line '05/Nov/2026:10:01:05 +0000' "${search}ann%40example.org"
		line '05/Nov/2026:10:01:06 +0000' "${search}49891234567"
		line '05/Nov/2026:10:01:07 +0000' "${search/event=search/event=click}lime+scale"
		line '05/Nov/2026:10:01:08 +0000' "${search/event=search/event=refine}lime+scale"
	} >one.log
	for i in 1 2; do line "06/Nov/2026:10:01:0$i +0000" "/help${search/results=2/results=0}lime+scale"; done >two.log
	run kb stats import one.log
	assert_status 0
	[ "$(cat usage/views-2026-11.csv)" = 'document,locale,audience,views,helpful,unhelpful,copies
leak,de,public,0,1,1,1' ]
	[ "$(cat usage/reasons-2026-11.csv)" = 'document,locale,audience,reason,count
leak,de,public,unclear,1' ]
	[ ! -e usage/searches-2026-11.csv ]
	run grep -rE 'lime|ann@|4989' usage
	assert_status 1
	run kb stats import two.log
	assert_status 0
	[ "$(cat usage/searches-2026-11.csv)" = 'locale,audience,query,count,results,clicks
en,public,lime scale,5,2,1' ]
	kb validate
}

@test "votes and searches of another audience than the log's do not count" {
	center
	vote='/stats/vote.txt?document=leak&locale=de&event=helpful&audience='
	search='/stats/search.txt?locale=en&results=2&event=search&query=lime&audience='
	{
		line '05/Nov/2026:10:00:00 +0000' "${vote}public"
		line '05/Nov/2026:10:00:01 +0000' "${vote}agents"
		line '05/Nov/2026:10:00:02 +0000' "${vote/helpful/reason}agents&reason=unclear"
		line '05/Nov/2026:10:00:03 +0000' "${vote}nobody"
		for i in 1 2 3 4 5; do line "05/Nov/2026:10:01:0$i +0000" "${search}agents"; done
		for i in 1 2 3 4 5 6; do line "05/Nov/2026:10:02:0$i +0000" "${search}public"; done
	} >one.log
	run -0 kb stats import one.log
	assert_output_has "votes and searches of the audience 'agents' (7) do not count: if it is the log of that site, add --audience agents"
	assert_output_has 'pages that show no document 8'
	[ "$(cat usage/{views,searches}-*.csv)" = 'document,locale,audience,views,helpful,unhelpful,copies
leak,de,public,0,1,0,0
locale,audience,query,count,results,clicks
en,public,lime,6,2,0' ]
	[ ! -e usage/reasons-2026-11.csv ]
	rm -r usage
	run -0 kb stats import --audience agents one.log
	assert_output_has "votes and searches of the audience 'public' (7) do not count"
	[ "$(tail -qn +2 usage/{views,reasons,searches}-*.csv)" = 'leak,de,agents,0,1,0,0
leak,de,agents,unclear,1
en,agents,lime,5,2,0' ]
	kb stats sql | grep "audience IN ('public')"
}

@test "what cannot be imported is told in words that say why" {
	center
	refused() { # NAME WHAT
		run -2 kb stats import "$1"
		assert_output_has "kb: $1: it is neither an access log nor a table of tickets$2"
		[ "${#lines[@]}" -eq 1 ]
	}
	printf 'hello world\nlines of text\n' >notes.txt
	refused notes.txt ": its first line is 'hello world'. 'kb help stats import' lists what kb reads"
	printf '\n\n2026/11/05 10:00:00 [error] 12#0: *1 open() "/srv/www/help/favicon.ico" failed, client: 192.0.2.7\n' >error.log
	refused error.log ": its first line is '2026/11/05"
	printf '{ hello\n' >broken
	refused broken ": its first line is '{ hello'"
	printf 'PK\003\004\024\0\0xl/workbook.xml' >t.xlsx
	run -2 kb stats import t.xlsx
	assert_output_has 'kb: t.xlsx: it is not text: if it is a spreadsheet, save it as CSV'
	[ -z "$(ls usage)" ]
	printf 'text\nthe pot drips\n' >one-column.csv
	run -0 kb stats import --month 2026-10 --locale en one-column.csv
	rm usage/*
	printf 'id,date,issue,locale\n1,foo,pot.leak,en\n' >bad.csv
	run -1 kb stats import bad.csv
	assert_output_has 'Nothing was imported: no file changes.'
	: >empty.log
	run -0 kb stats import empty.log
	assert_output_has 'Nothing to import: no file changes.'
	printf 'issue;locale;channel;tickets;linked;escalated;minutes\npot.leak;en;mail;1;0;0;9\n' >usage/tickets-2026-09.csv
	run -1 kb validate usage
	assert_output_has 'the columns are separated by semicolons, not commas'
	assert_output_has 'hint: save it as CSV with commas'
	sed -i 's/;/,/g' usage/tickets-2026-09.csv
	kb validate usage
	for month in 2026-13 2026-9 foo 2026-09-01; do
		run -2 kb stats report --month "$month"
		assert_output_has "kb: '$month' is not a month: write it as 2026-10"
	done
	run -2 kb stats report --month 2026-08
	assert_output_has 'usage/ has no data for 2026-08: the last month with data is 2026-09'
}

# One request in each format; all are the same.
@test "formats: each says the same, and the same request counts once in all of them" {
	center
	fields='#Version: 1.0
#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query'
	agent=$(sed 's/ /%20/g' <<<"$BROWSER")
	line '05/Nov/2026:11:00:00 +0100' '/en/articles/pots/leak/?a=1' >combined.log
	line '05/Nov/2026:11:00:00 +0100' '/en/articles/pots/leak/?a=1' | sed 's/^/help.example:443 /' >host.log
	line '05/Nov/2026:10:00:00 +0000' '/en/articles/pots/leak/?a=1' | sed 's/ "-" .*//' >common.log
	printf '%s\n2026-11-05\t10:00:00\tFRA2\t100\t192.0.2.7\tGET\tx.cloudfront.net\t/en/articles/pots/leak/\t200\t-\t%s\ta=1\n' "$fields" "$agent" >cloudfront.log
	jq -cn --arg a "$BROWSER" '{"time_iso8601": "2026-11-05T10:00:00+00:00", request: "GET /en/articles/pots/leak/?a=1 HTTP/2.0", status: "200", http_user_agent: $a, http_referer: "-"}' >nginx.json
	jq -cn --arg a "$BROWSER" '{level: "info", ts: 1793872800.25, logger: "http.log.access", msg: "handled request", request: {remote_ip: "192.0.2.7", method: "GET", host: "help.example", uri: "/en/articles/pots/leak/?a=1", headers: {"User-Agent": [$a]}}, status: 200}' >caddy.json
	jq -cn --arg a "$BROWSER" '{"ClientIP": "192.0.2.7", ClientRequestMethod: "GET", ClientRequestURI: "/en/articles/pots/leak/?a=1", ClientRequestUserAgent: $a, EdgeResponseStatus: 200, EdgeStartTimestamp: 1793872800000000000}' >cloudflare.json
	jq -cn --arg a "$agent" '{date: "2026-11-05", time: "10:00:00", "cs-method": "GET", "cs-uri-stem": "/en/articles/pots/leak/", "cs-uri-query": "a=1", "sc-status": "200", "cs(User-Agent)": $a}' >cloudfront.json
	for log in *.log *.json; do
		rm -rf usage
		kb stats import "$log"
		[ "$(tail -n +2 usage/views-2026-11.csv)" = leak,en,public,1,0,0,0 ]
	done
	rm -rf usage
	gzip -k combined.log
	kb stats import combined.log host.log nginx.json caddy.json cloudflare.json cloudfront.log - <combined.log.gz
	[ "$(tail -n +2 usage/views-2026-11.csv)" = leak,en,public,1,0,0,0 ]
}

@test "faults: lines that are not right are told, and the others count" {
	center
	{
		line '05/Nov/2026:10:00:00 +0000' /en/articles/pots/leak/
		echo 'not a line'
		line '35/Nov/2026:10:00:00 +0000' /en/articles/pots/leak/
		line '05/Nov/2026:10:00:00 +0000' /en/articles/pots/leak/ 2000
		echo
		printf '192.0.2.7 - - [05/Nov/2026:10:00:00 +0000] "GET /%070000d' 1
		echo
		printf '192.0.2.7 - - [05/Nov/2026:10:00:00 +0000] "\x16\x03\\x01" 400 0 "-" "-"\n'
		line '05/Nov/2026:10:00:01 +0000' /en/articles/pots/leak/
	} >access.log
	run kb stats import access.log
	assert_status 1
	assert_output_has 'access.log:2: there is no time'
	assert_output_has 'access.log:3: there is no time'
	assert_output_has 'access.log:4: there is no status'
	assert_output_has 'access.log:6: the line is too long'
	[ "$(tail -n +2 usage/views-2026-11.csv)" = leak,en,public,2,0,0,0 ]
	gzip -c access.log | head -c 200 >cut.gz
	run kb stats import cut.gz
	assert_status 1
	assert_output_has 'the gzip file is cut short'
	line '06/Nov/2026:10:00:00 +0000' /en/articles/pots/leak/ | gzip >two.gz
	line '07/Nov/2026:10:00:00 +0000' /en/articles/pots/leak/ | gzip >>two.gz
	head -c 500 /dev/zero >>two.gz
	run kb stats import two.gz
	assert_status 0
	[ "$(tail -n +2 usage/views-2026-11.csv)" = leak,en,public,4,0,0,0 ]
	printf '\037\213no gzip' >damaged.gz
	run kb stats import damaged.gz
	assert_status 1
	assert_output_has 'damaged.gz:1: the gzip file is damaged'
	head -c 300000000 /dev/zero | gzip -1 >bomb.gz
	run kb stats import bomb.gz
	assert_status 1
	assert_output_has 'bomb.gz: it has more than 256 MB: split it into several files'
	run kb stats import nothing.log
	assert_status 2
	: >empty.log
	run kb stats import empty.log
	assert_status 0
	printf 'document,locale,audience,views,helpful,unhelpful,copies\nleak,en,public,many,0,0,0\n' >usage/views-2026-11.csv
	run kb stats import access.log
	assert_status 2
	assert_output_has 'usage/views-2026-11.csv is not right in line 2'
}

@test "addresses: former ones count as long as they were pages, redirects do not" {
	center
	git init -q
	mkdir -p en/articles/kettles
	mv en/articles/pots/lid.md en/articles/kettles/cover.md
	sed -i '/aliases/d' en/articles/kettles/cover.md
	sed -i '/redirects/,$d' kb.yaml
	commit 2026-08-01 'as it was'
	git mv en/articles/kettles/cover.md en/articles/pots/lid.md
	commit 2026-09-10 'it moves'
	printf -- '---\nid: lid\ntitle: The lid\naliases: [/old/lid]\n---\nText\n' >en/articles/pots/lid.md
	printf 'redirects:\n  /faq.html: leak\n' >>kb.yaml
	commit 2026-09-20 'old addresses'
	for day in 05 15 25; do
		line "$day/Sep/2026:10:00:00 +0000" /en/articles/kettles/cover/
		line "$day/Sep/2026:10:00:01 +0000" /old/lid/
		line "$day/Sep/2026:10:00:02 +0000" /faq.html
	done >access.log
	run kb stats import access.log
	assert_status 0
	# kettles/cover on the 5th; the others on the 5th and the 15th
	[ "$(tail -n +2 usage/views-2026-09.csv)" = 'leak,en,public,2,0,0,0
lid,en,public,3,0,0,0' ]
}

@test "logs that overlap count once, in any order; those of two servers add up" {
	center
	for minute in {00..59}; do
		for second in 00 10 20 30 40 50; do
			line "05/Nov/2026:10:$minute:$second +0000" "/en/articles/pots/leak/?n=$minute"
		done
	done >all.log
	sed 's/GET/& /;s/  */ /;s/n=/m=/' all.log >other.log
	kb stats import all.log
	cp usage/views-2026-11.csv once
	[ "$(tail -n +2 once)" = leak,en,public,360,0,0,0 ]
	for parts in '200,360 1,120 100,250' '1,10 11,20 1,360' '150,160 1,360 300,340' '1,180 181,360 170,190'; do
		rm -rf usage
		for part in $parts; do
			sed -n "${part}p" all.log >part.log
			kb stats import part.log
		done
		diff once usage/views-2026-11.csv
	done
	run kb stats import all.log all.log
	assert_output_has 'Nothing new'
	kb stats import other.log
	[ "$(tail -n +2 usage/views-2026-11.csv)" = leak,en,public,720,0,0,0 ]
	run kb stats import -n other.log
	assert_status 0
	[ -z "$output" ]
}

tickets_config() {
	cat >>kb.yaml <<-'END'
		tickets: {id: No, date: Created, issue: Category, text: Subject, channel: Via, locale: Lang, linked: Article, escalated: Up, minutes: Time}
	END
}

@test "tickets: issue by id, alias, label and text; the other columns" {
	center
	tickets_config
	cat >tickets.csv <<-'END'
		No,Created,Category,Subject,Via,Lang,Article,Up,Time
		1,2026-10-05,pot.leak,x,email,en,leak,no,10
		2,2026-10-06 14:03,leak.old,x,E-Mail,en-GB,,yes,"12,5"
		3,5.10.2026,kanne tropft,x,Chat,de,leak,0,0:20
		4,2026-10-07T10:00:00+02:00,Other,the pot drips,phone,en,false,1,5
		5,2026-10-31T23:30:00Z,Strange,zzz,,de_CH,,,
	END
	run kb stats import tickets.csv
	assert_status 0
	assert_output_has "no issue is called 'Strange' (tickets: 1)"
	[ "$(cat usage/tickets-2026-10.csv)" = 'issue,locale,channel,tickets,linked,escalated,minutes
pot.leak,de,chat,1,1,0,20
pot.leak,en,email,2,1,1,23
pot.leak,en,phone,1,0,1,5' ]
	# half past midnight in Berlin
	[ "$(tail -n +2 usage/tickets-2026-11.csv)" = ',de,,1,0,0,0' ]
	run grep -rE 'drips|zzz' usage
	assert_status 1
	# the next export overlaps, and one ticket has changed
	sed '2,3d; s/0:20/0:25/' tickets.csv >next.csv
	echo '6,2026-10-20,pot.leak,x,email,en,,,1' >>next.csv
	run kb stats import next.csv tickets.csv
	assert_status 0
	[ "$(tail -n +2 usage/tickets-2026-10.csv)" = 'pot.leak,de,chat,1,1,0,20
pot.leak,en,email,3,1,1,24
pot.leak,en,phone,1,0,1,5' ]
	kb validate
}

@test "tickets: JSON Lines, lists, maps in maps, gzip" {
	center
	printf 'tickets: {date: created, issue: labels, channel: via.channel, locale: lang}\n' >>kb.yaml
	jq -cn '{created: "2026-10-05T08:00:00Z", labels: ["pot.leak"], via: {channel: "email"}, lang: "en"}' >a.jsonl
	jq -cn '{created: 1791200000, labels: "pot.leak", via: {channel: "email"}, lang: "en", minutes: 7}' >>a.jsonl
	echo '{"created": "2026-10-05"' >>a.jsonl
	gzip -k a.jsonl
	run kb stats import a.jsonl.gz
	assert_status 1
	assert_output_has 'a.jsonl.gz:3: it is not a JSON object'
	[ "$(tail -n +2 usage/tickets-2026-10.csv)" = 'pot.leak,en,email,2,0,0,7' ]
	head -2 a.jsonl | jq -s . >list.json
	run kb stats import --log-format tickets list.json
	assert_output_has 'Nothing new'
}

@test "tickets: a week without any, and one language that some leave out" {
	center
	echo '[]' >none.json
	run kb stats import --log-format tickets none.json
	assert_status 0
	sed -i '/^locales/s/.*/locales: [en]/' kb.yaml
	for locale in '' '"locale":"en",' ''; do
		echo "{\"date\":\"2026-10-05\",$locale\"issue\":\"pot.leak\",\"id\":\"$((++n))\"}"
	done >some.jsonl
	run kb stats import some.jsonl
	assert_status 0
	[ "$(tail -n +2 usage/tickets-2026-10.csv)" = 'pot.leak,en,,3,0,0,0' ] || { cat usage/tickets*; false; }
}

# Each of these tables says the same: two tickets, and one that is not right.
@test "tickets: tables that break the rules of CSV" {
	center
	good='issue,date,locale,minutes
pot.leak,2026-10-05,en,3
pot.leak,2026-10-06,en,4'
	bad() { # NAME, the table on standard input
		rm -rf usage
		cat >"$1.csv"
		run kb stats import "$1.csv" ${2:+--encoding "$2"}
		[ "$(tail -n +2 usage/tickets-2026-10.csv)" = 'pot.leak,en,,2,0,0,7' ] || {
			echo "$1: $output" "$(cat usage/tickets-2026-10.csv)"
			return 1
		}
	}
	bad plain < <(echo "$good")
	bad cr < <(echo "$good" | tr -d '\n' | sed 's/minutes/&\r/; s/en,3/&\r/')
	bad bom < <({ printf '\xef\xbb\xbf'; echo "$good"; } | sed 's/$/\r/')
	bad sep < <({ echo 'sep=;'; echo "$good"; } | tr , ';')
	bad tab < <(echo "$good" | tr , '\t')
	bad quotes < <(echo "$good" | sed 's/^/"/; s/$/"/; s/,/","/g')
	bad ragged < <(echo "$good" | sed 's/$/,,,/')
	bad nul < <(echo "$good" | sed 's/2026-10-05/\x00&/')
	bad utf16 < <(echo "$good" | iconv -t utf-16)
	bad latin windows-1252 < <(echo "$good" | sed '1s/.*/&,caf\xe9/')
	bad unclosed < <(printf '%s\n"pot.leak,2026-10-07,en,5\n' "$good")
	assert_status 1
	assert_output_has 'unclosed.csv:4: a quote is not closed'
	bad first < <(printf 'issue,date,locale,minutes\n"pot.leak,2026-10-07,en,5\n%s\n' "$(tail -2 <<<"$good")")
	assert_output_has 'first.csv:2: a quote is not closed'
	bad many < <(printf '%s\npot.leak,2026-10-07,en,5,too,many\n' "$good")
	assert_output_has 'many.csv:4: it has more fields'
	bad date < <(printf '%s\npot.leak,yesterday,en,5\n' "$good")
	assert_output_has 'date.csv:4: its date cannot be read'
	bad minutes < <(printf '%s\npot.leak,2026-10-07,en,long\n' "$good")
	bad locale < <(printf '%s\npot.leak,2026-10-07,xx,1\n' "$good")
	bad encoding < <(printf '%s\npot.l\xe9ak,2026-10-07,en,1\n' "$good")
	assert_output_has 'say which encoding it is in'
	run kb stats import --encoding klingon plain.csv
	assert_status 2
	echo 'issue,locale' >nodate.csv
	run kb stats import nodate.csv
	assert_status 2
	assert_output_has '--month 2026-10'
	printf 'issue,locale\npot.leak,en\n' >nodate.csv
	run kb stats import --month 2026-12 nodate.csv
	assert_status 0
	[ "$(tail -n +2 usage/tickets-2026-12.csv)" = 'pot.leak,en,,1,0,0,0' ]
}

@test "report of the example: the planted gaps come first, what nearly is one is not told" {
	cp -R "$ROOT/content-example" example
	cd example
	git init -q
	commit 2026-07-01 one
	run kb stats report --as-of 2026-11-20
	assert_status 0
	[[ ${lines[0]} == 'Month: 2026-10.' ]]
	[[ ${lines[4]} =~ ^order\.parts\ +de\ +article\ +361\ +301\ +0\ +118\ +7103\ +workshop$ ]]
	[[ $output =~ ersatzteile\ +de\ +492\ +kb\ new\ article\ ersatzteile\ --locale\ de ]]
	[[ $output == *'hu/replies/wrong-item-sorry.md'* && $output != *'en/replies/wrong-item-sorry.md'* ]]
	[[ $output =~ account\ +de\ +21\ +13 && $output != *payment.fraud*13*403* ]]
	[[ $output =~ de/articles/care/descale.md\ +11415\ +395\ +310\ +56\ %\ +unclear\ 75,\ missing\ 70,\ wrong\ 2 ]]
	# drip tray: one result, so it was found
	[[ $output != *'drip tray'* ]]
	run kb stats report --as-of 2026-10-15 --issue order --locale de
	[[ ${lines[0]} == 'Month: 2026-09.' && ${lines[4]} =~ ^order\.parts\ +de\ +article\ +301 ]]
	[[ $output != *machine* ]]
	run kb stats report --month 2026-12
	assert_status 2
}

@test "report: tickets before and after a change of substance" {
	center
	git init -q
	sed -i 's/Text/Wait for 5 minutes./' en/articles/pots/leak.md
	commit 2026-07-01 one
	sed -i 's/5 minutes/15 minutes/' en/articles/pots/leak.md
	commit 2026-09-10 'a number'
	sed -i 's/Wait/Please wait/' en/articles/pots/leak.md
	commit 2026-09-12 'a word'
	for month in 08:90 09:70 10:30; do
		printf 'issue,locale,channel,tickets,linked,escalated,minutes\npot.leak,en,email,%s,0,0,100\n' "${month#*:}" >"usage/tickets-2026-${month%:*}.csv"
	done
	run kb stats report
	assert_status 0
	[[ $output =~ Effect\ of\ content\ changes\ \(1\) ]]
	[[ $output =~ 2026-09-10\ +en/articles/pots/leak.md\ +paragraph.*15\ minutes.*pot.leak\ +90\ +30\ +-67\ % ]]
	rm -r usage
	run kb stats report
	assert_status 2
	assert_output_has "'kb stats import' makes them"
}

@test "aggregates: rows of another audience are left out, and do not add up" {
	center
	printf '%s\n' month,kind,word1,word2,word3,word4,n1,n2,n3,n4 2026-10,views,leak,en,public,,3,1,0,0 \
		2026-10,views,leak,en,agents,,5,0,0,0 2026-10,searches,en,agents,pot,,7,1,0,0 >counts.csv
	for i in 1 2; do
		run kb stats import counts.csv
		assert_status 0
		assert_output_has "rows of the audience 'agents' are left out; add --audience"
		[ "$(tail -n +2 usage/views-2026-10.csv)" = leak,en,public,3,1,0,0 ]
		[ "$(tail -n +2 usage/searches-2026-10.csv 2>/dev/null)" = '' ]
	done
}

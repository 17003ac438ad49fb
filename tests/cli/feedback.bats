# kb feedback: reports come in, are listed against what changed since, and are settled.
load helper
bats_require_minimum_version 1.5.0

setup() {
	kb_setup
	mkdir -p help/en/articles
	cd help || return
	git init -q
	cat >kb.yaml <<-'YAML'
		name: Help
		base_url: https://help.example.org
		timezone: UTC
		locales: [{code: en}, {code: de}]
		contact: [{channel: email, label: Mail, email: care@example.org}]
		privacy: {patterns: ['\bMG-\d{4}\b']}
	YAML
	printf 'ann: {name: Ann, email: ann@example.org}\nben: {name: Ben}\n' >people.yaml
	printf 'issues:\n  - {id: lost, label: Lost, owner: ben}\n' >taxonomy.yaml
	article descale 'Wait 20 minutes.' 'Take 100 ml.'
	article other 'Nothing.' 'Nothing.'
	commit 2026-11-01 one
}

article() { # NAME RINSE ACID
	printf -- '---\nid: %s\ntitle: About %s\nowner: ann\n---\n## Rinse\n\n%s\n\n## Acid\n\n%s\n' \
		"$1" "$1" "$2" "$3" >"en/articles/$1.md"
}

since() { # ID
	kb feedback list --format json | jq -r ".feedback[] | select(.document == \"$1\").since"
}

@test "a report is a file of its own that validates" {
	run -0 kb feedback add descale#rinse 'The button is gone.' --kind outdated --reporter ben
	[[ $output == feedback/2026-11-25-the-button-is-gone-*.yaml ]]
	run -0 cat "$output"
	assert_output_has 'document: descale'
	assert_output_has 'step: rinse'
	assert_output_has "revision: '$(git rev-parse HEAD)'"
	assert_output_has 'kind: outdated'
	assert_output_has 'reporter: ben'
	run -0 kb validate feedback
	run -0 kb feedback add descale#rinse 'The button is gone.' --kind outdated --reporter ben
	assert_output_has 'already there'
	[ "$(ls feedback | wc -l)" -eq 1 ]
	run -0 kb feedback add descale -n 'Another one'
	assert_output_has '+text: Another one'
	[ "$(ls feedback | wc -l)" -eq 1 ]
}

@test "the text comes from a pipe, the place from an address, an issue needs no place" {
	printf 'One.\n\nTwo.\n' | kb feedback add https://help.example.org/en/articles/other/
	printf 'Three.' | kb feedback add --issue lost -
	run -0 kb feedback list --format json
	[ "$(jq -r '[.feedback[] | .text] | sort | join("|")' <<<"$output")" = $'One.\n\nTwo.|Three.' ]
	[ "$(jq -r '[.feedback[] | "\(.document) \(.issue) \(.kind) \(.owner)"] | sort | join("|")' <<<"$output")" \
		= 'null lost missing ben|other null wrong ann' ]
}

@test "personal data does not get in" {
	run -0 kb feedback add descale 'Call +49 170 1234567 or max@web.de about MG-1234'
	assert_output_has 'personal data was taken out: 3 places'
	run -0 cat feedback/*
	assert_output_has 'Call [phone] or [email] about [number]'
	run -0 kb validate feedback
	[[ $output != *privacy* ]]
}

@test "wrong words are refused, and nothing is written" {
	run -2 kb feedback add descael 'x'
	assert_output_has "did you mean 'descale'"
	run -2 kb feedback add descale --step boil 'x'
	assert_output_has "'descale' has no step or heading 'boil': its headings are rinse, acid"
	run -2 kb feedback add descale#boil 'x'
	assert_output_has "'descale' has no step or heading 'boil': its headings are rinse, acid"
	run -2 kb feedback add en/articles/descale.md#rins 'x'
	assert_output_has "has no step or heading 'rins': did you mean 'rinse'?"
	run -2 kb feedback add https://help.example.org/en/articles/descale/#rins 'x'
	assert_output_has "did you mean 'rinse'?"
	run -2 kb feedback add descale#rinse --step acids 'x'
	assert_output_has "did you mean 'acid'?"
	run -2 kb feedback add descale --kind bad 'x'
	run -2 kb feedback add descale --reporter nobody 'x'
	run -2 kb feedback add descale --issue none 'x'
	run -2 kb feedback add descale ' '
	run -2 kb feedback add
	run -2 kb feedback close nothing
	run -2 kb feedback import
	run -2 kb feedback import --document descale#rins /dev/null
	assert_output_has "did you mean 'rinse'?"
	run -2 kb feedback import --watch nowhere
	[ ! -e feedback ]
}

@test "a step may be in any locale of the document, and a place without a heading is no step" {
	mkdir -p de/articles
	sed 's/## Rinse/## Spülen/' en/articles/descale.md >de/articles/descale.md
	printf '\n<a id="end"></a>\n' >>en/articles/descale.md
	run -0 kb feedback add descale#spülen --locale de 'Too long.'
	run -0 cat "$output"
	assert_output_has 'step: spülen'
	run -0 kb feedback add $'descale#spu\xcc\x88len' 'Decomposed.'
	run -0 cat "$output"
	assert_output_has 'step: spülen'
	run -2 kb feedback add en/descale#spülen 'x'
	for place in end top ':~:text=Wait'; do
		run -0 kb feedback add "https://help.example.org/en/articles/descale/#$place" "At $place."
		run -0 cat "$output"
		refute grep -q '^step' <<<"$output"
	done
}

@test "an imported report keeps what is known of its place" {
	printf 'page,comment\ndescale#boil,Old heading\ndescale#acid,This one\n' >a.csv
	run -0 kb feedback import a.csv
	run -0 kb feedback list --format json
	[ "$(jq -r '[.feedback[] | "\(.document) \(.step) \(.text)"] | sort | join("|")' <<<"$output")" \
		= 'descale acid This one|descale null Old heading' ]
}

@test "the list says whether the passage changed since" {
	kb feedback add descale#rinse 'x'
	[ "$(since descale)" = same ]
	article descale 'Wait 20 minutes.' 'Take 200 ml.'
	[ "$(since descale)" = elsewhere ]
	article descale 'Wait 30 minutes.' 'Take 200 ml.'
	commit 2026-11-20 two
	[ "$(since descale)" = changed ]
	run -0 kb feedback list
	assert_output_has 'the step changed since: '
	sed -i 's/## Rinse/## Clean/' en/articles/descale.md
	[ "$(since descale)" = gone ]
	# Without a revision: as it was at the end of the day of the report.
	kb feedback add other 'y'
	sed -i '/^revision/d; s/^created: .*/created: 2026-11-01/' feedback/*-y-*
	[ "$(since other)" = same ]
	article other 'Something.' 'Nothing.'
	[ "$(since other)" = changed ]
	git mv en/articles/other.md en/articles/another.md
	[ "$(since other)" = unknown ]
	commit 2026-11-21 three
	[ "$(since other)" = changed ]
}

@test "the list is filtered, open reports first" {
	kb feedback add descale 'first'
	kb feedback add other 'second' --kind praise
	kb feedback add --issue lost 'third'
	kb feedback close "$(basename feedback/*first*)" --status declined --note 'No.'
	of() { kb feedback list --format json "$@" | jq -r '[.feedback[].text] | join(" ")'; }
	[ "$(of)" = 'third first second' ]
	[ "$(of --open)" = third ]
	[ "$(of descale)" = first ]
	[ "$(of --owner ann)" = 'first second' ]
	[ "$(of --issue lost)" = third ]
	[ "$(kb feedback --format json | jq .open)" = 1 ]
	run -2 kb feedback list descael
	run -0 kb feedback list --format csv
	assert_output_has 'third'
}

@test "open reports are late after audit.feedback_age" {
	kb feedback add descale 'x'
	sed -i 's/^created: .*/created: 2026-11-15/' feedback/*
	[ "$(kb feedback --format json | jq '.feedback[].late')" = false ]
	echo 'audit: {feedback_age: 10d}' >>kb.yaml
	[ "$(kb feedback --format json | jq '.feedback[].late')" = false ]
	sed -i 's/10d/9d/' kb.yaml
	[ "$(kb feedback --format json | jq '.feedback[].late')" = true ]
}

@test "closing keeps every other byte, and writes to the reporter" {
	kb feedback add descale 'Too short.' --reporter ann
	kb feedback add other 'Hm.'
	article descale 'Wait 30 minutes.' 'Take 100 ml.'
	commit 2026-11-20 fix
	file=$(ls feedback/*too*)
	cp "$file" before
	run -0 kb feedback close "$file" --note 'We wait longer now.' --commit HEAD --format email
	assert_output_has 'To: ann@example.org'
	assert_output_has 'From: care@example.org'
	assert_output_has 'Subject: Your feedback: About descale'
	assert_output_has 'Too short.'
	assert_output_has 'https://help.example.org/en/articles/descale/'
	assert_output_has 'What changed'
	run diff before "$file"
	[ "${#lines[@]}" -eq 5 ]
	assert_output_has '> status: done'
	assert_output_has "> note: We wait longer now. (commit $(git rev-parse --short=12 HEAD))"
	# Without an address nothing is changed.
	run -2 kb feedback close "$(ls feedback/*hm*)" --format email
	assert_output_has '--to'
	[ -z "$(git status --porcelain feedback/*hm*)" ]
	run -0 kb feedback close "$(ls feedback/*hm*)" -n
	assert_output_has '+status: done'
	run -0 kb validate feedback
}

@test "a report is closed by the beginning of its name, if no other begins so" {
	kb feedback add descale 'First report.'
	kb feedback add descale 'Second report.'
	run -2 kb feedback close 2026-11-25
	assert_output_has "the names of 2 reports begin with '2026-11-25'"
	run -2 kb feedback close ''
	[ "$(kb feedback --format json | jq .open)" = 2 ]
	run -0 kb feedback close 2026-11-25-f
	[[ $output == feedback/2026-11-25-first-* ]]
	run -2 kb feedback close 2026-11-25-s 2026-11-27
	[ "$(kb feedback --format json | jq .open)" = 1 ]
	# A whole name counts, although another begins with it.
	cp feedback/*second* feedback/2026-11-25.yaml
	run -0 kb feedback close 2026-11-25
	[ "$output" = feedback/2026-11-25.yaml ]
	run -2 kb feedback close 2026-11-26
	assert_output_has "there is no report '2026-11-26'"
}

mailbox() {
	cat <<-'MBOX'
		From a@b Wed Nov 25 10:00:00 2026
		From: Ann <ANN@example.org>
		Subject: Re: About other
		Message-ID: <1@x>
		Date: Tue, 24 Nov 2026 10:00:00 +0000

		Nothing is not enough.

		From a@b Wed Nov 25 10:00:00 2026
		From: x@web.de
		Subject: Feedback
		Message-ID: <2@x>

		en/descale#acid (REV)
		Kind: unclear

		Which acid?

		From a@b Wed Nov 25 10:00:00 2026
		Subject: Win a prize

		No page.

		From a@b Wed Nov 25 10:00:00 2026
		Auto-Submitted: auto-replied

		Away.
	MBOX
}

@test "mail is imported once, what names no page is said, the rest is there" {
	mailbox | sed "s/REV/$(git rev-parse --short HEAD:en/articles/descale.md)/" >mbox
	run -1 kb feedback import mbox
	assert_output_has 'mbox: message 3: it names neither a document nor an issue'
	assert_output_has '2 reports added, 1 left out, 1 no reports'
	run -0 kb feedback list --format json
	run jq -r '.feedback[] | "\(.document) \(.step) \(.kind) \(.reporter) \(.created) \(.revision) \(.text)"' <<<"$output"
	assert_output_has 'other null wrong ann 2026-11-24 null Nothing is not enough.'
	assert_output_has "descale acid unclear customer 2026-11-25 $(git rev-parse HEAD) Which acid?"
	kb feedback close feedback/*which*
	run -1 kb feedback import - <mbox
	assert_output_has '0 reports added, 2 already there'
	[ "$(ls feedback | wc -l)" -eq 2 ]
	run -0 kb feedback import mbox --issue lost
	assert_output_has '1 report added, 2 already there'
}

@test "tables: other separators, encodings and wrong rows" {
	printf 'Page;Comment;Date\r\ndescale;"Zu ""kurz""\r\nund laut";2026-11-02\r\n"open;x\r\nother;f\374r mich;nope\r\n' >a.csv
	run -1 kb feedback import a.csv
	assert_output_has '2 reports added'
	run -0 kb feedback list --format json
	assert_output_has 'Zu \"kurz\"\nund laut'
	assert_output_has 'für mich'
	printf '\377\376' >b.csv
	printf 'url,text\n/en/articles/other/,h\303\251\n' | iconv -f utf-8 -t utf-16le >>b.csv
	run -0 kb feedback import b.csv
	grep -q 'text: hé' feedback/*
}

@test "issues of GitHub and GitLab" {
	cat >github.json <<-'JSON'
		[{"number":1,"title":"Too short","state":"CLOSED","stateReason":"NOT_PLANNED",
		  "url":"https://github.com/o/r/issues/1","createdAt":"2026-11-02T10:00:00Z",
		  "labels":[{"name":"kind: outdated"}],"author":{"login":"x"},
		  "body":"### Page\r\n\r\ndescale\r\n\r\nMore."},
		 {"number":2,"title":"PR","body":"document: other","pull_request":{}}]
	JSON
	cat >gitlab.json <<-'JSON'
		[{"iid":1,"title":"About other","description":null,"state":"opened",
		  "web_url":"https://gitlab.com/o/r/-/issues/1","labels":["kind::missing"],
		  "created_at":"2026-11-03T10:00:00Z","author":{"username":"x"}}]
	JSON
	run -0 kb feedback import github.json gitlab.json
	run -0 kb feedback list --format json
	run jq -r '.feedback[] | "\(.document) \(.kind) \(.status) \(.created) \(.text)"' <<<"$output"
	assert_output_has 'other missing open 2026-11-03 About other'
	assert_output_has 'descale outdated declined 2026-11-02 Too short'
	run -0 kb feedback import github.json gitlab.json
	assert_output_has '0 reports added, 2 already there, 1 no reports'
}

@test "of several files, all are imported or none" {
	printf '{"page":"descale","text":"one"}\n' >a.jsonl
	printf '{"page":"descale","text":"one"}\n{"page":"other","text":"two"}\n' >b.jsonl
	run -2 kb feedback import a.jsonl nothing.jsonl
	assert_output_has 'cannot read nothing.jsonl'
	[ ! -e feedback ]
	run -0 kb feedback import a.jsonl b.jsonl
	assert_output_has '2 reports added, 1 already there'
}

@test "a folder is watched until a signal" {
	mkdir in
	printf '{"page":"descale","text":"one"}\n' >in/a.jsonl
	"$KB" feedback import --watch in >out 2>err &
	pid=$!
	for i in {1..100}; do [ -s out ] && break || sleep 0.1; done
	printf '{"page":"other","text":"two"}\n{"page":"other","te' >>in/a.jsonl
	printf 'not,a,report\n1,2,3\n' >in/b.csv
	: >in/.hidden
	for i in {1..100}; do [ "$(wc -l <out)" -eq 2 ] && break || sleep 0.1; done
	printf 'xt":"three"}\n' >>in/a.jsonl
	for i in {1..100}; do [ "$(wc -l <out)" -eq 3 ] && break || sleep 0.1; done
	kill -TERM $pid
	wait $pid
	[ "$(cat feedback/* | grep -c '^text: \(one\|two\|three\)$')" -eq 3 ]
	run -0 cat err
	assert_output_has 'in/b.csv: line 2: it names neither a document nor an issue'
}

@test "what could not be written is tried again, and a last line needs no end" {
	mkdir in
	: >feedback
	printf '{"page":"descale","text":"one"}' >in/a.jsonl
	touch -d 'next year' in/a.jsonl
	"$KB" feedback import --watch in >out 2>err &
	pid=$!
	for i in {1..100}; do [ -s err ] && break || sleep 0.1; done
	rm feedback
	for i in {1..100}; do [ -s out ] && break || sleep 0.1; done
	kill -TERM $pid
	wait $pid
	[ "$(wc -l <out)" -eq 1 ]
	[ "$(grep -c feedback err)" -eq 1 ] || { cat err; false; }
	grep -q 'text: one' feedback/*
}

@test "a walk through a workflow reports the step" {
	mkdir -p en/workflows
	printf -- '---\ntitle: Flow\nowner: ann\nissues: [lost]\n---\n## Ask\n\nHow?\n\n- [Yes](kb:resolved)\n' >en/workflows/flow.md
	run -0 kb case lost --walk <<<$'r Where is the button?\n1'
	assert_output_has 'Reported: feedback/'
	run -0 cat feedback/*
	assert_output_has 'step: ask'
	assert_output_has 'text: Where is the button?'
}

# Publishes for both audiences and compares the agents' site with one made from scratch.
publish_both() {
	kb publish -q --out customers
	kb publish -q --audience agents --out agents
	kb publish -q --audience agents --clean --out clean
	diff -r agents clean
}

@test "agents see open reports on the page of a document and of a case" {
	sed -i 's/^owner: ann/&\nissues: [lost]/' en/articles/descale.md
	mkdir feedback
	report() { # NAME SUBJECT KIND STATUS
		printf '%s\nlocale: en\nkind: %s\ntext: "Words of <%s>."\ncreated: 2026-11-02\nstatus: %s\n' \
			"$2" "$3" "$1" "$4" >"feedback/2026-11-02-$1.yaml"
	}
	report rinse $'document: descale\nstep: rinse' wrong open
	report issue 'issue: lost' missing accepted
	report settled 'document: descale' wrong done
	report thanks 'document: descale' praise open
	report elsewhere 'document: other' unclear open
	publish_both
	run -1 grep -rl 'Words of' customers
	run -0 grep -o 'Words of &lt;[a-z]*' agents/en/articles/descale/index.html
	[ "$output" = 'Words of &lt;rinse' ]
	run -0 grep -o 'Words of &lt;[a-z]*' agents/en/topics/lost/index.html
	[ "$(sort <<<"$output")" = $'Words of &lt;issue\nWords of &lt;rinse' ]
	run -0 grep -c 'href="../../../en/articles/descale/#rinse"' agents/en/topics/lost/index.html
	run -0 grep -A9 'id="kb-feedback"' agents/en/topics/lost/index.html
	assert_output_has 'Something is missing</span> <span class="kb-badge kb-badge-status">Accepted'

	sed -i 's/^status: .*/status: done/' feedback/2026-11-02-rinse.yaml
	publish_both
	run -1 grep -r 'Words of &lt;rinse' agents
}

@test "the five newest reports about a case and its documents are shown, newest first, each once" {
	local i
	sed -i 's/^owner: ann/&\nissues: [lost]/' en/articles/descale.md
	mkdir feedback
	for i in 1 2 3 4 5 6 7; do
		case $i in
		1 | 4 | 6) echo 'document: descale' ;;
		2 | 5) echo 'issue: lost' ;;
		*) printf 'document: descale\nissue: lost\n' ;;
		esac >"feedback/report-$i.yaml"
		printf 'locale: en\nkind: wrong\ntext: "Words %s."\ncreated: 2026-11-0%s\nstatus: open\n' \
			"$i" "$i" >>"feedback/report-$i.yaml"
	done
	publish_both
	run -0 grep -o 'Words [0-9]' agents/en/topics/lost/index.html
	[ "$output" = $'Words 7\nWords 6\nWords 5\nWords 4\nWords 3' ]
	run -0 grep -o 'Words [0-9]' agents/en/articles/descale/index.html
	[ "$output" = $'Words 7\nWords 6\nWords 4\nWords 3\nWords 1' ]
}

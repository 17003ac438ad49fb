# The recipes of ci/ and docs/audit.md, run against programs that stand in for a forge: one
# open issue for each owner with findings, and none for the others.
load helper
bats_require_minimum_version 1.5.0

setup() {
	kb_setup
	mkdir -p bin center/en/articles
	cd center || return
	git init -q
	cat >kb.yaml <<-'YAML'
		name: Súgó
		locales: [{code: en}]
		contact: [{channel: email, label: Mail, email: care@example.org}]
	YAML
	cat >people.yaml <<-'YAML'
		ann: {name: Ánn Bóth, email: ann@example.org}
		ben: {name: Ben}
		cleo: {name: Cleo, email: cleo@example.org}
	YAML
	printf 'issues: []\n' >taxonomy.yaml
	for owner in ann ben cleo; do
		printf -- '---\ntitle: Of %s\nowner: %s\nreviewed: 2026-01-01\nreview_every: 1m\n---\nText ‘of’ %s.\n' \
			$owner $owner $owner >en/articles/$owner.md
	done
	sed -i 's/2026-01-01/2026-11-20/' en/articles/cleo.md # Nothing is wrong here.
	commit 2026-11-20 one
	ln -s "$KB" "$TMP/work/bin/kb"
	PATH=$TMP/work/bin:$PATH
	echo '[]' >"$TMP/issues.json"
}

# A program that keeps issues in $TMP/issues.json, and notes its calls in $TMP/calls.
stub() { # NAME
	cat >"$TMP/work/bin/$1"
	chmod +x "$TMP/work/bin/$1"
	export TMP
}

github() {
	stub gh <<-'END'
		#!/usr/bin/env bash
		set -eu
		change() { jq "$@" "$TMP/issues.json" >"$TMP/new.json" && mv "$TMP/new.json" "$TMP/issues.json"; }
		echo "$1 $2" >>"$TMP/calls"
		case "$1 $2" in
		'label create') [ "$3 $4 $6" = 'content-audit --color --force' ] ;;
		'issue list')
			[ "${*:3}" = '--label content-audit --state open --limit 1000 --json number,title' ]
			jq -c '[.[] | select(.open) | {number, title}]' "$TMP/issues.json" ;;
		'issue create')
			[ "$3 $5 $6 $7" = '--title --label content-audit --body-file' ]
			change --arg t "$4" --rawfile b "$8" '. + [{number: (length + 1), title: $t, body: $b, open: true}]' ;;
		'issue edit')
			[ "$4" = --body-file ]
			change --argjson n "$3" --rawfile b "$5" 'map(if .number == $n then .body = $b else . end)' ;;
		'issue close')
			[ "$4" = --comment ]
			change --argjson n "$3" 'map(if .number == $n then .open = false else . end)' ;;
		*) exit 1 ;;
		esac
	END
	recipe=$(python3 -c 'import sys, yaml
print(yaml.safe_load(open(sys.argv[1]))["jobs"]["audit"]["steps"][-1]["run"])' "$ROOT/ci/audit-github.yml")
}

gitlab() {
	export AUDIT_TOKEN=secret CI_API_V4_URL=https://lab.example/api/v4 CI_PROJECT_ID=7
	stub curl <<-'END'
		#!/usr/bin/env bash
		set -eu
		change() { jq "$@" "$TMP/issues.json" >"$TMP/new.json" && mv "$TMP/new.json" "$TMP/issues.json"; }
		[ "$1 $2 $3 $4 $5" = '--fail --silent --show-error --header PRIVATE-TOKEN: secret' ]
		shift 5
		method=GET
		[ "$1" != -X ] || { method=$2 && shift 2; }
		path=${1#https://lab.example/api/v4/projects/7/issues}
		shift
		[ $# -eq 0 ] || [ "$method" = PUT ] || method=POST
		title='' body=/dev/null open=true
		while [ $# -gt 0 ]; do
			case "$1 $2" in
			'--data-urlencode title='*) title=${2#title=} ;;
			'--data-urlencode description@'*) body=${2#description@} ;;
			'--data labels=content-audit') ;;
			'--data state_event=close') open=false ;;
			*) exit 1 ;;
			esac
			shift 2
		done
		echo "$method" >>"$TMP/calls"
		case $method in
		GET)
			[ "$path" = '?labels=content-audit&state=opened&per_page=100' ]
			jq -c '[.[] | select(.open) | {iid: .number, title}]' "$TMP/issues.json" ;;
		POST) change --arg t "$title" --rawfile b "$body" '. + [{number: (length + 1), title: $t, body: $b, open: true}]' ;;
		PUT) change --argjson n "${path#/}" --rawfile b "$body" --argjson o $open \
			'map(if .number == $n then .open = $o | (if $b != "" then .body = $b else . end) else . end)' ;;
		esac
	END
	recipe=$(python3 -c 'import sys, yaml
print("\n".join(yaml.safe_load(open(sys.argv[1]))["content-audit"]["script"]))' "$ROOT/ci/audit-gitlab.yml")
}

weekly() {
	: >"$TMP/calls"
	bash -eo pipefail -c "$recipe"
}

issues() {
	jq -r '.[] | "\(.number) \(.open) \(.title)"' "$TMP/issues.json"
}

weeks() {
	weekly
	diff <(issues) - <<-'END'
		1 true Content audit: ann
		2 true Content audit: ben
	END
	jq -r '.[0].body' "$TMP/issues.json" | grep -qF 'en/articles/ann.md'
	refute grep -qF 'en/articles/ben.md' <(jq -r '.[0].body' "$TMP/issues.json")
	# The next week Ann has done hers, and Cleo has something to do.
	sed -i 's/2026-01-01/2026-11-20/' en/articles/ann.md
	sed -i 's/2026-11-20/2026-01-01/' en/articles/cleo.md
	printf -- '---\ntitle: Of Ben\nowner: ben\nreviewed: 2026-01-01\nreview_every: 1m\n---\nText.\n' >en/articles/more.md
	weekly
	diff <(issues) - <<-'END'
		1 false Content audit: ann
		2 true Content audit: ben
		3 true Content audit: cleo
	END
	jq -r '.[1].body' "$TMP/issues.json" | grep -qF 'en/articles/more.md'
	# An owner of nothing is closed, too; a long report fits, in whole lines.
	rm en/articles/cleo.md
	for i in {1..400}; do cp en/articles/more.md "en/articles/a-page-with-a-fairly-long-name-so-that-it-takes-room-$i.md"; done
	sed -i 's/2026-11-20/2026-01-01/' en/articles/ann.md
	weekly
	diff <(issues) - <<-'END'
		1 false Content audit: ann
		2 true Content audit: ben
		3 false Content audit: cleo
		4 true Content audit: ann
	END
	[ "$(jq -r '.[1].body | utf8bytelength' "$TMP/issues.json")" -lt 60000 ]
	[ "$(jq -r '.[1].body | utf8bytelength' "$TMP/issues.json")" -gt 50000 ]
}

@test "the weekly job for GitHub" {
	github
	weeks
	grep -qx 'label create' "$TMP/calls"
}

@test "the weekly job for GitLab" {
	gitlab
	weeks
}

@test "an email for each owner, as a mail program reads it" {
	stub sendmail <<-'END'
		#!/usr/bin/env bash
		[ "$*" = -t ] && cat >"$(mktemp "$TMP/mail.XXXXXX")"
	END
	recipe=$(sed -n '/^To send each owner/,/^If an owner/p' "$ROOT/docs/audit.md" | sed -n 's/^    //p')
	run bash -c "$recipe"
	assert_output_has "an email needs --to" # Ben has no address, and the others get theirs.
	python3 - "$TMP"/mail.* <<-'PYTHON'
		import email, email.policy, html.parser, sys
		messages = [email.message_from_binary_file(open(f, 'rb'), policy=email.policy.SMTP) for f in sys.argv[1:]]
		assert len(messages) == 1, len(messages)
		m = messages[0]
		assert m['To'] == 'ann@example.org' and m['From'] == 'care@example.org', m.items()
		assert m['Subject'] == 'Súgó: 1 finding for Ánn Bóth', m['Subject']
		assert m['Date'].datetime.isoformat() == '2026-11-25T00:00:00+00:00'
		assert m['Message-ID'] and m['Auto-Submitted'] == 'auto-generated'
		assert m.get_content_type() == 'multipart/alternative'
		text, page = [p for p in m.walk() if not p.is_multipart()]
		assert (text.get_content_type(), page.get_content_type()) == ('text/plain', 'text/html')
		lines = text.get_content().splitlines()
		assert 'kb review en/articles/ann.md' in ' '.join(lines), lines
		assert max(len(l) for l in lines) <= 72, max(lines, key=len)
		assert 'kb review en/articles/ann.md' in page.get_content()
		assert not any(p.defects for p in m.walk())
		raw = open(sys.argv[1], 'rb').read()
		assert raw.isascii() and all(len(l) <= 78 for l in raw.split(b'\r\n')) and raw.count(b'\n') == raw.count(b'\r\n')
		html.parser.HTMLParser().feed(page.get_content())
	PYTHON
}

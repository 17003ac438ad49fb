# What kb audit says of usage, feedback and texts: each check has what triggers it and what
# nearly does.
load helper
bats_require_minimum_version 1.5.0

setup() {
	kb_setup
	mkdir -p center/feedback center/usage
	cd center || return
	git init -q
	cat >kb.yaml <<-'YAML'
		name: Help
		timezone: UTC
		locales: [{code: en}, {code: de}, {code: de-AT, fallback: de}]
		audiences: [public, agents]
		contact: [{channel: email, label: Mail, email: care@example.org}]
		audit: {no_views: 2m, min_votes: 10, helpfulness: 0.5, ticket_share: 0.2, feedback_age: 10d}
	YAML
	cat >people.yaml <<-'YAML'
		team: {name: The team, members: [anna, ben]}
		other: {name: Others, email: other@example.org, members: [cleo]}
		anna: {name: Anna, email: Anna@example.org}
		ben: {name: Ben, email: ben@example.org, until: 2026-01-01}
		cleo: {name: Cleo}
	YAML
	cat >taxonomy.yaml <<-'YAML'
		issues:
		  - {id: lost, label: Lost parcel, owner: team, keywords: [parcel, lost, missing]}
		  - {id: parts, label: Spare parts, owner: other, keywords: [spare, parts, seal]}
		  - {id: quiet, label: Noise, owner: team, keywords: [noise, loud]}
	YAML
	printf 'document,locale,audience,views,helpful,unhelpful,copies\n' >views
	printf 'locale,audience,query,count,results,clicks\n' >searches
	printf 'issue,locale,channel,tickets,linked,escalated,minutes\n' >tickets
}

doc() { # PATH KEYS TEXT
	mkdir -p "${1%/*}"
	printf -- '---\nid: %s\ntitle: %s\nowner: anna\nreviewed: 2026-11-20\n%b\n---\n%b\n' \
		"$(basename "$1" .md)" "$(basename "$1" .md)" "$2" "${3:-Some text about $1.}" >"$1"
}

usage() { # MONTH TABLE ROW...
	[ -e "usage/$2-$1.csv" ] || cp "$2" "usage/$2-$1.csv"
	printf '%s\n' "${@:3}" >>"usage/$2-$1.csv"
}

found() { # KIND OPTION...
	kb audit --fail-level none --format json "${@:2}" |
		jq -r --arg kind "$1" '.findings[] | select(.kind == $kind) |
			"\(.path) \(.locale) \(.issue) \(.owner) \(.cases)"'
}

said() { # KIND
	kb audit --fail-level none --format json |
		jq -r --arg kind "$1" '.findings[] | select(.kind == $kind) | .message'
}

@test "tickets on an issue without content, by locale; a fallback's content serves" {
	doc en/articles/find.md 'issues: [lost]'
	doc de/articles/find.md 'issues: [lost]'
	doc de/articles/draft.md 'issues: [quiet]\nstatus: draft'
	commit 2026-11-20 one
	usage 2026-10 tickets lost,en,email,5,1,1,50 parts,en,email,9,0,0,90 \
		quiet,de,email,10,0,3,90 lost,de-AT,email,11,0,0,10 gone,en,email,99,0,0,1
	usage 2026-09 tickets parts,en,phone,1,0,1,30
	usage 2026-07 tickets parts,de,email,50,0,0,1
	diff <(found tickets-without-content) - <<-'END'
		taxonomy.yaml en parts other 10
		taxonomy.yaml de quiet team 10
	END
	said tickets-without-content | grep -qx "10 tickets on 'parts' in en since 2026-08 (2 hours, 1 escalated), and no article, workflow or reply"
	# The months are those before the date, and old ones say nothing.
	[ -z "$(found tickets-without-content --as-of 2026-06-30)" ]
	[ -n "$(found tickets-without-content --as-of 2026-08-30)" ]
	[ -z "$(found tickets-without-content --as-of 2027-03-01)" ]
	[ "$(found tickets-without-content --owner other | wc -l)" -eq 1 ]
	[ "$(found tickets-without-content --issue quiet | wc -l)" -eq 1 ]
	[ "$(found tickets-without-content --locale en | wc -l)" -eq 1 ]
}

@test "tickets that still come although content exists, with its views and votes" {
	doc en/articles/find.md 'issues: [lost]'
	doc en/articles/part.md 'issues: [parts]'
	commit 2026-11-20 one
	usage 2026-10 tickets lost,en,email,80,70,4,600 parts,en,email,19,0,0,10 quiet,en,email,1,0,0,1
	usage 2026-10 views find,en,public,300,3,1,0
	diff <(found tickets-despite-content) <(echo 'en/articles/find.md en lost team 80')
	said tickets-despite-content | grep -qx "80 tickets on 'lost' in en since 2026-08 (80.0 % of all; 10 hours, 4 escalated), although there is content: 1 document, 300 views, 75 % of 4 votes say that it helped"
	sed -i 's/ticket_share: 0.2/ticket_share: 0.19/' kb.yaml
	[ "$(found tickets-despite-content | wc -l)" -eq 2 ]
}

@test "searches that find nothing, with the issue that they are about" {
	doc en/articles/find.md 'issues: [lost]'
	commit 2026-11-20 one
	usage 2026-09 searches 'en,public,spare parts,6,0,0' en,public,answered,50,0,0 en,public,few,9,0,0
	usage 2026-10 searches 'en,public,spare parts,4,0,0' en,public,answered,50,2,0 \
		'en,public,"xyzzy, plugh",10,0,0' xx,public,nowhere,50,0,0
	diff <(found search-without-result | sort) - <<-'END'
		usage/searches-2026-10.csv en null null 10
		usage/searches-2026-10.csv en parts other 10
	END
}

@test "votes: few that say it helped, if there are enough; views add to the fallback's text" {
	for name in bad few half; do doc en/articles/$name.md ''; done
	doc de/articles/split.md ''
	commit 2026-11-20 one
	usage 2026-09 views bad,en,public,9,2,3,0
	usage 2026-10 views bad,en,public,9,2,3,0 few,en,public,99,0,9,0 half,en,public,9,5,5,0 \
		split,de,public,9,1,5,0 split,de-AT,public,9,1,5,0
	diff <(found unhelpful | sort) - <<-'END'
		de/articles/split.md de null anna 12
		en/articles/bad.md en null anna 10
	END
	said unhelpful | grep -qx '40 % of 10 votes say that it helped'
}

@test "no views: where the months are counted and the document was there" {
	doc en/articles/read.md ''
	doc en/articles/unread.md ''
	doc en/articles/draft.md 'status: draft'
	doc en/snippets/part.md ''
	commit 2026-08-01 one
	doc en/articles/young.md ''
	commit 2026-10-20 two
	usage 2026-09 views read,en,public,9,0,0,0 unread,en,public,0,0,0,0
	[ -z "$(found no-views --as-of 2026-09-30)" ]
	usage 2026-10 views read,en,public,9,0,0,0
	diff <(found no-views --as-of 2026-10-31) <(echo 'en/articles/unread.md en null anna null')
	# Only two of the months that it would take are counted.
	sed -i 's/no_views: 2m/no_views: 3m/' kb.yaml
	[ -z "$(found no-views --as-of 2026-10-31)" ]
}

@test "no views: audit and report look at the same months, and part of one is a month" {
	doc en/articles/read.md ''
	doc en/articles/unread.md ''
	doc en/articles/former.md ''
	commit 2026-07-01 one
	usage 2026-09 views read,en,public,9,0,0,0 former,en,public,1,0,0,0
	usage 2026-10 views read,en,public,9,0,0,0
	sed -i 's/reviewed: .*/reviewed: 2026-07-01/' en/articles/*
	unused() { # NO_VIEWS
		sed -i "s/no_views: [0-9a-z]*/no_views: $1/" kb.yaml
		[ "$(kb audit --fail-level none --format json --as-of 2026-10-31 |
			jq -r '[.findings[] | select(.kind == "no-views").path] | sort | join(" ")')" = "$2" ]
		[ "$(kb stats report --format json --month 2026-10 |
			jq -r '[.unused[].path] | sort | join(" ")')" = "$2" ]
	}
	unused 30d 'en/articles/former.md en/articles/unread.md'
	unused 31d en/articles/unread.md
	unused 45d en/articles/unread.md
}

@test "feedback that is open for too long" {
	doc en/articles/find.md 'issues: [lost]'
	commit 2026-11-10 one
	report() { # NAME DAY STATUS KIND
		printf 'document: find\nlocale: en\nkind: %s\ntext: "%s"\ncreated: %s\nstatus: %s\n' "$4" "$1" "$2" "$3" >"feedback/$1.yaml"
	}
	report old 2026-11-14 open wrong
	report taken 2026-11-14 accepted wrong
	report young 2026-11-15 open wrong
	report settled 2026-01-01 done wrong
	report nice 2026-01-01 open praise
	diff <(found feedback-old | sort) - <<-'END'
		feedback/old.yaml en null anna null
		feedback/taken.yaml en null anna null
	END
	said feedback-old | grep -qx "reported as wrong, and still open: 'old'"
	kb audit --fail-level none --format json | jq -r '.findings[].mend' |
		grep -qx 'kb feedback list find, correct en/articles/find.md, then kb feedback close old --commit HEAD'
	sed -i 's/^document: find/issue: lost/' feedback/old.yaml
	sed -i '/^issues/d' en/articles/find.md
	kb audit --fail-level none --format json | jq -r '.findings[].mend' |
		grep -qx 'kb feedback list --issue lost, write what is missing, then kb feedback close old --commit HEAD'
	sed -i 's/^Some text/Another text/' en/articles/find.md
	commit 2026-11-22 two
	kb audit --fail-level none --format json | jq -r '.findings[].mend' |
		grep -qx "the text changed since: .*; if that answers it, kb feedback close taken --note 'what changed'"
}

long() { # WORD: a text of 60 words
	for i in {1..15}; do printf 'press the %s button %s until ' "$1" "$i"; done
}

@test "near-duplicates across types and locales; versions of one document may be alike" {
	doc en/articles/one.md '' "$(long red) it stops."
	doc en/reference/two.md '' "$(long red) it blinks twice and stops."
	doc en/articles/three.md '' "$(long red | sed 's/press the red/hold that blue/g') it stops."
	doc de/articles/four.md '' "$(long red) it stops."
	doc en/articles/five.md 'status: archived' "$(long red) it stops."
	doc en/articles/six.md '' 'Too short to tell, too short to tell.'
	doc de/articles/six.md '' 'Too short to tell, too short to tell.'
	doc en/articles/seven.md '' "$(long green) one day."
	doc de-AT/articles/seven.md '' "$(long green) two days and an hour more."
	doc en/snippets/eight.md '' "$(long red) it stops."
	commit 2026-11-20 one
	diff <(found near-duplicate | cut -d' ' -f1 | sort) - <<-'END'
		en/articles/one.md
		en/reference/two.md
	END
	said near-duplicate | grep -qx 'about 100 % of the text is the same as in de/articles/four.md'
	# A text that is still the source's own.
	doc de/articles/seven.md '' "$(long green) one day."
	[ "$(found near-duplicate | grep -c seven)" -eq 1 ]
	# Kept results are those of a run without.
	diff <(kb audit --format json --fail-level none) <(kb audit --format json --fail-level none --no-cache)
	doc de/articles/seven.md '' 'Something else.'
	diff <(kb audit --format json --fail-level none) <(kb audit --format json --fail-level none --no-cache)
	[ "$(found near-duplicate | grep -c seven)" -eq 0 ]
}

# 30 sentences, of which COUNT are those of every other text with this word.
directions() { # WORD COUNT
	for i in {1..30}; do
		if [ "$i" -le "$2" ]; then
			printf 'The %s lamp %s%s blinks until %s stops. ' "$1" "$1" "$i" "$1$i$1"
		else
			printf 'Turn %s-%s to mark %s%s%s now. ' "$1" "$2" "$1" "$2" "$i"
		fi
	done
}

@test "of documents that are equally alike, the first by path is named" {
	for name in a b c d; do doc en/articles/$name.md '' "$(directions red 30)"; done
	doc en/articles/aa.md '' "$(directions red 28)"
	commit 2026-11-20 one
	diff <(kb audit --fail-level none --format json | jq -r '.findings[] |
		select(.kind == "near-duplicate") | "\(.path) \(.message)"') - <<-'END'
		en/articles/aa.md about 94 % of the text is the same as in en/articles/a.md
		en/articles/b.md about 100 % of the text is the same as in en/articles/a.md
		en/articles/c.md about 100 % of the text is the same as in en/articles/a.md
		en/articles/d.md about 100 % of the text is the same as in en/articles/a.md
	END
	for jobs in 1 2 5; do
		kb audit --fail-level none --format json --no-cache -j $jobs >$jobs.json
		cmp 1.json $jobs.json
	done
}

@test "variants and snippets may be alike; what is in common is counted" {
	doc en/articles/base.md '' "$(directions red 30)"
	doc en/articles/base-at.md 'variant_of: base\nregions: [AT]' "$(directions red 28)"
	doc en/articles/base-hu.md 'variant_of: base\nregions: [HU]' "$(directions red 27)"
	doc en/snippets/part.md '' "$(directions red 30)"
	doc en/articles/less.md '' "$(directions green 30)"
	doc en/articles/less-alike.md '' "$(directions green 17)"
	doc en/articles/third.md '' "$(directions blue 30)"
	doc en/articles/third-alike.md '' "$(directions blue 20)"
	commit 2026-11-20 one
	diff <(kb audit --fail-level none --format json | jq -r '.findings[] |
		select(.kind == "near-duplicate") | "\(.path) \(.message)"') - <<-'END'
		en/articles/third.md about 72 % of the text is the same as in en/articles/third-alike.md
	END
}

@test "texts are compared again only if what is compared changed" {
	mkdir schemas
	echo '{"type": "object"}' >schemas/article.json
	echo 'schemas: {article: schemas/article.json}' >>kb.yaml
	doc en/articles/one.md 'issues: [lost]' "$(long red) it stops. Parcels come within 14 days."
	doc en/articles/two.md 'issues: [lost]' "$(long red) it stops. Parcels come within 14 days."
	commit 2026-11-20 one
	compared() { # Are texts compared again? The result is that of a run without the cache.
		rm -f .git/kb/audit-profiles*
		diff <(kb audit --format json --fail-level none) \
			<(kb audit --format json --fail-level none --no-cache) >&2
		[ -e "$(echo .git/kb/audit-profiles*)" ] && echo again || echo kept
	}
	[ "$(compared)" = again ]
	[ "$(compared)" = kept ]
	# What no text depends on.
	sed -i 's/ticket_share: 0.2/ticket_share: 0.3/; s/name: Help/name: Care/' kb.yaml
	sed -i 's/Anna@/anna@/' people.yaml
	usage 2026-10 tickets lost,en,email,5,1,1,50
	[ "$(compared)" = kept ]
	# What they depend on, one by one; each changes the result.
	pairs() { found near-duplicate | wc -l; }
	[ "$(pairs)" -eq 1 ]
	sed -i 's/^issues: .lost./&\nvariant_of: one\nregions: [AT]/' en/articles/two.md
	[ "$(compared)" = again ]
	sed -i '/^variant_of/d; /^regions/d; s/within 14 days/within 20 days/' en/articles/two.md
	[ "$(compared)" = again ]
	[ "$(found numbers-differ | wc -l)" -eq 1 ]
	sed -i 's/id: lost/id: gone/' taxonomy.yaml
	[ "$(compared)" = again ]
	[ "$(found numbers-differ | wc -l)" -eq 0 ]
	sed -i 's/id: gone/id: lost/' taxonomy.yaml
	[ "$(compared)" = again ]
	sed -i 's/^issues: .lost./&\nregions: [AT]/' en/articles/two.md
	[ "$(compared)" = again ]
	[ "$(found numbers-differ | wc -l)" -eq 0 ]
	doc en/articles/a.md 'status: archived' # It moves the numbers of the others.
	[ "$(compared)" = again ]
	[ "$(pairs)" -eq 1 ]
	# Two texts of one id, by their paths, and then no longer.
	sed -i '/^id:/d' en/articles/two.md
	mkdir -p de/articles
	mv en/articles/two.md de/articles/one.md
	sed -i '/^id:/d' en/articles/one.md
	sed -i 's/it stops/it has stopped at last, as it must/' de/articles/one.md
	[ "$(compared)" = again ]
	[ "$(pairs)" -eq 0 ]
	mv de/articles/one.md de/articles/other.md
	[ "$(compared)" = again ]
	[ "$(pairs)" -eq 1 ]
	# Two variants, until what they are variants of cannot be read.
	printf -- '---\nid: base\ntitle: Base\n---\n' >en/articles/base.md
	sed -i 's/^title/variant_of: base\nregions: [DE]\ntitle/' de/articles/other.md
	sed -i 's/^title/variant_of: base\nregions: [AT]\ntitle/' en/articles/one.md
	[ "$(compared)" = again ]
	[ "$(pairs)" -eq 0 ]
	sed -i 's/^title: /title: [/' en/articles/base.md
	[ "$(compared)" = again ]
	[ "$(pairs)" -eq 1 ]
}

@test "documents of one issue that state different numbers" {
	doc en/articles/refund.md 'issues: [lost]' 'We send the refund to your card within 14 days.'
	doc en/replies/refund-sent.md 'issues: [lost]' 'Your refund to the card is sent within 5 working days.'
	doc en/articles/same.md 'issues: [lost]' 'We send the refund to your card within 14 days.'
	doc en/articles/else.md 'issues: [parts]' 'We send the refund to your card within 30 days.'
	doc en/articles/region.md 'issues: [lost]\nregions: [AT]' 'We send the refund to your card within 20 days.'
	doc en/articles/other-words.md 'issues: [lost]' 'Parcels to islands need 9 days.'
	doc en/articles/price.md 'issues: [quiet]' 'A repair of the grinder costs € 49.00 with return shipping.'
	doc en/articles/price-list.md 'issues: [quiet]' 'The repair of a grinder costs 59 EUR, return shipping included.'
	doc en/articles/call.md 'issues: [parts]' 'Call the workshop for parts under +49 30 1234567 on weekdays.'
	doc en/articles/call-us.md 'issues: [parts]' 'Call the workshop for parts under +49 30 7654321 on weekdays.'
	doc de/articles/refund.md 'issues: [lost]' 'Die Erstattung auf Ihre Karte dauert 14 Tage.'
	doc de/articles/karte.md 'issues: [lost]' 'Eine Erstattung auf die Karte dauert 10 Werktage.'
	commit 2026-11-20 one
	diff <(found numbers-differ | cut -d' ' -f1 | sort) - <<-'END'
		de/articles/karte.md
		en/articles/call-us.md
		en/articles/price-list.md
		en/articles/refund.md
		en/articles/same.md
	END
	said numbers-differ | grep -qF "within 14 days.', but in en/replies/refund-sent.md: 'Your refund"
}

@test "scores: the formula is printed, teams have one, people have none" {
	doc en/articles/good.md ''
	doc en/articles/bad.md 'review_every: 1d'
	doc en/articles/worse.md 'owner: cleo\nreview_every: 1d' '[x](nowhere.md)'
	sed -i '0,/owner: anna/{/owner: anna/d}' en/articles/worse.md
	commit 2026-11-20 one
	kb audit --fail-level none --format json >out.json
	[ "$(jq -c '.scores.documents | map({(.path): .score}) | add' out.json)" = '{"en/articles/worse.md":58,"en/articles/bad.md":88}' ]
	[ "$(jq -c '.scores.teams | map({(.team): [.score, .documents]}) | add' out.json)" = '{"other":[58,1],"team":[94,2]}' ]
	[ "$(jq .scores.score out.json)" = 82 ]
	# Filters change what is listed, not the scores.
	[ "$(kb audit --owner anna --min-severity error --format json | jq .scores.score)" = 82 ]
	run -0 kb audit --fail-level none
	assert_output_has 'Score: 82 of 100. The formula: a document'
	[[ $output != *anna:* ]]
}

@test "--owner me, and an email for each owner" {
	doc en/articles/bad.md 'review_every: 1d'
	doc en/articles/theirs.md 'review_every: 1d'
	sed -i 's/owner: anna/owner: other/' en/articles/theirs.md
	commit 2026-11-20 one
	export GIT_AUTHOR_EMAIL=anna@example.org
	[ "$(kb audit --owner me --format json | jq -r '.findings[].owner')" = anna ]
	unset GIT_AUTHOR_EMAIL
	git config user.email nobody@example.org
	run -2 kb audit --owner me
	assert_output_has 'nobody@example.org'
	run -0 kb audit --owner other --format email
	assert_output_has 'To: other@example.org'
	assert_output_has 'Subject: Help: 1 finding for Others'
	assert_output_has 'theirs.md'
	# A team without an address: those of its members who are there.
	run -0 kb audit --owner team --format email
	assert_output_has 'To: Anna@example.org'
	run -2 kb audit --format email
	assert_output_has '--owner'
	run -2 kb audit --owner cleo --format email
}

@test "SARIF names each kind once, and the place" {
	doc en/articles/bad.md 'review_every: 1d' '[x](nowhere.md)'
	commit 2026-11-20 one
	kb audit --format sarif --fail-level none >out.json
	[ "$(jq -r '.runs[0].results[] | "\(.ruleId) \(.level) \(.locations[0].physicalLocation.artifactLocation.uri)"' out.json)" = $'broken-link error en/articles/bad.md\nreview-overdue warning en/articles/bad.md' ]
	[ "$(jq -c '[.runs[0].tool.driver.rules[].id]' out.json)" = '["review-overdue","broken-link"]' ]
}

@test "the page says what got better and worse, by the history" {
	doc en/articles/good.md ''
	doc en/articles/bad.md 'review_every: 1d'
	sed -i 's/^reviewed: .*/reviewed: 2026-10-31/' en/articles/bad.md
	commit 2026-10-31 one
	doc en/articles/worse.md 'review_every: 1d'
	commit 2026-11-20 two
	kb audit --format html --fail-level none --output out.html
	grep -q '<td>Review overdue</td><td class="n">0</td><td class="n">2</td><td>+2, worse</td>' out.html
	grep -q '<td>Documents</td><td class="n">2</td><td class="n">3</td>' out.html
	# Before the first commit nothing is known.
	grep -q '<tr><td>2026-09</td><td class="n">– </td></tr>' out.html
	grep -q '<tr><td>2026-11</td><td class="n">92 </td></tr>' out.html
}

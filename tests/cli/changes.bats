bats_require_minimum_version 1.5.0
load helper

setup() {
	kb_setup
}

example() {
	cp -R "$ROOT/content-example" example
	cd example || return
	git init -q
	commit 2026-10-01 first
}

history() {
	example
	sed -i 's/- \[No photos yet\](kb:waiting)/- [No photos yet](#stock)/' \
		en/workflows/damage-claim.md
	commit 2026-11-01 edge
	sed -i 's/up to 3 working days/up to 4 working days/' en/articles/returns/refund.md
	commit 2026-11-05 $'banks are slow\n\nNotice: banks take up to\n  4 days MARKED\nNotice-For: agents'
	for locale in de hu; do
		sed -i '0,/^owner:/s//notice: {date: 2026-11-10, text: "5 nap, Grüße, 日本"}\nowner:/' \
			$locale/articles/care/descale.md
	done
	commit 2026-11-10 notices
	sed -i 's/Hold/Holdd/' en/articles/care/descale.md
	commit 2026-11-11 typo
	sed -i 's/50 ml/55 ml/' en/articles/care/descale.md
	commit 2026-11-12 $'amount\n\nNotice: none'
}

texts() { # KB-ARGUMENT...
	kb changes "$@" --format json | jq -r '.items[] | "\(.kind) \(.documents[0].path) \(.text)"'
}

@test "notices, trailers, and what is significant; spelling and 'none' are nothing" {
	history
	texts --since '40 days ago' >"$TMP/found"
	diff "$TMP/found" - <<-'EOF'
		notice de/articles/care/descale.md 5 nap, Grüße, 日本
		notice hu/articles/care/descale.md 5 nap, Grüße, 日本
		commit en/articles/returns/refund.md banks take up to 4 days MARKED
		change en/workflows/damage-claim.md answer 'No photos yet' leads elsewhere: kb:waiting → Send a new machine
	EOF
	diff <(texts --since HEAD~5) <(texts --since 2026-10-15)
}

@test "variables and snippets are news of the documents that show them" {
	example
	sed -i 's/^    days: "5"/    days: "7"/' kb.yaml
	commit 2026-11-01 slower
	sed -i 's/office hours/office hours within 3 days/' en/snippets/contact-us.md
	grep -q '3 days' en/snippets/contact-us.md || echo 'Within 3 days.' >>en/snippets/contact-us.md
	commit 2026-11-02 contact
	texts --since 2026-10-15 >"$TMP/found"
	grep -qF 'refunds.days: 5 → 7' "$TMP/found"
	grep -qF '3 days' "$TMP/found"
	[ "$(wc -l <"$TMP/found")" = 2 ]
	kb changes --since 2026-10-15 --format json >"$TMP/changes.json"
	jq -e '[.items[].documents | length > 3] | all' "$TMP/changes.json"
	jq -e '[.items[].documents[].path | select(startswith("en/snippets"))] == []' "$TMP/changes.json"
	[[ $(kb changes --since 2026-10-15 --format json --owner billing |
		jq -c '.items[0].documents[].path') != *logistics* ]]
	# What they say of themselves goes before.
	sed -i 's/^    days: "7"/    days: "9"/' kb.yaml
	commit 2026-11-03 $'slower\n\nNotice: refunds take 9 days'
	[[ $(texts --since 2026-11-02T13:00:00Z) == 'commit '*' refunds take 9 days' ]]
	[ "$(texts --since 2026-11-02T13:00:00Z | wc -l)" = 1 ]
}

@test "what is not committed is not looked at, and that is said" {
	example
	sed -i 's/^    days: "5"/    days: "7"/' kb.yaml
	echo draft >notes.md
	run --separate-stderr kb changes --since HEAD
	assert_status 0
	assert_output_has '0 changes to know about since HEAD'
	[ "$stderr" = "kb: 2 files differ from the last commit and are ignored: 'kb diff' shows what changed in them" ]
	run --separate-stderr kb -q changes --since HEAD
	[ -z "$stderr" ]
	run --separate-stderr kb changes --since HEAD --rev HEAD
	[ -z "$stderr" ]
	commit 2026-11-01 slower
	run --separate-stderr kb changes --since HEAD~1
	[ -z "$stderr" ]
}

@test "what many documents show is named itself, with documents that show it" {
	example
	sed -i 's/^    days: "5"/    days: "7"/' kb.yaml
	commit 2026-11-01 slower
	run kb changes --since 2026-10-15
	[ "${lines[1]}" = 'The variable refunds.days' ]
	[ "${lines[2]}" = 'refunds.days: 5 → 7' ]
	[ "${lines[3]}" = '2026-11-01, shown in 24 documents, such as Change or cancel an order; When you get your money back; Refund rules' ]
	[ "${#lines[@]}" = 4 ]
	kb changes --since 2026-10-15 --format json >"$TMP/changes.json"
	"$(dirname "$KB")/tools/schema_check" "$ROOT/schemas/output/changes.json" "$TMP/changes.json"
	jq -e '.items[0] | .title == "The variable refunds.days" and .variable == "refunds.days"' "$TMP/changes.json"
	run kb changes --since 2026-10-15 --format atom
	assert_output_has '<title>The variable refunds.days</title>'
	run kb diff HEAD~1 --format markdown
	assert_output_has 'No document itself changed; what changed touches 24, from'
	run kb diff HEAD~1 --format html
	assert_output_has 'No document itself changed; what changed touches 24, from'
	sed -i 's/office hours/office hours within 3 days/' en/snippets/contact-us.md
	echo 'Within 3 days.' >>en/snippets/contact-us.md
	echo 'Up to 9 days.' >>en/articles/returns/refund.md
	commit 2026-11-02 contact
	run kb changes --since 2026-11-02
	assert_output_has "The snippet 'How to contact us'"
	assert_output_has '2026-11-02, shown in'
	# Its title is nothing that other readers see.
	run kb changes --since 2026-11-02 --audience public
	[[ $output != *'The snippet'* ]]
	assert_output_has 'Text shared by several documents'
	run kb diff HEAD~1 --format markdown
	[[ $output =~ 2\ documents,\ and\ what\ changed\ touches\ [0-9]+\ more,\ from ]]
}

@test "what only agents are shown of a variable or a snippet is for nobody else" {
	example
	sed -i 's/^variables:$/variables:\n  secret: {limit: "50"}/' kb.yaml
	printf '%s\n' --- 'title: Inside' 'owner: billing' --- 'Up to 50 INSIDE.' >en/snippets/inside.md
	printf '\n> [!AGENTS]\n>\n> {{> inside}}\n>\n> Up to {{secret.limit}} EUR.\n' >>en/articles/returns/refund.md
	commit 2026-10-20 before
	sed -i 's/"50"/"60"/' kb.yaml
	sed -i 's/50/60/' en/snippets/inside.md
	commit 2026-11-01 $'after\n\nNotice: INSIDE it is 60'
	run kb changes --since 2026-10-25
	assert_output_has 'INSIDE it is 60'
	run kb changes --since 2026-10-25 --audience public
	assert_status 0
	[[ $output != *INSIDE* && $output != *60* ]]
	git commit -q --amend -m after
	run texts --since 2026-10-25
	assert_output_has 'secret.limit: 50 → 60'
	assert_output_has "'Up to 50 INSIDE.' → 'Up to 60 INSIDE.'"
	run texts --since 2026-10-25 --audience public
	[ -z "$output" ]
}

@test "what a commit has told is not told again" {
	example
	sed -i 's/up to 3 working days/up to 4 working days/' en/articles/returns/refund.md
	commit 2026-11-05 $'banks\n\nNotice: banks take up to 4 days'
	sed -i 's/two photos/three photos/; s/with photos/with 3 photos/' en/articles/returns/refund.md
	commit 2026-11-06 photos
	run texts --since 2026-11-01
	[[ ${lines[0]} == change*"'3' added" ]]
	[[ ${lines[1]} == commit*'banks take up to 4 days' ]]
	[ "${#lines[@]}" = 2 ]
}

@test "a commit's notice is named after what it changed in substance" {
	example
	sed -i 's/machine/mashine/' en/articles/care/descale.md
	sed -i 's/up to 3 working days/up to 4 working days/' en/articles/returns/refund.md
	commit 2026-11-05 $'banks\n\nNotice: banks take longer'
	[ "$(texts --since HEAD~1)" = 'commit en/articles/returns/refund.md banks take longer' ]
	run kb changes --since HEAD~1
	assert_output_has 'When you get your money back (and 1 more)'
}

@test "the page is a link away, where there is one" {
	history
	local url=https://help.morgenau.example/en/articles/returns/refund/
	kb changes --since 2026-10-15 --format text | grep -F ", $url"
	kb changes --since 2026-10-15 --format markdown | grep -F "<$url>"
	kb changes --since 2026-10-15 --format html | grep -F "<a href=\"$url\">$url</a></p>"
	run grep -c href <(kb changes --since 2026-10-15 --format html --issue claim.damage)
	[ "$output" = 0 ] # agents' workflows are on no public site
}

@test "filters by audience, locale, issue and owner" {
	history
	[ "$(texts --since 2026-10-15 --locale hu)" = \
		'notice hu/articles/care/descale.md 5 nap, Grüße, 日本' ]
	[[ $(texts --since 2026-10-15 --issue delivery) == change*damage-claim* ]]
	[[ $(texts --since 2026-10-15 --owner billing) == commit*refund* ]]
	run texts --since 2026-10-15 --audience public
	[[ $output != *MARKED* && $output != *workflows* && $output == *Grüße* ]]
	for wrong in '--audience nobody' '--locale xx' '--issue none' '--owner none'; do
		run kb changes --since 2026-10-15 $wrong
		assert_status 2
	done
}

@test "what the audience may not read is in no format" {
	example
	cat >en/articles/care/secret.md <<-'EOF'
		---
		title: Open title
		owner: billing
		---
		Everybody may read 5 of this.

		> [!AGENTS]
		> SECRET was 5 for agents.
	EOF
	commit 2026-10-20 secret
	sed -i 's/SECRET was 5/SECRET is 6/; s/read 5/read 7/' en/articles/care/secret.md
	commit 2026-11-01 changed
	for format in text markdown html atom json email; do
		kb changes --since 2026-10-25 --audience public --format $format \
			--to a@example.org --from b@example.org >"$TMP/out"
		grep -qF '7' "$TMP/out"
		run grep -E 'SECRET|billing' "$TMP/out"
		[ -z "$output" ]
	done
	run kb changes --since 2026-10-25
	assert_output_has "'SECRET was 5 for agents.' → 'SECRET is 6 for agents.'"
	sed -i '/AGENTS/,$d' en/articles/care/secret.md
	commit 2026-11-05 gone
	[[ $(texts --since 2026-11-03) == change*secret.md* ]]
	run texts --since 2026-11-03 --audience public
	[ -z "$output" ]
}

@test "the feed is valid Atom; ids and dates move with substance only" {
	history
	kb changes --since 2026-10-15 --format atom >"$TMP/one.xml"
	xmllint --noout --relaxng "$ROOT/tests/formats/atom.rng" "$TMP/one.xml"
	sed -i 's/Photos are there/Photoss are there/' en/workflows/damage-claim.md
	sed -i 's/warehouse/warehous/' en/articles/returns/refund.md
	commit 2026-11-20 typo
	kb changes --since 2026-10-10 --format atom >"$TMP/two.xml"
	diff <(grep -E '<(id|updated)>' "$TMP/one.xml") <(grep -E '<(id|updated)>' "$TMP/two.xml")
}

@test "the message parses, in every script, and headers cannot be forged" {
	history
	kb changes --since 2026-10-15 --format email --to 'Ügyfél Csapat <a@example.org>, b@example.org' \
		--from help@example.org --subject 'Változások és 変更, a lot of them in one long line' \
		>"$TMP/message"
	python3 - "$TMP/message" <<-'EOF'
		import email, email.policy, sys
		raw = open(sys.argv[1], 'rb').read()
		m = email.message_from_bytes(raw, policy=email.policy.default)
		assert not m.defects and m.get_content_type() == 'multipart/alternative'
		assert m['subject'] == 'Változások és 変更, a lot of them in one long line'
		assert [a.addr_spec for a in m['to'].addresses] == ['a@example.org', 'b@example.org']
		assert m['to'].addresses[0].display_name == 'Ügyfél Csapat'
		plain, html = m.iter_parts()
		assert plain.get_content_type() == 'text/plain' and not plain.defects
		assert 'Grüße, 日本' in plain.get_content() and 'Grüße, 日本' in html.get_content()
		assert max(len(l) for l in raw.splitlines()) <= 78
		assert all(b < 128 for b in raw)
	EOF
	run kb changes --since 2026-10-15 --format email --to $'a@example.org\nBcc: x@example.org'
	assert_status 2
	run kb changes --since 2026-10-15 --format email
	assert_status 2
}

@test "JSON holds to its schema; the clock and what is not there are said" {
	history
	kb changes --since 2026-10-15 --format json >"$TMP/changes.json"
	"$ROOT/${BUILD:-build}/tools/schema_check" "$ROOT/schemas/output/changes.json" \
		"$TMP/changes.json"
	run kb changes --since 2020-01-01
	assert_status 0
	assert_output_has "the first commit is newer than that"
	run kb changes --since no-such-revision
	assert_status 2
	run kb changes
	assert_status 2
}

@test "a locale's readers hear of what its fallback serves them, and of nothing else" {
	example
	sed -i 's/30 Minuten, 100 ml/35 Minuten, 100 ml/' de/articles/care/descale.md
	commit 2026-11-01 more
	mkdir -p de-AT/articles/returns
	sed 's/^title: .*/title: Erstattung in Österreich/' de/articles/returns/refund.md >de-AT/articles/returns/refund.md
	commit 2026-11-02 austria
	sed -i 's/Werktage/Arbeitstage 9/' de/articles/returns/refund.md
	commit 2026-11-03 days
	[[ $(texts --since 2026-10-31 --locale de-AT) == *'de/articles/care/descale.md'* ]]
	run texts --since 2026-11-02T13:00:00Z --locale de
	assert_output_has 'de/articles/returns/refund.md'
	[ -z "$(texts --since 2026-11-02T13:00:00Z --locale de-AT)" ]
}

@test "a variable, readers and a row are told in words" {
	example
	sed -i 's/{{orders.cutoff}}/noon/' en/articles/delivery/delivery-times.md
	sed -i 's/^> \[!AGENTS\]$/>/' en/articles/care/descale.md
	sed -i 's/| Utánvét |/| Kupon | azonnal | 3 nap |\n| Utánvét |/' hu/articles/returns/refund.md
	commit 2026-11-01 more
	run texts --since 2026-10-31
	assert_output_has "'noon'; variable 'orders.cutoff' removed"
	assert_output_has 'text for agents is now text for everybody'
	assert_output_has "row added: 'Kupon | azonnal | 3 nap'"
}

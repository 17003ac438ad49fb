# kb audit. In `center` each check has what triggers it and what nearly does.
load helper

setup() {
	kb_setup
}

# The example, with a history of its own.
setup_file() {
	load helper
	setup_home "$BATS_FILE_TMPDIR"
	cp -R "$BATS_TEST_DIRNAME/../../content-example" "$BATS_FILE_TMPDIR/example"
	cd "$BATS_FILE_TMPDIR/example" || return
	git init -q
	commit 2026-11-30 one
	sed -i 's/14 days/12 days/; s/30 days/20 days/' en/articles/returns/*.md
	sed -i 's/^owner: .*/owner: nobody-knows/' hu/articles/care/descale.md
	sed -i 's/^status:.*//; s/^owner:/status: draft\nowner:/' en/replies/ask-neighbors.md
	sed -i 's|(\.\./|(../../|' en/articles/delivery/*.md
	sed -i '/^audit:/d; $a audit: {translations: [de-AT, hu], draft_age: 1d}' kb.yaml
	commit 2026-12-01 two
}

doc() { # PATH KEYS [TEXT]
	mkdir -p "${1%/*}"
	printf -- '---\ntitle: %s\n%b\n---\n%b\n' "$(basename "$1" .md)" "$2" \
		"${3:-It takes 14 days.}" >"$1"
}

# An empty help center in a repository: no document, no finding.
center() {
	mkdir center
	cd center || return
	git init -q
	cat >kb.yaml <<-'EOF'
		name: Help
		timezone: Europe/Berlin
		locales: [{code: en}, {code: de}, {code: de-AT, fallback: de}]
		audit: {review_every: {article: 1y}, draft_age: 10d}
	EOF
	cat >people.yaml <<-'EOF'
		team: {name: The team, members: [anna, ben]}
		anna: {name: Anna, until: 2026-11-25, away: [{from: 2026-11-25, to: 2026-11-26}]}
		ben: {name: Ben, away: [{from: 2026-11-20, to: 2026-11-24}]}
		gone: {name: Gone, until: 2026-11-24}
		ghosts: {name: Ghosts, members: [gone]}
		cleo: {name: Cleo, away: [{from: 2026-11-20, to: 2026-11-25}]}
	EOF
	printf 'issues:\n  - {id: a, label: A, owner: team}\n' >taxonomy.yaml
}

audit() { # OPTION...
	kb audit --fail-level none "$@" 2>"$TMP/stderr"
}

# The findings, as KIND PATH LOCALE, sorted.
found() { # OPTION...
	audit --format json "$@" | jq -r '.findings[] | "\(.kind) \(.path) \(.locale)"' | sort
}

# What is said of one kind.
said() { # KIND OPTION...
	audit --format json "${@:2}" |
		jq -r --arg kind "$1" '.findings[] | select(.kind == $kind) | .message'
}

ok='owner: team\nreviewed: 2026-11-20'

@test "a review is overdue by its own interval or kb.yaml's, never by a commit's date" {
	center
	doc en/articles/due.md 'owner: team\nreviewed: 2026-10-25\nreview_every: 30d'
	doc en/articles/today.md 'owner: team\nreviewed: 2026-10-26\nreview_every: 30d'
	doc en/articles/year.md 'owner: team\nreviewed: 2025-11-24'
	doc en/articles/old-commit.md "$ok"
	doc en/articles/archived.md 'owner: team\nreviewed: 2020-01-01\nstatus: archived'
	doc en/reference/nobody-says.md 'owner: team\nreviewed: 2020-01-01'
	commit 2020-01-02 one
	diff <(found) - <<-'EOF'
		review-overdue en/articles/due.md en
		review-overdue en/articles/year.md en
	EOF
	# Over the change to winter time, days are days.
	said review-overdue | grep -qx 'its review was due on 2026-11-24'
	[ "$(audit --format json | jq -c '[.findings[].days]')" = '[1,1]' ]
	[ "$(audit --format json | jq -r '.findings[0].mend')" = 'kb review en/articles/due.md' ]
}

@test "never reviewed: a warning where it should be, else a note; drafts come later" {
	center
	doc en/articles/never.md 'owner: team'
	doc en/reference/never.md 'owner: team'
	doc en/articles/draft.md 'owner: team\nstatus: draft'
	doc en/articles/review.md 'owner: team\nstatus: review'
	doc en/articles/archived.md 'owner: team\nstatus: archived'
	commit 2026-11-20 one
	audit --format json | jq -r '.findings[] | "\(.severity) \(.kind) \(.path)"' >out
	diff out - <<-'EOF'
		warning never-reviewed en/articles/never.md
		info never-reviewed en/reference/never.md
	EOF
	[ "$(audit | grep '^Never reviewed (')" = $'Never reviewed (warning)\nNever reviewed (info)' ]
}

@test "changed in substance since its review: not by words, not by what came with the review" {
	center
	for name in amount words evening next-day with-review import uncommitted; do
		doc en/articles/$name.md 'owner: team\nreviewed: 2026-09-01'
	done
	doc en/articles/import.md 'owner: team\nreviewed: 2026-01-01'
	doc en/workflows/cases.md 'owner: team\nreviewed: 2026-09-01\nissues: a' \
		'## Look\n\n- [It is there](kb:resolved)'
	commit 2026-08-01 one
	sed -i 's/14 days/5 days/' en/articles/evening.md
	commit 2026-09-01 'on that day'
	sed -i 's/14 days/5 days/' en/articles/next-day.md
	commit 2026-09-02 'the next day'
	sed -i 's/14 days/5 days/' en/articles/{amount,import}.md
	sed -i 's/It takes/This takes about/' en/articles/{words,evening}.md
	sed -i 's/^issues/cases: [{answers: [It is there], outcome: resolved}]\nissues/' \
		en/workflows/cases.md
	sed -i 's/14 days/5 days/; s/reviewed: .*/reviewed: 2026-09-15/' en/articles/with-review.md
	commit 2026-10-01 'a review of two weeks ago, with what it mended'
	sed -i 's/14 days/5 days/' en/articles/uncommitted.md
	diff <(found) - <<-'EOF'
		changed-since-review en/articles/amount.md en
		changed-since-review en/articles/import.md en
		changed-since-review en/articles/next-day.md en
		changed-since-review en/articles/uncommitted.md en
	EOF
	said changed-since-review | grep -F "reviewed on 2026-09-01; since then: " |
		grep -qF "'It takes 14 days.' → 'It takes 5 days.'"
	# The command that is named shows it; after a review all is well.
	$(audit --format json | jq -r '.findings[0].mend' | sed "s|^kb|$KB|; s/, then.*//") |
		grep -F "'It takes 14 days.' → 'It takes 5 days.'"
	kb review -q en/articles/{amount,import,next-day,uncommitted}.md
	[ -z "$(found)" ]
}

@test "a review by one whose file had no front matter before" {
	center
	mkdir -p en/articles
	for name in added adopted; do echo 'It takes 14 days.' >en/articles/$name.md; done
	commit 2026-08-01 'before kb'
	for name in added adopted; do
		doc en/articles/$name.md 'owner: team\nreviewed: 2026-09-01' 'It takes 10 days.'
	done
	commit 2026-09-10 'with kb'
	[ -z "$(found)" ]
	sed -i 's/10 days/5 days/' en/articles/added.md
	sed -i 's/owner: team/owner: [team/' en/articles/adopted.md
	commit 2026-10-01 five
	sed -i 's/owner: \[team/owner: team/; s/10 days/5 days/' en/articles/adopted.md
	commit 2026-10-02 mended
	diff <(found) - <<-'EOF'
		changed-since-review en/articles/added.md en
		changed-since-review en/articles/adopted.md en
	EOF
}

@test "a review follows a document through a rename" {
	center
	doc en/articles/before.md 'owner: team\nreviewed: 2026-09-01' \
		'It takes 14 days.\n\nMore of it.\n\nAnd more of that.'
	commit 2026-08-01 one
	git mv en/articles/before.md en/articles/after.md
	commit 2026-09-10 move
	[ -z "$(found)" ]
	sed -i 's/14 days/5 days/' en/articles/after.md
	commit 2026-09-20 five
	[ "$(found)" = 'changed-since-review en/articles/after.md en' ]
}

@test "draft or in review for too long: since it became one" {
	center
	doc en/articles/old.md 'owner: team\nstatus: draft'
	doc en/articles/young.md 'owner: team\nstatus: published\nreviewed: 2026-11-01'
	commit 2026-10-01 one
	sed -i 's/14/15/' en/articles/old.md
	doc en/articles/eleven.md 'owner: team\nstatus: review'
	commit 2026-11-14 'still a draft'
	sed -i 's/published/draft/' en/articles/young.md
	doc en/articles/ten.md 'owner: team\nstatus: review'
	commit 2026-11-15 'a draft again'
	doc en/articles/uncommitted.md 'owner: team\nstatus: draft'
	diff <(found | grep draft) - <<-'EOF'
		draft-old en/articles/eleven.md en
		draft-old en/articles/old.md en
	EOF
	diff <(said draft-old) - <<-'EOF'
		a draft since 2026-10-01
		in review since 2026-11-14
	EOF
	sed -i '/^audit/d' kb.yaml
	[ "$(found | grep draft)" = 'draft-old en/articles/old.md en' ] # 30 days
}

@test "expired, and not published on its day" {
	center
	doc en/articles/expired.md "$ok\nexpires_at: 2026-11-24"
	doc en/articles/last-day.md "$ok\nexpires_at: 2026-11-25"
	doc en/articles/late.md "$ok\nstatus: draft\npublish_at: 2026-11-25"
	doc en/articles/tomorrow.md "$ok\nstatus: draft\npublish_at: 2026-11-26"
	doc en/articles/published.md "$ok\npublish_at: 2026-11-24"
	commit 2026-11-20 one
	diff <(found) - <<-'EOF'
		embargo-passed en/articles/late.md en
		expired en/articles/expired.md en
	EOF
	[ "$(said expired)" = 'expired on 2026-11-24; no longer published' ]
}

@test "owners: missing, gone, unknown, a team that all have left; of an issue, too" {
	center
	doc en/articles/nobody.md 'reviewed: 2026-11-20'
	doc en/articles/gone.md 'owner: gone\nreviewed: 2026-11-20'
	doc en/articles/ghosts.md 'owner: ghosts\nreviewed: 2026-11-20'
	doc en/articles/unknown.md 'owner: tema\nreviewed: 2026-11-20'
	doc en/articles/last-day.md 'owner: anna\ndeputy: ben\nreviewed: 2026-11-20'
	doc en/articles/archived.md 'owner: gone\nstatus: archived'
	cat >taxonomy.yaml <<-'EOF'
		issues:
		  - {id: a, label: A, owner: team, children: [{id: a.b, label: B}]}
		  - {id: c, label: C, owner: gone, children: [{id: c.d, label: D}]}
		  - {id: e, label: E, owner: gone, retired: true}
	EOF
	commit 2026-11-20 one
	diff <(found) - <<-'EOF'
		owner-gone en/articles/ghosts.md en
		owner-gone en/articles/gone.md en
		owner-gone en/articles/unknown.md en
		owner-gone taxonomy.yaml null
		owner-missing en/articles/nobody.md en
	EOF
	said owner-gone | grep -qx "its owner 'tema' is not in people.yaml"
	said owner-gone | grep -qx "the owner 'gone' of the issue 'c' has left"
	run kb audit
	assert_status 1
	# Without people.yaml nobody can be missed.
	rm people.yaml
	[ "$(found | cut -d' ' -f1)" = owner-missing ]
}

@test "a deputy is missing while a person is away, and only then" {
	center
	doc en/articles/none.md 'owner: anna\nreviewed: 2026-11-20'
	doc en/articles/away-too.md 'owner: anna\ndeputy: cleo\nreviewed: 2026-11-20'
	doc en/articles/gone.md 'owner: anna\ndeputy: gone\nreviewed: 2026-11-20'
	doc en/articles/there.md 'owner: anna\ndeputy: ben\nreviewed: 2026-11-20'
	doc en/articles/back.md 'owner: ben\nreviewed: 2026-11-20'
	doc en/articles/team.md "$ok"
	commit 2026-11-20 one
	diff <(found) - <<-'EOF'
		deputy-missing en/articles/away-too.md en
		deputy-missing en/articles/gone.md en
		deputy-missing en/articles/none.md en
	EOF
	diff <(found --as-of 2026-11-24) - <<-'EOF'
		deputy-missing en/articles/back.md en
	EOF
}

@test "broken links and images, with the line and what was meant" {
	center
	doc en/articles/broken.md "$ok" 'See [it](fine.md) and\n[that](fein.md), ![a picture](no.png).'
	doc en/articles/fine.md "$ok" 'See [it](broken.md#broken) and <https://example.org/none>.'
	sed -i 's/#broken/#/' en/articles/fine.md
	commit 2026-11-20 one
	audit --format json | jq -r '.findings[] | "\(.kind) \(.path):\(.line) \(.mend)"' >out
	diff out - <<-'EOF'
		broken-link en/articles/broken.md:7 did you mean 'fine.md'?
		broken-link en/articles/broken.md:7 write the path from the folder of this file, and add the file to the repository
	EOF
}

@test "a translation behind its source: by revision, by date, by estimate" {
	center
	text='It takes 14 days.\n\nThe second.\n\nThe third.'
	for name in revision date estimate owner typo together upto; do
		doc en/articles/$name.md "$ok" "$text"
	done
	revision=$(git hash-object en/articles/revision.md)
	doc de/articles/revision.md "$ok\ntranslation: {revision: ${revision:0:12}}"
	doc de/articles/owner.md "$ok\ntranslation: {revision: $(git hash-object en/articles/owner.md)}"
	doc de/articles/typo.md "$ok\ntranslation: {date: 2026-09-01}"
	doc de/articles/date.md "$ok\ntranslation: {revision: 1234567890, date: 2026-09-30}"
	doc de/articles/estimate.md "$ok"
	doc de/articles/together.md "$ok"
	doc en/articles/draft.md "$ok\nstatus: draft"
	doc de/articles/draft.md "$ok\ntranslation: {date: 2026-09-01}"
	commit 2026-09-01 one
	for name in revision date estimate together upto; do
		sed -i 's/14 days/5 days/; s/The third/The very last/' en/articles/$name.md
	done
	sed -i 's/^owner: team/owner: ben/' en/articles/owner.md
	sed -i 's/second/seconnd/' en/articles/typo.md
	sed -i '/^status/d' en/articles/draft.md
	sed -i 's/14 days/5 days/' de/articles/together.md
	doc de/articles/upto.md "$ok\ntranslation: {revision: $(git hash-object en/articles/upto.md)}"
	sed -i 's/^reviewed.*/reviewed: 2026-10-01/' en/articles/*.md
	commit 2026-10-01 two
	diff <(found) - <<-'EOF'
		translation-behind de/articles/date.md de
		translation-behind de/articles/estimate.md de
		translation-behind de/articles/revision.md de
	EOF
	audit --format json | jq -r '.findings[] | "\(.severity) \(.message)"' |
		sed 's/: paragraph.*//' | sort >out
	diff out - <<-EOF
		info 2 paragraphs of the en text changed since 2026-09-01 (estimated: its last commit)
		warning 2 paragraphs of the en text changed since 2026-09-30; its revision 1234567890 is not in the history
		warning 2 paragraphs of the en text changed since revision ${revision:0:10}
	EOF
	kb review -q --still-right de/articles/{revision,date,estimate}.md
	[ -z "$(found)" ]
}

@test "a missing translation is a finding where audit.translations asks for it" {
	center
	doc en/articles/only-en.md "$ok"
	doc de/articles/only-de.md "$ok"
	doc en/articles/both.md "$ok"
	doc de/articles/both.md "$ok"
	doc en/articles/draft.md "$ok\nstatus: draft"
	doc en/articles/hungary.md "$ok\nregions: [HU]"
	printf 'regions: {HU: Hungary}\n' >>kb.yaml
	commit 2026-11-20 one
	[ -z "$(found)" ]
	sed -i 's/draft_age: 10d/translations: [de, de-AT, en]/' kb.yaml
	diff <(found) - <<-'EOF'
		translation-missing de/articles/only-de.md en
		translation-missing en/articles/only-en.md de
		translation-missing en/articles/only-en.md de-AT
	EOF
	sed -i 's/translations: .*]/translations: de/' kb.yaml
	[ "$(found)" = 'translation-missing en/articles/only-en.md de' ]
	$(audit --format json | jq -r '.findings[0].mend' | sed "s|^kb|$KB|")
	[ -z "$(found | grep missing)" ]
}

@test "gaps: what an issue needs, by type and locale, with what fills them" {
	center
	cat >taxonomy.yaml <<-'EOF'
		issues:
		  - {id: a, label: A, owner: team, needs: [article, reply]}
		  - {id: b, label: B, needs: [article], retired: true}
		  - {id: c, label: C}
	EOF
	doc en/articles/one.md "$ok\nissues: a"
	doc en/articles/two.md "$ok\nissues: a"
	doc de/articles/two.md "$ok\nissues: a\nstatus: draft"
	doc en/replies/three.md "$ok\nissues: a"
	doc de/replies/three.md "$ok\nissues: c"
	sed -i 's/, reply]/, reply, workflow]/' taxonomy.yaml
	commit 2026-11-20 one
	audit --format csv | tr -d '\r' | cut -d, -f1,3,4,8,9 | sort >out
	diff out - <<-'EOF'
		coverage-gap,team,de,the issue 'a' has no published article in de,publish de/articles/two.md
		coverage-gap,team,de,the issue 'a' has no published reply in de,kb link add de/replies/three.md a
		coverage-gap,team,de,the issue 'a' has no published workflow in de,kb new workflow ID --issue a --locale de
		coverage-gap,team,de-AT,the issue 'a' has no published article in de-AT,kb new --translate-of articles/one --locale de-AT
		coverage-gap,team,de-AT,the issue 'a' has no published reply in de-AT,kb new --translate-of replies/three --locale de-AT
		coverage-gap,team,de-AT,the issue 'a' has no published workflow in de-AT,kb new workflow ID --issue a --locale de-AT
		coverage-gap,team,en,the issue 'a' has no published workflow in en,kb new workflow ID --issue a --locale en
		kind,owner,locale,message,mend
	EOF
	# A fallback of the same language serves.
	sed -i '/^status/d' de/articles/two.md
	[ "$(audit --format csv | grep -c 'article in')" -eq 0 ]
}

@test "what cannot be read is said, and stops nothing" {
	center
	doc en/articles/broken.md 'owner: [team'
	doc en/articles/nobody.md 'reviewed: 2026-11-20'
	commit 2026-11-20 one
	run kb audit
	assert_status 1
	diff <(found) - <<-'EOF'
		owner-missing en/articles/nobody.md en
		unreadable en/articles/broken.md en
	EOF
}

@test "--owner, --issue, --locale, --min-severity; documents are counted as they are asked for" {
	center
	cat >taxonomy.yaml <<-'EOF'
		issues:
		  - {id: a, label: A, owner: team, aliases: [old], children: [{id: a.b, label: B, needs: [reply]}]}
		  - {id: c, label: C, needs: [workflow]}
	EOF
	doc en/articles/one.md 'owner: ben\nissues: old'
	doc en/articles/two.md 'owner: cleo\nreviewed: 2025-01-01\nissues: c'
	doc de/articles/two.md 'owner: who\nreviewed: 2026-11-20\nissues: a.b'
	doc en/reference/three.md 'owner: ben'
	commit 2026-11-20 one
	[ "$(found | wc -l)" -eq 11 ]
	diff <(found --owner ben) <(printf 'never-reviewed en/%s.md en\n' articles/one reference/three)
	audit --owner ben | grep -q '2 findings in 2 documents'
	[ "$(found --owner who)" = 'owner-gone de/articles/two.md de' ]
	[ "$(found --owner ben --owner who | wc -l)" -eq 3 ]
	diff <(found --issue a) - <<-'EOF'
		coverage-gap taxonomy.yaml de
		coverage-gap taxonomy.yaml de-AT
		coverage-gap taxonomy.yaml en
		never-reviewed en/articles/one.md en
		owner-gone de/articles/two.md de
	EOF
	[ "$(found --issue a.b | grep -c article)" -eq 1 ]
	diff <(found --locale de) - <<-'EOF'
		coverage-gap taxonomy.yaml de
		coverage-gap taxonomy.yaml de
		owner-gone de/articles/two.md de
	EOF
	[ "$(found --min-severity warning | wc -l)" -eq 10 ]
	[ "$(found --min-severity error)" = 'owner-gone de/articles/two.md de' ]
	for wrong in '--owner bne' '--issue x' '--locale fr' '--as-of soon' '--min-severity bad' \
		'--rev none' '--format pdf' '--format email' operand; do
		run kb audit $wrong
		assert_status 2
	done
	run kb audit --owner bne
	assert_output_has "there is no person or team 'bne': did you mean 'ben'?"
}

@test "--fail-level is about what is shown" {
	center
	doc en/articles/one.md 'owner: gone'
	doc en/reference/two.md 'owner: team'
	commit 2026-11-20 one
	for level in 'error 1' 'warning 1' 'info 1' 'none 0'; do
		run kb audit --fail-level ${level% *}
		assert_status ${level#* }
	done
	run kb audit
	assert_status 1
	run kb audit --owner team
	assert_status 0
	run kb audit --owner team --fail-level warning
	assert_status 0
	run kb audit --owner team --fail-level info
	assert_status 1
}

@test "--as-of another day, --rev another state, threads, folders" {
	center
	doc 'en/articles/a b/one.md' 'owner: team\nreviewed: 2026-11-01\nreview_every: 30d'
	commit 2026-11-01 one
	doc en/articles/two.md 'owner: team'
	commit 2026-11-20 two
	[ "$(found)" = 'never-reviewed en/articles/two.md en' ]
	[ -z "$(found --rev HEAD~1)" ]
	[ -z "$(found --rev HEAD~1 --as-of 2026-12-01)" ]
	[ "$(found --rev HEAD~1 --as-of 2026-12-02)" = 'review-overdue en/articles/a b/one.md en' ]
	audit --as-of 2026-12-02 --format json >"$TMP/one.json"
	jq -e '.as_of == "2026-12-02" and .findings[0].mend == "kb review '"'en/articles/a b/one.md'"'"' "$TMP/one.json"
	cd en
	audit --as-of 2026-12-02 --format json -j 1 | cmp - "$TMP/one.json"
	git clone -q --bare .. "$TMP/bare.git"
	audit -C "$TMP/bare.git" --rev HEAD --as-of 2026-12-02 --format json | cmp - "$TMP/one.json"
}

@test "what the history does not tell is left out, and that is said" {
	center
	doc en/articles/changed.md 'owner: team\nreviewed: 2026-09-01'
	doc en/articles/draft.md "$ok\nstatus: draft"
	commit 2026-08-01 one
	sed -i 's/14/15/' en/articles/*.md
	commit 2026-10-01 two
	git commit -q --allow-empty -m three
	found >"$TMP/whole"
	[ "$(wc -l <"$TMP/whole")" -eq 2 ]
	[ ! -s "$TMP/stderr" ]
	git clone -q --depth 2 "file://$PWD" "$TMP/shallow"
	cd "$TMP/shallow"
	[ "$(found)" = 'draft-old en/articles/draft.md en' ]
	[ "$(said draft-old)" = 'a draft since 2026-10-01 or longer' ]
	grep -q 'fetch-depth: 0' "$TMP/stderr"
	audit -q
	[ ! -s "$TMP/stderr" ]
	rm -rf .git
	[ -z "$(found)" ]
	grep -q 'there is no history here' "$TMP/stderr"
}

example() {
	cp -R "$BATS_FILE_TMPDIR/example" .
	cd example || return
}

@test "the report of the example on a day" {
	example
	run kb audit --as-of 2026-12-15
	assert_status 1
	if [ -n "${UPDATE:-}" ]; then echo "$output" >"$BATS_TEST_DIRNAME/audit.txt"; fi
	diff "$BATS_TEST_DIRNAME/audit.txt" - <<<"$output"
}

@test "each format says the same" {
	example
	audit --format text --output out.txt --format markdown --output out.md \
		--format html --output out.html --format json --output out.json \
		--format csv --output out.csv
	"$(dirname "$KB")/tools/schema_check" "$ROOT/schemas/output/audit.json" out.json
	n=$(jq '.findings | length' out.json)
	[ "$n" -gt 30 ]
	[ "$(jq '[.counts[]] | add' out.json)" -eq "$n" ]
	[ "$(python3 -c 'import csv, sys; print(len(list(csv.DictReader(sys.stdin))))' <out.csv)" -eq "$n" ]
	[ "$(grep -c '^| [^|]*\.\(md\|yaml\|csv\)' out.md)" -eq "$n" ]
	# Each document is there once, with all its findings.
	[ "$(grep -o '<li><strong>' out.html | wc -l)" -eq "$(jq '[.findings[] | select(.id)] | length' out.json)" ]
	[ "$(grep -o '<tr><td class="n">[0-9]*</td><td>' out.html | wc -l)" -eq "$(jq '.scores.documents | length' out.json)" ]
	[ "$(grep -cE '^[^ ]+\.(md|yaml|csv)(:[0-9]+)?  ' out.txt)" -eq "$n" ]
	xmllint --html --noout out.html 2>&1 | grep -v 'Tag [a-z]* invalid' | grep error && false
	# Titles lead to the pages; nothing is loaded.
	run grep -oE '(src=|<script|href="[^h])' out.html
	[ -z "$output" ]
	grep -q '<a href="https://help.morgenau.example/en/articles/' out.html
	# Charts have a title, a description with the unit, and a table.
	[ "$(grep -o '<svg' out.html | wc -l)" -ge 6 ]
	for what in '<title ' '<desc ' '<details>'; do
		[ "$(grep -o "$what" out.html | wc -l)" -ge "$(grep -o '<svg' out.html | wc -l)" ]
	done
}

@test "--summary is the counts alone, in each format" {
	example
	run kb audit --summary --fail-level none
	assert_output_has 'Review overdue'
	[[ $output != *.md* ]]
	audit --summary --format json >out.json
	"$(dirname "$KB")/tools/schema_check" "$ROOT/schemas/output/audit.json" out.json
	jq -e 'has("findings") | not' out.json
	[ "$(audit --summary --format csv | tr -d '\r' | head -1)" = findings,kind ]
	audit --summary --format csv | tr -d '\r' | grep -qx '[0-9]*,review-overdue'
	run kb audit --summary --format html
	[[ $output != *.md* && $output == *'Review overdue'* ]]
	run kb audit --summary
	assert_status 1
}

@test "on a terminal of 80 columns nothing is wider, but for paths and commands" {
	example
	script -qec "stty cols 80; $(printf %q "$KB") audit --no-progress --color never --fail-level none" /dev/null |
		tr -d '\r' >out
	grep -qx '    kb review en/articles/care/clean-milk-system.md' out
	run grep -E '^.{81,}' out
	[ -z "$output" ]
}

@test "the examples of the manual run" {
	example
	# Not those that need a mail server or an address of one's own.
	sed -n '/^## Examples/,$s/^    kb //p' "$ROOT/docs/man/kb-audit.md" |
		grep -v 'sendmail\|owner me' >examples
	[ "$(wc -l <examples)" -ge 5 ]
	while read -r line; do
		run kb $line
		[ "$status" -lt 2 ]
	done <examples
	[[ -s due.csv && -s audit.html ]]
}

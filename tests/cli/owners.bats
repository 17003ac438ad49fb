load helper

setup() {
	kb_setup
}

@test "who owns what, of the example" {
	run kb -C "$ROOT/content-example" owners
	assert_status 0
	[[ ${lines[0]} =~ ^Owner\ +Name\ +Documents\ +Overdue\ +Never\ reviewed\ +As\ deputy\ +Issues$ ]]
	[[ ${lines[2]} =~ ^logistics\ +Logistics\ +50\ +0\ +0\ +3\ +8$ ]]
	[[ $output =~ mehmet-aydin\ +Mehmet\ Aydin\ +3\ +3\ +0\ +21\ +0 ]]
	sum=$(kb -C "$ROOT/content-example" owners --format csv | cut -d, -f3 | awk 'NR > 1 { sum += $1 } END { print sum }')
	[ "$sum" -eq "$(find "$ROOT/content-example" -path '*/??*/*' -name '*.md' ! -name README.md | wc -l)" ]
}

# One document a fault: nobody's, of somebody unknown, never reviewed, just due, overdue.
small() { # FOLDER
	local n=0 keys
	mkdir -p "$1/en/articles/care" "$1/en/articles/mixed"
	printf 'name: Help\nlocales: [{code: en}, {code: de}]\naudit: {review_every: {article: 30d}}\n' >"$1/kb.yaml"
	cat >"$1/people.yaml" <<-'END'
		anna: {name: Anna, email: anna@example.com}
		ben: {name: Ben, contact: "@ben"}
		gone: {name: Gone, email: gone@example.com, until: 2026-01-01}
		mute: {name: Mute}
		team: {name: Team, email: team@example.com, members: [anna, ben, gone]}
		shop: {name: Shop, contact: "@org/shop", members: [anna]}
	END
	printf 'issues:\n  - {id: a, label: A, owner: team}\n  - {id: b, label: B, retired: true, owner: team}\n' >"$1/taxonomy.yaml"
	article() { # PATH KEYS
		printf -- '---\ntitle: T\n%b\n---\nText\n' "$2" >"$1"
	}
	article "$1/en/articles/care/a b.md" 'owner: team\nreviewed: 2026-10-26'
	article "$1/en/articles/care/c.md" 'owner: team\nreviewed: 2026-10-25'
	article "$1/en/articles/mixed/[1].md" 'owner: ben\ndeputy: anna'
	article "$1/en/articles/mixed/#2.md" 'owner: shop\nreviewed: 2025-01-01\nstatus: archived'
	article "$1/en/articles/mixed/mute.md" 'owner: mute\nreviewed: 2026-11-01'
	article "$1/en/articles/nobody.md" 'reviewed: 2026-11-01'
	article "$1/en/articles/who.md" 'owner: who\nreview_every: 1y\nreviewed: 2025-11-24'
}

@test "counts: due, overdue by the day, never, archived, unknown, nobody's" {
	small .
	run kb owners --format csv
	assert_status 0
	[ "${output//$'\r'/}" = "Owner,Name,Documents,Overdue,Never reviewed,As deputy,Issues
anna,Anna,0,0,0,1,0
ben,Ben,1,0,1,0,0
mute,Mute,1,0,0,0,0
team,Team,2,1,0,0,1
shop,Shop,1,0,0,0,0
who,not in people.yaml,1,1,0,0,0
(none),no owner,1,0,0,0,0" ]
	run kb owners --owner team --format csv
	[ "${output//$'\r'/}" = "Owner,As,Document,Type,Reviewed,Due,Review,Title
team,owner,en/articles/care/a b.md,article,2026-10-26,2026-11-25,,T
team,owner,en/articles/care/c.md,article,2026-10-25,2026-11-24,overdue,T" ]
	run kb owners --locale de --format csv
	[ "${#lines[@]}" -eq 2 ] # the team and its issue
	run kb owners --owner taem
	assert_status 2
	assert_output_has "did you mean 'team'?"
	run kb owners --type artcle
	assert_status 2
}

@test "the JSON holds it all" {
	small .
	kb owners --format json --output out.json --format markdown >out.md
	"$ROOT/${BUILD:-build}/tools/schema_check" "$ROOT/schemas/output/owners.json" out.json
	grep -q '^| team | Team | 2 | 1 |' out.md
	jq -e '.owners | map(select(.id == "team"))[0] |
		.owned == 2 and .overdue == 1 and .issues == ["a"] and .documents[1].overdue' out.json
	jq -e '.owners[-1] | has("id") | not' out.json
}

@test "CODEOWNERS: folders of one owner, members, handles, escapes" {
	git init -q
	small 'my help'
	run kb -C 'my help' owners --format codeowners
	assert_status 0
	assert_output_has "kb: 3 documents are left out"
	[ "$(grep -v '^[#k]' <<<"$output")" = '/my\ help/en/articles/care/ anna@example.com @ben
/my\ help/en/articles/mixed/\#2.md @org/shop
/my\ help/en/articles/mixed/\[1\].md @ben' ]
	run kb -C 'my help' owners --format codeowners --type reply
	assert_status 2
}

@test "CODEOWNERS: teams that contain each other" {
	small .
	rm -r en/articles/*
	mkdir en/articles/care
	article en/articles/care/a.md 'owner: t0'
	article en/articles/b.md 'owner: x'
	local all
	all=$(printf 't%d, ' {0..99})
	for i in {0..99}; do
		printf 't%d: {name: T, email: t@example.com, members: [%s p%d]}\n' "$i" "$all" "$i"
		printf 'p%d: {name: P, contact: "@p%d"}\n' "$i" "$i"
	done >people.yaml
	cat >>people.yaml <<-'END'
		x: {name: X, email: x@example.com, members: [y, z]}
		y: {name: Y, members: [anna]}
		z: {name: Z, email: z@example.com, members: [anna, x]}
		anna: {name: Anna, email: anna@example.com}
	END
	run timeout 20 "$KB" owners --format codeowners
	assert_status 0
	assert_output_has '/en/articles/b.md anna@example.com'
	[ "$(grep -v '^#' <<<"${lines[-1]}" | wc -w)" -eq 101 ]
	[[ $output != *t@example.com* && $output != *z@example.com* ]]
}

@test "months of review_every are those of the calendar" {
	small .
	rm -r en/articles/*
	mkdir en/articles/care
	article en/articles/care/a.md 'owner: team\nreviewed: 2026-08-03\nreview_every: 6m'
	article en/articles/care/b.md 'owner: team\nreviewed: 2026-10-31\nreview_every: 4m'
	article en/articles/care/c.md 'owner: team\nreviewed: 2026-05-25\nreview_every: 6m'
	article en/articles/care/d.md 'owner: team\nreviewed: 2024-02-29\nreview_every: 1y'
	run kb owners --owner team --format csv
	for due in 2027-02-03, 2027-02-28, 2026-11-25,, 2025-02-28,overdue; do
		assert_output_has ",$due"
	done
	# Due today, it is not overdue.
	run kb audit --format json
	[ "$(jq '[.findings[] | select(.kind == "review-overdue")] | length' <<<"$output")" -eq 1 ]
	# kb.yaml's own are, too.
	printf 'name: Help\nlocales: [{code: en}]\naudit: {review_every: {article: 1m}}\n' >kb.yaml
	article en/articles/care/a.md 'owner: team\nreviewed: 2026-01-31'
	run kb owners --owner team --format csv
	assert_output_has ',2026-02-28,overdue'
}

@test "who owns this: a path, a folder, an id, and what is none of them" {
	cd "$ROOT/content-example"
	run kb owners en/articles/returns/refund.md
	assert_status 0
	assert_output_has 'billing: Billing'
	assert_output_has 'Contact: Ticket queue billing · billing@morgenau.example'
	assert_output_has 'en/articles/returns/refund.md'
	[[ $output != *Issues:* && $output != *de/articles* ]]
	cd en/articles
	run kb owners returns/refund.md
	assert_output_has 'billing: Billing'
	cd ../..
	[ "$(kb owners refund --format csv | grep -c ^billing,owner,)" = 3 ]
	[ "$(kb owners refund --locale de --format csv | grep -c ^billing,owner,)" = 1 ]
	kb owners en/articles/care --format csv >"$TMP/care.csv"
	[ "$(grep -c ',owner,en/articles/care/' "$TMP/care.csv")" = "$(ls en/articles/care/*.md | wc -l)" ]
	[ "$(kb owners refund --format json | jq '[.owners[].documents[]] | length')" -gt 2 ]
	run kb owners refnd
	assert_status 2
	[ "$output" = "kb: there is no document 'refnd': did you mean 'refund'?" ]
	run kb owners en/articles/img
	assert_status 2
	run kb owners taxonomy.yaml
	assert_status 2
	[ "$output" = "kb: 'taxonomy.yaml' is not a document" ]
	run kb owners refund --type reply
	assert_status 2
	assert_output_has 'none of these documents has the type'
	run kb owners refund --format codeowners
	assert_status 2
	assert_output_has 'for all documents'
}

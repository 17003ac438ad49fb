load helper

setup() {
	kb_setup
}

commit() { # MESSAGE
	git add -A
	git commit -qm "$1"
}

commit_at() { # TIME MESSAGE
	git add -A
	GIT_AUTHOR_DATE="$1" GIT_COMMITTER_DATE="$1" git commit -qm "$2"
}

repository() {
	kb_sample site
	cd site || return
	sed -i 's/^  - code: en$/&\n  - code: de\n  - code: hu\n  - code: ja/' kb.yaml
	git init -q
}

place() { # NAME.LOCALE
	case $1 in
	workflow-*) echo "${1##*.}/workflows/${1%.*}.md" ;;
	*) echo "${1##*.}/articles/${1%.*}.md" ;;
	esac
}

# tests/diff/NAME.LOCALE/: two versions, and what is said of them.
@test "goldens: what changed is said, and nothing else" {
	local dir name path failed=0
	repository
	for version in old new; do
		for dir in "$ROOT"/tests/diff/*/; do
			path=$(place "$(basename "$dir")")
			mkdir -p "$(dirname "$path")"
			cp "$dir/$version.md" "$path"
		done
		[ $version = new ] || commit old
	done
	for dir in "$ROOT"/tests/diff/*/; do
		name=$(basename "$dir")
		kb diff "$(place "$name")" >"$TMP/out"
		[ -z "${UPDATE:-}" ] || cp "$TMP/out" "$dir/expected.txt"
		diff -u "$dir/expected.txt" "$TMP/out" || failed=1
	done
	[ $failed = 0 ]
}

example() {
	cp -R "$ROOT/content-example" example
	cd example || return
	git init -q
	commit first
}

@test "JSON: applying the operations to the former blocks gives the new ones" {
	example
	sed -i 's/^## Filtra/## Filtra One/; s/50 ml/60 ml/' en/articles/care/descale.md
	tac en/articles/returns/refund.md | sed '/^- /d' | tac >refund
	mv refund en/articles/returns/refund.md
	kb diff --format json --operations >"$TMP/diff.json"
	jq -e '.documents | length == 2' "$TMP/diff.json"
	jq '.documents[] | .blocks as $old |
		[.operations[] | select(.new != null) | .block // $old[.old]]' \
		"$TMP/diff.json" >"$TMP/applied"
	commit second
	kb diff HEAD~1 HEAD --format json --operations >"$TMP/again.json"
	git revert -n HEAD
	kb diff HEAD --format json --operations >"$TMP/back.json"
	jq '.documents[] | .blocks' "$TMP/back.json" | diff "$TMP/applied" -
	diff <(jq .documents "$TMP/diff.json") <(jq .documents "$TMP/again.json")
	"$ROOT/${BUILD:-build}/tools/schema_check" "$ROOT/schemas/output/diff.json" \
		"$TMP/diff.json"
}

@test "who may read it, what moved, and what that brings with it" {
	example
	sed -i '/^> \[!AGENTS\]/,/^$/s/^> \{0,1\}//; s/^\[!AGENTS\]$//' \
		"$(grep -rl '^> \[!AGENTS\]' en/articles | sort | head -1)"
	git mv en/articles/care/descale.md en/articles/care/limescale.md
	sed -i 's/office/desk/' en/snippets/contact-us.md
	run kb diff --format json
	assert_status 0
	jq -e '[.notes[].kind] | index("readers") and index("address")' <<<"$output"
	run kb diff en/articles/care
	assert_output_has "moved from en/articles/care/descale.md"
	assert_output_has "but the former address has no redirect"
}

@test "who may read it by kb.yaml alone" {
	kb_sample site
	cd site || return
	mkdir -p inside
	printf -- '---\ntitle: Inside\nowner: support\n---\nFor agents so far.\n' >inside/one.md
	printf -- '---\ntitle: Two\nowner: support\naudience: public\n---\nFor all.\n' >inside/two.md
	printf 'content:\n  - path: en/articles\n    type: article\n    locale: en\n' >>kb.yaml
	printf '  - path: inside\n    type: article\n    locale: en\n    defaults: {audience: agents, status: published}\n' >>kb.yaml
	git init -q
	commit first
	sed -i 's/audience: agents/audience: public/' kb.yaml
	run kb diff
	assert_output_has "inside/one.md: changed, 1 significant"
	assert_output_has "audience: agents → public (who may read it changed)"
	assert_output_has "readers of 'public' can now read 1 block that only those of 'agents' could"
	[[ $output != *two.md* ]]
	commit second
	sed -i 's/status: published/status: draft/' kb.yaml
	sed -i 's/^audience: public/status: published/' inside/two.md
	run kb diff
	assert_output_has "inside/one.md: changed, 1 significant"
	assert_output_has "status: published → draft"
	assert_output_has "audience: removed public (this is the default)"
	run kb changes --since HEAD~1 --audience public --format json
	[ "$(jq -r '.items[] | "\(.documents[0].path) \(.text)"' <<<"$output")" = 'inside/one.md new article' ]
}

@test "revisions, ranges, paths, what is staged, and the exit status" {
	example
	git tag one
	echo 'Seven more.' >>en/articles/care/descale.md
	commit second
	git checkout -qb side one
	echo 'Another.' >>en/articles/care/first-use.md
	commit third
	run kb diff --exit-code
	assert_status 0
	[ -z "$output" ]
	run kb diff --exit-code one
	assert_status 1
	assert_output_has first-use.md
	run kb diff main...
	assert_output_has first-use.md
	[[ $output != *descale.md* ]]
	run kb diff main side
	assert_output_has descale.md
	run kb diff one..main en/workflows
	assert_status 0
	[ -z "$output" ]
	echo 'Staged.' >>en/articles/care/recycle-machine.md
	git add -A
	echo 'Not staged.' >>en/articles/care/first-use.md
	run kb diff --staged
	assert_output_has recycle-machine.md
	[[ $output != *first-use.md* ]]
	run kb diff nowhere
	assert_status 2
	assert_output_has "there is no document and no revision 'nowhere' in this repository"
	run kb diff mian
	[ "$output" = "kb: there is no document and no revision 'mian' in this repository: did you mean 'main'?" ]
	run kb diff one..nowhere
	assert_status 2
}

@test "days as revisions, documents by id, and what is neither" {
	example
	GIT_COMMITTER_DATE=2026-09-01T12:00:00Z git commit -q --amend --no-edit
	sed -i 's/50 ml/55 ml/' en/articles/care/descale.md
	sed -i 's/50 ml/55 ml/' de/articles/care/descale.md en/articles/care/first-use.md
	commit_at 2026-10-10T12:00:00Z second
	sed -i 's/55 ml/60 ml/' en/articles/care/descale.md
	run kb diff 2026-10-10 descale
	assert_output_has "'50 ml' → '60 ml'"
	assert_output_has de/articles/care/descale.md
	[[ $output != *first-use* ]]
	run kb diff 2026-09-11 2026-10-11 descale
	assert_output_has "'50 ml' → '55 ml'"
	kb show descale@2026-10-10 | grep '50 ml'
	run kb diff 1999-01-01
	assert_status 2
	assert_output_has 'begins later'
	run kb diff 2026-13-01
	assert_status 2
	run kb diff descal
	assert_status 2
	assert_output_has "did you mean 'descale'?"
	git clone -q --depth 1 "file://$PWD" "$TMP/shallow"
	cd "$TMP/shallow"
	for rev in HEAD~1 HEAD~1..HEAD 2026-09-20; do
		run kb diff $rev
		assert_status 2
		assert_output_has 'fetch-depth: 0'
	done
}

@test "HTML and Markdown: content is never markup" {
	example
	printf '\nA <script>alert(1)</script> `x` |&\n' >>en/articles/care/descale.md
	kb diff --format html >"$TMP/page.html"
	run grep -c '<script' "$TMP/page.html"
	[ "$output" = 0 ]
	kb diff --format markdown >"$TMP/comment.md"
	run grep -c '<script' "$TMP/comment.md"
	[ "$output" = 0 ]
}

@test "the same, whatever the number of threads" {
	example
	sed -i 's/machine/device/' en/articles/*/*.md
	kb diff -j1 --format json >"$TMP/one"
	kb diff -j4 --format json | diff "$TMP/one" -
}

notes() { # KIND
	kb diff --format json | jq -r --arg kind "$1" '.notes[] | select(.kind == $kind) |
		"\(.what) \(.text) \(.touched | length)"'
}

@test "issues, variables, people and settings, with what they touch" {
	example
	sed -i 's/^      - id: delivery.missing$/&-parcel/
		s/aliases: \[shipping.lost\]/aliases: [shipping.lost, delivery.missing]/' taxonomy.yaml
	sed -i 's/^    wait_days: "5"/    wait_days: "6"/' kb.yaml
	sed -i '0,/Customer service/s//Customer care/' people.yaml
	[[ $(notes issue) == *"renamed delivery.missing is now called delivery.missing-parcel"* ]]
	git stash -q
	sed -i '0,/    tier: 1/s//    tier: 2/; s/en: Refund not arrived/en: Refund is late/
		0,/            needs: \[reply\]/s//            needs: [article, reply]/
		s/still waiting, no refund/still waiting, no money/' taxonomy.yaml
	notes issue >"$TMP/issues"
	diff "$TMP/issues" - <<-'EOF'
		changed the needs of delivery.missing.delivered: reply → article, reply 11
		changed the tier of order: 1 → 2 0
		changed the label of return.refund.late: en: Refund not arrived → en: Refund is late 9
		changed the words that find return.refund.late changed 9
	EOF
	git checkout -q .
	git stash pop -q
	[[ $(notes variable) == "changed {{trace.wait_days}}: 5 → 6 7" ]]
	[[ $(notes person) == "changed customer-service: "*"Customer service"*" 33" ]]
	printf '\n  broken: [' >>taxonomy.yaml
	[ "$(notes issue)" = "changed it cannot be read, so its changes are not known 0" ]
}

since() { # PATH
	kb diff --translations --format json "$1" | jq -r '.documents[] | "\(.since) \(.changes[].text)"'
}

@test "translations: by revision, by day to its end, by estimate, and what is not there" {
	local source=en/articles/care/descale.md translation=hu/articles/care/descale.md blob
	example
	sed -i '/^translation:/d' hu/articles/care/*.md de/articles/care/*.md
	commit_at 2026-10-01T12:00:00Z first
	blob=$(git rev-parse HEAD:$source)
	sed -i 's/50 ml/55 ml/' $source
	commit_at 2026-10-10T21:30:00Z second
	sed -i 's/55 ml/60 ml/' $source
	commit_at 2026-10-11T12:00:00Z third
	run since $translation
	[ "$output" = "2026-10-01 (estimated: its last commit) list item: '50 ml' → '60 ml'" ]
	sed -i "2i translation: {revision: ${blob:0:9}}" $translation
	run since $translation
	[ "$output" = "revision ${blob:0:10} list item: '50 ml' → '60 ml'" ]
	sed -i "2s/.*/translation: {date: 2026-10-10}/" $translation
	run since $translation # 23:30 in Berlin
	[ "$output" = "2026-10-10 list item: '55 ml' → '60 ml'" ]
	sed -i "2s/.*/translation: {date: 2026-10-09}/" $translation
	run since $translation
	[ "$output" = "2026-10-09 list item: '50 ml' → '60 ml'" ]
	sed -i "2s/.*/translation: {revision: 0123456789, date: 2026-10-10}/" $translation
	run since $translation
	assert_output_has "2026-10-10; its revision 0123456789 is not in the history"
	sed -i "2s/.*/translation: {revision: $(git rev-parse HEAD:$source)}/" $translation
	run since $translation
	[ -z "$output" ]
	kb diff --translations HEAD $source --format html >"$TMP/page.html"
	grep -q '<article lang="hu" dir="ltr">' "$TMP/page.html"
	grep -qE '<(p|h3|li) class="t[^>]* lang="en" dir="ltr">' "$TMP/page.html"
	run kb diff --translations HEAD $source
	assert_output_has "$translation: behind its source $source since 2026-10-01"
	kb diff --translations --format json >"$TMP/behind.json"
	"$ROOT/${BUILD:-build}/tools/schema_check" "$ROOT/schemas/output/diff.json" \
		"$TMP/behind.json"
}

page() { # PATH ID TEXT [KEYS]
	mkdir -p "$(dirname "$1")"
	printf -- '---\nid: %s\ntitle: About %s\nowner: support\nreviewed: 2026-09-01\n%b---\n%b\n' \
		"$2" "$2" "${4:-}" "$3" >"$1"
}

# What is said of links, answers and images.
links() { # OPTION...
	kb diff --format json "$@" | jq -r '.documents[].changes[] | "\(.weight) \(.text)"'
}

linked() {
	repository
	page en/articles/money/refund.md refund '## How long\n\nFive days.'
	page en/articles/money/bill.md bill 'The bill.'
	page en/workflows/parcel/trace.md trace '## Ask\n\n- [Found](kb:resolved)' 'issues: [account]\n'
	mkdir en/articles/img
	echo '<svg xmlns="http://www.w3.org/2000/svg"/>' >en/articles/img/a.svg
	page en/articles/start.md start 'See [refunds](money/refund.md#how-long) and [bills](money/bill.md).

![A](img/a.svg)

Ask [the web](https://example.com/a), or [below](#below).

## Below

[Trace it](../workflows/parcel/trace.md).'
}

@test "a translation that only moved has not caught up" {
	repository
	page en/articles/bill.md bill 'You pay within 14 days.'
	page de/articles/bill.md bill 'Sie zahlen innerhalb von 14 Tagen.'
	commit_at 2026-09-01T12:00:00Z first
	sed -i 's/14/5/' en/articles/bill.md
	commit_at 2026-10-01T12:00:00Z second
	mkdir de/articles/money
	git mv de/articles/bill.md de/articles/money/bill.md
	commit_at 2026-11-01T12:00:00Z third
	run since de
	assert_output_has "2026-09-01 (estimated: its last commit) paragraph: 'You pay within 14 days.'"
}

@test "links lead where they led, although documents moved and links are written anew" {
	linked
	page de/articles/start.md start 'Siehe [hier](money/refund.md).' 'translation: {date: 2026-11-01}\n'
	commit_at 2026-10-01T12:00:00Z first
	mkdir -p en/articles/deep/er en/articles/paid en/articles/pictures
	git mv en/articles/start.md en/articles/deep/er/start.md
	git mv en/articles/money/refund.md en/articles/paid/refund.md
	git mv en/articles/img/a.svg en/articles/pictures/b.svg
	sed -i 's|money/refund|../../paid/refund|; s|(money/bill.md|(id:bill|
		s|img/a.svg|../../pictures/b.svg|; s|(#below|(../er/start.md#below|
		s|\.\./workflows|../../../workflows|' en/articles/deep/er/start.md
	run links
	[ -z "$output" ]
	run kb diff en/articles/deep
	assert_output_has 'moved from en/articles/start.md'
	kb diff --format html en/articles/deep >"$TMP/page.html"
	run grep -c 'class="t' "$TMP/page.html" # nothing of the text is shown
	[ "$output" = 0 ]
	commit_at 2026-11-10T12:00:00Z second
	run links HEAD~1 HEAD
	[ -z "$output" ]
	# What only history tells of the former state.
	run kb log -n 1 start --locale en
	[[ $output == *'moved from en/articles/start.md' ]]
	run kb diff --translations
	[[ $output != *leads* && $output != *broken* ]]
	kb audit --format json --fail-level none 2>/dev/null | jq -e '
		.counts["translation-behind"] == 0 and .counts["changed-since-review"] == 0'
}

@test "links that lead elsewhere, or nowhere, written anew or not" {
	linked
	page en/articles/deep/money/bill.md other 'Another bill.'
	commit first
	git mv en/articles/start.md en/articles/deep/start.md
	sed -i 's|\.\./workflows|../../workflows|; s|example.com/a|example.com/b|' en/articles/deep/start.md
	diff <(links | sort) - <<-'EOF'
		minor image is now broken: en/articles/img/a.svg → en/articles/deep/img/a.svg
		minor link is now broken: en/articles/money/refund.md#how-long → en/articles/deep/money/refund.md#how-long
		minor link leads elsewhere: en/articles/money/bill.md → en/articles/deep/money/bill.md
		minor link leads elsewhere: https://example.com/a → https://example.com/b
	EOF
	git reset -q --hard
	sed -i 's|refund.md#how-long|bill.md|; s|trace.md|gone.md|; s|#below|#blow|' en/articles/start.md
	diff <(links) - <<-'EOF'
		minor link leads elsewhere: money/refund.md#how-long → money/bill.md
		minor link is now broken: Below → #blow
		significant link is now broken: ../workflows/parcel/trace.md → ../workflows/parcel/gone.md
	EOF
}

@test "an answer that leads elsewhere is significant in whatever folder workflows are" {
	linked
	page en/workflows/parcel/one.md one '## Ask\n\n- [Yes](trace.md)\n- [No](kb:resolved)' \
		'issues: [account]\n'
	page en/workflows/other.md other '## Ask\n\n- [Found](kb:resolved)' 'issues: [account]\n'
	commit first
	sed -i 's|trace.md|../other.md|' en/workflows/parcel/one.md
	[ "$(links)" = "significant answer 'Yes' leads elsewhere: trace.md → ../other.md" ]
	commit second
	mkdir -p en/workflows/new
	git mv en/workflows/other.md en/workflows/new/other.md
	sed -i 's|../other.md|../new/other.md|' en/workflows/parcel/one.md
	[ -z "$(links)" ]
	commit third
	kb log -n 1 one | grep -q 'nothing that readers see'
}

# The whole takes about 4 s; see tests/tools/version_pairs.
@test "an answer that ends elsewhere is significant and names both ends" {
	local workflow=en/workflows/refund-case.md
	example
	sed -i 's#(kb:escalate/billing)#(kb:escalate/logistics)#; s#(kb:resolved)#(kb:closed)#' $workflow
	run kb diff $workflow
	assert_output_has "! answer 'Not inspected yet' leads elsewhere: kb:escalate/billing → kb:escalate/logistics"
	assert_output_has 'kb:resolved → kb:closed'
	commit ends
	run kb changes --since HEAD~1
	assert_output_has 'kb:escalate/billing → kb:escalate/logistics'
}

@test "steps of a numbered list in another order are significant, items of a list are not" {
	local article=en/articles/care/descale.md
	example
	printf '%s\n' '---' 'title: Tea' 'issues: machine' 'owner: support' '---' '1. Boil the water.' \
		'2. Warm the pot.' '3. Add the leaves.' '' '- green tea' '- black tea' '- mint tea' >$article
	commit tea
	printf '%s\n' '---' 'title: Tea' 'issues: machine' 'owner: support' '---' '1. Boil the water.' \
		'2. Add the leaves.' '3. Warm the pot.' '' '- black tea' '- green tea' '- mint tea' >$article
	run kb diff $article
	assert_output_has "! list item 'Warm the pot.' moved (the order of a numbered list changed)"
	assert_output_has ". list item 'green tea' moved (a different order)"
	commit again
	sed -i '/Boil the water/d' $article
	run kb diff $article
	assert_output_has '! list item removed (an item of a numbered list was removed)'
}

@test "a step that comes, goes, moves or is renamed is called a step, a heading below it is not" {
	local workflow=en/workflows/tea.md
	changes_to() { # STEPS
		printf -- '---\ntitle: Tea\nissues: [machine]\nowner: support\n---\n%b' "$1" >$workflow
		kb diff --format json $workflow |
			jq -r '.documents[].changes[] | "\(.weight) \(.thing): \(.text)"'
	}
	local boil='## Boil\n- [Done](kb:resolved)\n' warm='## Warm\n- [Warm](kb:resolved)\n'
	local more='\n### Slowly\n\nMind the cup.\n'
	example
	changes_to "$boil$warm"
	commit tea
	[ "$(changes_to "$boil$warm${warm/Warm/Pour}$more")" = "significant step: step 'Pour' added" ]
	[ "$(changes_to "$boil")" = "significant step: step 'Warm' removed" ]
	[ "$(changes_to "$warm$boil")" = "significant step: step 'Boil' moved after 'Warm'" ]
	[ "$(changes_to "${boil/Boil/Heat}$warm")" = "minor step: step 'Boil' renamed 'Heat'" ]
	[ "$(changes_to "$boil$warm$more")" = "minor section: section 'Slowly' added" ]
}

@test "another example value of a placeholder puts no translation behind" {
	example
	sed -i 's/example: €499.00/example: €599.00/' en/replies/refund-sent.md
	run kb diff
	assert_output_has 'placeholders.amount.example'
	[[ $output != *de/replies* ]]
	sed -i 's/^title: .*/title: The money was sent/' en/replies/refund-sent.md
	run kb diff
	assert_output_has 'de/replies/refund-sent.md: its source en/replies/refund-sent.md changed'
}

@test "real histories: every difference puts the newer version together" {
	local corpus=${KB_CORPUS:-$BATS_TEST_DIRNAME/../../../shared/corpus} name
	[ -d "$corpus" ] || skip "no corpus beside the checkout"
	for name in logingov hetzner; do
		git clone -q --bare "$corpus/$name.bundle" "$name.git"
		"$ROOT/tests/tools/version_pairs" "$name.git" 5 |
			"$ROOT/${BUILD:-build}/tools/diff_versions" >"$name"
		grep -qE '^pairs [0-9]{3}' "$name"
	done
}

@test "a comment names forty changes of a document, and counts the others" {
	local i
	repository
	printf -- '---\ntitle: Long\nowner: support\n---\n' >en/articles/long.md
	for i in {1..40}; do printf 'It takes %s days.\n\n' "$i"; done >>en/articles/long.md
	commit one
	sed -i 's/takes \([0-9]*\) days/takes 9\1 days/' en/articles/long.md
	kb diff --format markdown en/articles/long.md >"$TMP/comment"
	[ "$(grep -c '^- ' "$TMP/comment")" = 40 ]
	printf 'One more.\n' >>en/articles/long.md
	kb diff --format markdown en/articles/long.md >"$TMP/comment"
	[ "$(grep -c '^- ' "$TMP/comment")" = 41 ]
	grep -qx -- '- … and 1 more' "$TMP/comment"
}

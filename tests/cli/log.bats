#!/usr/bin/env bats
# kb log and kb show: versions, through renames.
bats_require_minimum_version 1.5.0
load helper

at() { # DAY COMMAND...: with that day as the date of commits
	GIT_AUTHOR_DATE="$1T12:00:00Z" GIT_COMMITTER_DATE="$1T12:00:00Z" "${@:2}"
}

setup() {
	kb_setup
	kb_sample site
	cd site || return
	git init -q
	printf -- '---\nid: refund\ntitle: Refund\nowner: support\n---\nThe money comes within 14 days.\n' >en/articles/money.md
	git add -A
	at 2026-09-01 git commit -qm 'One'
	sed -i 's/14 days/5 days/' en/articles/money.md
	at 2026-10-01 git commit -qam 'Five days'
	mkdir en/articles/returns
	git mv en/articles/money.md en/articles/returns/refund.md
	at 2026-10-15 git commit -qm 'Move'
	printf -- '---\nid: refund\ntitle: [Refund\nowner: support\n---\nBroken.\n' >en/articles/returns/refund.md
	at 2026-11-01 git commit -qam 'Broken'
	printf -- '---\nid: refund\ntitle: Refund\nowner: support\n---\nThe money comes within 5 days. {{hotline.phone}}\n' >en/articles/returns/refund.md
	sed -i 's/^variables:$/variables:\n  hotline: {phone: "+49 1"}/' kb.yaml
	at 2026-11-10 git commit -qam 'Mended'
}

@test "history that cannot be read is an error, and is not taken for unknown later" {
	kb publish -q --out before
	rm -r .git/kb
	for object in "$(git rev-parse HEAD~1)" "$(git rev-parse HEAD~2^{tree})"; do
		object=.git/objects/${object:0:2}/${object:2}
		mv "$object" aside
		ln -s "${object##*/}" "$object"
		run kb publish --out after
		assert_status 2
		assert_output_has "cannot read"
		mv aside "$object"
		kb publish -q --out after
		diff -r before after
		rm -r after .git/kb
	done
	mv .git/HEAD aside
	ln -s HEAD .git/HEAD
	run git status # to Git it is no repository any more
	assert_status 128
	run kb publish --out after
	assert_output_has "this folder is not in a Git repository, so the dates of changes are unknown"
	mv aside .git/HEAD
}

# The first commits are in a pack of their own.
pack_history() {
	git update-ref refs/heads/old HEAD~2
	git rev-parse refs/heads/old | git pack-objects -q --revs .git/objects/pack/pack
	git prune-packed
	git repack -dq
	for PACK in .git/objects/pack/*.idx; do
		git show-index <"$PACK" | grep -q "$(git rev-parse HEAD~3)" && break
	done
	PACK=${PACK%.idx}
}

@test "a pack that cannot be opened is an error" {
	pack_history
	kb publish -q --out before
	for file in "$PACK.pack" "$PACK.idx"; do
		rm -r .git/kb
		mv "$file" aside
		ln -s "${file##*/}" "$file"
		run kb publish --out after
		assert_status 2
		assert_output_has "cannot read '$PWD/$file'"
		mv aside "$file"
		kb publish -q --out after
		diff -r before after
		rm -r after
	done
}

@test "what a history lacks is found once it is there" {
	pack_history
	kb publish -q --out before
	rm -r .git/kb
	mkdir aside
	mv "$PACK".* aside
	for _ in 1 2 3; do
		run kb publish --out after
		assert_status 0
		assert_output_has "some dates are unknown"
	done
	mv aside/* .git/objects/pack
	kb publish -q --out after
	diff -r before after
}

@test "versions through a rename, each in the content's own terms" {
	run kb log refund
	assert_status 0
	assert_output_has 'en/articles/returns/refund.md: Refund'
	[[ ${lines[2]} == 2026-11-10*Tester* ]]
	[[ ${lines[3]} == '2026-11-01'*'its front matter could not be read at that time' ]]
	[[ ${lines[4]} == '2026-10-15'*'moved from en/articles/money.md' ]]
	[[ ${lines[5]} == '2026-10-01'*'14 days'*'5 days'* || ${lines[5]} == '2026-10-01'*"14"*"5"* ]]
	[[ ${lines[6]} == '2026-09-01'*'written' ]]
	[ "${#lines[@]}" -eq 7 ]
}

# What was written before kb came has no front matter.
@test "versions whose front matter is missing or broken are compared as text" {
	printf '# Pay\n\nWithin 5 days.\n' >en/articles/pay.md
	git add -A
	at 2026-09-01 git commit -qm 1
	sed -i 's/5 days/9 days/' en/articles/pay.md
	at 2026-09-02 git commit -qam 2
	printf -- '---\ntitle: Pay\nowner: [support\n---\n\nWithin 11 days.\n' >en/articles/pay.md
	at 2026-09-03 git commit -qam 3
	sed -i 's/11 days/12 days/' en/articles/pay.md
	at 2026-09-04 git commit -qam 4
	sed -i 's/\[support/support/; s/12 days/13 days/' en/articles/pay.md
	at 2026-09-05 git commit -qam 5
	run kb log en/articles/pay.md
	assert_status 0
	[[ ${lines[2]} == '2026-09-05'*"'Within 12 days.' → 'Within 13 days.'"* ]]
	[[ ${lines[2]} == *'front matter: broken → readable'* ]]
	[[ ${lines[3]} == '2026-09-04'*"'Within 11 days.' → 'Within 12 days.'; its front matter could not be read at that time" ]]
	[[ ${lines[4]} == '2026-09-03'*'front matter: missing → broken'*"'Within 11 days.'"* ]]
	[[ ${lines[4]} != *'title'* ]]
	[[ ${lines[5]} == '2026-09-02'*"in 'Pay', paragraph: 'Within 5 days.' → 'Within 9 days.'" ]]
	[[ ${lines[6]} == '2026-09-01'*'written' ]]
	kb log en/articles/pay.md --format json >log.json
	jq -e '[.documents[0].versions[3:][].weight] == ["significant", "significant"]' log.json
	# A translation follows the text, not that there is front matter now.
	sed -i 's/^  - code: en$/&\n  - code: de/' kb.yaml
	mkdir -p de/articles
	printf -- '---\ntitle: Zahlen\nowner: support\ntranslation: {revision: %s}\n---\nBinnen 9 Tagen.\n' \
		"$(git rev-parse HEAD~3:en/articles/pay.md)" >de/articles/pay.md
	behind() { kb audit --format json --fail-level none | jq '[.findings[].kind] | any(. == "translation-behind")'; }
	[ "$(behind)" = true ]
	sed -i 's/Within 13 days/Within 9 days/; s/^Within/# Pay\n\nWithin/' en/articles/pay.md
	[ "$(behind)" = false ]
}

@test "limits in number and time, by path, and all documents" {
	run kb log -n 2 en/articles/returns/refund.md
	[ "${#lines[@]}" -eq 4 ]
	run kb log --since 2026-10-10 --until 2026-11-05 refund
	[ "${#lines[@]}" -eq 4 ]
	run kb log --since '30 days ago' refund
	[ "${#lines[@]}" -eq 4 ]
	run kb log
	assert_output_has 'en/workflows/password-forgotten.md'
	run kb log --since 2026-12-01 refund
	assert_status 1
	run kb log --since 'some day' refund
	assert_status 2
	run kb log nothing
	assert_status 2
}

@test "the last change of substance" {
	sed -i 's/The money comes/Your money comes/' en/articles/returns/refund.md
	at 2026-11-20 git commit -qam 'Wording'
	run kb log -n 1 --min-weight significant en/articles/returns/refund.md
	assert_status 0
	[[ ${lines[2]} == 2026-11-10* ]]
	[ "${#lines[@]}" -eq 3 ]
	run kb log --min-weight significant refund
	[[ ${lines[-1]} == 2026-09-01*written ]]
	[ "${#lines[@]}" -eq 6 ] # neither the move nor the wording
}

@test "JSON fits its schema" {
	kb log --format json >log.json
	"$(dirname "$KB")/tools/schema_check" "$ROOT/schemas/output/log.json" log.json
	jq -e '[.documents[] | select(.id == "refund") | .versions[].kind] == ["changed", "changed", "renamed", "changed", "added"]' log.json
	jq -e '[.documents[] | select(.id == "refund") | .versions[3].weight] == ["significant"]' log.json
}

@test "a shallow clone says what it does not know" {
	git clone -q --depth 2 "file://$PWD" "$TMP/shallow"
	run kb -C "$TMP/shallow" log refund
	assert_output_has 'it existed, but this clone does not go back further'
	assert_output_has 'fetch-depth: 0'
	# The day, the commit and the author are those of the clone, not of the document.
	[[ $output =~ unknown\ +it\ existed ]]
	kb -C "$TMP/shallow" log refund --format json >log.json
	[ "$(jq -c '.documents[0].versions[-1] | [.kind, .date, .author, .subject]' log.json)" = '["unknown",null,null,null]' ]
}

@test "a clone without trees says how they come" {
	git config uploadpack.allowFilter true
	git clone -q --no-checkout --filter=tree:0 "file://$PWD" "$TMP/treeless"
	kb_extensions
	run kb log -C "$TMP/treeless" --rev HEAD
	assert_status 2
	assert_output_has 'git fetch --refetch --no-filter'
}

@test "a document as it was: by id, by the path of then, by today's path" {
	run kb show refund@HEAD~3
	assert_output_has 'within 5 days'
	run kb show en/articles/money.md@HEAD~4
	assert_output_has 'within 14 days'
	run kb show en/articles/returns/refund.md@HEAD~4
	assert_output_has 'within 14 days'
	run kb show refund
	assert_output_has '{{hotline.phone}}'
	run kb show refund@nowhere
	assert_status 2
	run kb show refnd@HEAD
	[ "$output" = "kb: there is no document 'refnd' in HEAD: did you mean 'refund'?" ]
	run kb show returns/refund.md
	[ "$output" = "kb: there is no document 'returns/refund.md': did you mean 'en/articles/returns/refund.md'?" ]
	run kb show nothing@HEAD
	assert_status 2
}

@test "a page of HTML, with what variables were then" {
	kb show refund@HEAD --html >page.html
	grep -q '<h1>Refund</h1>' page.html
	grep -q '+49 1' page.html
	run kb show en/articles/returns/refund.md@HEAD~1 --html
	assert_status 2
	assert_output_has 'could not be read then'
	run kb show en/articles/returns/refund.md@HEAD~1
	assert_output_has 'title: [Refund'
}

@test "a revision from before kb.yaml is read with today's" {
	mkdir -p "$TMP/old/docs" && cd "$TMP/old"
	git init -q
	printf -- '---\ntitle: Refund\n---\nAfter 5 days.\n' >docs/refund.md
	commit 2026-09-01 before
	printf -- 'name: {en: H}\nlocales: [{code: en}]\ncontent: [{path: "docs/*.md", type: article, locale: en}]\n' >kb.yaml
	sed -i 's/5 days/7 days/' docs/refund.md
	commit 2026-09-02 adopted
	run --separate-stderr kb show docs/refund.md@HEAD~1
	assert_status 0
	assert_output_has 'After 5 days.'
	[ "$stderr" = "kb: HEAD~1 has no kb.yaml: using the current one" ]
	run --separate-stderr kb -q show docs/refund@HEAD~1 --html
	assert_status 0
	assert_output_has '<p>After 5 days.</p>'
	[ -z "$stderr" ]
	run --separate-stderr kb diff HEAD~1
	assert_status 0
	assert_output_has "'After 5 days.' → 'After 7 days.'"
	[[ $stderr == "kb: "*" has no kb.yaml: using the current one" ]]
	git rm -q --cached kb.yaml
	rm kb.yaml
	run kb show docs/refund.md@HEAD~1
	assert_status 2
	assert_output_has 'contains a kb.yaml'
}

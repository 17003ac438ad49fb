load helper

setup() {
	kb_setup
}

commit() { # MESSAGE
	git add -A
	git commit -qm "$1"
}

sample() {
	kb_sample site
	cd site || return
	git init -q
	commit first
}

example() {
	cp -R "$ROOT/content-example" example
	cd example || return
	git init -q
	commit first
}

# "PATH RULE" a finding, sorted, for comparison with standard input.
assert_findings() { # KB-ARGUMENT...
	cat >"$TMP/expected"
	kb "$@" --format json --fail-level none >"$TMP/found.json" || return 1
	jq -r '.findings[] | "\(.path) \(.rule)"' "$TMP/found.json" | sort >"$TMP/found"
	sort "$TMP/expected" | diff - "$TMP/found"
}

doc() { # PATH [FRONT-MATTER-LINE]... <TEXT
	local path=$1
	shift
	mkdir -p "$(dirname "$path")"
	{
		printf -- '---\ntitle: %s\nowner: support\n' "$(basename "$path" .md)"
		[ $# = 0 ] || printf '%s\n' "$@"
		printf -- '---\n'
		cat
	} >"$path"
}

@test "without a finding: none that is new" {
	sample
	printf '\nMore.\n' >>en/articles/reset-password.md
	run kb validate --since HEAD
	assert_status 0
	[ "$output" = 'No new findings in 5 documents.' ]
	git add .
	run kb validate --staged
	[ "$output" = 'No new findings in 5 documents.' ]
	run kb validate
	[ "$output" = 'No findings in 5 documents.' ]
	# Without a version to compare with, all count.
	rm -rf .git
	git init -q
	git add .
	run kb validate --staged
	[ "$output" = 'No findings in 5 documents.' ]
}

@test "a heading, a page, an issue and a file: each consequence and nothing else" {
	example
	sed -i 's/^## Put it back.*/## Insert it again/' en/articles/care/clean-brew-unit.md
	git rm -q en/articles/troubleshooting/morgenau-app.md
	sed -i 's/^      - id: delivery.wrong-item$/&\n        retired: true/' taxonomy.yaml
	mkdir en/articles/payment
	git mv en/articles/ordering/payment-methods.md en/articles/payment/
	commit second
	assert_findings validate --since HEAD~1 <<-'EOF'
		de/articles/troubleshooting/morgenau-app.md translation-source-missing
		de/articles/delivery/wrong-item.md issue-retired
		de/replies/wrong-item-sorry.md issue-retired
		de/workflows/wrong-item-case.md issue-retired
		en/articles/delivery/wrong-item.md issue-retired
		en/articles/ordering/payment-failed.md link-target-missing
		en/articles/ordering/place-an-order.md link-target-missing
		en/articles/payment/payment-methods.md page-moved
		en/articles/troubleshooting/error-codes.md link-fragment-missing
		en/articles/troubleshooting/machine-leaks.md link-fragment-missing
		en/replies/wrong-item-sorry.md issue-retired
		en/workflows/payment-problem.md link-target-missing
		en/workflows/wrong-item-case.md issue-retired
		hu/articles/troubleshooting/morgenau-app.md translation-source-missing
		hu/articles/delivery/wrong-item.md issue-retired
		hu/replies/wrong-item-sorry.md issue-retired
		hu/workflows/wrong-item-case.md issue-retired
		kb.yaml page-vanished
	EOF
	run kb validate --since HEAD~1
	assert_status 1
	assert_output_has "the file moved to '../payment/payment-methods.md'"
	assert_output_has "the id of this heading is now '#insert-it-again'"
	assert_output_has "add to its 'aliases': /en/articles/ordering/payment-methods/"
	assert_output_has "'/en/articles/troubleshooting/morgenau-app/: /en/'"
	# What can be mended is; the rest is for people.
	kb validate --since HEAD~1 --fix --fail-level none >/dev/null
	sed -i 's|^redirects:$|&\n  /en/articles/troubleshooting/morgenau-app/: /en/|' kb.yaml
	sed -i '/^translation:/d' {de,hu}/articles/troubleshooting/morgenau-app.md
	sed -i '/id: delivery.wrong-item$/{n;d}' taxonomy.yaml
	assert_findings validate --since HEAD~1 </dev/null
}

@test "what was wrong before is not reported, but in files that were edited" {
	sample
	doc en/articles/old.md <<<'[one](gone.md)'
	doc en/articles/edited.md <<<'[one](gone.md)'
	doc en/articles/moved.md <<<'[one](gone.md)'
	doc en/articles/twice.md <<<'[one](c.md) [one](c.md) [c](c.md)'
	doc en/articles/c.md <<<'Text.'
	# Found while the document is read, not by a check of the library.
	doc en/articles/key.md 'owenr: support' <<<'Text.'
	commit faults
	assert_findings validate en/articles/key.md <<<'en/articles/key.md schema-unknown-key'
	echo more >>en/articles/edited.md
	mkdir en/articles/sub
	git mv en/articles/moved.md en/articles/sub/renamed.md
	sed -i 's/^owner/slug: moved\naliases: [\/en\/articles\/moved\/]\nowner/' en/articles/sub/renamed.md
	git mv en/articles/sub/renamed.md en/articles/renamed.md
	assert_findings validate --since HEAD <<-'EOF'
		en/articles/edited.md link-target-missing
		en/articles/renamed.md id-changed
		en/articles/renamed.md link-target-missing
	EOF
	commit second
	git mv en/articles/edited.md en/articles/other.md
	git rm -q en/articles/c.md
	assert_findings validate --since HEAD <<-'EOF'
		en/articles/other.md id-changed
		en/articles/other.md page-moved
		en/articles/twice.md link-target-missing
		en/articles/twice.md link-target-missing
		en/articles/twice.md link-target-missing
		kb.yaml page-vanished
	EOF
	assert_findings validate --since HEAD en/articles/twice.md <<-'EOF'
		en/articles/twice.md link-target-missing
		en/articles/twice.md link-target-missing
		en/articles/twice.md link-target-missing
	EOF
	git reset -q --hard
	assert_findings validate --since HEAD </dev/null
	run kb validate --since HEAD -v
	assert_output_has "changed files 0"
}

@test "a rule that is made stricter, people who go, snippets and variables" {
	sample
	doc en/articles/a.md 'deputy: jo' <<<'{{fax}} ![](x.png)'
	printf 'jo:\n  name: Jo\n' >>people.yaml
	sed -i 's/^variables:$/&\n  fax: "1"/' kb.yaml
	touch en/articles/x.png
	commit faults
	assert_findings validate --since HEAD </dev/null
	printf 'rules:\n  image-alt-missing: error\n' >>kb.yaml
	assert_findings validate --since HEAD <<<'en/articles/a.md image-alt-missing'
	sed -i '/^jo:/,$d' people.yaml
	assert_findings validate --since HEAD <<-'EOF'
		en/articles/a.md image-alt-missing
		en/articles/a.md person-unknown
	EOF
	sed -i '/^rules:/,$d; s/fax: "1"/phone: "1"/' kb.yaml
	assert_findings validate --since HEAD <<-'EOF'
		en/articles/a.md person-unknown
		en/articles/a.md variable-unknown
	EOF
}

@test "from the merge base, and between revisions" {
	sample
	git checkout -qb work
	doc en/articles/mine.md <<<'[x](gone.md)'
	commit mine
	git checkout -q main
	doc en/articles/theirs.md <<<'[x](gone.md)'
	commit theirs
	git checkout -q work
	assert_findings validate --since main <<<'en/articles/mine.md link-target-missing'
	git checkout -q main
	assert_findings validate --rev work --since main <<<'en/articles/mine.md link-target-missing'
	git clone -q --bare . ../bare.git
	cd ../bare.git
	assert_findings validate --rev main --since work <<<'en/articles/theirs.md link-target-missing'
	run kb validate --rev main --since nowhere
	assert_status 2
	assert_output_has "there is no revision 'nowhere'"
}

@test "a shallow clone, a base without kb.yaml or with a broken one" {
	mkdir site
	cd site
	git init -q
	mkdir -p en/articles
	doc en/articles/a.md <<<'[x](gone.md)'
	commit none
	printf 'locales: [en\n' >kb.yaml
	commit broken
	printf 'locales:\n  - code: en\n' >kb.yaml
	printf 'support:\n  name: Support\n' >people.yaml
	commit right
	doc en/articles/b.md <<<'Text.'
	commit more
	for base in 'HEAD~3 no' 'HEAD~2 broken'; do
		run kb validate --since "${base% *}"
		assert_status 1
		assert_output_has "${base#* }"
		assert_output_has "counts as changed"
		assert_output_has "a.md:5:5: error"
	done
	assert_findings validate --since HEAD~1 </dev/null
	git clone -q --depth 1 "file://$PWD" ../cut
	git fetch -q ../cut main
	cd ../cut
	git fetch -q --depth 1 origin "$(git -C ../site rev-parse HEAD~2)"
	run kb validate --since FETCH_HEAD
	assert_status 2
	assert_output_has "fetch-depth: 0"
}

@test "what is staged" {
	sample
	doc en/articles/staged.md <<<'[x](gone.md)'
	git add .
	doc en/articles/untracked.md <<<'[x](gone.md)'
	doc en/articles/staged.md <<<'Mended, but not staged.'
	assert_findings validate --staged <<<'en/articles/staged.md link-target-missing'
	git add .
	assert_findings validate --staged <<<'en/articles/untracked.md link-target-missing'
	run kb validate --staged --rev HEAD
	assert_status 2
	run kb validate --staged --fix
	assert_status 2
	# In a hook, the index may be that of the commit alone.
	git commit -qm more
	printf '#!/bin/sh\nexec "%s" validate -q --staged\n' "$KB" >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	doc en/articles/staged.md <<<'[x](gone.md) again'
	(cd en && run git commit -qam all; assert_status 1; assert_output_has "en/articles/staged.md:5:5")
	doc en/articles/edited.md <<<'Text.'
	git add en/articles/edited.md
	run git commit -qm one en/articles/edited.md
	assert_status 0
	git add .
	run kb validate --staged --since HEAD~1
	assert_status 1
	assert_output_has "en/articles/staged.md:5:5"
	[[ $output != *untracked* ]]
	git reset -q
	doc en/articles/staged.md <<<'Mended, but not staged.'
	# Before the first commit everything is new.
	rm -rf .git
	git init -q
	run kb validate --staged
	assert_status 2
	assert_output_has "no folder of the index contains a kb.yaml"
	git add .
	assert_findings validate --staged <<<'en/articles/untracked.md link-target-missing'
}

@test "with nothing staged, everything is checked, but not in a commit that leaves content alone" {
	sample
	doc en/articles/old.md <<<'[x](gone.md)'
	commit old
	doc en/articles/unstaged.md <<<'[x](gone.md)'
	assert_findings validate --staged <<<'en/articles/old.md link-target-missing'
	run kb validate --staged
	assert_status 1
	assert_output_has 'kb: nothing is staged, so everything is checked'
	assert_output_has '1 error in 6 documents.'
	run kb -q validate --staged
	[[ $output != *"nothing is staged"* ]]
	assert_findings validate --staged --since HEAD </dev/null
	printf '#!/bin/sh\nexec "%s" validate -q --staged\n' "$KB" >.git/hooks/pre-commit
	chmod +x .git/hooks/pre-commit
	git commit -q --allow-empty -m none
	git commit -q --allow-empty --amend -m 'another message'
}

@test "lists of files" {
	sample
	doc 'en/articles/a b.md' <<<'[x](gone.md)'
	doc en/articles/c.md <<<'[x](gone.md)'
	printf 'en/articles/c.md\r\n\n' >list
	assert_findings validate --files-from list <<<'en/articles/c.md link-target-missing'
	printf 'en/articles/a b.md\0kb.yaml\0' >list
	assert_findings validate -0 --files-from list <<<'en/articles/a b.md link-target-missing'
	cd en
	run kb validate --files-from - <<<'articles/c.md'
	assert_status 1
	assert_output_has "en/articles/c.md:5"
	cd ..
	run kb validate --files-from - </dev/null
	assert_status 0
	assert_output_has "No findings"
	run kb validate --files-from - <<<'en/articles/d.md'
	assert_status 2
	assert_output_has "there is no 'en/articles/d.md'"
	run kb validate --files-from missing
	assert_status 2
	run kb validate -0
	assert_status 2
}

@test "standard input as a file of the content" {
	sample
	text=$(printf -- '---\ntitle: New\nowner: support\n---\n[x](gone.md) [y](../articles/new.md)')
	run kb validate - --stdin-filename en/articles/new.md <<<"$text"
	assert_status 1
	assert_output_has "en/articles/new.md:5:5: error: there is no file 'gone.md'"
	[[ $output == *"1 error in 1 document." ]]
	[ ! -e en/articles/new.md ]
	(cd en/articles && kb validate - --stdin-filename new.md <<<"$text" | grep -q '^en/articles/new.md:5:5')
	run kb validate --rev HEAD - --stdin-filename en/articles/new.md <<<"$text"
	assert_status 1
	# Only findings in that file are printed.
	first=$(ls en/articles/*.md | head -1)
	run kb validate - --stdin-filename "$first" <<<"$text"
	assert_status 1
	assert_output_has "$first:5:5"
	printf 'new*\n' >.kbignore
	run kb validate - --stdin-filename en/articles/new.md <<<"$text"
	assert_status 0
	assert_output_has "is ignored"
	run kb validate - --stdin-filename ../elsewhere.md <<<"$text"
	assert_status 2
	assert_output_has "is not a file below the content root"
	run kb validate - <<<"$text"
	assert_status 2
	assert_output_has "--stdin-filename"
	run kb validate --stdin-filename en/articles/new.md
	assert_status 2
}

@test "a link that found its file in a fallback's folder follows it when it moves" {
	sample
	sed -i 's/^  - code: en$/&\n  - code: de/' kb.yaml
	mkdir -p en/articles/img de/articles
	printf '\211PNG' >en/articles/img/a.png
	doc en/articles/one.md <<<'![a](img/a.png)'
	doc en/articles/two.md <<<'Text.'
	doc de/articles/eins.md <<<'![a](img/a.png) [two](two.md)'
	commit first
	mkdir en/articles/more
	git mv en/articles/img/a.png en/articles/img/b.png
	git mv en/articles/two.md en/articles/more/two.md
	kb validate --since HEAD --fix -q >/dev/null || true
	[ "$(tail -1 de/articles/eins.md)" = '![a](img/b.png) [two](more/two.md)' ]
	[ "$(tail -1 en/articles/one.md)" = '![a](img/b.png)' ]
	assert_findings validate --since HEAD </dev/null
}

@test "links to and in files that moved are mended, with a revision and without" {
	sample
	mkdir -p en/articles/img
	printf '\211PNG' >en/articles/img/a.png
	doc en/articles/one.md <<<'[two](two.md?x=1#part) ![a](img/a.png) [other](other.md)'
	doc en/articles/two.md <<<$'## Part\n\n[one](one.md) ![a](img/a.png)'
	doc en/articles/other.md <<<$'Text.'
	commit first
	mkdir -p 'en/articles/a b'
	git mv en/articles/two.md 'en/articles/a b/two.md'
	git mv en/articles/img/a.png en/articles/a.png
	git mv en/articles/other.md en/articles/others.md
	kb validate --fix -q >/dev/null
	grep -qF '[two](a%20b/two.md?x=1#part) ![a](a.png) [other](others.md)' en/articles/one.md
	grep -qF '[one](../one.md) ![a](../a.png)' 'en/articles/a b/two.md'
	kb validate
	git checkout -qf .
	commit second
	# Now only the comparison with the first version knows.
	run kb validate --since HEAD~1
	assert_output_has "the file moved to 'a%20b/two.md'"
	run kb validate
	assert_output_has "did you mean 'a%20b/two.md'?"
	kb validate --since HEAD~1 --fix -q >/dev/null
	grep -qF '[two](a%20b/two.md?x=1#part) ![a](a.png) [other](others.md)' en/articles/one.md
	grep -qx 'id: articles/two' 'en/articles/a b/two.md'
	grep -qx 'aliases: \[/en/articles/two/\]' 'en/articles/a b/two.md'
	assert_findings validate --since HEAD~1 </dev/null
}

@test "steps that were renamed are mended, in the workflow and in others" {
	sample
	doc en/workflows/one.md 'issues: [account]' <<<$'## First\n\n- [a](#old-name)\n- [b](kb:resolved)\n- [c](kb:escalate/support)\n\n## Old name\n\n- [d](kb:resolved)'
	doc en/workflows/two.md 'issues: [account]' <<<$'## First\n\n- [a](one.md#old-name)\n- [c](kb:escalate/support)'
	run kb validate
	assert_status 0
	commit first
	sed -i 's/^## Old name/## New name/' en/workflows/one.md
	assert_findings validate --since HEAD <<-'EOF'
		en/workflows/one.md workflow-target
		en/workflows/two.md link-fragment-missing
	EOF
	kb validate --since HEAD --fix -q
	grep -qF '(#new-name)' en/workflows/one.md
	grep -qF '(one.md#new-name)' en/workflows/two.md
}

@test "a file that is merely like one that is gone may be another" {
	sample
	doc en/articles/one.md <<<$'First line.\n\nSecond line.\n\nThird line.\n\nFourth.\n'
	doc en/articles/links.md <<<'[one](one.md)'
	commit first
	git rm -q en/articles/one.md
	doc en/articles/sub/two.md <<<$'First line.\n\nSecond line.\n\nAnother.\n\nElse.\n'
	commit second
	run kb validate --since HEAD~1
	assert_output_has "did the file move to 'sub/two.md'?"
	kb validate --since HEAD~1 --fix -q --fail-level none >/dev/null
	[ -z "$(git status --porcelain)" ]
}

@test "login.gov's history: each commit is read, broken YAML is reported" {
	corpus=${KB_CORPUS:-$BATS_TEST_DIRNAME/../../../shared/corpus}
	[ -f "$corpus/logingov.bundle" ] || skip "no corpus 'logingov' beside the checkout"
	git clone -q "$corpus/logingov.bundle" site
	cd site
	kb init -q --adopt
	mapfile -t commits < <(git rev-list --reverse HEAD)
	former=HEAD
	for i in {0..7}; do
		commit=${commits[i * (${#commits[@]} - 1) / 7]}
		run kb validate --config kb.yaml --rev "$commit"
		[ "$status" -le 1 ] || { echo "$commit: $output"; false; }
		run kb validate --config kb.yaml --rev "$commit" --since "$former"
		[ "$status" -le 1 ] || { echo "$commit: $output"; false; }
		former=$commit
	done
	# All that a YAML parser of another kind refuses, with the commits that brought it.
	while read -r commit path rule; do
		run kb validate --config kb.yaml --rev "$commit"
		assert_status 1
		grep -q "^content/$path:.*\[$rule\]$" <<<"$output"
	done <<-'EOF'
		702c9694 _fr/help/manage-your-account/relink-your-accounts.md frontmatter-missing
		88fe33f7 _en/help/get-started/overview.md yaml-syntax
		88fe33f7 _en/help/trouble-signing-in/how-to-sign-in.md yaml-syntax
		8e95ec43 _es/help/get-started/overview.md yaml-syntax
	EOF
}

# kb suggest: a change on a branch of its own; whoever works there notices nothing.
load helper
bats_require_minimum_version 1.5.0

setup() {
	kb_setup
	mkdir -p repo/help/en/articles
	cd repo || return
	git init -q
	printf 'name: Help\nlocales: [{code: en}, {code: de}]\n' >help/kb.yaml
	printf 'ann: {name: Ann}\n' >help/people.yaml
	for name in one two; do
		printf -- '---\nid: %s\ntitle: Number %s\nowner: ann\n---\nOld text.\n' $name $name >help/en/articles/$name.md
	done
	commit 2026-11-20 one
	cd help || return
	export EDITOR='sed -i s/Old/New/'
}

state() {
	git status --porcelain
	git rev-parse HEAD
	git symbolic-ref HEAD
	git diff --cached
	cat en/articles/*.md
}

@test "the change is on a branch, and the work tree is as it was" {
	echo staged >>en/articles/two.md
	git add en/articles/two.md
	echo more >>en/articles/two.md
	state >before
	run -0 --separate-stderr kb suggest one --message 'It is new'
	[ "$output" = suggest/one ]
	[[ $stderr == *'git push origin suggest/one'* ]]
	state | diff before -
	[ "$(git show suggest/one:help/en/articles/one.md | tail -1)" = 'New text.' ]
	[ "$(git log -1 --format=%s,%an suggest/one)" = 'It is new,Tester' ]
	[ "$(git diff --name-only HEAD suggest/one)" = help/en/articles/one.md ]
	run -0 --separate-stderr kb suggest en/articles/one.md
	[ "$output" = suggest/one-2 ]
	[ "$(git log -1 --format=%s suggest/one-2)" = 'Suggest a change to Number one' ]
	[ -z "$(ls "${TMPDIR:-/tmp}" | grep kb-suggest)" ] || ls -d "${TMPDIR:-/tmp}"/kb-suggest* | wc -l
}

@test "a file that is not committed is left alone" {
	echo more >>en/articles/one.md
	state >before
	run -2 kb suggest one
	assert_output_has 'has changes that are not committed'
	git add .
	run -2 kb suggest one
	git checkout -q HEAD -- en/articles/one.md
	printf -- '---\ntitle: New\nowner: ann\n---\nText.\n' >en/articles/new.md
	run -2 kb suggest articles/new
	[ "$(git branch --list 'suggest/*')" = '' ]
}

@test "errors are shown, and the text is kept" {
	export TMPDIR=$TMP/own
	mkdir "$TMPDIR"
	EDITOR='sed -i s/^owner.*/owner:[/' run -2 kb suggest one
	assert_output_has 'the text has errors, so it was not committed'
	assert_output_has "your text is in $TMPDIR/kb-suggest-"
	grep -q 'owner:\[' "$TMPDIR"/kb-suggest-*/one.md
	run -2 env EDITOR=false "$KB" suggest two
	assert_output_has "the editor 'false' ended with an error"
	run -0 env EDITOR=true "$KB" suggest two
	assert_output_has 'nothing changed'
	[ "$(git branch --list 'suggest/*')" = '' ]
}

@test "from a file, with line ends as Git stores them, to a forge" {
	echo '*.md text' >../.gitattributes
	git remote add fork https://github.com/o/r.git
	printf -- '---\r\nid: one\r\ntitle: Number one\r\nowner: ann\r\n---\r\nNewer.\r\n' >"$TMP/new.md"
	run -0 kb suggest one --file "$TMP/new.md" --branch fix/one
	assert_output_has 'git push fork fix/one'
	assert_output_has 'gh pr create --head fix/one --fill'
	[ "$(git show fix/one:help/en/articles/one.md | tail -1)" = Newer. ]
}

@test "what cannot be" {
	run -2 kb suggest
	run -2 kb suggest oen
	assert_output_has "did you mean 'one'"
	run -2 kb suggest one --locale de
	run -2 kb suggest one --branch 'a..b'
	assert_output_has 'cannot commit'
	rm -rf ../.git
	run -2 kb suggest one
	git init -q ..
	run -2 kb suggest one
}

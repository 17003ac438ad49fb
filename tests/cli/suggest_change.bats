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
	export EDITOR='sed -i s/Old/New/' TMPDIR=$TMP/own
	mkdir "$TMPDIR"
}

# In a terminal; standard output is in $output, the rest in $stderr.
suggest() { # STATUS ARGUMENT...
	run timeout 20 script -qec "$(printf '%q ' "$KB" suggest "${@:2}") >$TMP/out 2>$TMP/err" /dev/null
	stderr=$(cat "$TMP/err")
	output=$(cat "$TMP/out")
	assert_status "$1" || { echo "$stderr" && return 1; }
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
	suggest 0 one --message 'It is new'
	[ "$output" = suggest/one ]
	[[ $stderr == *'git push origin suggest/one'* ]]
	state | diff before -
	[ "$(git show suggest/one:help/en/articles/one.md | tail -1)" = 'New text.' ]
	[ "$(git log -1 --format=%s,%an suggest/one)" = 'It is new,Tester' ]
	[ "$(git diff --name-only HEAD suggest/one)" = help/en/articles/one.md ]
	suggest 0 en/articles/one.md
	[ "$output" = suggest/one-2 ]
	: >../.git/refs/heads/suggest/one-3.lock
	suggest 0 one
	[ "$output" = suggest/one-4 ]
	[ "$(git log -1 --format=%s suggest/one-2)" = 'Suggest a change to Number one' ]
	[ -z "$(ls "$TMPDIR")" ]
}

@test "without a terminal there is no editor" {
	EDITOR="touch $TMP/edited" run -2 kb suggest one </dev/null
	assert_output_has 'there is no terminal for an editor'
	assert_output_has '--file FILE'
	[ ! -e "$TMP/edited" ]
	[ -z "$(ls "$TMPDIR")" ]
}

@test "a file that is not committed is left alone" {
	echo more >>en/articles/one.md
	state >before
	suggest 2 one
	[[ $stderr == *'has changes that are not committed'* ]]
	git add .
	suggest 2 one
	git checkout -q HEAD -- en/articles/one.md
	printf -- '---\ntitle: New\nowner: ann\n---\nText.\n' >en/articles/new.md
	suggest 2 articles/new
	[ "$(git branch --list 'suggest/*')" = '' ]
}

@test "errors are shown, and the text is kept" {
	EDITOR='sed -i s/^owner.*/owner:[/' suggest 2 one <<<n
	[[ $stderr == *'the text has errors, so it was not committed'* ]]
	[[ $stderr == *"your text is in $TMPDIR/kb-suggest-"* ]]
	grep -q 'owner:\[' "$TMPDIR"/kb-suggest-*/one.md
	EDITOR=false suggest 2 two
	[[ $stderr == *"the editor 'false' ended with an error"* ]]
	EDITOR=true suggest 0 two
	[[ $stderr == *'nothing changed'* ]]
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
	suggest 2 oen
	[[ $stderr == *"did you mean 'one'"* ]]
	suggest 2 one --locale de
	suggest 2 one --branch 'a..b'
	[[ $stderr == *'cannot commit'* ]]
	rm -rf ../.git
	suggest 2 one
	git init -q ..
	suggest 2 one
}

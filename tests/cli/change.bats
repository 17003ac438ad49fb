# Changing files all or none, when runs are killed, meet each other, or find the disk full.
load helper

setup() {
	kb_setup
	kb_fault
	kb init -q site
	cd site || return
}

# KIND:N:WHAT COMMAND...: the command with a call that fails, or does what WHAT says.
with() {
	local fault=$1
	shift
	LD_PRELOAD=$FAULT KB_FAULT=$fault KB_FAULT_BELOW=$PWD "$KB" "$@"
}

in_git() {
	git init -q
	commit 2026-11-01 one
}

@test "a rename that is killed halfway is taken back by the next run, which says so" {
	in_git
	run with rename:4:kill link rename --no-cache account.password account.secret
	assert_status 137
	[ -n "$(git status --porcelain)" ]
	run kb validate
	assert_status 0
	assert_output_has "an earlier run of kb ended while it was changing files: 3 files are as before"
	[ -z "$(git status --porcelain)" ]
	[ -z "$(find . -name '*~')" ]
	run kb validate
	[[ $output != *"earlier run"* ]]
	kb link rename -q account.password account.secret
	run kb validate
	assert_status 0
}

@test "a name that is too long for a file changes nothing" {
	in_git
	run kb new article "$(printf 'x%.0s' {1..400})" --title X --owner support
	assert_status 2
	assert_output_has 'File name too long'
	[ -z "$(git status --porcelain)" ]
	[ -z "$(ls .git/kb/change-* 2>/dev/null)" ]
	run kb validate
	assert_status 0
	# What a run left that did not look first.
	run with stat:0:ENOENT new article "$(printf 'x%.0s' {1..400})" --title X --owner support
	assert_status 2
	run kb validate
	assert_status 0
}

@test "without Git, the journal is in the folder" {
	cp -R . ../before
	run with rename:3:kill link rename --no-cache account.password account.secret
	assert_status 137
	[ -s .kb-change ]
	kb validate -q
	diff -r . ../before
}

@test "what was edited after a kill stays, and is named" {
	in_git
	run with rename:4:kill link rename --no-cache account.password account.secret
	changed=$(git diff --name-only -- '*.md' | head -1)
	[ -n "$changed" ]
	echo 'One more line.' >>"$changed"
	run kb validate
	assert_output_has "$changed was edited after that run, so kb left it unchanged"
	assert_output_has "2 files are as before that run again"
	[ "$(git diff --name-only)" = "$changed" ]
	grep -q 'One more line' "$changed"
}

@test "a journal that comes with the content is nobody's order" {
	in_git
	run with rename:4:kill link rename --no-cache account.password account.secret
	cp .git/kb/change-* .kb-change
	git checkout -q .
	rm .git/kb/change-*
	find . -name '.kb-*~' -delete
	sed -i 's/password/secret/' en/articles/reset-password.md
	cp -R en ../en
	kb validate -q || true
	diff -r en ../en
	[ -s .kb-change ]
}

@test "two runs never interleave" {
	in_git
	with rename:2:sleep link rename --no-cache account.password account.secret >../first 2>&1 &
	sleep 0.7
	# It waits for the first, and then finds other files than it may have read.
	run kb link rename account account2
	wait $!
	[[ $status -eq 0 || $output == *"something else changed "* ]]
	grep -q "renamed account.password to account.secret" ../first
	grep -q 'id: account.secret' taxonomy.yaml
	run kb validate
	assert_status 0
}

@test "two publishes into one folder: the second says what to do" {
	kb publish -q --out ../clean
	with rename:5:sleep publish --no-cache -q -j1 &
	sleep 0.7
	run kb publish
	assert_status 2
	assert_output_has "another run of kb is publishing to"
	wait $!
	diff -r public ../clean
}

@test "a folder or a file of rules that cannot be read is a failure, not an empty one" {
	local kind n status
	cp en/articles/reset-password.md en/articles/hidden.md
	sed -i '/^aliases:/d; s/^id:.*/id: hidden/' en/articles/hidden.md
	echo '/en/articles/hidden.md' >.kbignore
	kb publish -q
	for kind in readdir open read stat; do
		for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
			status=0
			with $kind:$n:EIO publish -q -j1 >/dev/null 2>../said || status=$?
			[ $status -eq 0 ] || [ -s ../said ]
			[ ! -e public/en/articles/hidden ]
			[ -e public/en/articles/reset-password ] || { cat ../said; echo $kind:$n; false; }
		done
	done
}

@test "standard output that takes nothing is an error, a closed pipe is not" {
	in_git
	for command in audit validate link publish log 'find password' 'case account' 'schema kb' \
		'explain link-alias' owners 'impact account' 'changes --since 2020-01-01' help \
		'link suggest en/articles/reset-password.md' \
		--version 'publish --dry-run' 'help validate'; do
		run bash -c '"$0" $1 >/dev/full' "$KB" "$command"
		assert_status 2
		assert_output_has "cannot write to standard output"
		run bash -c '"$0" $1 >&-' "$KB" "$command"
		assert_status 2
		run bash -c '"$0" $1 2>&1 | true' "$KB" "$command"
		[ -z "$output" ]
	done
	git checkout -q .
	run bash -c '"$0" review articles/reset-password >&-' "$KB"
	[ -z "$(git diff --name-only | grep -v reset-password.md)" ]
	refute grep -rq ': reviewed ' en
}

# A file system of so many KB in ./disk, in a name space of its own; then the script.
on_disk() { # KB SCRIPT
	unshare -rm bash -c 'mkdir -p disk && mount -t tmpfs -o size=$0k none disk && eval "$1"' \
		"$1" "$2"
}

@test "a full disk: nothing is half done" {
	cd ..
	on_disk 64 true 2>/dev/null || skip "this user cannot mount a file system"
	export -f kb
	export KB
	on_disk 3000 '
		cp -R site before
		cp -R site/. disk
		for room in 0 4 8 12 16 24 32 48 64 96 128; do
			rm -f disk/fill
			dd if=/dev/zero of=disk/fill bs=1k 2>/dev/null
			truncate -s -${room}k disk/fill
			for command in "link rename account.password x" \
				"review articles/reset-password" "new article x --title X --owner support"; do
				kb -C disk $command >/dev/null 2>said && break
				grep -q "^kb: .*No space left on device" said || { cat said; exit 1; }
				diff -r -x fill -x public before disk || exit 1
			done
			[ -n "$(diff -rq -x fill -x public before disk)" ] && rm -r disk/* disk/.[a-z]* && cp -R site/. disk
			kb -C disk publish -q >/dev/null 2>&1
		done
		rm -rf disk/fill
		kb -C disk publish -q && kb -C site publish -q && diff -r site/public disk/public'
}

#!/usr/bin/env bats
# Repositories as people have them: sparse, partial, in other formats.
load helper

setup() {
	kb_setup
	kb init -q site
	cd site || return
	sed -i 's/^  - code: en$/&\n  - code: de/' kb.yaml
	mkdir -p de/articles/img
	cp "$ROOT/tests/validate/_base/en/articles/img/tank.png" de/articles/img/
	printf -- '---\ntitle: Passwort\nowner: support\n---\n![Bild](img/tank.png) [en](../../en/articles/reset-password.md)\n' \
		>de/articles/reset-password.md
	git init -q
	git add -A
	git commit -qm one
}

@test "a sparse checkout: what is left out is content all the same" {
	kb publish -q
	kb validate --format json --output "$TMP/full.json"
	git sparse-checkout set --cone en
	[ ! -e de ]
	kb validate --format json --output "$TMP/sparse.json"
	cmp "$TMP/full.json" "$TMP/sparse.json"
	run kb publish
	assert_status 0
	assert_output_has ' 0 removed.'
	[ -f public/de/articles/reset-password/index.html ]
	run kb publish --clean
	ls public/assets/tank.*.png
	run kb diff
	[ -z "$output" ]
	run kb find Passwort -l de
	assert_output_has 'de/articles/reset-password.md'
	for change in 'review de/articles/reset-password.md' \
		'link add de/articles/reset-password.md account.password'; do
		run kb $change
		assert_status 2
		assert_output_has "is not checked out, so it cannot be changed; run: git sparse-checkout add 'de/articles'"
	done
	[ ! -e de ]
	[ -z "$(git status --porcelain -uno)" ]
	git sparse-checkout add de/articles
	run kb review de/articles/reset-password.md
	assert_status 0
}

@test "a sparse checkout whose index is sparse is refused, and nothing is removed" {
	kb publish -q
	git sparse-checkout set --cone --sparse-index en
	for command in validate publish 'publish --clean --allow-broken' diff 'find x' 'validate --staged'; do
		run kb $command
		assert_status 2
		assert_output_has 'git sparse-checkout reapply --no-sparse-index'
	done
	[ -f public/de/articles/reset-password/index.html ]
	git sparse-checkout reapply --no-sparse-index
	run kb validate
	assert_status 0
}

@test "a repository that kb cannot read is a plain folder, and one note says so" {
	rm -rf .git
	kb_extensions
	git init -q --object-format=sha256
	git add -A
	git commit -qm one
	why="kb: kb cannot read this Git repository (extensions.objectformat is 'sha256')"
	printf 'Last.' >>de/articles/reset-password.md
	for command in validate publish publish audit 'find Passwort' 'validate --fix' \
		'review de/articles/reset-password.md'; do
		kb $command >"$TMP/out" 2>"$TMP/err"
		[ "$(grep -c '^kb: kb cannot' "$TMP/err")" -eq 1 ]
		grep -qxF "$why; without it there are no dates, no history, and no --since, --staged and --rev" "$TMP/err"
		[ -z "$(grep 'no history here\|in no Git' "$TMP/err")" ]
		run kb -q $command
		[[ $output != *'cannot read'* ]]
	done
	for command in log 'validate --since HEAD' 'validate --staged' 'validate --rev HEAD' diff \
		'diff HEAD' 'diff --translations' 'changes --since 2026-01-01' 'show articles/reset-password@HEAD'; do
		run kb $command
		assert_status 2
		[[ $output == "$why"* ]]
		[ "${#lines[@]}" -eq 1 ]
	done
}

# kb review records the blob that Git stores, whatever the line ends on disk.
@test "a checkout with other line ends has the ids that Git stores" {
	printf 'kb.yaml text=auto\nen/** text=auto\n*.id.md ident\n' >.gitattributes
	printf -- '---\ntitle: Ident\nowner: support\n---\n$Id$\n' >en/articles/a.id.md
	printf -- '---\ntitle: Ident\nowner: support\n---\nText.\n' >de/articles/a.id.md
	git add -A
	git commit -qm two
	git clone -q -c core.autocrlf=true . ../windows
	cd ../windows
	grep -q $'\r' en/articles/reset-password.md
	grep -q 'Id: [0-9a-f]' en/articles/a.id.md
	for path in articles/reset-password.md articles/a.id.md; do
		kb review "de/$path"
		grep -q "revision: $(git rev-parse "HEAD:en/$path")" "de/$path"
	done
	run kb review de/articles/reset-password.md
	[[ $output != *'not committed'* ]]
	kb review en/articles/reset-password.md de/articles/reset-password.md
	grep -q "revision: $(git hash-object en/articles/reset-password.md)" de/articles/reset-password.md
	git commit -qam reviewed
	git clone -q . ../linux
	cd ../linux
	kb audit --format json --fail-level none >"$TMP/audit.json"
	jq -e '[.findings[].kind] | index("translation-behind") == null' "$TMP/audit.json"
	sed -i 's/^1\. .*/1. Call 12 times./' en/articles/reset-password.md
	git commit -qam changed
	kb audit --format json --fail-level none >"$TMP/audit.json"
	jq -e '[.findings[].kind] | index("translation-behind") != null' "$TMP/audit.json"
}

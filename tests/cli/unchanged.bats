#!/usr/bin/env bats
# A publish that has nothing to do reads no document, and says so only when that is true.
load helper

setup() {
	kb_setup
	kb_sample site
	cd site
	git init -q
	commit 2026-11-01 'The first version'
}

# Files that were changed in the last two seconds may be changed again within what the
# file system takes for the same time.
settle() {
	sleep 2.1
	kb publish >"$TMP/first"
	kb publish >"$TMP/said"
	rm -f .git/kb/facts-*
	kb publish >"$TMP/again"
	cmp "$TMP/said" "$TMP/again"
	[ -z "$(compgen -G ".git/kb/facts-*")" ]
}

reads() { # COMMAND...: it reads documents
	rm -f .git/kb/facts-*
	kb "$@" >"$TMP/out"
	ls .git/kb/facts-*
}

@test "without a change no document is read, and the same is said" {
	settle
	grep -q '^Files: 0 written' "$TMP/again"
	[ -z "$(kb publish -q)" ]
	[ -z "$(compgen -G ".git/kb/facts-*")" ]
}

@test "after any change documents are read" {
	settle
	local file
	for file in kb.yaml taxonomy.yaml people.yaml "$(git ls-files '*.md' | head -1)"; do
		cp -p "$file" "$TMP/former"
		sed -i '$ s/$/ /' "$file"
		reads publish
		cp -p "$TMP/former" "$file"
	done
	settle
	mkdir -p theme
	: >theme/style.css
	reads publish
	grep -q '[1-9][0-9]* written' "$TMP/out"
	rm -r theme
	settle
	commit 2026-11-02 'Nothing' || git commit -q --allow-empty -m 'Nothing'
	reads publish
	settle
	git checkout -q -b other
	reads publish
}

@test "a file that changes right after it was read is read again" {
	settle
	local article
	article=$(git ls-files '*/articles/*.md' | head -1)
	printf '\nOne.\n' >>"$article"
	kb publish -q
	kb publish -q
	printf '\nTwo.\n' >>"$article"
	kb publish | grep -q '[1-9][0-9]* written'
}

@test "another request is another run" {
	settle
	reads publish --drafts
	kb publish -q
	reads publish --base-url https://other.example.org
	kb publish -q
	reads publish --out "$TMP/elsewhere"
	kb publish -q
	kb publish --clean | grep ' 0 unchanged'
	kb publish -q
	[ "$(kb publish --format json | jq .unchanged)" -gt 0 ]
	reads publish --dry-run
	for part in search/ api/ en/index.html.md; do
		kb publish -q
		[ -e public/$part ]
	done
	kb publish -q --no-search
	[ ! -e public/search ]
	kb publish -q
	kb publish -q --no-api
	[ ! -e public/api ]
	kb publish -q
	kb publish -q --no-markdown
	[ ! -e public/en/index.html.md ]
}

@test "a program that asks for JSON is told the same without a document being read" {
	settle
	kb publish --format json >"$TMP/first"
	rm -f .git/kb/facts-*
	kb publish -q --format json >"$TMP/second"
	cmp "$TMP/first" "$TMP/second"
	[ -z "$(compgen -G ".git/kb/facts-*")" ]
	# But for the time.
	export SOURCE_DATE_EPOCH=$((SOURCE_DATE_EPOCH + 61))
	kb publish -q --format json >"$TMP/third"
	[ -z "$(compgen -G ".git/kb/facts-*")" ]
	[ "$(jq -r .now "$TMP/third" | date -f - +%s)" = "$SOURCE_DATE_EPOCH" ]
	diff <(jq 'del(.now)' "$TMP/first") <(jq 'del(.now)' "$TMP/third")
	kb publish >"$TMP/text"
	grep -q '^Published' "$TMP/text"
}

@test "a folder that is not as the last run left it is published again" {
	settle
	echo >>public/.kb-site
	kb publish >"$TMP/out"
	rm -r public
	kb publish >"$TMP/out"
	grep -q ' 0 unchanged' "$TMP/out"
	[ -f public/index.html ]
	settle
	kb publish -q --audience agents --out public
	kb publish >"$TMP/out"
	grep -q '[1-9][0-9]* written' "$TMP/out"
}

@test "the clock changes a site that nobody changed" {
	local article
	article=$(git ls-files '*/articles/*.md' | head -1)
	sed -i '2i expires_at: 2026-12-01T10:00:00Z' "$article"
	export SOURCE_DATE_EPOCH
	SOURCE_DATE_EPOCH=$(date -d 2026-12-01T09:59:58Z +%s)
	settle
	grep -q 'Next change: 2026-12-01' "$TMP/said"
	SOURCE_DATE_EPOCH=$((SOURCE_DATE_EPOCH + 1))
	kb publish -q
	[ -z "$(compgen -G ".git/kb/facts-*")" ]
	SOURCE_DATE_EPOCH=$((SOURCE_DATE_EPOCH + 1))
	reads publish
	grep -q '[1-9][0-9]* removed' "$TMP/out"
	settle
	SOURCE_DATE_EPOCH=$((SOURCE_DATE_EPOCH + 86400))
	reads publish
	settle
	SOURCE_DATE_EPOCH=$((SOURCE_DATE_EPOCH - 60))
	reads publish
}

@test "a run with errors or notes is not kept, and neither are texts that Git converts" {
	local article
	article=$(git ls-files '*/articles/*.md' | head -1)
	settle
	sed -i 's/$/\r/' "$article"
	git config core.autocrlf true
	kb publish -q
	sleep 2.1
	kb publish -q
	kb publish -q
	reads publish
	git config core.autocrlf false
	git checkout -q "$article"
	printf 'unknown-person:\n  nonsense: 1\n' >>people.yaml
	sleep 2.1
	for _ in 1 2 3; do
		run kb publish
		assert_status 1
	done
}

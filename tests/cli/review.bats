load helper

setup() {
	kb_setup
	cp -R "$ROOT/content-example" help
	cd help || return
	git init -q
	git add .
	git commit -qm one
}

changed() { # the lines that differ from the last commit
	git diff -U0 | grep '^[-+][^-+]'
}

@test "a review sets one line, in the file's own manner" {
	run kb review en/articles/care/descale.md
	assert_status 0
	[ "$output" = "en/articles/care/descale.md: reviewed 2026-11-25, before that 2026-09-07" ]
	[ "$(changed)" = "-reviewed: 2026-09-07
+reviewed: 2026-11-25" ]
}

@test "CRLF, quotes, comments and permissions stay" {
	sed -i "s/^reviewed: .*/reviewed:   '2026-01-01' # by Anna/; s/$/\r/" en/articles/care/descale.md
	chmod 640 en/articles/care/descale.md
	cp en/articles/care/descale.md before
	run kb review --date 2026-11-20 en/articles/care/descale.md
	assert_status 0
	sed "s/'2026-01-01'/'2026-11-20'/" before | cmp - en/articles/care/descale.md
	[ "$(stat -c %a en/articles/care/descale.md)" = 640 ]
}

@test "a first review gets its key where the format has it" {
	sed -i '/^reviewed:/d' en/articles/care/descale.md
	run kb review en/articles/care/descale.md
	assert_output_has "reviewed 2026-11-25, for the first time"
	grep -A1 '^\(owner\|deputy\):' en/articles/care/descale.md | grep -q '^reviewed: 2026-11-25$'
}

@test "an id in several locales must be told apart" {
	run kb review descale
	assert_status 2
	assert_output_has "'descale' exists in en, de, hu: choose one with --locale"
	run kb review descale --locale de-AT
	assert_status 2
	run kb review descale --locale fr
	assert_status 2
	assert_output_has "kb.yaml has no locale 'fr'"
	[ -z "$(git status --porcelain)" ]
}

@test "a translation names the revision that it was read against" {
	run kb review descale --locale de
	assert_status 0
	source=$(git hash-object en/articles/care/descale.md)
	assert_output_has "translates en/articles/care/descale.md at ${source:0:10}"
	[ "$(changed)" = "-reviewed: 2026-09-07
+reviewed: 2026-11-25
-translation: {date: 2026-11-30}
+translation: {date: 2026-11-25, revision: $source}" ]
	sed -i '/^translation:/d' de/articles/care/descale.md
	kb review descale --locale de
	grep -qx "translation: {revision: $source}" de/articles/care/descale.md
	run kb validate de/articles/care
	assert_status 0
}

@test "all locales: translations name their source as it is after the review" {
	run kb review {hu,de,en}/articles/care/descale.md
	assert_status 0
	[ "${#lines[@]}" -eq 3 ]
	source=$(git hash-object en/articles/care/descale.md)
	[ "$(grep -l "revision: $source" */articles/care/descale.md | wc -l)" -eq 2 ]
	[ "$(git diff --shortstat)" = " 3 files changed, 5 insertions(+), 5 deletions(-)" ]
}

@test "a translation that its source has left behind is not right because it is read" {
	refund=articles/returns/refund.md
	kb review -q refund --locale all
	commit 2026-11-26 two
	sed -i 's/up to 3 working/up to 14 working/' en/$refund
	commit 2026-11-27 three
	run kb review de/$refund
	assert_status 2
	assert_output_has "1 paragraph of en/$refund changed since revision"
	assert_output_has "and de/$refund did not: 'kb diff --translations de/$refund' shows"
	assert_output_has "if the translation is right anyway, use --still-right"
	run kb review refund --locale all
	assert_status 2
	assert_output_has "if the translations are right"
	[ -z "$(git status --porcelain)" ]
	run kb review --still-right hu/$refund
	assert_status 0
	# What the translator did is enough, committed or not.
	sed -i 's/bis zu 3 Werk/bis zu 14 Werk/' de/$refund
	run kb review --dry-run de/$refund
	assert_status 0
	commit 2026-11-28 four
	run kb review -q de/$refund
	assert_status 0
	# What was done before the source changed is not.
	commit 2026-11-29 five
	sed -i 's/up to 14 working/up to 15 working/' en/$refund
	run kb review de/$refund
	assert_status 2
	run kb review hu/$refund
	assert_status 2
}

@test "a source that is not committed is said" {
	echo more >>en/articles/care/descale.md
	echo mehr >>de/articles/care/descale.md
	run kb review descale --locale de
	assert_status 0
	assert_output_has "en/articles/care/descale.md has changes that are not committed"
}

@test "what has errors is refused, and then nothing is changed" {
	sed -i 's/^reviewed:.*/reviewed: yesterday/' en/articles/care/first-use.md
	git commit -qam broken
	run kb review en/articles/care/descale.md en/articles/care/first-use.md
	assert_status 2
	assert_output_has "the front matter of en/articles/care/first-use.md has errors"
	for wrong in en/articles gone descal kb.yaml "--date 2026-12-01 descale -l en" "--date soon descale -l en"; do
		run kb review $wrong
		assert_status 2
	done
	run kb review
	assert_status 2
	[ -z "$(git status --porcelain)" ]
}

@test "--dry-run prints the patch" {
	kb review descale --locale all --dry-run >../patch
	[ -z "$(git status --porcelain)" ]
	git apply ../patch
	cp -R . ../by-patch
	git checkout -q .
	kb review -q descale --locale all
	diff -r -x .git . ../by-patch
}

@test "a foreign key that means the review is set" {
	mkdir ../foreign
	cd ../foreign
	printf 'name: Help\nlocales: [{code: en}]\ncontent:\n  - path: "**/*.md"\n    type: article\n    locale: en\n    keys: {last_checked: reviewed}\n' >kb.yaml
	printf 'a: {name: A}\n' >people.yaml
	printf -- '---\ntitle: One\nlast_checked: 2026-01-01\n---\nText\n' >one.md
	run kb review one
	assert_status 0
	grep -qx 'last_checked: 2026-11-25' one.md
	[ "$(grep -c reviewed one.md)" -eq 0 ]
}

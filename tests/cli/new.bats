load helper

setup() {
	kb_setup
	kb init -q --name Help .
	printf '  - code: de\n' >de
	sed -i '/- code: en/r de' kb.yaml
	rm de
}

@test "new starts a document of each type" {
	run kb new article care/descale -t 'Descale: how to' --owner support -i account.password
	assert_status 0
	[ "$output" = en/articles/care/descale.md ]
	grep -qx 'id: care/descale' en/articles/care/descale.md
	grep -qx 'title: "Descale: how to"' en/articles/care/descale.md
	grep -qx 'reviewed: 2026-11-25' en/articles/care/descale.md
	[ "$(kb new workflow w -t W --owner lead -i account)" = en/workflows/w.md ]
	grep -qF '(kb:escalate/support)' en/workflows/w.md
	[ "$(kb new reply r -t R --owner lead -i account)" = en/replies/r.md ]
	[ "$(kb new reference r2 -t R --owner lead)" = en/reference/r2.md ]
	[ "$(kb new snippet snippets/s -t S --owner lead)" = en/snippets/s.md ]
}

@test "new refuses what cannot be" {
	run kb new artcle x -t X
	assert_status 2
	run kb new article x -t X --owner suport </dev/null
	assert_status 2
	assert_output_has "did you mean 'support'?"
	run kb new workflow x -t X --owner support </dev/null
	assert_status 2
	assert_output_has "the issue is missing: say it with --issue"
	run kb new article x -t X --owner support -i account.pasword
	assert_output_has "did you mean 'account.password'?"
	run kb new article ../../x -t X --owner support
	assert_status 2
	assert_output_has "is no id"
	run kb new article articles/reset-password -t X --owner support
	assert_status 2
	run kb new article x --owner support </dev/null
	assert_output_has "the title is missing: say it with --title"
	run kb new article x -t X --owner support --locale fr
	assert_output_has "kb.yaml has no locale 'fr'"
}

@test "new --translate-of copies a document and says of which revision" {
	run kb new --translate-of articles/reset-password --locale de
	assert_status 0
	[ "$output" = de/articles/reset-password.md ]
	blob=$(git hash-object en/articles/reset-password.md)
	grep -qx "  revision: $blob" de/articles/reset-password.md
	grep -qx 'status: draft' de/articles/reset-password.md
	! grep -q '^reviewed' de/articles/reset-password.md
	grep -q '^title: Reset your password' de/articles/reset-password.md
	run kb new --translate-of articles/reset-password --locale de
	assert_status 2
	assert_output_has "is there already"
	kb new --translate-of workflows/password-forgotten --locale de
	! grep -q 'outcome' de/workflows/password-forgotten.md
}

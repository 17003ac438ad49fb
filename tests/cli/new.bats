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
	[ "${lines[0]}" = en/articles/care/descale.md ]
	[ "${lines[1]}" = "a draft: set 'status: published' to show it" ]
	grep -qx 'id: care/descale' en/articles/care/descale.md
	grep -qx 'title: "Descale: how to"' en/articles/care/descale.md
	[ "$(grep -c '^reviewed' en/articles/care/descale.md)" -eq 0 ] # nobody has read it
	[ "$(kb new workflow w -t W --owner lead -i account)" = en/workflows/w.md ]
	grep -qF '(kb:escalate/support)' en/workflows/w.md
	[ "$(kb new reply r -t R --owner lead -i account)" = en/replies/r.md ]
	[ "$(kb new reference r2 -t R --owner lead)" = en/reference/r2.md ]
	run kb new snippet snippets/s -t S --owner lead
	[ "$output" = en/snippets/s.md ]
	run kb -q new article quiet -t Q --owner lead
	[ "$output" = en/articles/quiet.md ]
}

@test "new refuses what cannot be" {
	run kb new artcle x -t X
	assert_status 2
	run kb new article x -t X --owner suport </dev/null
	assert_status 2
	assert_output_has "did you mean 'support'?"
	run kb new workflow x -t X --owner support </dev/null
	assert_status 2
	assert_output_has "the issue is missing: use --issue"
	run kb new article x -t X --owner support -i account.pasword
	assert_output_has "did you mean 'account.password'?"
	run kb new article ../../x -t X --owner support
	assert_status 2
	assert_output_has "is not a valid id"
	run kb new article articles/reset-password -t X --owner support
	assert_status 2
	run kb new article x --owner support </dev/null
	assert_output_has "the title is missing: use --title"
	run kb new article x -t X --owner support --locale fr
	assert_output_has "kb.yaml has no locale 'fr'"
}

@test "new --translate-of copies a document and says of which revision" {
	run kb new --translate-of articles/reset-password --locale de
	assert_status 0
	[ "${lines[0]}" = de/articles/reset-password.md ]
	blob=$(git hash-object en/articles/reset-password.md)
	grep -qx "  revision: $blob" de/articles/reset-password.md
	grep -qx 'status: draft' de/articles/reset-password.md
	refute grep -q '^reviewed' de/articles/reset-password.md
	grep -q '^title: Reset your password' de/articles/reset-password.md
	run kb new --translate-of articles/reset-password --locale de
	assert_status 2
	assert_output_has "already exists"
	kb new --translate-of workflows/password-forgotten --locale de
	refute grep -q 'outcome' de/workflows/password-forgotten.md
}

# What "kb new ARGUMENT..." says to a person who types ANSWERS.
typed() { # ANSWERS ARGUMENT...
	local answers=$1
	shift
	printf "$answers" | script -qec "$(printf '%q ' "$KB" new "$@")" /dev/null
}

@test "on a terminal new lists the choices and asks again after a wrong answer" {
	command -v script >/dev/null || skip "no script"
	run typed 'Descale\nsuport\nsupport\nnothing\naccount.password\n' article descale
	assert_status 0
	assert_output_has "Title:"
	assert_output_has "  support  "
	assert_output_has "did you mean 'support'?"
	assert_output_has "    account.password  "
	assert_output_has "there is no issue 'nothing' in taxonomy.yaml"
	grep -qx 'owner: support' en/articles/descale.md
	grep -qx '  - account.password' en/articles/descale.md
}

@test "an article's issue may be left empty, a workflow's not" {
	command -v script >/dev/null || skip "no script"
	run typed 'Descale\nsupport\n\n' article descale
	assert_status 0
	[ "$(grep -c '^issues' en/articles/descale.md)" = 0 ]
	run typed 'Descale\nsupport\n\naccount\n' workflow lime
	assert_status 0
	grep -qx '  - account' en/workflows/lime.md
}

@test "new --translate-of names the document that may be meant, and the source" {
	for id in reset-password Reset-Password articles/reset-pasword reset-pasword; do
		run kb new --translate-of "$id" --locale de
		assert_status 2
		assert_output_has "did you mean 'articles/reset-password'?"
	done
	printf '  - code: hu\n    fallback: de\n' >more
	sed -i '/- code: de/r more' kb.yaml
	mkdir -p hu/articles
	sed '/^id:/d' en/articles/reset-password.md >hu/articles/only.md
	run kb new --translate-of articles/only --locale de
	assert_status 2
	assert_output_has "'articles/only' exists in hu only; translations into de start from en"
	run kb new --translate-of articles/only --locale en
	assert_output_has "en is what others are translated from"
}

@test "new documents begin in their locale's language, without a finding" {
	printf '  - code: %s\n' de-AT hu fr es nl >more
	sed -i '/- code: de/r more' kb.yaml
	for locale in de de-AT hu fr es nl; do
		for type in article workflow reply reference snippet; do
			kb -q new "$type" "$locale-$type" -t T --owner support --locale "$locale" \
				$([[ $type =~ workflow|reply ]] && echo -i account)
		done
	done
	run kb validate
	assert_status 0
	[ "$(grep ': warning: ' <<<"$output" | grep -vc issue-gap)" = 0 ]
	[ -z "$(cat */workflows/*.md | grep @)" ]
	grep -q '^## Wenn das nicht hilft' de-AT/articles/de-AT-article.md
	grep -q '^Guten Tag' de/replies/de-reply.md
	grep -q '^## Második lépés' hu/workflows/hu-workflow.md
	grep -q '^Bonjour' fr/replies/fr-reply.md
	grep -q '^## Primer paso' es/workflows/es-workflow.md
	grep -q '^## First step' nl/workflows/nl-workflow.md
}

@test "new makes an id of words, and asks for no title then" {
	run kb new article "Größe wählen" --owner support </dev/null
	assert_status 0
	[ "${lines[0]}" = en/articles/größe-wählen.md ]
	grep -qx 'id: größe-wählen' en/articles/größe-wählen.md
	grep -qx 'title: Größe wählen' en/articles/größe-wählen.md
	run kb new article "care/How to descale?" -t Descale --owner support
	[ "${lines[0]}" = en/articles/care/how-to-descale.md ]
	grep -qx 'title: Descale' en/articles/care/how-to-descale.md
	run kb new article "care/Water {hard} #2" --owner support </dev/null
	[ "${lines[0]}" = en/articles/care/water-hard-2.md ]
	grep -qx 'title: "Water {hard} #2"' en/articles/care/water-hard-2.md
	run kb validate
	assert_status 0
	# An id that is one stays as it is typed.
	run kb new article Care/Model_X.2 -t X --owner support
	[ "${lines[0]}" = en/articles/Care/Model_X.2.md ]
	run kb new article "?!" -t X --owner support
	assert_status 2
	assert_output_has "'?!' is not a valid id"
}

@test "new says which file has an id already" {
	run kb new reply workflows/password-forgotten -t X --owner support -i account
	assert_status 2
	assert_output_has "the id 'workflows/password-forgotten' is taken by en/workflows/password-forgotten.md: choose another"
	# In another locale it would be taken for its translation.
	run kb new reply workflows/password-forgotten -t X --owner support -i account --locale de
	assert_status 2
	assert_output_has "is taken by en/workflows/password-forgotten.md: choose another"
	run kb new article articles/reset-password -t X --owner support
	assert_status 2
	assert_output_has "is taken by en/articles/reset-password.md"
}

@test "new --translate-of takes paths, and several documents" {
	sed -i 's|^---$|&|; 1a id: reset' en/articles/reset-password.md
	run kb new --translate-of en/articles/reset-password.md --locale de
	assert_status 0
	[ "${lines[0]}" = de/articles/reset-password.md ]
	rm de/articles/reset-password.md
	for word in articles/reset en/articles/reset en/reset reset.md; do
		run kb new --translate-of "$word" --locale de
		assert_status 2
		assert_output_has "there is no document '$word': did you mean 'reset'?"
	done
	run kb new --translate-of reset --translate-of workflows/password-forgoten --locale de
	assert_status 2
	[ ! -e de/articles/reset-password.md ]
	run kb new --translate-of reset --translate-of workflows/password-forgotten --locale de
	assert_status 0
	[ "${lines[0]} ${lines[1]}" = "de/articles/reset-password.md de/workflows/password-forgotten.md" ]
	run kb new --translate-of reset article x --locale de
	assert_status 2
	assert_output_has "--translate-of replaces TYPE and ID"
}

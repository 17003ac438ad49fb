# kb new --from-ticket: a customer's words begin a document.
load helper
bats_require_minimum_version 1.5.0

setup() {
	kb_setup
	mkdir -p help/en/articles help/de/articles
	cd help || return
	printf 'name: Help\nlocales: [{code: en}, {code: de}]\naudiences: [public, agents]\nprivacy: {patterns: ["MG-[0-9]+"]}\n' >kb.yaml
	printf 'ann: {name: Ann}\n' >people.yaml
	cat >taxonomy.yaml <<-'YAML'
		issues:
		  - id: parcel
		    label: {en: Parcel is missing, de: Paket fehlt}
		    owner: ann
		    keywords: {en: [parcel, missing, delivered], de: [paket, fehlt, zugestellt]}
		  - id: password
		    label: {en: Password forgotten, de: Passwort vergessen}
		    owner: ann
		    keywords: {en: [password, login], de: [passwort, anmelden]}
	YAML
	printf -- '---\ntitle: Where is my parcel\nowner: ann\nissues: [parcel]\n---\nLook at the tracking of the parcel.\n' >en/articles/where.md
}

@test "the draft has the customer's words, the issue and its owner; similar documents come first" {
	printf 'Good morning! My parcel MG-12345 is marked as delivered. Where is the parcel that I ordered? Call +49 170 1234567 or a@web.de.\n' >ticket
	run -0 --separate-stderr kb new --from-ticket ticket
	[ "$output" = en/articles/where-is-the-parcel-that-i-ordered.md ]
	[[ $stderr == *'Then improve it instead:'*en/articles/where.md* ]]
	[[ $stderr == *'The issue: parcel'* ]]
	[[ $stderr == *'personal data was taken out: 3 places'* ]]
	run -0 cat "$output"
	assert_output_has 'question: Where is the parcel that I ordered?'
	assert_output_has $'issues:\n  - parcel'
	assert_output_has 'owner: ann'
	assert_output_has $'keywords:\n  - parcel\n'
	assert_output_has 'status: draft'
	[[ $output != *1234567* && $output != *web.de* && $output != *12345* ]]
	run -0 kb validate
}

@test "from a pipe, in the language of the text, with operands and options that win" {
	run -0 kb new reply paket-weg --from-ticket - <<<'Mein Paket fehlt, es wurde aber laut Sendung zugestellt. Wo ist es?'
	assert_output_has de/replies/paket-weg.md
	run -0 cat de/replies/paket-weg.md
	assert_output_has $'issues:\n  - parcel'
	[[ $output != *question:* ]]
	run -0 kb new article x --from-ticket - --title 'My title' --issue password <<<'My parcel is missing, where is the parcel?'
	run -0 cat en/articles/x.md
	assert_output_has 'title: My title'
	assert_output_has '- password'
	[[ $output != *'- parcel'$'\nkey'* ]]
}

@test "a message: its subject is the title, its text is decoded" {
	printf 'From: a@web.de\nSubject: =?utf-8?Q?Parcel_f=C3=BCr_mich?=\n\nIt is missing, the parcel was not delivered.\n-- \nJane Doe\n' >mail
	run -0 kb new --from-ticket mail --locale en
	run -0 cat en/articles/parcel-für-mich.md
	assert_output_has 'title: Parcel für mich'
	[[ $output != *Jane* ]]
}

@test "what cannot be" {
	run -2 kb new --from-ticket - <<<' '
	assert_output_has 'the ticket has no text'
	run -2 kb new --from-ticket nowhere
	run -2 kb new --from-ticket - --translate-of where
	run -2 kb new --from-ticket - <<<'Something quite else that nobody knows.'
	assert_output_has '--owner'
	[ "$(find . -name '*.md' | wc -l)" -eq 1 ]
}

@test "a title of any length and with any characters makes a draft of one line" {
	subject=$(printf '=?utf-8?Q?Parcel_=1B[31m_and/or=0Astatus:_published_%s?=' "$(printf 'verylongword%.0s' {1..40})")
	printf 'From: a@b.example\nSubject: %s\n\nWhere is\nmy \033[31mparcel now?\n' "$subject" >ticket
	run -0 --separate-stderr kb new --from-ticket ticket --owner ann
	[[ $output == en/articles/parcel-31m-and-or-status-published*.md ]]
	run -0 cat "$output"
	[ "$(grep -c '^status:' <<<"$output")" -eq 1 ]
	assert_output_has 'status: draft'
	assert_output_has $'question: "Where is my \xef\xbf\xbd[31mparcel now?"'
	[[ $output != *'\x'* ]]
	run -0 kb validate
}

@test "a ticket with very many words takes no time" {
	awk 'BEGIN {srand(1); for (i = 0; i < 120000; i++) {w = ""; for (k = 0; k < 6; k++) w = w sprintf("%c", 97 + int(rand() * 26)); printf "%s ", w}}' >ticket
	run timeout 30 "$KB" new --from-ticket ticket --owner ann
	assert_status 0
}

@test "whatever the subject is, the file's name is one that every system takes, and no variable is put in" {
	local subject name
	while IFS='|' read -r subject name; do
		printf 'From: a@b.example\nSubject: %s\n\nWhere is my {{phone}} parcel?\n' "$subject" >mail
		run -0 --separate-stderr kb new --from-ticket mail
		[ "$output" = "en/articles/$name.md" ] || { echo "$subject: $output"; false; }
		refute grep -q '{{' "$output"
		rm "$output"
	done <<-'END'
		CON.txt|con-txt
		a:b|a-b
		..foo..|foo
		..|where-is-my-phone-parcel
		!!!|where-is-my-phone-parcel
		{{{{x|x
		a/b|a-b
	END
}

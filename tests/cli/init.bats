load helper

setup() {
	kb_setup
}

page() { # PATH LINE...: a Markdown file with front matter
	mkdir -p "$(dirname "$1")"
	{
		echo ---
		printf '%s\n' "${@:2}"
		printf -- '---\nText.\n'
	} >"$1"
}

@test "init writes a help center that names itself" {
	run kb init my-help
	assert_status 0
	for file in kb.yaml taxonomy.yaml people.yaml en/articles/reset-password.md \
		en/workflows/password-forgotten.md en/replies/reset-link.md \
		en/reference/tone-of-voice.md en/snippets/opening-hours.md .editorconfig \
		.gitignore .vscode/settings.json .github/workflows/kb.yml .gitlab-ci.yml \
		.kb/schemas/kb.json .kb/schemas/article.json; do
		[ -s "my-help/$file" ] || { echo "no $file"; false; }
	done
	grep -qx 'name: "My help"' my-help/kb.yaml
	grep -qx 'reviewed: 2026-11-25' my-help/en/articles/reset-password.md
	! grep -rq '@[A-Z]*@' my-help
}

@test "init overwrites nothing" {
	mkdir here
	echo mine >here/people.yaml
	run kb init here
	assert_status 2
	assert_output_has "people.yaml is there already and stays as it is"
	[ "$(cat here/people.yaml)" = mine ]
	[ ! -e here/kb.yaml ]
}

@test "init --hook installs a hook for the folder's place in the repository" {
	git init -q
	run kb init --hook help
	assert_status 0
	[ -x .git/hooks/pre-commit ]
	grep -q 'kb -C "help/" validate' .git/hooks/pre-commit
	run kb init --hook help
	assert_status 2
	assert_output_has "pre-commit is there already"
}

@test "init --hook without a repository says so" {
	run kb init --hook help
	assert_status 2
	assert_output_has "there is no Git repository here"
}

@test "adopt: the locale is a folder" {
	page docs/en/a.md 'title: A'
	page docs/en/b/c.md 'title: C'
	page docs/de/a.md 'title: A'
	run kb init --adopt
	assert_status 0
	assert_output_has "Found 3 documents in docs/: en 2, de 1."
	grep -qF 'path: "docs/{locale}/**/*.md"' kb.yaml
	! grep -q 'expand' kb.yaml
}

@test "adopt: the locale is a part of the file's name" {
	page help/a._en.md 'title: A'
	page help/a._pt-BR.md 'title: A'
	page help/c.md 'title: C' 'body: "{{ site.url }}"'
	run kb init --adopt
	assert_status 0
	assert_output_has "1 do not and count as en"
	grep -qF 'path: "help/**/*._{locale}.md"' kb.yaml
	grep -qF 'path: "help/**/*.md"' kb.yaml
	grep -qx '  - code: pt-BR' kb.yaml
	grep -qx '    expand: false' kb.yaml
}

@test "adopt: departments are no locales" {
	page docs/hr/leave.md 'title: Leave' 'lang: fr'
	page docs/hr/pay.md 'title: Pay'
	page docs/it/mail.md 'title: Mail'
	page docs/it/phone.md 'title: Phone'
	run kb init --adopt
	assert_status 0
	assert_output_has "Found 4 documents in docs/: fr 4."
	assert_output_has "Topics: 2, from the folders"
	grep -qF 'path: "docs/hr/**/*.md"' kb.yaml
	grep -qx '  - id: it' taxonomy.yaml
}

@test "adopt: keys that fit are mapped, others ignored" {
	page a.md 'title: A' 'redirect_from: [/old/a, /older]' 'permalink: /a/' \
		'description: About a' 'nav_order: 3' 'layout: page' 'weight: heavy' \
		'category: first' 'type: docs'
	page b.md 'title: B' 'redirect_from: /old/b' 'nav_order: 4' 'category: first' \
		'tags: [x]' 'draft: true'
	run kb init --adopt
	assert_status 0
	assert_output_has "Topics: 1, from the key 'category'"
	assert_output_has "Documents that say 'draft: true': 1."
	grep -A8 'keys:' kb.yaml >keys
	for line in 'category: issues' 'description: summary' 'nav_order: weight' \
		'permalink: aliases' 'redirect_from: aliases'; do
		grep -qx "      $line" keys || { cat kb.yaml; false; }
	done
	grep -qx '    ignore: \[draft, layout, type, weight\]' kb.yaml
	grep -A1 'id: first' taxonomy.yaml | grep -qx '    label: First'
}

@test "adopt: what is no document is ignored, with the reason" {
	page docs/a.md 'title: A' 'permalink: /a/'
	page docs/home.md 'title: Home' 'permalink: /'
	page docs/moved.md 'redirect_to: /a/' 'permalink: /b/'
	echo '# Read me' >README.md
	run kb init --adopt
	assert_status 0
	assert_output_has "Markdown that is no document: 3;"
	grep -qx '/README.md' .kbignore
	grep -qx '/docs/home.md' .kbignore
	grep -qx '/docs/moved.md' .kbignore
	grep -A1 '^redirects:' kb.yaml | grep -qx '  "/b/": "/a/"'
}

@test "adopt: the address from a site generator" {
	page a.md 'title: A'
	echo 'url: "https://docs.example.org/"' >_config.yml
	run kb init --adopt
	assert_status 0
	grep -qx 'base_url: https://docs.example.org' kb.yaml
}

@test "adopt: nothing there, or adopted already" {
	run kb init --adopt
	assert_status 2
	assert_output_has "there is no Markdown here to adopt"
	page a.md 'title: A'
	kb init --adopt
	run kb init --adopt
	assert_status 2
	assert_output_has "kb.yaml is there already"
}

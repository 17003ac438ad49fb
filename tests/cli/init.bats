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
	refute grep -rq '@[A-Z]*@' my-help
}

@test "init: there is nothing for the audit to say on the first day" {
	kb init -q my-help
	cd my-help
	git init -q
	commit 2026-11-25 one
	run kb audit
	assert_status 0
	assert_output_has ": 0 findings in 5 documents"
}

@test "init overwrites nothing" {
	mkdir here
	echo mine >here/people.yaml
	run kb init here
	assert_status 2
	assert_output_has "people.yaml already exists; left unchanged"
	[ "$(cat here/people.yaml)" = mine ]
	[ ! -e here/kb.yaml ]
}

@test "init --hook installs a hook for the folder's place in the repository" {
	git init -q
	run kb init --hook help
	assert_status 0
	[ -x .git/hooks/pre-commit ]
	grep -q 'kb -C "help/" validate --staged' .git/hooks/pre-commit
	export PATH=${KB%/*}:$PATH
	git add .
	git commit -qm first
	printf -- '---\ntitle: New\nowner: support\n---\n[x](gone.md)\n' >help/en/articles/new.md
	git commit -q --allow-empty -m second
	git add .
	run git commit -qm third
	assert_status 1
	assert_output_has "en/articles/new.md:5:5"
	run kb init --hook help
	assert_status 2
	assert_output_has "pre-commit already exists"
}

@test "init --hook without a repository says so" {
	run kb init --hook help
	assert_status 2
	assert_output_has "there is no Git repository here"
	[ ! -e help ]
	mkdir there
	run kb init --hook there
	assert_status 2
	[ -z "$(ls -A there)" ]
}

@test "init in a help center says once that there is one" {
	kb init -q help
	run kb init help
	assert_status 2
	assert_output_has "there is already a help center here"
	[ "${#lines[@]}" -eq 1 ]
}

@test "adopt: the locale is a folder" {
	page docs/en/a.md 'title: A'
	page docs/en/b/c.md 'title: C'
	page docs/de/a.md 'title: A'
	run kb init --adopt
	assert_status 0
	assert_output_has "Found 3 documents in docs/: en 2, de 1."
	grep -qF 'path: "docs/{locale}/**/*.md"' kb.yaml
	refute grep -q 'expand' kb.yaml
}

@test "adopt: the locale is a part of the file's name" {
	page help/a._en.md 'title: A'
	page help/a._pt-BR.md 'title: A'
	page help/c.md 'title: C' 'body: "{{ site.url }}"'
	run kb init --adopt
	assert_status 0
	assert_output_has "Found 3 documents in help/: en 2, pt-BR 1."
	assert_output_has "; 1 does not and counts as en."
	grep -qF 'path: "help/**/*._{locale}.md"' kb.yaml
	grep -qF 'path: "help/**/*.md"' kb.yaml
	grep -qx '  - code: pt-BR' kb.yaml
	grep -qx '    expand: false' kb.yaml
}

@test "adopt: pages without a locale beside their translations are the source" {
	local i
	for i in 1 2 3; do
		page "docs/p$i.md" "title: P$i"
		echo 'This is what you do if the page does not work for you.' >>"docs/p$i.md"
		page "docs/p$i.de.md" "title: S$i"
		echo 'Das ist, was man tut, wenn die Seite nicht geht und man sie braucht.' >>"docs/p$i.de.md"
	done
	run kb init --adopt
	assert_output_has "Found 6 documents in docs/: en 3, de 3."
	assert_output_has "3 do not and count as en"
	kb publish -q --allow-broken
	[[ -e public/en/articles/p1/index.html && -e public/de/articles/p1/index.html ]]
}

@test "adopt: pages without a locale beside folders of translations are the source" {
	local i
	for i in 1 2 3; do
		page "p$i.md" "title: P$i"
		echo 'This is what you do if the page does not work for you.' >>"p$i.md"
		page "de/p$i.md" "title: S$i"
		echo 'Das ist, was man tut, wenn die Seite nicht geht und man sie braucht.' >>"de/p$i.md"
		page "fr/p$i.md" "title: T$i"
		page "fr/q$i.md" "title: U$i"
	done
	run kb init --adopt
	assert_output_has "Found 12 documents: en 3, fr 6, de 3."
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

@test "adopt: team folders that pair are no languages when their text is in another one" {
	for team in ce ps ta; do
		for n in 1 2; do
			page "handbook/teams/$team/p$n.md" "title: P$n"
			echo 'This is what we do for the people who work with us.' >>"handbook/teams/$team/p$n.md"
		done
	done
	page handbook/start.md 'title: Start'
	run kb init --adopt
	assert_status 0
	assert_output_has "Found 7 documents in handbook/: en 7."
	[ "$(grep -c '  - code:' kb.yaml)" = 1 ]
	# What is not translated yet is no reason to doubt a language.
	rm -r kb.yaml taxonomy.yaml people.yaml .gitignore handbook
	for locale in en de; do
		page "docs/$locale/a.md" 'title: A'
		echo 'This is what we do for the people who work with us.' >>"docs/$locale/a.md"
	done
	run kb init --adopt
	assert_output_has "de 1, en 1"
}

@test "adopt: the language is what front matter, the generator or the text says" {
	page sugo/a.md 'title: Oldal' 'ms.contentlocale: hu-HU'
	kb init -q --adopt
	grep -qx '  - code: hu-HU' kb.yaml
	rm kb.yaml taxonomy.yaml people.yaml
	page sugo/a.md 'title: Oldal'
	printf 'site_name: Súgó\ntheme:\n  name: material\n  language: hu\n' >mkdocs.yml
	kb init -q --adopt
	grep -qx '  - code: hu' kb.yaml
	rm kb.yaml taxonomy.yaml people.yaml mkdocs.yml
	printf 'title = "Hilfe"\ndefaultContentLanguage = "de"\n' >hugo.toml
	kb init -q --adopt
	grep -qx '  - code: de' kb.yaml
	rm kb.yaml taxonomy.yaml people.yaml hugo.toml
	echo 'Ha a készülék nem indul el, először ellenőrizze, hogy van-e áram, és hogy jó-e.' >>sugo/a.md
	kb init -q --adopt
	grep -qx '  - code: hu' kb.yaml
}

@test "adopt: says which documents no site will show, and so does publish" {
	page docs/a.md 'title: A' 'audience: Admin'
	page docs/b.md 'title: B' 'status: ongoing'
	page docs/c.md 'title: C' 'status: ongoing'
	page docs/d.md 'title: D' 'audience: agents'
	page docs/e.md 'title: E'
	run kb init --adopt
	assert_status 0
	assert_output_has "Left out: 1 for an audience that kb.yaml does not have (docs/a.md), 2 with an unknown status (such as docs/b.md)."
	assert_output_has "write 'status: published' and 'audience: public'"
	run kb publish
	assert_output_has "Left out: 1 for an audience that kb.yaml does not have (docs/a.md), 2 with an unknown status (such as docs/b.md)."
}

@test "adopt: keys that fit are mapped, others ignored" {
	page a.md 'title: A' 'redirect_from: [/old/a, /older]' 'permalink: /a/' \
		'description: About a' 'nav_order: 3' 'layout: page' 'weight: heavy' \
		'category: first' 'type: docs'
	page b.md 'title: B' 'redirect_from: /old/b' 'nav_order: 4' 'category: first' \
		'tags: [x]' 'draft: false'
	run kb init --adopt
	assert_status 0
	assert_output_has "Topics: 1, from the key 'category'"
	grep -A8 'keys:' kb.yaml >keys
	for line in 'category: issues' 'description: summary' 'nav_order: weight' \
		'permalink: aliases' 'redirect_from: aliases'; do
		grep -qx "      $line" keys || { cat kb.yaml; false; }
	done
	grep -qx '    ignore: \[draft, layout\]' kb.yaml
	assert_output_has "Keys that kb ignores: draft, layout."
	# kb's own keys are never left alone: what does not fit is a finding.
	run kb validate
	assert_output_has "'type' cannot be 'docs'"
	grep -A1 'id: first' taxonomy.yaml | grep -qx '    label: First'
}

@test "adopt: kb's own keys keep what is no page from the public site" {
	page a.md 'title: Plain' 'owner: support' 'reviewed: 2026-01-01' 'status: published'
	page draft.md 'title: Draft' 'status: draft'
	page wip.md 'title: Wip' 'Status: WIP'
	page agents.md 'title: Agents' 'audience: agents'
	page internal.md 'title: Internal' 'audience: internal'
	page later.md 'title: Later' 'publish_at: 2030-01-01'
	page soon.md 'title: Soon' 'publish_at: soon'
	page past.md 'title: Past' 'expires_at: 2026-01-01'
	page over.md 'title: Over' 'expires_at: 31.12.2025'
	page hugo.md 'title: Hugo' 'publishDate: 2030-01-01T00:00:00Z'
	page lapsed.md 'title: Lapsed' 'expirydate: 2026-01-01'
	run kb init --adopt
	assert_status 0
	[ "$(grep -c ignore: kb.yaml)" -eq 0 ]
	run kb validate
	assert_output_has "there is no audience 'internal'"
	assert_output_has "soon.md:3:13: warning: 'publish_at'"
	assert_output_has "'status' cannot be 'WIP'"
	run kb publish --out out
	assert_status 0
	[ "$(cd out/en/articles && echo */)" = a/ ]
	# A later change of a document's status counts.
	sed -i s/published/draft/ a.md
	kb publish --out out
	[ ! -e out/en/articles/a ]
}

@test "adopt: what other programs keep from readers is left out" {
	page a.md 'title: A' 'date: 2026-01-01' 'draft: false' 'internal: false'
	page jekyll.md 'title: J' 'published: no'
	page hugo.md 'title: H' 'Draft: "true"'
	page private.md 'title: P' 'private: true'
	page staff.md 'title: S' 'visibility: Internal'
	page date.md 'title: D' 'date: 2030-01-01 10:00:00 +0200'
	run kb init --adopt
	assert_status 0
	assert_output_has "Drafts ('draft: true' or 'published: false'): 2"
	assert_output_has "Not for all readers, or not yet"
	# A draft that comes after the adoption is one, although its key is left alone.
	page new.md 'title: N' 'draft: true'
	run kb publish --out out
	assert_status 0
	assert_output_has "1 draft (new.md)"
	[ "$(cd out/en/articles && echo */)" = a/ ]
	# kb's own key wins.
	sed -i 's/draft: true/&\nstatus: published/' new.md
	kb publish --out out
	[ -e out/en/articles/new ]
}

@test "adopt: what is no document is ignored, with the reason" {
	page docs/a.md 'title: A' 'permalink: /a/'
	page docs/home.md 'title: Home' 'permalink: /'
	page docs/moved.md 'redirect_to: /a/' 'permalink: /b/'
	echo '# Read me' >README.md
	run kb init --adopt
	assert_status 0
	assert_output_has "not documents, or not published: 3;"
	grep -qx '/README.md' .kbignore
	grep -qx '/docs/home.md' .kbignore
	grep -qx '/docs/moved.md' .kbignore
	[[ $output != *"These stay errors"* ]] # the title is missing only in what is left out
	grep -A2 '^redirects:' kb.yaml | grep -qx '  /b/: /a/'
}

@test "adopt: Git is told where sites are" {
	page a.md 'title: A'
	git init -q
	run kb init --adopt
	assert_output_has "Found 1 document: en 1."
	kb publish
	[ -z "$(git status --porcelain public)" ]
	for ignored in node_modules /public; do
		rm kb.yaml people.yaml taxonomy.yaml
		echo $ignored >.gitignore
		run kb init --adopt
		assert_status 0
		[ "$(<.gitignore)" = $ignored ]
		hint=$(grep -c "Add /public/ to .gitignore" <<<"$output" || true)
		[ "$hint" -eq "$([ $ignored = /public ] && echo 0 || echo 1)" ]
	done
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
	assert_output_has "kb.yaml already exists"
}

@test "adopt: one page of a name in each topic's folder" {
	for folder in a b c; do
		page docs/$folder/index.md "title: $folder"
		page docs/$folder/overview.md "title: Overview of $folder"
	done
	run kb init --adopt
	assert_status 0
	assert_output_has "Topics: 3, from the folders"
	run kb publish --out out
	assert_status 0
	for folder in a b c; do
		[ -f out/en/articles/$folder/index.html ]
		[ -f out/en/articles/$folder/overview/index.html ]
	done
}

@test "adopt: what stays an error is said, with its mend" {
	page docs/a.md 'title: A'
	page docs/intro.md 'id: intro' 'sidebar_position: 1'
	printf '\n# Welcome\n' >>docs/intro.md
	printf '# Bare\n' | tee docs/b.md >docs/c.md
	printf '+++\ntitle = "T"\n+++\nText\n' >docs/toml.md
	run kb init --adopt
	assert_status 0
	assert_output_has "1 schema-required: docs/intro.md:2: the key 'title' is missing"
	assert_output_has "2 frontmatter-missing: docs/b.md:1, for one:"
	assert_output_has "this is TOML, but kb reads YAML"
	run kb publish --allow-broken --out out
	grep -q '<h1>Welcome' out/en/articles/intro/index.html
	[ ! -e out/en/articles/b ]
}

@test "adopt: folders of other programs, translations and drafts are left out" {
	page docs/a.md 'title: A'
	page docs/vendor/b.md 'title: B'
	page docs/draft.md 'title: Draft' 'draft: true'
	page docs/hidden.md 'title: Hidden' 'published: false'
	page i18n/de/docusaurus-plugin-content-docs/current/a.md 'title: A'
	for folder in _drafts archetypes themes/x website/node_modules/y versioned_docs/1 \
		versioned_sidebars vendor docs/_includes _layouts _site; do
		page $folder/x.md 'title: X'
	done
	run kb init --adopt
	assert_status 0
	assert_output_has "Found 2 documents in docs/"
	assert_output_has "Drafts ('draft: true' or 'published: false'): 2"
	assert_output_has "Docusaurus' translations are left out"
	for line in /_drafts/ /archetypes/ /themes/ /website/node_modules/ /versioned_docs/ \
		/versioned_sidebars/ /vendor/ /docs/_includes/ /_layouts/ /_site/ /i18n/ \
		/docs/draft.md /docs/hidden.md; do
		grep -qxF "$line" .kbignore || { echo "no $line"; cat .kbignore; false; }
	done
	grep -qx '# files of a theme' .kbignore
	run kb validate
	assert_output_has "2 documents"
}

@test "adopt: the name from a site generator" {
	named() { # FILE NAME LINE...
		rm -rf ./*
		page docs/a.md 'title: A'
		printf '%s\n' "${@:3}" >"$1"
		kb init -q --adopt
		grep -qxF "name: $2" kb.yaml || { cat kb.yaml; false; }
	}
	named _config.yml 'Acme Docs' 'title: Acme Docs # ours'
	named mkdocs.yml 'Acme Handbook' 'nav:' '  - site_name: x' \
		"site_name: 'Acme Handbook'"
	named hugo.toml 'Acme Help' 'title = "Acme Help"' '[params]' 'title = "x"'
	named docusaurus.config.js Acme "// title: 'No'" \
		"module.exports = {subtitle: 'x', title: 'Acme', url: 'https://a.example'};"
	named docusaurus.config.js Acme "export default {" "  title: 'Acme'," '};'
	grep -q '^# base_url' kb.yaml
}

@test "adopt: a category of a third of the documents makes topics" {
	page a.md 'title: A' 'category: Orders'
	page b.md 'title: B' 'category: Orders'
	page c.md 'title: C'
	page d.md 'title: D'
	page x/e.md 'title: E'
	run kb init --adopt
	assert_status 0
	assert_output_has "Topics: 1, from the key 'category'"
	grep -qx '  - id: Orders' taxonomy.yaml
	run kb validate
	assert_status 0
}

@test "adopt: Hugo's _index.md is its folder's page" {
	page content/en/_index.md 'title: Home'
	page content/en/orders/_index.md 'title: Orders'
	page content/de/orders/_index.md 'title: Bestellungen'
	kb init -q --adopt
	run kb publish --out out
	assert_status 0
	[ -f out/en/articles/orders/index.html ]
	[ -f out/de/articles/orders/index.html ]
}

# Names whose letters are composed in another way: macOS writes 'ü' as 'u' and two dots.
load helper
bats_require_minimum_version 1.5.0

setup() {
	kb_setup
	# Bytes: bash reads $'\u' in the locale of whoever runs the test.
	D=$'u\xcc\x88' C=$'\xc3\xbc'
	mkdir -p "center/en/articles/${D}ber/img" center/de/articles
	cd center || return
	cat >kb.yaml <<-YAML
		name: Help
		base_url: https://help.example.org
		locales: [en, de]
		redirects: {/new/: 'id:articles/${D}ber/x'}
	YAML
	printf 'issues: []\n' >taxonomy.yaml
	article "en/articles/${D}ber/index.md" <<<'Folder.'
	article "en/articles/${D}ber/x.md" <<<"## ${D}1

<a id=\"${D}2\"></a>Text."
	printf '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>' >"en/articles/${D}ber/img/$D.svg"
	printf pdf >"en/articles/${D}ber/$D.pdf"
}

article() { # FILE, the text on standard input
	{
		printf -- '---\ntitle: %s\n---\n' "$1"
		cat
	} >"$1"
}

links() {
	cat <<-MD
		[file](${C}ber/x.md) [percent](%C3%BCber/x.md) [same](${D}ber/x.md) [folder](${C}ber/)
		[heading](${C}ber/x.md#${C}1) [heading](${C}ber/x.md#${D}1) [anchor](${C}ber/x.md#${C}2)
		[id](id:articles/${C}ber/x) [id](id:articles/${D}ber/x) [site](/en/articles/${D}ber/x/)
		![image](${C}ber/img/$C.svg) [download](${C}ber/$C.pdf)
	MD
}

@test "links, images, ids and redirects match, in the work tree and in a revision" {
	links | article en/articles/links.md
	article de/articles/links.md <<<"[en](../../en/articles/${C}ber/x.md) [fallback](${C}ber/x.md)"
	run -0 kb validate
	assert_output_has 'No findings'
	kb publish -q
	[ "$(grep -o '<a href="[^"]*C3%BC' public/en/articles/links/index.html | wc -l)" -eq 11 ]
	grep 'src="[^"]*%C3%BC[^"]*svg"' public/en/articles/links/index.html
	grep "id=\"${C}2\"" "public/en/articles/${C}ber/x/index.html"
	git init -q
	commit 2026-11-20 all
	run -0 kb validate --rev HEAD
	assert_output_has 'No findings'
}

@test "a path that is typed names the file" {
	run -0 kb validate "en/articles/${C}ber/x.md"
	git init -q
	commit 2026-11-20 all
	run -0 kb show "en/articles/${C}ber/x.md"
	assert_output_has 'Text.'
}

@test "two files that differ only in this stay two" {
	printf -- '---\ntitle: One\nid: one\nslug: one\n---\nFirst.\n' >"en/articles/$C.md"
	printf -- '---\ntitle: Two\nid: two\nslug: two\n---\nSecond.\n' >"en/articles/$D.md"
	article en/articles/links.md <<<"[a]($C.md) [b]($D.md)"
	kb publish -q
	grep 'articles/one/">a<.*articles/two/">b<' public/en/articles/links/index.html
}

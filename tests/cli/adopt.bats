load helper

# Adopts two real repositories; their Git bundles stand beside the checkout where they are.
setup() {
	kb_setup
	CORPUS=${KB_CORPUS:-$ROOT/../shared/corpus}
}

clone() { # NAME
	[ -f "$CORPUS/$1.bundle" ] || skip "no corpus '$1' beside the checkout"
	git clone -q "$CORPUS/$1.bundle" adopted
	cd adopted || return
}

count() { # RULE
	jq "[.findings[] | select(.rule == \"$1\")] | length" report.json
}

@test "login.gov: its topics, its redirects, four locales, and what is really wrong" {
	clone logingov
	run kb init --adopt
	assert_status 0
	assert_output_has "Topics: 6, from the key 'category'"
	for locale in en es fr zh; do grep -qx "  - code: $locale" kb.yaml; done
	run kb validate --format json --output report.json
	assert_status 0
	[ "$(count yaml-indent)" -eq 1 ]
	jq -e '.findings[] | select(.rule == "yaml-indent") |
		.path == "content/_landing/create_an_account._fr.md"' report.json
	# 17 dangle by a regular expression; one of them stands in a key that is left alone.
	[ "$(count link-site-path)" -eq 16 ]
	[ "$(count image-missing)" -eq 6 ]
	[ "$(jq .summary.errors report.json)" -eq 0 ]
	[ "$(jq .summary.infos report.json)" -eq 11 ] # a film in a frame, ten open ends
	[ "$(count html-removed)" -eq 1 ]
	# Emphasis beside Chinese punctuation is emphasis.
	[ "$(count markdown-leftover)" -eq 0 ]
	grep -qx '  link-site-path: warning # 16' kb.yaml
	run kb publish --out out
	assert_status 0
	for locale in en es fr zh; do
		[ -f "out/$locale/topics/trouble-signing-in/index.html" ]
	done
	[ -f out/help/signing-in/forgot-my-password/index.html ]
}

@test "Hetzner's tutorials: seven locales, paired by folder" {
	clone hetzner
	run kb init --adopt
	assert_status 0
	assert_output_has "Found 550 documents in tutorials/"
	run kb validate --format json --output report.json
	assert_status 0
	[ "$(jq .summary.documents report.json)" -eq 550 ]
	[ "$(count image-missing)" -gt 0 ]
	# One fence that nothing closes, in two languages.
	[ "$(count markdown-leftover)" -eq 2 ]
	[ "$(jq '[.findings[].rule | select(startswith("schema-") or startswith("yaml-") or
		startswith("id-") or startswith("address-") or startswith("alias-"))] |
		length' report.json)" -le 20 ] # three empty summaries, 17 slugs with a "/"
	run kb publish --out out
	assert_status 0
	[ "$(find out/de/articles -name index.html | wc -l)" -gt 100 ]
}

@test "markup of other programs is counted, and no page links to it" {
	mkdir -p docs
	printf -- '---\ntitle: One\n---\n{{< old >}}\n\n:::note\nx\n:::\n' >docs/one.md
	printf -- '---\ntitle: Two\n---\n[a](<{{< ref "x" >}}>), <a href="{{ base }}/b">b</a>, [c](d/{%%x%%})\n' >docs/two.md
	run kb init --adopt
	assert_output_has "Markup of other programs, which readers would see: in 2 documents"
	kb publish -q --allow-broken
	refute grep -rE 'href="[^"]*(%7B|\{)' public
}

put() { # FILE TITLE TEXT [FRONT MATTER LINE]
	mkdir -p "$(dirname "$1")"
	printf -- '---\ntitle: %s\n%s---\n%s\n' "$2" "${4:+$4$'\n'}" "$3" >"$1"
}

# Adopts what is there: all links are good, and these addresses redirect.
adopts() { # ADDRESS...
	local address
	kb init --adopt >/dev/null
	run kb validate
	[[ $output == 'No findings in '* ]] || { echo "$output"; return 1; }
	kb publish -q
	for address; do
		[ "$(grep -c "^$address /" public/_redirects)" -ge 1 ] || { echo "no $address"; cat public/_redirects; return 1; }
	done
}

@test "Hugo: sections, slugs, bundles and languages keep their addresses" {
	mkdir site && cd site || return
	printf 'baseURL = "https://h.example.org/"\ndefaultContentLanguage = "en"\n' >hugo.toml
	put content/en/docs/_index.md Docs '[a](/docs/a/) [b](/docs/my-page/) [c](short/) [d](../docs/)'
	put content/en/docs/a.md A '[b](../my-page/) [c](/old/) [d](../short/#x)'
	put 'content/en/docs/My Page.md' B x 'aliases: [/old/]'
	put content/en/docs/long.md L '## X' 'slug: short'
	put content/en/docs/bundle/index.md Bundle '[a](/docs/a/) [u](/own/)'
	put content/en/docs/own.md Own x 'url: /own/'
	put content/de/docs/_index.md Doku '[a](/de/docs/a/)'
	put content/de/docs/a.md 'A auf Deutsch' '[b](../) [e](/docs/bundle/)'
	adopts /docs /docs/a /docs/my-page /docs/short /docs/bundle /own /de/docs /de/docs/a
	grep -qx '/de/docs/a /de/articles/docs/a/ 301' public/_redirects
	refute grep -q '^/docs/own ' public/_redirects
}

@test "Hugo: English is what is without a folder, if nothing else is said" {
	mkdir site && cd site || return
	printf 'baseURL = "https://h.example.org/"\n' >hugo.toml
	put content/en/garden.md Garden x
	put content/de/garden.md Garten x
	put content/de/haus.md Haus x
	adopts /garden /de/garden /de/haus
	grep -qx '/garden /en/articles/garden/ 301' public/_redirects
}

@test "Hugo: the language in the file's name, and plain files" {
	mkdir site && cd site || return
	printf 'baseURL: https://h.example.org/\ndefaultContentLanguage: de\nuglyURLs: true\n' >hugo.yaml
	put content/hilfe/_index.de.md Hilfe '[a](/hilfe/konto.html) [b](konto.html) [c](/en/hilfe/konto.html)'
	put content/hilfe/konto.de.md Konto '[b](./)'
	put content/hilfe/konto.en.md Account '[b](/hilfe/konto.html)'
	adopts /hilfe /hilfe/konto.html /en/hilfe/konto.html
}

@test "Docusaurus: numbers, ids, slugs and folders keep their addresses" {
	mkdir site && cd site || return
	printf "module.exports = {title: 'D', url: 'https://d.example.org', baseUrl: '/'}\n" >docusaurus.config.js
	put docs/start.md Start '[a](/docs/guide/install) [b](guide/install) [c](./guide/02-use.md) [d](/docs/guide)'
	put docs/guide/01-install.md Install '[u](use) [v](./named) [x](../start)'
	put docs/guide/02-use.md Use '[i](install)'
	put docs/guide/named-file.md Named '[i](/docs/guide)' 'id: named'
	put docs/guide/other-file.md Other x 'slug: other'
	put docs/guide/README.md Guide '[i](install) [o](/docs/guide/other)'
	adopts /docs/start /docs/guide/install /docs/guide/use /docs/guide/named /docs/guide /docs/guide/other
	refute grep -q '01-install /' public/_redirects
}

@test "MkDocs: each page is a folder" {
	mkdir site && cd site || return
	printf 'site_name: M\nsite_url: https://m.example.org/\n' >mkdocs.yml
	put docs/index.md Home '[a](user/install/) [b](user/install.md) [c](/user/install/)'
	put docs/user/install.md Install '[a](../use/) [b](use.md) [c](../)'
	put docs/user/use.md Use '[a](../../)'
	put docs/user/index.md User '[a](use/)'
	adopts /user /user/install /user/use
}

@test "Jekyll: pages are files, and permalinks what they say" {
	mkdir site && cd site || return
	printf 'title: J\nurl: https://j.example.org\n' >_config.yml
	put index.md Home '[a](guide/install.html) [b](/guide/install.html) [c](guide/install)'
	put guide/install.md Install '[a](use.html) [b](use) [p](/p/x/)'
	put guide/use.md Use '[a](./) [b](/)'
	put guide/index.md Guide '[a](use.html)'
	put guide/p.md P '[a](../y/)' 'permalink: /p/x/'
	put guide/y.md Y '[a](../x/)' 'permalink: /p/y/'
	adopts /guide /guide/install.html /guide/use.html /p/x /p/y
}

@test "without a generator, nothing is said of addresses; a wrong link is still one" {
	mkdir site && cd site || return
	put docs/a.md A '[b](b/) [c](../x/)'
	put docs/b.md B x
	kb init --adopt >/dev/null
	refute grep -q redirects kb.yaml
	run kb validate
	assert_output_has "there is no file 'b/'"
	printf 'site_name: M\n' >mkdocs.yml
	rm kb.yaml taxonomy.yaml people.yaml
	kb init --adopt >/dev/null
	run kb validate
	refute grep -q "'b/'" <<<"$output"
	assert_output_has "there is no file '../x/'"
}

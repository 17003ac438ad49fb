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
	assert_output_has "Markup of other programs, which readers would see: 4 kinds in 2 documents"
	kb publish -q --allow-broken
	refute grep -rE 'href="[^"]*(%7B|\{)' public
}

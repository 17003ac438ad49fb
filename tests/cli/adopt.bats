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
	assert_status 1
	[ "$(count yaml-indent)" -eq 1 ]
	jq -e '.findings[] | select(.rule == "yaml-indent") |
		.path == "content/_landing/create_an_account._fr.md"' report.json
	[ "$(count link-site-path)" -gt 10 ]
	[ "$(count link-site-path)" -lt 30 ]
	[ "$(jq .summary.errors report.json)" -eq \
		$(($(count link-site-path) + $(count image-missing) + 1)) ]
	[ "$(jq .summary.infos report.json)" -eq 0 ]
	run kb publish --allow-broken --out out
	assert_status 1
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
	assert_status 1
	[ "$(jq .summary.documents report.json)" -eq 550 ]
	[ "$(count image-missing)" -gt 0 ]
	[ "$(jq '[.findings[].rule | select(startswith("schema-") or startswith("yaml-") or
		startswith("id-") or startswith("address-") or startswith("alias-"))] |
		length' report.json)" -le 3 ] # three empty summaries
	run kb publish --allow-broken --out out
	assert_status 1
	[ "$(find out/de/articles -name index.html | wc -l)" -gt 100 ]
}

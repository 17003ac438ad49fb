#!/usr/bin/env bats
# Merge conflicts that were left in files.
load helper

setup() {
	kb_setup
	kb init -q site
	cd site || return
}

conflict() { # MINE THEIRS
	printf '<<<<<<< HEAD\n%s\n=======\n%s\n>>>>>>> topic\n' "$1" "$2"
}

ids() {
	kb validate --format json --fail-level none "$@" | jq -r '.findings[] | "\(.path):\(.line) \(.rule)"'
}

@test "nothing of a conflict is published, whatever the options" {
	kb publish -q
	page=public/en/articles/reset-password/index.html
	cp $page before
	conflict 'We say blaukraut.' 'They say brautkleid.' >>en/articles/reset-password.md
	line=$(($(wc -l <en/articles/reset-password.md) - 4))
	[ "$(ids | grep -v issue-gap)" = "en/articles/reset-password.md:$line conflict-marker" ]
	for options in '' --allow-broken '--drafts --audience agents --allow-broken'; do
		run kb publish $options --out "$TMP/out"
		[ "$status" -ne 0 ]
		assert_output_has '[conflict-marker]'
		if grep -rq 'blaukraut\|brautkleid\|>>>>>>>\|&gt;&gt;&gt;' "$TMP/out"; then
			false
		fi
		rm -rf "$TMP/out"
	done
	run kb publish
	assert_status 1
	assert_output_has 'the last published page stays'
	cmp before $page
	run kb find blaukraut --all
	[[ $output != *reset-password* ]]
}

@test "a conflict in kb.yaml is said once, at its place" {
	conflict 'timezone: Europe/Berlin' 'timezone: Europe/Vienna' >>kb.yaml
	run kb validate
	assert_status 2
	assert_output_has "kb.yaml:$(grep -n '<<<<<<<' kb.yaml | cut -d: -f1):1: error: this is a merge conflict marker"
	[ "$(grep -c '\[' <<<"$output")" -eq 1 ]
}

@test "a linked file with a conflict is not published" {
	printf '\nSee [the prices](prices.csv).\n' >>en/articles/reset-password.md
	conflict 'milk,1' 'milk,2' >en/articles/prices.csv
	run kb validate
	assert_status 1
	assert_output_has "'prices.csv' is not published: the file contains a merge conflict [conflict-marker]"
	kb publish -q --allow-broken || [ $? -eq 1 ]
	[ -z "$(find public -name '*prices*')" ]
}

@test "markers that readers are to see are content where the rule is off" {
	{
		printf '\n<!-- kb-disable conflict-marker -->\n```text\n'
		conflict mine theirs
		printf '```\n'
	} >>en/articles/reset-password.md
	run kb publish
	assert_status 0
	grep -q '&gt;&gt;&gt; topic' public/en/articles/reset-password/index.html
	sed -i '/kb-disable/d' en/articles/reset-password.md
	run kb validate
	assert_status 1
	printf 'rules: {conflict-marker: off}\n' >>kb.yaml
	run kb validate
	assert_status 0
	# Then YAML is what YAML is.
	conflict 'a: {name: A}' 'a: {name: B}' >people.yaml
	run kb validate
	assert_output_has 'people.yaml:1:1: error'
	[[ $output != *'[conflict-marker]'* ]]
}

@test "the work tree of a merge that was not ended" {
	git init -q
	git add .
	git commit -qm base
	git checkout -qb topic
	sed -i 's/^title: .*/title: Theirs/' en/articles/reset-password.md
	git commit -qam theirs
	git checkout -q main
	sed -i 's/^title: .*/title: Ours/' en/articles/reset-password.md
	git commit -qam ours
	git merge -q topic >/dev/null || true
	[ "$(ids | grep -v issue-gap)" = 'en/articles/reset-password.md:2 conflict-marker' ]
	[ "$(ids --since HEAD | grep -v issue-gap)" = 'en/articles/reset-password.md:2 conflict-marker' ]
	# Committed all the same, it can be looked at.
	git commit -qam merged
	[ "$(ids --rev HEAD | grep -v issue-gap)" = 'en/articles/reset-password.md:2 conflict-marker' ]
	run kb log en/articles/reset-password.md
	assert_status 0
}

@test "a marker that is left of a conflict is reported, but not one in code" {
	article=en/articles/reset-password.md
	cp $article sound
	printf '\n<<<<<<< HEAD\nWe say blaukraut.\n' >>$article
	[ "$(ids | grep -v issue-gap)" = "$article:$(grep -n '<<<' $article | cut -d: -f1) conflict-marker" ]
	cp sound $article
	printf '\nWe say blaukraut.\n=======\nAnd more.\r\n>>>>>>> topic\r\n' >>$article
	[ "$(ids | grep -v issue-gap)" = "$article:$(grep -n '>>>' $article | cut -d: -f1) conflict-marker" ]
	cp sound $article
	printf '\n```text\n<<<<<<< HEAD\n```\n\n~~~\n```\n>>>>>>> topic\n~~~\n' >>$article
	printf '\nA title\n=======\n\n>>>>>>>> deep quote\n\n <<<<<<< HEAD\n' >>$article
	[ -z "$(ids | grep conflict)" ]
}

load helper

setup() {
	kb_setup
	kb_sample site
	cd site || return
}

broken() { # a document with two findings of which one is a warning
	cat >en/articles/broken.md <<-'EOF'
		---
		title: Broken
		owner: nobody
		---
		See [this](gone.md).
	EOF
}

@test "a new help center validates without a finding" {
	run kb validate --fail-level info
	assert_status 0
	[ "$output" = "No findings in 5 documents." ]
	run kb validate -q
	assert_status 0
	[ -z "$output" ]
}

@test "findings show place, line, caret and summary" {
	broken
	run kb validate en/articles
	assert_status 1
	[ "${lines[0]}" != "${lines[0]#en/articles/broken.md:3:8: error: }" ]
	assert_output_has "    owner: nobody
           ^~~~~~"
	assert_output_has "    See [this](gone.md).
               ^~~~~~~"
	[[ ${lines[-1]} =~ ^2\ errors\ in\ [0-9]+\ documents\.$ ]]
}

@test "carets stand under tabs and wide characters, long lines are cut" {
	{
		printf -- '---\ntitle: Wide\nowner: support\n---\n'
		printf '日本語\t[x](gone1.md)\n\n'
		printf '%0200d [x](gone2.md) %0200d\n' 0 0
		printf '\n\033[31mred [x](gone3.md)\n'
	} >en/articles/wide.md
	run kb validate en/articles/wide.md
	assert_output_has "    日本語  [x](gone1.md)
                ^~~~~~~~"
	refute grep -q $'\033' <<<"$output"
	while read -r line; do [ ${#line} -le 160 ]; done <<<"$output"
	grep -A1 'gone2.md)' <<<"$output" | grep -q '^ *\^~~~~~~~$'
}

@test "a channel that is not there is said once, by the rule of the document's type" {
	printf -- '---\ntitle: A\nowner: support\nchannels: [fax]\n---\nText\n' >en/articles/a.md
	run kb validate
	assert_status 1
	assert_output_has "en/articles/a.md:4:12: error: kb.yaml has no channel 'fax' [schema-value]"
	[ "$(grep -c "no channel 'fax'" <<<"$output")" -eq 1 ] || { echo "$output"; false; }
}

@test "operands restrict what is shown; what is not there is refused" {
	broken
	run kb validate en/workflows
	assert_status 0
	run kb validate en/articles/broken.md
	assert_status 1
	run kb validate ./en/../en/articles/
	assert_status 1
	cd en
	run kb validate articles/broken.md
	assert_status 1
	cd ..
	run kb validate en/articles/brokn.md
	assert_status 2
	assert_output_has "there is no 'en/articles/brokn.md' in the content"
	run kb validate ../../elsewhere
	assert_status 2
	assert_output_has "is not below the content root"
}

@test "reports in several formats and places" {
	broken
	run kb validate --format text --format json --output out.json
	assert_status 1
	assert_output_has "errors in"
	[ "$(jq .version out.json)" = 1 ]
	[ "$(jq '.findings | length' out.json)" = 2 ]
	[ "$(jq .summary.errors out.json)" = 2 ]
	"$(dirname "$KB")/tools/schema_check" "$ROOT/schemas/output/findings.json" out.json
	jq -e '.findings[0] | .line == 3 and .column == 8 and .rule == "person-unknown"' out.json
	run kb validate --format json -o a -o b
	assert_status 2
	run kb validate --format jsn
	assert_status 2
	assert_output_has "did you mean 'json'?"
}

@test "--fail-level" {
	printf -- '---\ntitle: Empty\nowner: support\n---\n' >en/articles/empty.md
	run kb validate
	assert_status 0
	assert_output_has "1 warning in"
	run kb validate --fail-level warning
	assert_status 1
	broken
	run kb validate --fail-level none
	assert_status 0
}

@test "a broken kb.yaml is shown with its place" {
	echo 'nmae: x' >>kb.yaml
	run kb validate
	assert_status 2
	assert_output_has "[config-unknown-key]"
	assert_output_has "kb.yaml:"
	run kb publish
	assert_status 2
	assert_output_has "[config-unknown-key]"
}

@test "without a kb.yaml: says what to do" {
	mkdir "$TMP/empty"
	run kb -C "$TMP/empty" validate
	assert_status 2
	assert_output_has "kb init"
}

@test "--rev reads a revision and leaves the work tree alone" {
	git init -q && git add . && git commit -qm one
	broken
	run kb validate --rev HEAD
	assert_status 0
	run kb validate --rev nowhere
	assert_status 2
	git clone -q --bare . "$TMP/bare.git"
	run kb -C "$TMP/bare.git" validate --rev HEAD
	assert_status 0
}

@test "output is the same whatever -j says" {
	broken
	kb validate -j1 >one || true
	kb validate -j4 >four || true
	cmp one four
}

@test "-v says what is worked on, on standard error" {
	run bash -c '"$0" validate -v 2>&1 >/dev/null' "$KB"
	[[ $output == "kb: $PWD: documents 5, locales 1, issues 2, files "* ]]
}

@test "--list-rules names every rule with its severity" {
	run kb validate --list-rules
	assert_status 0
	[ "${#lines[@]}" -eq "$(ls "$ROOT/docs/rules" | wc -l)" ]
}

@test "each rule has a broken repository whose finding stands at its place, and a page" {
	local rule title
	sed -nE 's/^KB_RULE\([A-Z_0-9]+, "([a-z0-9-]+)", "([a-z]+)", KB_([A-Z]+), "(.*)"\)$/\1 \4. (\2, \L\3)/p' \
		"$ROOT/include/kb/rules.def" >rules
	[ "$(wc -l <rules)" -gt 80 ]
	while read -r rule title; do
		[ "$(sed -n '1p;3p' "$ROOT/docs/rules/$rule.md")" = "# $rule"$'\n'"$title" ] || { echo "$rule"; false; }
		grep -q '^Wrong' "$ROOT/docs/rules/$rule.md" || { echo "$rule"; false; }
		grep -q '^Right' "$ROOT/docs/rules/$rule.md" || { echo "$rule"; false; }
		# Those need a server: external.bats has them.
		[[ $rule != external-* ]] || continue
		grep -qE "^[^ ]+: (error|warning|info): .*\[$rule\]\$" \
			"$ROOT/tests/validate/$rule/expected.txt" || { echo "$rule"; false; }
	done <rules
}

@test "without taxonomy.yaml and people.yaml, each is missed once" {
	cp -R "$ROOT/tests/validate/_base" "$TMP/bare"
	rm "$TMP/bare/taxonomy.yaml" "$TMP/bare/people.yaml"
	run "$KB" -C "$TMP/bare" validate
	[ "$status" -eq 1 ]
	[[ $output == *"there is no people.yaml"* ]]
	[[ $output == *"there is no taxonomy.yaml"* ]]
	[[ $output == *"2 errors in 5 documents."* ]]
}

@test "a reply that links to a document that cannot be read" {
	sed -i 's/^title: .*/title: A: b/' en/articles/reset-password.md
	printf -- '---\ntitle: R\nchannels: [email]\nowner: support\nissues: [account]\n---\n[x](../articles/reset-password.md#x)\n' \
		>en/replies/to-it.md
	printf 'channels: {email: {max_length: 10}}\n' >>kb.yaml
	run kb validate
	assert_status 1
	assert_output_has "[yaml-syntax]"
}

@test "links that were right are looked at again when what they lead to changes" {
	same() { # TEXT: validating finds it, as it does without what is kept
		run kb validate --fail-level none
		assert_output_has "$1"
		[ "$output" = "$(kb validate --no-cache --fail-level none)" ]
	}
	git init -q
	mkdir en/articles/pages en/articles/empty
	touch en/articles/empty/.keep
	ln -s pages en/articles/other
	printf -- '---\ntitle: To\nowner: support\n---\n## Part\n' >en/articles/pages/to.md
	printf -- '---\ntitle: From\nowner: support\n---\n[a](pages/to.md#part)\n' >en/articles/from.md
	same 'No findings'
	sed -i 's/## Part/## Other/' en/articles/pages/to.md
	same 'from.md:5:5: error: '
	sed -i 's/## Other/## Part/; s/^owner: .*/&\naudience: agents/' en/articles/pages/to.md
	same '[audience-link]'
	sed -i '/^audience/d' en/articles/pages/to.md
	sed -i 's/(pages/(other/' en/articles/from.md
	same 'No findings'
	ln -sfn empty en/articles/other
	same 'from.md:5:5: error: '
	echo a,b >en/articles/b.csv
	sed -i 's/(.*)/(b.csv)/' en/articles/from.md
	same 'No findings'
	printf '<<<<<<< a\na\n=======\nb\n>>>>>>> b\n' >en/articles/b.csv
	same "'b.csv' is not published"
}

@test "a link to a title is looked at again when the title changes" {
	kb init -q site
	cd site || return
	git init -q .
	printf -- '---\ntitle: A quokka\nowner: support\nissues: account\n---\nText\n' >en/articles/q.md
	sed -i 's/^variables:/&\n  place: "q.md#a-quokka"/' kb.yaml
	for link in 'q.md#a-quokka' '{{place}}'; do
		printf -- '---\ntitle: From %s\nowner: support\nissues: account\n---\n[See](%s)\n' \
			"${#link}" "$link" >"en/articles/from-${#link}.md"
	done
	git add -A
	git commit -qm 'All texts'
	sleep 2.1 # the stamps of files that were changed just now are not known
	kb validate
	kb validate
	sed -i 's/^title: .*/title: An okapi/' en/articles/q.md
	run kb validate
	assert_status 1
	[ "$(grep -c link-fragment-missing <<<"$output")" -eq 2 ]
}

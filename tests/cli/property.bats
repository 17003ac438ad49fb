# What kb remembers between two runs changes nothing: random edits, see tests/tools/property.py.

load helper

setup() { kb_setup; }

@test "after random edits, what is published and found equals what a clean run makes" {
	local rounds=100
	[[ $KB != *sanitize* ]] || rounds=15
	KB=$KB TMPDIR=$TMP run "$ROOT/tests/tools/property.py" --rounds $rounds --seed 1
	echo "$output"
	assert_status 0
	assert_output_has 'all equal'
}

publish() { # OUT OPTION...
	warnings=$("$KB" publish -C site -q --format json --out "$PWD/$1" "${@:2}" | grep '"warnings"')
}

same() { # what is published again equals what is published into a new folder
	publish out
	local told=$warnings
	rm -rf new
	publish new --clean
	[ "$told" = "$warnings" ]
	diff -r new out
}

@test "what could not be shown is told in each run" {
	kb_sample site
	echo 'rules: {diagram-syntax: warning}' >>site/kb.yaml
	printf -- '---\ntitle: T\nowner: support\n---\n```dot A map\ndigraph { a ->\n```\n' >site/en/articles/t.md
	publish out
	[[ $warnings == *2* ]] # of validation, and of the page
	same
}

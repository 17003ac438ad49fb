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

load helper

setup() {
	kb_setup
}

@test "without a command: says where the list is" {
	run kb
	assert_status 2
	assert_output_has "a command is missing: 'kb help' lists them"
}

@test "--version prints kb's and its libraries' versions" {
	run kb --version
	assert_status 0
	[[ ${lines[0]} =~ ^kb\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	assert_output_has libgit2
	assert_output_has libcmark-gfm
}

@test "a mistyped command gets 'did you mean'" {
	run kb hlep
	assert_status 2
	[ "$output" = "kb: there is no command 'hlep': did you mean 'help'?" ]
}

@test "a mistyped option gets 'did you mean'" {
	run kb help --completoin bash
	assert_status 2
	assert_output_has "unknown option '--completoin': did you mean '--completion'?"
}

@test "-h is short, --help and 'kb help' are the manual" {
	run kb explain -h
	assert_status 0
	[ "${lines[0]}" = "usage: kb explain [OPTION...] [RULE...]" ]
	run kb explain --help
	assert_status 0
	manual=$output
	assert_output_has Description
	assert_output_has "Exit status"
	run kb help explain
	[ "$output" = "$manual" ]
}

@test "options before and after the command are the same" {
	mkdir dir
	run kb -C dir explain --color=never
	assert_status 0
	run kb explain -C nowhere
	assert_status 2
	assert_output_has "cannot work in 'nowhere': No such file or directory"
}

@test "an operand too many is refused" {
	run kb help one two
	assert_status 2
}

@test "every rule can be explained" {
	kb explain | while read -r rule _; do
		[ -n "$(kb explain "$rule")" ]
		kb explain "$rule" | head -1 | grep -qx "$rule"
	done
	run kb explain link-target-mising
	assert_status 2
	assert_output_has "did you mean 'link-target-missing'?"
}

@test "a closed pipe ends it quietly" {
	set +o pipefail
	run bash -c '"$0" explain 2>&1 >/dev/full' "$KB"
	assert_status 2
	assert_output_has "cannot write to standard output"
	run bash -c '"$0" explain | true' "$KB"
	[ -z "$output" ]
}

@test "colour: only on a terminal, NO_COLOR and CLICOLOR_FORCE, --color" {
	esc=$'\033'
	[[ $(kb help explain) != *$esc* ]]
	[[ $(kb --color always help explain) == *$esc* ]]
	[[ $(CLICOLOR_FORCE=1 kb help explain) == *$esc* ]]
	[[ $(CLICOLOR_FORCE=0 kb help explain) != *$esc* ]]
	[[ $(NO_COLOR=1 CLICOLOR_FORCE=1 kb help explain) != *$esc* ]]
	[[ $(NO_COLOR='' CLICOLOR_FORCE=1 kb help explain) == *$esc* ]]
	[[ $(NO_COLOR=1 kb help explain --color always) == *$esc* ]]
}

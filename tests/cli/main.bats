load helper

setup() {
	kb_setup
}

@test "without a command: the short help, not as a result" {
	run kb
	assert_status 2
	[ "${lines[0]}" = "usage: kb [OPTION...] COMMAND [ARGUMENT...]" ]
	assert_output_has "  validate    "
	[ -z "$(kb 2>/dev/null)" ]
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

@test "locales and regions are named in other letter case, too; of unknown ones, which there are" {
	cd "$ROOT/content-example"
	run kb show refund --locale de_at
	assert_status 0
	assert_output_has 'title: Wann Sie Ihr Geld'
	run kb show en/articles/returns/refund.md --locale hu
	assert_status 2
	assert_output_has "en/articles/returns/refund.md is in en, not in hu: name hu/articles/returns/refund.md, or 'refund'"
	run kb reply trace-opened --locale de_CH --examples
	assert_output_has "kb.yaml has no locale 'de-CH': using 'de'"
	for command in 'show refund' owners publish 'reply ask-neighbors' link; do
		run kb $command --locale at
		assert_status 2
		[ "$output" = "kb: kb.yaml has no locale 'at', only en, de, hu, de-AT: did you mean 'de-AT'?" ]
	done
	run kb publish --locale de_at --out "$TMP/site"
	[ -d "$TMP/site/de-AT" ]
	for region in hu HU Ungarn hungary; do
		run kb reply ask-neighbors --region $region --examples
		assert_status 0
	done
	run kb reply ask-neighbors --region de_AT --examples
	assert_status 2
	[ "$output" = "kb: kb.yaml has no region 'de_AT', only DE (Germany), AT (Austria), HU (Hungary)" ]
}

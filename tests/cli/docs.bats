load helper

setup() {
	kb_setup
}

commands() {
	kb help | sed -n '/^$/,/^$/s/^  \([a-z]*\)  .*/\1/p'
}

# The long options that 'kb COMMAND -h' names, without the global ones.
options() {
	kb "$1" -h | grep -oE -- '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -- '--[a-z-]+'
}

@test "each command has a manual with description, exit status and examples" {
	[ "$(commands | wc -l)" -ge 5 ]
	for command in $(commands); do
		[ -f "$ROOT/docs/man/kb-$command.md" ]
		kb help "$command" >page
		for part in Description Examples "Exit status"; do
			grep -qx "$part" page || { echo "$command has no $part"; false; }
		done
		for option in $(options "$command"); do
			grep -qe " $option" page || { echo "$command: $option"; false; }
		done
	done
}

@test "manual pages are good mdoc" {
	command -v mandoc >/dev/null || skip "no mandoc"
	for command in $(commands); do
		kb help --man "$command" >"kb-$command.1"
	done
	kb help --man >kb.1
	run mandoc -T lint -W warning *.1
	[ -z "$(grep -v 'referenced manual not found' <<<"$output")" ] || { echo "$output"; false; }
}

@test "completions are current" {
	for shell in bash zsh fish; do
		name=$(case $shell in bash) echo kb ;; zsh) echo _kb ;; fish) echo kb.fish ;; esac)
		kb help --completion "$shell" >now
		diff -u "$ROOT/completions/$name" now || { echo "make completions"; false; }
	done
}

@test "completions parse in their shells and name every command and option" {
	bash -n "$ROOT/completions/kb"
	if command -v zsh >/dev/null; then zsh -n "$ROOT/completions/_kb"; fi
	if command -v fish >/dev/null; then fish -n "$ROOT/completions/kb.fish"; fi
	for command in $(commands); do
		for file in kb _kb kb.fish; do
			grep -q "$command" "$ROOT/completions/$file"
			for option in $(options "$command"); do
				grep -qe "${option#--}" "$ROOT/completions/$file" ||
					{ echo "$file lacks $command $option"; false; }
			done
		done
	done
}

@test "fish completes subcommands" {
	command -v fish >/dev/null || skip "no fish"
	PATH=$(dirname "$KB"):$PATH
	offered() {
		fish -c "source $ROOT/completions/kb.fish; complete -C '$1'" | cut -f1 | paste -sd' '
	}
	[ "$(offered 'kb link re')" = "remove rename" ]
	[[ " $(offered 'kb link rename --') " == *" --children "* ]]
	[[ " $(offered 'kb link --') " == *" --gaps "* && " $(offered 'kb link --') " != *" --children "* ]]
}

offer() { # WORD...: what bash would offer for the last one
	source "$ROOT/completions/kb"
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
	_kb
	echo "${COMPREPLY[*]}"
}

@test "bash completes commands, options and values" {
	PATH=$(dirname "$KB"):$PATH
	[ "$(offer kb expl)" = explain ]
	[ "$(offer kb -C dir expl)" = explain ]
	[[ " $(offer kb help --) " == *" --completion "* ]]
	[ "$(offer kb help --completion b)" = bash ]
	[ "$(offer kb --color al)" = always ]
	[[ $(offer kb help ex) == explain ]]
	[[ $(offer kb explain link-target-m) == link-target-missing ]]
	[ "$(offer kb link re)" = "remove rename" ]
	[[ " $(offer kb link rename --) " == *" --children "* ]]
	[[ " $(offer kb link -l de rename --) " == *" --children "* ]]
	[[ " $(offer kb link --) " == *" --gaps "* && " $(offer kb link --) " != *" --children "* ]]
	[ "$(offer kb link suggest --format c)" = csv ]
}

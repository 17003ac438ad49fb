# For bats and the goldens: a home, a clock and an identity of our own, so that no test
# depends on who runs it, where and when.

setup_home() { # FOLDER
	export TMP=$1
	export HOME=$TMP/home XDG_CONFIG_HOME=$TMP/home/.config XDG_CACHE_HOME=$TMP/home/.cache
	mkdir -p "$HOME"
	export SOURCE_DATE_EPOCH=1795564800 # 2026-11-25
	export TZ=UTC LC_ALL=C.UTF-8
	export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=$HOME/.gitconfig
	export GIT_AUTHOR_NAME=Tester GIT_AUTHOR_EMAIL=tester@example.org
	export GIT_COMMITTER_NAME=Tester GIT_COMMITTER_EMAIL=tester@example.org
	export GIT_AUTHOR_DATE="$SOURCE_DATE_EPOCH +0000"
	export GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
	unset GIT_DIR GIT_WORK_TREE NO_COLOR CLICOLOR_FORCE PAGER
	git config --global init.defaultBranch main
	git config --global safe.directory '*'
}

# In a bats file: setup() { kb_setup; }
kb_setup() {
	ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	KB=${KB:-$ROOT/${BUILD:-build}/kb}
	setup_home "$BATS_TEST_TMPDIR"
	mkdir -p "$TMP/work"
	cd "$TMP/work" || return
}

kb() {
	"$KB" "$@"
}

# A library to preload that makes calls fail (tests/tools/fault.c), after the sanitizer's.
kb_fault() {
	FAULT=$ROOT/${BUILD:-build}/tools/fault.so
	[ -f "$FAULT" ] || skip "there is no fault.so: 'make units' builds it"
	FAULT="$(ldd "$KB" | awk '/libasan/ {print $3}') $FAULT"
}

# For a repository with extensions, which libgit2 loses memory at (tests/lsan.supp): a stack
# shows who did, but only when it is whole, and that is slow.
kb_extensions() {
	export LSAN_OPTIONS=suppressions=$ROOT/tests/lsan.supp:print_suppressions=0
	export ASAN_OPTIONS=${ASAN_OPTIONS:-}:fast_unwind_on_malloc=0
}

# A small help center without a finding.
kb_sample() { # FOLDER
	kb init -q --name Help "$1"
}

commit() { # DAY MESSAGE
	git add -A
	GIT_AUTHOR_DATE="$1T12:00:00Z" GIT_COMMITTER_DATE="$1T12:00:00Z" git commit -qm "$2"
}

assert_output_has() { # TEXT
	[[ $output == *"$1"* ]] || {
		printf 'expected to find: %s\nin:\n%s\n' "$1" "$output"
		return 1
	}
}

# For the opposite of a command: bash lets a test go on after '! command'. Status 2 and more is a
# failure of the command itself, such as a file that grep cannot read.
refute() { # COMMAND...: it ends with status 1
	local status=0
	"$@" || status=$?
	[ "$status" -eq 1 ] || {
		printf 'expected status 1, got %s: %s\n' "$status" "$*"
		return 1
	}
}

assert_status() { # STATUS
	[ "$status" -eq "$1" ] || {
		printf 'expected status %s, got %s:\n%s\n' "$1" "$status" "$output"
		return 1
	}
}

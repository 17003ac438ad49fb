# For the tests of what is kept between runs: a small help center, a source of numbers that
# look random, and what commands print with and without what was kept.
# shellcheck shell=bash disable=SC2034

# What the clock shows or hides must not change in between.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-1795600000} # 2026-11-25

# Sets R to a number below N; the same for the same SEED.
rnd() { # N
	SEED=$(((SEED * 1103515245 + 12345) % 2147483648))
	R=$((SEED / 65536 % $1))
}

# Sets P to one of the words given.
pick() { # WORD...
	rnd $#
	shift "$R"
	P=$1
}

# A part of the example, in the folder that is current: 40 documents in two locales.
fixture() { # EXAMPLE
	cp -r "$1/." .
	rm -rf usage feedback de-AT/* de/workflows de/reference hu/* ./*/articles/{account,ordering,subscription,troubleshooting}
	rm -rf en/replies/[c-r]* de/replies/[b-z]* en/workflows/[e-z]* en/reference/[d-z]* de/articles/care
	git init -q
	git add -A
	git commit -qm 'The first version'
	printf '\nText of the second version.\n' >>en/snippets/signature.md
	git commit -qam 'The second version'
}

run_one() { # ARGUMENT...: status and all that is printed
	"$KB" "$@" 2>&1
	printf 'status %s\n' $?
}

# What the commands print. OPTION may be --no-cache.
outputs() { # OPTION...
	local word
	run_one validate --format json "$@"
	for word in parcel 'descale maching' '+49 partner zebra days'; do
		run_one find --format json "$@" "$word"
	done
	run_one find --audience public --locale de "$@" Rücksendung days
	run_one case return.refund --locale en "$@"
	run_one case --text 'where is my refund' --locale de --format json "$@"
	run_one audit --format json "$@"
	run_one link --format json "$@"
	run_one link --audience public "$@"
}

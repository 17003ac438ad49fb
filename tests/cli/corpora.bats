# Two real help centers, adopted: their sites hold together, are the same whatever the
# number of threads, and come out of a former revision as they come out of its checkout.
load helper

# bats runs each test in a process of its own; what is cloned and adopted is shared.
setup_file() {
	local corpus=${KB_CORPUS:-$BATS_TEST_DIRNAME/../../../shared/corpus} name
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR kb_setup
	for name in logingov hetzner; do
		[ -f "$corpus/$name.bundle" ] || continue
		git clone -q "$corpus/$name.bundle" "$BATS_FILE_TMPDIR/$name"
		(cd "$BATS_FILE_TMPDIR/$name" && kb init -q --adopt)
	done
}

setup() {
	kb_setup
	LINKS=$ROOT/${BUILD:-build}/tools/site_links
}

adopted() { # NAME
	[ -d "$BATS_FILE_TMPDIR/$1" ] || skip "no corpus '$1' beside the checkout"
	ADOPTED=$BATS_FILE_TMPDIR/$1
}

publish() { # OUT OPTION...
	local out=$1
	shift
	kb publish -C "$ADOPTED" -q --out "$PWD/$out" "$@"
}

holds_together() { # SITE [BASE_URL]
	run "$LINKS" "$@"
	tail -1 <<<"$output"
	assert_status 0
	[[ ${lines[-1]} =~ ^[1-9][0-9]{2,}\ pages,\ [1-9][0-9]{3,}\ links,\ 0\ broken$ ]]
}

site() { # NAME
	adopted "$1"
	publish plain
	holds_together plain
	publish one -j1 --base-url https://help.example.com/base
	publish two -j2 --base-url https://help.example.com/base
	diff -r one two
	publish two -j4 --base-url https://help.example.com/base
	diff -r one two
	holds_together two https://help.example.com/base
}

@test "login.gov's site: links, ids, threads" {
	site logingov
}

@test "Hetzner's site: links, ids, threads; CRLF; what stands beside ~~ and www." {
	site hetzner
	# 108 whose names say so, and one named 01..de.md; the list of all is another page.
	[ "$(grep -rl 'rel="alternate" hreflang="de"' one/en/articles/*/ | wc -l)" -eq 109 ]
	grep -rlq '<del>' one
	grep -rlq '<a href="http://www\.' one
	[ "$(grep -rlP '\r$' "$ADOPTED/tutorials" | wc -l)" -gt 0 ]
	refute grep -rlq $'\r' one --include='*.html'
}

# Names, contents' ids and times of all tracked files.
stand() { # FOLDER
	git -C "$1" status --porcelain
	(cd "$1" && find . -path ./.git -prune -o -printf '%p %y %s %T@ %C@\n' | sort)
}

# The configuration is the adopted one, outside the repository; so are people and topics.
former() { # NAME
	local bundle
	adopted "$1"
	bundle=$(git -C "$ADOPTED" remote get-url origin)
	mkdir config
	cp "$ADOPTED"/*.yaml config
	git clone -q "$bundle" tree
	git clone -q --bare "$bundle" bare.git
	git clone -q "$bundle" checkout
	git -C checkout checkout -q HEAD~50
	stand tree >before
	past=(-q --config ../config/kb.yaml --rev HEAD~50 --allow-broken)
	(cd tree && kb publish "${past[@]}" --out ../by-rev 2>../by-rev.errors) || [ $? -eq 1 ]
	stand tree | diff before -
	(cd bare.git && kb publish "${past[@]}" --out ../by-bare 2>../by-bare.errors) || [ $? -eq 1 ]
	(cd checkout && kb publish -q --config ../config/kb.yaml --allow-broken \
		--out ../by-checkout 2>../by-checkout.errors) || [ $? -eq 1 ]
	diff -r by-rev by-bare
	diff -r by-rev by-checkout
	diff by-rev.errors by-bare.errors
	diff by-rev.errors by-checkout.errors
	[ "$(find by-rev -name index.html | wc -l)" -gt 300 ]
}

@test "login.gov fifty commits ago: from the work tree's repository, a bare one, a checkout" {
	former logingov
}

@test "Hetzner fifty commits ago: from the work tree's repository, a bare one, a checkout" {
	former hetzner
}

@test "a generated help center's site: links, ids, threads" {
	git init -q generated
	"$ROOT/bench/generate" 200 | git -C generated fast-import --quiet
	git -C generated reset -q --hard main
	ADOPTED=$PWD/generated
	publish one -j1
	publish two -j2
	diff -r one two
	holds_together one https://help.example.com
}

# The script of the site finds what the library finds; documents that share an address, of
# which the site shows one, are left out.
finds_the_same() { # NAME LOCALE...
	local name=$1 locale file tool=$ROOT/${BUILD:-build}/tools/search_batch
	shift
	[ -x "$tool" ] && command -v node >/dev/null || skip "make units builds search_batch, which needs node"
	adopted "$name"
	cp -r "$ADOPTED" content
	# Translations of no document have the address of one's page in their language.
	for file in content/tutorials/*/*.de.md; do
		[ -e "${file%.de.md}.en.md" ] || rm -f "$file"
	done
	kb publish -C content -q --out "$PWD/$name" || true
	for locale; do
		find content -name "*$locale.md" -print0 | sort -z | xargs -0 cat |
			BUILD=$ROOT/${BUILD:-build} node "$ROOT/tests/tools/ranks.mjs" "$name" content "$locale" public 1000 || return
	done
}

@test "hetzner: a browser finds what kb find finds" {
	finds_the_same hetzner en de ru
}

@test "logingov: a browser finds what kb find finds" {
	finds_the_same logingov en es fr zh
}

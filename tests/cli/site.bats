# The published example as a whole: its links, its bytes, and what a kill leaves behind.
load helper

setup() {
	kb_setup
	LINKS=$ROOT/${BUILD:-build}/tools/site_links
	EXAMPLE=$ROOT/content-example
}

publish() { # OUT OPTION...
	local out=$1
	shift
	kb publish -C "$EXAMPLE" -q --out "$out" "$@"
}

@test "each link and each fragment of the example's sites leads somewhere" {
	[ -x "$LINKS" ] || skip "make units builds site_links"
	for audience in public agents; do
		publish "$TMP/$audience" --audience "$audience"
		run "$LINKS" "$TMP/$audience" https://help.morgenau.example
		echo "$output"
		[ "$status" -eq 0 ]
	done
}

@test "one thread and four make the same bytes" {
	for audience in public agents; do
		publish "$TMP/one" --audience "$audience" -j1
		publish "$TMP/four" --audience "$audience" -j4
		diff -r "$TMP/one" "$TMP/four"
		rm -r "$TMP/one" "$TMP/four"
	done
}

@test "a kill at any moment leaves a folder that the next run completes" {
	publish "$TMP/clean"
	for i in $(seq 12); do
		audience=$([ $((i % 2)) = 0 ] && echo agents || echo public)
		"$KB" publish -C "$EXAMPLE" -q --out "$TMP/killed" --clean --audience "$audience" &
		sleep "0.$(printf %03d $((RANDOM % 500)))"
		kill -9 $! 2>/dev/null || true
		wait $! 2>/dev/null || true
	done
	publish "$TMP/killed"
	diff -r "$TMP/clean" "$TMP/killed"
}

@test "a full disk ends it with a message, and the old files stay" {
	publish "$TMP/out"
	(
		ulimit -f 8 # a file of more than 8 KiB cannot be written
		trap '' XFSZ
		! publish "$TMP/out" --clean 2>"$TMP/error"
	)
	grep -q "cannot write" "$TMP/error"
	publish "$TMP/clean"
	publish "$TMP/out"
	diff -r "$TMP/clean" "$TMP/out"
}

@test "pages are small: markup, style sheet and script under 30 KB compressed" {
	publish "$TMP/out"
	for page in "$TMP"/out/*/articles/*/*/index.html; do
		size=$(cat "$page" "$TMP"/out/assets/style.*.css "$TMP"/out/assets/script.*.js |
			gzip -9 | wc -c)
		[ "$size" -lt 30720 ] || { echo "$page: $size"; false; }
	done
}

@test "a revision is published as it stood, its theme and images included" {
	cp -r "$EXAMPLE" "$TMP/content"
	cd "$TMP/content"
	mkdir -p theme/templates
	echo 'LOGO AS IT STOOD' >theme/templates/logo.mustache
	git init -q . && git add -A && git commit -qm first
	kb publish -q --out "$TMP/tree"
	grep -q 'LOGO AS IT STOOD' "$TMP/tree/en/index.html"
	rm -r theme en/articles
	kb publish -q --rev HEAD --out "$TMP/revision"
	diff -r "$TMP/tree" "$TMP/revision"
}

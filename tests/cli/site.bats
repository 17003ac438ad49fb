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

@test "a kill at any moment, or two runs at once, leave a folder that the next run completes" {
	mkdir "$TMP/content"
	cd "$TMP/content"
	run "$ROOT/tests/store/kills" $RANDOM 8
	echo "$output"
	assert_status 0
	assert_output_has "8 killed before the end"
}

@test "texts that cannot be read keep their pages and their places" {
	[ -x "$LINKS" ] || skip "make units builds site_links"
	cp -r "$EXAMPLE" "$TMP/content"
	cd "$TMP/content"
	kb publish -q --out "$TMP/out"
	cp -r "$TMP/out" "$TMP/before"
	sed -i 's/^title: .*/title: Artikel:  zurückschicken/' ./*/articles/returns/*.md
	run kb publish --out "$TMP/out"
	assert_status 1
	assert_output_has "Files: 0 written, "
	assert_output_has ", 0 removed."
	assert_output_has "their last published pages stay, and their places in lists"
	diff -r "$TMP/before" "$TMP/out"
	"$LINKS" "$TMP/out" https://help.morgenau.example
	# A kill does not make it forget.
	for i in 1 2 3 4; do
		"$KB" publish -q --clean --out "$TMP/out" 2>/dev/null &
		sleep "0.$((i * 11))"
		kill -9 $! 2>/dev/null || true
		wait $! 2>/dev/null || true
	done
	run kb publish --out "$TMP/out" -j1
	diff -r "$TMP/before" "$TMP/out" -x .kb-site
	cp -r "$EXAMPLE"/. .
	kb publish -q --out "$TMP/out"
	diff -r "$TMP/before" "$TMP/out"
}

@test "a full disk ends it with a message, and the old files stay" {
	publish "$TMP/out"
	(
		ulimit -f 8 # a file of more than 8 KiB cannot be written
		trap '' XFSZ
		run publish "$TMP/out" --clean
		assert_status 2
		echo "$output" >"$TMP/error"
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

@test "the steps of a workflow are published with its page, and stay with it" {
	cp -r "$EXAMPLE" "$TMP/content"
	cd "$TMP/content"
	steps=$TMP/out/en/workflows/verify-caller/steps.js
	again() {
		kb publish -q --audience agents --out "$TMP/out" "$@"
	}
	again
	node -e 'globalThis.kbPart = (html) => process.stdout.write(html); require(process.argv[1])' \
		"$steps" | grep -q 'class="kb-step" id="facts"'
	# A change of the page changes them.
	sed -i 's/^## Ask for two facts/## Ask for three facts/' en/workflows/verify-caller.md
	again
	grep -q 'Ask for three facts' "$steps"
	kb publish -q --audience agents --out "$TMP/clean"
	diff -r "$TMP/out" "$TMP/clean"
	# A workflow with errors keeps them; without its document they go.
	cp "$steps" "$TMP/before.js"
	cp "${steps%steps.js}map.js" "$TMP/map.js"
	sed -i 's/(#unusual)/(#nowhere)/' en/workflows/verify-caller.md
	again || [ $? -eq 1 ]
	cmp "$TMP/before.js" "$steps"
	cmp "$TMP/map.js" "${steps%steps.js}map.js"
	grep -q 'verify-caller/"' "$TMP/out/en/workflows/parcel-missing/index.html"
	rm en/workflows/leak.md
	again --allow-broken || [ $? -eq 1 ]
	[ ! -e "$TMP/out/en/workflows/leak/steps.js" ]
}

@test "votes and searches are requests to a file or to an address" {
	local page=public/en/articles/reset-password/index.html
	kb_sample s
	cd s || return
	printf 'statistics: {votes: log, searches: log}\n' >>kb.yaml
	kb publish -q
	[ -f public/stats/vote.txt ]
	[ -f public/stats/search.txt ]
	grep -qF "data-vote=\"../../../stats/vote.txt?document=articles/reset-password&amp;locale=en&amp;audience=public&amp;revision=$(
		git hash-object en/articles/reset-password.md | cut -c1-12)\"" "$page"
	grep -qF 'data-count="../../../stats/search.txt?locale=en&amp;audience=public"' "$page"
	sed -i '/^statistics:/d' kb.yaml
	printf 'statistics: {votes: "https://a.example/v?k=1", searches: "https://b.example/s"}\n' >>kb.yaml
	kb publish -q
	[ ! -e public/stats ]
	grep -qF 'data-vote="https://a.example/v?k=1&amp;document=' "$page"
	grep -qF 'data-count="https://b.example/s?locale=en' "$page"
	grep -qF "connect-src &#39;self&#39; https://a.example https://b.example;" "$page"
	kb publish -q --no-search
	refute grep -qF 'b.example' "$page"
}

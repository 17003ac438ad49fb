# Images and downloads: links to them that are symbolic links, and names.
load helper

setup() {
	kb_setup
	kb init -q site
	cd site || return
	mkdir -p en/articles/img en/shared
	printf 'GIF89a one' >en/shared/one.gif
}

refers_to() { # DESTINATION...
	printf '\n' >>en/articles/reset-password.md
	printf '![A picture](%s)\n' "$@" >>en/articles/reset-password.md
}

published() { # FILE NUMBER
	[ "$(find "$TMP/out/assets" -name "$1" | wc -l)" = "$2" ]
}

@test "an image or download that is a symbolic link is followed, in a revision too" {
	ln -s ../../shared/one.gif en/articles/img/link.gif
	ln -s link.gif en/articles/img/chain.gif
	ln -s ../shared en/articles/folder
	ln -s ../articles/folder en/shared/again
	ln -s . en/shared/loop
	refers_to img/link.gif img/chain.gif folder/one.gif ../shared/again/one.gif \
		../shared/loop/loop/one.gif /en/articles/folder/one.gif
	git init -q && commit 2026-11-20 links
	for rev in "" --rev=HEAD; do
		run kb validate $rev
		assert_status 0
		assert_output_has "No findings"
		rm -rf "$TMP/out"
		kb publish -q --out "$TMP/out" $rev
		published '*.gif' 1
		[ "$(cat "$TMP"/out/assets/*.gif)" = 'GIF89a one' ]
		[ "$(grep -c 'assets/one' "$TMP/out/en/articles/reset-password/index.html")" -ge 1 ]
		[ "$(grep -o '<img' "$TMP/out/en/articles/reset-password/index.html" | wc -l)" = 6 ]
	done
}

@test "a link through a linked folder leads to the document that is there" {
	ln -s ../articles en/reference/same
	printf -- '---\ntitle: Linked\n---\n[x](same/reset-password.md)\n' >en/reference/x.md
	kb validate
	kb publish -q --audience agents --out "$TMP/out"
	grep -q 'href="[./]*en/articles/reset-password/">x<' "$TMP/out/en/reference/x/index.html"
}

@test "a symbolic link that cannot be followed is a finding where it is used" {
	ln -s /etc/hostname en/articles/img/absolute.gif
	ln -s ../../../../out.gif en/articles/img/outside.gif
	printf 'GIF89a secret' >../out.gif
	ln -s circle.gif en/articles/img/circle.gif
	ln -s nothing.gif en/articles/img/dangling.gif
	ln -s ../../.. en/articles/outside
	ln -s ../.. en/articles/root
	ln -s ../../../.git/config en/articles/img/config.gif
	ln -s ../../../.env en/articles/img/env.gif
	ln -s ../../../kb.yaml en/articles/img/settings.gif
	echo 'password=QZX' >.env
	echo .env >.gitignore
	refers_to img/absolute.gif img/outside.gif img/circle.gif img/dangling.gif \
		outside/out.gif root/.git/config img/config.gif img/env.gif img/settings.gif
	git init -q && git config http.extraheader QZXtoken
	commit 2026-11-20 links
	for rev in "" --rev=HEAD; do
		run kb validate $rev
		assert_status 1
		assert_output_has "9 errors"
		[ "$(grep -c '^en/articles/reset-password.md:' <<<"$output")" = 9 ]
		assert_output_has "symbolic link with an absolute target"
		assert_output_has "leads outside the content root"
		assert_output_has "leads to itself"
		assert_output_has "'en/articles/img/nothing.gif', which does not exist"
		run kb publish --allow-broken --clean --out "$TMP/out" $rev
		assert_status 1
		published '*.gif' 0
		[ -z "$(grep -rla 'QZX\|secret' "$TMP/out")" ]
	done
	kb validate >before || true
	kb validate --fix >after || true
	diff before after
}

@test "a symbolic link that Git wrote as text is a finding, not a file" {
	printf ../../shared/one.gif >en/articles/img/link.gif
	printf reset-password.md >en/articles/link.md
	refers_to img/link.gif
	run kb validate
	assert_status 1
	assert_output_has "contains only the path '../../shared/one.gif'"
	assert_output_has "contains only the path 'reset-password.md'"
	assert_output_has "core.symlinks"
	run kb validate --fix
	assert_status 1
	run kb publish --allow-broken --out "$TMP/out"
	published '*.gif' 0
	# A text that happens to name no file is one.
	printf nowhere.gif >en/articles/img/link.gif
	rm en/articles/link.md
	kb validate
}

@test "what would write a dangerous name is an error, and never written" {
	printf -- '---\ntitle: A\naliases: [/.git/refs/heads/x, /.GIT/y, "/.g\\u200cit/z", /con, "/a:b", /.kb-site/x, /EN/articles/Reset-Password, "/x."]\n---\nx\n' >en/articles/a.md
	printf -- '---\ntitle: Con\n---\nx\n' >en/articles/con.md
	printf -- '---\ntitle: Long\nslug: %0300d\n---\nx\n' 1 >en/articles/long.md
	mkdir en/articles/aux
	printf -- '---\ntitle: Aux\n---\nx\n' >en/articles/aux/x.md
	cp en/shared/one.gif en/shared/con.gif
	refers_to ../shared/con.gif
	printf 'redirects:\n  /git~1/x: /en/\n  /nul.txt: /en/\n' >>kb.yaml
	run kb validate
	assert_status 1
	[ "$(grep -c 'address-invalid\]' <<<"$output")" = 12 ]
	[ "$(grep -c 'alias-conflict\]' <<<"$output")" = 1 ]
	run kb publish --allow-broken --out "$TMP/out"
	assert_status 1
	[ -f "$TMP/out/en/articles/a/index.html" ]
	[ -z "$(cd "$TMP/out" && find . | grep -iE '/\.g|/con(/|\.|$)|a:b|x\.$|aux|git~1|nul|00000')" ]
	[ ! -e "$TMP/out/EN" ]
	[ -f "$TMP"/out/assets/file-con.*.gif ]
	[ "$(find "$TMP/out" -name '.*' -not -path "$TMP/out/.kb-site" -not -path "$TMP/out/.kb-documents")" = "" ]
}

@test "a query of the home page's address is a former address, too" {
	printf 'redirects:\n  /?p=12: /en/contact/\n  /?p=13: /en/\n  /old?p=1: /en/\n' >>kb.yaml
	kb validate
	kb publish -q --out "$TMP/out"
	grep -qxF '/ p=12 /en/contact/ 301!' "$TMP/out/_redirects"
	grep -qxF '"/?p=13" "/en/";' "$TMP/out/redirects-query.map"
	# Without a page to win over, there is no '!'.
	grep -qxF '/old p=1 /en/ 301' "$TMP/out/_redirects"
	grep -q . "$TMP/out/index.html"
}

@test "redirects are told apart by their queries" {
	printf 'redirects:\n  /kb.php?id=3: /en/\n  /kb.php?id=4: /en/contact/\n  /kb.php: https://example.org/"$x y\n  /Old: /en/\n  /old: /en/\n' >>kb.yaml
	kb validate
	kb publish -q --out "$TMP/out"
	[ "$(sed -n 1,3p "$TMP/out/_redirects" | tr '\n' ,)" = '/kb.php id=3 /en/ 301!,/kb.php id=4 /en/contact/ 301!,/kb.php https://example.org/%22%24x%20y 301,' ]
	grep -qxF '"/kb.php?id=4" "/en/contact/";' "$TMP/out/redirects-query.map"
	grep -qxF '"/kb.php" "https://example.org/%22%24x%20y";' "$TMP/out/redirects.map"
	[ "$(grep -ci '^"/old"' "$TMP/out/redirects.map")" = 1 ]
	[ "$(grep -c '^/[oO]ld ' "$TMP/out/_redirects")" = 2 ]
	printf '\n[x](/kb.php?id=4)\n' >>en/articles/reset-password.md
	run kb validate
	assert_status 0
}

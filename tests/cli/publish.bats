load helper

setup() {
	kb_setup
	kb init -q site
	cd site || return
}

# Three documents with aliases that end in '*', and what is wrong with such.
prefixes() {
	mkdir -p p/en/articles p/de/articles && cd p || return
	printf 'name: H\nlocales: [en, de]\nbase_url: https://h.example.org/help\nredirects: {/old/*: /en/}\n' >kb.yaml
	document() { # PATH ALIASES, the text on standard input
		printf -- "---\ntitle: $1\naliases: [$2]\n---\n" >"$1" && cat >>"$1"
	}
	document en/articles/a.md '/hc/36001*, /hc/x.y/*, /e/E05*' <<-'END'
		[1](https://h.example.org/help/hc/36001-Reset-it) [2](/hc/360012/foo) [3](/hc/36001-b)
		[4](/hc/x.y) [5](/hc/x.y/z) [6](https://zd.example.com/hc/7-foo) [7](/old/) [8](/e/E05/x) [9](/hc/360014)
	END
	document de/articles/a.md '/e/E05*' <<<Text
	document en/articles/b.md '/hc/360012*, /hc/360013*, /hc/36001-b, "https://zd.example.com/hc/7*"' <<<Text
}

@test "an alias that ends in '*' covers all addresses that begin with what is before it" {
	prefixes
	run kb validate
	assert_status 0
	[ "$(grep -c link-alias <<<"$output")" -eq 8 ] # all but the redirect
	[ "$(grep -c 'the document is now en/articles/a.md' <<<"$output")" -eq 5 ]
	[ "$(grep -c 'the document is now en/articles/b.md' <<<"$output")" -eq 3 ]
	kb publish -q
	grep -o '">[1-9]</a>' public/en/articles/a/index.html | wc -l | grep -qx 9
	[ "$(grep -n '\*' public/_redirects)" = '9:/help/hc/360012* /help/en/articles/b/ 301
10:/help/hc/360013* /help/en/articles/b/ 301
11:/help/hc/36001* /help/en/articles/a/ 301
12:/help/hc/x.y/* /help/en/articles/a/ 301
13:/help/e/E05* /help/de/articles/a/ 302 Language=de
14:/help/e/E05* /help/en/articles/a/ 302 Language=en
15:/help/old/* /help/en/ 301' ] || { cat public/_redirects && false; }
	[ "$(grep '~' public/redirects.map)" = '"~*^/help/hc/360012" "/help/en/articles/b/";
"~*^/help/hc/360013" "/help/en/articles/b/";
"~*^/help/hc/36001" "/help/en/articles/a/";
"~*^/help/hc/x\x2Ey/" "/help/en/articles/a/";
"~*^/help/e/E05" "/help/de/articles/a/";
"~*^/help/old/" "/help/en/";' ]
	grep -q /help/en/articles/a/ public/hc/36001/index.html
	grep -q /help/en/articles/b/ public/hc/36001-b/index.html
	printf '[9](/hc/x.yz)\n' >>en/articles/a.md
	run kb validate
	[ "$(grep -c '^.*error' <<<"$output")" -eq 2 ] # and the sum
}

@test "an alias that ends in '*' must not cover a page" {
	prefixes
	document en/articles/c.md '/en/articles/b*, /*, /en/top*, /ass*, /kb?id=3*, /en/articles/c/*, /d*, /x*y' <<<Text
	run kb validate
	assert_status 1
	for page in 'b*'"' covers the page '/en/articles/b'" '/*'"' covers the page '/'" 'top*'"' covers the page '/en/topics'" \
		'ass*'"' covers the page '/assets'" "3*' has a '*' in its query" 'c/*'"' covers the page '/en/articles/c'" \
		'd*'"' covers the page '/de'" "'/x*y' cannot be served"; do
		assert_output_has "$page"
	done
	kb publish -q --allow-broken || [ $? -eq 1 ]
	refute grep -E '^[^ ]*(/b|help/|top|ass|c/|/d)\*' public/_redirects
}

@test "a publish that is refused writes nothing" {
	kb_sample h
	cd h || return
	printf -- '---\ntitle: New\nunknown: 1\n---\nText\n' >en/articles/new.md
	run kb publish
	assert_status 2
	assert_output_has 'no page from an earlier publish'
	[ ! -e public ]
	mv en/articles/new.md ..
	kb publish -q
	cp -R public "$TMP/before"
	mv ../new.md en/articles
	printf 'statistics: {votes: log}\n' >>kb.yaml
	run kb publish
	assert_status 2
	assert_output_has 'no page from an earlier publish'
	diff -r "$TMP/before" public
}

@test "publish writes a site and prints its address" {
	run kb publish
	assert_status 0
	assert_output_has "Validated 5 documents: 0 errors, 0 warnings."
	assert_output_has "Published for 'public'"
	address=${lines[-1]}
	[ -f "${address#file://}" ]
	[ -f public/en/articles/reset-password/index.html ]
	[ ! -e public/en/workflows ]
}

@test "publish for agents has a folder of its own" {
	run kb publish --audience agents
	assert_status 0
	[ -f public-agents/en/workflows/password-forgotten/index.html ]
	run kb publish --audience agent
	assert_status 2
	assert_output_has "there is no audience 'agent': kb.yaml has public, agents"
}

@test "a second run writes nothing" {
	kb publish -q
	run kb publish
	assert_output_has "Files: 0 written,"
}

@test "--dry-run writes nothing" {
	run kb publish --dry-run --out "$TMP/dry"
	assert_status 0
	assert_output_has "Would publish"
	[ ! -e "$TMP/dry" ]
}

@test "a folder that kb did not write is refused" {
	mkdir "$TMP/mine"
	echo x >"$TMP/mine/file"
	run kb publish --out "$TMP/mine"
	assert_status 2
	[ "$(ls "$TMP/mine")" = file ]
}

@test "a document with errors keeps its last page, and status 1 says so" {
	kb publish -q
	cp public/en/articles/reset-password/index.html before
	sed -i 's/^owner: support/owner: suport/; s/^1\. .*/1. Changed./' \
		en/articles/reset-password.md
	run kb publish
	assert_status 1
	assert_output_has "[person-unknown]"
	assert_output_has "the last published page stays"
	cmp before public/en/articles/reset-password/index.html
	find . -name '*.md' -exec sed -i 's/^owner:/audience: agents\nbroken: [\n&/' {} +
	run kb publish
	assert_status 1
	assert_output_has "Documents: none."
	[ ! -e public/en/articles/reset-password ]
}

# Changes the article so that it has an error, by sed's EDIT of its text, and publishes.
PAGE=public/en/articles/reset-password/index.html
publish_with_error() { # EDIT [WORDS that the page has before]
	git checkout -q -- en && kb publish -q --clean
	grep -q "${2:-}" $PAGE
	sed -i -e 's/^owner: support/owner: suport/' -e "$1" en/articles/reset-password.md
	run kb publish
	assert_status 1
}

@test "a page does not stay when the new text withholds a part of it" {
	git init -q . && git add -A && git commit -qm one
	while IFS='|' read -r edit gone; do
		publish_with_error "$edit" "$gone"
		assert_output_has "1 document with errors: the new text is published"
		grep -q 'Forgot your password' $PAGE
		refute grep -q "$gone" $PAGE
		run kb publish --format json
		assert_output_has '"renewed": 0'
		assert_output_has '"written": 0'
		assert_output_has '"kept": 1'
	done <<-'END'
		s/^If it still/> [!AGENTS]\n> &/|If it still
		s/^If it still/> \\[!AGENTS]\n> &/|If it still
		s/^> \[!TIP]/> [!AGENTS]/|get the email
		s/^{{>/> [!AGENTS]\n> &/|You can reach
		s/^If it.*/<!-- & -->/|If it still
		s/^3\. \(.*\)/3. > [!AGENTS]\n   > \1/|Open our email
	END
}

@test "a page does not stay when a snippet withholds a part of it" {
	SNIPPET=en/snippets/opening-hours.md
	git init -q . && git add -A && git commit -qm one
	for edit in 's/^You/> [!AGENTS]\n> &/' 's/^owner:/audience: agents\nowner:/' \
		's/^owner:/audience: agents\n  owner:/'; do
		publish_with_error 's/x/x/'
		grep -q 'You can reach' $PAGE
		sed -i "$edit" $SNIPPET
		run kb publish
		assert_status 1
		grep -q 'Forgot your password' $PAGE
		refute grep -q 'You can reach' $PAGE
	done
}

# An article in which withheld and public words are close to each other.
rich() {
	printf '<svg xmlns="http://www.w3.org/2000/svg"/>' >en/articles/lamp.svg
	sed -n '/^---$/,/^---$/p' en/articles/reset-password.md >rich
	cat >>rich <<-'END'
		Don't **wait** for *the* bank.

		14 days

		Is it? Yes or no.

		![A lamp](lamp.svg)

		![A green lamp blinks](lamp.svg)

		<img src="lamp.svg" alt="A raw red lamp">

		```dot How the money flows
		digraph { a [label="Home"] b [label="The customer"] a -> b }
		```

		Ask {{support.hours}}, or {{support.email}}.

		{{> contact}}

		{{> opening-hours}}

		> [!AGENTS]
		> Reset your password with the customer, open the e-mail that we send you, see
		> Forgotten password
		> and so on, do not wait for *the* bank.
		>
		> {{support.hours}}
		>
		> opening-hours
	END
	sed 's/^title: .*/title: Contact/; s/reach/call/' en/snippets/opening-hours.md >en/snippets/contact.md
	mv rich en/articles/reset-password.md
	printf '1. Call me now\n2. Wait\n' >>en/replies/reset-link.md
	git init -q . && git add -A && git commit -qm one
}

@test "a page stays when what the text withholds was not on it, or is still shown" {
	rich
	publish_with_error 's/^14/&/'
	assert_output_has "1 document with errors: the last published page stays"
	publish_with_error 's/^14 days/15 days/; s/^Is it?/& Yes!/'
	assert_output_has "1 document with errors: the last published page stays"
	grep -q '14 days' $PAGE
	git checkout -q en && kb publish -q --audience agents
	sed -i 's/^owner: support/owner: suport/' en/*/*.md
	run kb publish --audience agents
	assert_output_has "4 documents with errors: their last published pages stay"
	[[ $output != *"new text"* ]]
}

@test "short blocks, alternative texts, drawings and values count as words of a page" {
	rich
	for edit in 's/^Don/> [!AGENTS]\n> &/' 's/^14/> [!AGENTS]\n> &/' 's/^!.*blinks.*/> [!AGENTS]\n> &/' \
		's/^Ask/> [!AGENTS]\n> &/' '/^```/,/^```/ { s/^/> /; s/^> ```dot/> [!AGENTS]\n&/ }'; do
		publish_with_error "$edit"
		assert_output_has "1 document with errors: the new text is published" || { echo "$edit" && false; }
	done
}

@test "a new document with errors stops publishing, unless --allow-broken" {
	kb new article x -t X --owner support >/dev/null
	sed -i 's/owner: support/owner: nobody/; /status: draft/d' en/articles/x.md
	run kb publish
	assert_status 2
	[ ! -e public/index.html ]
	run kb publish --allow-broken
	assert_status 1
	[ -f public/index.html ]
}

@test "an unknown locale is refused" {
	run kb publish --locale fr
	assert_status 2
	assert_output_has "kb.yaml has no locale 'fr'"
}

@test "a site without a document is refused, and the former one stays" {
	kb publish -q
	mkdir "$TMP/elsewhere"
	run kb publish -C "$TMP/elsewhere" --config "$PWD/kb.yaml" --out "$PWD/public"
	assert_status 2
	assert_output_has "no file in $TMP/elsewhere matches 'content' in kb.yaml"
	[ -f public/en/articles/reset-password/index.html ]
}

@test "--eject-theme writes the theme once" {
	run kb publish --eject-theme
	assert_status 0
	[ -f theme/style.css ]
	echo 'body { color: red }' >theme/style.css
	run kb publish --eject-theme
	assert_status 2
	grep -q red theme/style.css
}

@test "a shallow clone: dates that cannot be known are left out, and a note says why" {

	git init -q . && git add -A && git commit -qm one
	echo >>en/articles/reset-password.md && git commit -qam two
	git clone -q --depth 1 "file://$PWD" ../shallow
	cd ../shallow
	run kb publish
	assert_status 0
	assert_output_has "fetch-depth: 0"
	refute grep -q 'Last updated' public/en/articles/reset-password/index.html
}

@test "the summary says what was left out, and why" {
	kb new article care/descale -t Descale --owner support
	kb new article b -t B --owner support
	sed -i 's/^status: draft/status: review/' en/articles/b.md
	kb new article c -t C --owner support
	sed -i 's/^status: draft/publish_at: 2027-01-01/' en/articles/c.md
	kb new article d -t D --owner support
	sed -i 's/^status: draft/expires_at: 2026-11-24/' en/articles/d.md
	kb new article e -t E --owner support
	sed -i 's/^status: draft/expires_at: 2026-11-24/' en/articles/e.md
	run kb publish
	assert_status 0
	assert_output_has "Left out: 1 draft (en/articles/care/descale.md), 1 in review (en/articles/b.md), 1 before its publish_at (en/articles/c.md), 2 after their expires_at (such as en/articles/d.md)."
	run kb publish --drafts
	assert_output_has "Left out: 1 before its publish_at (en/articles/c.md), 2 after"
}

@test "what is not for the audience, or not written, is not said to be left out" {
	run kb publish
	[[ $output != *"Left out"* ]]
	kb new reply r -t R --owner support -i account
	run kb publish
	[[ $output != *"Left out"* ]]
	run kb publish --audience agents
	assert_output_has "Left out: 1 draft (en/replies/r.md)."
}

@test "--base-url must be a site's address" {
	for url in foo https:// http:///x ftp://x.org 'https://x.org/?a'; do
		run kb publish --base-url "$url"
		assert_status 2
		assert_output_has "'$url' is not the address of a site"
	done
	[ ! -e public ]
	kb publish -q --base-url http://localhost:8000/help/
}

@test "a configuration that is not there is named" {
	run kb publish --config nope.yaml
	assert_status 2
	assert_output_has "there is no file 'nope.yaml' for --config"
}

@test "with one locale the first page leads straight to it" {
	kb publish -q --base-url https://help.example.org
	grep -q 'http-equiv="refresh" content="0; url=./en/index.html"' public/index.html
	grep -q '<a class="kb-button kb-primary" href="./en/index.html">' public/index.html
	grep -q 'rel="canonical" href="https://help.example.org/en/"' public/index.html
	[ "$(grep -c 'has moved' public/index.html)" = 0 ]
	[ "$(grep -c '<loc>https://help.example.org/</loc>' public/sitemap*.xml)" = 0 ]
	printf '  - code: de\n' >more
	sed -i '/- code: en/r more' kb.yaml
	kb publish -q
	[ "$(grep -c 'http-equiv="refresh"' public/index.html)" = 0 ]
	grep -q 'href="./de/"' public/index.html
}

@test "images are published without metadata, under the hash of what is published" {
	mkdir -p en/articles/img
	printf '\xff\xd8\xff\xe1\0\x2cExif\0\0MM\0*\0\0\0\10\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0QZXgps 48.1\xff\xfe\0\14QZXcomment\xff\xda\0\2pixels\xff\xd9QZXvideo' \
		>en/articles/img/photo.jpg
	printf '\n![The screen](img/photo.jpg) and [the same](img/photo.jpg)\n' \
		>>en/articles/reset-password.md
	kb publish -q --out "$TMP/out"
	[ "$(grep -rla QZX "$TMP/out" | wc -l)" = 0 ]
	photo=$(find "$TMP/out/assets" -name 'photo.*.jpg')
	hash=$(git hash-object "$photo")
	[ "$(basename "$photo")" = "photo.${hash:0:10}.jpg" ]
	[ "$(LC_ALL=C grep -aco 'Exif.*pixels' "$photo")" = 1 ]
	grep -q 'img src="[./]*assets/photo' "$TMP/out/en/articles/reset-password/index.html"
}

@test "a damaged image is an error where it is used, and not published" {
	printf 'GIF89a\1\0\1\0\0\0\0 no blocks QZXmark' >en/articles/torn.gif
	printf '\n![The screen](torn.gif)\n' >>en/articles/reset-password.md
	run kb validate
	assert_status 1
	assert_output_has "'torn.gif' is not published: the file is not a valid GIF image"
	run kb publish --allow-broken --out "$TMP/out"
	assert_status 1
	assert_output_has "[image-damaged]"
	[[ $output != *"[file-read]"* ]]
	[ -f "$TMP/out/en/articles/reset-password/index.html" ]
	[ "$(grep -rla QZX "$TMP/out" | wc -l)" = 0 ]
}

@test "no alias is written beside a file of kb's own, whatever the letter case" {
	sed -i '2i aliases: [/Sitemap.xml, /ASSETS/old.css, /Stats/x]' en/articles/reset-password.md
	run kb publish --allow-broken --out "$TMP/out"
	assert_status 1
	assert_output_has "the alias '/Sitemap.xml' is the address of a page that kb creates, except for upper and lower case"
	[ "$(find "$TMP/out" -iname 'sitemap*' -o -iname assets -o -iname stats | sort)" = "$TMP/out/assets
$TMP/out/sitemap.xml" ]
	run grep -si 'sitemap\|assets\|stats' "$TMP/out/_redirects"
	[ -z "$output" ]
}

@test "a Git LFS pointer is never published, from a revision neither" {
	mkdir -p en/articles/img
	printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 6\n' 7 |
		tee en/articles/img/tank.png >en/articles/pointer.md
	printf '\n![The tank](img/tank.png)\n' >>en/articles/reset-password.md
	git init -q && commit 2026-11-20 pointers
	for rev in "" --rev=HEAD; do
		run kb validate $rev
		assert_status 1
		assert_output_has "run 'git lfs pull' [lfs-pointer]"
		assert_output_has "'lfs: true'"
		assert_output_has "2 errors"
		run kb publish --allow-broken --clean --out "$TMP/out" $rev
		assert_status 1
		[ -z "$(grep -rla 'oid sha256' "$TMP/out")" ]
	done
	# What Git LFS fetched is taken.
	mkdir -p .git/lfs/objects/00/00
	printf 'GIF89a' >".git/lfs/objects/00/00/$(printf %064d 7)"
	rm en/articles/pointer.md && commit 2026-11-20 less
	kb validate --rev HEAD
	kb publish -q --rev HEAD --out "$TMP/out"
	[ "$(cat "$TMP"/out/assets/tank.*.png)" = GIF89a ]
	rm -r .git/lfs
	git show HEAD:en/articles/img/tank.png >kb.yaml
	run kb validate
	assert_status 2
	assert_output_has "git lfs pull"
}

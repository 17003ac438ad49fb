# Publishing whole or not at all: --atomic, two runs at once, readers in between, kills.
load helper

setup() {
	kb_setup
	kb_fault
	kb init -q site
	cd site || return
}

inode() {
	stat -c %i "$1"
}

edit() { # TEXT
	sed -i "s/^1\. .*/1. $1/" en/articles/reset-password.md
}

# The site is what a clean build makes, and nothing is left beside it.
assert_site_is_clean() {
	kb publish -q --out "$TMP/clean" --clean
	diff -r "$TMP/clean" public
	[ ! -e public/.kb-tmp ]
	[ "$(find . -maxdepth 1 -name '.public*')" = "" ]
}

# Runs kb with a fault, as tests/tools/fault.c reads it.
faulty() { # FAULT OPTION...
	KB_FAULT=$1 KB_FAULT_BELOW=$PWD KB_FAULT_TRACE=$TMP/trace LD_PRELOAD=$FAULT "$KB" "${@:2}"
}

# Until a run in the background is at its fault.
wait_for_fault() {
	until grep -qs '^!' "$TMP/trace"; do sleep 0.05; done
	rm "$TMP/trace"
}

@test "--atomic makes the same site, and links what did not change" {
	kb publish -q --atomic
	assert_site_is_clean
	page=public/en/articles/reset-password/index.html
	before=$(inode public) style=$(inode public/assets/style.*) old=$(inode $page)
	touch -d 2020-01-01 public/assets/style.*
	edit "Changed."
	kb publish -q --atomic
	assert_site_is_clean
	[ "$(inode public)" != "$before" ]
	[ "$(inode public/assets/style.*)" = "$style" ]
	[ "$(stat -c %y public/assets/style.*)" = "$(date -d 2020-01-01 '+%F %T.%N %z')" ]
	[ "$(inode $page)" != "$old" ]
	before=$(inode public)
	run kb publish --atomic
	assert_output_has "Files: 0 written,"
	[ "$(inode public)" = "$before" ]
}

@test "--atomic --clean links nothing" {
	kb publish -q --atomic
	style=$(inode public/assets/style.*)
	kb publish -q --atomic --clean
	[ "$(inode public/assets/style.*)" != "$style" ]
	assert_site_is_clean
}

@test "--atomic keeps what others put into the folder" {
	kb publish -q --atomic
	mkdir -m 700 -p public/.well-known/acme public/empty public/en/articles/mine
	chmod 750 public/.well-known public
	echo token >public/.well-known/acme/token
	echo help.example.org >public/CNAME
	echo note >public/en/articles/mine/note.txt
	ln -s ../elsewhere public/link
	cp -a public "$TMP/before"
	edit "Changed."
	kb publish -q --atomic
	[ "$(cat public/.well-known/acme/token)" = token ]
	[ "$(stat -c %a public)" = 750 ]
	[ "$(stat -c %a public/.well-known)" = 750 ]
	[ "$(stat -c %a public/.well-known/acme)" = 700 ]
	[ "$(readlink public/link)" = ../elsewhere ]
	[ -d public/empty ]
	run diff -rq --no-dereference -x search -x api -x "*.md" "$TMP/before" public
	[ "${#lines[@]}" -le 4 ] # the list and the pages that show the text
	refute grep -q "Only in" <<<"$output"
	rm -r public/.well-known public/empty public/en/articles/mine public/CNAME public/link
	chmod 755 public
	assert_site_is_clean
}

@test "--atomic follows a link to the folder and leaves the link alone" {
	mkdir -p "$TMP/srv/help"
	ln -s "$TMP/srv/help" public
	kb publish -q --atomic
	edit "Changed."
	kb publish -q --atomic
	[ "$(readlink public)" = "$TMP/srv/help" ]
	[ "$(ls -A "$TMP/srv")" = help ]
	assert_site_is_clean
}

@test "--atomic refuses a file of others in the place of a page, and changes nothing" {
	kb publish -q --atomic
	sed 's/^id: .*/id: articles\/new/; s/^title: .*/title: New/' en/articles/reset-password.md \
		>en/articles/new.md
	mkdir -p public/en/articles/new
	echo mine >public/en/articles/new/index.html
	cp -r public "$TMP/before"
	for mode in --atomic -q; do
		run kb publish $mode
		assert_status 2
		assert_output_has "public/en/articles/new/index.html: there is something that kb did not make; move it away"
		diff -r -x .kb-site "$TMP/before" public
		[ "$(find . -maxdepth 1 -name '.public*')" = "" ]
	done
}

@test "--atomic says what to do when a file of kb's is gone" {
	kb publish -q
	rm public/robots.txt
	edit "Changed."
	run kb publish --atomic
	assert_status 2
	assert_output_has "somebody removed "
	assert_output_has "public/robots.txt, which kb wrote; publish with --clean"
	kb publish -q --atomic --clean
	assert_site_is_clean
}

@test "a run that fails leaves the site as it is" {
	kb publish -q
	list=$(inode public/.kb-site)
	cp -a public "$TMP/before"
	edit "Changed."
	printf -- '---\ntitle: [\n---\nText.\n' >en/articles/broken.md
	for mode in --atomic -q; do
		run kb publish $mode
		assert_status 2
		diff -r "$TMP/before" public
		[ "$(inode public/.kb-site)" = "$list" ]
		[ "$(find . -maxdepth 1 -name '.public*')" = "" ]
	done
}

@test "what a run that was killed left beside the folder goes, what is not kb's stays" {
	kb publish -q
	cp -r public .public.kb-new
	mkdir .public.kb-old
	kb publish -q
	assert_site_is_clean
	mkdir .public.kb-new
	echo mine >.public.kb-new/mine
	edit "Changed."
	kb publish -q # has no use for it
	[ -f .public.kb-new/mine ]
	edit "Changed again."
	run kb publish --atomic
	assert_status 2
	assert_output_has ".public.kb-new"
	[ -f .public.kb-new/mine ]
	rm -r .public.kb-new
	kb publish -q --atomic
	assert_site_is_clean
}

@test "a site that a kill left under its old name comes back" {
	kb publish -q
	sed -i 's/^title: .*/title: A:  b/' en/articles/reset-password.md
	mv public .public.kb-old
	run kb publish -q --dry-run --allow-broken
	[ ! -e public ]
	run kb publish --atomic
	assert_status 1 # the page of the document with errors stays
	[ -f public/en/articles/reset-password/index.html ]
	[ "$(find . -maxdepth 1 -name '.public*')" = "" ]
}

@test "a folder that is a mount point is refused" {
	mkdir public
	run unshare -rm sh -c "mount -t tmpfs none public && '$KB' publish --atomic"
	[[ $output != *unshare* && $output != *mount:* ]] || skip "no mounts here"
	assert_status 2
	assert_output_has "public is a mount point"
	assert_output_has "publish without --atomic"
}

@test "of two runs at once the second refuses, whatever their modes" {
	for first in --atomic -q; do
		for second in --atomic -q; do
			rm -rf public
			kb publish -q
			edit "Changed $first $second."
			faulty exchange:1:sleep publish -q $first &
			wait_for_fault
			run kb publish $second
			assert_status 2
			assert_output_has "another run of kb is publishing to "
			wait $!
			assert_site_is_clean
		done
	done
}

@test "a run that opened the folder before it was switched goes on with the new one" {
	for mode in --atomic -q; do
		rm -rf public
		kb publish -q
		edit "Changed $mode."
		faulty flock:1:sleep publish -q $mode &
		wait_for_fault
		kb publish -q --atomic
		echo help.example.org >public/CNAME
		wait $!
		[ "$(cat public/CNAME)" = help.example.org ]
		edit "Changed again."
		kb publish -q
		rm public/CNAME
		assert_site_is_clean
	done
}

@test "without links and exchanges it still makes the same site" {
	kb publish -q --atomic
	for fault in link:0:EPERM exchange:0:EINVAL; do
		touch -d 2020-01-01 public/robots.txt
		echo CNAME >public/CNAME
		chmod 600 public/CNAME
		edit "Changed $fault."
		faulty $fault publish -q --atomic
		[ "$(stat -c %y public/robots.txt)" = "$(date -d 2020-01-01 '+%F %T.%N %z')" ]
		[ "$(stat -c %a public/CNAME)" = 600 ]
		rm public/CNAME
		assert_site_is_clean
	done
	edit "Changed once more."
	faulty exchange:0:EINVAL publish -q
	assert_site_is_clean
}

@test "what others put into the folder just before the switch comes along" {
	kb publish -q
	edit "Changed."
	faulty exchange:1:sleep publish -q --atomic &
	wait_for_fault
	mkdir -p public/.well-known
	echo token >public/.well-known/token
	wait $!
	[ "$(cat public/.well-known/token)" = token ]
	rm -r public/.well-known
	assert_site_is_clean
}

@test "a switch that cannot be completed is taken back" {
	kb publish -q
	cp -r public "$TMP/before"
	before=$(inode public)
	edit "Changed."
	for more in KB_FAULT= KB_FAULT_NO_EXCHANGE=1; do
		export "${more?}"
		run faulty sync:2:EIO publish -q --atomic # of the folder above
		assert_status 2
		assert_output_has "cannot write next to"
		diff -r "$TMP/before" public
		[ "$(inode public)" = "$before" ]
		[ "$(find . -maxdepth 1 -name '.public*')" = "" ]
	done
	unset KB_FAULT KB_FAULT_NO_EXCHANGE
	kb publish -q
	assert_site_is_clean
}

@test "new files come before the pages that lead to them, and removals last" {
	kb publish -q
	edit "Changed."
	cp en/articles/reset-password.md en/articles/new.md
	sed -i 's/^title: .*/title: New/; /^id:/d' en/articles/new.md
	run faulty exchange:2:kill publish -q # the first is that of the list
	[ -e public/en/articles/new/index.html ]
	refute grep -q "Changed" public/en/articles/reset-password/index.html
	kb publish -q
	assert_site_is_clean
	rm en/articles/new.md
	edit "Changed again."
	run faulty exchange:2:kill publish -q
	[ -e public/en/articles/new/index.html ]
	kb publish -q
	assert_site_is_clean
}

@test "readers never see a cut file, nor with --atomic two sites mixed" {
	for mode in --atomic -q; do
		kb publish -q $mode
		python3 "$BATS_TEST_DIRNAME/../tools/read_site.py" public \
			en/articles/reset-password/index.html \
			en/topics/account.password/index.html $mode &
		reader=$!
		for i in $(seq 12); do
			edit "Changed $i."
			sed -i "s/^title: .*/title: Title $i/" en/articles/reset-password.md
			kb publish -q $mode
		done
		touch stop
		wait $reader
		rm stop
	done
}

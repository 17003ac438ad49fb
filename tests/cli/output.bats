# What the output folder may hold besides kb's own files, and what a disk may do.
load helper

setup() {
	kb_setup
	kb_sample site
	mkdir elsewhere
}

teardown() {
	if mountpoint -q "$TMP/work/disk" 2>/dev/null; then umount "$TMP/work/disk"; fi
}

publish() { # OUT OPTION...
	local out=$1
	shift
	kb publish -C site -q --out "$PWD/$out" "$@"
}

@test "what others put into the folder stays" {
	publish out
	mkdir -p out/en/articles/mine out/.well-known
	echo help.example.com >out/CNAME
	echo mine | tee out/en/articles/mine/index.html out/.well-known/security.txt >/dev/null
	rm site/en/articles/reset-password.md
	printf -- '---\ntitle: Other\nowner: support\n---\nText\n' >site/en/articles/other.md
	sed -i '/reset-password/d' site/en/*/*.md
	publish out --allow-broken || [ $? -eq 1 ]
	[ ! -e out/en/articles/reset-password ]
	[ "$(cat out/CNAME)" = help.example.com ]
	[ "$(cat out/en/articles/mine/index.html)" = mine ]
	[ -f out/.well-known/security.txt ]
}

@test "a page where another's file stands is refused, and the file stays" {
	publish out
	printf -- '---\ntitle: Other\nowner: support\n---\nText\n' >site/en/articles/other.md
	mkdir -p out/en/articles/other
	echo mine >out/en/articles/other/index.html
	run publish out
	assert_status 2
	assert_output_has other/index.html
	[ "$(cat out/en/articles/other/index.html)" = mine ]
}

@test "symbolic links in the folder are not followed" {
	publish out
	echo precious >elsewhere/index.html
	mv out/en/articles elsewhere/articles
	ln -s "$PWD/elsewhere/articles" out/en/articles
	ln -sf "$PWD/elsewhere/index.html" out/index.html
	cp -a elsewhere before
	printf -- '---\ntitle: Other\nowner: support\n---\nText\n' >site/en/articles/other.md
	run publish out --clean
	diff -r before elsewhere
	rm out/en/articles out/index.html
	publish out
	publish clean
	diff -r clean out
}

# A file system of two megabytes, full but for a little.
@test "a full disk ends it with status 2, and each file is the old one or the new one" {
	mkdir disk
	mount -t tmpfs -o size=2m tmpfs disk 2>/dev/null || skip "no file system can be mounted here"
	publish disk/out
	cp -a disk/out old
	for n in $(seq 60); do
		printf -- '---\ntitle: More %s\nowner: support\n---\nText\n' "$n" >"site/en/articles/m$n.md"
	done
	cat /dev/zero >disk/filler 2>/dev/null || truncate -s -65536 disk/filler
	run publish disk/out
	assert_status 2
	assert_output_has "No space left on device"
	publish new
	(cd disk/out && find . -type f ! -name '.kb-*' ! -path './.kb-*') | while read -r file; do
		cmp -s "disk/out/$file" "old/$file" || cmp "disk/out/$file" "new/$file"
	done
	rm disk/filler
	publish disk/out
	diff -r new disk/out
}

@test "a folder that cannot be written ends it with status 2" {
	mkdir disk
	mount -t tmpfs -o ro tmpfs disk 2>/dev/null || skip "no file system can be mounted here"
	run publish disk/out
	assert_status 2
	assert_output_has disk/out
	echo x >file
	run publish file
	assert_status 2
	[ "$(cat file)" = x ]
}

@test "the list tells what pages are made from, although no page changed" {
	publish out
	echo 'limits: {snippet_depth: 7}' >>site/kb.yaml
	publish out
	publish new
	cmp new/.kb-site out/.kb-site
}

# The picture that shows where a link to the site leads.
load helper
bats_require_minimum_version 1.5.0

setup() {
	kb_setup
	mkdir -p en/articles ja/articles
	cat >kb.yaml <<-'END'
		name: {en: 'Kávé & <Mühle> "ő" \n', ja: 株式会社山田珈琲}
		description: Help with machines.
		locales: [en, ja]
		base_url: https://h.example/help
	END
	printf 'a: {name: A}\n' >people.yaml
	printf -- '---\ntitle: A\nowner: a\n---\nText.\n' >en/articles/a.md
}

image_of() { # FILE
	sed -n 's,^<meta property="og:image" content="https://h.example/help/\(.*\)">$,\1,p' "$1"
}

size_of() { # PNG
	od -An -tu1 -j16 -N8 "$1" | awk '{ print $3 * 256 + $4, $7 * 256 + $8 }'
}

@test "each page names the picture of its locale, with its size and what it shows" {
	kb publish -q
	for page in en/index.html en/articles/a/index.html ja/index.html 404.html; do
		image=$(image_of "public/$page")
		[ "$(size_of "public/$image")" = '1200 630' ]
		grep -qF '<meta property="og:image:width" content="1200">' "public/$page"
		grep -qF '<meta property="og:image:height" content="630">' "public/$page"
	done
	grep -qF '<meta property="og:image:alt" content="株式会社山田珈琲">' public/ja/index.html
	[ "$(image_of public/en/index.html)" = "$(image_of public/en/articles/a/index.html)" ]
	[ "$(image_of public/en/index.html)" != "$(image_of public/ja/index.html)" ]
	# An unknown host has no picture.
	kb publish -q --audience agents
	[ -z "$(image_of public-agents/en/index.html)" ]
	[ -z "$(find public-agents -name 'preview*')" ]
}

@test "it is drawn once, and the same each time" {
	git init -q
	echo "/public*" >.gitignore
	git add -A
	git commit -qm x
	kb publish -q
	kb publish --format json >"$TMP/second"
	[ "$(jq .written "$TMP/second")" = 0 ]
	kb publish -q --clean --out "$TMP/clean"
	diff -r public "$TMP/clean"
	before=$(image_of public/en/index.html)
	sed -i 's/machines/mills/' kb.yaml
	kb publish -q
	[ "$before" != "$(image_of public/en/index.html)" ]
	[ ! -e "public/$before" ]
	kb publish -q --clean --out "$TMP/clean"
	diff -r public "$TMP/clean"
}

@test "it has the brand's color, and letters of any script" {
	for script in ja hu; do
		[ -n "$(fc-list ":lang=$script")" ] || skip "no font for $script: tools/install-deps test"
	done
	kb publish -q
	cp "public/$(image_of public/en/index.html)" "$TMP/plain.png"
	mkdir theme
	printf ':root { --kb-accent: #fa0; }\n' >theme/brand.css
	kb publish -q
	python3 - "$TMP/plain.png" "public/$(image_of public/en/index.html)" <<-'END'
		import sys, zlib
		def corner(name):  # the last pixel of the first row, which has no filter that matters
		    data, at, idat = open(name, 'rb').read(), 8, b''
		    while at < len(data):
		        n = int.from_bytes(data[at:at + 4], 'big')
		        if data[at + 4:at + 8] == b'IDAT':
		            idat += data[at + 8:at + 8 + n]
		        at += n + 12
		    row = zlib.decompress(idat)[:1 + 1200 * 3]
		    assert row[0] in (0, 1), row[0]
		    if row[0] == 0:
		        return tuple(row[-3:])
		    return tuple(sum(row[1 + c::3]) % 256 for c in range(3))
		assert corner(sys.argv[1]) == (6, 63, 68), corner(sys.argv[1])
		assert corner(sys.argv[2]) == (108, 72, 0), corner(sys.argv[2])
	END
}

@test "a long text is cut, whatever is in it" {
	python3 - <<-'END'
		text = open('kb.yaml').read()
		for old, new in (('Help with machines.', '\u200b' * 200000), ('株式会社山田珈琲', '山' * 3000)):
		    text = text.replace(old, new)
		open('kb.yaml', 'w').write(text)
	END
	timeout 100 "$KB" publish
	[ "$(size_of "public/$(image_of public/ja/index.html)")" = '1200 630' ]
	[ "$(size_of "public/$(image_of public/en/index.html)")" = '1200 630' ]
}

@test "what cannot be drawn is reported, and drawn by the next run" {
	if ldd "$KB" | grep -q 'lib[at]san'; then
		skip "a sanitizer must be loaded first"
	fi
	cat >"$TMP/no.c" <<-'END'
		#define _GNU_SOURCE
		#include <dlfcn.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <sys/stat.h>
		#include <unistd.h>
		void *dlopen(const char *file, int mode)
		{
			void *(*real)(const char *, int) = (void *(*)(const char *, int))dlsym(RTLD_NEXT, "dlopen");
			char folder[400];
			if (!file || !strstr(file, "pango"))
				return real(file, mode);
			snprintf(folder, sizeof(folder), "%s/tried.%d", getenv("TMP"), getpid());
			mkdir(folder, 0700);
			return 0;
		}
	END
	gcc -shared -fPIC -o "$TMP/no.so" "$TMP/no.c" -ldl
	for i in 1 2; do
		LD_PRELOAD=$TMP/no.so TMP=$TMP run kb publish
		assert_status 0
		[ "$(find "$TMP" -name 'tried.*' | wc -l)" = "$i" ]
		assert_output_has "links to the site have no picture: "
		[ -z "$(image_of public/en/index.html)" ]
	done
	run kb publish
	[[ $output != *picture* ]]
	[ "$(size_of "public/$(image_of public/en/index.html)")" = '1200 630' ]
}

@test "a machine without fonts for its letters draws no boxes" {
	echo '<fontconfig></fontconfig>' >"$TMP/none.conf"
	for _ in 1 2; do
		FONTCONFIG_FILE=$TMP/none.conf run -0 kb publish
		assert_output_has "links to the site have no picture: no installed font has all of its letters: install one, such as fonts-noto-core or fonts-noto-cjk"
		[ -z "$(find public -name 'preview*')" ]
		[ -z "$(image_of public/en/index.html)" ]
	done
	run -0 kb publish
	[[ $output != *picture* ]]
	[ -n "$(image_of public/en/index.html)" ]
	# Of two locales, one has letters that no font has.
	sed -i 's/株式会社山田珈琲/Caf\xf3\xb0\x80\x81/' kb.yaml
	run -0 kb publish --clean
	assert_output_has 'no installed font has all of its letters'
	[ -z "$(image_of public/ja/index.html)" ]
	[ -n "$(image_of public/en/index.html)" ]
}

# Publishes with the name NAME, and prints a hash of what its picture shows.
pixels_of() { # NAME
	jq -n --arg name "$1" '{name: $name, description: "x", locales: ["en"], base_url: "https://h.example"}' >kb.yaml
	kb publish -q --out "$TMP/site"
	sha256sum <"$(find "$TMP/site" -name 'preview*.png')"
}

@test "the name is shown as it is written" {
	rm -r ja
	# Of these, Graphviz would make the name of a node, and so on.
	[ "$(pixels_of 'A\N')" != "$(pixels_of 'Aa')" ]
	[ "$(pixels_of 'A\G')" != "$(pixels_of 'A%3')" ]
	[ "$(pixels_of 'A\T\H')" != "$(pixels_of 'A\\T\\H')" ]
	[ "$(pixels_of 'A\\\\N')" != "$(pixels_of 'A\\N')" ]
	[ "$(pixels_of $'Two\nlines')" = "$(pixels_of 'Two lines')" ]
	[ "$(pixels_of $'Two\n\n\tlines ')" = "$(pixels_of 'Two lines')" ]
}

@test "a picture needs little memory, however many threads read fonts" {
	[[ ${BUILD:-} != *sanitize* ]] || skip "sanitizers reserve terabytes of addresses"
	(ulimit -v 130000; kb publish -j1 >said 2>&1)
	refute grep -q picture said
	[ -n "$(image_of public/en/index.html)" ]
}

@test "the repository's own picture takes its place" {
	mkdir theme
	python3 - >theme/preview.png <<-'END'
		import sys, zlib
		def chunk(name, data):
		    body = name + data
		    return len(data).to_bytes(4, 'big') + body + zlib.crc32(body).to_bytes(4, 'big')
		head = (900).to_bytes(4, 'big') + (450).to_bytes(4, 'big') + bytes([8, 0, 0, 0, 0])
		sys.stdout.buffer.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(b'tEXt', b'Author\0Eve') +
		    chunk(b'IDAT', zlib.compress(bytes(901) * 450)) + chunk(b'IEND', b''))
	END
	kb publish -q
	image=$(image_of public/ja/index.html)
	[ "$(size_of "public/$image")" = '900 450' ]
	[ "$(grep -c Eve "public/$image")" = 0 ]
	grep -qF '<meta property="og:image:width" content="900">' public/ja/index.html
	grep -qF '<meta property="og:image:height" content="450">' public/ja/index.html
	run kb validate
	[[ $output != *preview* ]]
	head -c 100 theme/preview.png >"$TMP/cut.png"
	cp "$TMP/cut.png" theme/preview.png
	run -2 kb publish -q --out "$TMP/other"
	assert_output_has 'kb: theme/preview.png: it is damaged or cut short'
	run -1 kb validate
	assert_output_has 'theme/preview.png:1:1: error: the picture for links to the site cannot be used: it is damaged or cut short [image-damaged]'
	printf 'GIF89a\n' >theme/preview.png
	run -1 kb validate
	assert_output_has 'cannot be used: it is not a PNG picture [image-damaged]'
	run kb publish -q --out "$TMP/other"
	assert_status 2
	assert_output_has 'kb: theme/preview.png: it is not a PNG picture'
}

# A repository of everything that is bad: each file gets its finding, none takes long or
# much memory, and what is good is published all the same.
load helper

times() { # TEXT N
	awk -v s="$1" -v n="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", s }'
}

# A document of the file's name, with standard input as its text.
doc() { # NAME
	{ printf -- '---\ntitle: Bad\n---\n'; cat; } >"site/en/articles/$1"
}

# A document with standard input as its front matter.
front() { # NAME
	{ printf -- '---\n'; cat; printf -- '---\nText\n'; } >"site/en/articles/$1"
}

bomb() {
	echo 'title: Bomb'
	echo 'a: &a [x, x, x, x, x, x, x, x, x]'
	for pair in a:b b:c c:d d:e e:f f:g g:h h:i; do
		from=${pair%:*} to=${pair#*:}
		echo "$to: &$to [$(times "*$from, " 9)x]"
	done
	echo 'tags: *i'
}

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR kb_setup
	cd "$BATS_FILE_TMPDIR" || return
	mkdir -p site/en/articles
	cd site || return
	cat >kb.yaml <<-END
		name: Hostile
		locales: [{code: en}]
		content:
		  - path: "{locale}/articles"
		    type: article
		    defaults: {owner: anna}
	END
	echo 'anna: {name: Anna}' >people.yaml
	cd .. || return
	doc good.md <<<'A good article, and [another](good-2.md).'
	doc good-2.md <<<'Another good article.'
	bomb | front bomb.md
	{ echo 'title: Deep'; echo "tags: $(times '[' 10000)$(times ']' 10000)"; } | front deep-yaml.md
	{ echo "a: $(times '[status:,' 20000)"; times $'\n' 60000; } | front keys-in-brackets.md
	{ times '- ' 10000; echo x; } | doc deep-list.md
	{ times '> ' 10000; echo x; } | doc deep-quote.md
	{ times '<div>' 10000; echo x; } | doc deep-html.md
	{ times '<b>' 10000; echo x; } | doc deep-inline.md
	{ times '<svg><math>' 40000; echo x; } | doc unclosed-code.md
	{ times '[' 10000; echo x; } | doc deep-link.md
	{ times '**a ' 10000; echo x; } | doc deep-strong.md
	{ times '|a' 10000; echo '|'; times '|-' 10000; echo '|'; times '|b' 10000; echo '|'; } | doc wide-table.md
	{ times '|a' 4500; echo; times '|-' 4500; echo; times $'|\n' 4500; } | doc short-rows.md
	{ echo "[a]: /$(times x 4000)"; echo; times '[a] ' 29000; } | doc references.md
	times '[a]: <b' 20000 | doc definitions.md
	{ times 'word ' 4000000; echo; } | doc large.md
	printf 'before\0after\n' | doc nul.md
	printf 'before \xff\xfe\xc0\xaf after\n' | doc invalid.md
	printf '\xff\xfe-\0-\0-\0' >site/en/articles/utf-16.md
	printf -- '---\r\ntitle: Windows\r\n---\r\nText\r\n\r\n- a\r\n- b\r\n' >site/en/articles/crlf.md
	printf -- '---\r\ntitle: Mixed\n---\r\nText\n\r\nmore\n' >site/en/articles/mixed.md
	printf -- '---\rtitle: Mac\r---\rText\r' >site/en/articles/cr.md
	: >site/en/articles/empty.md
	printf -- '---' >site/en/articles/dashes.md
	printf -- '---\n---\n' >site/en/articles/dashes-twice.md
	{ echo 'title: Long'; echo "summary: $(times 'x ' 1000000)"; } | front long-line.md
	for name in 'with space' "quote's \"two\"" '100% <b>&amp;' $'new\nline' 'Größe ő 茶' $'zero\u200bwidth' \
		$'\xff\xfe' '-dash' '..dots..' 'a?b#c' 'back\slash' "$(times n 250)"; do
		doc "$name.md" <<<'A strange name, no more.'
	done
	mkdir site/en/articles/folder.md
	doc folder.md/inside.md <<<'In a folder that is named like a file.'
	ln -s loop.md site/en/articles/loop.md
	ln -s ../articles site/en/articles/loop
	ln -s /etc/passwd site/en/articles/passwd.md
	ln -s nowhere site/en/articles/dangling.md
	mkfifo site/en/articles/fifo.md
}

setup() {
	kb_setup
	cd "$BATS_FILE_TMPDIR" || return
	DEADLINE=${KB_TEST_DEADLINE:-20}
}

# Twenty seconds and a gigabyte; sanitizers need room for their shadow.
bounded() {
	local status=0
	[[ ${BUILD:-} == *sanitize* ]] && DEADLINE=$((DEADLINE * 6)) || ulimit -v 1048576
	timeout "$DEADLINE" "$KB" -C site "$@" || status=$?
	[ $status -eq 1 ] || { echo "status $status"; return 1; }
}

finding() { # FILE RULE
	grep -qE "^en/articles/$1:[0-9]+:[0-9]+: [a-z]+: .*\[$2\]" "$TMP/report" ||
		{ echo "no $2 for $1"; grep -F "$1" "$TMP/report"; return 1; }
}

@test "validation ends, with a finding and its place for each bad file" {
	bounded validate >"$TMP/report"
	finding bomb.md yaml-syntax
	finding deep-yaml.md yaml-syntax
	finding keys-in-brackets.md yaml-syntax
	for name in deep-list deep-quote wide-table short-rows large; do
		finding $name.md markdown-too-complex
	done
	finding nul.md encoding-nul
	finding invalid.md encoding-utf8
	finding utf-16.md encoding-nul
	finding mixed.md encoding-line-ends
	finding empty.md frontmatter-missing
	finding dashes.md frontmatter-unclosed
	finding dashes-twice.md schema-required
	finding long-line.md summary-long
	for name in loop passwd dangling; do
		grep -q "^en/articles/$name.md: error: .*\[file-read\]" "$TMP/report"
	done
	grep -v title-duplicate "$TMP/report" >"$TMP/others"
	refute grep -E '^en/articles/(good|crlf|with space|folder)' "$TMP/others"
	[ "$(wc -c <"$TMP/report")" -lt 100000 ]
}

@test "publishing ends, and what is good is there" {
	bounded publish --allow-broken --out "$TMP/out" >"$TMP/report" 2>&1
	for name in good good-2 crlf with-space folder-md/inside; do
		[ -f "$TMP/out/en/articles/$name/index.html" ] || { ls "$TMP/out/en/articles"; false; }
	done
	grep -q 'good-2/' "$TMP/out/en/articles/good/index.html"
	refute grep -rqE 'root:[^:]*:0:' "$TMP/out"
	refute grep -rqP '[\x00\r]' "$TMP/out" --include='*.html'
	[ "$(du -sk "$TMP/out" | cut -f1)" -lt 50000 ]
	"$ROOT/${BUILD:-build}/tools/site_links" "$TMP/out"
}

@test "one thread makes of it what four do" {
	bounded publish -j1 --allow-broken --out "$TMP/one" >"$TMP/one.report" 2>&1
	bounded publish -j4 --allow-broken --out "$TMP/four" >"$TMP/four.report" 2>&1
	diff -r "$TMP/one" "$TMP/four"
	diff <(sed "s|$TMP/one||" "$TMP/one.report") <(sed "s|$TMP/four||" "$TMP/four.report")
}

@test "the same from a revision" {
	[ -d site/.git ] || {
		git -C site init -q
		git -C site add -A
		git -C site commit -qm 'Everything that is bad'
	}
	bounded publish --rev HEAD --allow-broken --out "$TMP/out" >"$TMP/report" 2>&1
	[ -f "$TMP/out/en/articles/good/index.html" ]
	refute grep -rqE 'root:[^:]*:0:' "$TMP/out"
}

@test "keys without number take neither time nor memory" {
	mkdir -p keys/en/articles
	cp site/kb.yaml site/people.yaml keys
	{ printf -- '---\ntitle: Again\n'; times $'audience: public\n' 20000
		printf 'audience: agents\n---\nFor agents\n'; } >keys/en/articles/again.md
	{ printf -- '---\ntitle: Near\n'; seq -f 'audienc%.0f: public' 20000
		printf -- '---\nText\n'; } >keys/en/articles/near.md
	{ printf -- '---\ntitle: Unknown\n'; seq -f 'k%.0f: 1' 80000
		printf -- '---\nText\n'; } >keys/en/articles/unknown.md
	{ printf -- '---\ntitle: Below\n'; seq -f 'k%.0f: {a: 1}' 40000
		printf -- '---\nFor nobody\n'; } >keys/en/articles/below.md
	(bounded -C keys validate >"$TMP/report")
	grep -q '^en/articles/again.md:4:1: error: ' "$TMP/report"
	(bounded -C keys publish --allow-broken --out "$TMP/keys" >"$TMP/report" 2>&1)
	[ -f "$TMP/keys/en/articles/unknown/index.html" ]
	refute grep -rE 'For (agents|nobody)' "$TMP/keys"
}

@test "many teams take neither time nor memory" {
	mkdir -p teams/en/articles
	cp site/kb.yaml teams
	{ echo 'anna: {name: Anna}'
		awk 'BEGIN { for (i = 0; i < 25000; i++) printf "p%d: {name: P, members: [p%d]}\n", i, (i + 1) % 25000 }'
		awk 'BEGIN { printf "t: {name: T, members: ["; for (i = 0; i < 20000; i++) printf "q%d,", i; print "]}" }'
	} >teams/people.yaml
	printf -- '---\ntitle: Good\n---\nText\n' >teams/en/articles/good.md
	( [[ ${BUILD:-} == *sanitize* ]] || ulimit -v 1048576
		timeout "$DEADLINE" "$KB" -C teams validate >"$TMP/report") || [ $? -eq 1 ]
	[ "$(grep -c 'people-member-unknown\]' "$TMP/report")" -ge 1000 ]
}

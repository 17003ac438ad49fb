# What kb remembers between two runs changes nothing: random edits, see tests/tools/property.py.

load helper

setup() { kb_setup; }

@test "after random edits, what is published and found equals what a clean run makes" {
	local rounds=100
	[[ $KB != *sanitize* ]] || rounds=15
	KB=$KB TMPDIR=$TMP run "$ROOT/tests/tools/property.py" --rounds $rounds --seed 1
	echo "$output"
	assert_status 0
	assert_output_has 'all equal'
}

publish() { # OUT OPTION...
	warnings=$("$KB" publish -C site -q --format json --out "$PWD/$1" "${@:2}" | grep '"warnings"')
}

same() { # what is published again equals what is published into a new folder
	publish out
	local told=$warnings
	rm -rf new
	publish new --clean
	[ "$told" = "$warnings" ]
	diff -r new out
}

@test "what could not be shown is told in each run" {
	kb_sample site
	echo 'rules: {diagram-syntax: warning}' >>site/kb.yaml
	printf -- '---\ntitle: T\nowner: support\n---\n```dot A map\ndigraph { a ->\n```\n' >site/en/articles/t.md
	publish out
	[[ $warnings == *2* ]] # of validation, and of the page
	same
}

@test "a date begins with the day of the time zone, in which the file says nothing" {
	kb_sample site
	sed -i '/^timezone:/d' site/kb.yaml
	echo 'timezone: UTC' >>site/kb.yaml
	printf -- '---\ntitle: T\nowner: support\npublish_at: 2026-11-26\n---\nText\n' >site/en/articles/t.md
	SOURCE_DATE_EPOCH=1795608000 # noon of the day before
	publish out
	[ ! -e out/en/articles/t ]
	sed -i 's/^timezone: .*/timezone: Pacific\/Auckland/' site/kb.yaml
	same
	[ -e out/en/articles/t ]
}

@test "a picture stays while no page that shows it is made again" {
	kb_sample site
	mkdir -p site/en/articles
	printf 'GIF89a\1\0\1\0\200\0\0\0\0\0\377\377\377!\371\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;' >site/en/articles/dot.gif
	printf -- '---\ntitle: T\nowner: support\n---\n![Dot](dot.gif)\n' >site/en/articles/t.md
	printf -- '---\ntitle: U\nowner: support\n---\nText\n' >site/en/articles/u.md
	git -C site init -q
	git -C site add -A
	git -C site commit -qm Texts
	publish out
	cp out/assets/dot.*.gif .
	for i in 1 2; do
		printf '\nMore %d\n' $i >>site/en/articles/u.md
		same
		cmp dot.*.gif out/assets/dot.*.gif
	done
}

@test "a folder that was put back is not taken for the one that came after it" {
	kb_sample site
	printf -- '---\ntitle: T\nowner: support\n---\nOld text\n' >site/en/articles/t.md
	git -C site init -q
	git -C site add -A
	git -C site commit -qm Texts
	publish out
	sleep 1.1
	echo 'Text' >>site/en/articles/t.md
	publish out
	cp -a out former
	echo 'New text' >>site/en/articles/t.md
	publish out
	rm -r out
	mv former out
	same
	grep -q 'New text' out/en/articles/t/index.html
}

@test "a link to a page in another language says so, also where its text was not read again" {
	kb_sample site
	sed -i 's/^  - code: en$/&\n  - code: de/' site/kb.yaml
	mkdir -p site/de/articles
	for at in en/articles/a de/articles/a de/articles/b; do
		printf -- '---\ntitle: T %s\nowner: support\n---\nSee [it](a.md)\n' $at >site/$at.md
	done
	sed -i 's/See.*/Text/' site/*/articles/a.md
	publish out
	rm site/de/articles/a.md
	same
	grep -q 'lang="en"' out/de/articles/b/index.html
}

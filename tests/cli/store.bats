#!/usr/bin/env bats
# What is kept between runs makes no difference but in time.
load helper

setup() {
	kb_setup
}

@test "200 random changes: what is printed is as without what was kept" {
	"$ROOT/tests/store/edits" "${KB_STORE_SEED:-1}" "${KB_STORE_STEPS:-25}" 8
}

@test "what is kept is damaged 200 times: what is printed is the same" {
	"$ROOT/tests/store/damage" "${KB_STORE_SEED:-1}" "${KB_STORE_DAMAGES:-200}"
}

parsed() { # N COMMAND...: it parses so many texts
	local n=$1
	shift
	kb -v "$@" >"$TMP/out" 2>"$TMP/err" || [ $? -eq 1 ]
	grep -qx "parsed: $n texts" "$TMP/err" || {
		grep '^parsed' "$TMP/err"
		return 1
	}
}

sample() {
	cp -r "$ROOT/content-example/." .
	rm -rf de-AT hu de usage feedback
	git init -q
	git add -A
	git commit -qm 'The first version'
}

@test "a changed variable, redirect, contact, label or person: no text is parsed" {
	sample
	kb validate -q >"$TMP/out" || true
	for change in 's/days: "30"/days: "31"/ kb.yaml' 's/garantie.html/warranty.html/ kb.yaml' \
		's/Call us in Germany/Ring us/ kb.yaml' 's/^report_url.*// kb.yaml' \
		's/label: {en: Ordering/label: {en: Orders/ taxonomy.yaml' \
		's/en: Customer service/en: Service/ people.yaml' \
		's/title_length: 70/title_length: 10/ kb.yaml'; do
		cp "${change##* }" before
		sed -i "${change% *}" "${change##* }"
		refute cmp -s before "${change##* }"
		parsed 0 validate
		parsed 0 link
	done
	echo 'More.' >>en/articles/returns/return.md
	parsed 1 validate
	parsed 0 validate
	git add -A
	sed -i 's/^audiences:.*/audiences: [public, partners, agents]/' kb.yaml
	parsed "$(find en -name '*.md' | wc -l)" validate
	parsed 0 validate
	parsed "$(find en -name '*.md' | wc -l)" validate --no-cache
}

@test "kb find parses each new text once, and none for a label, a variable or a snippet" {
	sample
	n=$(find en -name '*.md' | wc -l)
	parsed "$n" find lost parcel
	cp "$TMP/out" cold
	parsed 0 find lost parcel
	cmp cold "$TMP/out"
	echo 'A zebra.' >>en/articles/returns/return.md
	parsed 1 find zebra
	grep -q return.md "$TMP/out"
	sed -i 's/days: "30"/days: zebra/' kb.yaml
	parsed 0 find zebra
	sed -i 's/label: {en: Ordering/label: {en: Giraffes/' taxonomy.yaml
	parsed 0 find giraffes
	echo 'An okapi.' >>en/snippets/order-number.md
	parsed 1 find okapi
	grep -q articles "$TMP/out"
	parsed 0 find okapi
	parsed "$n" find --no-cache okapi
	rm -r .git/kb
	parsed "$n" find --no-cache okapi
	[ ! -e .git/kb ]
	# What is kept of the work tree serves a revision; nothing is kept for that.
	parsed "$n" find okapi
	git commit -qam 'The second version'
	parsed 0 find --rev HEAD okapi
	rm -r .git/kb
	parsed "$n" find --rev HEAD okapi
	[ ! -e .git/kb ]
}

@test "a text whose page is the same after an edit is parsed by the next publish alone" {
	sample
	sed -i '/votes: log/d' kb.yaml # which counts by the text, as data does
	sleep 2.1 # the stamps of pictures that were changed just now are not known
	kb publish -q --no-api || true
	parsed 0 publish --no-api
	printf '\n\n' >>en/articles/returns/return.md
	parsed 1 publish --no-api
	grep -q ' 0 written' "$TMP/out"
	parsed 0 publish --no-api
}

signed() { # COMMAND...: how many pages a publish makes the values of
	kb -v publish "$@" >"$TMP/out" 2>"$TMP/err" || [ $? -eq 1 ]
	sed -n 's/^signed: \(.*\) pages$/\1/p' "$TMP/err"
}

@test "an edit of a text signs the pages that can show it, and no others of documents" {
	sample
	sleep 2.1 # the stamps of files that were changed just now are not known
	all=$(signed)
	least=$(signed)
	[ "$least" -lt $((all - 100)) ]
	printf '\nMore.\n' >>en/articles/returns/return.md
	[ "$(signed)" -eq $((least + 8)) ] # its page and its topic in each locale
	grep -q '[1-9] written' "$TMP/out"
	# What other pages show of a document is not its text.
	printf '\n## More {#more}\n' >>en/articles/returns/return.md
	[ "$(signed)" -eq "$all" ]
	[ "$(signed)" -eq "$least" ]
	# A snippet's text is on the pages that include it.
	printf '\nMore.\n' >>en/snippets/warranty-period.md
	n=$(signed)
	[[ $n -gt $least && $n -lt $all ]]
	git commit -qam 'The second version'
	n=$(signed)
	[[ $n -gt $least && $n -lt $all ]]
	[ "$(signed --as-of 2030-01-01)" -gt $((all - 20)) ]
	[ "$(signed)" -eq "$all" ]
	[ "$(signed --clean)" -eq "$all" ]
	rm -r .git/kb
	[ "$(signed)" -eq "$all" ]
}

@test "the page of a case is signed for its documents and for what their texts include" {
	sample
	sleep 2.1
	all=$(signed --audience agents --out site)
	least=$(signed --audience agents --out site)
	page=$(grep -rl 'refund-sent' site/en/topics --include=index.html | head -1)
	[ "$least" -lt $((all - 100)) ]
	printf '\nA quokka.\n' >>en/replies/refund-sent.md
	n=$(signed --audience agents --out site)
	[[ $n -gt $((least + 4)) && $n -lt $((least + 20)) ]]
	grep -q quokka "$page"
	snippet=$(sed -n 's/.*{{> *\([a-z-]*\) *}}.*/\1/p' en/replies/refund-sent.md | head -1)
	printf '\nAn okapi.\n' >>"en/snippets/$snippet.md"
	n=$(signed --audience agents --out site)
	[[ $n -gt $least && $n -lt $all ]]
	grep -q okapi "$page"
	kb publish -q --clean --audience agents --out "$TMP/clean" || true
	diff -r site "$TMP/clean"
}

renamed() { # FILE FROM TO: signs the pages that show the name, and no others of documents
	sed -i "s|$2|$3|" "$1"
	n=$(signed --audience agents --out site)
	echo "$least $n $most"
	[[ $n -gt $least && $n -lt $most ]]
	grep -rq "${4:-$3}" site --include=index.html
	kb publish -q --clean --audience agents --out clean || true
	diff -r site clean
}

@test "an edit of a title, a summary or a label signs the pages that show it" {
	local all least most n
	sample
	printf 'rules: {link-fragment-missing: warning}\n' >>kb.yaml
	printf '\n[Here](../care/descale.md#a-quokka).\n' >>en/articles/delivery/track-parcel.md
	for n in 1 2 3 4 5 6 7 8 9; do
		printf -- '---\ntitle: M %s\nissues: [order.placing]\nweight: -9\n---\nText.\n' "$n" \
			>"en/articles/ordering/m$n.md"
	done
	sleep 2.1
	all=$(signed --audience agents --out site)
	least=$(signed --audience agents --out site)
	most=$((least + (all - least) / 2))
	# A report, a list, and a link that leads to a title.
	renamed en/articles/care/descale.md '^title: .*' 'title: A quokka' 'descale/#a-quokka'
	sed -i 's/"weight":-9/"weight":-8/' site/.kb-documents # which others changed
	# A journey names documents, and a step of a workflow where it goes on.
	renamed en/articles/returns/warranty.md '^title: .*' 'title: An okapi' 'An okapi'
	renamed en/workflows/refund-case.md '^title: .*' 'title: A bongo' 'A bongo'
	renamed en/articles/returns/return.md '^summary: .*' 'summary: A numbat' 'A numbat'
	# It comes to the beginning of a list, which is all that is shown, and leaves it.
	renamed en/articles/ordering/m9.md '^title: .*' 'title: Aa' '>Aa<'
	renamed en/articles/ordering/m9.md '^title: .*' 'title: Zz' '>Zz<'
	renamed taxonomy.yaml 'label: {en: Ordering,' 'label: {en: A dunnart,' 'A dunnart'
	renamed taxonomy.yaml 'en: The parcel has not left.*' 'en: A potoroo' 'A potoroo'
	kb publish -q --out open
	sed -i 's/^title: .*/title: A quoll/' en/articles/ordering/m1.md
	kb publish -q --out open
	grep -q '\[A quoll\]' open/llms.txt
}

@test "a changed title or question is where it was not before" {
	git init -q
	printf 'name: Help\nlocales: [en]\n' >kb.yaml
	printf 'issues:\n- {id: a, label: A, children: [{id: a.b, label: B}]}\n' >taxonomy.yaml
	mkdir -p en/articles
	for i in 1 2 3 4 5 6 7 8 9; do
		printf -- '---\ntitle: Title %s\nissues: [a.b]\n---\nText\n' $i >en/articles/t$i.md
	done
	sleep 2.1
	kb publish -q || true
	refute grep -q 'Title 9' public/en/topics/a/index.html
	# The page shows the first ones alone.
	sed -i 's/^title: .*/title: A quokka/' en/articles/t9.md
	kb publish -q || true
	grep -q 'A quokka' public/en/topics/a/index.html
	refute grep -q 'en/faq' -r public/en/articles
	# All pages lead to the page of questions, if there is one.
	sed -i 's/^title: .*/&\nquestion: What?/' en/articles/t3.md
	kb publish -q || true
	kb publish -q --clean --out "$TMP/clean" || true
	diff -r public "$TMP/clean"
}

@test "a site that is put back from a copy is made again where it is behind" {
	sample
	kb publish -q --out site
	cp -a site copy
	printf '\nA quokka.\n' >>en/articles/care/descale.md
	kb publish -q --out site
	rm -r site
	mv copy site
	kb publish -q --out site
	grep -q quokka site/en/articles/care/descale/index.html
	kb publish -q --clean --out "$TMP/clean"
	diff -r site "$TMP/clean"
}

@test "another request for the same folder makes the site that it asks for" {
	sample
	sed -i '0,/^title/s//status: draft\ntitle/' en/articles/returns/return.md
	sleep 2.1
	kb publish -q || true
	for options in --drafts '--base-url https://other.example' '--locale en' --no-search -q; do
		kb publish -q --out public $options || true
		kb publish -q --clean --out "$TMP/clean" $options || true
		diff -r -x .kb-site public "$TMP/clean"
	done
}

@test "without Git, and where its folder cannot be written, it is kept for the user" {
	sample
	n=$(find en -name '*.md' | wc -l)
	rm -r .git
	parsed "$n" validate
	parsed 0 validate
	parsed "$n" find lost parcel
	parsed 0 find lost parcel
	[ "$(ls "$XDG_CACHE_HOME/kb" | grep -c '^facts-\|^texts-\|^search-')" = 3 ]
	cp -r . ../other
	parsed "$n" -C ../other validate
	unset XDG_CACHE_HOME
	rm -r "$HOME/.cache"
	parsed "$n" validate
	[ "$(ls "$HOME/.cache/kb" | grep -c '^facts-')" = 1 ]
	rm -r "$HOME/.cache"
	git init -q
	touch .git/kb
	parsed "$n" validate
	parsed 0 validate
	[ -f .git/kb ]
	HOME= parsed "$n" validate
}

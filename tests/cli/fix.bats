# Changing files in place: `kb validate --fix` and the changes of front matter below it.
load helper

setup() {
	kb_setup
}

roundtrip() { # FOLDER DOCUMENTS
	run bash -c 'find "$1" -name "*.md" -print0 | sort -z |
		xargs -0 -n 10000 "$0"' "$ROOT/${BUILD:-build}/tools/yaml_roundtrip" "$1"
	assert_status 0
	[[ $output =~ ^([0-9]+)\ documents,\ ([0-9]+)\ changes,\ ([0-9]+)\ refused,\ 0\ faults$ ]]
	[ "${BASH_REMATCH[1]}" -ge "$2" ]
	[ "${BASH_REMATCH[2]}" -ge $((10 * $2)) ]
	[ "${BASH_REMATCH[3]}" -le 5 ]
}

@test "every change of the example's front matter can be taken back, byte for byte" {
	roundtrip "$ROOT/content-example" 200
}

@test "so it is with the help centers of others" {
	local corpus=${KB_CORPUS:-$ROOT/../shared/corpus} name
	[ -f "$corpus/hetzner.bundle" ] || skip "no corpora beside the checkout"
	for name in logingov hetzner; do
		git clone -q "$corpus/$name.bundle" "$name"
		roundtrip "$name" 300
	done
}

# A help center in a folder of a repository, with a fault that kb can mend in three files.
faulty() {
	local file
	git init -q repo
	kb_sample repo/help
	cp repo/help/en/articles/*.md 'repo/help/en/articles/Größe x.md'
	sed -i 's/^id: .*/id: size/; s/^title: .*/title: Size/; /^aliases:/d' 'repo/help/en/articles/Größe x.md'
	cp -R repo clean
	for file in repo/help/en/articles/*.md; do
		printf '\357\273\277' | cat - "$file" >tmp && cat tmp >"$file"
	done
	chmod 640 repo/help/en/articles/*.md
	git -C repo add .
	git -C repo commit -qm one
	cd repo/help || return
}

@test "--fix mends what has a mend, and touches nothing else" {
	faulty
	run kb validate --fix
	assert_status 0
	assert_output_has "kb: fixed 2 findings in 2 files"
	assert_output_has "No findings in"
	diff -r -x .git .. ../../clean
	[ "$(stat -c %a en/articles/*.md | sort -u)" = 640 ]
	run kb validate --fix
	assert_status 0
	assert_output_has "there is nothing that kb can fix"
}

@test "--fix mends the files that are named, and no rule that is off" {
	faulty
	run kb validate --fix 'en/articles/Größe x.md'
	assert_output_has "kb: fixed 1 finding in 1 file"
	[ "$(git status --porcelain | wc -l)" -eq 1 ]
	git checkout -q .
	printf 'rules: {encoding-bom: "off"}\n' >>kb.yaml
	git commit -qam off
	run kb validate --fix
	assert_output_has "there is nothing that kb can fix"
	[ -z "$(git status --porcelain)" ]
}

@test "--fix --dry-run prints a patch that git applies, and writes nothing" {
	faulty
	kb validate --fix --dry-run >../../patch 2>../../said
	grep -q "kb: would fix 2 findings in 2 files" ../../said
	[ -z "$(git status --porcelain)" ]
	(cd .. && git apply ../patch)
	diff -r -x .git .. ../../clean
	[ "$(kb validate --fix --dry-run | wc -c)" -eq 0 ]
}

@test "--fix leaves links to files alone, and refuses what it cannot do" {
	faulty
	mv en/articles/Größe\ x.md en/articles/x.txt
	ln -s x.txt 'en/articles/Größe x.md'
	run kb validate --fix
	assert_status 0
	assert_output_has "kb: fixed 1 finding in 1 file"
	assert_output_has "[encoding-bom]"
	[ -L 'en/articles/Größe x.md' ]
	run kb validate --fix --rev HEAD
	assert_status 2
	assert_output_has "--fix changes files in the work tree"
	run kb validate --dry-run
	assert_status 2
	run kb validate --fix --dry-run --format json
	assert_status 2
}

@test "--fix of standard input prints the text that comes of it" {
	faulty
	cp ../../clean/help/en/articles/*ß* clean.md
	cat en/articles/*ß* >faulty.md
	kb validate --fix - --stdin-filename 'en/articles/Größe x.md' <faulty.md >mended.md 2>said
	cmp mended.md clean.md
	grep -q "kb: fixed 1 finding in 1 file" said
	[ -z "$(git status --porcelain en)" ]
	kb validate -q --fix - --stdin-filename 'en/articles/Größe x.md' <clean.md | cmp - clean.md
	printf -- '---\ntitle: T\nowner: support\n---\n[x](gone.md)\n' >broken.md
	run kb validate -q --fix - --stdin-filename en/articles/new.md <broken.md
	assert_status 1
	[ "$output" = "$(cat broken.md)" ]
	run kb validate --fix --format json - --stdin-filename en/articles/new.md <broken.md
	assert_status 2
	echo 'nmae: x' >>kb.yaml
	run kb validate --fix - --stdin-filename en/articles/new.md <broken.md
	assert_status 2
	assert_output_has "[config-unknown-key]"
	run kb validate --fix --dry-run
	assert_status 2
	assert_output_has "[config-unknown-key]"
}

# FILE SED-SCRIPT: a fault in a document of the example, which --fix is to take back.
seed() {
	cp "$1" ../seeded
	sed -i "$2" "$1"
	cmp -s "$1" ../seeded && { echo "$1: nothing is wrong with it now"; return 1; }
	seeded=$((seeded + 1))
}

@test "a fault of each kind that kb mends is taken back, byte for byte" {
	local articles=help/en/articles seeded=0
	cp -R "$ROOT/content-example" help
	seed $articles/care/descale.md '1s/^/\xef\xbb\xbf/'
	seed $articles/care/first-use.md '2,4s/$/\r/'
	seed $articles/account/reset-password.md 's/^owner:/owmer:/'
	seed $articles/account/account-locked.md 's/^promoted: true/promoted: yes/; s/^weight: \(.*\)/weight: "\1"/'
	seed $articles/ordering/payment-methods.md 's/^owner: /owner:/'
	seed $articles/ordering/change-or-cancel.md 's/order.change.cancel/order.cancel/'
	seed $articles/returns/refund.md 's/^owner: .*/&\n&/'
	seed $articles/delivery/track-parcel.md '2,20{/^---$/d}'
	seed $articles/returns/return-hungary.md 's/](refund\.md)/](Refund.md)/'
	seed $articles/troubleshooting/coffee-taste.md 's/](\.\.\/care\//](..\/Care\//'
	seed help/en/workflows/refund-case.md '/^notice:/,/^[a-z]*:$/s/^  /\t/'
	run kb -C help validate
	assert_status 1
	run kb -C help validate --fix
	assert_status 0
	assert_output_has "in $seeded files"
	run diff -r "$ROOT/content-example" help
	[ -z "$output" ] || { echo "$output"; false; }
	run kb -C help validate --fix
	assert_output_has "there is nothing that kb can fix"
}

@test "a slip in kb.yaml is mended, the one with --config is not" {
	kb_sample help
	cd help
	cp kb.yaml ../whole.yaml
	sed -i 's/^timezone:/timezon:/' kb.yaml
	cp kb.yaml ../broken.yaml
	run kb validate --fix en/articles
	assert_status 2
	run kb validate --fix --config ../broken.yaml
	assert_status 2
	cmp kb.yaml ../broken.yaml
	run kb validate --fix
	assert_status 0
	assert_output_has "fixed 1 finding in 1 file"
	cmp kb.yaml ../whole.yaml
	sed -i 's/^    labels*:/    lable:/' taxonomy.yaml
	cp taxonomy.yaml people.yaml ..
	run kb validate --fix --config ../whole.yaml
	assert_output_has "there is nothing that kb can fix"
	run kb validate --fix
	assert_status 0
	grep -q '    label:' taxonomy.yaml
	sed -i 's/^timezone:/timezon:/; s/^name:.*/name: [/' kb.yaml
	run kb validate --fix
	assert_status 2
	assert_output_has "[config-syntax]"
}

# What a document's front matter becomes.
becomes() { # BEFORE AFTER
	printf -- '---\n%b\nowner: support\n---\nText\n' "$1" >en/articles/x.md
	kb validate -q --fix en/articles/x.md >/dev/null || true
	printf -- '---\n%b\nowner: support\n---\nText\n' "$2" | diff - en/articles/x.md
}

@test "what trips people in YAML is mended, a guess is left" {
	kb_sample help
	cd help
	becomes 'title: Returns: how to' 'title: "Returns: how to"'
	becomes 'title: Say "no": how to' "title: 'Say \"no\": how to'"
	becomes 'title: {{x}} and more' 'title: "{{x}} and more"'
	becomes 'title: @anna' 'title: "@anna"'
	becomes 'title: *Note* this' 'title: "*Note* this"'
	becomes "title: 'it's here'" "title: \"it's here\""
	becomes 'title: “Two: words”' 'title: "Two: words"'
	becomes 'title: [Yes, signed]' 'title: "[Yes, signed]"'
	becomes 'title:Tight' 'title: Tight'
	becomes 'title: T\nkeywords: [a, b]]' 'title: T\nkeywords: [a, b]'
	printf -- '---\r\ntitle: T\r\nowner: support\r\n---\r\nText' >en/articles/x.md
	kb validate -q --fix en/articles/x.md
	[ "$(tail -c6 en/articles/x.md)" = $'Text\r' ]
	becomes 'title: T\ntitle: T' 'title: T'
	becomes 'title: T\npromoted: Yes' 'title: T\npromoted: true'
	becomes 'title: T\nweight: "3"' 'title: T\nweight: 3'
	becomes 'title: T\nsummery: S' 'title: T\nsummary: S'
	becomes 'title: T\nsummary: "one\ntwo\n three"' 'title: T\nsummary: "one\n two\n three"'
	becomes 'title: T\nnotice:\n\tdate: 2026-11-01\n\ttext: N' 'title: T\nnotice:\n  date: 2026-11-01\n  text: N'
	for guess in 'title: Ticket #4711' 'title: A\ntitle: B' 'title: Returns owner: me' \
		'title: T\nstatus: publishd' 'title: "open' 'title: T\nsummary: S\nsummery: S' \
		'title: A: b # c'; do
		becomes "$guess" "$guess"
	done
}

@test "of each rule's broken repository, the patch is what --fix does, and once is enough" {
	local dir name mended=0
	for dir in "$ROOT"/tests/validate/[!_]*/; do
		name=$(basename "$dir")
		cp -R "$ROOT/tests/validate/_base" "$name"
		cp -R "$dir/." "$name"
		rm -rf "$name/_before"
		kb -C "$name" validate --fix --dry-run >patch 2>said || [ $? -le 2 ]
		[ -s patch ] || continue
		cp -R "$name" patched
		(cd patched && git apply --whitespace=nowarn ../patch)
		kb -C "$name" validate --fix >out 2>said || [ $? -eq 1 ]
		grep -q "kb: fixed" said
		diff -r "$name" patched
		kb -C "$name" validate --fix >again 2>said || [ $? -eq 1 ]
		grep -q "nothing that kb can fix" said || { echo "$name"; false; }
		cmp out again
		rm -rf patched
		mended=$((mended + 1))
	done
	[ "$mended" -ge 12 ]
}

@test "a guess is offered to editors and not made" {
	kb_sample help
	cd help
	printf -- '---\ntitle: T\nowner: suport\nissues: [acount]\n---\n## Part one\n\n[a](#part-on) [b](id:reset-pasword#x) [c](reset-pasword.md)\n' \
		>en/articles/x.md
	cp en/articles/x.md ../before
	kb validate --format json >../out.json || true
	offered() { # RULE TEXT
		jq -e --arg rule "$1" --arg text "$2" '.findings[] | select(.rule == $rule) |
			.safe == false and .edits == [{offset: .edits[0].offset,
			length: .edits[0].length, text: $text}]' ../out.json
	}
	offered person-unknown support
	offered issue-unknown account
	offered link-fragment-missing part-one
	offered link-target-missing reset-password.md
	kb validate --fix -q >/dev/null || true
	cmp en/articles/x.md ../before
}

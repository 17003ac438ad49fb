load helper

setup() {
	kb_setup
}

# Thirty documents on one issue, in three locales, of three types, written in every way.
thirty() {
	local n=0 locale type front end
	git init -q
	cat >kb.yaml <<-'END'
		name: Help
		locales: [{code: en}, {code: de}, {code: hu}]
		content:
		  - {path: "{locale}/**/*.md", type: article}
		  - path: "{locale}/old/**/*.md"
		    type: article
		    keys: {topic: issues, topics: issues}
	END
	printf 'anna: {name: Anna}\n' >people.yaml
	cat >taxonomy.yaml <<-'END'
		# Ids never change meaning.
		issues:
		  - id: delivery # the parcel
		    label: Delivery
		    children:
		      - id: delivery.missing
		        label: {en: Missing}   # as customers say
		        needs: [article]

		        children:
		          - id: delivery.missing.abroad
		            label: Missing abroad
		      - {id: other, label: Other}
	END
	for locale in en de hu; do
		mkdir -p "$locale/art" "$locale/old"
		for n in 0 1 2 3 4 5 6 7 8 9; do
			end='\n'
			case $n in
			0) front='issues: [delivery.missing]' ;;
			1) front='issues: [other, delivery.missing, delivery.missing.abroad] # three' ;;
			2) front='issues:\n  - other\n  - delivery.missing   # this\n  - delivery' ;;
			3) front='issues:\n- delivery.missing' ;;
			4) front='issues: delivery.missing' ;;
			5) front="issues: ['delivery.missing']" ;;
			6) front='issues:\n    -   "delivery.missing"' ;;
			7) front='issues: [delivery.missing]' end='\r\n' ;;
			8) front='topic: delivery.missing' ;;
			9) front='topics: [other, delivery.missing]\ntopic: delivery' ;;
			esac
			front="---${end}title: \"About delivery.missing $n\"${end}$front${end}# delivery.missing${end}owner: anna${end}---${end}delivery.missing${end}"
			if [ $n -lt 8 ]; then
				printf -- "$front" >"$locale/art/$n ü.md"
			else
				printf -- "$front" >"$locale/old/$n.md"
			fi
		done
	done
	mkdir -p feedback usage
	git add . && git commit -qm one
}

@test "an issue of thirty documents is renamed in thirty lines and the taxonomy" {
	thirty
	run kb validate --fail-level info
	assert_status 0
	cp -R . ../before
	run kb link rename delivery.missing parcel.lost
	assert_status 0
	assert_output_has "renamed delivery.missing to parcel.lost; the former id is now an alias"
	assert_output_has "changed: taxonomy.yaml, 30 documents"
	assert_output_has "issues below it keep their ids, such as delivery.missing.abroad: --children"
	[ "$(git diff --numstat | grep -c $'^1\t1\t.*\.md')" -eq 30 ]
	[ "$(git diff --shortstat)" = " 31 files changed, 32 insertions(+), 31 deletions(-)" ]
	# Byte for byte: the id in the line of the issue, and nothing else.
	find ../before -name '*.md' -exec sed -i -E \
		"/title:|^#|^delivery/!s/delivery\.missing(['\", \r]|\]|$)/parcel.lost\1/" {} +
	sed -i "s/id: delivery.missing$/id: parcel.lost/; s/^        needs: .*/&\n        aliases: [delivery.missing]/" \
		../before/taxonomy.yaml
	diff -r -x .git . ../before
	run kb validate --fail-level info
	assert_status 0
	run kb link rename parcel.lost delivery.missing
	assert_status 0
	[ "$(git diff --shortstat)" = " 1 file changed, 1 insertion(+)" ]
	git diff | grep -qx '+        aliases: \[parcel.lost\]'
}

@test "--children renames what is called after it, --dry-run prints the patch" {
	thirty
	kb link rename delivery.missing parcel.lost --children --dry-run >../patch 2>../notes
	[ ! -s ../notes ]
	[ -z "$(git status --porcelain)" ]
	git apply ../patch
	cp -R . ../by-patch
	git checkout -q .
	run kb link rename delivery.missing parcel.lost --children
	assert_output_has "renamed delivery.missing.abroad to parcel.lost.abroad"
	diff -r -x .git . ../by-patch
	grep -q '\[other, parcel.lost, parcel.lost.abroad\] # three' 'en/art/1 ü.md'
	run kb validate --fail-level info
	assert_status 0
}

@test "feedback, search tests, mounts and counted tickets are renamed" {
	thirty
	sed -i 's/^    keys:.*/&\n    defaults: {issues: [delivery.missing, other], owner: anna}/' kb.yaml
	printf 'issue: "delivery.missing" # none\nkind: missing\ntext: delivery.missing\ncreated: 2026-11-01\nstatus: open\n' >feedback/1.yaml
	printf 'tests:\n  - {query: lost, issue: delivery.missing, expect: x}\n  - query: q\n    issue: other\n    expect: x\n' >search-tests.yaml
	printf 'issue,locale,channel,tickets,linked,escalated,minutes\r\ndelivery.missing,en,email,1,0,0,9\r\ndelivery.missing.abroad,en,email,2,0,0,9\r\nother,en,delivery.missing,1,0,0,9\r\ndelivery.missing,de,sms,1,0,0,9' >usage/tickets-2026-10.csv
	printf 'locale,audience,query,count,results,clicks\ndelivery.missing,public,delivery.missing,1,1,1\n' >usage/searches-2026-10.csv
	git add . && git commit -qm two
	run kb link rename delivery.missing parcel.lost
	assert_status 0
	assert_output_has "changed: taxonomy.yaml, 30 documents, 1 content folder in kb.yaml, 1 feedback item, 1 search test, 2 lines of tickets"
	grep -qx 'issue: "parcel.lost" # none' feedback/1.yaml
	grep -qx 'text: delivery.missing' feedback/1.yaml
	grep -q 'issue: parcel.lost, expect' search-tests.yaml
	grep -q 'defaults: {issues: \[parcel.lost, other\]' kb.yaml
	[ "$(git diff --numstat usage)" = $'2\t2\tusage/tickets-2026-10.csv' ]
	cmp usage/tickets-2026-10.csv <(git show HEAD:usage/tickets-2026-10.csv |
		sed 's/^delivery\.missing,/parcel.lost,/')
	run kb validate --fail-level info
	[[ $output != *issue-alias* ]]
}

@test "nothing is written when one file cannot be changed" {
	thirty
	sed -i 's/\[delivery.missing\]/\&x [delivery.missing]\ntags: *x/' 'de/art/0 ü.md'
	git commit -qam shared
	run kb link rename delivery.missing parcel.lost
	assert_status 2
	assert_output_has "de/art/0 ü.md: this YAML is written in a way"
	[ -z "$(git status --porcelain)" ]
	git reset -q --hard HEAD~1
	# The disk takes no file of that size.
	head -c 100000 /dev/zero | tr '\0' x >>'hu/art/7 ü.md'
	git commit -qam large
	run bash -c 'trap "" XFSZ; ulimit -f 32; "$0" link rename delivery.missing parcel.lost' "$KB"
	assert_status 2
	assert_output_has "cannot write"
	[ -z "$(git status --porcelain)" ]
	git reset -q --hard HEAD~1
	chmod 0 'hu/art/3 ü.md' usage
	if [ "$(id -u)" -ne 0 ]; then
		run kb link rename delivery.missing parcel.lost
		assert_status 2
		assert_output_has "cannot read 'hu/art/3 ü.md': Permission denied"
		[ -z "$(git status --porcelain)" ]
	fi
	chmod 755 usage
	chmod 644 'hu/art/3 ü.md'
	printf -- '---\ntitle: [\nissues: [delivery.missing]\n---\n' >en/art/broken.md
	run kb link rename delivery.missing parcel.lost
	assert_status 0
	assert_output_has "en/art/broken.md cannot be read, so it may keep the former id"
}

@test "a symbolic link stays one, and what it leads to is renamed" {
	thirty
	mkdir shared
	mv 'hu/art/3 ü.md' shared/three.md
	ln -s ../../shared/three.md 'hu/art/3 ü.md'
	rm 'hu/art/4 ü.md'
	ln -s '0 ü.md' 'hu/art/4 ü.md'
	kb link rename -q delivery.missing parcel.lost
	[ "$(readlink 'hu/art/3 ü.md')" = ../../shared/three.md ]
	[ "$(readlink 'hu/art/4 ü.md')" = '0 ü.md' ]
	grep -qx -- '- parcel.lost' shared/three.md
	grep -qx 'issues: \[parcel.lost\]' 'hu/art/0 ü.md'
	[ -z "$(find . -name '.kb-*')" ]
}

@test "ids that cannot be taken" {
	thirty
	for wrong in "delivery.missing other" "delivery.missing a/b" "delivery.missing delivery.missing" \
		"gone new" "delivery.missing" "delivery.missing a b"; do
		run kb link rename $wrong
		assert_status 2
	done
	run kb link rename delivery.mising new
	assert_output_has "did you mean 'delivery.missing'?"
	kb link rename -q delivery.missing parcel.lost
	run kb link rename delivery.missing x
	assert_output_has "'delivery.missing' is a former id of 'parcel.lost'"
	run kb link rename other delivery.missing
	assert_output_has "is a former id of another issue"
}

@test "add and remove, by path and by id" {
	thirty
	run kb link add art/0-ü other
	assert_status 0
	[ "${#lines[@]}" -eq 3 ]
	grep -qx 'issues: \[delivery.missing, other\]' 'hu/art/0 ü.md'
	run kb link add art/0-ü other
	assert_output_has "nothing changes"
	run kb link add 'en/art/3 ü.md' other
	[ "$output" = "en/art/3 ü.md is now about other" ]
	grep -A2 '^issues:' 'en/art/3 ü.md' | grep -qx -- '- other'
	run kb link add old/8 other --locale en
	grep -qx 'topic: \[delivery.missing, other\]' en/old/8.md
	run kb link remove old/9 delivery --locale en
	assert_status 0
	[ "$(grep -c '^topic:' en/old/9.md)" -eq 0 ]
	kb link remove art/0-ü other
	kb link remove 'en/art/3 ü.md' other
	git checkout -q en/old
	[ -z "$(git status --porcelain)" ]
}

@test "add and remove: what a mount gives, what a type needs" {
	thirty
	sed -i 's/^  - {path: .*/  - {path: "{locale}\/**\/*.md", type: article, defaults: {issues: [other]}}/' kb.yaml
	printf -- '---\ntitle: T\nowner: anna\n---\nText\n' >en/art/plain.md
	printf -- '---\ntitle: R\ntype: reply\nowner: anna\nissues: [other]\n---\nText\n' >en/art/reply.md
	printf -- '---\ntitle: F\ntype: reference\nowner: anna\n---\nText\n' >en/art/ref.md
	run kb link remove en/art/plain.md other
	assert_status 2
	assert_output_has "has the issue from its content folder in kb.yaml"
	run kb link add en/art/plain.md delivery
	assert_status 0
	grep -qx 'issues: \[other, delivery\]' en/art/plain.md
	run kb link remove en/art/reply.md other
	assert_status 2
	assert_output_has "is the only issue of en/art/reply.md"
	run kb link add en/art/ref.md other
	assert_status 2
	run kb link add en/art/plain.md othr
	assert_status 2
	assert_output_has "did you mean 'other'?"
	run kb link ad
	assert_output_has "there is no command 'link ad': did you mean 'link add'?"
}

@test "the page of a renamed issue leads on from its former address" {
	thirty
	printf -- '---\ntitle: Links\nowner: anna\n---\n[en](/en/topics/delivery.missing/) [de](/de/topics/delivery.missing/)\n' >en/art/links.md
	kb link rename -q delivery.missing parcel.lost
	run kb validate --fail-level info
	assert_status 0
	kb publish -q --out ../site
	grep -qx '/en/topics/delivery.missing /en/topics/parcel.lost/ 301' ../site/_redirects
	grep -q 'url=[^"]*parcel.lost/"' ../site/de/topics/delivery.missing/index.html
	grep -q 'href="[^"]*topics/parcel.lost/">en<' ../site/en/articles/art/links/index.html
	[ "$(grep -rc 'topics/delivery.missing/' ../site/en/articles/art/links/index.html)" -eq 0 ]
}

@test "a subcommand may follow options, and has its own" {
	kb_sample .
	run kb link -l en -n add articles/reset-password account
	assert_status 0
	assert_output_has "+++ b/en/articles/reset-password.md"
	run kb link --config kb.yaml suggest -h
	assert_status 0
	[ "${lines[0]}" = "usage: kb link suggest [OPTION...] [PATH|ID...|-]" ]
	assert_output_has "--column NAME"
	run kb link add -h
	[[ $output != *--column* && $output != *--gaps* ]]
	run kb help link rename
	assert_status 0
	assert_output_has "kb link rename [OPTION...] OLD NEW"
	assert_output_has "--children"
	run kb help link
	for command in add remove rename suggest; do
		assert_output_has "kb link $command "
	done
	run kb link rename account
	assert_status 2
	assert_output_has "write 'kb link rename OLD NEW'"
	run kb help link ad
	assert_status 2
	assert_output_has "did you mean 'link add'?"
	run kb link --nonsense add x y
	assert_status 2
	assert_output_has "unknown option '--nonsense'"
}

# The dates of the sitemap: when a page last changed in substance.
load helper

setup() {
	kb_setup
	export SOURCE_DATE_EPOCH=1796083200 # 2026-12-01
	git init -q
	echo "public*" >.git/info/exclude
	cat >kb.yaml <<-'END'
		name: Help
		locales: [{code: en}, {code: de, fallback: en}]
		audiences: [public, agents]
		base_url: https://h.example/help
		content:
		  - {path: "{locale}/articles/**.md", type: article}
		  - {path: "{locale}/snippets/**.md", type: snippet}
		variables: {days: "14", hours: {en: 8 to 18, de: 8 bis 18}}
	END
	printf 'issues: [{id: account, label: Account, owner: support}]\n' >taxonomy.yaml
	printf 'support: {name: Support, email: s@h.example}\nother: {name: Other}\n' >people.yaml
	page fees 'Pay within 14 days, as the [terms](terms.md) say.'
	page terms 'You accept these terms.'
	printf -- '---\ntitle: Plain\nissues: [account]\nowner: support\n---\nCall us tomorrow.\n' \
		>en/articles/plain.md
	commit 2026-09-01 x
}

page() { # NAME TEXT [AGENTS]
	mkdir -p en/articles en/snippets
	printf -- '---\ntitle: %s\nissues: [account]\nowner: support\n---\nFirst of all, thanks.\n\n## When\n\n%s\n\n> [!AGENTS]\n> Ask %s.\n' \
		"$1" "$2" "${3:-Eve}" >"en/articles/$1.md"
}

changed() { # NAME: its date, after publishing anew and from what was kept
	kb publish -q
	kb publish -q --clean --out "$TMP/clean"
	cmp public/sitemap.xml "$TMP/clean/sitemap.xml" || echo 'not the same again'
	sed -n "s,.*<loc>https://h.example/help/en/articles/$1/</loc>,,p" public/sitemap.xml |
		sed -n 's,^<lastmod>\([^<]*\)</lastmod>.*,\1,p'
}

@test "a typo, upkeep, and what is for agents leave the date" {
	[ "$(changed fees)" = 2026-09-01 ]
	sed -i 's/thanks/thansk/' en/articles/fees.md
	sed -i 's/tomorrow/tomorow/' en/articles/plain.md
	commit 2026-09-02 x
	sed -i 's/thansk/thanks/; s/^Pay within/Pay  within/' en/articles/fees.md
	commit 2026-09-03 x
	sed -i 's/^owner: support/owner: other\nreviewed: 2026-09-04\ntags: [a]/' en/articles/fees.md
	commit 2026-09-04 x
	page fees 'Pay within 14 days, as the [terms](terms.md) say.' 'Bob for 30 days'
	commit 2026-09-05 x
	[ "$(changed fees)" = 2026-09-01 ]
	[ "$(changed plain)" = 2026-09-01 ]
	# Uncommitted work has no date.
	sed -i 's/14 days/15 days/' en/articles/fees.md
	[ "$(changed fees)" = 2026-09-01 ]
	commit 2026-09-06 x
	[ "$(changed fees)" = 2026-09-06 ]
	[ "$(changed terms)" = 2026-09-01 ]
}

@test "new words give a new date, however many they are" {
	page fees 'Pay within 14 days, as the [terms](terms.md) say. Cards and vouchers work, too.'
	commit 2026-09-02 x
	[ "$(changed fees)" = 2026-09-02 ]
	long=$(printf 'word%s ' {a..z} {A..Z})
	page fees "Pay soon. $long"
	commit 2026-09-03 x
	[ "$(changed fees)" = 2026-09-03 ]
	page fees "Pay soon. $long" "$(printf 'agent%s ' {a..z} {A..Z})"
	commit 2026-09-04 x
	[ "$(changed fees)" = 2026-09-03 ]
	# Words of agents that are no longer in a block of their own.
	page fees "Pay soon. $long"$'\n\n'"<!-- $(printf 'note%s ' {a..z} {A..Z}) -->"
	commit 2026-09-05 x
	[ "$(changed fees)" = 2026-09-03 ]
}

@test "a page that moved, and links that follow it, keep their dates" {
	git mv en/articles/terms.md en/articles/conditions.md
	sed -i 's/terms.md/conditions.md/' en/articles/fees.md
	commit 2026-09-02 x
	[ "$(changed fees)" = 2026-09-01 ]
	[ "$(changed conditions)" = 2026-09-01 ]
}

@test "snippets and variables that a page shows count" {
	printf -- '---\ntitle: Office\nowner: support\n---\nWe close at noon.\n' >en/snippets/office.md
	page fees $'Pay within {{days}} days.\n\n{{> office}}'
	page terms 'We are there from {{hours}}.'
	commit 2026-09-02 x
	[ "$(changed fees)" = 2026-09-02 ]
	sed -i 's/at noon/at 3 pm/' en/snippets/office.md
	commit 2026-09-03 x
	[ "$(changed fees)" = 2026-09-03 ]
	[ "$(changed terms)" = 2026-09-02 ]
	sed -i 's/days: "14"/days: "30"/' kb.yaml
	commit 2026-09-04 x
	[ "$(changed fees)" = 2026-09-04 ]
	# The German value is on no English page.
	sed -i 's/8 bis 18/9 bis 18/' kb.yaml
	commit 2026-09-05 x
	[ "$(changed terms)" = 2026-09-02 ]
	sed -i 's/8 to 18/9 to 18/' kb.yaml
	[ "$(changed terms)" = 2026-09-02 ]
	commit 2026-09-06 x
	[ "$(changed terms)" = 2026-09-06 ]
	[ "$(changed fees)" = 2026-09-04 ]
}

@test "a page counts from the day on which it appears" {
	sed -i 's/^owner:/publish_at: 2026-11-20\nowner:/' en/articles/fees.md
	commit 2026-09-02 x
	[ "$(changed fees)" = 2026-11-20 ]
}

@test "nobody knows what was before a shallow clone" {
	sed -i 's/14 days/15 days/' en/articles/fees.md
	commit 2026-09-06 x
	git clone -q --depth 1 "file://$PWD" "$TMP/shallow"
	cd "$TMP/shallow"
	[ "$(changed fees)" = '' ]
	grep -q /fees/ public/sitemap.xml
}

@test "snippets that include each other many times take no time" {
	local i
	for i in 1 2 3 4 5 6 7; do
		{
			printf -- '---\ntitle: S%s\n---\n' "$i"
			for _ in {1..30}; do printf '{{> s%s}}\n\n' $((i + 1)); done
		} >"en/snippets/s$i.md"
	done
	printf -- '---\ntitle: S8\n---\nThe end.\n' >en/snippets/s8.md
	printf '\n{{> s1}}\n' >>en/articles/plain.md
	commit 2026-09-02 x
	run timeout 60 "$KB" publish -q --allow-broken
	assert_status 1
	grep -q '<lastmod>2026-09-02' public/sitemap.xml
}

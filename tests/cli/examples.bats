# The examples of docs/*.md are true. A fenced block after <!-- check: PATH --> is a file of
# the help center in examples/, and validates there; with a word before PATH it is a file of
# a help center of that name, with those examples' people and taxonomy alone; <!-- check:
# config --> is a part of kb.yaml.
load helper

setup() {
	kb_setup
}

# Writes the examples of a page below out/: NAME/PATH, with the name 'page' where the page
# gives none; parts of kb.yaml as out/config.N/kb.yaml.
extract() { # PAGE
	awk '
	function begin(what,  name) {
		name = "page"
		if (what == "config") {
			name = "config." ++n
			what = "kb.yaml"
		} else if (what ~ /^[a-z]+ /) {
			name = substr(what, 1, index(what, " ") - 1)
			what = substr(what, index(what, " ") + 1)
		}
		file = "out/" name "/" what
		dir = file
		sub(/\/[^\/]*$/, "", dir)
		system("mkdir -p \"" dir "\"")
		printf "" >file
	}
	/^<!-- check: .* -->$/ { begin(substr($0, 13, length($0) - 16)); waits = 1; next }
	waits && /^```/ { match($0, /^`+/); fence = substr($0, 1, RLENGTH); waits = 0; next }
	fence != "" && $0 == fence { fence = ""; close(file); next }
	fence != "" { print >file }
	' "$1"
}

# A help center on its own knows its people and issues, and the page's schemas.
complete() { # FOLDER
	local base=$BATS_TEST_DIRNAME/examples
	case ${1##*/} in
	page) cp -rn "$base/." "$1/" ;;
	*) cp -n "$base/people.yaml" "$base/taxonomy.yaml" "$1/" ;;
	esac
	case ${1##*/} in
	config.*)
		if [ -d out/page/schemas ]; then cp -r out/page/schemas "$1/"; fi
		grep -q '^locales:' "$1/kb.yaml" ||
			printf 'locales: [en, de, hu, de-AT]\n' >>"$1/kb.yaml"
		grep -q '^contact:' "$1/kb.yaml" ||
			printf 'contact:\n  - {channel: email, email: a@example.org}\n' >>"$1/kb.yaml"
		;;
	esac
}

@test "examples of the documentation validate" {
	for page in "$ROOT"/docs/*.md; do
		rm -rf out
		extract "$page"
		grep -q '^<!-- check: ' "$page" || continue
		for center in out/*; do
			complete "$center"
			run kb -C "$center" validate --fail-level info
			# An example of 'needs' needs more than one page has.
			findings=$(grep '\[[a-z-]*\]$' <<<"$output" | grep -v '\[issue-gap\]$' || true)
			[[ -z $findings && $status -lt 2 ]] ||
				{ echo "$page: $center: $output"; false; }
		done
	done
}

@test "examples of the documentation publish" {
	for page in "$ROOT"/docs/*.md; do
		rm -rf out
		extract "$page"
		for center in out/*; do
			[ -d "$center" ] || continue
			complete "$center"
			# Where only a kb.yaml is shown there is nothing to publish.
			[ -n "$(find "$center" -name '*.md')" ] || continue
			kb -q -C "$center" publish --audience agents
		done
	done
}

@test "a marked example that is wrong is found" {
	printf '<!-- check: en/articles/a.md -->\n```markdown\n---\ntitel: A\n---\nA\n```\n' >page.md
	extract page.md
	complete out/page
	run kb -C out/page validate
	assert_status 1
	assert_output_has "did you mean 'title'"
}

# Is the word a row of a table, or one of several in a row's first cell?
in_table() { # WORD PAGE
	grep -qE "^\| ([^|]*, )?\`$1\`[^|]*\|" "$ROOT/docs/$2"
}

@test "each key of front matter and of kb.yaml is in the documentation" {
	command -v jq >/dev/null || skip "no jq"
	for type in article workflow reply reference snippet; do
		for key in $(kb schema "$type" | jq -r '.properties | keys[]'); do
			in_table "$key" content.md || { echo "content.md lacks $key"; false; }
		done
	done
	for key in $(kb schema kb | jq -r '.properties | keys[]'); do
		in_table "$key" configuration.md || { echo "configuration.md lacks $key"; false; }
	done
	for key in $(kb schema kb | jq -r '.properties | .audit, .privacy, .statistics, .tickets
		| .properties | keys[]'); do
		grep -q "\`$key\`" "$ROOT/docs/configuration.md" || { echo "lacks $key"; false; }
	done
	for key in $(kb schema people | jq -r '.additionalProperties.properties | keys[]') \
		$(kb schema taxonomy | jq -r '.definitions.issue.properties | keys[]'); do
		in_table "$key" taxonomy.md || { echo "taxonomy.md lacks $key"; false; }
	done
}

@test "the fields of a type, in words" {
	run kb schema --fields workflow
	assert_status 0
	assert_output_has "Field         Required  Type "
	for key in $(kb schema workflow | jq -r '.properties | keys[]'); do
		grep -q "^$key  " <<< "$output" || { echo "$key"; return 1; }
	done
	grep -Eq '^title +yes +text ' <<< "$output"
	grep -Eq '^issues +list or text ' <<< "$output"
	grep -Eq '^owner +text ' <<< "$output"
	grep -Eq '^status +draft, review, published, archived ' <<< "$output"
	run kb schema --fields kb
	grep -Eq '^name +text or map ' <<< "$output"
	run kb schema --fields output/link
	assert_status 2
	assert_output_has "has no fields to list"
	run kb schema --fields artikel
	assert_status 2
	assert_output_has "did you mean 'article'"
}

@test "limits and their defaults are as documented" {
	command -v jq >/dev/null || skip "no jq"
	kb schema kb | jq -r '.properties.limits.properties | to_entries[]
		| "| `\(.key)` | \(.value.default) |"' >limits
	[ "$(wc -l <limits)" -ge 4 ]
	while read -r row; do
		grep -qF "$row" "$ROOT/docs/configuration.md" || { echo "not there: $row"; false; }
	done <limits
}

@test "rules that the documentation names are there" {
	local families='callout|image|issue|link|person|summary|translation|workflow'
	# The checks of kb audit are no rules.
	for rule in $(grep -ohE --exclude=audit.md "\`($families)(-[a-z]+)+\`" "$ROOT"/docs/*.md |
		tr -d '`' | sort -u); do
		kb explain "$rule" >/dev/null
	done
}

# A page without its fenced blocks.
prose() { # PAGE
	awk 'fence != "" { if ($0 == fence) fence = ""; next }
	match($0, /^ *```+/) { fence = substr($0, 1, RLENGTH); next }
	{ print }' "$1"
}

@test "links between pages of the documentation lead somewhere" {
	for page in "$ROOT"/docs/*.md; do
		while IFS='#' read -r file part; do
			[ -n "$file" ] || file=${page##*/}
			[ -e "$ROOT/docs/$file" ] || { echo "$page: $file"; false; }
			[ -z "$part" ] || grep -E '^#+ ' "$ROOT/docs/$file" |
				sed -E 's/^#+ //; s/[^A-Za-z0-9 _-]//g; s/ /-/g' |
				tr 'A-Z' 'a-z' | grep -qxF "$part" || { echo "$page: $file#$part"; false; }
		done < <(prose "$page" | sed 's/`[^`]*`//g' |
			grep -oE '\]\([^):]+\)' | sed -E 's/^\]\(//; s/\)$//')
	done
}

# The built-in theme: strings in step, nothing inline, and small.

setup() {
	load helper
	kb_setup
	theme=$BATS_TEST_DIRNAME/../../src/site/theme
	contract=$BATS_TEST_DIRNAME/../../docs/theming.md
}

# Each key of a strings file with its arguments, sorted; not what stands under 'informal'.
keys() { # LOCALE
	sed '/^informal:/,$d' "$theme/strings/$1.yaml" | grep -E '^[a-z]' |
		while IFS=: read -r key text; do
			echo "$key" $(grep -oE '\{[0-9]+' <<<"$text" | sort -u)
		done | sort
}

@test "each language has every string, with the same arguments" {
	keys en >"$BATS_TEST_TMPDIR/en"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/en")" -gt 100 ]
	for locale in de hu fr es; do
		keys "$locale" | diff "$BATS_TEST_TMPDIR/en" -
	done
}

@test "an informal string is one that there is formally" {
	for file in "$theme"/strings/*.yaml; do
		for key in $(sed '1,/^informal:/d' "$file" | grep -oE '^  [a-z_0-9]+:'); do
			grep -q "^$key " "$file"
		done
	done
}

@test "templates use no string that there is not" {
	for key in $(grep -ohE '\{t\.[a-z_0-9]+' "$theme"/templates/*.mustache | sort -u); do
		grep -q "^${key#\{t.}:" "$theme/strings/en.yaml" || { echo "$key"; false; }
	done
}

@test "templates include no partial that there is not" {
	for name in $(grep -ohE '\{\{> [a-z-]+' "$theme"/templates/*.mustache | cut -d' ' -f2 | sort -u); do
		[ -f "$theme/templates/$name.mustache" ] || { echo "$name"; false; }
	done
}

@test "the contract lists each string and names each template" {
	for key in $(keys en | cut -d' ' -f1); do
		grep -qF "| \`$key\` |" "$contract" || { echo "$key"; false; }
	done
	for file in "$theme"/templates/*.mustache; do
		grep -qF "\`$(basename "$file" .mustache)\`" "$contract" || { echo "$file"; false; }
	done
}

@test "nothing in a template is inline" {
	run grep -nE ' (style|on[a-z]+)=|<style|<script>|javascript:' "$theme"/templates/*.mustache
	[ "$status" -eq 1 ] || { echo "$output"; false; }
}

@test "nothing comes from elsewhere" {
	run grep -nE '@import|url\([^"]|url\("[^d]|src="https?:' "$theme"/*.css "$theme"/templates/*.mustache
	[ "$status" -eq 1 ] || { echo "$output"; false; }
}

@test "style sheet and script are small" {
	[ "$(wc -c <"$theme/style.css")" -le 23552 ]
	[ "$(wc -c <"$theme/script.js")" -le 10240 ]
	[ "$(wc -c <"$theme/guide.css")" -le 12288 ]
	[ "$(wc -c <"$theme/guide.js")" -le 18432 ]
	[ "$(wc -c <"$theme/zoom.js")" -le 6144 ]
	[ "$(wc -c <"$theme/lost.js")" -le 3072 ]
	[ "$(wc -c <"$theme/reply.js")" -le 10240 ]
}

@test "built-in files are published without comments, your own as they are" {
	kb_sample "$TMP/s"
	cd "$TMP/s"
	kb publish -q --out public
	run grep -hE '^(//| )|/\*' public/assets/script.*.js public/assets/guide.*.js public/assets/search.*.js public/assets/style.*.css
	[ "$status" -eq 1 ] || { echo "$output"; false; }
	mkdir theme
	printf '  // mine\n  const x = 1;\n' >theme/script.js
	kb publish -q --out public
	cmp theme/script.js public/assets/script.*.js
}

@test "the table of data has all that built-in templates use, and the contract all of the table" {
	kb_sample "$TMP/s"
	cd "$TMP/s"
	kb publish -q --eject-theme
	kb validate -q --no-cache
	sed '/^[a-zA-Z"0-9#]/!s/#.*//' "$BATS_TEST_DIRNAME/../../src/site/data/templates.yaml" |
		grep -oE '[a-z_]+: (S|H|N|B|O|L|Block)\b' | cut -d: -f1 | sort -u |
		while read -r key; do
			grep -qE "\b$key\b" "$contract" || { echo "$key"; exit 1; }
		done
}

@test "another built-in look is a few files in theme/, which fit" {
	kb_sample "$TMP/s"
	cd "$TMP/s"
	kb publish -q --eject-theme --look paper
	[ "$(find theme -type f | sort | tr '\n' ' ')" = "theme/brand.css theme/templates/home.mustache " ]
	kb validate -q --no-cache
	kb publish -q --out public
	grep -q 'class="paper-index"' public/en/index.html
	cat public/assets/style.*.css | grep -q paper-title
	run kb publish --eject-theme --look papre
	[ "$status" -eq 2 ]
	[[ $output == *"there is no look 'papre'"* ]]
	run kb publish --look paper
	[ "$status" -eq 2 ]
	[ ! -e theme/style.css ]
}

@test "the contract describes each design token" {
	for token in $(grep -ohE -e '^  --kb-[a-z-]+:' "$theme"/*.css | tr -d ' :' | sort -u); do
		grep -qF "\`$token\`" "$contract" || { echo "$token"; false; }
	done
}

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

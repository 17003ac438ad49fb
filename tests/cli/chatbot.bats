# What a chatbot learns from a site's data alone (docs/api.md).
load helper

setup() {
	kb_setup
	export SOURCE_DATE_EPOCH=1796083200 # 2026-12-01
}

@test "a chatbot finds the right answers below api/v1/ alone" {
	cp -R "$ROOT/content-example" example
	git init -q example && git -C example add -A && git -C example commit -qm one
	kb -C example publish -q --out "$TMP/public"
	kb -C example publish -q --audience agents --drafts --out "$TMP/agents"
	# Pages are out of its reach.
	mkdir -p "$TMP/bot/public" "$TMP/bot/agents"
	mv "$TMP/public/api" "$TMP/bot/public" && mv "$TMP/agents/api" "$TMP/bot/agents"
	run python3 "$ROOT/tests/tools/chatbot.py" "$TMP/bot/agents" "$TMP/bot/public" \
		"$(git hash-object example/hu/articles/care/descale.md)"
	echo "$output"
	[ "$status" -eq 0 ]
}

# tests/leak is a help center in which every word that begins with QZX is for agents, or
# for nobody. It stands wherever something can be written: no byte of a site for the
# public holds one. Words that agents must find are looked for, too, so that it is known
# that they stand where they would be seen.
load helper

setup() {
	kb_setup
	cp -R "$ROOT/tests/leak" content
	mv content/nowhere.txt nowhere
	mkdir -p content/en/img content/en/files
	for name in picture reference inlist defined agents step deeper mixed draft review later past; do
		printf '\x89PNG QZX%spixels\n' "$name" >"content/en/img/qzx$name.png"
	done
	cp "$ROOT/tests/leak/en/files/open.txt" content/en/img/twin.png
	cp content/en/img/twin.png content/en/img/qzxtwin.png
	for name in form only hidden draft review later past; do
		printf '%%PDF QZX%spdf\n' "$name" >"content/en/files/qzx$name.pdf"
	done
}

publish() { # AUDIENCE OPTION...
	local audience=$1
	shift
	kb publish -C content -q --allow-broken --audience "$audience" --out "$TMP/$audience" \
		"$@" 2>errors || [ $? -eq 1 ]
}

# The marked words of all bytes and names below a folder, in lower case.
marks() { # FOLDER
	{ grep -rohai 'qzx[a-z0-9]*' "$1"; (cd "$1" && find . | grep -oi 'qzx[a-z0-9]*'); } |
		tr '[:upper:]' '[:lower:]' | sort -u
}

holds_no_mark() { # FOLDER
	[ "$(find "$1" -name index.html | wc -l)" -gt 30 ]
	grep -rq 'A footnote for all' "$1"
	grep -rq 'From a snippet' "$1"
	marks "$1" >found
	[ ! -s found ] || { cat found; grep -rlai qzx "$1"; false; }
}

@test "the public site holds no byte that is for agents" {
	publish public
	holds_no_mark "$TMP/public"
	for file in sitemap.xml 404.html llms.txt robots.txt _redirects redirects.map; do
		[ -s "$TMP/public/$file" ]
	done
	grep -q 'A workflow for all' "$TMP/public/sitemap.xml" "$TMP/public/llms.txt"
}

@test "nor does it with another base, without, in one locale, or after one for agents" {
	publish public --base-url http://localhost:8000/QZ-X/
	holds_no_mark "$TMP/public"
	sed -i '/^base_url/d' content/kb.yaml
	publish public --locale de
	marks "$TMP/public" >found
	[ ! -s found ]
	publish agents
	mv "$TMP/agents" "$TMP/public.again"
	kb publish -C content -q --allow-broken --out "$TMP/public.again" 2>errors || [ $? -eq 1 ]
	holds_no_mark "$TMP/public.again"
}

@test "partners get what is for them, and nothing of the agents'" {
	publish partners
	marks "$TMP/partners" >found
	diff - found <<-END
		qzxpartners
		qzxpartnerstext
		qzxpartnerstitle
		qzxslug
	END
}

# Of the words in the content, those that agents do not find: what is only searched for,
# what is not published, comments, mistyped blocks.
@test "agents find what is theirs" {
	publish agents
	marks content >all
	marks "$TMP/agents" >found
	comm -23 all found | grep -vE '^qzx(draft|review|later|past|austrian)' >missing
	diff nowhere missing
}

@test "a page that is no longer for the public goes, though its document is broken" {
	publish public
	[ -f "$TMP/public/en/articles/linking/index.html" ]
	sed -i 's/^owner: anna/owner: nobody\naudience: agents/' content/en/articles/linking.md
	publish public
	[ ! -e "$TMP/public/en/articles/linking/index.html" ]
	sed -i 's/^owner: anna/owner: nobody\nstatus: draft/' content/en/articles/mistyped.md
	publish public
	[ ! -e "$TMP/public/en/articles/mistyped/index.html" ]
}

# What `make install` puts where, and that it can be used and removed.
load helper

setup() {
	kb_setup
	PLACE=$TMP/place
	unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES
}

run_make() {
	make -s -C "$ROOT" BUILD="${BUILD:-build}" DESTDIR="$PLACE" PREFIX=/usr "$@"
}

@test "install, use, uninstall" {
	run_make install
	"$PLACE/usr/bin/kb" --version
	"$PLACE/usr/bin/kb" init -q site
	"$PLACE/usr/bin/kb" -C site validate -q
	for file in share/man/man1/kb.1 share/man/man1/kb-publish.1 share/kb/schemas/kb.json \
		share/bash-completion/completions/kb share/zsh/site-functions/_kb \
		share/fish/vendor_completions.d/kb.fish include/kb/library.h lib/libkb.a; do
		[ -s "$PLACE/usr/$file" ] || { echo "$file"; false; }
	done
	refute grep -rlI "$PLACE" "$PLACE/usr/lib/pkgconfig" "$PLACE/usr/share"
	run_make uninstall
	[ -z "$(find "$PLACE" ! -type d)" ]
	[ ! -e "$PLACE/usr/share/kb" ]
}

@test "a program of ten lines uses the installed library" {
	[[ ${BUILD:-} != *sanitize* ]] || skip "this build's library needs the sanitizers"
	run_make install
	kb init -q site
	cat >count.c <<-'END'
		#include <stdio.h>
		#include <kb/library.h>
		int main(int argc, char **argv)
		{
			struct kb_library_options options = {.threads = 1};
			struct kb_source *source;
			struct kb_library *lib;
			struct kb_diags diags;
			struct kb_error err;

			kb_diags_init(&diags, NULL);
			if (argc < 2 || kb_source_open(&source, argv[1], NULL, NULL, &err) ||
				kb_library_load(&lib, source, &options, &diags, &err))
				return 1;
			printf("%u documents\n", lib->ndocs);
			kb_library_free(lib);
			kb_diags_dispose(&diags);
			kb_source_free(source);
			return 0;
		}
	END
	export PKG_CONFIG_PATH=$PLACE/usr/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=
	flags=$(pkg-config --define-variable=prefix="$PLACE/usr" --cflags --libs kb)
	${CC:-cc} -std=c11 -o count count.c $flags
	run ./count site
	assert_status 0
	[ "$output" = "5 documents" ]
}

@test "the archive holds what it takes to build, and no more" {
	git -C "$ROOT" rev-parse HEAD >/dev/null 2>&1 || skip "not in a Git checkout"
	run_make BUILD="$TMP/dist" dist
	tar -tzf "$TMP"/dist/kb-*.tar.gz >list
	for file in Makefile README.md LICENSE cmd/main.c tools/embed completions/_kb \
		src/site/theme/style.css content-example/kb.yaml; do
		grep -q "^kb-[0-9.]*/$file\$" list || { echo "$file"; false; }
	done
	refute grep -E '/(build|\.git)/' list
}

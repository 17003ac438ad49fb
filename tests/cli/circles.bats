# tools/check-circles, on objects made here.

load helper

setup() {
	kb_setup
}

object() { # NAME CODE
	mkdir -p "build/$(dirname "$1")"
	echo "$2" | ${CC:-cc} -x c -c -o "build/$1.o" -
}

check() {
	run "$ROOT/tools/check-circles" build $(find build -name '*.o' | sort)
}

@test "files that need each other are an error, which names the way round" {
	# a needs b needs c needs a; d needs a, b needs a leaf; e and f need each other.
	object x/a 'void b(void); void a(void) { b(); }'
	object x/b 'extern int leaf; void c(void); void b(void) { leaf = 0; c(); }'
	object y/leaf 'int leaf;'
	object y/c 'void a(void); void c(void) { a(); }'
	object y/d 'void a(void); void d(void) { a(); }'
	object e 'extern int f; int e(void) { return f; }'
	object f 'int e(void); int f; int g(void) { return e(); }'
	check
	assert_status 1
	[ "$output" = 'check-circles: files need each other: e.c f.c
  e.c uses f of f.c
  f.c uses e of e.c
check-circles: files need each other: x/a.c x/b.c y/c.c
  x/a.c uses b of x/b.c
  x/b.c uses c of y/c.c
  y/c.c uses a of x/a.c' ]
}

@test "a file that calls itself, and names of a file's own, are no circle" {
	object a 'int f(void); int a(void) { return f() + a(); }'
	object b 'int puts(const char *); int f(void) { return puts(""); }'
	object c 'int a(void); static int f(void) { return 1; } int c(void) { return f() + a(); }'
	check
	assert_status 0
	[ -z "$output" ]
}

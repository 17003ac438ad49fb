# tools/check-circles, on objects made here.

load helper

setup() {
	kb_setup
	: >allowed
}

object() { # NAME CODE
	mkdir -p "build/$(dirname "$1")"
	echo "$2" | ${CC:-cc} -x c -c -o "build/$1.o" -
}

check() { # [--list]
	run "$ROOT/tools/check-circles" "$@" build allowed $(find build -name '*.o' | sort)
}

# a needs b needs c needs a; d needs a; e and f need each other by a variable.
circles() {
	object x/a 'void b(void); void a(void) { b(); }'
	object x/b 'void c(void); void b(void) { c(); }'
	object y/c 'void a(void); void c(void) { a(); }'
	object y/d 'void a(void); void d(void) { a(); }'
	object e 'extern int f; int e(void) { return f; }'
	object f 'int e(void); int f; int g(void) { return e(); }'
}

@test "files that need each other are an error, which names the way round" {
	circles
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

@test "circles that are allowed are none, and the list is what --list prints" {
	circles
	check --list
	assert_status 0
	[ "$output" = $'e.c f.c\nx/a.c x/b.c y/c.c' ]
	echo "$output" >allowed
	check
	assert_status 0
	[ -z "$output" ]
}

@test "a circle that is gone, or has fewer files or more, is an error" {
	circles
	check --list
	echo "$output" >allowed
	object f 'int f;'
	check
	assert_status 1
	[ "$output" = 'check-circles: allowed has a circle that is not there: e.c f.c' ]
	object f 'int e(void); int f; int g(void) { return e(); }'
	object x/b 'void d(void); void c(void); void b(void) { c(); d(); }'
	check
	assert_status 1
	assert_output_has 'files need each other: x/a.c x/b.c y/c.c y/d.c'
	assert_output_has 'not there: x/a.c x/b.c y/c.c'
}

@test "a file that calls itself, and names of a file's own, are no circle" {
	object a 'static int f(void) { return 1; } int h(void); int g(void) { return f() + h(); }'
	object b 'int f(void) { return 2; } int h(void) { return f() + h(); }'
	check
	assert_status 0
	[ -z "$output" ]
}

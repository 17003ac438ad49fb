/* What every unit test includes: cmocka and a few short hands. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "kb/str.h"

/* Fails with both strings when S is not CSTR. */
#define assert_str(s, cstr)                                                              \
	do {                                                                             \
		kb_str unit_s_ = (s);                                                    \
		const char *unit_c_ = (cstr);                                            \
		if (!kb_str_is(unit_s_, unit_c_))                                        \
			fail_msg("\"%.*s\" is not \"%s\"", KB_ARG(unit_s_), unit_c_);    \
	} while (0)

#endif

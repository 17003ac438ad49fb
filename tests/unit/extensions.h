/*
 * For tests that open repositories with extensions: libgit2 1.5 loses memory then (see
 * tests/lsan.supp), and only a whole stack shows that it was libgit2.
 */
#ifndef EXTENSIONS_H
#define EXTENSIONS_H

#ifdef __SANITIZE_ADDRESS__
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:git_config_foreach_match";
}

const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "fast_unwind_on_malloc=0";
}
#endif

#endif

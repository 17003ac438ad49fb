#include "unit.h"

#include "kb/mem.h"
#include "kb/name.h"

static const char *fault_of(kb_str path)
{
	kb_str part;

	return kb_path_fault(path, &part);
}

static void names_that_are_fine(void **state)
{
	static const char *const paths[] = {"en/articles/descale", "index.html", "a",
		".well-known/security.txt", ".net", "gift", "git", "console", "auxiliary",
		"com", "com10", "lpt", "nula", "con-1", "x.con", "a.b.c", "-rf", "~",
		"a b", " a", "größe/ほ/é", "100%", "it's", "a&b;c", "{x}", "#", "git1~",
		"kb", "ht", "a..b", "...a"};

	(void)state;
	for (size_t i = 0; i < KB_LEN(paths); i++)
		if (fault_of(kb_str_of(paths[i])))
			fail_msg("%s: %s", paths[i], fault_of(kb_str_of(paths[i])));
}

static void dangerous_names(void **state)
{
	static const struct {
		const char *path, *part, *why;
	} cases[] = {{"", "", "empty"}, {"/a", "", "empty"}, {"a//b", "", "empty"},
		{"a/", "", "empty"}, {".", ".", "another folder"},
		{"../x", "..", "another folder"}, {"a/../x", "..", "another folder"},
		{".git", ".git", "reserves"}, {"a/.GIT/config", ".GIT", "reserves"},
		{".gitmodules", ".gitmodules", "reserves"},
		{".g\u200cit", ".g\u200cit", "reserves"},
		{"\ufeff.git", "\ufeff.git", "reserves"},
		{".gi\u200dT\u202e", ".gi\u200dT\u202e", "reserves"},
		{".\u2060git", ".\u2060git", "reserves"}, {"git~1", "git~1", "reserves"},
		{"GIT~2/x", "GIT~2", "reserves"}, {".kb-site", ".kb-site", "reserves"},
		{".KB-tmp/x", ".KB-tmp", "reserves"},
		{".kbignore", ".kbignore", "reserves"},
		{".htaccess", ".htaccess", "reserves"},
		{".git::$INDEX_ALLOCATION", ".git::$INDEX_ALLOCATION", "characters"},
		{".git.", ".git.", "dot or a space"}, {"con", "con", "device"},
		{" con", " con", "device"}, {"en/Con.html", "Con.html", "device"},
		{"aux.tar.gz", "aux.tar.gz", "device"},
		{"nul .txt", "nul .txt", "device"}, {"PRN", "PRN", "device"},
		{"com1", "com1", "device"}, {"Lpt9.x", "Lpt9.x", "device"},
		{"com0", "com0", "device"}, {"com²", "com²", "device"},
		{"c\u200bon", "c\u200bon", "device"}, {"conin$", "conin$", "device"},
		{"CONOUT$.a", "CONOUT$.a", "device"}, {"a.", "a.", "dot or a space"},
		{"a /b", "a ", "dot or a space"}, {"a...", "a...", "dot or a space"},
		{"a\tb", "a\tb", "control"}, {"a\n", "a\n", "control"},
		{"\x7f", "\x7f", "control"}, {"\xc2\x85", "\xc2\x85", "control"},
		{"r\xe9sum\xe9", "r\xe9sum\xe9", "UTF-8"},
		{"\xed\xa0\x80", "\xed\xa0\x80", "UTF-8"}, {"a\\b", "a\\b", "characters"},
		{"x/a:b/c", "a:b", "characters"}, {"<", "<", "characters"},
		{">", ">", "characters"}, {"|", "|", "characters"},
		{"a?", "a?", "characters"}, {"*", "*", "characters"},
		{"\"", "\"", "characters"}};

	(void)state;
	for (size_t i = 0; i < KB_LEN(cases); i++) {
		kb_str part;
		const char *why = kb_path_fault(kb_str_of(cases[i].path), &part);

		if (!why || !strstr(why, cases[i].why))
			fail_msg("%s: %s", cases[i].path, why ? why : "fine");
		assert_str(part, cases[i].part);
	}
}

static void lengths(void **state)
{
	char path[KB_PATH_BYTES_MAX + 2];

	(void)state;
	memset(path, 'a', sizeof(path));
	assert_null(fault_of((kb_str){path, 255}));
	assert_non_null(strstr(fault_of((kb_str){path, 256}), "255 bytes"));
	for (size_t i = 255; i < sizeof(path); i += 256)
		path[i] = '/';
	assert_null(fault_of((kb_str){path, KB_PATH_BYTES_MAX}));
	assert_non_null(
		strstr(fault_of((kb_str){path, KB_PATH_BYTES_MAX + 1}), "a path"));
	assert_non_null(fault_of(KB_STR("a\0b")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_are_fine),
		cmocka_unit_test(dangerous_names),
		cmocka_unit_test(lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

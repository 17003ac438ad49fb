#include "scratch.h"

#include "kb/source.h"

#define OID "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393"
#define VERSION "version https://git-lfs.github.com/spec/v1\n"

static void reads(struct kb_source *source, const char *path, const char *want)
{
	struct kb_reader *reader = kb_reader_new(source);
	_cleanup_buf_ kb_buf out = {0};
	struct kb_error err = {0};

	kb_buf_puts(&out, "kept ");
	if (kb_reader_read(reader, kb_str_of(path), 0, &out, &err) == 0) {
		assert_true(kb_str_starts(kb_buf_view(&out), KB_STR("kept ")));
		assert_str(kb_str_sub(kb_buf_view(&out), 5, out.len), want);
	} else {
		if (err.code != KB_E_LFS || *want)
			fail_msg("%s: code %d: %s", path, err.code, err.message);
		assert_non_null(strstr(err.message, "git lfs pull"));
		assert_str(kb_buf_view(&out), "kept ");
	}
	kb_reader_free(reader);
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(scratch_path("%s", path), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static struct kb_source *open_source(const char *rev)
{
	struct kb_source *source = NULL;
	struct kb_error err = {0};

	if (kb_source_open(&source, scratch_path("root"), rev, NULL, &err) < 0)
		fail_msg("%s", err.message);
	return source;
}

static void pointers(void **state)
{
	static const char *const texts[] = {VERSION "oid sha256:" OID "\nsize 12345\n",
		VERSION "oid sha256:" OID "\nsize 12345",
		VERSION "ext-0-foo sha256:" OID "\noid sha256:" OID "\nsize 0\n",
		"version https://hawser.github.com/spec/v1\noid sha256:" OID "\nsize 1\n",
		"version http://git-media.io/v/2\noid sha256:" OID "\nsize 1\n",
		"version https://git-lfs.github.com/spec/v1\r\noid sha256:" OID
		"\r\nsize 9\r\n"};
	struct kb_source *source;

	(void)state;
	scratch_run("rm -rf root; mkdir root; touch root/kb.yaml");
	source = open_source(NULL);
	for (size_t i = 0; i < KB_LEN(texts); i++) {
		write_file("root/a.png", texts[i]);
		reads(source, "a.png", "");
	}
	kb_source_free(source);
}

static void other_texts(void **state)
{
	static const char *const texts[] = {VERSION, VERSION "oid sha256:" OID "\n",
		VERSION "size 3\n", " " VERSION "oid sha256:" OID "\nsize 3\n",
		"oid sha256:" OID "\nsize 3\n",
		"version https://example.org/spec/v1\noid sha256:" OID "\nsize 3\n",
		VERSION
		"oid sha256:../../../../../../../../../../../../../../../../../../"
		"../../../x\nsize 3\n",
		VERSION "oid sha256:" OID "0\nsize 3\n",
		VERSION
		"oid sha256:4D7A214614AB2935C943F9E0FF69D22EADBB8F32B1258DAAA5E2CA24"
		"D17E2393\nsize 3\n",
		VERSION "oid sha256:" OID "\nsize x\n",
		VERSION "oid sha256:" OID "\nsize\n"};
	struct kb_source *source;
	char text[1200];

	(void)state;
	scratch_run("rm -rf root; mkdir root; touch root/kb.yaml");
	source = open_source(NULL);
	for (size_t i = 0; i < KB_LEN(texts); i++) {
		write_file("root/a.png", texts[i]);
		reads(source, "a.png", texts[i]);
	}
	/* A pointer has fewer than 1024 bytes. */
	for (int len = 1023; len <= 1024; len++) {
		snprintf(text, sizeof(text), "%soid sha256:%s\nsize 3\n%*s", VERSION, OID,
			len - 43 - 76 - 7, "");
		assert_int_equal(strlen(text), len);
		write_file("root/a.png", text);
		reads(source, "a.png", len == 1023 ? "" : text);
	}
	kb_source_free(source);
}

/* What Git LFS fetched is taken, in the work tree and for a revision alike. */
static void fetched(void **state)
{
	struct kb_source *source;

	(void)state;
	scratch_run("rm -rf root; mkdir root; cd root; git init -q; touch kb.yaml");
	write_file("root/a.png", VERSION "oid sha256:" OID "\nsize 7\n");
	scratch_run("cd root; git add .; git commit -qm one");
	for (int i = 0; i < 2; i++) {
		source = open_source(i ? "HEAD" : NULL);
		scratch_run("rm -rf root/.git/lfs");
		reads(source, "a.png", "");
		scratch_run("mkdir -p root/.git/lfs/objects/4d/7a;"
			    "printf content >root/.git/lfs/objects/4d/7a/" OID);
		reads(source, "a.png", "content");
		/* Not all of it. */
		scratch_run("printf conten >root/.git/lfs/objects/4d/7a/" OID);
		reads(source, "a.png", "");
		kb_source_free(source);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pointers),
		cmocka_unit_test(other_texts),
		cmocka_unit_test(fetched),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}

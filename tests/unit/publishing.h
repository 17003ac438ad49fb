/* Content written into a folder of the test's own, and published from there. */
#ifndef PUBLISHING_H
#define PUBLISHING_H

#include <dirent.h>
#include <sys/stat.h>

#include "kb/file.h"
#include "kb/site.h"
#include "scratch.h"

static inline void put(const char *path, const char *text)
{
	struct kb_error err;

	if (kb_file_write(scratch_path("%s", path), kb_str_of(text), &err) < 0)
		fail_msg("%s", err.message);
}

static inline bool has_file(const char *path)
{
	struct stat st;

	return stat(scratch_path("%s", path), &st) == 0;
}

/* The file's text; the last four stay valid. */
static inline const char *text_of(const char *path)
{
	static kb_buf texts[4];
	static unsigned next;
	kb_buf *buf = &texts[next++ % 4];
	struct kb_error err;

	kb_buf_clear(buf);
	if (kb_file_read(scratch_path("%s", path), 0, buf, &err) < 0)
		fail_msg("%s", err.message);
	return buf->data;
}

static inline bool holds(const char *path, const char *part)
{
	return strstr(text_of(path), part) != NULL;
}

#define assert_holds(path, part)                                                         \
	do {                                                                             \
		if (!holds(path, part))                                                  \
			fail_msg("%s lacks: %s\n%s", path, part, text_of(path));         \
	} while (0)
#define assert_lacks(path, part)                                                         \
	do {                                                                             \
		if (holds(path, part))                                                   \
			fail_msg("%s holds: %s\n%s", path, part, text_of(path));         \
	} while (0)

struct publishing {
	unsigned audience;
	const char *out;
	bool allow_broken, drafts, clean, dry_run;
	unsigned threads;
	const kb_strs *locales;
	bool quiet; /* failing is expected: the error is kept */
	struct kb_error error;
	struct kb_publish_report report;
	size_t errors; /* findings of severity error, reading and publishing */
};

/* Loads the content of the folder and publishes it; findings of reading count as
 * validation's. */
static inline int publish(struct publishing *p)
{
	struct kb_library_options loading = {.threads = 2, .now = 1795305600};
	struct kb_publish_options options = {.audience = p->audience,
		.locales = p->locales,
		.drafts = p->drafts,
		.clean = p->clean,
		.dry_run = p->dry_run,
		.allow_broken = p->allow_broken,
		.threads = p->threads};
	char *out = kb_xstrndup(
		scratch_path("%s", p->out), strlen(scratch_path("%s", p->out)));
	struct kb_source *source;
	struct kb_library *lib = NULL;
	struct kb_diags diags, more;
	int status;

	kb_diags_init(&diags, NULL);
	kb_diags_init(&more, NULL);
	options.out = out;
	options.findings = &diags;
	status = kb_source_open(&source, scratch_dir, NULL, NULL, &p->error);
	if (status == 0)
		status = kb_library_load(&lib, source, &loading, &diags, &p->error);
	if (status == 0)
		status = kb_publish(lib, &options, &p->report, &more, &p->error);
	p->errors = kb_diags_count(&diags, KB_ERROR) + kb_diags_count(&more, KB_ERROR);
	for (size_t i = 0; status < 0 && !p->quiet && i < diags.len; i++)
		print_message("%.*s: %.*s\n", KB_ARG(diags.items[i].path),
			KB_ARG(diags.items[i].message));
	if (status < 0 && !p->quiet)
		fail_msg("%s", p->error.message);
	kb_diags_dispose(&more);
	kb_diags_dispose(&diags);
	kb_library_free(lib);
	kb_source_free(source);
	free(out);
	return status;
}

#endif

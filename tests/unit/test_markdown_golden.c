/* Compares each tests/markdown/x.md with x.html, x.txt and x.facts beside it. KB_UPDATE=1
 * writes them again. */
#include "markdown_help.h"

#include <dirent.h>
#include <stdlib.h>

#include "kb/file.h"

#define FOLDER "tests/markdown"

static bool hook_link(void *ctx, kb_str dest, bool image, struct kb_md_href *out)
{
	(void)ctx;
	out->external = kb_str_starts(dest, KB_STR("http"));
	if (image && kb_str_is(dest, "i.png")) {
		out->width = 640;
		out->height = 480;
	}
	if (kb_str_is(dest, "b.md"))
		out->lang = KB_STR("de");
	if (kb_str_is(dest, "f.md"))
		out->cls = KB_STR("kb-x");
	return !kb_str_is(dest, "e.md");
}

static bool hook_fence(void *ctx, kb_str lang, kb_str title, kb_str code, kb_buf *out)
{
	(void)ctx;
	(void)code;
	if (!kb_str_is(lang, "dot"))
		return false;
	kb_buf_fmt(out, "<svg data-trusted><title>%.*s</title></svg>\n", KB_ARG(title));
	return true;
}

static const struct kb_md_hooks hooks = {
	.link = hook_link, .variable = help_variable, .fence = hook_fence};

static void range_add(kb_buf *out, kb_str text, kb_range range)
{
	kb_str s = kb_str_sub(text, range.off, range.off + range.len);

	kb_buf_fmt(out, " @%u '%.*s'\n", range.off,
		(int)kb_str_sub(s, 0, kb_str_chr(s, '\n')).len, s.data);
}

static void facts_add(kb_buf *out, struct help_text *t, kb_str text)
{
	const struct kb_md_facts *f = &t->facts;

	for (uint32_t i = 0; i < f->nheadings; i++) {
		kb_buf_fmt(out, "heading %u %s%.*s '%.*s'", f->headings[i].level,
			f->headings[i].explicit_id ? "!" : "#", KB_ARG(f->headings[i].id),
			KB_ARG(f->headings[i].text));
		range_add(out, text, f->headings[i].range);
	}
	for (uint32_t i = 0; i < f->nlinks; i++) {
		kb_buf_fmt(out, "link %u%s '%.*s' '%.*s'", f->links[i].kind,
			f->links[i].has_alt ? " alt" : "", KB_ARG(f->links[i].dest),
			KB_ARG(f->links[i].text));
		range_add(out, text, f->links[i].range);
	}
	for (uint32_t i = 0; i < f->nanchors; i++) {
		kb_buf_fmt(out, "anchor '%.*s'", KB_ARG(f->anchors[i].id));
		range_add(out, text, f->anchors[i].range);
	}
	for (uint32_t i = 0; i < f->nrefs; i++) {
		kb_buf_fmt(out, "%s '%.*s' section %u",
			f->refs[i].kind == KB_REF_INCLUDE ? "include" : "variable",
			KB_ARG(f->refs[i].name), f->refs[i].section);
		range_add(out, text, f->refs[i].range);
	}
	for (uint32_t i = 0; i < f->nfences; i++) {
		kb_buf_fmt(out, "fence %.*s '%.*s'", KB_ARG(f->fences[i].lang),
			KB_ARG(f->fences[i].title));
		range_add(out, text, f->fences[i].range);
	}
	for (uint32_t i = 0; i < f->nsections; i++) {
		const struct kb_section *s = &f->sections[i];

		kb_buf_fmt(out, "section %d%s links %u-%u\n", (int)s->heading,
			s->empty ? " empty" : "", s->links_from, s->links_to);
		for (uint32_t k = 0; k < s->nitems; k++) {
			kb_buf_fmt(out, "  item %d '%.*s'", (int)s->items[k].link,
				KB_ARG(s->items[k].note));
			range_add(out, text, s->items[k].range);
		}
	}
	kb_buf_fmt(out, "lead '%.*s'\n", KB_ARG(f->lead));
	for (size_t i = 0; i < t->diags.len; i++) {
		kb_buf_fmt(out, "%s: %.*s", kb_rule_info(t->diags.items[i].rule)->id,
			KB_ARG(t->diags.items[i].message));
		range_add(out, text, t->diags.items[i].range);
	}
}

static void compare(const char *name, const char *suffix, const kb_buf *got)
{
	_cleanup_buf_ kb_buf want = {0};
	struct kb_error err;
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), FOLDER "/%.*s.%s", (int)strlen(name) - 3, name,
		suffix);
	if (getenv("KB_UPDATE")) {
		file = fopen(path, "wb");
		assert_non_null(file);
		fwrite(got->data, 1, got->len, file);
		fclose(file);
		return;
	}
	if (kb_file_read(path, 1 << 20, &want, &err))
		fail_msg("%s", err.message);
	if (!kb_str_eq(kb_buf_view(&want), kb_buf_view(got)))
		fail_msg("%s differs; it would be:\n%s", path, got->data);
}

static void check_file(const char *name)
{
	const struct kb_md_options options = {.section = KB_MD_ALL, .hooks = &hooks};
	_cleanup_buf_ kb_buf text = {0}, html = {0}, plain = {0}, facts = {0},
			     markdown = {0};
	struct kb_error err;
	struct help_text t;
	char path[512];

	snprintf(path, sizeof(path), FOLDER "/%s", name);
	if (kb_file_read(path, 1 << 20, &text, &err))
		fail_msg("%s", err.message);
	help_open(&t, text.data);
	assert_int_equal(kb_md_html(t.md, &options, &html, &err), 0);
	assert_int_equal(kb_md_text(t.md, &options, &plain, &err), 0);
	assert_int_equal(kb_md_markdown(t.md, &options, &markdown, &err), 0);
	kb_buf_putc(&plain, '\n');
	kb_buf_putc(&markdown, '\n');
	facts_add(&facts, &t, kb_buf_view(&text));
	compare(name, "html", &html);
	compare(name, "txt", &plain);
	compare(name, "facts", &facts);
	compare(name, "markdown", &markdown);
	help_close(&t);
}

static void goldens(void **state)
{
	DIR *folder = opendir(FOLDER);
	struct dirent *entry;
	int n = 0;

	(void)state;
	assert_non_null(folder);
	while ((entry = readdir(folder))) {
		if (!kb_str_ends(kb_str_of(entry->d_name), KB_STR(".md")))
			continue;
		check_file(entry->d_name);
		n++;
	}
	closedir(folder);
	assert_in_range(n, 7, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(goldens)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

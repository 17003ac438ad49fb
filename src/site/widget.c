#include "kb/value.h"
#include "values.h"

/* embed.js: the site's help in pages of other origins. Its name is stable, because those
 * pages have it in their HTML. */

/* Strings of the interface, and how the script calls them. */
static const struct {
	const char *name, *key;
} strings[] = {
	{"help", "embed_help"},
	{"tab", "embed_tab"},
	{"broken", "embed_failed"},
	{"off", "embed_no_search"},
	{"empty", "case_empty"},
	{"search", "search"},
	{"hint", "search_hint"},
	{"found", "search_found"},
	{"none", "search_none"},
	{"failed", "search_failed"},
	{"all", "search_all"},
};

static void add_locale(struct job *job, struct kb_value *locales)
{
	struct kb_value *map =
		kb_value_set_map(job->arena, locales, job->locale->code.data);

	v_str(job, map, "dir", job->locale->dir);
	for (size_t i = 0; i < KB_LEN(strings); i++)
		v_str(job, map, strings[i].name, string(job, strings[i].key));
}

static struct kb_value *about_value(const struct site *site)
{
	struct job job = {.site = site, .arena = site->arena};
	struct kb_value *root = v_map(&job);
	struct kb_value *locales = kb_value_set_map(site->arena, root, "locales");

	v_str(&job, root, "search", site->search_js);
	v_str(&job, root, "source", site->locales[site->source].code);
	for (uint32_t i = 0; i < site->nlocales; i++) {
		job.locale = &site->locales[i];
		add_locale(&job, locales);
	}
	return root;
}

int widget_write(struct site *site, struct kb_reader *reader, struct kb_error *err)
{
	_cleanup_buf_ kb_buf out = {0};

	if (!site->api)
		return 0;
	kb_buf_puts(&out, "(()=>{\n'use strict';\nconst about=");
	kb_value_json(about_value(site), KB_JSON_LINE, &out);
	kb_buf_puts(&out, ";\n");
	if (theme_script(site, reader, "embed.js", &out, err) < 0)
		return -1;
	kb_buf_puts(&out, "})()\n");
	return output_write(site->out, KB_STR("embed.js"), kb_buf_view(&out), OUTPUT_PAGE,
		KB_STR(""), err);
}

/* News as JSON and as an Atom feed (RFC 4287). */
#include "changes.h"

#include "kb/escape.h"
#include "kb/json.h"
#include "kb/unicode.h"

/* "2026-11-25T00:00:00Z" */
static kb_str stamp(struct kb_arena *arena, time_t t)
{
	char text[32];
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return kb_arena_str(arena, kb_str_of(text));
}

/* The name that its ids belong to: the public site's, or one that is nobody's. */
static kb_str host(const struct changes_report *report)
{
	kb_str url = report->lib->config->base_url;
	size_t at = kb_str_find(url, KB_STR("://")), end;

	if (at == SIZE_MAX)
		return KB_STR("kb.invalid");
	url = kb_str_sub(url, at + 3, url.len);
	for (end = 0; end < url.len && !strchr("/:?#", url.data[end]);)
		end++;
	return kb_str_sub(url, 0, end);
}

/* A tag: URI (RFC 4151) that stays. */
static kb_str tag(const struct changes_report *report, const struct kb_news_item *item)
{
	_cleanup_buf_ kb_buf key = {0};

	kb_buf_url_path(&key, item->key);
	return kb_arena_fmt(report->arena, "tag:%.*s,%.10s:%.*s", KB_ARG(host(report)),
		stamp(report->arena, item->updated).data, KB_ARG(kb_buf_view(&key)));
}

static void put_document(const struct changes_report *report, struct kb_json *json,
	const struct kb_document *doc)
{
	kb_str url = changes_url(report, doc);

	kb_json_object(json);
	kb_json_pair(json, "path", doc->path);
	kb_json_pair(json, "id", doc->id);
	kb_json_pair(json, "locale", report->lib->config->locales[doc->locale].code);
	kb_json_pair(json, "title",
		kb_library_expand(
			report->lib, report->arena, doc->facts->title, doc->locale));
	if (url.len)
		kb_json_pair(json, "url", url);
	kb_json_object_end(json);
}

void changes_json(const struct changes_report *report, kb_buf *out)
{
	struct kb_json json;

	kb_json_init(&json, out, true);
	kb_json_object(&json);
	kb_json_key(&json, "version");
	kb_json_int(&json, 1);
	kb_json_pair(&json, "since", report->since);
	kb_json_key(&json, "items");
	kb_json_array(&json);
	for (uint32_t i = 0; i < report->news->len; i++) {
		const struct kb_news_item *item = &report->news->items[i];

		kb_json_object(&json);
		kb_json_pair(&json, "id", tag(report, item));
		kb_json_pair(&json, "kind", kb_str_of(kb_news_kind_name(item->kind)));
		kb_json_pair(&json, "updated", stamp(report->arena, item->updated));
		kb_json_pair(&json, "title", changes_title(report, item));
		kb_json_pair(&json, "text", item->text);
		kb_json_pair(&json, "audience",
			report->lib->config->audiences[item->audience]);
		if (item->commit.len)
			kb_json_pair(&json, "commit", item->commit);
		if (item->variable.len && report->trusted)
			kb_json_pair(&json, "variable", item->variable);
		if (item->snippet && report->trusted)
			kb_json_pair(&json, "snippet", item->snippet->id);
		kb_json_key(&json, "documents");
		kb_json_array(&json);
		for (uint32_t k = 0; k < item->ndocs; k++)
			put_document(report, &json, item->docs[k]);
		kb_json_array_end(&json);
		kb_json_object_end(&json);
	}
	kb_json_array_end(&json);
	kb_json_object_end(&json);
	kb_buf_putc(out, '\n');
}

static void put_element(kb_buf *out, const char *name, kb_str text)
{
	kb_buf_fmt(out, "<%s>", name);
	kb_buf_xml(out, text);
	kb_buf_fmt(out, "</%s>\n", name);
}

static void put_entry(
	const struct changes_report *report, const struct kb_news_item *item, kb_buf *out)
{
	kb_str url = changes_url(report, item->docs[0]);

	kb_buf_puts(out, "<entry>\n");
	put_element(out, "id", tag(report, item));
	put_element(out, "title", changes_title(report, item));
	put_element(out, "updated", stamp(report->arena, item->updated));
	if (url.len) {
		kb_buf_puts(out, "<link rel=\"alternate\" href=\"");
		kb_buf_xml(out, url);
		kb_buf_puts(out, "\"/>\n");
	}
	kb_buf_puts(out, "<content type=\"text\" xml:lang=\"");
	kb_buf_xml(out, item->kind == KB_NEWS_NOTICE
				? report->lib->config->locales[item->docs[0]->locale].code
				: KB_STR("en"));
	kb_buf_puts(out, "\">");
	kb_buf_xml(out, item->text);
	kb_buf_puts(out, "</content>\n</entry>\n");
}

void changes_atom(const struct changes_report *report, kb_buf *out)
{
	const struct kb_config *config = report->lib->config;
	kb_str name = kb_l10n_get(config, &config->name, 0);
	time_t updated =
		report->news->len ? report->news->items[0].updated : report->from;

	kb_buf_puts(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
			 "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"");
	kb_buf_xml(out, config->locales[0].code);
	kb_buf_puts(out, "\">\n");
	put_element(out, "id",
		kb_arena_fmt(
			report->arena, "tag:%.*s,2026:changes", KB_ARG(host(report))));
	put_element(out, "title",
		kb_arena_fmt(report->arena, "%.*s: what changed", KB_ARG(name)));
	put_element(out, "updated", stamp(report->arena, updated));
	kb_buf_puts(out, "<author>");
	put_element(out, "name", name.len ? name : KB_STR("kb"));
	kb_buf_puts(out, "</author>\n");
	if (config->base_url.len) {
		kb_buf_puts(out, "<link rel=\"alternate\" href=\"");
		kb_buf_xml(out, config->base_url);
		kb_buf_puts(out, "/\"/>\n");
	}
	for (uint32_t i = 0; i < report->news->len; i++)
		put_entry(report, &report->news->items[i], out);
	kb_buf_puts(out, "</feed>\n");
}

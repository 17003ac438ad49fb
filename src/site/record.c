#include <inttypes.h>
#include <stdio.h>

#include "kb/hash.h"
#include "kb/value.h"
#include "site.h"

/* What a site shows of a document apart from its own page: in lists, topics, and links.
 * It is kept in the site's folder, so that a document that can no longer be read keeps
 * its place everywhere. It has nothing that the site does not show: each line has a hash
 * of the document's path and JSON. */

#define HEAD "kb-documents 1\n"

enum { PARTS_MAX = 4096, HEX = 16 };

const char *const status_words[] = {[KB_DRAFT] = "draft",
	[KB_REVIEW] = "review",
	[KB_PUBLISHED] = "published",
	[KB_ARCHIVED] = "archived"};

/* Headings and anchors that links lead to: each id with its audience. */
struct parts {
	const struct site *site;
	struct kb_arena *arena;
	struct kb_value *list;
	kb_map seen; /* ids, and paths of snippets */
};

static void put_part(struct parts *parts, kb_str id, unsigned audience)
{
	const struct site *site = parts->site;

	if (audience > site->audience || parts->seen.len >= PARTS_MAX ||
		kb_map_put(&parts->seen, id, parts))
		return;
	kb_value_push_str(parts->arena, parts->list, id);
	kb_value_push_str(parts->arena, parts->list, site->config->audiences[audience]);
}

static void put_headings(struct parts *parts, const struct kb_document *doc)
{
	for (uint32_t i = 0; i < doc->facts->body.nheadings; i++)
		put_part(parts, doc->facts->body.headings[i].id,
			doc->facts->body.headings[i].audience);
}

static unsigned stricter(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static void put_snippets(
	struct parts *parts, const struct kb_document *doc, unsigned least);

static void put_anchors(
	struct parts *parts, const struct kb_document *doc, unsigned least)
{
	for (uint32_t i = 0; i < doc->facts->body.nanchors; i++)
		put_part(parts, doc->facts->body.anchors[i].id,
			stricter(least, doc->facts->body.anchors[i].audience));
	put_snippets(parts, doc, least);
}

static void put_snippets(
	struct parts *parts, const struct kb_document *doc, unsigned least)
{
	for (uint32_t i = 0; i < doc->facts->body.nrefs; i++) {
		const struct kb_ref *ref = &doc->facts->body.refs[i];
		unsigned audience = stricter(least, ref->audience);
		const struct kb_document *snippet =
			ref->kind == KB_REF_INCLUDE && audience <= parts->site->audience
				? kb_library_snippet(
					  parts->site->lib, ref->name, doc->locale)
				: NULL;

		if (!snippet || parts->seen.len >= PARTS_MAX ||
			kb_map_put(&parts->seen, snippet->path, parts))
			continue;
		for (uint32_t k = 0; k < snippet->facts->body.nheadings; k++)
			put_part(parts, snippet->facts->body.headings[k].id,
				stricter(audience,
					snippet->facts->body.headings[k].audience));
		put_anchors(parts, snippet, audience);
	}
}

static void put_parts(const struct site *site, struct kb_arena *arena,
	struct kb_value *map, const struct kb_document *doc)
{
	struct parts parts = {.site = site, .arena = arena};

	parts.list = kb_value_set_list(arena, map, "headings");
	put_headings(&parts, doc);
	parts.list = kb_value_set_list(arena, map, "anchors");
	put_anchors(&parts, doc, 0);
	kb_map_dispose(&parts.seen);
}

static void put_issues(const struct site *site, struct kb_arena *arena,
	struct kb_value *map, const struct kb_document *doc)
{
	struct kb_value *list = kb_value_set_list(arena, map, "issues");

	for (size_t i = 0; i < doc->facts->issues.len; i++) {
		const struct kb_issue *issue = kb_taxonomy_find(
			site->lib->taxonomy, doc->facts->issues.items[i]);

		if (issue && !issue->retired && issue->audience <= site->audience)
			kb_value_push_str(arena, list, issue->id);
	}
}

static bool on_site(const struct site *site, kb_str id)
{
	const struct kb_family *family = kb_library_family(site->lib, id);

	for (uint32_t i = 0; family && i < site->nlocales; i++) {
		const struct kb_document *doc =
			plan_find(site, family, site->locales[i].index);

		if (doc && plan_original(site, doc))
			return true;
	}
	return false;
}

static void put_related(const struct site *site, struct kb_arena *arena,
	struct kb_value *map, const struct kb_document *doc)
{
	struct kb_value *list = kb_value_set_list(arena, map, "related");

	for (size_t i = 0; i < doc->facts->related.len; i++)
		if (on_site(site, doc->facts->related.items[i]))
			kb_value_push_str(arena, list, doc->facts->related.items[i]);
}

static struct kb_value *record_of(
	const struct site *site, struct kb_arena *arena, const struct kb_document *doc)
{
	const struct kb_facts *facts = doc->facts;
	struct kb_value *map = kb_value_map(arena);

	kb_value_set_str(arena, map, "id", doc->id);
	kb_value_set_str(arena, map, "address", doc->address);
	kb_value_set_str(arena, map, "type", kb_str_of(kb_type_name(facts->type)));
	kb_value_set_str(arena, map, "status", kb_str_of(status_words[facts->status]));
	kb_value_set_str(
		arena, map, "audience", site->config->audiences[facts->audience]);
	kb_value_set_opt(arena, map, "title", facts->title);
	kb_value_set_opt(arena, map, "summary", facts->summary);
	kb_value_set_opt(arena, map, "question", facts->question);
	if (on_site(site, facts->variant_of))
		kb_value_set_opt(arena, map, "variant_of", facts->variant_of);
	kb_value_set_bool(arena, map, "promoted", facts->promoted);
	kb_value_set_int(arena, map, "weight", facts->weight);
	if (doc->workflow)
		kb_value_set_int(arena, map, "steps", doc->workflow->nsteps);
	put_issues(site, arena, map, doc);
	kb_value_set_strs(arena, map, "regions", &facts->regions);
	kb_value_set_strs(arena, map, "aliases", &facts->aliases);
	put_related(site, arena, map, doc);
	put_parts(site, arena, map, doc);
	return map;
}

/* Whatever a browser takes the file for, it finds no tag in it. */
static void put_json(kb_buf *out, kb_str json)
{
	for (size_t i = 0; i < json.len; i++)
		if (json.data[i] == '<')
			kb_buf_puts(out, "\\u003c");
		else
			kb_buf_putc(out, json.data[i]);
}

static void put_record(struct site *site, const struct kb_document *doc, kb_buf *out)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf json = {0};

	kb_value_json(record_of(site, arena, doc), KB_JSON_LINE, &json);
	kb_buf_fmt(out, "%016" PRIx64 " ", kb_hash64(doc->path));
	put_json(out, kb_buf_view(&json));
	kb_buf_putc(out, '\n');
}

/* FORMER: the file of the last run if that had a line for each of the documents, whose
 * records can only differ by names; else empty. */
static void put_records(struct site *site, kb_str former, kb_buf *out)
{
	kb_str line;

	kb_str_next(&former, '\n', &line);
	kb_buf_puts(out, HEAD);
	for (uint32_t i = 0; i < site->lib->ndocs; i++) {
		const struct kb_document *doc = site->lib->docs[i];

		if (doc->facts->broken || !plan_visible(site, doc) ||
			!plan_original(site, doc))
			continue;
		if (kb_str_next(&former, '\n', &line) && line.len && !site->renamed[i]) {
			kb_buf_str(out, line);
			kb_buf_putc(out, '\n');
		} else {
			put_record(site, doc, out);
		}
	}
}

int records_write(struct site *site, struct kb_error *err)
{
	const kb_str path = KB_STR(OUTPUT_RECORDS);
	_cleanup_buf_ kb_buf all = {0}, former = {0};

	if (site->same_titles && output_reuse(site->out, path))
		return 0;
	if (site->renamed && !output_read_same(site->out, path, &former))
		kb_buf_clear(&former);
	put_records(site, kb_buf_view(&former), &all);
	return output_write(
		site->out, path, kb_buf_view(&all), OUTPUT_PAGE, KB_STR(""), err);
}

struct restoring {
	const struct kb_library *lib;
	struct kb_arena *arena;
	const struct kb_node *record;
};

static kb_str take(const struct restoring *r, const char *key)
{
	return kb_arena_str(r->arena, kb_node_str(kb_node_get(r->record, key)));
}

static long long take_int(const struct restoring *r, const char *key)
{
	long long value;

	return kb_node_int(kb_node_get(r->record, key), &value) == 0 ? value : 0;
}

static kb_strs take_list(const struct restoring *r, const char *key)
{
	const struct kb_node *list = kb_node_get(r->record, key);
	kb_strs out = {0};

	if (!list || list->kind != KB_NODE_SEQ)
		return out;
	out.items = kb_arena_array(r->arena, kb_str, list->len);
	for (uint32_t i = 0; i < list->len; i++)
		out.items[out.len++] =
			kb_arena_str(r->arena, kb_node_str(list->items[i]));
	return out;
}

/* A list of ids, each followed by its audience. */
static struct kb_anchor *take_ids(const struct restoring *r, const char *key, uint32_t *n)
{
	kb_strs words = take_list(r, key);
	struct kb_anchor *ids = kb_arena_array(r->arena, struct kb_anchor, words.len / 2);

	*n = (uint32_t)words.len / 2;
	for (size_t i = 0; i < *n; i++) {
		ids[i].id = words.items[2 * i];
		ids[i].audience = (uint8_t)kb_config_audience(
			r->lib->config, words.items[2 * i + 1]);
	}
	return ids;
}

static void take_parts(const struct restoring *r, struct kb_md_facts *facts)
{
	const struct kb_anchor *ids = take_ids(r, "headings", &facts->nheadings);

	facts->headings = kb_arena_array(r->arena, struct kb_heading, facts->nheadings);
	for (uint32_t i = 0; i < facts->nheadings; i++) {
		facts->headings[i].id = ids[i].id;
		facts->headings[i].audience = ids[i].audience;
	}
	facts->anchors = take_ids(r, "anchors", &facts->nanchors);
}

static bool take_words(const struct restoring *r, struct kb_facts *facts)
{
	kb_str status = take(r, "status");
	uint32_t audience = kb_config_audience(r->lib->config, take(r, "audience"));

	for (size_t i = 0; i < KB_LEN(status_words); i++)
		if (kb_str_is(status, status_words[i])) {
			facts->status = (enum kb_status)i;
			facts->audience = (uint8_t)audience;
			return audience != KB_NONE &&
			       kb_type_parse(take(r, "type"), &facts->type) == 0 &&
			       facts->type != KB_SNIPPET;
		}
	return false;
}

/* The document from the record; NULL: the record is not complete. */
static struct kb_document *restore(
	const struct restoring *r, const struct kb_document *broken)
{
	struct kb_document *doc = kb_arena_copy(r->arena, broken, sizeof(*broken));
	struct kb_facts *facts =
		kb_arena_copy(r->arena, broken->facts, sizeof(*broken->facts));

	doc->facts = facts;
	doc->id = take(r, "id");
	doc->address = take(r, "address");
	if (!take_words(r, facts) || !doc->id.len || !doc->address.len)
		return NULL;
	facts->title = take(r, "title");
	facts->summary = take(r, "summary");
	facts->question = take(r, "question");
	facts->variant_of = take(r, "variant_of");
	facts->promoted = kb_str_is(take(r, "promoted"), "true");
	facts->weight = (int)take_int(r, "weight");
	facts->issues = take_list(r, "issues");
	facts->regions = take_list(r, "regions");
	facts->aliases = take_list(r, "aliases");
	facts->related = take_list(r, "related");
	take_parts(r, &facts->body);
	if (facts->type == KB_WORKFLOW) {
		doc->workflow = kb_arena_new_of(r->arena, struct kb_workflow);
		doc->workflow->nsteps = (uint32_t)take_int(r, "steps");
	}
	facts->broken = false;
	doc->former = true;
	return doc;
}

/* The lines of the last run by hash. */
static void read_records(struct site *site, kb_buf *all, kb_map *records)
{
	kb_str rest, line;

	if (output_read(site->out, KB_STR(OUTPUT_RECORDS), all) < 0 ||
		!kb_str_starts(kb_buf_view(all), KB_STR(HEAD)))
		return;
	rest = kb_str_sub(kb_buf_view(all), sizeof(HEAD) - 1, all->len);
	while (kb_str_next(&rest, '\n', &line))
		if (line.len > HEX)
			kb_map_put(records, kb_str_sub(line, 0, HEX),
				(void *)(line.data + HEX));
}

static struct kb_node *find_record(
	struct kb_arena *scratch, const kb_map *records, kb_str path)
{
	char key[HEX + 1];
	const char *json;
	struct kb_error err;

	snprintf(key, sizeof(key), "%016" PRIx64, kb_hash64(path));
	json = kb_map_get(records, kb_str_of(key));
	return json ? kb_json_parse(scratch,
			      (kb_str){json, (size_t)(strchrnul(json, '\n') - json)},
			      &err)
		    : NULL;
}

/* May the last run's page of a document that has an error now stay? */
static bool may_stay(const struct site *site, const struct kb_document *doc)
{
	return doc->facts->broken && kb_document_allowed(site->read, doc, site->audience,
					     site->options->drafts);
}

void records_restore(struct site *site)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	_cleanup_buf_ kb_buf all = {0};
	struct restoring r = {.lib = site->read, .arena = site->arena};
	const struct kb_library *lib = site->read;
	struct kb_document **docs = NULL;
	kb_map records = {0};
	bool any = false;

	for (uint32_t i = 0; i < lib->ndocs; i++) {
		if (!may_stay(site, lib->docs[i]))
			continue;
		if (!docs) {
			docs = kb_arena_array(
				site->arena, struct kb_document *, lib->ndocs);
			read_records(site, &all, &records);
		}
		r.record = find_record(scratch, &records, lib->docs[i]->path);
		if (r.record)
			docs[i] = restore(&r, lib->docs[i]);
		any |= docs[i] != NULL;
	}
	if (any)
		site->lib = site->overlay = kb_library_overlay(lib, docs);
	kb_map_dispose(&records);
}

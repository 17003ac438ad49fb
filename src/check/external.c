#include "kb/external.h"

#include <stdio.h>
#include <stdlib.h>

#include "kb/file.h"
#include "kb/unicode.h"

struct external_link { /* a link */
	const struct kb_document *doc;
	const struct kb_link *link;
	kb_str url, fragment; /* as written; the fragment with its '#', or empty */
	struct external_link *next;
};

struct address {
	struct kb_http_probe probe; /* its URL in ASCII, as it is sent */
	struct external_link *first, *last;
	time_t asked;
	bool known; /* from the cache */
};

struct external {
	const struct kb_library *lib;
	const struct kb_external_options *options;
	struct kb_arena *arena;
	kb_map addresses; /* by URL, in the order of documents and links */
	size_t links;
};

static bool is_web(kb_str url)
{
	return kb_str_eq_nocase(kb_str_sub(url, 0, 7), KB_STR("http://")) ||
	       kb_str_eq_nocase(kb_str_sub(url, 0, 8), KB_STR("https://"));
}

static void add_link(struct external *e, const struct kb_document *doc,
	const struct kb_link *link, kb_str url)
{
	struct external_link *place = kb_arena_new_of(e->arena, struct external_link);
	struct address *address;

	size_t hash = kb_str_chr(url, '#');

	*place = (struct external_link){.doc = doc,
		.link = link,
		.url = kb_arena_str(e->arena, kb_str_sub(url, 0, hash)),
		.fragment = kb_arena_str(e->arena, kb_str_sub(url, hash, url.len))};
	kb_str sent = kb_url_ascii(e->arena, place->url);
	address = kb_map_get(&e->addresses, sent);
	if (!address) {
		address = kb_arena_new_of(e->arena, struct address);
		address->probe.url = sent;
		kb_map_put(&e->addresses, sent, address);
	}
	*(address->last ? &address->last->next : &address->first) = place;
	address->last = place;
	e->links++;
}

static void collect(struct external *e)
{
	struct kb_target target;

	for (uint32_t i = 0; i < e->lib->ndocs; i++) {
		const struct kb_document *doc = e->lib->docs[i];

		if (doc->facts->broken || doc->facts->status == KB_ARCHIVED ||
			(e->options->wants &&
				!e->options->wants(e->options->wants_ctx, doc->path)))
			continue;
		for (uint32_t k = 0; k < doc->facts->body.nlinks; k++) {
			const struct kb_link *link = &doc->facts->body.links[k];

			kb_link_resolve(
				e->lib, e->arena, doc, doc->locale, link->dest, &target);
			if (target.kind == KB_TARGET_EXTERNAL && is_web(target.url))
				add_link(e, doc, link, target.url);
		}
	}
}

/* Cache: a line an address, "time outcome moved-to-or-dash url", tabs between. */

static void cache_take(struct external *e, kb_str line, time_t now)
{
	kb_str part[4] = {{0}};
	struct address *address;
	long long asked;

	for (size_t i = 0; i < KB_LEN(part); i++)
		if (!kb_str_next(&line, '\t', &part[i]))
			return;
	asked = strtoll(kb_arena_str(e->arena, part[0]).data, NULL, 10);
	address = kb_map_get(&e->addresses, part[3]);
	if (!address || asked > now ||
		asked + (long long)e->options->cache_hours * 3600 < now)
		return;
	address->known = true;
	address->asked = (time_t)asked;
	address->probe.outcome = kb_str_is(part[1], "moved") ? KB_HTTP_MOVED : KB_HTTP_OK;
	if (address->probe.outcome == KB_HTTP_MOVED)
		address->probe.moved = kb_arena_str(e->arena, part[2]);
}

static void cache_read(struct external *e)
{
	_cleanup_buf_ kb_buf text = {0};
	kb_str rest, line;

	if (!e->options->cache || !e->options->cache_hours ||
		kb_file_read(e->options->cache, 16 << 20, &text, NULL) < 0)
		return;
	rest = kb_buf_view(&text);
	while (kb_str_next(&rest, '\n', &line))
		cache_take(e, line, e->lib->now);
}

static bool is_cacheable(kb_str s)
{
	return kb_str_chr(s, '\t') == SIZE_MAX && kb_str_chr(s, '\n') == SIZE_MAX;
}

/* Keeps what is known of addresses that this run did not meet. */
static void cache_write(struct external *e)
{
	_cleanup_buf_ kb_buf old = {0}, text = {0};
	kb_str rest, line;

	if (!e->options->cache || !e->options->cache_hours)
		return;
	if (kb_file_read(e->options->cache, 16 << 20, &old, NULL) < 0)
		kb_buf_clear(&old);
	rest = kb_buf_view(&old);
	while (kb_str_next(&rest, '\n', &line)) {
		size_t tab = kb_str_rchr(line, '\t');

		if (tab != SIZE_MAX &&
			!kb_map_has(&e->addresses, kb_str_sub(line, tab + 1, line.len)))
			kb_buf_fmt(&text, "%.*s\n", KB_ARG(line));
	}
	for (size_t i = 0; i < e->addresses.len; i++) {
		const struct address *address = e->addresses.entries[i].value;
		const struct kb_http_probe *probe = &address->probe;
		bool moved = probe->outcome == KB_HTTP_MOVED;

		if ((!moved && probe->outcome != KB_HTTP_OK) ||
			!is_cacheable(probe->url) || !is_cacheable(probe->moved))
			continue;
		kb_buf_fmt(&text, "%lld\t%s\t%.*s\t%.*s\n", (long long)address->asked,
			moved ? "moved" : "ok",
			KB_ARG(moved ? probe->moved : KB_STR("-")), KB_ARG(probe->url));
	}
	kb_cache_write(e->options->cache, kb_buf_view(&text));
}

static int ask(
	struct external *e, struct kb_external_report *report, struct kb_error *err)
{
	_cleanup_free_ struct kb_http_probe *probes =
		kb_xcalloc(e->addresses.len + 1, sizeof(*probes));
	size_t n = 0;

	for (size_t i = 0; i < e->addresses.len; i++) {
		struct address *address = e->addresses.entries[i].value;

		if (!address->known)
			probes[n++] = address->probe;
	}
	report->asked = n;
	if (n && kb_http_probe(probes, n, &e->options->http, e->arena, err) < 0)
		return -1;
	n = 0;
	for (size_t i = 0; i < e->addresses.len; i++) {
		struct address *address = e->addresses.entries[i].value;

		if (address->known)
			continue;
		address->probe = probes[n++];
		address->asked = e->lib->now;
		report->silent += address->probe.outcome == KB_HTTP_UNREACHABLE &&
				  !address->probe.status;
	}
	return 0;
}

/* The fix: the new address in place of the old one, if the link is written as it is. */
static void add_move(struct external *e, struct kb_diags *diags, struct kb_diag *diag,
	const struct address *address, const struct external_link *place)
{
	kb_str dest = place->link->dest, moved = address->probe.moved;

	if (place->fragment.len)
		moved = kb_arena_fmt(e->arena, "%.*s%.*s",
			KB_ARG(kb_str_sub(moved, 0, kb_str_chr(moved, '#'))),
			KB_ARG(place->fragment));
	kb_diag_hint(diags, diag, "write %.*s", KB_ARG(moved));
	if (!diag || !kb_str_starts(dest, place->url) ||
		place->link->range.len != dest.len)
		return;
	kb_diag_edit(diags, diag, place->link->range, moved);
	diag->guess = true;
}

static void tell(struct external *e, struct kb_diags *diags,
	const struct address *address, const struct external_link *place)
{
	const struct kb_http_probe *probe = &address->probe;
	kb_str path = place->doc->path;
	kb_range range = place->link->range;
	struct kb_diag *diag;

	switch (probe->outcome) {
	case KB_HTTP_MOVED:
		diag = kb_diag_add(diags, KB_RULE_EXTERNAL_MOVED, path, range,
			"%.*s has moved permanently", KB_ARG(place->url));
		add_move(e, diags, diag, address, place);
		break;
	case KB_HTTP_GONE:
		kb_diag_add(diags, KB_RULE_EXTERNAL_MISSING, path, range,
			"there is no longer a page at %.*s: %.*s", KB_ARG(place->url),
			KB_ARG(probe->message));
		break;
	case KB_HTTP_PRIVATE:
		diag = kb_diag_add(diags, KB_RULE_EXTERNAL_UNREACHABLE, path, range,
			"%.*s was not checked: %.*s", KB_ARG(place->url),
			KB_ARG(probe->message));
		kb_diag_hint(diags, diag,
			"use --external-private to check such addresses too");
		break;
	case KB_HTTP_REFUSED:
	case KB_HTTP_UNREACHABLE:
		kb_diag_add(diags, KB_RULE_EXTERNAL_UNREACHABLE, path, range,
			"%.*s cannot be reached: %.*s", KB_ARG(place->url),
			KB_ARG(probe->message));
		break;
	case KB_HTTP_OK:
		break;
	}
}

int kb_check_external(const struct kb_library *lib,
	const struct kb_external_options *options, struct kb_diags *diags,
	struct kb_external_report *report, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct external e = {.lib = lib, .options = options, .arena = arena};

	collect(&e);
	cache_read(&e);
	*report = (struct kb_external_report){
		.links = e.links, .addresses = e.addresses.len};
	if (ask(&e, report, err) < 0) {
		kb_map_dispose(&e.addresses);
		return -1;
	}
	if (report->asked)
		cache_write(&e);
	for (size_t i = 0; i < e.addresses.len; i++) {
		const struct address *address = e.addresses.entries[i].value;

		for (const struct external_link *at = address->first; at; at = at->next)
			tell(&e, diags, address, at);
	}
	kb_map_dispose(&e.addresses);
	return 0;
}

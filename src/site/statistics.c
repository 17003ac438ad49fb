/* Where votes and searches are counted. docs/statistics.md describes the requests. */
#include "pages.h"

#define VOTE_FILE "stats/vote.txt"
#define SEARCH_FILE "stats/search.txt"

enum { REVISION_DIGITS = 12 };

static bool is_on_site(kb_str url)
{
	return kb_str_find(url, KB_STR("://")) == SIZE_MAX;
}

static kb_str origin_of(kb_str url)
{
	size_t scheme = kb_str_find(url, KB_STR("://")), path;

	if (scheme == SIZE_MAX)
		return KB_STR("");
	path = kb_str_chr(kb_str_sub(url, scheme + 3, url.len), '/');
	return path == SIZE_MAX ? url : kb_str_sub(url, 0, scheme + 3 + path);
}

/* SETTING is "log", "off" or an address. */
static int take(struct site *site, kb_str setting, const char *file, kb_str *url,
	struct kb_error *err)
{
	*url = KB_STR("");
	if (kb_str_is(setting, "log")) {
		*url = kb_str_of(file);
		return output_write(
			site->out, *url, KB_STR("ok\n"), OUTPUT_PAGE, KB_STR(""), err);
	}
	if (!is_on_site(setting))
		*url = setting;
	return 0;
}

int statistics_take(struct site *site, struct kb_error *err)
{
	kb_str searches = site->options->search ? site->config->searches : KB_STR("off");

	return take(site, site->config->votes, VOTE_FILE, &site->votes, err) < 0 ||
			       take(site, searches, SEARCH_FILE, &site->searches, err) < 0
		       ? -1
		       : 0;
}

kb_str statistics_origins(const struct site *site)
{
	kb_str votes = origin_of(site->votes), searches = origin_of(site->searches);
	_cleanup_buf_ kb_buf out = {0};

	if (votes.len)
		kb_buf_fmt(&out, " %.*s", KB_ARG(votes));
	if (searches.len && !kb_str_eq(votes, searches))
		kb_buf_fmt(&out, " %.*s", KB_ARG(searches));
	return kb_arena_str(site->arena, kb_buf_view(&out));
}

/* KEY=VALUE, after '?' if it is the first of the query. */
static void put_pair(kb_buf *out, const char *key, kb_str value)
{
	kb_buf_putc(out, kb_str_chr(kb_buf_view(out), '?') == SIZE_MAX ? '?' : '&');
	kb_buf_fmt(out, "%s=", key);
	put_url_value(out, value);
}

static void put_start(kb_buf *out, struct job *job, kb_str url)
{
	kb_buf_str(out, is_on_site(url) ? job->root : KB_STR(""));
	kb_buf_str(out, url);
}

static void put_audience(kb_buf *out, struct job *job)
{
	put_pair(out, "audience", job->site->config->audiences[job->site->audience]);
}

kb_str vote_href(struct job *job, const struct kb_document *doc)
{
	kb_str revision = kb_str_of(doc->facts->blob);
	_cleanup_buf_ kb_buf out = {0};

	if (!job->site->votes.len)
		return KB_STR("");
	put_start(&out, job, job->site->votes);
	put_pair(&out, "document", doc->id);
	put_pair(&out, "locale", job->site->config->locales[doc->locale].code);
	put_audience(&out, job);
	put_pair(&out, "revision", kb_str_sub(revision, 0, REVISION_DIGITS));
	return kb_arena_str(job->arena, kb_buf_view(&out));
}

bool statistics_takes_text(const struct site *site)
{
	return site->votes.len && !is_on_site(site->votes);
}

kb_str search_count_href(struct job *job)
{
	_cleanup_buf_ kb_buf out = {0};

	if (!job->site->searches.len)
		return KB_STR("");
	put_start(&out, job, job->site->searches);
	put_pair(&out, "locale", job->locale->code);
	put_audience(&out, job);
	return kb_arena_str(job->arena, kb_buf_view(&out));
}

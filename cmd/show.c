/* kb show: a document as it was in a revision. */
#include "session.h"
#include "kb/operand.h"
#include "kb/pick.h"

#include <stdio.h>

#include "kb/history.h"
#include "kb/render.h"
#include "kb/unicode.h"

struct show_values {
	struct kb_read_values read;
	const char *locale;
	bool html;
};

#define AT(member) offsetof(struct show_values, member)
static const struct kb_option options[] = {
	{0, "html", KB_OPT_FLAG, AT(html), NULL, "print a page of HTML that stands alone",
		NULL},
	{'l', "locale", KB_OPT_STRING, AT(locale), "LOCALE",
		"of an id, the document in this locale; default: the source locale",
		NULL},
	KB_READ_OPTIONS(struct show_values, read),
	KB_OPTION_END,
};

/* "refund@HEAD~3": what, and when. Without a revision, as it stands in the folder. */
struct wanted {
	kb_str operand;
	const char *rev;
};

static struct wanted split(struct kb_arena *arena, kb_str operand)
{
	size_t at = kb_str_rchr(operand, '@');
	if (at == SIZE_MAX)
		return (struct wanted){operand, NULL};
	return (struct wanted){kb_str_sub(operand, 0, at),
		kb_arena_str(arena, kb_str_sub(operand, at + 1, operand.len)).data};
}

/* What a path of today was called in the revision, by the history; or empty. */
static kb_str former_path(
	struct kb_arena *arena, const struct kb_session *then, kb_str path)
{
	struct kb_source *now = NULL;
	struct kb_history *history = NULL;
	struct kb_history_version *versions = NULL;
	kb_str found = KB_STR_NULL;
	size_t n = 0;
	if (kb_source_open(&now, ".", NULL, NULL, NULL) == 0 &&
		kb_history_load(&history, now, NULL) == 0) {
		_cleanup_free_ bool *since =
			kb_xcalloc(kb_history_commits(history) + 1, sizeof(bool));
		if (kb_history_since(history, kb_source_commit(then->source), since))
			n = kb_history_versions(history, arena, path, &versions);
		for (size_t i = 0; i < n && !found.len; i++) {
			size_t commit = kb_history_find(
				history, kb_str_of(versions[i].commit.id));
			if (commit != SIZE_MAX && !since[commit])
				found = kb_arena_str(arena, versions[i].path);
		}
	}
	kb_history_free(history);
	if (now)
		kb_source_free(now);
	return found;
}

/* By path, by a path of today, or by id. */
static int find_document(const struct kb_session *session, struct kb_arena *arena,
	const struct show_values *values, const struct wanted *wanted,
	const struct kb_document **out, struct kb_error *err)
{
	const struct kb_library *lib = session->lib;
	kb_str operand = wanted->operand, path = operand;
	kb_strs words = {.items = &operand, .len = 1}, paths = {0};
	uint32_t locale = 0;
	if (kb_pick_locale(lib, values->locale, &locale, err))
		return -1;
	if (kb_operand_paths(session->lib, arena, &words, &paths, NULL) == 0)
		path = paths.items[0];
	kb_vec_dispose(&paths);
	*out = kb_library_by_path(lib, path);
	if (!*out && wanted->rev)
		*out = kb_library_by_path(lib, former_path(arena, session, path));
	const struct kb_family *family = kb_library_family(lib, operand);
	if (*out)
		return values->locale ? kb_operand_in_locale(lib, *out, locale, err) : 0;
	if (family)
		*out = kb_family_find(lib, family, locale);
	if (*out)
		return 0;
	if (family)
		return kb_error_set(err, KB_E_NOTFOUND,
			"'%.*s' is not there in %.*s, nor in a locale that it falls back to",
			KB_ARG(operand), KB_ARG(lib->config->locales[locale].code));
	return kb_document_unknown_at(lib, operand, wanted->rev, err);
}

static const char page_style[] =
	":root{color-scheme:light dark}body{font:1rem/1.6 system-ui,sans-serif;"
	"max-width:44rem;margin:2rem auto;padding:0 1rem}img{max-width:100%}"
	"pre{overflow-x:auto}table{border-collapse:collapse}th,td{border:1px solid #8886;"
	"padding:.3rem .6rem}.note{opacity:.75}";

static int put_html(const struct kb_session *session, struct kb_arena *arena,
	struct kb_reader *reader, const struct kb_document *doc, kb_buf *out,
	struct kb_error *err)
{
	const struct kb_library *lib = session->lib;
	struct kb_render_options render_options = {
		.locale = doc->locale, .audience = lib->config->naudiences - 1};
	struct kb_render_part whole = {0};
	_cleanup_(kb_cleanup_render) struct kb_render *render = NULL;
	kb_str body, commit = kb_source_commit(session->source);
	if (doc->facts->broken)
		return kb_error_set(err, KB_E_CONFIG,
			"the front matter of %.*s could not be read then: without --html "
			"it is shown as it is",
			KB_ARG(doc->path));
	if (kb_render_open(&render, lib, reader, doc, &render_options, err) ||
		kb_render_html(render, &whole, arena, &body, err))
		return -1;
	kb_str title = kb_render_line(render, arena, doc->facts->title);
	kb_buf_fmt(out,
		"<!doctype html>\n<html lang=\"%.*s\" dir=\"%s\">\n<head>\n"
		"<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
		KB_ARG(lib->config->locales[doc->locale].code),
		lib->config->locales[doc->locale].rtl ? "rtl" : "ltr");
	kb_buf_html(out, title);
	kb_buf_fmt(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n<h1>",
		page_style);
	kb_buf_html(out, title);
	kb_buf_puts(out, "</h1>\n<p class=\"note\">");
	kb_buf_html(out, doc->path);
	if (commit.len)
		kb_buf_fmt(out, " · %.8s", commit.data);
	kb_buf_fmt(out, "</p>\n%.*s\n</main>\n</body>\n</html>\n", KB_ARG(body));
	return 0;
}

static int show(const struct kb_session *session, struct kb_arena *arena,
	const struct show_values *values, const struct wanted *wanted)
{
	const struct kb_document *doc;
	_cleanup_buf_ kb_buf out = {0};
	struct kb_error err;
	if (find_document(session, arena, values, wanted, &doc, &err))
		return kb_fail(&err);
	struct kb_reader *reader = kb_reader_new(session->source);
	int failed = values->html ? put_html(session, arena, reader, doc, &out, &err)
				  : kb_reader_read(reader, doc->path, 0, &out, &err);
	kb_reader_free(reader);
	if (failed)
		return kb_fail(&err);
	if (values->html)
		kb_put_bytes(stdout, kb_buf_view(&out));
	else
		kb_put(NULL, stdout, kb_buf_view(&out));
	return KB_EXIT_OK;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	struct show_values *values = opaque;
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_session session;
	struct kb_error err;
	int status;
	if (operands->len != 1) {
		kb_complain("'kb show' takes one document, as ID@REV or PATH@REV");
		return KB_EXIT_FAILED;
	}
	struct wanted wanted = split(arena, operands->items[0]);
	if (wanted.rev && !values->read.rev)
		values->read.rev = wanted.rev;
	values->read.past = true;
	if (kb_session_open(cli, &session, &values->read, &err))
		status = kb_session_failed(cli, &session, &err);
	else
		status = show(&session, arena, values, &wanted);
	kb_session_dispose(&session);
	return status;
}

const struct kb_command kb_cmd_show = {
	.name = "show",
	.summary = "print a document as it was in a revision",
	.operands = "ID|PATH[@REV]",
	.options = options,
	.values_size = sizeof(struct show_values),
	.run = run,
};

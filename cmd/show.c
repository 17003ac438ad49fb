/* kb show: a document as it was in a revision. */
#include "session.h"
#include "kb/operand.h"
#include "kb/pick.h"

#include <stdio.h>

#include "kb/history.h"
#include "kb/render.h"
#include "kb/report.h"

/* "refund@HEAD~3". Without a revision, the document as it is in the folder. */
struct shown_operand {
	kb_str operand;
	const char *rev;
};

struct show_values {
	struct kb_read_values read;
	struct shown_operand wanted;
	const char *locale;
	bool html;
};

#define AT(member) offsetof(struct show_values, member)
static const struct kb_option options[] = {
	{0, "html", KB_OPT_FLAG, AT(html), NULL, "print a self-contained HTML page",
		NULL},
	{'l', "locale", KB_OPT_STRING, AT(locale), "LOCALE",
		"for an id, the document in this locale; default: the source locale",
		NULL},
	KB_READ_OPTIONS(struct show_values, read),
	KB_OPTION_END,
};

/* The revision is the end of the operand, which ends as its word does. */
static struct shown_operand split(kb_str operand)
{
	size_t at = kb_str_rchr(operand, '@');

	if (at == SIZE_MAX)
		return (struct shown_operand){operand, NULL};
	return (struct shown_operand){kb_str_sub(operand, 0, at), operand.data + at + 1};
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
static int find_document(const struct kb_session *session,
	const struct show_values *values, const struct kb_document **out,
	struct kb_error *err)
{
	const struct shown_operand *wanted = &values->wanted;
	struct kb_arena *arena = session->arena;
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
			"'%.*s' does not exist in %.*s or in its fallbacks",
			KB_ARG(operand), KB_ARG(lib->config->locales[locale].code));
	return kb_document_unknown_at(lib, operand, wanted->rev, err);
}

/* The document's text as a self-contained page. */
static int put_html(const struct kb_session *session, struct kb_reader *reader,
	const struct kb_document *doc, kb_buf *out, struct kb_error *err)
{
	const struct kb_library *lib = session->lib;
	const struct kb_locale *locale = &lib->config->locales[doc->locale];
	struct kb_render_options as = {
		.locale = doc->locale, .audience = lib->config->naudiences - 1};
	struct kb_render_part whole = {0};

	_cleanup_(kb_cleanup_render) struct kb_render *render = NULL;
	_cleanup_(kb_report_dispose) struct kb_report report;
	kb_str body, commit = kb_source_commit(session->source);
	kb_report_init(&report, "");
	if (doc->facts->broken)
		return kb_error_set(err, KB_E_CONFIG,
			"the block between the '---' lines of %.*s could not be read then; "
			"without --html, kb prints the file as it is",
			KB_ARG(doc->path));
	if (kb_render_open(&render, lib, reader, doc, &as, err) ||
		kb_render_html(render, &whole, report.arena, &body, err))
		return -1;
	report.title = kb_render_line(render, report.arena, doc->facts->title);
	report.lang = locale->code;
	report.rtl = locale->rtl;
	kb_report_paragraph(&report, "%s", "");
	kb_report_text(&report, KB_ROLE_FAINT, doc->path);
	if (commit.len)
		kb_report_fmt(&report, KB_ROLE_FAINT, " · %.8s", commit.data);
	kb_report_markup(&report, body, KB_STR(""));
	return kb_report_write(
		&report, KB_STR("html"), &(struct kb_report_style){0}, out, err);
}

static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	struct show_values *values = opaque;

	(void)err;
	values->wanted = split(operands->items[0]);
	if (values->wanted.rev && !values->read.rev)
		values->read.rev = values->wanted.rev;
	values->read.past = true;
	return 0;
}

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct show_values *values = opaque;
	const struct kb_document *doc;
	_cleanup_buf_ kb_buf out = {0};

	(void)operands;
	if (find_document(session, values, &doc, err))
		return -1;
	struct kb_reader *reader = kb_reader_new(session->source);
	int failed = values->html ? put_html(session, reader, doc, &out, err)
				  : kb_reader_read(reader, doc->path, 0, &out, err);
	kb_reader_free(reader);
	if (failed)
		return -1;
	if (values->html)
		kb_put_bytes(stdout, kb_buf_view(&out));
	else
		kb_put(NULL, stdout, kb_buf_view(&out));
	return KB_EXIT_OK;
}

const struct kb_command kb_cmd_show = {
	.name = "show",
	.summary = "print a document as it was at a revision",
	.operands = "ID|PATH[@REV]",
	.least = 1,
	.most = 1,
	.options = options,
	.values_size = sizeof(struct show_values),
	.check = check,
	.read = AT(read),
	.work = work,
};

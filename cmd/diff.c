/* kb diff: what changed between versions, in the content's own terms. */
#include "output.h"
#include "session.h"

#include <unistd.h>

#include "kb/operand.h"
#include "kb/outdated.h"
#include "kb/pages.h"

/* Which operands are revisions: the first ones, up to one that is a file. */
struct versions {
	struct kb_revisions range;
	size_t used;
	struct kb_error none; /* why the next operand is not a revision */
};

struct diff_values {
	struct kb_read_values read;
	kb_strs reports;
	bool staged, exit_code, operations, translations;
	int least;
	struct versions versions;
};

static const char *const formats[] = {"text", "markdown", "html", "json", NULL};
static const char *const weights[] = {"trivial", "minor", "significant", NULL};

#define AT(field) offsetof(struct diff_values, field)
static const struct kb_option options[] = {
	{0, "staged", KB_OPT_FLAG, AT(staged), NULL,
		"compare the index instead of the work tree", NULL},
	{0, "translations", KB_OPT_FLAG, AT(translations), NULL,
		"show for each translation what has changed in its source", NULL},
	{0, "min-weight", KB_OPT_CHOICE, AT(least), "WEIGHT",
		"show only changes of at least this weight: trivial (default), minor "
		"or significant",
		weights},
	{0, "exit-code", KB_OPT_FLAG, AT(exit_code), NULL,
		"exit with status 1 if there is a difference", NULL},
	{0, "operations", KB_OPT_FLAG, AT(operations), NULL,
		"in json, add the old blocks and the operations that turn them into "
		"the new ones",
		NULL},
	{0, "format", KB_OPT_PAIRS, AT(reports), "FORMAT",
		"print text (default), markdown, html or json; may be repeated, each with "
		"--output",
		formats},
	{'o', "output", KB_OPT_PAIRS, AT(reports), "FILE",
		"write the format before it to FILE; - is standard output", NULL},
	KB_CONTENT_OPTIONS(struct diff_values, read),
	KB_OPTION_END,
};

static int read_revision(struct versions *v, kb_str word, struct kb_error *err)
{
	struct kb_revisions found;
	bool range = kb_str_find(word, KB_STR("..")) != SIZE_MAX;

	if (access(word.data, F_OK) == 0 && !range)
		return 0;
	if (kb_revisions_parse(&found, ".", word.data, &v->none) < 0) {
		*err = v->none;
		return range && access(word.data, F_OK) < 0 ? -1 : 0;
	}
	if (v->used == 0)
		v->range = found;
	else if (v->range.to[0] || found.to[0])
		return kb_error_set(err, KB_E_USAGE,
			"use a range without other revisions: 'kb diff A..B', or 'kb "
			"diff A B'");
	else
		memcpy(v->range.to, found.from, sizeof(found.from));
	v->used++;
	return 0;
}

static int read_versions(
	struct versions *v, const kb_strs *operands, struct kb_error *err)
{
	for (size_t i = 0; i < operands->len && i < 2 && v->used == i; i++)
		if (read_revision(v, operands->items[i], err) < 0)
			return -1;
	return 0;
}

static int open_former(struct kb_session *former, const struct diff_values *values,
	const struct kb_session *now, struct kb_error *err)
{
	struct kb_read_values read = values->read;

	read.rev = values->versions.used ? values->versions.range.from : "HEAD";
	read.staged = false;
	read.past = true;
	read.like = now->lib;
	if (!kb_session_open(now->cli, former, &read, err))
		return 0;
	if (err->code == KB_E_CONFIG)
		kb_output_complain(now->cli, &former->diags, KB_INFO);
	if (err->code == KB_E_NOTFOUND)
		kb_error_set(err, KB_E_NOTFOUND,
			"there is no kb.yaml at %s; use '--config FILE' for another one",
			read.rev);
	return -1;
}

static bool is_selected(void *ctx, kb_str path)
{
	return kb_path_selected(ctx, path);
}

/* A document in all its locales. */
static bool read_id(const struct kb_library *lib, kb_str id, kb_strs *paths)
{
	const struct kb_family *family = kb_library_family(lib, id);

	for (uint32_t i = 0; family && i < lib->config->nlocales; i++)
		if (family->by_locale[i])
			kb_vec_push(paths, family->by_locale[i]->path);
	return family != NULL;
}

/* The operand is neither a revision, where one may stand, nor a document. */
static int fail_operand(const struct kb_library *lib, kb_str word,
	const struct kb_error *no_revision, struct kb_error *err)
{
	static const char start[] = "there is no revision ";
	kb_str said = kb_str_of(no_revision->message);
	bool meant = kb_str_find(said, KB_STR("did you mean")) != SIZE_MAX;
	kb_str near = kb_document_near(lib, word, KB_TYPE_COUNT);

	if (!said.len)
		return kb_document_unknown(lib, word, err);
	if (near.len && !meant)
		return kb_error_set(err, KB_E_USAGE,
			"there is no document and no revision '%.*s': did you mean '%.*s'?",
			KB_ARG(word), KB_ARG(near));
	if (!kb_str_starts(said, kb_str_of(start)))
		return kb_error_set(err, KB_E_USAGE, "%.*s", KB_ARG(said));
	return kb_error_set(err, KB_E_USAGE, "there is no document and no revision %.*s",
		KB_ARG(kb_str_sub(said, strlen(start), said.len)));
}

/* Files, folders and ids that are there in one of the versions. */
static int read_paths(struct kb_session *now, struct kb_session *former,
	struct kb_arena *arena, const kb_strs *operands, const struct versions *v,
	kb_strs *paths, struct kb_error *err)
{
	for (size_t i = v->used; i < operands->len; i++) {
		kb_strs one = {.items = &operands->items[i], .len = 1};

		if (kb_operand_paths(now->lib, arena, &one, paths, err) == 0 ||
			kb_operand_paths(former->lib, arena, &one, paths, NULL) == 0 ||
			read_id(now->lib, one.items[0], paths) ||
			read_id(former->lib, one.items[0], paths))
			continue;
		if (kb_str_chr(one.items[0], '/') != SIZE_MAX)
			return -1;
		return fail_operand(now->lib, one.items[0],
			i == v->used ? &v->none : &(struct kb_error){0}, err);
	}
	return 0;
}

struct diff_output {
	const struct kb_cli *cli;
	const struct kb_diff_shown *shown;
};

static int write_diff(
	void *ctx, const struct kb_output *output, kb_buf *out, struct kb_error *err)
{
	const struct diff_output *w = ctx;
	const struct kb_report_style style = {
		.color = w->cli->color_out && !output->to_file};
	struct kb_report report;
	int status;

	kb_report_diff(&report, w->shown,
		kb_str_is(output->format, "markdown") ? KB_DIFF_COMMENT
		: kb_str_is(output->format, "html")   ? KB_DIFF_FULL
						      : KB_DIFF_LINES);
	status = kb_report_write(&report, output->format, &style, out, err);
	kb_report_dispose(&report);
	return status;
}

static int report_diff(const struct kb_cli *cli, const struct diff_values *values,
	const struct kb_diff_shown *shown, bool notes, struct kb_error *err)
{
	struct diff_output w = {cli, shown};

	if (kb_outputs_write(cli, &values->reports, write_diff, &w, err) < 0)
		return -1;
	return values->exit_code &&
			       (kb_diff_count(shown) || (notes && shown->diff->nnotes))
		       ? KB_EXIT_FOUND
		       : KB_EXIT_OK;
}

static kb_str version_name(const struct kb_session *session, bool staged)
{
	kb_str commit = kb_source_commit(session->source);

	return staged	    ? KB_STR("what is staged")
	       : commit.len ? kb_str_sub(commit, 0, 10)
			    : KB_STR("the work tree");
}

static struct kb_diff_shown shown_of(
	const struct diff_values *values, kb_str from, const struct kb_session *now)
{
	return (struct kb_diff_shown){.from = from,
		.to = version_name(now, values->staged),
		.least = (enum kb_weight)(KB_WEIGHT_TRIVIAL + values->least),
		.operations = values->operations};
}

static int compare(const struct diff_values *values, struct kb_session *now,
	struct kb_session *former, const kb_strs *paths, struct kb_error *err)
{
	struct kb_library_diff_options find = {.threads = values->read.jobs,
		.selected = is_selected,
		.ctx = (void *)paths};
	struct kb_diff_shown shown = shown_of(values, version_name(former, false), now);
	struct kb_path_changes *changes = NULL;
	struct kb_library_diff *diff = NULL;
	int status = -1;

	if (!kb_path_changes_find(&changes, former->source, now->source, err) &&
		!kb_library_diff_find(
			&diff, now->arena, former->lib, now->lib, changes, &find, err)) {
		shown.diff = diff;
		status = report_diff(now->cli, values, &shown, true, err);
	}
	kb_library_diff_free(diff);
	kb_path_changes_free(changes);
	return status;
}

/* --translations: one version of the content, against what its translations translate. */
static int compare_sources(const struct diff_values *values, struct kb_session *now,
	const kb_strs *paths, struct kb_error *err)
{
	struct kb_library_diff_options find = {
		.selected = is_selected, .ctx = (void *)paths};
	struct kb_diff_shown shown = shown_of(values, KB_STR("what is translated"), now);
	struct kb_history *history = NULL;
	struct kb_library_diff *diff = NULL;
	int status = -1;

	if (!kb_history_load(&history, now->source, err) &&
		!kb_outdated_find(&diff, now->arena, now->lib, history, &find, err)) {
		shown.diff = diff;
		status = report_diff(now->cli, values, &shown, false, err);
	}
	kb_library_diff_free(diff);
	kb_history_free(history);
	return status;
}

/* Says which version is the newer one: the work tree, the index or a revision. */
static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	struct diff_values *values = opaque;
	struct versions *v = &values->versions;

	if (read_versions(v, operands, err) < 0)
		return -1;
	if (values->staged && v->range.to[0])
		return kb_error_set(
			err, KB_E_USAGE, "--staged compares the index with one revision");
	if (values->translations && (v->used > 1 || v->range.to[0]))
		return kb_error_set(err, KB_E_USAGE,
			"--translations checks one version: the work tree, the index or "
			"a revision");
	if (!v->used && !kb_head_exists(".", err))
		return -1;
	values->read.staged = values->staged;
	if (values->translations)
		values->read.rev = v->used ? v->range.from : NULL;
	else if (v->range.to[0])
		values->read.rev = v->range.to;
	values->read.past = !values->translations && values->read.rev;
	return 0;
}

static int work(struct kb_session *now, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct diff_values *values = opaque;
	struct kb_session former = {0}, *other = values->translations ? now : &former;
	kb_strs paths = {0};
	int status = -1;

	if ((values->translations || !open_former(&former, values, now, err)) &&
		!read_paths(
			now, other, now->arena, operands, &values->versions, &paths, err))
		status = values->translations
				 ? compare_sources(values, now, &paths, err)
				 : compare(values, now, &former, &paths, err);
	kb_vec_dispose(&paths);
	kb_session_dispose(&former);
	return status;
}

const struct kb_command kb_cmd_diff = {
	.name = "diff",
	.summary = "show what changed between versions, in the content's own terms",
	.operands = "[REV [REV]] [PATH|ID...]",
	.options = options,
	.values_size = sizeof(struct diff_values),
	.draws = true,
	.check = check,
	.read = AT(read),
	.work = work,
};

#include "fix.h"

#include <stdio.h>

enum { ROUNDS_MAX = 10 };

void kb_fixing_init(struct kb_fixing *fixing)
{
	*fixing = (struct kb_fixing){0};
	kb_fix_init(&fixing->fix);
}

void kb_fixing_dispose(struct kb_fixing *fixing)
{
	kb_fix_dispose(&fixing->fix);
}

/* Files that stand below the content root, and no links to others. With --config, the
 * configuration stands elsewhere. */
static bool is_own(const struct kb_session *session, kb_str path, bool has_config)
{
	const struct kb_entry *entry =
		session->lib ? kb_library_entry(session->lib, path) : NULL;
	bool config = kb_str_is(path, "kb.yaml") || kb_str_is(path, "people.yaml") ||
		      kb_str_is(path, "taxonomy.yaml");
	if (!session->lib) /* kb.yaml is broken, and nothing else was read */
		return kb_str_is(path, "kb.yaml") && !has_config;
	return entry && entry->kind == KB_ENTRY_FILE && !(config && has_config);
}

bool kb_fixing_round(struct kb_fixing *fixing, const struct kb_session *session,
	const kb_strs *paths, struct kb_read_values *values)
{
	struct kb_source_texts texts = {.reader = kb_reader_new(session->source)};
	struct {
		KB_VEC(const struct kb_diag *);
	} findings = {0};
	for (size_t i = 0; i < session->diags.len; i++) {
		const struct kb_diag *diag = &session->diags.items[i];
		if (kb_path_selected(paths, diag->path) &&
			is_own(session, diag->path, values->config))
			kb_vec_push(&findings, diag);
	}
	size_t changed = 0;
	if (fixing->rounds++ < ROUNDS_MAX)
		changed = kb_fix_round(&fixing->fix, findings.items, findings.len,
			kb_source_texts_get, &texts);
	struct kb_rewrite *rewrites;
	values->nrewrites = kb_fix_rewrites(&fixing->fix, &rewrites);
	values->rewrites = rewrites;
	kb_vec_dispose(&findings);
	kb_source_texts_dispose(&texts);
	return changed > 0;
}

static void tell(const struct kb_fixing *fixing, size_t files, bool dry_run)
{
	size_t fixed = kb_fix_count(&fixing->fix);
	if (files)
		kb_complain("%s %zu finding%s in %zu file%s",
			dry_run ? "would mend" : "mended", fixed, fixed == 1 ? "" : "s",
			files, files == 1 ? "" : "s");
	else
		kb_complain("there is nothing that kb can mend");
}

int kb_fixing_end(const struct kb_cli *cli, struct kb_fixing *fixing,
	const struct kb_session *session, const struct kb_read_values *values,
	bool dry_run, struct kb_error *err)
{
	struct kb_rewrite *rewrites;
	size_t n = kb_fix_rewrites(&fixing->fix, &rewrites);
	if (values->stdin_filename && !dry_run)
		kb_put_bytes(stdout, n ? rewrites->after : values->stdin_text);
	else if (kb_session_change(session, dry_run, rewrites, n, err))
		return -1;
	if (!cli->quiet)
		tell(fixing, n, dry_run);
	return 0;
}

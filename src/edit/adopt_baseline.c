/*
 * What is wrong on the day of adoption. As errors it would keep the first site from
 * being published, and each new error from being seen among the old; so those rules
 * begin as warnings, listed in kb.yaml to be raised one by one.
 */
#include "adopt.h"

#include "kb/check.h"
#include "kb/left_out.h"

/* Without these a document cannot be read, or it cannot be told which page is which. */
static bool stays_error(enum kb_rule rule)
{
	const struct kb_rule_info *info = kb_rule_info(rule);
	static const char *const prefixes[] = {"frontmatter-", "encoding-", "file-",
		"config-", "id-", "address-", "alias-", "yaml-syntax", "yaml-tab",
		"schema-required", "callout-"};

	for (size_t i = 0; i < KB_LEN(prefixes); i++) {
		if (kb_str_starts(kb_str_of(info->id), kb_str_of(prefixes[i])))
			return true;
	}
	return false;
}

/* Errors of one rule are one, but for those whose fixes differ. */
static bool same_fault(const struct kb_adopt_fault *fault, const struct kb_diag *diag)
{
	return fault->rule == diag->rule &&
	       ((diag->rule != KB_RULE_FM_MISSING &&
			diag->rule != KB_RULE_SCHEMA_REQUIRED) ||
		       kb_str_eq(fault->hint, diag->hint));
}

static void add_fault(struct kb_adoption *a, const struct kb_diag *diag)
{
	for (size_t i = 0; i < a->faults.len; i++) {
		if (!same_fault(&a->faults.items[i], diag))
			continue;
		a->faults.items[i].count++;
		return;
	}
	kb_vec_push(&a->faults, ((struct kb_adopt_fault){
					.rule = diag->rule,
					.count = 1,
					.path = kb_arena_str(a->arena, diag->path),
					.message = kb_arena_str(a->arena, diag->message),
					.hint = kb_arena_str(a->arena, diag->hint),
					.line = diag->line,
				}));
}

/* Findings of a document follow one another. */
static void add_foreign(
	struct kb_adoption *a, const struct kb_diag *diag, const struct kb_diag **last)
{
	a->foreign += !*last || !kb_str_eq((*last)->path, diag->path);
	*last = diag;
}

int adopt_baseline(struct kb_adoption *a, struct kb_source *source, struct kb_error *err)
{
	struct kb_library *lib = NULL;
	const struct kb_diag *foreign = NULL;
	struct kb_check_texts *texts = kb_check_texts_new();
	struct kb_diags diags;
	_cleanup_buf_ kb_buf left_out = {0};
	const struct kb_library_options options = {
		.check = kb_check_texts_check(texts), .no_store = true};

	kb_diags_init(&diags, NULL);
	int failed = kb_library_load(&lib, source, &options, &diags, err);
	if (!failed) {
		kb_check(lib, NULL, &diags);
		kb_source_finish(source, &diags);
	}
	if (!failed) {
		kb_left_out(&left_out, lib, &(struct kb_publish_options){0});
		a->left_out = kb_arena_str(a->arena, kb_buf_view(&left_out));
	}
	for (size_t i = 0; i < diags.len && !failed; i++) {
		const struct kb_diag *diag = &diags.items[i];

		if (diag->rule == KB_RULE_MARKUP_FOREIGN)
			add_foreign(a, diag, &foreign);
		if (diag->severity == KB_ERROR && stays_error(diag->rule))
			add_fault(a, diag);
		else if (diag->severity == KB_ERROR)
			a->baseline[diag->rule]++;
	}
	kb_diags_dispose(&diags);
	kb_library_free(lib);
	kb_check_texts_free(texts);
	return failed;
}

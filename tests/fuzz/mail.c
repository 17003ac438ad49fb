/*
 * Feedback that is imported: a format (a letter) and an export of it. Each report that is
 * added is a file that kb can read, and its text is what the file says.
 */
#include "fuzz.h"

#include "kb/feedback_edit.h"
#include "kb/mail.h"
#include "search_files.h"

FUZZ(kb_str input, struct kb_arena *arena)
{
	static struct kb_library *lib;
	struct kb_feedback_reports reports;
	struct kb_feedback_adder adder;
	struct kb_error err;
	const char *format =
		input.len ? kb_feedback_formats[(unsigned char)*input.data % 6] : NULL;

	if (!lib)
		lib = fuzz_library(fuzz_source(search_files));
	struct kb_rewrites rewrites = {.lib = lib, .arena = arena};
	kb_feedback_read_export(lib, arena, kb_str_sub(input, 1, input.len), format,
		false, &reports, &err);
	kb_feedback_adder_init(&adder, &rewrites, NULL);
	adder.fallback.where = KB_STR("articles/descale");
	for (size_t i = 0; i < reports.given.len; i++) {
		struct kb_feedback_added added;

		kb_edit_add_feedback(&adder, &reports.given.items[i], &added);
	}
	for (size_t i = 0; i < rewrites.len; i++) {
		struct kb_diags diags;

		kb_diags_init(&diags, NULL);
		const struct kb_node *root = kb_yaml_parse(arena, rewrites.items[i].after,
			0, rewrites.items[i].path, &diags);
		must(root && !diags.len, "the file cannot be read");
		must(kb_node_str(kb_node_get(root, "text")).len, "there is no text");
		must(kb_feedback_is_path(rewrites.items[i].path), "its path is another");
		kb_diags_dispose(&diags);
	}
	kb_feedback_adder_dispose(&adder);
	kb_feedback_reports_dispose(&reports);
	kb_vec_dispose(&rewrites);
}

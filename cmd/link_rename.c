/* kb link rename: the id of an issue, wherever it is used. */
#include "session.h"

#include "kb/edit.h"

struct link_rename_values {
	struct kb_change_values change;
	bool children;
};

#define AT(member) offsetof(struct link_rename_values, member)
static const struct kb_option options[] = {
	{0, "children", KB_OPT_FLAG, AT(children), NULL,
		"also rename issues below it whose ids begin with its id", NULL},
	KB_CHANGE_OPTIONS(struct link_rename_values, change),
	KB_OPTION_END,
};

static void tell_places(unsigned n, const char *one, const char *many)
{
	if (n)
		kb_say(stdout, ", %u %s", n, n == 1 ? one : many);
}

static void tell(const struct kb_library *lib, const struct kb_renamed *renamed)
{
	for (size_t i = 0; i < renamed->names.len; i++)
		kb_say(stdout, "renamed %.*s to %.*s; the former id is now an alias\n",
			KB_ARG(renamed->names.items[i].from),
			KB_ARG(renamed->names.items[i].to));
	kb_say(stdout, "changed: %.*s", KB_ARG(lib->taxonomy->path));
	tell_places(renamed->documents, "document", "documents");
	tell_places(renamed->mounts, "content folder in kb.yaml",
		"content folders in kb.yaml");
	tell_places(renamed->feedback, "feedback item", "feedback items");
	tell_places(renamed->tests, "search test", "search tests");
	tell_places(renamed->counts, "line of tickets", "lines of tickets");
	kb_say(stdout, "\n");
}

static void note(const struct kb_renamed *renamed)
{
	if (renamed->kept.len)
		kb_complain("issues below it keep their ids, such as %.*s: --children "
			    "renames them, too",
			KB_ARG(renamed->kept));
	if (renamed->unread.len)
		kb_complain("%.*s cannot be read, so it may keep the former id: 'kb "
			    "validate' shows why",
			KB_ARG(renamed->unread));
}

static int change(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct link_rename_values *values = opaque;
	struct kb_rewrites rewrites = kb_session_rewrites(session);
	struct kb_renamed renamed;
	int failed = kb_edit_rename_issue(&rewrites, operands->items[0],
		operands->items[1], values->children, &renamed, err);

	if (!failed)
		failed = kb_session_change(session, values->change.dry_run,
			rewrites.items, rewrites.len, err);
	if (!failed && !values->change.dry_run && !session->cli->quiet)
		tell(session->lib, &renamed);
	if (!failed && !session->cli->quiet)
		note(&renamed);
	kb_vec_dispose(&renamed.names);
	kb_vec_dispose(&rewrites);
	return failed;
}

const struct kb_command kb_cmd_link_rename = {
	.name = "link rename",
	.summary = "change the id of an issue everywhere",
	.operands = "OLD NEW",
	.least = 2,
	.most = 2,
	.options = options,
	.values_size = sizeof(struct link_rename_values),
	.read = AT(change.read),
	.work = change,
};

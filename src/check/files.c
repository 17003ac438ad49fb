/* Linked files: those that no site may hold, damaged ones, and images that browsers
 * cannot show. */
#include "family.h"

#include "kb/file.h"

static bool cannot_be_shown(kb_str ext)
{
	static const char *const types[] = {
		".heic", ".heif", ".tif", ".tiff", ".psd", ".eps"};

	for (size_t i = 0; i < KB_LEN(types); i++)
		if (kb_str_eq_nocase(ext, kb_str_of(types[i])))
			return true;
	return false;
}

/* Why a file cannot be published; NULL: it can. Each file is read once, but for two
 * threads that ask at once. */
static const struct kb_error *fault_of(struct kb_checker *checker, kb_str path)
{
	struct kb_check_files *files = checker->files;
	_cleanup_buf_ kb_buf bytes = {0};
	struct kb_error *fault, found = {0};

	pthread_mutex_lock(&files->lock);
	fault = kb_map_get(&files->by_path, path);
	pthread_mutex_unlock(&files->lock);
	if (!fault) {
		kb_linked_file_read(checker->lib, checker->reader, path, &bytes, &found);
		pthread_mutex_lock(&files->lock);
		fault = kb_arena_copy(files->arena, &found, sizeof(found));
		kb_map_put(&files->by_path, path, fault);
		pthread_mutex_unlock(&files->lock);
	}
	return fault->code == KB_OK ? NULL : fault;
}

void kb_check_file(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_link *link, const struct kb_entry *entry, bool image)
{
	const char *refusal = kb_file_refusal(entry->path);
	const struct kb_error *fault = refusal ? NULL : fault_of(checker, entry->path);

	checker->asked++;
	if (refusal)
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_LINK_FILE_TYPE, doc->path,
				link->range, "'%.*s' is not published: %s",
				KB_ARG(link->dest), refusal),
			"link to a document, or to a PDF, text file or archive");
	else if (fault)
		kb_file_fault(checker->diags, doc->path, link->range,
			kb_arena_fmt(checker->scratch, "'%.*s' is not published",
				KB_ARG(link->dest)),
			fault);
	else if (image && cannot_be_shown(kb_path_ext(entry->path)))
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_IMAGE_FORMAT, doc->path,
				link->range, "most browsers cannot show the image '%.*s'",
				KB_ARG(link->dest)),
			"export it as JPEG or PNG");
}

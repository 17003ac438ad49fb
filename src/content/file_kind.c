/* Which linked files a site may hold, and what of them. */
#include "kb/conflict.h"
#include "kb/diagram.h"
#include "kb/file.h"
#include "kb/image.h"
#include "kb/library.h"

/* What a browser would run, or show as a page of the site, when it is opened. */
static bool is_active(kb_str ext)
{
	static const char *const types[] = {"", ".html", ".htm", ".xhtml", ".xht",
		".shtml", ".xml", ".xsl", ".xslt", ".rdf", ".svgz", ".js", ".mjs", ".css",
		".mht", ".mhtml", ".hta", ".htc", ".swf", ".jar", ".wasm", ".php",
		".phtml", ".asp", ".aspx", ".jsp", ".cgi", ".htaccess", ".htpasswd",
		".md"};

	for (size_t i = 0; i < KB_LEN(types); i++)
		if (kb_str_eq_nocase(ext, kb_str_of(types[i])))
			return true;
	return false;
}

/* What configures the help center or was said about it. */
static bool is_internal(kb_str path)
{
	static const char *const folders[] = {
		"feedback/", "usage/", "style/", "theme/", "."};
	kb_str ext = kb_path_ext(path);

	for (size_t i = 0; i < KB_LEN(folders); i++)
		if (kb_str_starts(path, kb_str_of(folders[i])))
			return true;
	return kb_str_chr(path, '/') == SIZE_MAX &&
	       (kb_str_is(ext, ".yaml") || kb_str_is(ext, ".yml"));
}

const char *kb_file_refusal(kb_str path)
{
	if (is_internal(path))
		return "it is one of the help center's own files";
	if (is_active(kb_path_ext(path)))
		return "a browser would run a file of this type or show it as a page of the "
		       "site";
	return NULL;
}

/* A file with an image's name that is not an image may be one with a damaged beginning.
 * Fewer bytes than these cannot hold a picture with metadata. */
enum { IMAGE_MIN = 64 };

static bool is_named_image(kb_str ext)
{
	static const char *const types[] = {".png", ".apng", ".jpg", ".jpeg", ".jpe",
		".jfif", ".gif", ".webp", ".avif", ".heic", ".heif"};

	for (size_t i = 0; i < KB_LEN(types); i++)
		if (kb_str_eq_nocase(ext, kb_str_of(types[i])))
			return true;
	return false;
}

enum { LINK_TEXT_MAX = 1024 };

int kb_link_text_check(
	const struct kb_library *lib, kb_str path, kb_str bytes, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = NULL;
	kb_str full;

	if (!bytes.len || bytes.len > LINK_TEXT_MAX ||
		kb_str_chr(bytes, '\n') != SIZE_MAX)
		return 0;
	arena = kb_arena_new();
	if (!kb_path_join(arena, kb_path_dir(path), bytes, &full) ||
		!kb_library_entry(lib, full))
		return 0;
	return kb_error_set(err, KB_E_REFUSED,
		"'%.*s' contains only the path '%.*s': Git wrote a symbolic link as "
		"text; run 'git config core.symlinks true' and check out the file again",
		KB_ARG(path), KB_ARG(bytes));
}

int kb_linked_file_read(const struct kb_library *lib, struct kb_reader *reader,
	kb_str path, kb_buf *out, struct kb_error *err)
{
	kb_str ext = kb_path_ext(path), bytes;
	_cleanup_buf_ kb_buf file = {0};
	kb_range marker;

	if (kb_reader_read(reader, path, 0, &file, err) < 0)
		return -1;
	bytes = kb_buf_view(&file);
	if (kb_link_text_check(lib, path, bytes, err) < 0)
		return -1;
	if (kb_conflict_find(bytes, &marker))
		return kb_error_set(
			err, KB_E_CONFLICT, "the file contains a merge conflict");
	if (kb_str_eq_nocase(ext, KB_STR(".svg")))
		return kb_svg_clean(bytes, out, err);
	if (kb_image_format(bytes) == KB_IMAGE_UNKNOWN && is_named_image(ext) &&
		bytes.len >= IMAGE_MIN)
		return kb_error_set(
			err, KB_E_CONFIG, "the file does not begin like an image");
	return kb_image_strip(bytes, out, err);
}

enum { OWN_MAX = 5 << 20 };

int kb_own_picture_read(struct kb_reader *reader, kb_buf *out, uint32_t *width,
	uint32_t *height, struct kb_error *err)
{
	_cleanup_buf_ kb_buf file = {0};

	if (kb_reader_read(reader, KB_STR(KB_OWN_PICTURE), OWN_MAX, &file, err) < 0)
		return -1;
	if (kb_image_format(kb_buf_view(&file)) != KB_IMAGE_PNG)
		return kb_error_set(err, KB_E_CONFIG, "it is not a PNG picture");
	if (kb_image_strip(kb_buf_view(&file), out, err) < 0)
		return -1;
	return kb_png_size(kb_buf_view(out), width, height)
		       ? 0
		       : kb_error_set(err, KB_E_CONFIG, "it is damaged or cut short");
}

void kb_file_fault(struct kb_diags *diags, kb_str path, kb_range range, kb_str subject,
	const struct kb_error *err)
{
	enum kb_rule rule = err->code == KB_E_LFS	 ? KB_RULE_LFS_POINTER
			    : err->code == KB_E_CONFLICT ? KB_RULE_CONFLICT_MARKER
			    : err->code == KB_E_CONFIG	 ? KB_RULE_IMAGE_DAMAGED
							 : KB_RULE_FILE_READ;
	struct kb_diag *diag = kb_diag_add(
		diags, rule, path, range, "%.*s: %s", KB_ARG(subject), err->message);

	if (rule == KB_RULE_LFS_POINTER)
		kb_diag_hint(diags, diag,
			"in CI, fetch it when you check out: 'lfs: true' for "
			"actions/checkout");
	else if (rule == KB_RULE_IMAGE_DAMAGED)
		kb_diag_hint(
			diags, diag, "open it in a graphics program and export it again");
}

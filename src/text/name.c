#include "kb/name.h"

#include "kb/unicode.h"

/* What most names are made of. */
static bool is_plain(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static const char *character_fault(kb_str part)
{
	size_t plain = 0;

	while (plain < part.len && is_plain((unsigned char)part.data[plain]))
		plain++;
	if (kb_utf8_invalid(kb_str_sub(part, plain, part.len)) != SIZE_MAX)
		return "is not valid UTF-8";
	for (size_t at = plain; at < part.len;) {
		unsigned char byte = (unsigned char)part.data[at];
		uint32_t c = byte < 0x80 ? (at++, byte) : kb_utf8_next(part, &at);

		if (is_plain(c))
			continue;
		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return "has a control character";
		if (c < 0x80 && strchr("\\:<>|?*\"", (int)c))
			return "has one of the characters \\ : < > | ? * \", which "
			       "file names on Windows cannot have";
	}
	return NULL;
}

/* HFS+, which Macs have had, ignores them in names, so that they hide a name. */
static bool is_ignored(uint32_t c)
{
	return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

/* The beginning of a name as file systems compare it, in small letters. */
static kb_str folded(kb_str part, char *out, size_t size)
{
	size_t len = 0;

	for (size_t at = 0; at < part.len && len < size;) {
		uint32_t c = kb_utf8_next(part, &at);

		if (is_ignored(c))
			continue;
		/* To Windows, "com²" is a device, too. */
		if (c == 0xb2 || c == 0xb3 || c == 0xb9)
			c = '1';
		out[len++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c < 0x80 ? c : '?');
	}
	return (kb_str){out, len};
}

/* ".git" and the like; "git~1" is the short name of ".git" on Windows. Apache refuses to
 * show a folder that holds a folder ".htaccess". */
static bool is_reserved(kb_str name)
{
	static const char *const beginnings[] = {".git", ".kb", ".ht", "git~"};

	for (size_t i = 0; i < KB_LEN(beginnings); i++)
		if (kb_str_starts(name, kb_str_of(beginnings[i])))
			return true;
	return false;
}

/* Can it be reserved or a device, by its first two bytes? Characters that file systems
 * ignore may be among them. */
static bool may_be_special(kb_str part)
{
	static const char starts[][3] = {
		".g", ".k", ".h", "gi", "co", "pr", "au", "nu", "lp"};
	unsigned char start[2] = {0};

	for (size_t i = 0; i < 2 && i < part.len; i++) {
		start[i] = (unsigned char)part.data[i];
		if (start[i] >= 0x80 || start[i] == ' ')
			return true;
		if (start[i] >= 'A' && start[i] <= 'Z')
			start[i] += 'a' - 'A';
	}
	for (size_t i = 0; i < KB_LEN(starts); i++)
		if (memcmp(start, starts[i], 2) == 0)
			return true;
	return false;
}

/* With any ending: "con.txt" is the console, too. */
static bool is_device(kb_str name)
{
	static const char *const devices[] = {
		"con", "prn", "aux", "nul", "conin$", "conout$"};

	name = kb_str_trim(kb_str_sub(name, 0, kb_str_chr(name, '.')));
	for (size_t i = 0; i < KB_LEN(devices); i++)
		if (kb_str_is(name, devices[i]))
			return true;
	return name.len == 4 && name.data[3] >= '0' && name.data[3] <= '9' &&
	       (kb_str_starts(name, KB_STR("com")) || kb_str_starts(name, KB_STR("lpt")));
}

static const char *part_fault(kb_str part)
{
	const char *fault = character_fault(part);
	char start[16];
	kb_str name;

	if (part.len == 0)
		return "is empty";
	if (kb_str_is(part, ".") || kb_str_is(part, ".."))
		return "means another folder";
	if (part.len > KB_NAME_BYTES_MAX)
		return "is longer than 255 bytes";
	if (fault)
		return fault;
	if (part.data[part.len - 1] == '.' || part.data[part.len - 1] == ' ')
		return "ends with a dot or a space, which Windows removes";
	if (!may_be_special(part))
		return NULL;
	name = folded(part, start, sizeof(start));
	if (is_reserved(name))
		return "is a name that Git, kb or a web server reserves";
	return is_device(name) ? "is a device name on Windows" : NULL;
}

const char *kb_path_fault(kb_str path, kb_str *part)
{
	const char *fault = NULL;
	kb_str rest = path;

	*part = path;
	if (path.len > KB_PATH_BYTES_MAX)
		return "is too long for a path";
	while (!fault && kb_str_next(&rest, '/', part))
		fault = part_fault(*part);
	return path.len ? fault : "is empty";
}

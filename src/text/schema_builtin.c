#include "kb/embed.h"
#include "kb/schema.h"

#include <stdio.h>

#include "kb/mem.h"

static const char *const names[] = {"article", "workflow", "reply", "reference",
	"snippet", "kb", "taxonomy", "people", "style", "feedback", "search-tests",
	"common"};

kb_str kb_schema_builtin(kb_str name)
{
	char path[64];
	kb_str text = KB_STR_NULL;

	for (size_t i = 0; i < KB_LEN(names); i++) {
		if (!kb_str_is(name, names[i]))
			continue;
		snprintf(path, sizeof(path), "schemas/%s.json", names[i]);
		kb_embed_get(kb_str_of(path), &text);
	}
	return text;
}

const char *kb_schema_builtin_name(size_t index)
{
	return index < KB_LEN(names) ? names[index] : NULL;
}

/* Files that a configuration named on the command line brings with it. */
#include "source_private.h"

const char *const kb_overlay_names[KB_NOVERLAYS] = {
	"kb.yaml", "people.yaml", "taxonomy.yaml"};

kb_str kb_source_overlay(const struct kb_source *source, kb_str path)
{
	for (int o = 0; o < KB_NOVERLAYS; o++)
		if (kb_str_is(path, kb_overlay_names[o]))
			return source->overlay[o];
	return KB_STR_NULL;
}

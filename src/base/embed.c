#include "kb/embed.h"

extern const struct kb_embed kb_embed_table[];
extern const size_t kb_embed_count;

bool kb_embed_get(kb_str path, kb_str *data)
{
	size_t low = 0, high = kb_embed_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = kb_str_cmp(path, kb_str_of(kb_embed_table[mid].path));

		if (c == 0) {
			*data = kb_embed_table[mid].data;
			return true;
		}
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}

const struct kb_embed *kb_embed_list(size_t *n)
{
	*n = kb_embed_count;
	return kb_embed_table;
}

/* The first bytes of an image: a size that is found is a size of an image. */
#include "fuzz.h"
#include "site/image.h"

FUZZ(kb_str input, struct kb_arena *arena)
{
	uint32_t width = 0, height = 0;

	(void)arena;
	if (image_size(input, &width, &height))
		must(width && height, "an image of %u to %u", width, height);
}

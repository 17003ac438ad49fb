/* Texts by path, to count the lines and columns of findings. */
#include "kb/source.h"

bool kb_source_texts_get(void *opaque, kb_str path, kb_str *text)
{
	struct kb_source_texts *texts = opaque;

	kb_buf_clear(&texts->buf);
	if (kb_reader_read(texts->reader, path, 0, &texts->buf, NULL))
		return false;
	*text = kb_buf_view(&texts->buf);
	return true;
}

void kb_source_texts_dispose(struct kb_source_texts *texts)
{
	kb_reader_free(texts->reader);
	kb_buf_dispose(&texts->buf);
}

void kb_source_finish(struct kb_source *source, struct kb_diags *diags)
{
	struct kb_source_texts texts = {.reader = kb_reader_new(source)};

	kb_diags_finish(diags, kb_source_texts_get, &texts);
	kb_source_texts_dispose(&texts);
}

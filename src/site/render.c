#include "pages.h"

/* Makes one page: its values, the template's result, the file. */

static int page_values(struct job *job, struct kb_value *map, struct frame *frame)
{
	switch (job->page->kind) {
	case PAGE_ROOT:
		page_root(job, map, frame);
		return 0;
	case PAGE_HOME:
		page_home(job, map, frame);
		return 0;
	case PAGE_TOPICS:
		page_topics(job, map, frame);
		return 0;
	case PAGE_TOPIC:
		return page_topic(job, map, frame);
	case PAGE_LIST:
		page_list(job, map, frame);
		return 0;
	case PAGE_FAQ:
		page_faq(job, map, frame);
		return 0;
	case PAGE_CONTACT:
		page_contact(job, map, frame);
		return 0;
	case PAGE_DOCUMENT:
		return page_document(job, map, frame);
	case PAGE_NOT_FOUND:
		page_not_found(job, map, frame);
		return 0;
	default:
		page_alias(job, map, frame);
		return 0;
	}
}

static kb_str way_to_root(struct job *job)
{
	_cleanup_buf_ kb_buf buf = {0};

	/* A server shows the missing page at any depth. */
	if (job->page->kind == PAGE_NOT_FOUND)
		return job->site->base_path;
	for (size_t i = 0; i < job->page->address.len; i++)
		if (job->page->address.data[i] == '/')
			kb_buf_puts(&buf, "../");
	if (!buf.len)
		kb_buf_puts(&buf, "./");
	return kb_arena_str(job->arena, kb_buf_view(&buf));
}

static kb_str file_of(struct job *job)
{
	kb_str address = job->page->address;

	if (address.len == 0 || address.data[address.len - 1] == '/')
		return kb_arena_fmt(job->arena, "%.*sindex.html", KB_ARG(address));
	return address;
}

int page_render(struct job *job)
{
	const struct page *page = job->page;
	struct frame frame = {0};
	struct kb_value *map;

	if (page->kind == PAGE_KEPT) {
		output_keep(job->site->out, file_of(job));
		return 0;
	}
	job->root = way_to_root(job);
	map = kb_value_map(job->arena);
	kb_value_set_parent(map, job->locale->shared);
	if (page_values(job, map, &frame) < 0)
		return -1;
	put_frame(job, map, &frame);
	kb_buf_clear(&job->worker->page);
	if (kb_templates_render(job->site->templates, kb_str_of(frame.kind), map,
		    &job->worker->page, job->err) < 0)
		return -1;
	if (job->failed)
		return -1;
	return output_write(job->site->out, file_of(job), kb_buf_view(&job->worker->page),
		OUTPUT_PAGE, page->kind == PAGE_DOCUMENT ? page->doc->path : KB_STR(""),
		job->err);
}

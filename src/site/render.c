#include "assets.h"
#include "marks.h"
#include "data.h"
#include "sign.h"

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
	case PAGE_SEARCH:
		page_search(job, map, frame);
		return 0;
	case PAGE_CHANGES:
		page_changes(job, map, frame);
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

/* All that the template is given; NULL: the page cannot be made. */
static struct kb_value *values_of(struct job *job, struct frame *frame)
{
	struct kb_value *map = kb_value_map(job->arena);

	job->figures = 0;
	job->text = NULL;
	*frame = (struct frame){0};
	kb_value_set_parent(map, job->locale->shared);
	if (page_values(job, map, frame) < 0)
		return NULL;
	put_frame(job, map, frame);
	return map;
}

/* Makes the values with hashes in the places of texts, and *SIGN from them. */
static struct kb_value *values_signed(
	struct job *job, struct frame *frame, uint64_t *sign)
{
	struct kb_value *map;

	job->signing = true;
	map = values_of(job, frame);
	*sign = map ? sign_page(job, map, frame) : 0;
	job->signing = false;
	return map;
}

/* Puts the texts in; most pages have one, and need no other value made again. */
static struct kb_value *values_whole(
	struct job *job, struct kb_value *map, struct frame *frame)
{
	if (!map || !job->text)
		return values_of(job, frame);
	job->figures = 0;
	return page_put_html(job, job->text) < 0 ? NULL : map;
}

/* What a page is known by in the next run. */
struct signs {
	uint64_t sign, mark;
	kb_strs shown; /* with the mark */
};

static void enter(struct job *job, kb_str path, const struct signs *signs)
{
	output_sign(job->site->out, path, signs->sign);
	output_mark(job->site->out, path, signs->sign ? signs->mark : 0, &signs->shown,
		&job->names);
}

/* The document that the page is of, or nothing. */
static kb_str source_of(const struct job *job)
{
	return job->page->kind == PAGE_DOCUMENT ? job->page->doc->path : KB_STR("");
}

static int make_companions(struct job *job, const struct kb_value *map, uint64_t sign)
{
	struct companion companions[COMPANIONS_MAX];
	uint32_t n = companions_of(job, companions);
	kb_buf *text = &job->worker->page;

	for (uint32_t i = 0; i < n; i++) {
		kb_buf_clear(text);
		if (companions[i].make(job, map, text) < 0 ||
			output_replace(job->site->out, companions[i].path,
				kb_buf_view(text), OUTPUT_PAGE, source_of(job),
				job->err) < 0)
			return -1;
		output_sign(job->site->out, companions[i].path, sign);
	}
	return 0;
}

static int make(struct job *job, kb_str path, struct kb_value *map, struct frame *frame,
	struct signs *signs)
{
	size_t findings = job->worker->diags.len;

	map = values_whole(job, map, frame);
	if (!map)
		return -1;
	kb_buf_clear(&job->worker->page);
	if (kb_templates_render(job->site->templates, kb_str_of(frame->kind), map,
		    &job->worker->page, job->err) < 0)
		return -1;
	if (job->failed ||
		output_write(job->site->out, path, kb_buf_view(&job->worker->page),
			OUTPUT_PAGE, source_of(job), job->err) < 0)
		return -1;
	/* What could not be shown is reported in each run. */
	if (job->worker->diags.len != findings)
		signs->sign = 0;
	enter(job, path, signs);
	return make_companions(job, map, signs->sign);
}

/* Are all files that come along with the page there, made from the same? SIGN 0: whatever
 * they were made from. If not, the page is made again, too. */
static bool have_companions(struct job *job, kb_str path, uint64_t sign)
{
	struct companion companions[COMPANIONS_MAX];
	uint32_t n = companions_of(job, companions);
	struct output *out = job->site->out;

	for (uint32_t i = 0; i < n; i++)
		if (!(sign ? output_same(out, companions[i].path, sign)
			   : output_reuse(out, companions[i].path))) {
			output_drop(out, path);
			return false;
		}
	return true;
}

/* Is what the last run wrote of the page still right? */
static bool is_same(struct job *job, kb_str path, const struct signs *signs)
{
	if (!signs->sign || !output_same(job->site->out, path, signs->sign) ||
		!have_companions(job, path, signs->sign))
		return false;
	assets_keep(job);
	enter(job, path, signs);
	return true;
}

/* The same by its mark. */
static bool is_marked(struct job *job, kb_str path, uint64_t mark)
{
	kb_strs shown = {0};
	bool same =
		mark &&
		output_marked(job->site->out, path, mark, job->site->renamed, &shown) &&
		have_companions(job, path, 0);

	if (same)
		assets_known(job, &shown);
	kb_vec_dispose(&shown);
	return same;
}

static int sign_and_make(struct job *job, kb_str path, struct signs *signs)
{
	struct kb_value *map;
	struct frame frame;
	int failed = 0;

	job->worker->signed_pages++;
	map = values_signed(job, &frame, &signs->sign);
	if (job->foreign)
		signs->mark = 0;
	assets_shown(job, &signs->shown);
	mark_names(job);
	if (!is_same(job, path, signs))
		failed = make(job, path, map, &frame, signs);
	kb_vec_dispose(&signs->shown);
	kb_vec_dispose(&job->shown);
	kb_vec_dispose(&job->names);
	return failed;
}

int page_render(struct job *job)
{
	kb_str path = file_of(job);
	struct signs signs = {0};
	int failed = 0;

	if (job->page->kind == PAGE_KEPT) {
		output_keep(job->site->out, path);
		return 0;
	}
	job->root = way_to_root(job);
	signs.mark = mark_page(job);
	if (!is_marked(job, path, signs.mark))
		failed = sign_and_make(job, path, &signs);
	kb_vec_dispose(&job->own);
	return failed;
}

/* The difference as one page: the text with what came and went, diagrams on both sides.
 */
#include "diff.h"

#include "kb/flow_diagram.h"

static const char style[] =
	":root{color-scheme:light dark;--ins:#d7f5dd;--del:#fbdcdc;--insline:#1a7f37;"
	"--delline:#b42318;--line:#8885;--soft:#8881;--warn:#8a5a00;--dim:#59636e}"
	"@media(prefers-color-scheme:dark){:root{--ins:#12371f;--del:#4a1d1d;--insline:"
	"#4ac26b;--delline:#ff8a80;--warn:#e3b341;--dim:#9aa4af}}"
	"html{background:Canvas;color:CanvasText}"
	"body{font:16px/1.55 system-ui,sans-serif;max-width:62rem;margin:2rem auto;"
	"padding:0 1rem}"
	"h1{font-size:1.6rem}h2{font-size:1.2rem;margin:0}"
	"article{border:1px solid var(--line);border-radius:.5rem;margin:1.5rem 0;"
	"overflow:hidden}"
	"article>header{padding:.7rem 1rem;background:var(--soft)}"
	"article>header p{margin:0;font-size:.85rem;overflow-wrap:anywhere}"
	".in{padding:.5rem 1rem 1rem}"
	"ins{background:var(--ins);text-decoration:none;border-bottom:2px solid "
	"var(--insline)}"
	"del{background:var(--del);text-decoration:line-through var(--delline)}"
	".c,.t{border-left:4px solid transparent;padding-left:.7rem;margin:.4rem 0}"
	".t h1,.t h2,.t h3,.t h4,.t h5,.t h6{font-size:1.05rem;margin:.9rem 0 .2rem}"
	".came{border-color:var(--insline)}.went{border-color:var(--delline)}"
	".other{border-color:var(--warn)}.moved{border-color:var(--warn);"
	"border-left-style:dashed}"
	".t p,.t pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}"
	".t pre{font-size:.85rem;background:var(--soft);padding:.5rem}"
	".row{display:flex;gap:1rem;border-bottom:1px solid var(--line)}.row>span{flex:1}"
	".gap{color:var(--dim);font-size:.85rem;margin:.4rem 0 .4rem 1rem}"
	".why{color:var(--dim);font-size:.85rem}.sig{color:var(--warn);font-weight:600}"
	"ul.changes{padding-left:1.2rem;overflow-wrap:anywhere}"
	".marker{font-size:.75rem;border:1px solid var(--line);border-radius:.3rem;"
	"padding:0 .3rem;margin-right:.4rem}"
	".maps{display:grid;grid-template-columns:1fr 1fr;gap:1rem}"
	"@media(max-width:50rem){.maps{grid-template-columns:1fr}}"
	".maps figure{margin:0;overflow:auto}.maps figcaption{font-size:.85rem;color:"
	"var(--dim)}"
	".maps svg{max-width:100%;height:auto}"
	"@media(max-width:50rem){.maps svg{max-width:none}}"
	"svg text{fill:CanvasText;font-family:system-ui,sans-serif}"
	"svg .node polygon,svg .node path,svg .node ellipse{fill:Canvas;stroke:GrayText}"
	"svg .edge path{fill:none;stroke:GrayText}svg .edge polygon{fill:GrayText;stroke:"
	"GrayText}"
	"svg .kb-came polygon,svg .kb-came path,svg .kb-came ellipse{stroke:"
	"var(--insline);stroke-width:2.5}"
	"svg .node.kb-came polygon,svg .node.kb-came path,svg .node.kb-came "
	"ellipse{fill:var(--ins)}"
	"svg .kb-went polygon,svg .kb-went path,svg .kb-went ellipse{stroke:"
	"var(--delline);stroke-width:2.5;stroke-dasharray:5 3}"
	"svg .node.kb-went polygon,svg .node.kb-went path,svg .node.kb-went "
	"ellipse{fill:var(--del)}"
	"svg .edge.kb-came polygon{fill:var(--insline)}svg .edge.kb-went "
	"polygon{fill:var(--delline)}";

enum { AROUND = 1 }; /* blocks that stay, shown before and behind what changed */

static void put_words(kb_buf *out, const struct kb_word_run *runs, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const char *tag = runs[i].op == KB_OP_DELETE   ? "del"
				  : runs[i].op == KB_OP_INSERT ? "ins"
							       : NULL;

		if (tag)
			kb_buf_fmt(out, "<%s>", tag);
		kb_buf_html(out, runs[i].text);
		if (tag)
			kb_buf_fmt(out, "</%s>", tag);
	}
}

/* OLD (may be NULL: it is new) and NEW (may be NULL: it is gone). */
static void put_part(struct kb_arena *arena, kb_buf *out, const struct kb_block_part *old,
	const struct kb_block_part *new)
{
	uint32_t n;
	struct kb_word_run *runs = kb_diff_words(
		arena, old ? old->text : KB_STR_NULL, new ? new->text : KB_STR_NULL, &n);

	put_words(out, runs, n);
}

static const struct kb_block_part *part_at(const struct kb_block *block, uint32_t i)
{
	return block && i < block->nparts ? &block->parts[i] : NULL;
}

/* Which columns of a table are which, while its rows are written. */
struct columns {
	uint32_t *old_of; /* by new column */
	uint32_t n;
};

static void put_cell(struct kb_arena *arena, kb_buf *out, const struct kb_block_part *old,
	const struct kb_block_part *new)
{
	kb_buf_puts(out, "<span>");
	put_part(arena, out, old, new);
	kb_buf_puts(out, "</span>");
}

static void put_row(struct kb_arena *arena, kb_buf *out, const struct kb_block *old,
	const struct kb_block *new, const struct columns *columns)
{
	const struct kb_block *block = new ? new : old;
	bool mapped = old && new && columns->n == new->nparts;
	uint32_t done = 0;

	kb_buf_puts(out, "<div class=\"row\">");
	for (uint32_t i = 0; i < block->nparts; i++) {
		uint32_t from = mapped ? columns->old_of[i] : i;

		for (; mapped && from != KB_NONE && done < from; done++)
			put_cell(arena, out, part_at(old, done), NULL);
		done += mapped && from != KB_NONE;
		put_cell(arena, out, from == KB_NONE ? NULL : part_at(old, from),
			part_at(new, i));
	}
	for (; mapped && done < old->nparts; done++)
		put_cell(arena, out, part_at(old, done), NULL);
	kb_buf_puts(out, "</div>");
}

static void put_inner(struct kb_arena *arena, kb_buf *out, const struct kb_block *old,
	const struct kb_block *new, const struct columns *columns)
{
	const struct kb_block *block = new ? new : old;
	const char *tag = block->kind == KB_BLOCK_CODE ? "pre" : "p";
	unsigned level = block->level < 3 ? 3u : block->level;

	if (block->kind == KB_BLOCK_ROW) {
		put_row(arena, out, old, new, columns);
		return;
	}
	if (block->kind == KB_BLOCK_HEADING)
		kb_buf_fmt(out, "<h%u>", level);
	else
		kb_buf_fmt(out, "<%s>%s", tag, block->opens_item ? "• " : "");
	put_part(arena, out, part_at(old, 0), part_at(new, 0));
	if (block->kind == KB_BLOCK_HEADING)
		kb_buf_fmt(out, "</h%u>", level);
	else
		kb_buf_fmt(out, "</%s>", tag);
}

static void put_block(struct kb_arena *arena, kb_buf *out, const struct kb_block *old,
	const struct kb_block *new, const char *class, struct columns *columns)
{
	const struct kb_block *block = new ? new : old;

	if (block->kind == KB_BLOCK_ROW && block->header) {
		*columns = (struct columns){0};
		if (old && new)
			*columns = (struct columns){
				kb_diff_columns(arena, old, new), new->nparts};
	}
	kb_buf_fmt(out, "<div class=\"t%s%s\"", *class ? " " : "", class);
	if (block->depth)
		kb_buf_fmt(out, " style=\"margin-left:%urem\"", block->depth * 1u);
	kb_buf_puts(out, ">");
	if (block->marker.len) {
		kb_buf_puts(out, "<span class=\"marker\">");
		kb_buf_html(out, block->marker);
		kb_buf_puts(out, "</span>");
	}
	put_inner(arena, out, old, new, columns);
	kb_buf_puts(out, "</div>\n");
}

/* By new block: is there something to say of it? Not of a link that is written anew and
 * leads where it led. */
static bool *find_told(struct kb_arena *arena, const struct kb_diff *diff)
{
	bool *told = kb_arena_array(arena, bool, diff->to->nblocks);

	for (uint32_t i = 0; i < diff->nchanges; i++)
		if (diff->changes[i].new_block != KB_NONE)
			told[diff->changes[i].new_block] = true;
	return told;
}

static enum kb_op_kind shown_kind(const struct kb_op *op, const bool *told)
{
	if (op->kind != KB_OP_KEEP && op->kind != KB_OP_REPLACE)
		return op->kind;
	return told[op->new_block] ? KB_OP_REPLACE : KB_OP_KEEP;
}

static bool near_change(const struct kb_diff *diff, const bool *told, uint32_t i)
{
	for (uint32_t k = i > AROUND ? i - AROUND : 0; k <= i + AROUND && k < diff->nops;
		k++)
		if (shown_kind(&diff->ops[k], told) != KB_OP_KEEP)
			return true;
	return false;
}

static void put_text(struct kb_arena *arena, kb_buf *out, const struct kb_diff *diff)
{
	static const char *const classes[] = {"", "came", "went", "other", "moved"};
	const bool *told = find_told(arena, diff);
	struct columns columns = {0};
	bool gap = false;

	for (uint32_t i = 0; i < diff->nops; i++) {
		const struct kb_op *op = &diff->ops[i];

		if (!near_change(diff, told, i)) {
			kb_buf_puts(out, gap ? "" : "<p class=\"gap\">…</p>\n");
			gap = true;
			continue;
		}
		gap = false;
		put_block(arena, out,
			op->old_block == KB_NONE ? NULL
						 : &diff->from->blocks[op->old_block],
			op->new_block == KB_NONE ? NULL
						 : &diff->to->blocks[op->new_block],
			classes[shown_kind(op, told)], &columns);
	}
}

static void put_changes(
	const struct diff_report *report, kb_buf *out, const struct kb_diff *diff)
{
	kb_buf_puts(out, "<ul class=\"changes\" lang=\"en\" dir=\"ltr\">\n");
	for (uint32_t i = 0; i < diff->nchanges; i++) {
		const struct kb_doc_change *c = &diff->changes[i];

		if (!diff_counts(report, c->weight))
			continue;
		kb_buf_fmt(out, "<li%s>",
			c->weight == KB_WEIGHT_SIGNIFICANT ? " class=\"sig\"" : "");
		kb_buf_html(out, kb_doc_change_phrase(report->arena, c));
		kb_buf_puts(out, " <span class=\"why\">");
		kb_buf_html(out, c->reason);
		kb_buf_puts(out, "</span></li>\n");
	}
	kb_buf_puts(out, "</ul>\n");
}

/* Both workflows as diagrams, when their graphs differ. */
static void put_maps(const struct diff_report *report, kb_buf *out,
	const struct kb_diff *diff, uint32_t number)
{
	kb_buf svg[2] = {{0}, {0}};

	if (kb_flow_diagrams(report->arena, diff, number, &svg[0], &svg[1]) == 0) {
		kb_buf_puts(out, "<div class=\"maps\">");
		for (int side = 0; side < 2; side++) {
			kb_buf_fmt(out,
				"<figure tabindex=\"0\"><figcaption>%s</figcaption>%.*s</figure>",
				side ? "After" : "Before",
				KB_ARG(kb_buf_view(&svg[side])));
		}
		kb_buf_puts(out, "</div>\n");
	}
	kb_buf_dispose(&svg[0]);
	kb_buf_dispose(&svg[1]);
}

static void put_language(kb_buf *out, const struct kb_locale *locale)
{
	kb_buf_puts(out, " lang=\"");
	kb_buf_html(out, locale->code);
	kb_buf_fmt(out, "\" dir=\"%s\"", locale->rtl ? "rtl" : "ltr");
}

static void put_document(const struct diff_report *report, kb_buf *out,
	const struct kb_doc_diff *doc, uint32_t number)
{
	const struct kb_document *d = diff_document(doc);
	const struct kb_library *lib = doc->to ? report->diff->to : report->diff->from;
	kb_str counts = diff_counts_text(report, doc);

	kb_buf_puts(out, "<article");
	put_language(out, &lib->config->locales[d->locale]);
	kb_buf_puts(out, ">\n<header><h2>");
	kb_buf_html(out, d->facts->title.len ? d->facts->title : d->path);
	kb_buf_puts(out, "</h2><p lang=\"en\" dir=\"ltr\">");
	kb_buf_html(out, d->path);
	kb_buf_fmt(out, " · %s%s%.*s", diff_status(doc), counts.len ? ", " : "",
		KB_ARG(counts));
	if (doc->moved) {
		kb_buf_puts(out, " · before: ");
		kb_buf_html(out, doc->from->path);
	}
	if (doc->translation) {
		kb_buf_puts(out, " · source: ");
		kb_buf_html(out, doc->to->path);
		kb_buf_fmt(out, ", since %.*s", KB_ARG(doc->since));
	}
	kb_buf_puts(out, "</p></header>\n<div class=\"in\"");
	if (doc->translation)
		put_language(out, &lib->config->locales[doc->to->locale]);
	kb_buf_puts(out, ">\n");
	put_changes(report, out, doc->diff);
	put_maps(report, out, doc->diff, number);
	if (doc->diff->weight != KB_WEIGHT_NONE)
		put_text(report->arena, out, doc->diff);
	kb_buf_puts(out, "</div>\n</article>\n");
}

static void put_notes(const struct diff_report *report, kb_buf *out)
{
	bool any = false;

	for (uint32_t i = 0; i < report->diff->nnotes; i++) {
		const struct kb_note *note = &report->diff->notes[i];

		if (!diff_counts(report, note->weight))
			continue;
		kb_buf_puts(out, any ? "" : "<ul class=\"changes\">\n");
		any = true;
		kb_buf_fmt(out, "<li%s>",
			note->weight == KB_WEIGHT_SIGNIFICANT ? " class=\"sig\"" : "");
		kb_buf_puts(out, "<span class=\"why\">");
		kb_buf_html(out, note->path);
		kb_buf_puts(out, ":</span> ");
		kb_buf_html(out, note->text);
		kb_buf_puts(out, "</li>\n");
	}
	kb_buf_puts(out, any ? "</ul>\n" : "");
}

void diff_html(const struct diff_report *report, kb_buf *out)
{
	kb_buf_fmt(out,
		"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n"
		"<title>What changed</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n"
		"<h1>What changed</h1>\n<p>",
		style);
	kb_buf_html(out, diff_headline(report));
	kb_buf_puts(out, "</p>\n");
	put_notes(report, out);
	for (uint32_t i = 0; i < report->diff->ndocs; i++)
		if (diff_shows(report, &report->diff->docs[i]))
			put_document(report, out, &report->diff->docs[i], i);
	kb_buf_puts(out, "</main>\n</body>\n</html>\n");
}

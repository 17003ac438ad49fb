/* A self-contained page of HTML: its style is in it, and it has no script. */
#include "page.h"

#include "kb/escape.h"

static const char page_style[] =
	":root{color-scheme:light dark;background:Canvas;color:CanvasText}"
	"body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;"
	"padding:0 1rem}p,li{overflow-wrap:anywhere}img{max-width:100%}"
	"h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1rem}"
	"pre{font-size:.85rem;background:#8881;padding:.5rem;overflow-x:auto}"
	".scroll{overflow-x:auto}"
	"table{border-collapse:collapse;font-size:.9rem}"
	"th,td{text-align:left;vertical-align:top;padding:.35rem 1rem .35rem 0;"
	"border-bottom:1px solid #8885}"
	"th{font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums}"
	"@media(max-width:40rem){.s thead{display:none}"
	".s tr{display:block;padding:.5rem 0;border-bottom:1px solid #8885}"
	".s td{display:block;padding:0;border:0;overflow-wrap:anywhere}"
	".s td+td{padding-left:1rem}}"
	".faint{opacity:.75;font-size:.85rem}"
	"@media print{body{font-size:11pt;margin:0;max-width:none}"
	"h2,h3{break-after:avoid}figure,tr,li{break-inside:avoid}"
	".scroll{overflow:visible}details:not([open]){display:none}}";

/* Of pages that show changes and figures. */
static const char change_style[] =
	":root{--ins:#d7f5dd;--del:#fbdcdc;--insline:#1a7f37;--delline:#b42318;"
	"--warn:#8a5a00}"
	"@media(prefers-color-scheme:dark){:root{--ins:#12371f;--del:#4a1d1d;--insline:"
	"#4ac26b;--delline:#ff8a80;--warn:#e3b341}}"
	"ul{padding-left:1.2rem}.warning{color:var(--warn);font-weight:600}"
	"article{border:1px solid #8885;border-radius:.5rem;margin:1.5rem 0;"
	"padding:0 1rem 1rem;overflow:hidden}"
	"article>h2{margin:0 -1rem;padding:.7rem 1rem;background:#8881}"
	"ins{background:var(--ins);text-decoration:none;border-bottom:2px solid "
	"var(--insline)}"
	"del{background:var(--del);text-decoration:line-through var(--delline)}"
	".t{border-left:4px solid transparent;padding-left:.7rem;"
	"margin:.4rem 0 .4rem calc(var(--depth,0)*1rem);white-space:pre-wrap}"
	".added{border-color:var(--insline)}.removed{border-color:var(--delline)}"
	".changed{border-color:var(--warn)}.moved{border-color:var(--warn);"
	"border-left-style:dashed}"
	".row{display:flex;gap:1rem;border-bottom:1px solid #8885}.row>span{flex:1}"
	".maps{display:grid;grid-template-columns:1fr 1fr;gap:1rem}"
	"@media(max-width:50rem){.maps{grid-template-columns:1fr}}"
	".maps figure{margin:0;overflow:auto}figcaption{font-size:.85rem;opacity:.75}"
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

/* The element of a role, and its class. */
static const struct {
	const char *tag, *class;
} elements[] = {[KB_ROLE_STRONG] = {"strong", NULL},
	[KB_ROLE_FAINT] = {"span", "faint"},
	[KB_ROLE_CODE] = {"code", NULL},
	[KB_ROLE_MARK] = {"mark", NULL},
	[KB_ROLE_ADDED] = {"ins", NULL},
	[KB_ROLE_REMOVED] = {"del", NULL},
	[KB_ROLE_ERROR] = {"span", "error"},
	[KB_ROLE_WARNING] = {"span", "warning"},
	[KB_ROLE_NOTE] = {"span", "faint"},
	[KB_ROLE_BREAK] = {NULL, NULL}};

static void put_link(kb_buf *out, kb_str url)
{
	kb_buf_puts(out, "<a href=\"");
	kb_buf_html(out, url);
	kb_buf_puts(out, "\">");
	kb_buf_html(out, url);
	kb_buf_puts(out, "</a>");
}

static void put_runs(kb_buf *out, struct kb_page_runs runs)
{
	for (size_t i = 0; i < runs.len; i++) {
		const struct kb_page_run *run = &runs.items[i];
		const char *tag = elements[run->role].tag;
		const char *class = elements[run->role].class;

		if (run->role == KB_ROLE_LINK) {
			put_link(out, run->text);
			continue;
		}
		if (run->role == KB_ROLE_BREAK)
			kb_buf_puts(out, "<br>");
		if (tag && class)
			kb_buf_fmt(out, "<%s class=\"%s\">", tag, class);
		else if (tag)
			kb_buf_fmt(out, "<%s>", tag);
		kb_buf_html(out, run->text);
		if (tag)
			kb_buf_fmt(out, "</%s>", tag);
	}
}

static const char *change_class(enum kb_role change)
{
	return change == KB_ROLE_ADDED	   ? " added"
	       : change == KB_ROLE_REMOVED ? " removed"
	       : change == KB_ROLE_MOVED   ? " moved"
	       : change == KB_ROLE_MARK	   ? " changed"
					   : "";
}

/* "<TAG class=… lang=…", without its end. */
static void open_tag(kb_buf *out, const char *tag, const struct kb_page_block *block)
{
	kb_buf_fmt(out, "<%s", tag);
	if (block->change)
		kb_buf_fmt(out, " class=\"%st%s\"",
			block->kind == KB_PAGE_ROW ? "row " : "",
			change_class(block->change));
	else if (block->kind == KB_PAGE_ROW)
		kb_buf_puts(out, " class=\"row\"");
	if (block->level && block->kind != KB_PAGE_HEADING)
		kb_buf_fmt(out, " style=\"--depth:%u\"", block->level);
	if (block->lang.len) {
		kb_buf_puts(out, " lang=\"");
		kb_buf_html(out, block->lang);
		kb_buf_fmt(out, "\" dir=\"%s\"", block->rtl ? "rtl" : "ltr");
	}
}

static void put_element(kb_buf *out, const char *tag, const struct kb_page_block *block)
{
	open_tag(out, tag, block);
	kb_buf_putc(out, '>');
	put_runs(out, kb_page_block_runs(block));
	kb_buf_fmt(out, "</%s>\n", tag);
}

static void put_row(kb_buf *out, const struct kb_page_block *table, size_t from)
{
	kb_buf_puts(out, "<tr>");
	for (size_t c = 0; c < table->ncolumns; c++) {
		kb_buf_fmt(out, "<td%s>", table->columns[c].number ? " class=\"n\"" : "");
		put_runs(out, kb_page_cell(table, from + c));
		kb_buf_puts(out, "</td>");
	}
	kb_buf_puts(out, "</tr>\n");
}

static void put_head(kb_buf *out, const struct kb_page_block *table)
{
	for (size_t c = 0; c < table->ncolumns; c++) {
		kb_buf_fmt(out, "<th scope=\"col\"%s>",
			table->columns[c].number ? " class=\"n\"" : "");
		kb_buf_html(out, table->columns[c].name);
		kb_buf_puts(out, "</th>");
	}
}

static void put_table(kb_buf *out, const struct kb_page_block *table)
{
	size_t n = table->ncolumns;

	kb_buf_puts(out, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
			 "aria-label=\"");
	kb_buf_html(out, table->columns[0].name);
	kb_buf_fmt(out, "\">\n<table%s>\n<thead><tr>",
		kb_page_count_wide(table) > 1 ? " class=\"s\"" : "");
	put_head(out, table);
	kb_buf_puts(out, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i + n <= table->cells.len; i += n)
		put_row(out, table, i);
	kb_buf_puts(out, "</tbody>\n</table>\n</div>\n");
}

static void put_cells(kb_buf *out, const struct kb_page_block *row)
{
	open_tag(out, "div", row);
	kb_buf_putc(out, '>');
	for (size_t i = 0; i < row->cells.len; i++) {
		kb_buf_puts(out, "<span>");
		put_runs(out, kb_page_cell(row, i));
		kb_buf_puts(out, "</span>");
	}
	kb_buf_puts(out, "</div>\n");
}

static void put_markup(kb_buf *out, const struct kb_page_block *block)
{
	if (!block->runs.len) {
		kb_buf_fmt(out, "%.*s\n", KB_ARG(block->markup));
		return;
	}
	kb_buf_puts(out, "<figure tabindex=\"0\"><figcaption>");
	put_runs(out, kb_page_block_runs(block));
	kb_buf_fmt(out, "</figcaption>%.*s</figure>", KB_ARG(block->markup));
}

static void put_part(kb_buf *out, const struct kb_page_block *part)
{
	open_tag(out, "article", part);
	kb_buf_puts(out, ">\n<h2>");
	put_runs(out, kb_page_block_runs(part));
	kb_buf_puts(out, "</h2>\n");
}

static void put_block(kb_buf *out, const struct kb_page_block *block)
{
	const char heading[] = {
		'h', (char)('0' + (block->level > 6 ? 6 : block->level)), 0};

	switch (block->kind) {
	case KB_PAGE_HEADING:
		put_element(out, heading, block);
		break;
	case KB_PAGE_PARAGRAPH:
		put_element(out, "p", block);
		break;
	case KB_PAGE_ITEM:
		put_element(out, "li", block);
		break;
	case KB_PAGE_TERM:
		kb_buf_puts(out, "<dt>");
		kb_buf_html(out, kb_str_trim(block->mark));
		kb_buf_puts(out, "</dt>\n");
		put_element(out, "dd", block);
		break;
	case KB_PAGE_CODE:
		put_element(out, "pre", block);
		break;
	case KB_PAGE_ROW:
		put_cells(out, block);
		break;
	case KB_PAGE_TABLE:
		put_table(out, block);
		break;
	case KB_PAGE_MARKUP:
		put_markup(out, block);
		break;
	case KB_PAGE_PART:
		put_part(out, block);
		break;
	case KB_PAGE_PART_END:
		kb_buf_puts(out, "</article>\n");
	}
}

/* What is around a row of blocks of one kind. */
enum group { NO_GROUP, LIST, TERMS, FIGURES };

static enum group group_of(const struct kb_page_block *block)
{
	if (block->kind == KB_PAGE_ITEM || block->kind == KB_PAGE_TERM)
		return block->kind == KB_PAGE_ITEM ? LIST : TERMS;
	return block->kind == KB_PAGE_MARKUP && block->runs.len ? FIGURES : NO_GROUP;
}

static void put_blocks(const struct kb_report *report, kb_buf *out)
{
	static const char *const opening[] = {
		"", "<ul>\n", "<dl>\n", "<div class=\"maps\">"};
	static const char *const closing[] = {"", "</ul>\n", "</dl>\n", "</div>\n"};
	enum group open = NO_GROUP;

	for (size_t i = 0; i < report->blocks.len; i++) {
		enum group group = group_of(report->blocks.items[i]);

		if (kb_page_is_empty(report->blocks.items[i]))
			continue;
		if (group != open) {
			kb_buf_puts(out, closing[open]);
			kb_buf_puts(out, opening[group]);
		}
		open = group;
		put_block(out, report->blocks.items[i]);
	}
	kb_buf_puts(out, closing[open]);
}

static bool has_parts(const struct kb_report *report)
{
	for (size_t i = 0; i < report->blocks.len; i++)
		if (report->blocks.items[i]->kind == KB_PAGE_PART)
			return true;
	return false;
}

static void put_page(const struct kb_report *report, kb_buf *out)
{
	kb_buf_puts(out, "<!doctype html>\n<html lang=\"");
	kb_buf_html(out, report->lang);
	kb_buf_fmt(out,
		"\"%s>\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
		report->rtl ? " dir=\"rtl\"" : "");
	kb_buf_html(out, report->title);
	kb_buf_fmt(out, "</title>\n<style>%s%s</style>\n</head>\n<body>\n<main>\n<h1>",
		page_style, has_parts(report) ? change_style : "");
	kb_buf_html(out, report->title);
	kb_buf_puts(out, "</h1>\n");
	put_blocks(report, out);
	kb_buf_puts(out, "</main>\n</body>\n</html>\n");
}

void kb_write_html(const struct kb_report *report, kb_buf *out)
{
	_cleanup_buf_ kb_buf page = {0};

	put_page(report, &page);
	kb_buf_html_lines(out, kb_buf_view(&page));
}

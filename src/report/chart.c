#include "chart.h"

enum { WIDTH = 760, LABEL = 240, NOTE = 220, ROW = 26, COLUMNS = 180, FOOT = 22 };
/* Blue of Okabe and Ito's palette, a little lighter: three times the contrast of white
 * and of the dark page. */
static const char COLOR[] = "#3182bd";

static double greatest(const struct chart *chart)
{
	double most = 0;

	for (size_t i = 0; i < chart->n; i++)
		if (chart->bars[i].value > most)
			most = chart->bars[i].value;
	return most > 0 ? most : 1;
}

static void put_html(kb_buf *out, const char *before, kb_str text, const char *behind)
{
	kb_buf_puts(out, before);
	kb_buf_html(out, text);
	kb_buf_puts(out, behind);
}

/* SIDE: where to begin on a narrow screen, "ltr" or, at the newest month, "rtl". */
static void begin(kb_buf *out, const struct chart *chart, int height, const char *side)
{
	kb_buf_fmt(out,
		"<figure style=\"margin:1rem 0;max-width:%dpx\"><figcaption class=\"faint\">In "
		"%s</figcaption><div class=\"scroll\" style=\"direction:%s\" tabindex=\"0\" role=\"group\" "
		"aria-label=\"%s\"><svg role=\"img\" aria-labelledby=\"%s-t "
		"%s-d\" viewBox=\"0 0 %d %d\" style=\"width:100%%;min-width:36rem;"
		"height:auto;direction:ltr\"><title id=\"%s-t\">%s</title><desc id=\"%s-d\">%s, in %s. "
		"The table below has the same numbers.</desc>",
		WIDTH, chart->unit, side, chart->title, chart->id, chart->id, WIDTH,
		height, chart->id, chart->title, chart->id, chart->title, chart->unit);
}

static void put_number(kb_buf *out, double value)
{
	if (value < 0)
		kb_buf_puts(out, "–");
	else
		kb_buf_fmt(out, "%.0f", value);
}

static void end(kb_buf *out, const struct chart *chart)
{
	kb_buf_fmt(out,
		"</svg></div><details><summary>The numbers</summary><table><thead><tr><th "
		"scope=\"col\">%s</th><th scope=\"col\" class=\"n\">%s</th></tr></thead>"
		"<tbody>",
		chart->labels, chart->unit);
	for (size_t i = 0; i < chart->n; i++) {
		put_html(out, "<tr><td>", chart->bars[i].label, "</td><td class=\"n\">");
		put_number(out, chart->bars[i].value);
		put_html(out, " ", chart->bars[i].note, "</td></tr>");
	}
	kb_buf_puts(out, "</tbody></table></details></figure>");
}

void chart_bars(kb_buf *out, const struct chart *chart)
{
	double most = greatest(chart), room = WIDTH - LABEL - NOTE;

	begin(out, chart, (int)chart->n * ROW + 4, "ltr");
	for (size_t i = 0; i < chart->n; i++) {
		const struct chart_bar *bar = &chart->bars[i];
		double length = bar->value > 0 ? bar->value / most * room : 0;
		int y = (int)i * ROW;
		kb_str label = bar->label, head = kb_str_head(label, 33);

		kb_buf_fmt(out,
			"<text x=\"%d\" y=\"%d\" text-anchor=\"end\" font-size=\"13\" "
			"fill=\"currentColor\">",
			LABEL - 8, y + 18);
		kb_buf_html(out, head);
		kb_buf_fmt(out,
			"%s</text><rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" "
			"rx=\"2\" fill=\"%s\"/><text x=\"%.1f\" y=\"%d\" font-size=\"13\" "
			"fill=\"currentColor\">",
			head.len < label.len ? "…" : "", LABEL, y + 5, length, ROW - 8,
			COLOR, LABEL + length + 6, y + 18);
		put_number(out, bar->value);
		put_html(out, " ", bar->note, "</text>");
	}
	end(out, chart);
}

void chart_columns(kb_buf *out, const struct chart *chart)
{
	double most = greatest(chart),
	       step = (double)WIDTH / (double)(chart->n + !chart->n);

	begin(out, chart, COLUMNS + FOOT, "rtl");
	kb_buf_fmt(out,
		"<path d=\"M0 %d.5H%d\" stroke=\"currentColor\" stroke-opacity=\".4\"/>",
		COLUMNS, WIDTH);
	for (size_t i = 0; i < chart->n; i++) {
		const struct chart_bar *bar = &chart->bars[i];
		double height = bar->value > 0 ? bar->value / most * (COLUMNS - 24) : 0;
		double x = (double)i * step, middle = x + step / 2;

		kb_buf_fmt(out,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
			"fill=\"%s\"/><text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" "
			"font-size=\"12\" fill=\"currentColor\">",
			x + step * 0.18, COLUMNS - height, step * 0.64, height, COLOR,
			middle, COLUMNS - height - 6);
		put_number(out, bar->value);
		kb_buf_fmt(out,
			"</text><text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" "
			"font-size=\"11\" fill=\"currentColor\">",
			middle, COLUMNS + 16);
		kb_buf_html(out, bar->label);
		kb_buf_puts(out, "</text>");
	}
	end(out, chart);
}

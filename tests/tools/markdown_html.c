/* Markdown on standard input as HTML, by cmark-gfm with all of GFM and raw HTML, as a forge
 * shows a comment before it cleans it. */
#include <stdio.h>
#include <stdlib.h>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

int main(void)
{
	static const char *const names[] = {"table", "autolink", "strikethrough"};
	char chunk[8192];
	size_t n;

	cmark_gfm_core_extensions_ensure_registered();
	cmark_parser *parser =
		cmark_parser_new(CMARK_OPT_UNSAFE | CMARK_OPT_FOOTNOTES);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		cmark_parser_attach_syntax_extension(
			parser, cmark_find_syntax_extension(names[i]));
	while ((n = fread(chunk, 1, sizeof(chunk), stdin)) > 0)
		cmark_parser_feed(parser, chunk, n);
	cmark_node *root = cmark_parser_finish(parser);
	char *html = cmark_render_html(
		root, CMARK_OPT_UNSAFE, cmark_parser_get_syntax_extensions(parser));
	fputs(html, stdout);
	free(html);
	cmark_node_free(root);
	cmark_parser_free(parser);
	return 0;
}

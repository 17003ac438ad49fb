#include "unit.h"

#include "kb/diagram.h"

static void cleans_to(const char *svg, const char *want)
{
	struct kb_error err;
	kb_buf out = {0};

	if (kb_svg_clean(kb_str_of(svg), &out, &err))
		fail_msg("%s: %s", svg, err.message);
	assert_str(kb_buf_view(&out), want);
	kb_buf_dispose(&out);
}

#define HEAD                                                                             \
	"<svg xmlns=\"http://www.w3.org/2000/svg\" "                                     \
	"xmlns:xlink=\"http://www.w3.org/1999/xlink\""

static void kept(void **state)
{
	(void)state;
	cleans_to("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\" "
		  "width=\"9\">"
		  "<title>a &amp; b</title><path d=\"M0 0\" fill=\"url(#g)\" "
		  "style=\"fill:red\"/></svg>",
		HEAD " viewBox=\"0 0 1 1\" width=\"9\"><title>a &amp; b</title>"
		     "<path d=\"M0 0\" fill=\"url(#g)\" style=\"fill:red\"/></svg>\n");
	cleans_to("<svg xmlns=\"http://www.w3.org/2000/svg\" "
		  "xmlns:xlink=\"http://www.w3.org/1999/xlink\"><use xlink:href=\"#a\"/>"
		  "<style>.a{fill:url(#b)}</style></svg>",
		HEAD "><use xlink:href=\"#a\"/><style>.a{fill:url(#b)}</style></svg>\n");
	cleans_to("<svg xmlns=\"http://www.w3.org/2000/svg\"><image "
		  "href=\"data:image/png;base64,AA==\"/></svg>",
		HEAD "><image href=\"data:image/png;base64,AA==\"/></svg>\n");
}

static void dropped(void **state)
{
	static const char *const bad[] = {"<script>alert(1)</script>",
		"<foreignObject><b xmlns=\"http://www.w3.org/1999/xhtml\">x</b></foreignObject>",
		"<x:script xmlns:x=\"http://www.w3.org/1999/xhtml\">1</x:script>",
		"<style>@import 'x';</style>", "<style>a{b:url(x)}</style>",
		"<style>a{b:u\\72l(x)}</style>", "<style>a{b:url( 'http://x' )}</style>",
		"<style>a{b:u/**/rl(x)}</style>", "<iframe/>",
		"<set attributeName=\"href\" to=\"javascript:1\"/>", "<animate/>",
		"<handler>x</handler>", "<!-- x -->", "<?x y?>"};
	kb_buf svg = {0};

	(void)state;
	for (size_t i = 0; i < KB_LEN(bad); i++) {
		kb_buf_clear(&svg);
		kb_buf_fmt(&svg,
			"<svg xmlns=\"http://www.w3.org/2000/svg\"><g>%s</g></svg>",
			bad[i]);
		cleans_to(svg.data, HEAD "><g></g></svg>\n");
	}
	kb_buf_dispose(&svg);
	cleans_to(
		"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"x\" oNclick=\"y\"/>",
		HEAD "/>\n");
	cleans_to("<svg xmlns=\"http://www.w3.org/2000/svg\" "
		  "xmlns:xlink=\"http://www.w3.org/1999/xlink\">"
		  "<a xlink:href=\"javascript:1\"><path/></a>"
		  "<use href=\"http://x/y#z\" style=\"fill:url(http://x)\" "
		  "fill=\"URL(x)\"/>"
		  "<image href=\"data:image/svg+xml;base64,AA==\"/></svg>",
		HEAD "><path/><use/><image/></svg>\n");
}

/* What drawing programs write about whoever drew, and what a picture in it knows. */
static void without_metadata(void **state)
{
	(void)state;
	cleans_to("<?xml version=\"1.0\"?><!-- by Jane --><svg "
		  "xmlns=\"http://www.w3.org/2000/svg\" "
		  "xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" "
		  "inkscape:export-filename=\"/home/jane/a.png\" "
		  "sodipodi:docname=\"jane.svg\"><metadata><rdf:RDF "
		  "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">Jane"
		  "</rdf:RDF></metadata><sodipodi:namedview/>"
		  "<g inkscape:label=\"Jane\"/></svg><!-- Jane -->",
		HEAD "><g/></svg>\n");
	/* A JPEG file of a comment ("JANE") and nothing else. */
	cleans_to("<svg xmlns=\"http://www.w3.org/2000/svg\"><image "
		  "href=\"data:image/jpeg;base64,/9j/ /gAGSkFORf/Z\"/></svg>",
		HEAD "><image href=\"data:image/jpeg;base64,/9j/2Q==\"/></svg>\n");
	cleans_to("<svg xmlns=\"http://www.w3.org/2000/svg\"><image "
		  "href=\"data:image/jpeg;base64,/9j//gAASkFORf/Z\"/></svg>",
		HEAD "><image/></svg>\n");
}

static void refused(void **state)
{
	static const char *const bad[] = {"", "x", "<svg", "<html/>",
		"<!DOCTYPE svg [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
		"\"&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
		"<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d "
		"\"&c;&c;&c;&c;&c;&c;&c;&c;\">"
		"<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;\"><!ENTITY f "
		"\"&e;&e;&e;&e;&e;&e;&e;&e;&e;\">"
		"<!ENTITY g \"&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;\">]><svg a=\"&g;\"/>"};
	struct kb_error err;
	kb_buf out = {0};

	(void)state;
	for (size_t i = 0; i < KB_LEN(bad); i++) {
		if (kb_svg_clean(kb_str_of(bad[i]), &out, &err) == 0)
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(out.len, 0);
	}
}

/* libxml2 would compare each of them with all the others. */
static void many_attributes(void **state)
{
	kb_buf svg = {0}, out = {0};
	struct kb_error err = {0};

	(void)state;
	kb_buf_puts(&svg, "<svg");
	for (int i = 0; i < 100000; i++)
		kb_buf_fmt(&svg, " a%d='>'", i);
	kb_buf_puts(&svg, "/>");
	assert_int_equal(kb_svg_clean(kb_buf_view(&svg), &out, &err), -1);
	assert_string_equal(err.message, "an element has too many attributes");
	kb_buf_clear(&svg);
	kb_buf_puts(&svg, "<svg>");
	for (int i = 0; i < 100000; i++)
		kb_buf_puts(&svg, "<path d='M0 0' id='x'/>");
	kb_buf_puts(&svg, "</svg>");
	assert_int_equal(kb_svg_clean(kb_buf_view(&svg), &out, &err), 0);
	kb_buf_dispose(&svg);
	kb_buf_dispose(&out);
}

static void entities(void **state)
{
	(void)state;
	cleans_to("<!DOCTYPE svg SYSTEM \"http://x/y.dtd\" [<!ENTITY n "
		  "\"http://www.w3.org/2000/svg\"><!ENTITY f SYSTEM "
		  "\"file:///etc/passwd\">]>"
		  "<svg xmlns=\"&n;\"><text>&f;a</text></svg>",
		HEAD "><text>a</text></svg>\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kept),
		cmocka_unit_test(dropped),
		cmocka_unit_test(without_metadata),
		cmocka_unit_test(refused),
		cmocka_unit_test(many_attributes),
		cmocka_unit_test(entities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

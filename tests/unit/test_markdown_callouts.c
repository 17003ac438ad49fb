#include "markdown_help.h"

/* In each text, what must not reach the public is called SECRET. */
struct sample {
	const char *text;
	int audience;	   /* the least trusted that sees SECRET; 255: nobody */
	enum kb_rule rule; /* KB_RULE_COUNT: no finding */
};

#define NOBODY 255
#define FINE KB_RULE_COUNT
#define UNKNOWN KB_RULE_CALLOUT_UNKNOWN
#define LAZY KB_RULE_CALLOUT_LAZY
#define ADJACENT KB_RULE_CALLOUT_ADJACENT
#define DEFINITION KB_RULE_CALLOUT_DEFINITION
#define ONE_LINE KB_RULE_CALLOUT_ONE_LINE

static const struct sample samples[] = {
	/* known markers */
	{"> [!NOTE]\n> SECRET", 0, FINE},
	{"> [!TIP]\n> SECRET", 0, FINE},
	{"> [!IMPORTANT]\n> SECRET", 0, FINE},
	{"> [!WARNING]\n> SECRET", 0, FINE},
	{"> [!CAUTION]\n> SECRET", 0, FINE},
	{"> [!AT]\n> SECRET", 0, FINE},
	{"> [!PUBLIC]\n> SECRET", 0, FINE},
	{"> [!AGENTS]\n> SECRET", 1, FINE},
	{"> [!AGENTS]\n>\n> SECRET", 1, FINE},
	{">[!AGENTS]\n>SECRET", 1, FINE},
	{">   [!AGENTS]   \n> SECRET", 1, FINE},
	{">\t[!AGENTS]\t\n> SECRET", 1, FINE},
	{">\n> [!AGENTS]\n> SECRET", 1, FINE},
	{"> [!SECOND-LEVEL]\n> SECRET", 2, FINE},
	{"> [!AGENTS]  \n> SECRET", 1, FINE},
	{"> [!AGENTS]\r\n> SECRET\r\n", 1, FINE},
	{"- item\n\n  > [!AGENTS]\n  > SECRET", 1, FINE},
	{"1. > [!AGENTS]\n   > SECRET", 1, FINE},
	{"> [!AGENTS]\n> - a\n> - SECRET", 1, FINE},
	{"> [!AGENTS]\n> ```\n> SECRET\n> ```", 1, FINE},
	{"> [!AGENTS]\n>\n>     SECRET", 1, FINE},
	{"> [!AGENTS]\n> <b>SECRET</b>", 1, FINE},
	{"> [!AGENTS]\n> ## SECRET", 1, FINE},
	{"> [!AGENTS]\n>\n> | a |\n> |---|\n> | SECRET |", 1, FINE},
	{"text\n> [!AGENTS]\n> SECRET", 1, FINE},
	/* nested: the stricter one counts */
	{"> [!NOTE]\n> > [!AGENTS]\n> > SECRET", 1, FINE},
	{"> [!AGENTS]\n> > [!NOTE]\n> > SECRET", 1, FINE},
	{"> [!SECOND-LEVEL]\n> > [!AGENTS]\n> > SECRET", 2, FINE},
	{"> [!AGENTS]\n> > [!SECOND-LEVEL]\n> > SECRET", 2, FINE},
	{"> > [!AGENTS]\n> > SECRET", 1, FINE},
	{"> - > [!AGENTS]\n>   > SECRET", 1, FINE},
	{"> [!AGENTS]\n> > plain SECRET", 1, FINE},
	/* a definition's text is for those who see the block that it is in */
	{"[x] ![x][x]\n\n> [!AGENTS]\n>\n> [x]: /SECRET", 1, DEFINITION},
	{"[x][]\n\n> [!AGENTS]\n> a\n>\n> [x]: y 'SECRET'", 1, DEFINITION},
	{"[x]\n\n> [!AGENTS]\n> a\n>\n> [x]:\n> /SECRET\n> b", 1, DEFINITION},
	{"[x z]\n\n> [!AGENTS]\n> - a\n>\n> - [x\n>   z]: /SECRET", 1, DEFINITION},
	{"[x]\n\n> [!AGENTS]\n> > [x]: /SECRET", 1, DEFINITION},
	{"> [!PUBLIC]\n> ## a\n[x]: /SECRET\n\n[x]", NOBODY, LAZY},
	{"[x]\n\n> [!AGENTS]\n>\n> [x]: /SECRET\n> # a", 1, DEFINITION},
	{"[x]\n\n> [!AGENTS]\n>\n> [x]: /SECRET\n> a\n> ---", 1, DEFINITION},
	{"[^x y]\n\n> [!AGENTS]\n>\n> [^x y]: /SECRET", 1, DEFINITION},
	{"[x]\n\n> [!AGENTS]\n> a[^1]\n\n[^1]: b\n\n    [x]: /SECRET", 1, DEFINITION},
	{"[x]\n\n> [!AGENTS]\n> a\n>\n> [x]: /SECRET\nb", NOBODY, LAZY},
	{"[x]\n\n> [!AGENTS]\n> a[^1]\n>\n> [^1]: [x]: /SECRET", 1, DEFINITION},
	{"[x]\n\n> [x]: /SECRET", 0, FINE},
	{"[x]\n\n[x]: /SECRET\n\n> [!AGENTS]\n> a [x]", 0, FINE},
	{"> [!AGENTS]\n> a\n> [SECRET]: b\n>\n> ```\n> [x]: y\n> ```", 1, FINE},
	/* not exactly a marker alone on its line */
	{"> [!Agents]\n> SECRET", NOBODY, UNKNOWN},
	{"> [!agents]\n> SECRET", NOBODY, UNKNOWN},
	{"> [!AGENT]\n> SECRET", NOBODY, UNKNOWN},
	{"> [!note]\n> SECRET", NOBODY, UNKNOWN},
	{"> [!FOO]\n> SECRET", NOBODY, UNKNOWN},
	{"> [!]\n> SECRET", NOBODY, UNKNOWN},
	{"> [! AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> [!AGENTS ]\n> SECRET", NOBODY, UNKNOWN},
	{"> [ !AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> [!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"> [!AGENTS]: SECRET", NOBODY, UNKNOWN},
	{"> [!AGENTS]: x\n> SECRET", NOBODY, UNKNOWN},
	{">\n> [!AGENTS]: x\n> SECRET", NOBODY, UNKNOWN},
	{"> [!AGENTS]: x\n>\n> SECRET", NOBODY, UNKNOWN},
	{"> [!AGENTS](x)\n> SECRET", NOBODY, UNKNOWN},
	{"> [!AGENTS][x]\n> SECRET\n\n[x]: y", NOBODY, UNKNOWN},
	{"> [!AGENTS\n> SECRET", NOBODY, UNKNOWN},
	{"> [!AGENTS]\\\n> SECRET", NOBODY, UNKNOWN},
	{"> [!AGENTS].\n> SECRET", NOBODY, UNKNOWN},
	{"> **[!AGENTS]**\n> SECRET", NOBODY, UNKNOWN},
	{"> *[!AGENTS]*\n> SECRET", NOBODY, UNKNOWN},
	{"> ~~[!AGENTS]~~\n> SECRET", NOBODY, UNKNOWN},
	{"> `[!AGENTS]`\n> SECRET", NOBODY, UNKNOWN},
	{"> <b>[!AGENTS]</b>\n> SECRET", NOBODY, UNKNOWN},
	{"> <div>[!AGENTS]</div>\n>\n> SECRET", NOBODY, UNKNOWN},
	{"> <!-- x --> [!AGENTS]\n>\n> SECRET", NOBODY, UNKNOWN},
	{"> # [!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> [!AGENTS]\n> ---\n> SECRET", NOBODY, UNKNOWN},
	{"> [!AGENTS]\n> ===\n> SECRET", NOBODY, UNKNOWN},
	{"> - [!AGENTS]\n> - SECRET", NOBODY, UNKNOWN},
	{">     [!AGENTS]\n>     SECRET", NOBODY, UNKNOWN},
	{"> [!AGENTS] | a\n> ---|---\n> SECRET | b", NOBODY, UNKNOWN},
	{"> \xc2\xa0[!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> \xe2\x80\x8b[!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> &nbsp;[!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> [\xef\xbc\x81"
	 "AGENTS]\n> SECRET",
		NOBODY, UNKNOWN},
	{"> [![AGENTS]]\n> SECRET", NOBODY, UNKNOWN},
	{"> [!AGENTS]\n> SECRET\n\n[!AGENTS]: http://x.org", 1, UNKNOWN},
	{"- a\n\n  > [!Agents]\n  > SECRET", NOBODY, UNKNOWN},
	{"> > [!Agents]\n> > SECRET", NOBODY, UNKNOWN},
	{"> [!NOTE]\n> text\n> [!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> text\n>\n> [!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	/* no quote, though it looks like one */
	{"<div>\n> [!AGENTS]\n> SECRET\n</div>", NOBODY, UNKNOWN},
	{"a\n    > [!AGENTS]\n    > SECRET", NOBODY, UNKNOWN},
	{"- a\n\n      > [!AGENTS]\n      > SECRET", NOBODY, UNKNOWN},
	{"[!AGENTS]\nSECRET", NOBODY, UNKNOWN},
	{"\\> [!AGENTS]\nSECRET", NOBODY, UNKNOWN},
	/* an audience's marker that opens another block */
	{"[!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"[!AGENT] SECRET", NOBODY, UNKNOWN},
	{"[!Agents]: SECRET x y", NOBODY, UNKNOWN},
	{"[!AGENTS SECRET", NOBODY, UNKNOWN},
	{"**[!AGENTS]** SECRET", NOBODY, UNKNOWN},
	{"text\n[!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"# [!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"[!AGENTS] SECRET\n===", NOBODY, UNKNOWN},
	{"- [!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"- [!AGENTS] a\n\n  SECRET", NOBODY, UNKNOWN},
	{"- b\n- [!AGENTS] a\n\n# SECRET", 0, UNKNOWN},
	{"- [ ] [!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"1. a\n2. [!AGENTS] a\n   - SECRET", NOBODY, UNKNOWN},
	{"b[^1]\n\n- [!AGENTS] a\n\n  [^1]: SECRET", NOBODY, UNKNOWN},
	{"| a | b |\n|---|---|\n| [!AGENTS] x | SECRET |", NOBODY, UNKNOWN},
	{"| [!AGENTS] x | b |\n|---|---|\n| a | SECRET |", NOBODY, UNKNOWN},
	{"<div>[!AGENTS] SECRET</div>", NOBODY, UNKNOWN},
	{"> text\n>\n> [!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"> [!NOTE]\n> [!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"[!NOTE] SECRET", 0, FINE},
	{"[!AT] SECRET", 0, FINE},
	{"`[!AGENTS]` SECRET", 0, FINE},
	{"\\[!NOTE] SECRET", 0, FINE},
	{"    [!AGENTS]\n    SECRET", 0, FINE},
	{"[![Publish](x.png)](y) SECRET", 0, FINE},
	{"a\n[![Publish](x.png)](y)\nSECRET", 0, FINE},
	{"- [No!](x) SECRET", 0, FINE},
	{"<code>[!AGENTS]</code> SECRET", NOBODY, UNKNOWN},
	{"Use <code>[!AGENTS]</code> SECRET", 0, FINE},
	/* the same, as editors write it back or nobody sees */
	{"\\[!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"\\> \\[!AGENTS]\nSECRET", NOBODY, UNKNOWN},
	{"&gt; &#91;!AGENTS]\nSECRET", NOBODY, UNKNOWN},
	{"- &lbrack;!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"\xef\xbc\xbb\xef\xbc\x81"
	 "AGENTS\xef\xbc\xbd SECRET",
		NOBODY, UNKNOWN},
	{"[!A\xe2\x80\x8bGENTS] SECRET", NOBODY, UNKNOWN},
	{"![icon](x.png) [!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"[!AGENTS](x) SECRET", NOBODY, UNKNOWN},
	{"a<br>[!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"| a | b |\n|---|---|\n| \\[!AGENTS] x | SECRET |", NOBODY, UNKNOWN},
	{"<p>a</p><p>&#91;!A&shy;GENTS] SECRET</p>", NOBODY, UNKNOWN},
	{"<div>\n&gt; [!A<b>G</b>ENTS]<br>SECRET</div>", NOBODY, UNKNOWN},
	{"    > \\[!AGENTS]\n    > SECRET", NOBODY, UNKNOWN},
	{"    > &#91;!AGENTS]\n    > SECRET", NOBODY, UNKNOWN},
	{"[!AGENTS]: x\nSECRET", NOBODY, UNKNOWN},
	{"[&excl;AGENTS]: x\nSECRET", NOBODY, UNKNOWN},
	{"b[^1]\n\n[^1]: [!AGENTS] a\n\n    SECRET", NOBODY, UNKNOWN},
	{"> a\n>\n> - [!AGENTS] b\n>\n> SECRET", NOBODY, UNKNOWN},
	{"SECRET is what [!AGENTS] marks", 0, FINE},
	{"![AGENTS](x.png) SECRET", 0, FINE},
	{"[AGENTS] SECRET", 0, FINE},
	{"<!--\n[!AGENTS]\n-->\n\nSECRET", 0, FINE},
	/* nearly a marker at a quote's beginning */
	{"> [AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> [AGENTS] SECRET", NOBODY, UNKNOWN},
	{"> [AGENTS!]\n> SECRET", NOBODY, UNKNOWN},
	{"> !AGENTS\n> SECRET", NOBODY, UNKNOWN},
	{"> !AGENTS: SECRET", NOBODY, UNKNOWN},
	{"> ![AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> **[AGENTS]**\n> SECRET", NOBODY, UNKNOWN},
	{"> ## [AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> - [AGENTS]\n> - SECRET", NOBODY, UNKNOWN},
	{"> [AGENTS]: x\n> SECRET", NOBODY, UNKNOWN},
	{"> [AGENTS](x.md) SECRET", 0, FINE},
	{"> **[AGENTS](x.md)** SECRET", 0, FINE},
	{"> [AGENTS] SECRET\n\n[agents]: x.md", 0, FINE},
	{"> ![AGENTS](x.png) SECRET", 0, FINE},
	{"> ![SECRET][AGENTS]\n\n[agents]: x.png", 0, FINE},
	{"> `[AGENTS]` SECRET", 0, FINE},
	{"> [agents] SECRET", NOBODY, UNKNOWN},
	{"> AGENTS SECRET", 0, FINE},
	{"> [OTHERS] SECRET", 0, FINE},
	/* lazy */
	{"> [!AGENTS]\n> a\nSECRET", NOBODY, LAZY},
	{"> [!AGENTS]\nSECRET", NOBODY, LAZY},
	{"> [!AGENTS]\n> - a\nSECRET", NOBODY, LAZY},
	{"> > [!AGENTS]\n> > a\n> SECRET", NOBODY, LAZY},
	{"> [!AGENTS]\n> > a\n> SECRET", 1, FINE},
	{"> [!AGENTS]\n> a\n\nfree\n\n> [!AGENTS]\n> SECRET", 1, FINE},
	{"> [!NOTE]\n> a\nSECRET", 0, FINE},
	/* a marker that continues a paragraph of a quote within */
	{"> > a\n> [!AGENTS]\n>\n> SECRET", NOBODY, UNKNOWN},
	{"> > a\n[!AGENTS]\n>\n> SECRET", NOBODY, UNKNOWN},
	{"> > a\nb\n> [!AGENTS]\n>\n> SECRET", NOBODY, UNKNOWN},
	{"> > - a\n> [!AGENTS]\n>\n> SECRET", NOBODY, UNKNOWN},
	{"> > a\n> **[!AGENTS]**\n>\n> SECRET", NOBODY, UNKNOWN},
	{"> > > a\n> > [!AGENTS]\n> >\n> > SECRET", NOBODY, UNKNOWN},
	{"> > > a\n> > [!AGENTS]\n> > b\n>\n> SECRET", 0, UNKNOWN},
	{"> SECRET\n>\n> > a\n> > [!AGENTS]\n> > b", 0, UNKNOWN},
	/* a marker in a comment, which may not be closed */
	{"> <!--\n> [!AGENTS]\n> -->\n>\n> SECRET", NOBODY, UNKNOWN},
	/* a marker in a note that nobody refers to */
	{"> [^a]: b\n> [!AGENTS]\n>\n> SECRET", NOBODY, UNKNOWN},
	{"> a\n>\n> [^a]: b\n> c\n> [!AGENTS]\n>\n> SECRET", NOBODY, UNKNOWN},
	/* a marker in code */
	{"> ```\n> [!AGENTS]\n> ```\n>\n> SECRET", 0, FINE},
	{"<!--\n> [!AGENTS]\n> a\n-->\nSECRET", 0, FINE},
	/* a '<!' whose end is the next line's '>' */
	{"<div>\na <!\n> \\[!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	/* a bracket that is not closed on its line */
	{"> a\n> [^b\n> &#91;!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> a\n> [b[^c\n> \\[!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> [^b\n> \\[!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"a\n[^b\n\\[!AGENTS]\nSECRET", NOBODY, UNKNOWN},
	/* directly below: withheld up to the empty line, and whole */
	{"> [!AGENTS]\n> # a\nSECRET", NOBODY, LAZY},
	{"> [!AGENTS]\n> a\n# SECRET", NOBODY, LAZY},
	{"> [!AGENTS]\n> # a\nb\n# SECRET", NOBODY, LAZY},
	{"> [!AGENTS]\n> a\n---\n# SECRET", NOBODY, LAZY},
	{"> [!AGENTS]\n> a\n- b\n\n  SECRET", NOBODY, LAZY},
	{"> [!AGENTS]\n> a\n- b\n\n- SECRET", 0, LAZY},
	{"> [!AGENTS]\n> a\n```\nb\n\nSECRET\n```", NOBODY, LAZY},
	{"> [!AGENTS]\n> a\n```\nb\n\n```\nSECRET", NOBODY, LAZY},
	{"> [!AGENTS]\n> a\n<!--\n\n-->\nSECRET", NOBODY, LAZY},
	{"> [!AGENTS]\n> a\n<div>\nSECRET\n</div>", NOBODY, LAZY},
	{"> [!AGENTS]\n>\n> | a |\n> |---|\n| SECRET |", NOBODY, LAZY},
	{"> [!AGENTS]\n> # a\n| b |\n|---|\n| SECRET |", NOBODY, LAZY},
	{"> [!AGENTS]\n> # a\nb\n| c |\n|---|\n| SECRET |", NOBODY, LAZY},
	{"> [!AGENTS]\n> # a\n    SECRET", NOBODY, LAZY},
	{"> [!AGENTS]\n> # a\n\t# SECRET", NOBODY, LAZY},
	{"> [!AGENTS]\n>\nSECRET", NOBODY, LAZY},
	{"> [!AGENTS]\n> # a\n[x]: /SECRET\n\n[x]", NOBODY, LAZY},
	{"b[^1]\n\n> [!AGENTS]\n> a\n[^1]: c\n\n    SECRET", NOBODY, LAZY},
	{"> [!AGENTS]\n> a\n\nSECRET", 0, FINE},
	{"> [!AGENTS]\n> a\n \t \nSECRET", 0, FINE},
	{"- > [!AGENTS]\n  > a\n- SECRET", NOBODY, LAZY},
	{"- > [!AGENTS]\n  > a\n> SECRET", NOBODY, LAZY},
	{"- > [!AGENTS]\n  > a\n\n- SECRET", 0, FINE},
	{"> > [!AGENTS]\n> > # a\n> SECRET", NOBODY, LAZY},
	{"> > [!AGENTS]\n> > a\n>\n> SECRET", 0, FINE},
	{"- > > [!AGENTS]\n  > > a\n>\n> SECRET", NOBODY, LAZY},
	{"b[^1]\n\n[^1]: c\n\n    > [!AGENTS]\n    > a\n# SECRET", NOBODY, LAZY},
	{"> [!PUBLIC]\n> a\n# SECRET", NOBODY, LAZY},
	/* adjacent */
	{"> [!AGENTS]\n> a\n\n> SECRET", 0, ADJACENT},
	{"> [!AGENTS]\n> SECRET\n\n> [!NOTE]\n> a", 1, FINE},
	{"> [!AGENTS]\n> SECRET\n\ntext\n\n> a", 1, FINE},
	/* an audience's word that opens a quote, as editors write it or nobody sees */
	{"> \\[!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> [\\!AGENTS\\]\n> SECRET", NOBODY, UNKNOWN},
	{"> &#91;!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> &lbrack;&excl;&#65;GENTS] SECRET", NOBODY, UNKNOWN},
	{"> &amp;#91;!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"> \\&lbrack;!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"> ~~~ [!AGENTS]\n> SECRET\n> ~~~", NOBODY, UNKNOWN},
	{"> [\xc7\x83"
	 "AGENTS]\n> SECRET",
		NOBODY, UNKNOWN},
	{"> > \\[!AGENTS]\n> > a\n>\n> SECRET", NOBODY, UNKNOWN},
	{"> - > [agents] a\n>\n> SECRET", NOBODY, UNKNOWN},
	{"> ![!AGENTS](x.png)\n> SECRET", NOBODY, UNKNOWN},
	{"> **[!FOO](x)** SECRET", NOBODY, UNKNOWN},
	{"> [`!AGENTS`]\n> SECRET", NOBODY, UNKNOWN},
	{"> `[!AGENTS]`:\n> SECRET", NOBODY, UNKNOWN},
	{"> (note) \\[!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"> [note] \\[!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"> ((agents)) SECRET", NOBODY, UNKNOWN},
	{"> [[x] agents] SECRET", NOBODY, UNKNOWN},
	{"> 2026: [agents] SECRET", NOBODY, UNKNOWN},
	{"> &lt;1. [agents] SECRET", NOBODY, UNKNOWN},
	{"> \\[\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0"
	 "\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0"
	 "\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0"
	 "\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0!AGENTS] SECRET",
		NOBODY, UNKNOWN},
	{"> [[!AGENTS]]\n> SECRET", NOBODY, UNKNOWN},
	{"> {{v}}[!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> {{v}}\\[!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> \xef\xbc\xbb\xef\xbc\x81"
	 "AGENTS\xef\xbc\xbd\n> SECRET",
		NOBODY, UNKNOWN},
	{"> \xe3\x80\x90"
	 "AGENTS\xe3\x80\x91 SECRET",
		NOBODY, UNKNOWN},
	{"> \\[!\xef\xbc\xa1GENTS] SECRET", NOBODY, UNKNOWN},
	{"> \xe2\x80\xae\\[!AG\xe2\x80\x8b"
	 "ENTS] SECRET",
		NOBODY, UNKNOWN},
	{"> \\[!AG\xc2\xad"
	 "ENTS] SECRET",
		NOBODY, UNKNOWN},
	{"> \\[!AG&nbsp;ENTS] SECRET", NOBODY, UNKNOWN},
	{"> \\[!\x7f"
	 "AGENTS] SECRET",
		NOBODY, UNKNOWN},
	{"> \\[!AG*EN*TS]\n> SECRET", NOBODY, UNKNOWN},
	{"> \\[!AG<b>EN</b>TS]\n> SECRET", NOBODY, UNKNOWN},
	{"> \\[!AG<!-- x -->ENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> <!-- x -->\n> \\[!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> <div>&#91;!AGENTS]</div>\n>\n> SECRET", NOBODY, UNKNOWN},
	{"> - \\[!AGENTS]\n> - SECRET", NOBODY, UNKNOWN},
	{"> # \\[!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{">     \\[!AGENTS]\n>     SECRET", NOBODY, UNKNOWN},
	{"> ---\n> [!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> >\n> \\[!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> [^1]\\[!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> b[^1]\n\n[^1]: x\n\n> [^1] [!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> \\\\[!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> <https://x.org> [!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> ![icon](x.png) [!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> ![icon](x.png)\n>\n> [AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> [x] (1) [!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> [\\!AGENTS](x)\n> SECRET", NOBODY, UNKNOWN},
	{"> [\\!AGENTS]: x\n> SECRET", NOBODY, UNKNOWN},
	{"> [AGENTS\n> ]: x\n> SECRET", NOBODY, UNKNOWN},
	{"> (AGENTS)\n> SECRET", NOBODY, UNKNOWN},
	{"> (!agents) SECRET", NOBODY, UNKNOWN},
	{"> <agents>\n> SECRET", NOBODY, UNKNOWN},
	{"> \\[!Second Level] SECRET", NOBODY, UNKNOWN},
	{"> \\[!AGENT] SECRET", NOBODY, UNKNOWN},
	{"> \\[!AGE\n> NTS] SECRET", NOBODY, UNKNOWN},
	{"> [!NOTE]\n> \\[!AGENTS] SECRET", NOBODY, UNKNOWN},
	/* words, literal text and ordinary quotes */
	{"> \\[!FOO]\n> SECRET", 0, FINE},
	{"> \\[!NOTE] Agents SECRET", 0, FINE},
	{"> `[!AGENTS]` marks SECRET", 0, FINE},
	{"> `[!AGENTS]`\n> marks", 0, UNKNOWN},
	{"> `x` [!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"> :lock: [!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> <div\n> [!AGENTS]\n> <b title=x>SECRET</b>", NOBODY, UNKNOWN},
	{"> <div\n> [!AGENTS]\n> <div>\n> SECRET", NOBODY, UNKNOWN},
	{"> <div\n> title=\"a\">SECRET</div>", 0, FINE},
	{"> Note \\[!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"- > Only for [!Agents]:\n  > SECRET", NOBODY, UNKNOWN},
	{"> Wow! See [!AGENTS](x) SECRET", NOBODY, UNKNOWN},
	{"> Wow! See [agents](x) and ![Agents](y.png) SECRET", 0, FINE},
	{"> Wow! (agents), [agents] and <b>agents</b> SECRET", 0, FINE},
	{"> See `[!AGENTS]` and [!important] SECRET", 0, FINE},
	{"> The first line\n> is not over at SECRET", 0, FINE},
	{"> `[!AGENTS]` `x`\n> SECRET", 0, FINE},
	{"> (note) Agents SECRET", 0, FINE},
	{"> (!) Agents SECRET", 0, FINE},
	{"> [Agent Smith] SECRET", 0, FINE},
	{"> [!NOTE]\n> Agents SECRET", 0, FINE},
	{"`x` [!AGENTS] SECRET", 0, FINE},
	{"[No!](x) Agents SECRET", 0, FINE},
	{"> Agents SECRET", 0, FINE},
	{"> [...] Agents SECRET", 0, FINE},
	{"> (Agents can SECRET)", 0, FINE},
	{"> \xe2\x80\x9e"
	 "Agents\xe2\x80\x9c SECRET",
		0, FINE},
	{"> \xe3\x80\x8c"
	 "Agents\xe3\x80\x8d SECRET",
		0, FINE},
	{"> [?!] SECRET", 0, FINE},
	{"> [see agents] SECRET", 0, FINE},
	{"> [![Publish](x.png)](y) SECRET", 0, FINE},
	{"> {{agents}} SECRET", 0, FINE},
	/* an alert names no audience */
	{"> [!NOTE] SECRET", 0, ONE_LINE},
	{"> [!NOTE]: *SECRET*", 0, ONE_LINE},
	{"> [!TIP] a\n> SECRET", 0, ONE_LINE},
	{"> [!NOTE] [!AGENTS] SECRET", NOBODY, UNKNOWN},
	{"> [!NOTE](x) SECRET", NOBODY, UNKNOWN},
	{"> [!AT] SECRET", NOBODY, UNKNOWN},
	{"> SECRET [!AGENTS]", NOBODY, UNKNOWN},
	{"> ![SECRET](x.png)", 0, FINE},
	{"> [![SECRET](x.png)](y)", 0, FINE},
	{"> [link](x) SECRET", 0, FINE},
	{"> ```\n> [!AGENTS]\n> SECRET\n> ```", 0, FINE},
	{"```\n> [!AGENTS]\n> SECRET\n```", 0, FINE},
	{"> SECRET", 0, FINE},
	{">", 0, FINE},
	/* footnotes */
	{"a[^1]\n\n[^1]: SECRET", 0, FINE},
	{"> [!AGENTS]\n> a[^1]\n\n[^1]: SECRET", 1, FINE},
	{"> [!AGENTS]\n> a[^1]\n\nb[^1]\n\n[^1]: SECRET", 0, FINE},
	{"b[^1]\n\n> [!AGENTS]\n> a\n>\n> [^1]: SECRET", 1, FINE},
	{"b[^1]\n\n> [!AGENTS]\n> [^1]: SECRET", 1, FINE},
	{"> [!AGENTS]\n> a[^1]\n>\n> [^1]: SECRET", 1, FINE},
	{"> [!AGENTS]\n> a[^1]\n\n[^1]: b[^2]\n[^2]: SECRET", 1, FINE},
	{"> [!Agents]\n> a[^1]\n\n[^1]: SECRET", NOBODY, UNKNOWN},
	{"a[^1]\n\n[^1]: b\n\n    > [!AGENTS]\n    > SECRET", 1, FINE},
	{"a[^1]\n\n[^1]: b\n\n    > [!Agents]\n    > SECRET", NOBODY, UNKNOWN},
};

/* Both a marker and what is below it or not closed have a finding. */
static const struct sample twice[] = {
	{"> [!Agents]\n> a\n# SECRET", NOBODY, UNKNOWN},
	{"> \\[!AGENTS]\n> - a\n- SECRET", NOBODY, UNKNOWN},
	{"- > [!Agents]\n  > a\n- SECRET", NOBODY, UNKNOWN},
	{"[!AGENTS]\n- SECRET", NOBODY, UNKNOWN},
	{"<div>\n<? a\n> [!AGENTS]\n> SECRET", NOBODY, UNKNOWN},
	{"> ```\n> [!AGENTS]\n> ```\n> a\n> ```\n## SECRET", NOBODY, UNKNOWN},
	{"[x]\n\n> [!AGENTS]\n> - ```\n>   a\n> [x]: /SECRET", 1, DEFINITION},
	{"[!AGENTS]\n| a |\n|---|\n| SECRET |", NOBODY, UNKNOWN},
	{"# [!AGENTS]\nSECRET", NOBODY, UNKNOWN},
	{"<!--\n[!AGENTS] --> [!AGENTS]\nSECRET", NOBODY, UNKNOWN},
	{"- [!AGENTS] a\n- SECRET\n\n> [!X]\n> a", 0, UNKNOWN},
	{"- [!AGENTS] a\n# SECRET", NOBODY, UNKNOWN},
	{"b[^1]\n\n> [^1]: [!AGENTS] a\n> # SECRET", NOBODY, UNKNOWN},
	{"b[^1][^2]\n\n[^1]: [!AGENTS] a\n[^2]: SECRET\n\n> [!X]\n> a", 0, UNKNOWN},
};

static bool holds(kb_str s, const char *word)
{
	return kb_str_find(s, kb_str_of(word)) != SIZE_MAX;
}

static void check_visibility(const struct sample *s)
{
	kb_buf out = {0};

	for (unsigned audience = 0; audience < 3; audience++) {
		bool seen = holds(help_html(s->text, audience, &out), "SECRET");
		bool expected = strstr(s->text, "SECRET") && (int)audience >= s->audience;

		if (seen != expected)
			fail_msg("audience %u %s:\n%s\n---\n%s", audience,
				seen ? "sees" : "does not see", s->text, out.data);
	}
	kb_buf_dispose(&out);
}

static void check_findings(const struct sample *s, size_t wanted)
{
	struct help_text t;

	help_open(&t, s->text);
	if (t.diags.len != wanted || (wanted && t.diags.items[0].rule != s->rule))
		fail_msg("%zu findings (%s), in:\n%s", t.diags.len,
			t.diags.len ? t.diags.items[0].message.data : "", s->text);
	help_close(&t);
}

static void check_text(const struct sample *s)
{
	struct kb_md *md = kb_md_parse(kb_str_of(s->text), 0, &help_syntax);
	struct kb_md_options options = {.section = KB_MD_ALL};
	kb_buf out = {0};

	assert_int_equal(kb_md_text(md, &options, &out, NULL), 0);
	if (s->audience > 0 && holds(kb_buf_view(&out), "SECRET"))
		fail_msg("plain text shows it:\n%s", s->text);
	kb_buf_dispose(&out);
	kb_md_free(md);
}

static void who_sees_what(void **state)
{
	(void)state;
	for (size_t i = 0; i < KB_LEN(samples); i++) {
		check_visibility(&samples[i]);
		check_text(&samples[i]);
	}
	for (size_t i = 0; i < KB_LEN(twice); i++)
		check_visibility(&twice[i]);
}

static void what_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < KB_LEN(samples); i++)
		check_findings(&samples[i], samples[i].rule == FINE ? 0 : 1);
	for (size_t i = 0; i < KB_LEN(twice); i++)
		check_findings(&twice[i], 2);
}

static void hints(void **state)
{
	struct help_text t;

	(void)state;
	help_open(&t, "a\n\n> [!Agnets]\n> b\n");
	assert_int_equal(t.diags.len, 1);
	assert_int_equal(t.diags.items[0].range.off, 3);
	assert_int_equal(t.diags.items[0].range.len, 15);
	assert_true(holds(t.diags.items[0].hint, "[!AGENTS]"));
	help_close(&t);
	help_open(&t, "> [!AGENTS]\n> a\nlazy\n");
	assert_int_equal(t.diags.items[0].range.off, 16);
	assert_int_equal(t.diags.items[0].range.len, 4);
	help_close(&t);
}

static void check_edit(const char *text, const char *want)
{
	struct help_text t;
	const struct kb_edit *edit;

	help_open(&t, text);
	assert_int_equal(t.diags.len, 1);
	assert_int_equal(t.diags.items[0].nedits, 1);
	edit = &t.diags.items[0].edits[0];
	kb_buf_add(&t.out, text, edit->range.off);
	kb_buf_str(&t.out, edit->text);
	kb_buf_puts(&t.out, text + edit->range.off + edit->range.len);
	assert_str(kb_buf_view(&t.out), want);
	help_close(&t);
}

static void edits(void **state)
{
	(void)state;
	check_edit("> [!NOTE] a\n", "> [!NOTE]\n> a\n");
	check_edit("a\n\n1. > [!TIP]: *b*\r\n   > c\r\n",
		"a\n\n1. > [!TIP]\r\n   > *b*\r\n   > c\r\n");
	check_edit("> > [x]: y\n> > [!NOTE] \t[a](b)",
		"> > [x]: y\n> > [!NOTE]\n> > [a](b)");
}

/* The range of a finding is all that is withheld. */
static void ranges(void **state)
{
	static const char text[] = "a\n\n> [!AGENTS]\n> b\n- c\n\n  d\n\ne\n";
	struct help_text t;

	(void)state;
	help_open(&t, text);
	assert_int_equal(t.diags.len, 1);
	assert_int_equal(t.diags.items[0].range.off, 19);
	assert_int_equal(t.diags.items[0].range.len, 8);
	help_close(&t);
}

/* No fact holds the words of a heading or first paragraph that is withheld. */
static void facts_of_withheld(void **state)
{
	struct help_text t;

	(void)state;
	help_open(&t, "[!AGENTS] SECRET\n\n## [!AGENTS] SECRET\n\nfree\n");
	assert_str(t.facts.lead, "free");
	assert_str(t.facts.headings[0].text, "");
	assert_false(holds(t.facts.headings[0].id, "secret"));
	assert_int_equal(t.facts.headings[0].audience, KB_AUDIENCE_WITHHELD);
	help_close(&t);
}

static void audiences_of_facts(void **state)
{
	struct help_text t;

	(void)state;
	help_open(&t,
		"[a](a) {{a}}[^1]\n\n> [!AGENTS]\n> [b](b) {{b}} <a "
		"href=\"c\">c</a>[^2]\n"
		">\n> ## H\n\n> [!Agents]\n> [d](d)\n\n[^1]: [e](e)\n[^2]: [f](f)\n");
	assert_int_equal(t.facts.nlinks, 6);
	assert_int_equal(t.facts.links[0].audience, 0);
	assert_int_equal(t.facts.links[1].audience, 1);
	assert_int_equal(t.facts.links[2].audience, 1);
	assert_int_equal(t.facts.links[3].audience, KB_AUDIENCE_WITHHELD);
	assert_int_equal(t.facts.links[4].audience, 0);
	assert_int_equal(t.facts.links[5].audience, 1);
	assert_int_equal(t.facts.refs[0].audience, 0);
	assert_int_equal(t.facts.refs[1].audience, 1);
	assert_int_equal(t.facts.headings[0].audience, 1);
	assert_int_equal(t.facts.ncallouts, 1);
	assert_int_equal(t.facts.callouts[0].audience, 1);
	assert_str(t.facts.callouts[0].marker, "AGENTS");
	help_close(&t);
}

static void markup(void **state)
{
	(void)state;
	assert_html("> [!NOTE]\n> a",
		"<div class=\"kb-callout kb-note\" role=\"note\">"
		"<p class=\"kb-callout-title\">NOTE</p>\n<p>a</p>\n</div>\n");
	assert_html("> [!AT]\n> a",
		"<div class=\"kb-callout kb-region\" role=\"note\" data-region=\"AT\">"
		"<p class=\"kb-callout-title\">AT</p>\n<p>a</p>\n</div>\n");
	assert_html("> [!PUBLIC]\n>\n> a",
		"<div class=\"kb-callout kb-audience\" role=\"note\">"
		"<p class=\"kb-callout-title\">PUBLIC</p>\n<p>a</p>\n</div>\n");
	assert_html("a[^1] b[^2]\n\n> [!AGENTS]\n> [^1]: c\n\n[^2]: d",
		"<p>a b<sup class=\"kb-fnref\"><a id=\"fnref-1\" "
		"href=\"#fn-1\">1</a></sup></p>\n"
		"<section class=\"kb-footnotes\" aria-label=\"Footnotes\"><ol>\n"
		"<li id=\"fn-1\"><p>d <a class=\"kb-fnback\" href=\"#fnref-1\" "
		"aria-label=\"Back to the "
		"text\">\xe2\x86\xa9</a></p></li>\n</ol></section>\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_sees_what),
		cmocka_unit_test(what_is_found),
		cmocka_unit_test(hints),
		cmocka_unit_test(edits),
		cmocka_unit_test(ranges),
		cmocka_unit_test(facts_of_withheld),
		cmocka_unit_test(audiences_of_facts),
		cmocka_unit_test(markup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

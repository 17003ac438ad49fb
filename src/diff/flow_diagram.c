/* Workflows before and after, drawn. */
#include "kb/flow_diagram.h"

#include "kb/diagram.h"
#include "kb/map.h"
#include "kb/unicode.h"
#include "kb/workflow.h"
#include "version.h"

enum { LABEL_WIDTH = 18, STEPS_MAX = 400 };

struct flow_side {
	struct kb_arena *arena;
	const struct kb_version *version;
	const uint32_t *other; /* by block: where it is in the other version */
	kb_map known;	       /* the other side's steps and edges, by what they say */
	const char *class;     /* of steps and edges that only this side has */
	bool differs;
};

static uint32_t block_of(const struct kb_version *version, uint32_t heading)
{
	for (uint32_t i = 0; i < version->nblocks; i++)
		if (version->blocks[i].heading == heading)
			return i;
	return KB_NONE;
}

static uint32_t step_block(const struct kb_version *version, uint32_t step)
{
	return block_of(version, version->doc->workflow->steps[step].heading);
}

static kb_str step_title(const struct kb_version *version, uint32_t step)
{
	uint32_t heading = version->doc->workflow->steps[step].heading;

	return version->doc->facts->body.headings[heading].text;
}

/* The step's number in the new version, or its own, marked, when it is not there: equal
 * for steps that are the same. */
static kb_str step_key(const struct flow_side *side, bool is_new, uint32_t step)
{
	uint32_t block = step_block(side->version, step);

	if (!is_new && block != KB_NONE && side->other[block] != KB_NONE)
		return kb_arena_fmt(side->arena, "s%u", side->other[block]);
	return kb_arena_fmt(side->arena, is_new ? "s%u" : "o%u", block);
}

static kb_str target_key(
	const struct flow_side *side, bool is_new, const struct kb_edge *edge)
{
	const struct kb_md_facts *facts = &side->version->doc->facts->body;

	if (edge->kind == KB_EDGE_STEP)
		return step_key(side, is_new, edge->step);
	if (edge->kind == KB_EDGE_HANDOVER || edge->kind == KB_EDGE_UNKNOWN)
		return edge->link == KB_NONE
			       ? KB_STR("?")
			       : target_full_label(side->arena, side->version,
					 facts->links[edge->link].dest);
	return kb_edge_outcome(side->arena, edge);
}

/* As it is written: a hand-over's key is longer. */
static kb_str target_text(
	const struct flow_side *side, const struct kb_edge *edge, kb_str key)
{
	bool leaves = edge->kind == KB_EDGE_HANDOVER || edge->kind == KB_EDGE_UNKNOWN;

	return leaves && edge->link != KB_NONE
		       ? side->version->doc->facts->body.links[edge->link].dest
		       : key;
}

static kb_str edge_key(const struct flow_side *side, bool is_new, uint32_t step,
	const struct kb_edge *edge)
{
	return kb_arena_fmt(side->arena, "%.*s>%.*s>%.*s",
		KB_ARG(step_key(side, is_new, step)),
		KB_ARG(target_key(side, is_new, edge)), KB_ARG(edge->answer));
}

static void put_label(kb_buf *dot, kb_str label)
{
	_cleanup_buf_ kb_buf lines = {0};
	size_t width = 0;
	kb_str word;

	for (kb_str rest = label; kb_str_next(&rest, ' ', &word);) {
		size_t count = kb_utf8_count(word);
		bool fits = width && width + count < LABEL_WIDTH;

		kb_buf_puts(&lines, !width ? "" : fits ? " " : "\n");
		kb_buf_str(&lines, word);
		width = fits ? width + count + 1 : count + 1;
	}
	kb_buf_puts(dot, " label=\"\"");
	for (kb_str rest = kb_buf_view(&lines), line; kb_str_next(&rest, '\n', &line);) {
		kb_buf_puts(dot, " + ");
		kb_dot_quote(dot, line);
		kb_buf_puts(dot, " + \"\\n\"");
	}
}

static const char *class_of(struct flow_side *side, kb_str key)
{
	if (kb_map_has(&side->known, key))
		return "";
	side->differs = true;
	return side->class;
}

static void keys_add(
	struct flow_side *side, const struct flow_side *other, bool other_is_new)
{
	const struct kb_workflow *workflow = other->version->doc->workflow;

	for (uint32_t s = 0; s < workflow->nsteps; s++) {
		kb_map_put(&side->known, step_key(other, other_is_new, s), side);
		for (uint32_t e = 0; e < workflow->steps[s].nedges; e++) {
			const struct kb_edge *edge = &workflow->steps[s].edges[e];

			kb_map_put(&side->known, edge_key(other, other_is_new, s, edge),
				side);
			if (edge->kind != KB_EDGE_STEP)
				kb_map_put(&side->known,
					target_key(other, other_is_new, edge), side);
		}
	}
}

static void put_edge(struct flow_side *side, bool is_new, uint32_t step,
	const struct kb_edge *edge, kb_map *ends, kb_buf *dot)
{
	kb_str key = edge_key(side, is_new, step, edge);
	kb_str target = target_key(side, is_new, edge);

	if (edge->kind != KB_EDGE_STEP && !kb_map_has(ends, target)) {
		kb_map_put(ends, target, side);
		kb_dot_quote(dot, target);
		kb_buf_fmt(dot, " [shape=box style=rounded class=\"%s\"",
			class_of(side, target));
		put_label(dot, target_text(side, edge, target));
		kb_buf_puts(dot, "];\n");
	}
	kb_buf_fmt(dot, "s%u -> ", step);
	if (edge->kind == KB_EDGE_STEP)
		kb_buf_fmt(dot, "s%u", edge->step);
	else
		kb_dot_quote(dot, target);
	kb_buf_fmt(dot, " [class=\"%s\"", class_of(side, key));
	put_label(dot, edge->answer);
	kb_buf_puts(dot, "];\n");
}

static void put_dot(struct flow_side *side, bool is_new, kb_buf *dot)
{
	const struct kb_workflow *workflow = side->version->doc->workflow;
	kb_map ends = {0};

	kb_buf_puts(dot,
		"digraph {\nnodesep=0.15; ranksep=0.35; node [shape=box margin=\"0.2,0.06\"];\n");
	for (uint32_t s = 0; s < workflow->nsteps; s++) {
		kb_buf_fmt(dot, "s%u [class=\"%s\"", s,
			class_of(side, step_key(side, is_new, s)));
		put_label(dot, step_title(side->version, s));
		kb_buf_puts(dot, "];\n");
	}
	for (uint32_t s = 0; s < workflow->nsteps; s++)
		for (uint32_t e = 0; e < workflow->steps[s].nedges; e++)
			put_edge(side, is_new, s, &workflow->steps[s].edges[e], &ends,
				dot);
	kb_buf_puts(dot, "}\n");
	kb_map_dispose(&ends);
}

static int draw(struct kb_arena *arena, const kb_buf *dot, uint32_t number,
	const char *title, kb_buf *out)
{
	struct kb_diagram_options options = {.title = kb_str_of(title),
		.id_prefix = kb_arena_fmt(arena, "f%u%c-", number, title[0])};

	return kb_diagram_svg(kb_buf_view(dot), &options, out, NULL);
}

static bool is_drawable(const struct kb_version *version)
{
	return version->doc && version->doc->workflow && version->doc->workflow->nsteps &&
	       version->doc->workflow->nsteps <= STEPS_MAX;
}

int kb_flow_diagrams(struct kb_arena *arena, const struct kb_diff *diff, uint32_t number,
	kb_buf *before, kb_buf *after)
{
	_cleanup_buf_ kb_buf old_dot = {0}, new_dot = {0};
	struct flow_side a = {.arena = arena, .version = diff->from, .class = "kb-went"};
	struct flow_side b = {.arena = arena, .version = diff->to, .class = "kb-came"};
	uint32_t *to_of;
	int rc = -1;

	if (!is_drawable(diff->from) || !is_drawable(diff->to))
		return -1;
	to_of = kb_arena_array(arena, uint32_t, diff->from->nblocks);
	memset(to_of, 0xff, diff->from->nblocks * sizeof(*to_of));
	for (uint32_t i = 0; i < diff->nops; i++)
		if (diff->ops[i].old_block != KB_NONE)
			to_of[diff->ops[i].old_block] = diff->ops[i].new_block;
	a.other = b.other = to_of;
	keys_add(&a, &b, true);
	keys_add(&b, &a, false);
	put_dot(&a, false, &old_dot);
	put_dot(&b, true, &new_dot);
	if ((a.differs || b.differs) &&
		draw(arena, &old_dot, number, "before", before) == 0 &&
		draw(arena, &new_dot, number, "after", after) == 0)
		rc = 0;
	kb_map_dispose(&a.known);
	kb_map_dispose(&b.known);
	return rc;
}

/*
 * Making changes: the edits of a text, and the tree that should come of them. Only when
 * the text says just that is anything changed.
 */
#include "yaml_private.h"

#include "kb/patch.h"

static size_t end_of(kb_range range)
{
	return (size_t)range.off + range.len;
}

/* A change that is made: an edit, and the node that becomes another. */
struct kb_yaml_step {
	struct kb_yaml_step *next;
	struct kb_edit edit;
	const struct kb_node *target;
	struct kb_node *becomes;
	unsigned met; /* more than once when references share the node */
};

/* All changes that are made at once, in the order of their targets' addresses. */
struct steps {
	struct kb_arena *arena;
	struct kb_yaml_step **items;
	size_t n;
};

static int by_target(const void *a, const void *b)
{
	const struct kb_yaml_step *x = *(struct kb_yaml_step *const *)a,
				  *y = *(struct kb_yaml_step *const *)b;

	return (x->target > y->target) - (x->target < y->target);
}

static struct kb_yaml_step *step_of(
	const struct steps *steps, const struct kb_node *target)
{
	struct kb_yaml_step key = {.target = target}, *wanted = &key, **found;

	found = bsearch(&wanted, steps->items, steps->n, sizeof(struct kb_yaml_step *),
		by_target);
	return found ? *found : NULL;
}

/* A copy of the tree in which the targets have become others. */
static struct kb_node *substitute(const struct steps *steps, struct kb_node *node)
{
	struct kb_yaml_step *step = step_of(steps, node);
	struct kb_node *copy;

	if (step) {
		step->met++;
		node = step->becomes;
	}
	if (node->kind == KB_NODE_SCALAR)
		return node;
	copy = kb_arena_copy(steps->arena, node, sizeof(*node));
	if (node->kind == KB_NODE_SEQ) {
		copy->items = kb_arena_array(steps->arena, struct kb_node *, node->len);
		for (uint32_t i = 0; i < node->len; i++)
			copy->items[i] = substitute(steps, node->items[i]);
		return copy;
	}
	copy->pairs = kb_arena_array(steps->arena, struct kb_pair, node->len);
	for (uint32_t i = 0; i < node->len; i++) {
		copy->pairs[i].key = substitute(steps, node->pairs[i].key);
		copy->pairs[i].value = substitute(steps, node->pairs[i].value);
	}
	return copy;
}

static bool each_met_once(const struct steps *steps)
{
	for (size_t i = 0; i < steps->n; i++)
		if (steps->items[i]->met != 1)
			return false;
	return true;
}

static bool apply(const struct kb_yaml_text *yaml, const struct steps *steps, kb_buf *out)
{
	struct kb_patch patch = {.text = yaml->file};
	bool taken = true;

	for (size_t i = 0; i < steps->n && taken; i++)
		taken = kb_patch_take(&patch, &steps->items[i]->edit, 1);
	if (taken)
		kb_patch_apply(&patch, out);
	kb_patch_dispose(&patch);
	return taken;
}

int kb_yaml_refuse(struct kb_error *err)
{
	return kb_error_set(err, KB_E_REFUSED,
		"this YAML is written in a way that kb cannot change safely; change it "
		"by hand");
}

/* Makes the steps when the text that comes of them says what is meant. */
static int make(
	struct kb_yaml_text *yaml, const struct steps *steps, struct kb_error *err)
{
	_cleanup_buf_ kb_buf whole = {0};
	struct kb_yaml_text next;
	struct kb_node *meant;
	kb_str file;

	if (!apply(yaml, steps, &whole))
		return kb_yaml_refuse(err);
	meant = substitute(steps, yaml->root);
	file = kb_arena_str(yaml->arena, kb_buf_view(&whole));
	/* What follows the YAML is what followed it. */
	if (!each_met_once(steps) ||
		kb_yaml_open(&next, yaml->arena, file, yaml->front, NULL) < 0 ||
		next.mistakes > yaml->mistakes || !kb_node_same(next.root, meant) ||
		file.len - end_of(next.range) != yaml->file.len - end_of(yaml->range))
		return kb_yaml_refuse(err);
	next.edit = steps->items[0]->edit;
	*yaml = next;
	return 0;
}

static int make_all(struct kb_yaml_text *yaml, struct kb_error *err)
{
	struct steps steps = {.arena = yaml->arena};
	size_t i = 0;

	for (struct kb_yaml_step *step = yaml->steps; step; step = step->next)
		steps.n++;
	if (!steps.n)
		return 0;
	steps.items = kb_arena_array(yaml->arena, struct kb_yaml_step *, steps.n);
	for (struct kb_yaml_step *step = yaml->steps; step; step = step->next)
		steps.items[i++] = step;
	yaml->steps = NULL;
	qsort(steps.items, steps.n, sizeof(struct kb_yaml_step *), by_target);
	return make(yaml, &steps, err);
}

int kb_yaml_commit(struct kb_yaml_change *change, struct kb_error *err)
{
	struct kb_yaml_text *yaml = change->yaml;
	struct kb_yaml_step *step = kb_arena_new_of(yaml->arena, struct kb_yaml_step);

	*step = (struct kb_yaml_step){.next = yaml->steps,
		.target = change->target,
		.becomes = change->becomes};
	step->edit.range =
		(kb_range){(uint32_t)change->from, (uint32_t)(change->to - change->from)};
	step->edit.text = kb_arena_str(yaml->arena, kb_buf_view(&change->text));
	yaml->steps = step;
	return yaml->together ? 0 : make_all(yaml, err);
}

void kb_yaml_together(struct kb_yaml_text *yaml)
{
	yaml->together = true;
}

int kb_yaml_make(struct kb_yaml_text *yaml, struct kb_error *err)
{
	yaml->together = false;
	return make_all(yaml, err);
}

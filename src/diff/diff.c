/* The comparison of two versions: operations, and what they mean. */
#include "kb/diff.h"

#include "version.h"

const char *kb_op_name(enum kb_op_kind kind)
{
	static const char *const names[] = {
		"keep", "insert", "delete", "replace", "move"};

	return names[kind];
}

static void put_op(struct kb_diff *diff, uint8_t kind, bool same, uint32_t a, uint32_t b)
{
	diff->ops[diff->nops++] = (struct kb_op){kind, same, a, b};
}

static void put_deleted(
	struct kb_diff *diff, const struct block_pairs *p, uint32_t *old, uint32_t until)
{
	for (; *old < until; ++*old)
		if (p->to_of[*old] == KB_NONE)
			put_op(diff, KB_OP_DELETE, false, *old, KB_NONE);
}

static void find_ops(
	struct kb_diff *diff, struct kb_arena *arena, const struct block_pairs *p)
{
	uint32_t old = 0;

	diff->ops = kb_arena_array(
		arena, struct kb_op, diff->from->nblocks + diff->to->nblocks);
	for (uint32_t b = 0; b < diff->to->nblocks; b++) {
		uint32_t a = p->from_of[b];
		bool same = a != KB_NONE && diff->from->blocks[a].full_hash ==
						    diff->to->blocks[b].full_hash;

		if (a != KB_NONE && !p->moved[b])
			put_deleted(diff, p, &old, a);
		put_op(diff,
			a == KB_NONE  ? KB_OP_INSERT
			: p->moved[b] ? KB_OP_MOVE
			: same	      ? KB_OP_KEEP
				      : KB_OP_REPLACE,
			same, a, b);
	}
	put_deleted(diff, p, &old, diff->from->nblocks);
}

static void count(struct kb_diff *diff)
{
	for (uint32_t i = 0; i < diff->nchanges; i++) {
		const struct kb_doc_change *change = &diff->changes[i];
		uint32_t before = i ? diff->changes[i - 1].new_block : KB_NONE;

		if (change->weight > diff->weight)
			diff->weight = change->weight;
		if (change->weight > KB_WEIGHT_TRIVIAL &&
			change->action != KB_CHANGE_MOVED &&
			!(change->new_block != KB_NONE && before == change->new_block &&
				diff->changes[i - 1].weight > KB_WEIGHT_TRIVIAL))
			diff->paragraphs += change->count;
	}
}

struct kb_diff *kb_diff_versions(struct kb_arena *arena, const struct kb_version *from,
	const struct kb_version *to, const struct kb_diff_links *links)
{
	struct kb_diff *diff = kb_arena_new_of(arena, struct kb_diff);
	static const struct kb_version none;
	struct changes changes = {.arena = arena};
	struct block_pairs pairs;

	diff->from = from ? from : &none;
	diff->to = to ? to : &none;
	pairs_find(&pairs, arena, diff->from, diff->to);
	find_ops(diff, arena, &pairs);
	if (!from || !to) {
		diff->weight = from || to ? KB_WEIGHT_SIGNIFICANT : KB_WEIGHT_NONE;
		diff->paragraphs = diff->from->nblocks + diff->to->nblocks;
		return diff;
	}
	front_compare(&changes, from, to);
	body_compare(&changes, diff, &pairs, links);
	diff->nchanges = (uint32_t)changes.list.len;
	diff->changes = kb_vec_freeze(&changes.list, arena);
	count(diff);
	return diff;
}

struct kb_block *kb_diff_apply(
	struct kb_arena *arena, const struct kb_diff *diff, uint32_t *n)
{
	uint32_t nold = diff->from->nblocks, nnew = 0, used = 0, next = 0;
	struct kb_block *out = kb_arena_array(arena, struct kb_block, diff->nops);
	bool *gone = kb_arena_array(arena, bool, nold);

	for (uint32_t i = 0; i < diff->nops; i++) {
		const struct kb_op *op = &diff->ops[i];

		if (op->old_block != KB_NONE) {
			if (op->old_block >= nold || gone[op->old_block])
				return NULL;
			gone[op->old_block] = true;
			used++;
			if (op->kind != KB_OP_MOVE && op->old_block < next)
				return NULL;
			if (op->kind != KB_OP_MOVE)
				next = op->old_block + 1;
		}
		if (op->new_block == KB_NONE)
			continue;
		if (op->new_block != nnew)
			return NULL;
		out[nnew++] = op->same ? diff->from->blocks[op->old_block]
				       : diff->to->blocks[op->new_block];
	}
	*n = nnew;
	return used == nold ? out : NULL;
}

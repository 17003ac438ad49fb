/*
 * Compares pairs of versions of documents, read from standard input, and applies the
 * difference to the older one: what comes out must be the newer one. Each pair is a line
 * "OLD-BYTES NEW-BYTES PATH", followed by both texts. Prints the numbers of pairs, of
 * empty differences and of the slowest one's milliseconds; status 1 when one is wrong.
 */
#include <stdio.h>
#include <time.h>

#include "kb/diff.h"
#include "kb/mount.h"

static const char yaml[] = "name: x\nlocales: [{code: en}]\ncontent:\n"
			   "  - {path: '**', type: article, locale: en}\n"
			   "  - {path: '**/workflows/**', type: workflow, locale: en}\n";

static bool same_part(const struct kb_block_part *a, const struct kb_block_part *b)
{
	if (!kb_str_eq(a->text, b->text) || a->nspans != b->nspans)
		return false;
	for (uint32_t i = 0; i < a->nspans; i++) {
		const struct kb_span *x = &a->spans[i], *y = &b->spans[i];

		if (x->kind != y->kind || x->from != y->from || x->to != y->to ||
			!kb_str_eq(x->dest, y->dest) || !kb_str_eq(x->title, y->title))
			return false;
	}
	return true;
}

static bool same_block(const struct kb_block *a, const struct kb_block *b)
{
	if (a->kind != b->kind || a->level != b->level || a->depth != b->depth ||
		a->audience != b->audience || a->ordered != b->ordered ||
		a->opens_item != b->opens_item || a->task != b->task ||
		a->done != b->done || a->quote != b->quote || a->header != b->header ||
		!kb_str_eq(a->marker, b->marker) || !kb_str_eq(a->info, b->info) ||
		a->nparts != b->nparts)
		return false;
	for (uint32_t i = 0; i < a->nparts; i++)
		if (!same_part(&a->parts[i], &b->parts[i]))
			return false;
	return true;
}

static const char *fault_of(struct kb_arena *arena, const struct kb_diff *diff)
{
	uint32_t n = 0;
	struct kb_block *blocks = kb_diff_apply(arena, diff, &n);

	if (!blocks && diff->nops)
		return "the operations do not fit together";
	if (n != diff->to->nblocks)
		return "another number of blocks";
	for (uint32_t i = 0; i < n; i++)
		if (!same_block(&blocks[i], &diff->to->blocks[i]))
			return "another block";
	for (uint32_t i = 0; i < diff->nops; i++)
		if (diff->ops[i].kind != KB_OP_KEEP && !diff->nchanges)
			return "a difference that nothing tells of";
	return NULL;
}

static double milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static kb_str read_text(size_t len)
{
	char *data = kb_xmalloc(len + 1);

	return (kb_str){data, fread(data, 1, len, stdin)};
}

int main(int argc, char **argv)
{
	struct kb_arena *forever = kb_arena_new(), *arena = kb_arena_new();
	struct kb_diags diags;
	size_t old_len, new_len, pairs = 0, empty = 0, weights[4] = {0};
	double slowest = 0;
	char line[4096], path[4096];
	int status = 0;

	bool tell = argc > 1 && kb_str_is(kb_str_of(argv[1]), "-v");

	kb_md_init();
	kb_diags_init(&diags, NULL);
	const struct kb_config *config =
		kb_config_parse(forever, kb_str_of(yaml), KB_STR("kb.yaml"), &diags);
	if (!config) {
		fprintf(stderr, "%.*s\n", KB_ARG(diags.items[0].message));
		return 2;
	}
	struct kb_mounts *mounts = kb_mounts_new(forever, config);
	while (fgets(line, sizeof(line), stdin) &&
		sscanf(line, "%zu %zu %4095[^\n]", &old_len, &new_len, path) == 3) {
		kb_str before = read_text(old_len), after = read_text(new_len);
		uint32_t locale;
		const struct kb_mount *mount =
			kb_mounts_match(mounts, kb_str_of(path), &locale);
		if (!mount)
			mount = &config->mounts[0];
		double start = milliseconds();
		struct kb_version *a =
			kb_version_read(arena, config, mount, 0, kb_str_of(path), before);
		struct kb_version *b =
			kb_version_read(arena, config, mount, 0, kb_str_of(path), after);
		struct kb_diff *diff = kb_diff_versions(arena, a, b, NULL);
		kb_str summary = kb_diff_summary(arena, diff);
		double took = milliseconds() - start;
		const char *fault = fault_of(arena, diff);

		if (took > slowest)
			slowest = took;
		if (took > 300)
			fprintf(stderr, "slow: %s: %.0f ms\n", path, took);
		if (tell)
			printf("%s [%s]: %.*s\n", path, kb_weight_name(diff->weight),
				KB_ARG(summary));
		if (fault) {
			fprintf(stderr, "%s (pair %zu): %s\n", path, pairs, fault);
			status = 1;
		}
		pairs++;
		empty += diff->weight == KB_WEIGHT_NONE;
		weights[diff->weight]++;
		kb_arena_reset(arena);
		free((char *)before.data);
		free((char *)after.data);
	}
	printf("pairs %zu, without a difference %zu, trivial %zu, minor %zu, significant "
	       "%zu, slowest %.1f ms\n",
		pairs, empty, weights[1], weights[2], weights[3], slowest);
	kb_mounts_dispose(mounts);
	kb_diags_dispose(&diags);
	kb_arena_free(arena);
	kb_arena_free(forever);
	return status;
}

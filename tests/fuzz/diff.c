/*
 * Two versions of a workflow's file.
 *
 * The operations make the new blocks of the old ones; a file does not differ from
 * itself.
 */
#include "fuzz.h"

#include "kb/diff.h"

static struct kb_version *version_of(struct kb_arena *arena, kb_str text)
{
	const struct kb_config *config = fuzz_config();
	const struct kb_mount *mount = config->mounts;

	while (mount->type != KB_WORKFLOW)
		mount++;
	return kb_version_read(
		arena, config, mount, 0, KB_STR("en/workflows/x.md"), text);
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	kb_str rest = input, before = fuzz_part(&rest);
	struct kb_version *from = version_of(arena, before),
			  *to = version_of(arena, rest);
	struct kb_diff *diff = kb_diff_versions(arena, from, to, NULL);
	struct kb_block *blocks;
	uint32_t n = 0;

	blocks = kb_diff_apply(arena, diff, &n);
	must(blocks && n == to->nblocks, "%u blocks of %u", n, to->nblocks);
	for (uint32_t i = 0; i < n; i++)
		must(blocks[i].full_hash == to->blocks[i].full_hash, "block %u differs",
			i);
	for (uint32_t i = 0; i < diff->nchanges; i++) {
		must(diff->changes[i].weight <= diff->weight, "a change weighs more");
		kb_doc_change_phrase(arena, &diff->changes[i]);
	}
	kb_diff_summary(arena, diff);
	diff = kb_diff_versions(arena, to, version_of(arena, rest), NULL);
	must(diff->weight == KB_WEIGHT_NONE, "a file differs from itself");
	kb_diff_versions(arena, from, NULL, NULL);
	kb_diff_versions(arena, NULL, to, NULL);
}

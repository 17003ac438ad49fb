/* Scores of documents and teams. */
#include <stdlib.h>

#include "kb/audit.h"

static const unsigned cost[] = {[KB_INFO] = 3, [KB_WARNING] = 12, [KB_ERROR] = 30};

const char kb_audit_formula[] =
	"a document's score is 100 minus 30 for each error, 12 for each warning, and 3 for "
	"each note, but never below 0; a team's score is the average of the documents that "
	"it or its members own";

static int score_cmp(const void *pa, const void *pb)
{
	const struct kb_audit_score *a = pa, *b = pb;

	if (a->points != b->points)
		return a->points < b->points ? -1 : 1;
	if (a->doc && b->doc)
		return kb_str_cmp(a->doc->path, b->doc->path);
	return a->team && b->team ? kb_str_cmp(a->team->id, b->team->id) : 0;
}

static bool owns(const struct kb_person *team, kb_str owner)
{
	for (size_t i = 0; i < team->members.len; i++)
		if (kb_str_eq(team->members.items[i], owner))
			return true;
	return kb_str_eq(team->id, owner);
}

static bool is_scored(const struct kb_document *doc)
{
	return doc->facts->status != KB_ARCHIVED;
}

static void score_team(
	const struct kb_library *lib, const unsigned *points, struct kb_audit_score *out)
{
	unsigned long sum = 0;

	for (uint32_t d = 0; d < lib->ndocs; d++) {
		const struct kb_document *doc = lib->docs[d];

		if (!is_scored(doc) || (out->team && !owns(out->team, doc->facts->owner)))
			continue;
		sum += points[d];
		out->documents++;
	}
	if (out->documents)
		out->points = (unsigned)((sum + out->documents / 2) / out->documents);
}

static void score_teams(const struct kb_library *lib, const unsigned *points,
	struct kb_arena *arena, struct kb_audit_scores *out)
{
	const struct kb_people *people = lib->people;

	out->teams = kb_arena_array(arena, struct kb_audit_score, people->len + 1);
	for (uint32_t i = 0; i < people->len; i++) {
		struct kb_audit_score *score = &out->teams[out->nteams];

		if (!people->items[i].team)
			continue;
		*score = (struct kb_audit_score){.team = &people->items[i]};
		score_team(lib, points, score);
		out->nteams += score->documents > 0;
	}
	qsort(out->teams, out->nteams, sizeof(*out->teams), score_cmp);
}

void kb_audit_score(const struct kb_library *lib, const struct kb_audit *audit,
	struct kb_arena *arena, struct kb_audit_scores *out)
{
	unsigned *points = kb_arena_array(arena, unsigned, lib->ndocs + 1);

	*out = (struct kb_audit_scores){.documents = kb_arena_array(arena,
						struct kb_audit_score, lib->ndocs + 1)};
	for (uint32_t d = 0; d < lib->ndocs; d++)
		points[d] = 100;
	for (size_t i = 0; i < audit->len; i++) {
		const struct kb_audit_finding *finding = &audit->items[i];
		unsigned *left = finding->doc ? &points[finding->doc->number] : NULL;

		if (left)
			*left -= *left < cost[finding->severity]
					 ? *left
					 : cost[finding->severity];
	}
	for (uint32_t d = 0; d < lib->ndocs; d++)
		if (points[d] < 100)
			out->documents[out->ndocuments++] = (struct kb_audit_score){
				.doc = lib->docs[d], .points = points[d]};
	qsort(out->documents, out->ndocuments, sizeof(*out->documents), score_cmp);
	score_team(lib, points, &out->all);
	score_teams(lib, points, arena, out);
}

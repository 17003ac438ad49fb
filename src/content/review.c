#include "kb/review.h"

#include "kb/unicode.h"

struct kb_interval kb_review_every(
	const struct kb_config *config, const struct kb_document *doc)
{
	const struct kb_node *every =
		kb_node_get(kb_node_get(config->root, "audit"), "review_every");
	struct kb_interval interval = {0};

	if (kb_interval_given(doc->facts->review_every))
		return doc->facts->review_every;
	if (every && every->kind == KB_NODE_MAP)
		every = kb_node_get(every, kb_type_name(doc->facts->type));
	kb_interval_parse(kb_node_str(every), &interval);
	return interval;
}

time_t kb_review_due(const struct kb_config *config, const struct kb_document *doc)
{
	struct kb_interval every = kb_review_every(config, doc);

	return doc->facts->reviewed && kb_interval_given(every)
		       ? kb_interval_after(config->timezone, doc->facts->reviewed, every)
		       : 0;
}

bool kb_review_overdue(
	const struct kb_config *config, const struct kb_document *doc, time_t now)
{
	time_t due = kb_review_due(config, doc);

	return due && doc->facts->status != KB_ARCHIVED &&
	       kb_day_number(config->timezone, now) >
		       kb_day_number(config->timezone, due);
}

#include "kb/review.h"

#include "kb/unicode.h"

int kb_interval_days(kb_str s, uint32_t *days)
{
	uint32_t n = 0;
	size_t i = 0;

	for (; i < s.len && i < 5 && s.data[i] >= '0' && s.data[i] <= '9'; i++)
		n = n * 10 + (uint32_t)(s.data[i] - '0');
	if (i == 0 || i + 1 != s.len)
		return -1;
	switch (s.data[i]) {
	case 'd':
		*days = n;
		return 0;
	case 'w':
		*days = n * 7;
		return 0;
	case 'm':
		*days = n * 365 / 12;
		return 0;
	case 'y':
		*days = n * 365;
		return 0;
	default:
		return -1;
	}
}

uint32_t kb_review_days(const struct kb_config *config, const struct kb_document *doc)
{
	const struct kb_node *every =
		kb_node_get(kb_node_get(config->root, "audit"), "review_every");
	uint32_t days = 0;

	if (doc->review_days)
		return doc->review_days;
	if (every && every->kind == KB_NODE_MAP)
		every = kb_node_get(every, kb_type_name(doc->type));
	kb_interval_days(kb_node_str(every), &days);
	return days;
}

time_t kb_review_due(const struct kb_config *config, const struct kb_document *doc)
{
	uint32_t days = kb_review_days(config, doc);
	kb_str zone = config->timezone;

	return doc->reviewed && days
		       ? kb_day_start(zone, kb_day_number(zone, doc->reviewed) + days)
		       : 0;
}

bool kb_review_overdue(
	const struct kb_config *config, const struct kb_document *doc, time_t now)
{
	time_t due = kb_review_due(config, doc);

	return due && doc->status != KB_ARCHIVED &&
	       kb_day_number(config->timezone, now) >
		       kb_day_number(config->timezone, due);
}

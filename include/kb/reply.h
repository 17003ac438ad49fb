/* Reply templates: placeholders and the texts of channels. */
#ifndef KB_REPLY_H
#define KB_REPLY_H

#include "kb/document.h"

struct kb_placeholder {
	kb_str name, description, example, default_value;
	kb_strs values;
	bool required;
	bool has_example, has_default;
	kb_range range; /* of the name */
};

struct kb_reply_part { /* a channel's own text; channel NULL: for the rest */
	const struct kb_channel *channel;
	uint32_t section, end; /* [section, end) of facts.sections; a channel's first one
				* begins with the heading that names it */
};

struct kb_reply {
	struct kb_placeholder *placeholders;
	uint32_t nplaceholders;
	struct kb_reply_part *parts;
	uint32_t nparts;
};

/* Reads a reply's placeholders and channels from the facts of DOC. Never NULL;
 * mistakes are findings. */
struct kb_reply *kb_reply_build(struct kb_arena *arena, const struct kb_config *config,
	const struct kb_document *doc, struct kb_diags *diags);
/* The placeholder with this name, or NULL. */
const struct kb_placeholder *kb_reply_placeholder(
	const struct kb_reply *reply, kb_str name);
/* The channel's own text, else the one for the rest (parts[0]), which may be empty. */
const struct kb_reply_part *kb_reply_part(
	const struct kb_reply *reply, const struct kb_channel *channel);
/* SMS segments of a text: GSM 03.38 (160, 153 a part) where all of it fits the default
 * alphabet, else UCS-2 (70, 67). */
uint32_t kb_sms_segments(kb_str text, bool *ucs2);
/* The first character outside that alphabet; empty when there is none. */
kb_str kb_sms_wide(kb_str text);

#endif

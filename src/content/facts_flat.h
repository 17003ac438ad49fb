/* Facts as one block of bytes (kb/flat.h), private to src/content. */
#ifndef CONTENT_FACTS_FLAT_H
#define CONTENT_FACTS_FLAT_H

#include "kb/facts.h"
#include "kb/flat.h"

extern const struct kb_flat_type kb_facts_type, kb_node_type;

/* Sets outline and shape of facts that are not broken; see struct kb_facts. */
void kb_facts_outline(struct kb_facts *facts);
/* Is each index in facts that were opened below what it counts, and each audience one of
 * CONFIG? The tables cannot say so. */
bool kb_facts_sound(const struct kb_facts *facts, const struct kb_config *config);

#endif

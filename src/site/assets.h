/*
 * Images and downloads that pages link to, published under a name that holds the hash of
 * their content. One is written when the first page that shows it is made: what only
 * withheld text links to is never written. Several threads may ask at once.
 */
#ifndef SITE_ASSETS_H
#define SITE_ASSETS_H

#include "site.h"

struct asset {
	kb_str address;		/* site path; empty: it must not be published */
	uint32_t width, height; /* of an image; 0: unknown */
	bool written;
};

struct assets *assets_new(void);
void assets_free(struct assets *assets);
uint32_t assets_count(const struct assets *assets);
/* NULL: not published, and a finding says why; or the site cannot be written (job->err).
 */
const struct asset *asset_of(struct job *job, const struct kb_entry *entry);
/* While a page is signed, asset_of notes the asset and writes nothing. Leaves those of
 * the last run that the page shows. */
void assets_keep(struct job *job);
/* The addresses that asset_of noted. */
void assets_shown(struct job *job, kb_strs *addresses);
/* The same as assets_keep by such addresses, of a page that is not signed. */
void assets_known(struct job *job, const kb_strs *addresses);

#endif

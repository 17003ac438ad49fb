/*
 * kb.yaml: the configuration of a content repository (content-format.md, 'kb.yaml').
 *
 * Everything is in one arena and read-only once loaded. Mistakes are findings of config-…
 * rules, with their places; loading then fails with KB_E_CONFIG.
 */
#ifndef KB_CONFIG_H
#define KB_CONFIG_H

#include "kb/diag.h"
#include "kb/map.h"
#include "kb/markdown.h"
#include "kb/vec.h"
#include "kb/yaml.h"

/* A value marked * in the format: one string for all, or one per locale. */
struct kb_l10n {
	uint32_t n; /* 0: not given */
	struct kb_l10n_value {
		kb_str locale; /* empty: for all */
		kb_str value;
	} * values;
};

enum kb_type {
	KB_ARTICLE,
	KB_WORKFLOW,
	KB_REPLY,
	KB_REFERENCE,
	KB_SNIPPET,
	KB_TYPE_COUNT
};
enum kb_status { KB_DRAFT, KB_REVIEW, KB_PUBLISHED, KB_ARCHIVED };

/* The type as front matter writes it: "article". */
const char *kb_type_name(enum kb_type type);
/* The opposite. Returns -1 if WORD is not a type. */
int kb_type_parse(kb_str word, enum kb_type *out);

struct kb_locale {
	kb_str code;	   /* canonical BCP 47 */
	uint32_t fallback; /* index of the next locale to try, KB_NONE for the source
			      locale */
	bool informal;
	bool rtl;
	kb_str name; /* in its own language */
};

struct kb_channel {
	kb_str id;
	struct kb_l10n name;
	uint32_t max_length;   /* characters; 0: none */
	uint32_t max_segments; /* SMS segments; 0: none */
	bool plain;
};

struct kb_contact {
	kb_str channel, url, number, email;
	struct kb_l10n label, hours;
	kb_strs regions;
};

struct kb_named { /* regions, products */
	kb_str id;
	struct kb_l10n name;
};

struct kb_key_map {
	kb_str from, to;
};

struct kb_mount {
	kb_str path; /* glob with {locale}; matches whole paths below the content root */
	bool has_type;
	enum kb_type type;
	kb_str locale;		  /* for paths that do not name one; or empty */
	struct kb_node *defaults; /* map or NULL; ranges are those of kb.yaml */
	struct kb_key_map *keys;
	uint32_t nkeys;
	kb_strs ignore;
	bool has_expand, expand;
	kb_str base; /* the part of the path before the first wildcard: addresses are
			below it */
	kb_range range;
};

struct kb_variable {
	kb_str name; /* "support.phone" */
	struct kb_l10n value;
};

struct kb_redirect {
	kb_str from, to;
	kb_range range;
	const struct kb_redirect *next; /* with the same 'to', in a library */
};

struct kb_config {
	kb_str path; /* "kb.yaml" */
	struct kb_l10n name, description;
	kb_str base_url; /* without a slash at its end; may be empty */
	struct kb_locale *locales;
	uint32_t nlocales;
	kb_str *audiences;
	uint32_t naudiences;
	struct kb_channel *channels;
	uint32_t nchannels;
	kb_str timezone;
	struct kb_contact *contacts;
	uint32_t ncontacts;
	struct kb_named *regions, *products;
	uint32_t nregions, nproducts;
	struct kb_mount *mounts; /* the default layout's when kb.yaml has no 'content' */
	uint32_t nmounts;
	struct kb_key_map *schemas; /* type -> file */
	uint32_t nschemas;
	struct kb_variable *variables; /* sorted by name */
	uint32_t nvariables;
	enum kb_severity severities[KB_RULE_COUNT];
	struct kb_config_limits {
		uint32_t workflow_steps, summary_length, title_length, snippet_depth;
	} limits;
	kb_str votes, searches; /* "log", "off" or a URL; default "off" */
	kb_str edit_url, report_url, history_url;
	struct kb_redirect *redirects;
	uint32_t nredirects;
	struct kb_node *root; /* the whole tree: audit, privacy, tickets and the like */
	struct kb_md_syntax
		syntax; /* of these audiences and regions; literal and steps are false */
};

/* Is it the most trusted audience: the one that sees people, teams and support levels? */
static inline bool kb_audience_trusted(const struct kb_config *config, unsigned audience)
{
	return audience + 1 >= config->naudiences;
}

/*
 * Reads the text of kb.yaml. Findings go to DIAGS under PATH. Returns NULL when
 * it is broken (at least one finding is an error).
 */
const struct kb_config *kb_config_parse(
	struct kb_arena *arena, kb_str text, kb_str path, struct kb_diags *diags);

/* Index of a locale by code (canonical or not), KB_NONE when not configured. */
uint32_t kb_config_locale(const struct kb_config *config, kb_str code);
/* The codes of all locales, in their order. */
kb_str *kb_config_codes(const struct kb_config *config, struct kb_arena *arena);
/* The index of an audience by its name, or KB_NONE. */
uint32_t kb_config_audience(const struct kb_config *config, kb_str name);
/* The channel with this id, or NULL. */
const struct kb_channel *kb_config_channel(const struct kb_config *config, kb_str id);
/* A channel by id or by its name in any locale; ASCII case, hyphens, spaces, dots and
 * colons are ignored. */
const struct kb_channel *kb_config_channel_named(
	const struct kb_config *config, kb_str name);
/* The variable with this name, such as "support.phone", or NULL. */
const struct kb_variable *kb_config_variable(const struct kb_config *config, kb_str name);
/* Expands {{variables}} of a one-line string for a locale; unknown ones stay. */
kb_str kb_config_expand(const struct kb_config *config, struct kb_arena *arena,
	kb_str text, uint32_t locale);
/* The value for a locale, else along its fallbacks, else the first given; may be empty.
 */
kb_str kb_l10n_get(
	const struct kb_config *config, const struct kb_l10n *text, uint32_t locale);
/* The same without fallbacks: the value for the locale itself, or the one for all. */
bool kb_l10n_exact(const struct kb_config *config, const struct kb_l10n *text,
	uint32_t locale, kb_str *out);

/* Is WORD the text in any locale? Letter case does not matter. */
bool kb_l10n_has(const struct kb_l10n *text, kb_str word);

#endif

/* Links, images, related documents, redirects: everything that leads somewhere. */
#include "family.h"

#include "kb/file.h"

struct fault {
	enum kb_rule rule;
	enum kb_rule image_rule;
	const char *text;      /* %.*s: the destination */
	const char *hint;      /* %.*s: the nearest name */
	const char *otherwise; /* The hint if no name is near. */
};

static const struct fault faults[] = {
	[KB_FAULT_FILE] = {KB_RULE_LINK_TARGET_MISSING, KB_RULE_IMAGE_MISSING,
		"there is no file '%.*s'", "did you mean '%.*s'?",
		"write the path from the folder of this file, or id:ID for a document"},
	[KB_FAULT_CASE] = {KB_RULE_LINK_TARGET_CASE, KB_RULE_IMAGE_CASE,
		"there is no file '%.*s', but there is one that differs in upper and "
		"lower case",
		"the file is '%.*s'", NULL},
	[KB_FAULT_OUTSIDE] = {KB_RULE_LINK_OUTSIDE, KB_RULE_LINK_OUTSIDE,
		"'%.*s' is outside the folder that contains kb.yaml", NULL,
		"copy the file into that folder, or link to its web address"},
	[KB_FAULT_ID] = {KB_RULE_LINK_ID_UNKNOWN, KB_RULE_LINK_ID_UNKNOWN,
		"no document has the id in '%.*s'", "did you mean 'id:%.*s'?",
		"'kb find WORDS' shows ids of documents"},
	[KB_FAULT_SITE] = {KB_RULE_LINK_SITE_PATH, KB_RULE_LINK_SITE_PATH,
		"there is no page or alias at '%.*s'", "did you mean '%.*s'?",
		"link to the file of the document, or to id:ID"},
	[KB_FAULT_FRAGMENT] = {KB_RULE_LINK_FRAGMENT_MISSING,
		KB_RULE_LINK_FRAGMENT_MISSING,
		"'%.*s' refers to a heading or anchor that does not exist",
		"did you mean '#%.*s'?", NULL},
	[KB_FAULT_NOTDOC] = {KB_RULE_LINK_TARGET_MISSING, KB_RULE_IMAGE_MISSING,
		"'%.*s' is a Markdown file outside the content folders of kb.yaml, so "
		"it is not on any site",
		NULL,
		"move the file into a content folder, or add its folder to 'content' in "
		"kb.yaml"},
	[KB_FAULT_SCHEME] = {KB_RULE_LINK_SCHEME, KB_RULE_LINK_SCHEME,
		"pages cannot link to the address '%.*s'", NULL,
		"use an address that begins with https:, mailto: or tel:"},
	/* The variable itself has a finding where it is used. */
	[KB_FAULT_VARIABLE] = {KB_RULE_COUNT, KB_RULE_COUNT, NULL, NULL, NULL},
};

/* The part of a destination before its query and fragment. */
static kb_str path_of(kb_str dest)
{
	size_t n = 0;

	while (n < dest.len && dest.data[n] != '?' && dest.data[n] != '#')
		n++;
	return kb_str_sub(dest, 0, n);
}

/* The fix: PATH instead of the destination's, if that is written as it is. */
static void edit_path(struct kb_checker *checker, struct kb_diag *diag, kb_str dest,
	kb_str path, bool guess)
{
	kb_str old = path_of(dest);

	if (!diag || diag->range.len != dest.len)
		return;
	diag->guess = guess;
	kb_diag_edit(checker->diags, diag, (kb_range){diag->range.off, (uint32_t)old.len},
		path);
}

/* Puts ID behind the destination's '#'. */
static void edit_fragment(struct kb_diags *diags, struct kb_diag *diag, kb_str dest,
	size_t hash, kb_str id, bool guess)
{
	if (diag->range.len != dest.len)
		return;
	diag->guess = guess;
	kb_diag_edit(diags, diag,
		(kb_range){diag->range.off + (uint32_t)hash + 1,
			(uint32_t)(dest.len - hash - 1)},
		id);
}

static bool hint_moved(struct kb_checker *checker, const struct kb_document *doc,
	struct kb_diag *diag, kb_str dest)
{
	bool sure;
	kb_str path = kb_check_moved(checker, doc, path_of(dest), &sure);

	if (!path.len)
		return false;
	kb_diag_hint(checker->diags, diag,
		sure ? "the file moved to '%.*s'" : "did the file move to '%.*s'?",
		KB_ARG(path));
	edit_path(checker, diag, dest, path, !sure);
	return true;
}

static bool hint_renamed(struct kb_checker *checker, struct kb_diags *diags,
	struct kb_diag *diag, const struct kb_document *target, kb_str fragment,
	kb_str dest)
{
	kb_str id = kb_check_renamed(checker, target, fragment);
	size_t hash = kb_str_chr(dest, '#');

	if (!id.len || hash == SIZE_MAX)
		return false;
	kb_diag_hint(diags, diag, "the id of this heading is now '#%.*s'", KB_ARG(id));
	edit_fragment(diags, diag, dest, hash, id, false);
	return true;
}

/* The link to a part of its own document that stands exactly there, or NULL. */
static const struct kb_link *own_link(const struct kb_document *doc, kb_range range)
{
	for (uint32_t i = 0; i < doc->facts->body.nlinks; i++) {
		const struct kb_link *link = &doc->facts->body.links[i];

		if (link->range.off == range.off && link->range.len == range.len &&
			kb_str_starts(link->dest, KB_STR("#")))
			return link;
	}
	return NULL;
}

void kb_check_steps(struct kb_checker *checker, struct kb_diags *found)
{
	for (size_t i = 0; i < found->len; i++) {
		struct kb_diag *diag = &found->items[i];
		const struct kb_document *doc =
			diag->rule == KB_RULE_WORKFLOW_TARGET
				? kb_library_by_path(checker->lib, diag->path)
				: NULL;
		const struct kb_link *link = doc ? own_link(doc, diag->range) : NULL;

		if (link)
			hint_renamed(checker, found, diag, doc,
				kb_str_sub(link->dest, 1, link->dest.len), link->dest);
	}
}

/* Puts what is nearest in its place; only where a name differs in letter case is that no
 * guess. */
static void suggest(struct kb_checker *checker, struct kb_diag *diag, unsigned fault,
	kb_str dest, kb_str nearest)
{
	size_t hash = kb_str_chr(dest, '#');

	if (fault == KB_FAULT_ID)
		nearest = kb_arena_fmt(checker->scratch, "id:%.*s", KB_ARG(nearest));
	if (fault != KB_FAULT_FRAGMENT)
		edit_path(checker, diag, dest, nearest, fault != KB_FAULT_CASE);
	else if (diag && hash != SIZE_MAX)
		edit_fragment(checker->diags, diag, dest, hash, nearest, true);
}

enum { ANCHORS_MAX = 8 };

/* What a fragment may name in DOC: its first headings and anchors. */
static void hint_anchors(
	struct kb_checker *checker, struct kb_diag *diag, const struct kb_document *doc)
{
	const struct kb_md_facts *facts = &doc->facts->body;
	size_t n = (size_t)facts->nheadings + facts->nanchors;
	_cleanup_buf_ kb_buf list = {0};

	for (size_t i = 0; i < n && i < ANCHORS_MAX; i++)
		kb_buf_fmt(&list, "%s#%.*s", i ? ", " : "",
			KB_ARG(i < facts->nheadings
					? facts->headings[i].id
					: facts->anchors[i - facts->nheadings].id));
	if (n > ANCHORS_MAX)
		kb_buf_fmt(&list, " and %zu more", n - ANCHORS_MAX);
	if (n)
		kb_diag_hint(checker->diags, diag, "there %s %.*s", n == 1 ? "is" : "are",
			KB_ARG(kb_buf_view(&list)));
	else
		kb_diag_hint(checker->diags, diag, "%.*s has no heading or anchor",
			KB_ARG(doc->path));
}

/* Is it an email address, which a link cannot lead to as it is? */
static bool is_email(kb_str dest)
{
	size_t at = kb_str_chr(dest, '@');
	kb_str host = at == SIZE_MAX ? KB_STR("") : kb_str_sub(dest, at + 1, dest.len);

	return at != SIZE_MAX && at > 0 && kb_str_chr(host, '@') == SIZE_MAX &&
	       kb_str_chr(dest, '/') == SIZE_MAX && kb_str_chr(host, '.') != SIZE_MAX;
}

/* A help center's address with a title behind the number that an alias has. */
static bool hint_begins(struct kb_checker *checker, struct kb_diag *diag, kb_str dest)
{
	kb_str source = KB_STR_NULL;
	const struct kb_document *doc =
		kb_site_begins(checker->lib, checker->scratch, dest, &source);

	if (!source.len)
		return false;
	kb_diag_hint(checker->diags, diag,
		"the %s '%.*s' covers only itself: write '%.*s*' in %.*s to cover "
		"this address, too",
		doc ? "alias" : "redirect", KB_ARG(source), KB_ARG(source),
		KB_ARG(doc ? doc->path : checker->lib->config->path));
	return true;
}

bool kb_check_target(struct kb_checker *checker, const struct kb_document *doc,
	kb_range range, const struct kb_target *target, kb_str dest, bool image)
{
	/* A picture has no page: what its path lacks is the file. */
	const struct fault *fault =
		&faults[image && target->fault == KB_FAULT_SITE
				? KB_FAULT_FILE
				: (enum kb_target_fault)target->fault];
	enum kb_rule rule = image ? fault->image_rule : fault->rule;
	kb_str nearest = target->nearest;
	struct kb_diag *diag;

	if (target->kind != KB_TARGET_BROKEN)
		return false;
	if (!fault->text)
		return true;
	diag = kb_diag_add(
		checker->diags, rule, doc->path, range, fault->text, KB_ARG(dest));
	if (diag && target->fault == KB_FAULT_FILE &&
		hint_moved(checker, doc, diag, dest))
		return true;
	if (diag && target->fault == KB_FAULT_FILE && is_email(dest)) {
		kb_diag_hint(checker->diags, diag, "write mailto:%.*s", KB_ARG(dest));
		return true;
	}
	if (diag && target->fault == KB_FAULT_SITE && hint_begins(checker, diag, dest))
		return true;
	if (diag && target->fault == KB_FAULT_FRAGMENT &&
		hint_renamed(checker, checker->diags, diag,
			target->doc ? target->doc : doc, target->fragment, dest))
		return true;
	if (diag && fault->hint && !nearest.len && kb_check_may_guess(checker))
		nearest = kb_link_nearest(checker->lib, checker->scratch, doc, dest);
	if (fault->hint && nearest.len)
		kb_diag_hint(checker->diags, diag, fault->hint, KB_ARG(nearest));
	if (fault->hint && nearest.len)
		suggest(checker, diag, target->fault, dest, nearest);
	else if (diag && target->fault == KB_FAULT_FRAGMENT)
		hint_anchors(checker, diag, target->doc ? target->doc : doc);
	else if (fault->otherwise)
		kb_diag_hint(checker->diags, diag, "%s",
			fault == &faults[KB_FAULT_FILE] &&
					!kb_path_is_markdown(path_of(dest))
				? "write the path from the folder of this file, and add "
				  "the file to the repository"
				: fault->otherwise);
	return true;
}

static bool is_image(const struct kb_link *link)
{
	return link->kind == KB_LINK_IMAGE || link->kind == KB_LINK_HTML_IMAGE;
}

/* What becomes of an alias: a link through it works but should be fixed. */
static void check_alias(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_link *link, const struct kb_target *target)
{
	struct kb_diag *diag;

	if (!target->by_alias || !target->doc)
		return;
	diag = kb_diag_add(checker->diags, KB_RULE_LINK_ALIAS, doc->path, link->range,
		"'%.*s' is a former address", KB_ARG(link->dest));
	kb_diag_hint(checker->diags, diag,
		"the document is now %.*s; link to it with 'id:%.*s'",
		KB_ARG(target->doc->path), KB_ARG(target->doc->id));
}

/* An answer without an existing step has a finding of the workflow. */
static bool is_unknown_answer(const struct kb_document *doc, const struct kb_link *link)
{
	uint32_t index = (uint32_t)(link - doc->facts->body.links);

	for (uint32_t s = 0; doc->workflow && s < doc->workflow->nsteps; s++) {
		const struct kb_step *step = &doc->workflow->steps[s];

		for (uint32_t i = 0; i < step->nedges; i++)
			if (step->edges[i].link == index)
				return step->edges[i].kind == KB_EDGE_UNKNOWN;
	}
	return false;
}

/* The name by which one includes a snippet. */
static kb_str snippet_name(const struct kb_document *snippet)
{
	static const kb_str folder = {"snippets/", 9};
	size_t from = kb_str_starts(snippet->id, folder) ? folder.len : 0;

	return kb_str_sub(snippet->id, from, snippet->id.len);
}

static void snippet_link(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_link *link, const struct kb_document *snippet)
{
	kb_diag_hint(checker->diags,
		kb_diag_add(checker->diags, KB_RULE_LINK_SNIPPET, doc->path, link->range,
			"'%.*s' is a snippet, and snippets do not have pages to link to",
			KB_ARG(link->dest)),
		"write '{{> %.*s}}' in its own paragraph to show its text here, or "
		"link to a document that includes it",
		KB_ARG(snippet_name(snippet)));
}

static void external_image(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_link *link)
{
	/* What another program would fill in, where kb expands nothing. */
	if (kb_str_starts(link->dest, KB_STR("{{"))) {
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_IMAGE_EXTERNAL, doc->path,
				link->range,
				"'%.*s' is not the path of an image, so pages leave it "
				"out",
				KB_ARG(link->dest)),
			"name a file of the repository: kb does not replace {{name}} "
			"in the path of an image");
		return;
	}
	kb_diag_hint(checker->diags,
		kb_diag_add(checker->diags, KB_RULE_IMAGE_EXTERNAL, doc->path,
			link->range,
			"the image '%.*s' is on another site, so pages leave it out",
			KB_ARG(link->dest)),
		"copy the image into the repository, or link to it, so that the other "
		"site cannot see who reads the page");
}

/* One's own site by its whole address: it breaks in previews, drafts and other sites. */
static void check_own_site(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_link *link, const struct kb_target *target)
{
	kb_str base = checker->lib->config->base_url, path;
	struct kb_diag *diag;

	if (!base.len || !kb_str_starts(link->dest, base) ||
		target->kind != KB_TARGET_DOCUMENT || target->fault)
		return;
	path = kb_link_relative(
		checker->scratch, kb_path_dir(doc->path), target->doc->path);
	if (target->fragment.len)
		path = kb_arena_fmt(checker->scratch, "%.*s#%.*s", KB_ARG(path),
			KB_ARG(target->fragment));
	diag = kb_diag_add(checker->diags, KB_RULE_LINK_OWN_SITE, doc->path, link->range,
		"this links to a page of this help center by its full address");
	kb_diag_hint(checker->diags, diag,
		link->kind == KB_LINK_AUTOLINK ? "write [its title](%.*s)" : "write %.*s",
		KB_ARG(path));
	if (diag && link->kind == KB_LINK_LINK && link->range.len == link->dest.len)
		kb_diag_edit(checker->diags, diag, link->range, path);
}

static void check_link(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_link *link)
{
	struct kb_target target;

	if (is_image(link) && !link->has_alt)
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_IMAGE_ALT_MISSING, doc->path,
				link->range, "the image '%.*s' has no alternative text",
				KB_ARG(link->dest)),
			"write what the picture shows in the square brackets, for "
			"people who cannot see it");
	kb_link_resolve(
		checker->lib, checker->scratch, doc, doc->locale, link->dest, &target);
	/* Readers of the link see its text, and no link. */
	if (target.kind == KB_TARGET_DOCUMENT)
		kb_check_readers(checker, doc, link->range, link->audience, target.doc);
	if (target.fault == KB_FAULT_FRAGMENT && is_unknown_answer(doc, link))
		return;
	if (is_image(link) && (target.kind == KB_TARGET_EXTERNAL ||
				      kb_md_dest_is_foreign(link->dest,
					      doc->mount && !doc->mount->expand))) {
		external_image(checker, doc, link);
		return;
	}
	if (target.kind == KB_TARGET_DOCUMENT && target.doc->facts->type == KB_SNIPPET) {
		snippet_link(checker, doc, link, target.doc);
		return;
	}
	if (target.kind == KB_TARGET_END && doc->facts->type != KB_WORKFLOW) {
		kb_diag_add(checker->diags, KB_RULE_LINK_SCHEME, doc->path, link->range,
			"'%.*s' is an outcome of a workflow and has no meaning in "
			"other documents",
			KB_ARG(link->dest));
		return;
	}
	if (target.kind == KB_TARGET_FILE && target.entry)
		kb_check_file(checker, doc, link, target.entry, is_image(link));
	if (kb_check_target(
		    checker, doc, link->range, &target, link->dest, is_image(link)))
		return;
	check_alias(checker, doc, link, &target);
	check_own_site(checker, doc, link, &target);
}

/* The locales that a family has documents in: "de, hu". */
static kb_str locales_of(struct kb_checker *checker, const struct kb_family *family)
{
	const struct kb_config *config = checker->lib->config;
	_cleanup_buf_ kb_buf list = {0};

	for (uint32_t l = 0; l < config->nlocales; l++)
		if (family->by_locale[l])
			kb_buf_fmt(&list, "%s%.*s", list.len ? ", " : "",
				KB_ARG(config->locales[l].code));
	return kb_arena_str(checker->scratch, kb_buf_view(&list));
}

static void check_related(
	struct kb_checker *checker, const struct kb_document *doc, uint32_t i)
{
	kb_str id = doc->facts->related.items[i];
	const struct kb_family *family = kb_library_family(checker->lib, id);
	kb_range range = kb_facts_item_range(doc->facts, "related", i);
	struct kb_diag *diag;

	if (!family) {
		kb_diag_add(checker->diags, KB_RULE_RELATED_UNKNOWN, doc->path, range,
			"no document has the id '%.*s'", KB_ARG(id));
	} else if (!kb_family_find(checker->lib, family, doc->locale) &&
		   !kb_check_broken_there(checker, family, doc->locale)) {
		diag = kb_diag_add(checker->diags, KB_RULE_RELATED_LOCALE, doc->path,
			range,
			"'%.*s' exists only in %.*s, so readers of %.*s do not get it",
			KB_ARG(id), KB_ARG(locales_of(checker, family)),
			KB_ARG(checker->lib->config->locales[doc->locale].code));
		kb_diag_hint(checker->diags, diag,
			"translate it, or remove it from 'related'");
	}
}

static void check_variant(struct kb_checker *checker, const struct kb_document *doc)
{
	if (doc->facts->variant_of.len && kb_str_eq(doc->facts->variant_of, doc->id))
		kb_diag_add(checker->diags, KB_RULE_VARIANT_UNKNOWN, doc->path,
			kb_facts_range(doc->facts, "variant_of"),
			"a document cannot be a variant of itself");
	else if (doc->facts->variant_of.len &&
		 !kb_library_family(checker->lib, doc->facts->variant_of))
		kb_diag_add(checker->diags, KB_RULE_VARIANT_UNKNOWN, doc->path,
			kb_facts_range(doc->facts, "variant_of"),
			"no document has the id '%.*s'", KB_ARG(doc->facts->variant_of));
	else if (doc->facts->variant_of.len && !doc->facts->regions.len)
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_SCHEMA_REQUIRED, doc->path,
				kb_facts_range(doc->facts, "variant_of"),
				"the key 'regions' is missing, so this never replaces "
				"'%.*s'",
				KB_ARG(doc->facts->variant_of)),
			"add a line such as 'regions: [AT]'");
}

/* Unless they are known to be right: what other files hold is looked at in each run. */
static void check_links(struct kb_checker *checker, const struct kb_document *doc)
{
	size_t found = checker->diags->len;
	unsigned asked = checker->asked;

	if (checker->linked[doc->number])
		return;
	for (uint32_t i = 0; i < doc->facts->body.nlinks; i++)
		check_link(checker, doc, &doc->facts->body.links[i]);
	checker->linked[doc->number] =
		checker->diags->len == found && checker->asked == asked;
}

void kb_check_links(struct kb_checker *checker, const struct kb_document *doc)
{
	check_links(checker, doc);
	for (uint32_t i = 0; i < doc->facts->related.len; i++)
		check_related(checker, doc, i);
	check_variant(checker, doc);
}

void kb_check_redirects(struct kb_checker *checker)
{
	const struct kb_config *config = checker->lib->config;

	for (uint32_t i = 0; i < config->nredirects; i++) {
		const struct kb_redirect *redirect = &config->redirects[i];
		struct kb_target target;

		kb_redirect_resolve(checker->lib, checker->scratch, redirect, &target);
		if (target.kind != KB_TARGET_BROKEN)
			continue;
		kb_diag_add(checker->diags, KB_RULE_REDIRECT_BROKEN, config->path,
			redirect->range,
			"the redirect from '%.*s' leads to '%.*s', which is neither "
			"the id of a document nor a page of the site",
			KB_ARG(redirect->from), KB_ARG(redirect->to));
	}
}

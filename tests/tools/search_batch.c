/*
 * Searches for each line of its input, or tells the keys of its words, to compare with what
 * a browser's script does.
 *
 * usage: search_batch FOLDER find LOCALE AUDIENCE   per line: the ids' addresses of ten hits
 *        search_batch - keys LOCALE                 per line: fold:key,key of each word
 */
#include <stdio.h>
#include <stdlib.h>

#include "kb/search.h"
#include "kb/token.h"

static bool put_keys(void *ctx, const struct kb_word *word)
{
	const struct kb_keys *keys = kb_stemmer_keys(ctx, word);

	printf("%.*s:", KB_ARG(word->fold));
	for (uint32_t i = 0; i < keys->n; i++)
		printf("%s%.*s", i ? "," : "", KB_ARG(keys->keys[i]));
	printf("%s ", keys->function ? "!" : "");
	return true;
}

static void each_line(void (*fn)(void *ctx, kb_str line), void *ctx)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&line, &room, stdin)) > 0) {
		kb_str text = {line, (size_t)len - (line[len - 1] == '\n')};

		fn(ctx, text);
		putchar('\n');
	}
	free(line);
}

static void keys_of(void *ctx, kb_str line)
{
	kb_words(line, put_keys, ctx);
}

struct finding {
	struct kb_search *search;
	struct kb_search_query query;
	struct kb_arena *arena;
};

static void find(void *ctx, kb_str line)
{
	struct finding *f = ctx;
	struct kb_search_hit *hits;
	size_t n;

	f->query.text = line;
	n = kb_search_find(f->search, f->arena, &f->query, &hits);
	for (size_t i = 0; i < n; i++)
		printf("%.*s ", KB_ARG(hits[i].doc->address));
	kb_arena_reset(f->arena);
}

static int find_all(const char *folder, const char *locale, const char *audience)
{
	const char *now = getenv("SOURCE_DATE_EPOCH");
	const struct kb_library_options options = {.threads = 2, .now = now ? atoll(now) : time(NULL)};
	struct finding f = {.arena = kb_arena_new()};
	struct kb_source *source = NULL;
	struct kb_library *lib = NULL;
	struct kb_diags diags;
	struct kb_error err;

	kb_diags_init(&diags, NULL);
	if (kb_source_open(&source, folder, NULL, NULL, &err) ||
		kb_search_load(&f.search, &lib, source, &options, &diags, &err)) {
		fprintf(stderr, "%s\n", err.message);
		return 2;
	}
	f.query = (struct kb_search_query){
		.locale = kb_config_locale(lib->config, kb_str_of(locale)),
		.audience = kb_config_audience(lib->config, kb_str_of(audience)),
		.most = 10};
	each_line(find, &f);
	kb_search_free(f.search);
	kb_library_free(lib);
	kb_source_free(source);
	kb_diags_dispose(&diags);
	kb_arena_free(f.arena);
	return 0;
}

int main(int argc, char **argv)
{
	struct kb_stemmer *stemmer;

	if (argc == 5)
		return find_all(argv[1], argv[3], argv[4]);
	if (argc != 4)
		return 2;
	stemmer = kb_stemmer_new(kb_str_of(argv[3]));
	each_line(keys_of, stemmer);
	kb_stemmer_free(stemmer);
	return 0;
}

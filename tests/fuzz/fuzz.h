/*
 * What the fuzz targets share.
 *
 * A target is a file NAME.c with one function, FUZZ, which takes an input and an arena
 * that is freed after it. Crashes, overruns, leaks, undefined behavior, slow inputs and
 * large ones are found by the machinery; what else must hold for any input is said by
 * must(), which aborts. `make fuzz` links each target with libFuzzer; tests/fuzz/replay.c
 * links all of them into one program that runs the inputs that are kept.
 *
 * An input of several parts is text with lines of '%%%' between them, so that people can
 * read and write it.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kb/buf.h"
#include "kb/file.h"
#include "kb/library.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ                                                                             \
	static void fuzz(kb_str input, struct kb_arena *arena);                          \
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                     \
	{                                                                                \
		_cleanup_arena_ struct kb_arena *arena = kb_arena_new();                 \
		fuzz((kb_str){(const char *)data, size}, arena);                         \
		return 0;                                                                \
	}                                                                                \
	static void fuzz

#define must(holds, ...)                                                                 \
	do {                                                                             \
		if (!(holds)) {                                                          \
			fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #holds);      \
			fprintf(stderr, __VA_ARGS__);                                    \
			fputc('\n', stderr);                                             \
			abort();                                                         \
		}                                                                        \
	} while (0)

#define FUZZ_CONFIG                                                                      \
	"name: Help\n"                                                                   \
	"base_url: https://help.example\n"                                               \
	"locales: [{code: en}, {code: de}, {code: de-AT}]\n"                             \
	"audiences: [public, partners, agents]\n"                                        \
	"regions: {AT: Austria, DE: Germany}\n"                                          \
	"channels: {email: {name: Email}, sms: {name: SMS, max_segments: 2, plain: "     \
	"true}}\n"                                                                       \
	"variables: {shop: {phone: '+43 & <1>', url: https://shop.example}}\n"

/* The configuration that targets work under: the one above. */
__attribute__((unused)) static const struct kb_config *fuzz_config(void)
{
	static const struct kb_config *config;
	static struct kb_arena *arena;
	struct kb_diags diags;

	if (config)
		return config;
	arena = kb_arena_new();
	kb_diags_init(&diags, NULL);
	config = kb_config_parse(arena, KB_STR(FUZZ_CONFIG), KB_STR("kb.yaml"), &diags);
	must(config && !diags.len, "the targets' configuration is broken");
	kb_diags_dispose(&diags);
	return config;
}

/* Takes the part of the input before the next line '%%%' off REST. */
__attribute__((unused)) static kb_str fuzz_part(kb_str *rest)
{
	size_t at = kb_str_find(*rest, KB_STR("\n%%%\n"));
	kb_str part = kb_str_sub(*rest, 0, at);

	*rest = at == SIZE_MAX ? KB_STR("") : kb_str_sub(*rest, at + 5, rest->len);
	return part;
}

__attribute__((unused)) static void fuzz_range(kb_range range, kb_str file)
{
	must((size_t)range.off + range.len <= file.len,
		"%u + %u is behind the end of %zu bytes", range.off, range.len, file.len);
}

/* Findings of one FILE: they lie in it, say something, and have edits that can be made.
 */
__attribute__((unused)) static void fuzz_findings(
	const struct kb_diags *diags, kb_str file)
{
	for (size_t i = 0; i < diags->len; i++) {
		const struct kb_diag *diag = &diags->items[i];

		fuzz_range(diag->range, file);
		must(diag->message.len, "a finding has no message");
		for (uint32_t e = 0; e < diag->nedits; e++)
			fuzz_range(diag->edits[e].range, file);
	}
}

/* A folder of the process's own that holds FUZZ_CONFIG, until the end. */
static char fuzz_dir[256], fuzz_file[300];

__attribute__((unused)) static void fuzz_folder_remove(void)
{
	unlink(fuzz_file);
	rmdir(fuzz_dir);
}

__attribute__((unused)) static const char *fuzz_folder(void)
{
	const char *tmp = getenv("TMPDIR");

	if (*fuzz_dir)
		return fuzz_dir;
	snprintf(fuzz_dir, sizeof(fuzz_dir), "%s/kb-fuzz-XXXXXX", tmp ? tmp : "/tmp");
	must(mkdtemp(fuzz_dir), "no temporary folder");
	snprintf(fuzz_file, sizeof(fuzz_file), "%s/kb.yaml", fuzz_dir);
	kb_file_write(fuzz_file, KB_STR(FUZZ_CONFIG), NULL);
	atexit(fuzz_folder_remove);
	return fuzz_dir;
}

/* That folder with the files given: path, text, path, text, ..., NULL. */
__attribute__((unused)) static struct kb_source *fuzz_source(const kb_str *files)
{
	struct kb_source *source;
	struct kb_error err;

	if (kb_source_open(&source, fuzz_folder(), NULL, NULL, &err) < 0)
		must(false, "%s", err.message);
	for (; files[0].data; files += 2)
		kb_source_replace(source, files[0], files[1]);
	return source;
}

/* Loads it. That takes much longer than most of what is done with it then: where that
 * can be, do it once for all inputs. */
__attribute__((unused)) static struct kb_library *fuzz_library(struct kb_source *source)
{
	const struct kb_library_options options = {
		.threads = 1, .now = 1790000000, .no_store = true};
	struct kb_library *lib;
	struct kb_diags diags;
	struct kb_error err;

	kb_diags_init(&diags, NULL);
	if (kb_library_load(&lib, source, &options, &diags, &err) < 0)
		must(false, "%s", err.message);
	kb_diags_dispose(&diags);
	return lib;
}

#endif

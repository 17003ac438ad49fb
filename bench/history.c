/* Loads the history of the repository at argv[1], with argv[2] as kb.yaml. */
#include <stdio.h>

#include "kb/history.h"

int main(int argc, char **argv)
{
	struct kb_history *history;
	struct kb_source *source;
	struct kb_error err;

	if (argc != 3 || kb_source_open(&source, argv[1], NULL, argv[2], &err) < 0 ||
		kb_history_load(&history, source, &err) < 0) {
		fprintf(stderr, "history: %s\n", argc == 3 ? err.message : "usage");
		return 2;
	}
	kb_history_free(history);
	kb_source_free(source);
	return 0;
}

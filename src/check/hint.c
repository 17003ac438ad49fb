/* Hints that name what was meant. */
#include "family.h"

enum { GUESSES_MAX = 50 };

bool kb_check_may_guess(struct kb_checker *checker)
{
	return checker->guesses++ < GUESSES_MAX;
}

bool kb_check_hint_nearest(struct kb_checker *checker, struct kb_diag *diag,
	const char *fmt, kb_str word, const kb_str *names, size_t n)
{
	const kb_str *nearest = diag && kb_check_may_guess(checker)
					? kb_str_nearest(word, names, n)
					: NULL;

	if (!nearest)
		return false;
	kb_diag_hint(checker->diags, diag, fmt, KB_ARG(*nearest));
	/* For editors to offer, where the file has the word as it is. */
	if (diag->range.len == word.len && !diag->nedits) {
		kb_diag_edit(checker->diags, diag, diag->range, *nearest);
		diag->guess = true;
	}
	return true;
}

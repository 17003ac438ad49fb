/* Adds notes on what two versions have different, and the texts in them. */
#include "library.h"

struct kb_note *note_add(struct library_pair *l, enum kb_note_kind kind,
	enum kb_change_action action, enum kb_weight weight)
{
	struct kb_note *note = kb_vec_add(&l->notes);

	*note = (struct kb_note){.kind = (uint8_t)kind,
		.action = (uint8_t)action,
		.weight = (uint8_t)weight};
	return note;
}

bool notes_asked(const struct library_pair *l, kb_str path)
{
	return !l->options->selected || l->options->selected(l->options->ctx, path);
}

static bool has_value(const struct kb_l10n *list, const struct kb_l10n_value *value)
{
	for (uint32_t i = 0; i < list->n; i++)
		if (kb_str_eq(list->values[i].locale, value->locale) &&
			kb_str_eq(list->values[i].value, value->value))
			return true;
	return false;
}

kb_str notes_l10n_text(
	struct library_pair *l, const struct kb_l10n *value, const struct kb_l10n *other)
{
	_cleanup_buf_ kb_buf out = {0};

	for (uint32_t i = 0; i < value->n; i++) {
		if (other && has_value(other, &value->values[i]))
			continue;
		kb_buf_puts(&out, out.len ? ", " : "");
		if (value->values[i].locale.len)
			kb_buf_fmt(&out, "%.*s: ", KB_ARG(value->values[i].locale));
		kb_buf_str(&out, value->values[i].value);
	}
	return kb_arena_str(l->arena, kb_buf_view(&out));
}

void notes_tell_broken(
	struct library_pair *l, enum kb_note_kind kind, kb_str path, bool now)
{
	struct kb_note *note =
		note_add(l, kind, KB_CHANGE_CHANGED, KB_WEIGHT_SIGNIFICANT);

	note->path = path;
	note->text = now ? KB_STR("it cannot be read, so its changes are not known")
			 : KB_STR("it could not be read before, so its changes are not "
				  "known");
}

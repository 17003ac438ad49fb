#include "import.h"

#include <stdio.h>

#include "kb/unicode.h"

struct kb_import_file *import_file(struct kb_import *import)
{
	return &import->files.items[import->files.len - 1];
}

void import_fault(struct kb_import *import, size_t line, const char *fmt, ...)
{
	struct kb_import_file *file = import_file(import);
	va_list ap;

	if (file->faults++ >= KB_IMPORT_FAULTS)
		return;
	va_start(ap, fmt);
	kb_vec_push(&import->faults, ((struct kb_import_fault){file->name, line,
					     kb_arena_vfmt(import->arena, fmt, ap)}));
	va_end(ap);
}

int import_stopped(struct kb_import *import, size_t line, const struct kb_error *stop,
	bool again, struct kb_error *err)
{
	if (stop->code == KB_E_IO)
		return kb_error_set(err, KB_E_IO, "%s", stop->message);
	if (!again)
		import_fault(import, line, "%s", stop->message);
	return 0;
}

void import_note(struct kb_import *import, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	kb_vec_push(&import->notes, kb_arena_vfmt(import->arena, fmt, ap));
	va_end(ap);
}

struct month *import_month(struct kb_import *import, time_t time, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct import_state *state = import->state;
	kb_str timezone = import->lib->config->timezone, day;
	struct month *month;

	for (size_t i = 0; i < state->months.len; i++)
		if (time >= state->months.items[i]->from &&
			time < state->months.items[i]->to)
			return state->months.items[i];
	day = kb_day_format(scratch, timezone, time);
	month = kb_arena_new_of(import->arena, struct month);
	snprintf(month->name, sizeof(month->name), "%.7s", day.data);
	month->number = kb_month_number(timezone, time);
	month->from = kb_month_start(timezone, month->number);
	month->to = kb_month_start(timezone, month->number + 1);
	if (month_read(month, import->lib, state->reader, import->arena, err)) {
		month_dispose(month);
		return NULL;
	}
	kb_vec_push(&state->months, month);
	return month;
}

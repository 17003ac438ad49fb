/*
 * Access logs: a line is a request with a status of three digits, or it says why it is
 * not. The first line is the format.
 */
#include "fuzz.h"

#include "usage/filter.h"

FUZZ(kb_str input, struct kb_arena *arena)
{
	struct log_reader reader;
	struct filter filter;
	kb_str line, rest = input;
	enum kb_log_format format = KB_LOG_AUTO;

	if (kb_str_line(&rest, &line))
		format = log_format_of(line);
	if (format == KB_LOG_AUTO)
		return;
	log_reader_init(&reader, format);
	filter_init(&filter);
	while (kb_str_line(&input, &line)) {
		struct log_request request;
		const char *fault;
		enum log_result result = log_read(&reader, line, &request, &fault);

		must(result != LOG_BAD || fault, "no fault is named");
		if (result != LOG_REQUEST)
			continue;
		must(request.status < 1000, "status %u", request.status);
		filter_visit(&filter, &request);
		request_value(&request, "query", arena);
	}
	filter_dispose(&filter);
	log_reader_dispose(&reader);
}

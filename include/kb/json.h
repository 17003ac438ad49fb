/*
 * Writing JSON (RFC 8259). Keys come in the order in which they are written;
 * commas and indentation are the writer's business. Invalid UTF-8 becomes U+FFFD;
 * control characters are written as escapes, so that the text does nothing to a terminal.
 */
#ifndef KB_JSON_H
#define KB_JSON_H

#include "kb/buf.h"

struct kb_json {
	kb_buf *out;
	unsigned depth;
	bool pretty; /* two spaces a level; else no white space */
	bool comma;  /* one is due before the next item */
	bool after_key;
	bool in_script; /* it becomes the text of a <script>, which a '<' could end */
};

void kb_json_init(struct kb_json *json, kb_buf *out, bool pretty);
void kb_json_object(struct kb_json *json);
void kb_json_object_end(struct kb_json *json);
void kb_json_array(struct kb_json *json);
void kb_json_array_end(struct kb_json *json);
void kb_json_key(struct kb_json *json, const char *key);
void kb_json_key_str(struct kb_json *json, kb_str key);
void kb_json_str(struct kb_json *json, kb_str value);
void kb_json_int(struct kb_json *json, long long value);
/* A number from 0 on (up to a billion), to three places. */
void kb_json_number(struct kb_json *json, double value);
void kb_json_bool(struct kb_json *json, bool value);
/* A key with a string. */
void kb_json_pair(struct kb_json *json, const char *key, kb_str value);

#endif

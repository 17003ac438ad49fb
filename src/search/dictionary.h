/*
 * A dictionary: the words of one locale, each with the documents that have it.
 *
 * It is a run of bytes that is read without copying, in memory, in a file or out of a
 * response, and each part of which is found by offsets from its beginning (little
 * endian, 32 bits):
 *
 *	number of words, number of keys
 *	where each word stands, sorted by how it is folded, then as written; and the end
 *	where each key stands, sorted by bytes; and the end
 *	words: as written, folded (empty when the same), numbers of its keys, postings
 *	keys: the key, the words that have it (each as the distance from the one before)
 *
 * Texts are preceded by their length; numbers are LEB128 (seven bits a byte, the lowest
 * first). A posting is the distance to its document from the one before, the audience
 * times 64 with a bit for each field that has the word, and a byte for each such
 * field: how often. Whatever the bytes are, reading stays within them.
 */
#ifndef KB_SEARCH_DICTIONARY_H
#define KB_SEARCH_DICTIONARY_H

#include "kb/buf.h"
#include "kb/token.h"

enum field { TITLE, QUESTION, KEYWORDS, HEADINGS, SUMMARY, BODY, NFIELDS };

struct dict {
	kb_str bytes;
	uint32_t nwords, nkeys;
};

struct dict_word {
	kb_str lower, fold;
	kb_str keys[2];
	uint32_t nkeys;
	kb_str postings;
};

struct posting {
	uint32_t doc;
	uint8_t audience;
	uint8_t count[NFIELDS];
};

/* BYTES are borrowed. False: they are not a dictionary. */
bool dict_open(struct dict *dict, kb_str bytes);
/* The I-th word; false where the bytes are damaged. */
bool dict_word(const struct dict *dict, uint32_t i, struct dict_word *out);
/* The first word that is folded to FOLD, or would come after it. */
uint32_t dict_from(const struct dict *dict, kb_str fold);

/* The I-th key; false past the last. */
bool dict_key(const struct dict *dict, uint32_t i, kb_str *key);

/* The words that have a key. */
struct dict_cursor {
	kb_str rest;
	uint32_t left, word;
};
bool dict_find(const struct dict *dict, kb_str key, struct dict_cursor *out);
bool dict_next(struct dict_cursor *cursor, uint32_t *word);

/* Takes a posting off REST; *OUT has the DOC of the one before, which begins as {0}. */
bool posting_next(kb_str *rest, struct posting *out);

/* A number, and a text with its length. */
void put_number(kb_buf *out, uint64_t n);
bool take_number(kb_str *rest, uint64_t *n);
void put_text(kb_buf *out, kb_str s);
bool take_text(kb_str *rest, kb_str *s);

/* Encodes postings, by document. */
struct posting_writer {
	kb_buf *out;
	uint32_t before;
};
void posting_put(struct posting_writer *w, const struct posting *p);

/* Writes a dictionary of words that are sorted as it sorts them. */
int dict_order(const struct dict_word *a, const struct dict_word *b);
void dict_write(kb_buf *out, const struct dict_word *words, size_t n);
/* One of several, in which document D of the I-th has the number docs[i][d]; KB_GONE: it
 * is left out, and so are words that nothing has. The numbers of documents grow in each
 * list. */
#define KB_GONE UINT32_MAX
struct dict_part {
	struct dict dict;
	const uint32_t *docs;
	uint32_t ndocs;
};
/* merge.c */
void dict_merge(kb_buf *out, const struct dict_part *parts, size_t n, unsigned threads);

#endif

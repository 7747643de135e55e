/* What goes over the socket between a presentation and its notes. Pure.
 *
 * The presentation sends messages, each the whole state: a line "lockstep-present 1", lines "word
 * value" in any order, a line ".". In texts a newline is "\n" and a backslash "\\". Words that are
 * not known are passed over, so later ones may say more. The notes send requests, a word a line. */
#ifndef LOCKSTEP_PRESENT_WIRE_H
#define LOCKSTEP_PRESENT_WIRE_H

#include "base.h"

enum { WIRE_VERSION = 1, WIRE_MOST = 1 << 16, WIRE_REQUEST_MOST = 32 };

/* Texts are never NULL once wire_init was called; owned. */
struct wire_state {
#define WIRE_NUMBER(field, word) int64_t field;
#include "present_wire.def"
#define WIRE_TEXT(field, word) char *field;
#include "present_wire.def"
};
/* slide, of: number and count of slides; began_ms: of the monotonic clock of this machine, 0 not
 * yet; minutes: of the whole plan; from_minute, until_minute: of this entry in the plan; counting:
 * the choice whose hands are counted, from 1, 0 none; elsewhere: 1 another screen is on top, 2 a
 * live run, from which on goes on; hands: "3 12 5". */

void wire_init(struct wire_state *s);
void wire_fini(struct wire_state *s);
void wire_set(char **text, const char *value);
/* Append a message; texts are cut so that it stays below WIRE_MOST. */
void wire_write(const struct wire_state *s, struct buf *out);
/* Take the first whole message of *in and replace *s by it. 1; 0: no whole message there yet;
 * -ERR_NEWER another version, -ERR_DATA no message at all: *in is then useless. Fuzzed. */
int wire_read(struct buf *in, struct wire_state *s, struct err *e);
/* The key a request stands for; 0 if it is none. line: n bytes without the newline. */
int wire_request(const char *line, size_t n);
/* The word of a key; NULL if it must not be sent. */
const char *wire_word(int key);

#endif

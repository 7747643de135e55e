/* Text appended into a caller's buffer of fixed size. What does not fit is dropped and remembered,
 * so that writers never check lengths themselves. No allocation. */
#ifndef LOCKSTEP_SYMBOLS_TEXT_H
#define LOCKSTEP_SYMBOLS_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct text {
    char *p; /* NUL-terminated after every call, when cap > 0 */
    size_t cap, len;
    int cut; /* something did not fit */
};

/* Start an empty text in out[0..n). n may be 0. */
void sym_text_init(struct text *t, char *out, size_t n);
void sym_text_c(struct text *t, char c);
void sym_text_s(struct text *t, const char *s);
void sym_text_n(struct text *t, const char *s, size_t n);
void sym_text_u(struct text *t, uint64_t v);
void sym_text_i(struct text *t, int64_t v);
/* "0x1f" */
void sym_text_hex(struct text *t, uint64_t v);
/* One byte of a C string or character as it would be written in C; `quote` is escaped too. */
void sym_text_escaped(struct text *t, unsigned char c, char quote);
/* If the text was cut, let it end in "...". */
void sym_text_ellipsis(struct text *t);

#endif

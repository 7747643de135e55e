/* Building styled text from what md4c reports, and checking that bytes are text at all. */
#ifndef LOCKSTEP_TEXT_H
#define LOCKSTEP_TEXT_H

#include "pool.h"
#include "lesson.h"

#include <md4c.h>

/* Zero-initialised is empty. */
struct text_builder {
    struct pool *mem;
    struct buf bytes;
    struct lesson_run *runs;
    size_t nruns;
    int emphasis, strong, code; /* depth of open spans */
};
void text_begin(struct text_builder *b, struct pool *mem);
void text_fini(struct text_builder *b);

/* Open or close a span, add a stretch, as md4c's callbacks have them. 0, or -ERR_DATA with *what
 * (a static sentence) on something a lesson cannot hold: a link, an image, an unknown entity. */
int text_span(struct text_builder *b, MD_SPANTYPE type, int enter, const char **what);
int text_chunk(struct text_builder *b, MD_TEXTTYPE type, const char *s, size_t n,
               const char **what);
/* The text so far, moved into the pool; the builder is empty again. */
struct lesson_text text_take(struct text_builder *b);

/* Parse one line of inline Markdown. As text_chunk for errors. */
int text_inline(struct pool *mem, const char *s, size_t n, struct lesson_text *out,
                const char **what);

/* Offset of the first byte that must not stand in a lesson, with *what saying why; n if none.
 * Refused: invalid UTF-8, control characters but newline and tab, characters that turn the
 * direction of writing or are invisible (they could make a program look like another). */
size_t text_check(const char *s, size_t n, const char **what);

#endif

/* What the files of engine/litmus*.c share: reading a file word by word. */
#ifndef LOCKSTEP_LITMUS_PRIVATE_H
#define LOCKSTEP_LITMUS_PRIVATE_H

#include "litmus.h"
#include "program.h"

enum word_kind { WORD_END, WORD_NAME, WORD_NUMBER, WORD_SIGN };
struct word {
    int kind;
    const char *s;
    size_t n;
    int line;
};

struct reader {
    const char *file, *text, *end, *at;
    int line;
    int c_only; /* in C text "(*" begins no comment */
    struct err *e;
};

/* The next word, without or with going past it. */
struct word read_peek(struct reader *r);
struct word read_word(struct reader *r);
/* Go past the next word if it is this sign or name. */
int read_accept(struct reader *r, const char *sign);
/* "FILE:LINE: ..." in *r->e; -ERR_DATA. */
int read_fail(const struct reader *r, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same: `what` was expected before this word. */
int read_unexpected(const struct reader *r, const struct word *w, const char *what);
int word_is(const struct word *w, const char *s);
char *word_dup(const struct word *w);
/* -ERR_DATA when it is none that fits into 64 bits. */
int word_number(const struct reader *r, const struct word *w, int64_t *out);

/* The variable of that name, made if need be; -ERR_DATA when there are too many. */
int litmus_global(struct litmus *l, struct reader *r, const char *name, int line);
int litmus_find_global(const struct litmus *l, const char *name);

/* From "{" to its "}": what a thread does. */
int litmus_read_body(struct litmus *l, struct litmus_thread *t, struct reader *r);
int litmus_local(struct litmus_thread *t, const char *name);
/* An integer local that nobody declared; -1 when there are too many. */
int litmus_add_local(struct litmus_thread *t, const char *name, size_t n, const char *type);
/* Does the body use this name? */
int litmus_body_has(const struct litmus_thread *t, const char *name);

/* locations, filter, and the clause. */
int litmus_read_condition(struct litmus *l, struct reader *r);
void litmus_prop_free(struct litmus_prop *p);

/* Compile what litmus_make makes of it. Blocks. As program_build. */
int litmus_build(struct program **p, const struct litmus *l, enum litmus_program kind, int optimise,
                 struct err *e);
/* Run it on r->processors: counts, seconds, stopped. Blocks. -ERR_TARGET_GONE when it
 * does not start, -ERR_DATA when no run came to its end. */
int litmus_run_free(const struct litmus *l, const struct litmus_options *o, struct litmus_result *r,
                    struct err *e);

#endif

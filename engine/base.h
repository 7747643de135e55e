/* What every part of lockstep shares: error codes, the caller's error buffer, checked memory.
 *
 * Functions return 0 or a positive count on success and -ERR_* on failure. What a user may see
 * also fills a `struct err` that the caller owns; passing NULL is allowed everywhere. */
#ifndef LOCKSTEP_BASE_H
#define LOCKSTEP_BASE_H

#include <libintl.h> /* ngettext, for what comes in numbers */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Texts that people read. _("...") is the translation, for use where the text is shown; N_("...")
 * marks a text in a table, which is shown through _(table[i].text). Whole sentences: a translator
 * needs them, and other languages have another order (use %1$s … where a format has several).
 * err_set, base_fatal and say (engine/explain_private.h) translate their formats themselves. */
#define _(text)  translated(text)
#define N_(text) text
/* A text that has several translations: context, in English, says which is meant. */
#define C_(context, text) translated_in(context "\004" text, text)
/* The translation of a text, or the text itself; "" stays "". Never NULL; valid for good. */
const char *translated(const char *text) __attribute__((format_arg(1)));
const char *translated_in(const char *key, const char *text) __attribute__((format_arg(2)));

enum err_code {
    ERR_NONE,
#define ERR(name, exit_status, text) ERR_##name,
#include "err.def"
#undef ERR
    ERR_COUNT
};

/* An error as the user reads it: what was wrong, where, what to do next. One line, no newline at
 * the end, except that a compiler's message may follow in further lines. */
struct err {
    int code; /* enum err_code, positive */
    char message[2048];
};

/* Fill *e (may be NULL) and return -code, so that `return err_set(e, ERR_OPEN, ...)` reads well.
 * The message is the translation of format. */
int err_set(struct err *e, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The fixed text of a code, translated; never NULL. `code` may be positive or negative. */
const char *err_text(int code);
/* The exit status documented for a code; `code` may be positive or negative; 0 for ERR_NONE. */
int err_exit_status(int code);

/* Memory that cannot fail: on exhaustion the program ends with status 70 through base_fatal. */
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Print the message to standard error and end with status 70, after base_at_fatal's function
 * (the interface restores the terminal there). */
_Noreturn void base_fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));
void base_at_fatal(void (*restore)(void));

/* The monotonic clock. */
int64_t base_now_ns(void);
double base_now_s(void);

/* A growing byte string. Zero-initialised is empty. */
struct buf {
    char *data; /* NUL-terminated whenever non-NULL */
    size_t len, cap;
};
void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_fini(struct buf *b);
/* What it holds, "" when it is empty; valid until it is changed. */
const char *buf_text(const struct buf *b);

/* Append s[0..n) as a JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD. */
void buf_json(struct buf *b, const char *s, size_t n);
/* Append a path as people write it: below the home folder it begins with "~". */
void buf_path(struct buf *b, const char *path);
/* Append s[0..n) with control characters (newline and tab too) as \n, \t, \x1b…: safe to show. */
void buf_visible(struct buf *b, const char *s, size_t n);

#endif

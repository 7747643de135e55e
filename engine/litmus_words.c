#include "litmus_private.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int read_fail(const struct reader *r, int line, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return err_set(r->e, ERR_DATA, "%s:%d: %s", r->file, line, text);
}

int read_unexpected(const struct reader *r, const struct word *w, const char *what)
{
    struct buf b = {0};
    buf_visible(&b, w->s, w->n > 40 ? 40 : w->n);
    int rc = w->kind == WORD_END
                 ? read_fail(r, w->line, "the file ends here; expected %s", what)
                 : read_fail(r, w->line, "'%s' is not expected here; expected %s", b.data, what);
    buf_fini(&b);
    return rc;
}

int word_is(const struct word *w, const char *s)
{
    return w->kind != WORD_END && strlen(s) == w->n && memcmp(w->s, s, w->n) == 0;
}

char *word_dup(const struct word *w)
{
    return xasprintf("%.*s", (int)w->n, w->s);
}

/* ---- blanks and comments ---- */
static int looks_at(const struct reader *r, const char *s)
{
    size_t n = strlen(s);
    return (size_t)(r->end - r->at) >= n && memcmp(r->at, s, n) == 0;
}

static void step(struct reader *r)
{
    r->line += *r->at == '\n';
    r->at++;
}

static void skip_line(struct reader *r)
{
    while (r->at < r->end && *r->at != '\n')
        r->at++;
}

/* Comments in (* *) may hold others. One that does not end ends with the file. */
static void skip_comment(struct reader *r, const char *open, const char *close)
{
    int depth = 0;
    do {
        if (looks_at(r, close)) {
            depth--;
            r->at += 2;
        } else if (looks_at(r, open) && (depth == 0 || *open == '(')) {
            depth++;
            r->at += 2;
        } else
            step(r);
    } while (depth && r->at < r->end);
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end) {
        if (isspace((unsigned char)*r->at))
            step(r);
        else if (looks_at(r, "//"))
            skip_line(r);
        else if (looks_at(r, "/*"))
            skip_comment(r, "/*", "*/");
        else if (!r->c_only && looks_at(r, "(*"))
            skip_comment(r, "(*", "*)");
        else
            return;
    }
}

/* ---- words ---- */
static int in_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static size_t sign_length(const struct reader *r)
{
    static const char *const two[] = {"/\\", "\\/", "=>", "==", "!=", "<>", "&&", "||"};
    for (size_t i = 0; i < sizeof two / sizeof *two; i++)
        if (looks_at(r, two[i]))
            return 2;
    return 1;
}

struct word read_word(struct reader *r)
{
    skip_blanks(r);
    struct word w = {WORD_END, r->at, 0, r->line};
    if (r->at == r->end)
        return w;
    const char *p = r->at;
    int sign = *p == '-' && r->end - p > 1 && isdigit((unsigned char)p[1]);
    if (sign || in_name(*p)) {
        w.kind = sign || isdigit((unsigned char)*p) ? WORD_NUMBER : WORD_NAME;
        for (p++; p < r->end && in_name(*p); p++)
            ;
    } else {
        w.kind = WORD_SIGN;
        p += sign_length(r);
    }
    w.n = (size_t)(p - r->at);
    r->at = p;
    return w;
}

struct word read_peek(struct reader *r)
{
    struct reader copy = *r;
    return read_word(&copy);
}

int read_accept(struct reader *r, const char *sign)
{
    struct reader copy = *r;
    struct word w = read_word(&copy);
    if (!word_is(&w, sign))
        return 0;
    *r = copy;
    return 1;
}

int word_number(const struct reader *r, const struct word *w, int64_t *out)
{
    char digits[32], *end = digits;
    if (w->kind == WORD_NUMBER && w->n < sizeof digits) {
        memcpy(digits, w->s, w->n);
        digits[w->n] = '\0';
        errno = 0;
        *out = strtoll(digits, &end, 0);
        end += strspn(end, "uUlL");
        if (end != digits && !*end && !errno)
            return 0;
    }
    return read_unexpected(r, w, "a number of at most 64 bits");
}

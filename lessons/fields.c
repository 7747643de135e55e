/* `key: value` lines: splitting them, applying a table of rules, reading values. */
#include "claim.h"
#include "path.h"
#include "reader.h"
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int reader_fail(struct reader *r, int line, const char *format, ...)
{
    if (r->failed)
        return -ERR_DATA;
    r->failed = 1;
    char message[1024];
    va_list ap;
    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    return err_set(r->e, ERR_DATA, "%s:%d: %s", r->name, line, message);
}

int reader_line(const struct reader *r, const char *p)
{
    if (p < r->src || p > r->src + r->nsrc)
        return 0;
    size_t offset = (size_t)(p - r->src), low = 0, high = r->nlines;
    while (high - low > 1) { /* line_start[low] <= offset < line_start[high] */
        size_t mid = low + (high - low) / 2;
        if (r->line_start[mid] <= offset)
            low = mid;
        else
            high = mid;
    }
    return (int)low + 1;
}

/* -------- splitting -------- */

static size_t trim(const char **s, size_t n)
{
    while (n && isspace((unsigned char)**s))
        ++*s, n--;
    while (n && isspace((unsigned char)(*s)[n - 1]))
        n--;
    return n;
}

static int field_start(struct reader *r, const char *s, size_t n, int line, struct field **fields,
                       size_t *nfields)
{
    const char *colon = memchr(s, ':', n), *key = s;
    size_t nkey = trim(&key, colon ? (size_t)(colon - s) : n);
    const char *value = colon ? colon + 1 : s + n;
    size_t nvalue = trim(&value, (size_t)(s + n - value));
    if (nkey == 0)
        return reader_fail(r, line, "a line without a key; write `key: value`");
    struct field *f = pool_push(r->mem, fields, nfields, sizeof *f);
    *f = (struct field){.key = pool_strndup(r->mem, key, nkey),
                        .value = pool_strndup(r->mem, value, nvalue),
                        .line = line};
    return 0;
}

/* The lines of one value are collected in *more and joined when the value is over, so that a long
 * value costs one copy. */
static void field_close(struct reader *r, struct field *fields, size_t nfields, struct buf *more)
{
    if (more->len)
        fields[nfields - 1].value = pool_strndup(r->mem, more->data, more->len);
    more->len = 0;
}

static void field_continue(const struct field *last, struct buf *more, const char *s, size_t n)
{
    n = trim(&s, n);
    if (!more->len)
        buf_puts(more, last->value);
    if (more->len)
        buf_puts(more, " ");
    buf_add(more, s, n);
}

int fields_split(struct reader *r, const char *s, size_t n, int line, struct field **out,
                 size_t *nout)
{
    struct field *fields = NULL;
    size_t nfields = 0;
    struct buf more = {0};
    int rc = 0;
    for (const char *end = s + n; s < end && !rc; line++) {
        const char *newline = memchr(s, '\n', (size_t)(end - s));
        size_t len = (size_t)((newline ? newline : end) - s);
        const char *words = s;
        if (trim(&words, len) == 0) {
            ; /* an empty line */
        } else if (words == s) {
            field_close(r, fields, nfields, &more);
            rc = field_start(r, s, len, line, &fields, &nfields);
        } else if (nfields) {
            field_continue(&fields[nfields - 1], &more, s, len);
        } else {
            rc = reader_fail(r, line, "a line that goes on with nothing; begin it with `key:`");
        }
        s += len + (newline != NULL);
    }
    if (!rc)
        field_close(r, fields, nfields, &more);
    buf_fini(&more);
    *out = fields;
    *nout = nfields;
    return rc;
}

/* -------- applying -------- */

static const struct field_rule *rule_find(const struct field_rule *rules, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(rules[i].key, key))
            return &rules[i];
    return NULL;
}

static int unknown_key(struct reader *r, const char *word, const struct field *f,
                       const struct field_rule *rules, size_t nrules)
{
    struct buf known = {0};
    for (size_t i = 0; i < nrules; i++)
        buf_printf(&known, "%s%s", i ? ", " : "", rules[i].key);
    reader_fail(r, f->line, "%s has no key \"%.60s\"; the keys are %s", word, f->key, known.data);
    buf_fini(&known);
    return -ERR_DATA;
}

int fields_apply(struct reader *r, void *block, const char *block_word, int line,
                 const struct field_rule *rules, size_t nrules, const struct field *fields,
                 size_t nfields)
{
    int count[32] = {0}; /* by rule */
    for (size_t i = 0; i < nfields; i++) {
        const struct field *f = &fields[i];
        const struct field_rule *rule = rule_find(rules, nrules, f->key);
        if (!rule)
            return unknown_key(r, block_word, f, rules, nrules);
        if (++count[rule - rules] > rule->most)
            return reader_fail(r, f->line, "%s has \"%s\" more than %d time%s", block_word, f->key,
                               rule->most, rule->most == 1 ? "" : "s");
        if (rule->set(r, block, f) != 0)
            return -ERR_DATA;
    }
    for (size_t i = 0; i < nrules; i++)
        if (count[i] < rules[i].least)
            return reader_fail(r, line, "%s needs \"%s\" %d time%s; it is there %d time%s",
                               block_word, rules[i].key, rules[i].least,
                               rules[i].least == 1 ? "" : "s", count[i], count[i] == 1 ? "" : "s");
    return 0;
}

/* -------- values -------- */

static int need_value(struct reader *r, const struct field *f)
{
    return *f->value ? 0 : reader_fail(r, f->line, "\"%s\" needs a value", f->key);
}

int value_text(struct reader *r, const struct field *f, struct lesson_text *out)
{
    const char *what = "";
    if (need_value(r, f) != 0)
        return -ERR_DATA;
    if (text_inline(r->mem, f->value, strlen(f->value), out, &what) != 0)
        return reader_fail(r, f->line, "\"%s\" holds %s", f->key, what);
    return 0;
}

int value_number(struct reader *r, const struct field *f, long least, long most, long *out)
{
    char *end;
    errno = 0;
    long n = strtol(f->value, &end, 10);
    if (end == f->value || *end || errno || n < least || n > most)
        return reader_fail(r, f->line, "\"%s\" wants a number from %ld to %ld, not \"%.40s\"",
                           f->key, least, most, f->value);
    *out = n;
    return 0;
}

/* A file name that cannot leave the lesson's folder. */
static int is_plain_name(const char *s)
{
    size_t n = strlen(s);
    if (n < 3 || n > 100 || s[0] == '.' || s[0] == '-' || strcmp(s + n - 2, ".c") != 0)
        return 0;
    for (; *s; s++)
        if (!isalnum((unsigned char)*s) && !strchr("._-", *s))
            return 0;
    return 1;
}

int value_file(struct reader *r, const struct field *f, const char **out)
{
    if (!is_plain_name(f->value))
        return reader_fail(r, f->line,
                           "\"%.60s\" is no program; name a C file of this folder, like counter.c",
                           f->value);
    *out = pool_strdup(r->mem, f->value);
    struct file_ref *ref = pool_push(r->mem, &r->refs, &r->nrefs, sizeof *ref);
    *ref = (struct file_ref){.file = *out, .line = f->line};
    return 0;
}

int value_path(struct reader *r, const struct field *f, struct lesson_path *out)
{
    struct err e;
    if (path_parse(r->mem, out, f->value, &e) != 0)
        return reader_fail(r, f->line, "%s", e.message);
    out->line = f->line;
    return 0;
}

int value_string(struct reader *r, const struct field *f, struct claim_string *out)
{
    struct err e;
    const char *s = f->value;
    if (string_parse(r->mem, &s, out, &e) != 0)
        return reader_fail(r, f->line, "%s", e.message);
    return *s ? reader_fail(r, f->line, "too much after the string: %.40s", s) : 0;
}

int value_claim(struct reader *r, const struct field *f, const char *program, struct claim *out)
{
    struct err e;
    if (!*program)
        return reader_fail(r, f->line,
                           "a claim needs a program; name it after the word of the block");
    if (claim_parse(r->mem, out, f->value, &e) != 0)
        return reader_fail(r, f->line, "%s", e.message);
    out->line = f->line;
    out->program = pool_strdup(r->mem, program);
    return 0;
}

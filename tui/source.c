#include "source.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 4 << 20, TAB = 4 };

static const char *const words[] = {
    "break",  "case",    "continue", "default",  "do",     "else",     "enum",   "extern",
    "for",    "goto",    "if",       "inline",   "return", "sizeof",   "static", "struct",
    "switch", "typedef", "union",    "volatile", "while",  "register", "NULL",   "restrict",
};
static const char *const types[] = {
    "bool",   "char",    "const",    "double",    "float",   "int",           "long",
    "short",  "signed",  "unsigned", "void",      "_Atomic", "_Bool",         "FILE",
    "size_t", "ssize_t", "intptr_t", "uintptr_t", "pid_t",   "_Thread_local",
};

/* What stands at s[i..n): its style; *end is where it ends. */
static int in_table(const char *const *table, size_t n, const char *s, size_t len)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(table[i]) == len && !memcmp(table[i], s, len))
            return 1;
    return 0;
}

static unsigned word_style(const char *s, size_t len)
{
    if (in_table(words, sizeof words / sizeof *words, s, len))
        return ROLE_CODE_WORD;
    if (in_table(types, sizeof types / sizeof *types, s, len))
        return ROLE_CODE_TYPE;
    if (len > 2 && !memcmp(s + len - 2, "_t", 2))
        return ROLE_CODE_TYPE;
    return ROLE_CODE;
}

static size_t quoted_end(const char *s, size_t n, size_t i)
{
    char quote = s[i++];
    while (i < n && s[i] != quote)
        i += s[i] == '\\' ? 2 : 1;
    return i < n ? i + 1 : n;
}

static size_t comment_end(const char *s, size_t n, size_t i, int *in_comment)
{
    for (; i + 1 < n; i++)
        if (s[i] == '*' && s[i + 1] == '/') {
            *in_comment = 0;
            return i + 2;
        }
    *in_comment = 1;
    return n;
}

/* The next piece of a line: its style; *end is where it ends. */
static unsigned piece(const char *s, size_t n, size_t i, int *in_comment, size_t *end)
{
    if (*in_comment) {
        *end = comment_end(s, n, i, in_comment);
        return ROLE_CODE_COMMENT;
    }
    if (s[i] == '/' && i + 1 < n && s[i + 1] == '/') {
        *end = n;
        return ROLE_CODE_COMMENT;
    }
    if (s[i] == '/' && i + 1 < n && s[i + 1] == '*') {
        *end = comment_end(s, n, i + 2, in_comment);
        return ROLE_CODE_COMMENT;
    }
    if (s[i] == '"' || s[i] == '\'') {
        *end = quoted_end(s, n, i);
        return ROLE_CODE_STRING;
    }
    size_t j = i;
    while (j < n && (isalnum((unsigned char)s[j]) || s[j] == '_'))
        j++;
    if (j > i) {
        *end = j;
        return word_style(s + i, j - i);
    }
    *end = i + 1;
    while (*end < n && ((unsigned char)s[*end] & 0xc0) == 0x80)
        ++*end;
    return s[i] == '#' ? ROLE_CODE_WORD : ROLE_CODE;
}

static size_t line_bytes(const struct source *s, int i)
{
    size_t n = s->line[i + 1] - s->line[i];
    while (n && (s->text[s->line[i] + n - 1] == '\n' || s->text[s->line[i] + n - 1] == '\r'))
        n--;
    return n;
}

static void find_lines(struct source *s, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += s->text[i] == '\n';
    s->line = xcalloc(count + 2, sizeof *s->line);
    s->in_comment = xcalloc(count + 2, 1);
    for (size_t i = 0; i < n; i++)
        if (s->text[i] == '\n')
            s->line[++s->nlines] = i + 1;
    if (s->line[s->nlines] < n)
        s->line[++s->nlines] = n;
    int in_comment = 0;
    for (int i = 0; i < s->nlines; i++) {
        s->in_comment[i] = (uint8_t)in_comment;
        size_t bytes = line_bytes(s, i);
        for (size_t at = 0, end; at < bytes; at = end)
            piece(s->text + s->line[i], bytes, at, &in_comment, &end);
    }
}

void source_set(struct source *s, const char *path, const char *text, size_t n)
{
    memset(s, 0, sizeof *s);
    s->path = xstrdup(path);
    s->text = xcalloc(n + 1, 1);
    if (n)
        memcpy(s->text, text, n);
    find_lines(s, n);
}

void source_read(struct source *s, const char *path)
{
    memset(s, 0, sizeof *s);
    FILE *f = *path ? fopen(path, "re") : NULL;
    if (!f) {
        s->path = xstrdup(path);
        return;
    }
    char *text = xcalloc(MAX_BYTES, 1);
    size_t n = fread(text, 1, MAX_BYTES, f);
    fclose(f);
    source_set(s, path, text, n);
    free(text);
}

void source_fini(struct source *s)
{
    free(s->path);
    free(s->text);
    free(s->line);
    free(s->in_comment);
    memset(s, 0, sizeof *s);
}

void source_draw(const struct source *s, int number, struct canvas *c, int x, int y, int skip,
                 int width)
{
    if (number < 1 || number > s->nlines || width < 1)
        return;
    const char *text = s->text + s->line[number - 1];
    size_t n = line_bytes(s, number - 1);
    int in_comment = s->in_comment[number - 1], col = 0;
    struct rect before = c->clip;
    int right = before.x + before.w < x + width ? before.x + before.w : x + width;
    canvas_clip(c, (struct rect){x, y, right - x, 1});
    for (size_t i = 0, end; i < n; i = end) {
        unsigned style = piece(text, n, i, &in_comment, &end);
        while (i < end) {
            wchar_t ch;
            i += utf8_next(text + i, end - i, &ch);
            if (ch == '\t')
                col += TAB - col % TAB;
            else
                col += canvas_put(c, x + col - skip, y, style, ch);
        }
    }
    if (col - skip > width)
        canvas_put(c, x + width - 1, y, ROLE_DIM, L'…');
    c->clip = before;
}

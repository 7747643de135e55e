#include "claim.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum shape { NONE, STRINGS, FINDING_SHAPE, NUMBER, NUMBERS, LEAST };
/* claim.def says FINDING where a kind of finding follows */
#define FINDING FINDING_SHAPE

static const struct {
    const char *word;
    enum shape shape;
} kinds[CLAIM_COUNT] = {
#define CLAIM(id, word, shape) [CLAIM_##id] = {word, shape},
#include "claim.def"
#undef CLAIM
};
#undef FINDING

static const char *const finding_words[FIND_COUNT] = {
#define FINDING(id, word, text) [FIND_##id] = word,
#include "finding.def"
#undef FINDING
};

const char *claim_word(int kind)
{
    return kind >= 0 && kind < CLAIM_COUNT ? kinds[kind].word : "?";
}

int finding_parse(const char *word)
{
    for (int i = 0; i < FIND_COUNT; i++)
        if (!strcmp(finding_words[i], word))
            return i;
    return -1;
}

/* -------- the small pieces -------- */

static const char *skip(const char *s)
{
    return s + strspn(s, " \t");
}

/* One escape after the backslash; *s moves past it. -1 if it is none. */
static int escape(const char **s)
{
    static const char letters[] = "ntrab0\"\\'", bytes[] = "\n\t\r\a\b\0\"\\'";
    char c = *(*s)++;
    const char *at = c ? strchr(letters, c) : NULL;
    if (at)
        return (unsigned char)bytes[at - letters];
    if (c != 'x' || !isxdigit((unsigned char)(*s)[0]) || !isxdigit((unsigned char)(*s)[1]))
        return -1;
    char hex[3] = {(*s)[0], (*s)[1], 0};
    *s += 2;
    return (int)strtol(hex, NULL, 16);
}

int string_parse(struct pool *mem, const char **s, struct claim_string *out, struct err *e)
{
    struct buf b = {0};
    const char *p = *s;
    int bad = *p++ != '"';
    while (!bad && *p && *p != '"') {
        int c = (unsigned char)*p++;
        if (c == '\\')
            c = escape(&p);
        bad = c < 0;
        if (!bad)
            buf_add(&b, &(char){(char)c}, 1);
    }
    bad = bad || *p != '"';
    if (!bad)
        *out = (struct claim_string){.bytes = pool_strndup(mem, b.data, b.len), .n = b.len};
    buf_fini(&b);
    if (bad)
        return err_set(e, ERR_DATA, "not a string: %.40s; write it as in C: \"2\\n\"", *s);
    *s = p + 1;
    return 0;
}

/* A number at *s that ends at a blank or the end; *s moves past it. */
static int number(const char **s, long *out, struct err *e)
{
    char *end;
    errno = 0;
    *out = strtol(*s, &end, 10);
    if (end == *s || errno || *out < 0 || *out > 1000000000 ||
        (*end && !isspace((unsigned char)*end)))
        return err_set(e, ERR_DATA, "not a number from 0 to 1000000000: %.40s", *s);
    *s = end;
    return 0;
}

/* The next word at *s, into word[n]; *s moves past it. */
static void next_word(const char **s, char *word, size_t n)
{
    *s = skip(*s);
    size_t len = strcspn(*s, " \t");
    size_t kept = len < n ? len : n - 1;
    memcpy(word, *s, kept);
    word[kept] = 0;
    *s += len;
}

/* -------- arguments by shape -------- */

static int add_string(struct pool *mem, struct claim *c, const char **s, struct err *e)
{
    struct claim_string one;
    int rc = string_parse(mem, s, &one, e);
    if (rc)
        return rc;
    *(struct claim_string *)pool_push(mem, &c->strings, &c->nstrings, sizeof one) = one;
    return 0;
}

static int add_number(struct pool *mem, struct claim *c, const char **s, struct err *e)
{
    long n;
    int rc = number(s, &n, e);
    if (rc)
        return rc;
    *(long *)pool_push(mem, &c->numbers, &c->nnumbers, sizeof n) = n;
    return 0;
}

static int finding_word_at(struct claim *c, const char **s, struct err *e)
{
    char word[32];
    next_word(s, word, sizeof word);
    c->finding = finding_parse(word);
    return c->finding < 0 ? err_set(e, ERR_DATA,
                                    "\"%s\" is no kind of finding; the kinds are data-race, "
                                    "deadlock, assertion, crash, …, see engine/finding.def",
                                    word)
                          : 0;
}

static int parse_finding(struct claim *c, const char **s, struct err *e)
{
    char word[16];
    int rc = finding_word_at(c, s, e);
    *s = skip(*s);
    if (rc || !**s)
        return rc;
    next_word(s, word, sizeof word);
    long line = 0;
    *s = skip(*s);
    if (strcmp(word, "line") != 0)
        return err_set(e, ERR_DATA, "\"%s\" after the kind of finding; only `line N` may follow",
                       word);
    rc = number(s, &line, e);
    c->at_line = (int)line;
    return rc;
}

static int parse_least(struct pool *mem, struct claim *c, const char **s, struct err *e)
{
    char word[16];
    int rc = add_number(mem, c, s, e);
    if (rc)
        return rc;
    next_word(s, word, sizeof word);
    *s = skip(*s);
    if (strcmp(word, "for") != 0)
        return err_set(e, ERR_DATA,
                       "say for what: `least-switches: 1 for data-race`, or for \"1\\n\"");
    return **s == '"' ? add_string(mem, c, s, e) : finding_word_at(c, s, e);
}

static int parse_arguments(struct pool *mem, struct claim *c, const char **s, struct err *e)
{
    int rc = 0;
    switch (kinds[c->kind].shape) {
    case NONE:
        return 0;
    case STRINGS:
        do
            rc = add_string(mem, c, s, e);
        while (!rc && *(*s = skip(*s)));
        return rc;
    case NUMBERS:
        do
            rc = add_number(mem, c, s, e);
        while (!rc && *(*s = skip(*s)));
        return rc;
    case NUMBER:
        return add_number(mem, c, s, e);
    case LEAST:
        return parse_least(mem, c, s, e);
    default:
        return parse_finding(c, s, e);
    }
}

int claim_parse(struct pool *mem, struct claim *c, const char *text, struct err *e)
{
    *c = (struct claim){.kind = CLAIM_COUNT, .finding = -1, .text = pool_strdup(mem, text)};
    size_t n = strcspn(text, ":");
    const char *s = text + n + (text[n] == ':');
    while (n && isspace((unsigned char)text[n - 1]))
        n--;
    for (int k = 0; k < CLAIM_COUNT; k++)
        if (strlen(kinds[k].word) == n && !memcmp(kinds[k].word, text, n))
            c->kind = (enum claim_kind)k;
    if (c->kind == CLAIM_COUNT)
        return err_set(e, ERR_DATA, "\"%.*s\" is no claim; lessons/claim.def lists them", (int)n,
                       text);
    s = skip(s);
    if (kinds[c->kind].shape != NONE && !*s)
        return err_set(e, ERR_DATA, "\"%s\" needs something after a colon",
                       claim_word((int)c->kind));
    int rc = parse_arguments(mem, c, &s, e);
    s = skip(s);
    if (!rc && *s)
        rc = err_set(e, ERR_DATA, "too much after \"%s\": %.40s", claim_word((int)c->kind), s);
    return rc;
}

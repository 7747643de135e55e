/* What a thread does, in C: copied as it stands, but that the declarations of its locals move to
 * the beginning, so that their values can be had at the end. */
#include "litmus_private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- words of C ---- */
enum c_kind { C_END, C_BLANK, C_NAME, C_OTHER };
struct c_word {
    int kind;
    const char *s;
    size_t n;
};

static size_t quoted(const char *s, const char *end)
{
    const char *p = s + 1;
    while (p < end && *p != *s && *p != '\n')
        p += *p == '\\' && p + 1 < end ? 2 : 1;
    return (size_t)(p - s) + (p < end);
}

static size_t blank(const char *s, const char *end)
{
    const char *p = s;
    if (end - s > 1 && s[0] == '/' && s[1] == '/') {
        while (p < end && *p != '\n')
            p++;
    } else if (end - s > 1 && s[0] == '/' && s[1] == '*') {
        for (p += 2; p < end && !(p[-1] == '*' && p[0] == '/' && p - s > 2); p++)
            ;
        p += p < end;
    } else
        while (p < end && isspace((unsigned char)*p))
            p++;
    return (size_t)(p - s);
}

static struct c_word c_next(const char *s, const char *end)
{
    struct c_word w = {C_END, s, 0};
    if (s >= end)
        return w;
    w.n = blank(s, end);
    if (w.n) {
        w.kind = C_BLANK;
        return w;
    }
    w.kind = C_OTHER;
    w.n = *s == '"' || *s == '\'' ? quoted(s, end) : 1;
    if (isalnum((unsigned char)*s) || *s == '_') {
        w.kind = isdigit((unsigned char)*s) ? C_OTHER : C_NAME;
        while (s + w.n < end && (isalnum((unsigned char)s[w.n]) || s[w.n] == '_'))
            w.n++;
    }
    return w;
}

/* The next that is no blank. */
static struct c_word c_word(const char **s, const char *end)
{
    struct c_word w;
    do {
        w = c_next(*s, end);
        *s = w.s + w.n;
    } while (w.kind == C_BLANK);
    return w;
}

static int c_is(const struct c_word *w, const char *s)
{
    return w->kind != C_END && strlen(s) == w->n && memcmp(w->s, s, w->n) == 0;
}

static int c_among(const struct c_word *w, const char *const *list)
{
    for (; *list; list++)
        if (c_is(w, *list))
            return 1;
    return 0;
}

/* ---- locals ---- */
int litmus_local(struct litmus_thread *t, const char *name)
{
    for (int i = 0; i < t->nlocals; i++)
        if (strcmp(t->locals[i].name, name) == 0)
            return i;
    return -1;
}

int litmus_add_local(struct litmus_thread *t, const char *name, size_t n, const char *type)
{
    if (t->nlocals == LITMUS_LOCALS)
        return -1;
    t->locals[t->nlocals] =
        (struct litmus_local){xasprintf("%.*s", (int)n, name), xstrdup(type), 0};
    return t->nlocals++;
}

int litmus_body_has(const struct litmus_thread *t, const char *name)
{
    const char *s = t->body, *end = s + strlen(s);
    for (struct c_word w; (w = c_word(&s, end)).kind != C_END;)
        if (w.kind == C_NAME && c_is(&w, name))
            return 1;
    return 0;
}

/* ---- declarations ---- */
static const char *const type_words[] = {"int",    "long",     "short", "char",     "unsigned",
                                         "signed", "_Bool",    "bool",  "volatile", "intptr_t",
                                         "const",  "register", "auto",  NULL};
static const char *const dropped[] = {"const", "register", "auto", NULL};
static const char *const no_types[] = {"return",  "goto",   "else",     "do",     "case",
                                       "if",      "while",  "for",      "switch", "sizeof",
                                       "default", "break",  "continue", "asm",    "__asm__",
                                       "typedef", "static", "extern",   NULL};

static int is_type_word(const struct c_word *w)
{
    return c_among(w, type_words) ||
           (w->n > 2 && w->kind == C_NAME && memcmp(w->s + w->n - 2, "_t", 2) == 0);
}

/* The words of a type at *s: goes past them and puts them into *type. 0 when there is none, or one
 * that must stay where it is. */
static int take_type(const char **s, const char *end, struct buf *type)
{
    int n = 0;
    for (;;) {
        const char *after = *s;
        struct c_word w = c_word(&after, end), next;
        const char *look = after;
        next = c_word(&look, end);
        if (w.kind == C_NAME && (c_among(&w, no_types) || c_is(&w, "_Atomic") ||
                                 (w.n > 7 && memcmp(w.s, "atomic_", 7) == 0)))
            return 0;
        if (w.kind != C_NAME || (!is_type_word(&w) && !(n == 0 && next.kind == C_NAME)))
            return n > 0; /* a star, or the name of the first variable */
        if (!c_among(&w, dropped))
            buf_printf(type, "%s%.*s", type->len ? " " : "", (int)w.n, w.s);
        *s = after;
        n++;
    }
}

/* Past an initialiser, to the comma or semicolon after it. */
static struct c_word skip_value(const char **s, const char *end)
{
    for (int depth = 0;;) {
        struct c_word w = c_word(s, end);
        if (c_is(&w, "(") || c_is(&w, "{") || c_is(&w, "["))
            depth++;
        if (c_is(&w, ")") || c_is(&w, "}") || c_is(&w, "]"))
            depth--;
        if (w.kind == C_END || (depth <= 0 && (c_is(&w, ",") || c_is(&w, ";"))))
            return w;
    }
}

struct declared {
    const char *name;
    size_t n;
    int stars;
};

/* "*r0 = x, r1;": names and stars into list; the number, 0 when it is something else. */
static int take_declarators(const char *s, const char *end, struct declared *list, int max)
{
    for (int n = 0; n < max; n++) {
        struct c_word w = c_word(&s, end);
        list[n].stars = 0;
        for (; c_is(&w, "*"); w = c_word(&s, end))
            list[n].stars++;
        if (w.kind != C_NAME)
            return 0;
        list[n].name = w.s;
        list[n].n = w.n;
        w = c_word(&s, end);
        if (c_is(&w, "="))
            w = skip_value(&s, end);
        if (c_is(&w, ";"))
            return n + 1;
        if (!c_is(&w, ","))
            return 0;
    }
    return 0;
}

static int add_declared(struct litmus_thread *t, const struct buf *type, const struct declared *d,
                        struct reader *r, int line)
{
    char *name = xasprintf("%.*s", (int)d->n, d->name);
    char *whole = xasprintf("%s%s%.*s", type->len ? type->data : "int", d->stars ? " " : "",
                            d->stars, "********");
    int i = litmus_local(t, name), rc = 0;
    if (i >= 0 && strcmp(t->locals[i].type, whole) != 0)
        rc = read_fail(r, line, "%s is declared as %s and as %s; give one another name", name,
                       t->locals[i].type, whole);
    else if (d->stars > 8)
        rc = read_fail(r, line, "%s has too many stars", name);
    else if (i < 0 && litmus_add_local(t, name, d->n, whole) < 0)
        rc = read_fail(r, line, "a thread has more than %d local variables", LITMUS_LOCALS);
    free(whole);
    free(name);
    return rc;
}

/* A declaration at s, where a statement may begin: keeps the locals, and returns where its first
 * declarator begins; s itself if it is none; NULL with an error. */
static const char *take_declaration(struct litmus_thread *t, struct reader *r, const char *s,
                                    const char *end, int line)
{
    struct declared list[16];
    struct buf type = {0};
    const char *at = s;
    int n = take_type(&at, end, &type) ? take_declarators(at, end, list, 16) : 0;
    for (int i = 0; i < n && s; i++)
        if (add_declared(t, &type, &list[i], r, line))
            s = NULL;
    buf_fini(&type);
    return n && s ? at : s;
}

/* ---- copying ---- */
struct copy {
    struct litmus_thread *t;
    struct reader *r;
    struct buf out;
    struct c_word before[2]; /* the last two words */
    int begins;              /* a statement may begin here */
    int declares;            /* in a declaration that was taken apart ... */
    int depth;               /* of parentheses in it ... */
    int star;                /* before the next name, whose stars are dropped */
};

/* The names of accesses, which the model of store buffers knows; what else is called makes the body
 * opaque to it. */
static int is_known_call(const struct c_word *w)
{
    static const char *const known[] = {
#define LITMUS_CALL(name) #name,
#include "litmus_calls.def"
#undef LITMUS_CALL
        "if", "while", "for", "switch", "sizeof", "return", NULL};
    return c_among(w, known);
}

/* These take a place by name, so that the star in them is no access. */
static int names_a_place(const struct c_word *w)
{
    static const char *const macros[] = {
        "READ_ONCE",          "WRITE_ONCE",   "ACCESS_ONCE", "rcu_dereference",
        "rcu_assign_pointer", "smp_store_mb", NULL};
    return c_among(w, macros);
}

/* Is the star an access, and not a product? */
static int is_access(const struct copy *c)
{
    const struct c_word *before = &c->before[0];
    int product = before->n && (isalnum((unsigned char)*before->s) || *before->s == '_' ||
                                c_is(before, ")") || c_is(before, "]"));
    if (before->kind == C_NAME && c_is(before, "return"))
        product = 0;
    return !product && !(c_is(before, "(") && names_a_place(&c->before[1]));
}

/* What is no call of a known name makes the thread opaque to the model of store buffers. */
static void look(struct copy *c, const struct c_word *w, const struct c_word *next)
{
    if (w->kind == C_NAME && c_is(next, "(") && !is_known_call(w))
        c->t->opaque = 1;
    if (c_is(w, "*") && is_access(c))
        c->t->opaque = 1;
    if (c_is(w, "[") || (c_is(w, "-") && c_is(next, ">")) || c_is(w, "asm") || c_is(w, "__asm__"))
        c->t->opaque = 1;
}

static int is_param(const struct litmus_thread *t, const char *name)
{
    const char *s = t->params ? t->params : "", *end = s + strlen(s);
    for (struct c_word w; (w = c_word(&s, end)).kind != C_END;)
        if (w.kind == C_NAME && c_is(&w, name))
            return 1;
    return 0;
}

/* Many tests assign to locals that they do not declare: these are int, as in herd7. A name that is
 * declared further in hides the one that is made here. */
static void declare(struct copy *c, const struct c_word *w, const char *s, const char *end)
{
    const struct c_word *before = &c->before[0];
    struct c_word equal = c_word(&s, end), again = c_next(s, end);
    if (w->kind != C_NAME || !c_is(&equal, "=") || c_is(&again, "=") || c_is(before, "*") ||
        c_is(before, ".") || c_is(before, ">"))
        return;
    if (before->kind == C_NAME && !c_is(before, "else") && !c_is(before, "do"))
        return; /* a declaration that stays where it is */
    char *name = xasprintf("%.*s", (int)w->n, w->s);
    if (litmus_local(c->t, name) < 0 && !is_param(c->t, name))
        litmus_add_local(c->t, name, w->n, "int");
    free(name);
}

static void copy_word(struct copy *c, const struct c_word *w, const char *end)
{
    const char *after = w->s + w->n;
    struct c_word next = c_word(&after, end);
    if (c->declares && c->depth == 0 && c->star && c_is(w, "*"))
        return;
    look(c, w, &next);
    declare(c, w, w->s + w->n, end);
    if (c_is(w, "return") && c_is(&next, ";"))
        buf_puts(&c->out, "goto litmus_end");
    else
        buf_add(&c->out, w->s, w->n);
    if (w->kind == C_BLANK)
        return;
    c->before[1] = c->before[0];
    c->before[0] = *w;
    c->depth += c_is(w, "(") - c_is(w, ")");
    c->star = c->declares && c->depth == 0 && c_is(w, ",");
    c->begins = c_is(w, "{") || c_is(w, "}") || c_is(w, ";");
    if (c->begins)
        c->declares = c->depth = 0;
}

static int count_lines(const char *from, const char *to)
{
    int n = 0;
    for (; from < to; from++)
        n += *from == '\n';
    return n;
}

static int copy_body(struct copy *c, const char *s, const char *end, int line)
{
    while (s < end) {
        struct c_word w = c_next(s, end);
        if (c->begins && w.kind == C_NAME) {
            const char *at = take_declaration(c->t, c->r, s, end, line);
            if (!at)
                return -ERR_DATA;
            if (at > s) {
                for (int i = count_lines(s, at); i > 0; i--)
                    buf_puts(&c->out, "\n");
                line += count_lines(s, at);
                c->declares = c->star = 1;
                c->begins = 0;
                s = at;
                continue;
            }
        }
        copy_word(c, &w, end);
        line += count_lines(w.s, w.s + w.n);
        s = w.s + w.n;
    }
    return 0;
}

/* The "}" that ends what begins before s, or NULL. */
static const char *find_end(const char *s, const char *end)
{
    for (int depth = 1;;) {
        struct c_word w = c_word(&s, end);
        if (w.kind == C_END)
            return NULL;
        depth += c_is(&w, "{") - c_is(&w, "}");
        if (depth == 0)
            return w.s;
    }
}

int litmus_read_body(struct litmus *l, struct litmus_thread *t, struct reader *r)
{
    (void)l;
    struct word w = read_word(r);
    if (!word_is(&w, "{"))
        return read_unexpected(r, &w, "'{' and what the thread does");
    const char *end = find_end(r->at, r->end);
    if (!end)
        return read_fail(r, w.line, "the '}' that ends this thread is missing");
    struct copy c = {.t = t, .r = r, .begins = 1};
    t->line = r->line;
    int rc = copy_body(&c, r->at, end, r->line);
    t->body = c.out.data ? c.out.data : xstrdup("");
    r->line += count_lines(r->at, end);
    r->at = end + 1;
    return rc;
}

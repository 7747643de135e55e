#include "litmus_private.h"

#include <stdlib.h>
#include <string.h>

#define DEPTH 100

void litmus_prop_free(struct litmus_prop *p)
{
    if (!p)
        return;
    litmus_prop_free(p->left);
    litmus_prop_free(p->right);
    free(p);
}

static struct litmus_prop *prop_new(int kind, struct litmus_prop *left, struct litmus_prop *right)
{
    struct litmus_prop *p = xcalloc(1, sizeof *p);
    *p = (struct litmus_prop){.kind = kind, .left = left, .right = right, .other = -1};
    return p;
}

/* ---- places of the final state ---- */
static int add_seen(struct litmus *l, struct reader *r, int thread, int index, int line)
{
    for (int i = 0; i < l->nseen; i++)
        if (l->seen[i].thread == thread && l->seen[i].index == index)
            return i;
    if (l->nseen == LITMUS_SEEN)
        return read_fail(r, line, "more than %d places are asked for; name fewer", LITMUS_SEEN);
    const char *type = thread < 0 ? l->globals[index].type : l->threads[thread].locals[index].type;
    struct litmus_seen *s = &l->seen[l->nseen];
    *s = (struct litmus_seen){thread, index, strchr(type, '*') || strstr(type, "intptr_t"), NULL};
    s->name = thread < 0 ? xstrdup(l->globals[index].name)
                         : xasprintf("%d:%s", thread, l->threads[thread].locals[index].name);
    return l->nseen++;
}

static int unknown(const struct litmus *l, struct reader *r, int thread, const struct word *w)
{
    struct buf names = {0};
    int n = thread < 0 ? l->nglobals : l->threads[thread].nlocals;
    for (int i = 0; i < n && names.len < 200; i++)
        buf_printf(&names, "%s%s", i ? ", " : "",
                   thread < 0 ? l->globals[i].name : l->threads[thread].locals[i].name);
    const char *list = n ? names.data : "none";
    int rc = thread < 0
                 ? read_fail(r, w->line,
                             "'%.*s' is no shared variable of the test; they are: %s. A local "
                             "variable is written with its thread, as 0:r0",
                             (int)(w->n > 60 ? 60 : w->n), w->s, list)
                 : read_fail(r, w->line, "P%d has no local variable '%.*s'; it has: %s", thread,
                             (int)(w->n > 60 ? 60 : w->n), w->s, list);
    buf_fini(&names);
    return rc;
}

/* A local that its thread uses without declaring it counts as an int, as in herd7. */
static int find_local(struct litmus *l, struct reader *r, int thread, const struct word *w)
{
    char *name = word_dup(w);
    struct litmus_thread *t = &l->threads[thread];
    int i = litmus_local(t, name);
    int shared = litmus_find_global(l, name) >= 0;
    if (i < 0 && !shared && litmus_body_has(t, name))
        i = litmus_add_local(t, name, w->n, "int");
    free(name);
    return i < 0 ? unknown(l, r, thread, w) : i;
}

/* "0:r0", "x", "[x]": an index into seen[]. */
static int read_place(struct litmus *l, struct reader *r)
{
    int bracket = read_accept(r, "[");
    struct word w = read_word(r);
    int64_t thread = -1;
    int rc = 0;
    if (w.kind == WORD_NUMBER)
        rc = word_number(r, &w, &thread);
    if (rc)
        return rc;
    if (w.kind == WORD_NUMBER) {
        if (thread < 0 || thread >= l->nthreads)
            return read_fail(r, w.line, "there is no thread P%lld; the test has P0 to P%d",
                             (long long)thread, l->nthreads - 1);
        if (!read_accept(r, ":"))
            return read_fail(r, w.line,
                             "after the thread %lld follows ':' and a local variable, "
                             "as %lld:r0",
                             (long long)thread, (long long)thread);
        w = read_word(r);
    }
    if (w.kind != WORD_NAME)
        return read_unexpected(r, &w, "a variable, as x or 0:r0");
    int index;
    if (thread >= 0) {
        index = find_local(l, r, (int)thread, &w);
    } else {
        char *name = word_dup(&w);
        index = litmus_find_global(l, name);
        free(name);
        if (index < 0)
            return unknown(l, r, -1, &w);
    }
    if (index < 0)
        return index;
    if (bracket && !read_accept(r, "]"))
        return read_fail(r, w.line, "']' is missing after %.*s", (int)w.n, w.s);
    return add_seen(l, r, (int)thread, index, w.line);
}

/* ---- conditions: not binds more than =>, that more than and, that more than or ---- */
static struct litmus_prop *read_or(struct litmus *l, struct reader *r, int depth);

/* What a place is compared with: a number, the address of a variable, or another place. */
static int read_value(struct litmus *l, struct reader *r, struct litmus_prop *p)
{
    struct reader before = *r;
    int address = read_accept(r, "&");
    struct word w = read_word(r), colon = read_peek(r);
    if (w.kind == WORD_NAME) {
        char *name = word_dup(&w);
        int g = litmus_find_global(l, name);
        free(name);
        if (g < 0)
            return unknown(l, r, -1, &w);
        p->value = LITMUS_PLACE + g;
        return 0;
    }
    if (!address && ((w.kind == WORD_NUMBER && word_is(&colon, ":")) || word_is(&w, "["))) {
        *r = before;
        p->other = read_place(l, r);
        return p->other < 0 ? p->other : 0;
    }
    return word_number(r, &w, &p->value);
}

static struct litmus_prop *read_atom(struct litmus *l, struct reader *r)
{
    int seen = read_place(l, r);
    if (seen < 0)
        return NULL;
    struct word w = read_word(r);
    int unequal = word_is(&w, "!=") || word_is(&w, "<>");
    if (!unequal && !word_is(&w, "=") && !word_is(&w, "==")) {
        read_unexpected(r, &w, "'=' or '!=' and a value");
        return NULL;
    }
    struct litmus_prop *p = prop_new(PROP_EQUAL, NULL, NULL);
    p->seen = seen;
    if (read_value(l, r, p)) {
        litmus_prop_free(p);
        return NULL;
    }
    return unequal ? prop_new(PROP_NOT, p, NULL) : p;
}

static struct litmus_prop *read_not(struct litmus *l, struct reader *r, int depth)
{
    if (depth > DEPTH) {
        read_fail(r, r->line, "the condition is nested more than %d deep", DEPTH);
        return NULL;
    }
    if (read_accept(r, "~") || read_accept(r, "not")) {
        struct litmus_prop *p = read_not(l, r, depth + 1);
        return p ? prop_new(PROP_NOT, p, NULL) : NULL;
    }
    if (read_accept(r, "true"))
        return prop_new(PROP_TRUE, NULL, NULL);
    if (read_accept(r, "false"))
        return prop_new(PROP_FALSE, NULL, NULL);
    if (!read_accept(r, "("))
        return read_atom(l, r);
    struct litmus_prop *p = read_or(l, r, depth + 1);
    struct word w = read_word(r);
    if (p && !word_is(&w, ")")) {
        read_unexpected(r, &w, "/\\ (and), \\/ (or), => (implies) or ')'");
        litmus_prop_free(p);
        return NULL;
    }
    return p;
}

static struct litmus_prop *read_if(struct litmus *l, struct reader *r, int depth)
{
    struct litmus_prop *left = read_not(l, r, depth);
    if (!left || !read_accept(r, "=>"))
        return left;
    struct litmus_prop *right = depth > DEPTH ? NULL : read_if(l, r, depth + 1);
    if (right)
        return prop_new(PROP_IF, left, right);
    litmus_prop_free(left);
    return NULL;
}

static struct litmus_prop *read_and(struct litmus *l, struct reader *r, int depth)
{
    struct litmus_prop *left = read_if(l, r, depth);
    for (int n = 0; left && (read_accept(r, "/\\") || read_accept(r, "&&")); n++) {
        struct litmus_prop *right = read_if(l, r, depth);
        left = prop_new(PROP_AND, left, right);
        if (right && n < DEPTH)
            continue;
        if (right)
            read_fail(r, r->line, "the condition has too many parts");
        litmus_prop_free(left);
        return NULL;
    }
    return left;
}

static struct litmus_prop *read_or(struct litmus *l, struct reader *r, int depth)
{
    struct litmus_prop *left = read_and(l, r, depth);
    for (int n = 0; left && (read_accept(r, "\\/") || read_accept(r, "||")); n++) {
        struct litmus_prop *right = read_and(l, r, depth);
        left = prop_new(PROP_OR, left, right);
        if (right && n < DEPTH)
            continue;
        if (right)
            read_fail(r, r->line, "the condition has too many parts");
        litmus_prop_free(left);
        return NULL;
    }
    return left;
}

/* ---- the end of the file ---- */
static int read_locations(struct litmus *l, struct reader *r)
{
    struct word w = read_word(r);
    if (!word_is(&w, "["))
        return read_unexpected(r, &w, "'[', as in locations [x; 0:r0;]");
    while (!read_accept(r, "]")) {
        int seen = read_place(l, r);
        if (seen < 0)
            return seen;
        w = read_peek(r);
        if (w.kind == WORD_NAME) /* a type, which we know already */
            read_word(r);
        while (read_accept(r, "*"))
            ;
        w = read_peek(r);
        if (!read_accept(r, ";") && !word_is(&w, "]"))
            return read_unexpected(r, &w, "';' or ']'");
    }
    return 0;
}

static enum litmus_quantifier read_quantifier(struct reader *r)
{
    if (read_accept(r, "exists") || read_accept(r, "final"))
        return LITMUS_EXISTS;
    if (read_accept(r, "forall"))
        return LITMUS_FORALL;
    struct word w = read_peek(r);
    if (word_is(&w, "("))
        return LITMUS_EXISTS;
    if ((read_accept(r, "~") || read_accept(r, "not")) && read_accept(r, "exists"))
        return LITMUS_NOT_EXISTS;
    return LITMUS_NONE;
}

int litmus_read_condition(struct litmus *l, struct reader *r)
{
    if (read_accept(r, "locations")) {
        int rc = read_locations(l, r);
        if (rc)
            return rc;
    }
    if (read_accept(r, "filter")) {
        l->filter = read_or(l, r, 0);
        if (!l->filter)
            return -ERR_DATA;
    }
    struct word first = read_peek(r);
    if (first.kind != WORD_END) {
        l->quantifier = read_quantifier(r);
        if (l->quantifier == LITMUS_NONE)
            return read_unexpected(r, &first,
                                   "another thread, or locations, filter, exists, ~exists, forall");
        l->prop = read_or(l, r, 0);
        if (!l->prop)
            return -ERR_DATA;
        read_accept(r, ";");
    }
    if (!l->prop)
        l->prop = prop_new(PROP_TRUE, NULL, NULL);
    struct word rest = read_word(r);
    if (rest.kind != WORD_END)
        return read_unexpected(r, &rest,
                               "/\\ (and), \\/ (or), => (implies), or the end of the file");
    if (!l->nseen)
        return read_fail(r, first.line,
                         "the test asks about nothing; end it with a line such as: "
                         "exists (0:r0=0 /\\ x=1)");
    return 0;
}

/* ---- using them ---- */
int litmus_holds(const struct litmus_prop *p, const int64_t *v)
{
    switch (p->kind) {
    case PROP_TRUE:
        return 1;
    case PROP_FALSE:
        return 0;
    case PROP_EQUAL:
        return v[p->seen] == (p->other < 0 ? p->value : v[p->other]);
    case PROP_NOT:
        return !litmus_holds(p->left, v);
    case PROP_AND:
        return litmus_holds(p->left, v) && litmus_holds(p->right, v);
    case PROP_OR:
        return litmus_holds(p->left, v) || litmus_holds(p->right, v);
    default:
        return !litmus_holds(p->left, v) || litmus_holds(p->right, v);
    }
}

#include "litmus_private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- shared variables ---- */
int litmus_find_global(const struct litmus *l, const char *name)
{
    for (int i = 0; i < l->nglobals; i++)
        if (strcmp(l->globals[i].name, name) == 0)
            return i;
    return -1;
}

int litmus_global(struct litmus *l, struct reader *r, const char *name, int line)
{
    int i = litmus_find_global(l, name);
    if (i >= 0)
        return i;
    if (l->nglobals == LITMUS_GLOBALS)
        return read_fail(r, line, "more than %d shared variables", LITMUS_GLOBALS);
    l->globals[l->nglobals].name = xstrdup(name);
    return l->nglobals++;
}

static void set_type(struct litmus_global *g, const char *type)
{
    if (type) {
        free(g->type);
        g->type = xstrdup(type);
    }
}

/* Words with a blank between them, as C. */
static char *join(const struct word *w, int n)
{
    struct buf b = {0};
    for (int i = 0; i < n; i++)
        buf_printf(&b, "%s%.*s", i ? " " : "", (int)w[i].n, w[i].s);
    return b.data ? b.data : xstrdup("");
}

/* ---- the first line, and what may stand before the beginning state ---- */
static int read_head(struct litmus *l, struct reader *r)
{
    struct word arch = read_word(r);
    if (arch.kind == WORD_END)
        return read_fail(r, arch.line,
                         "the file is empty; a litmus test begins with a line such "
                         "as: C NAME");
    if (!word_is(&arch, "C"))
        return read_fail(r, arch.line,
                         "a litmus test in C begins with 'C NAME', this one with '%.*s'; tests in "
                         "assembly are not run here",
                         (int)(arch.n > 40 ? 40 : arch.n), arch.s);
    const char *s = r->at;
    while (s < r->end && (*s == ' ' || *s == '\t'))
        s++;
    const char *from = s;
    while (s < r->end && !isspace((unsigned char)*s) && *s != '{' && s - from < 200)
        s++;
    struct buf name = {0};
    buf_visible(&name, from, (size_t)(s - from));
    l->name = name.data ? name.data : xstrdup("");
    r->at = s;
    return *l->name ? 0 : read_fail(r, arch.line, "the name of the test is missing: C NAME");
}

/* Comments, a line in quotation marks, lines KEY=VALUE. */
static int skip_notes(struct reader *r)
{
    for (;;) {
        struct word w = read_peek(r);
        if (word_is(&w, "{"))
            return 0;
        if (w.kind == WORD_END)
            return read_fail(r, w.line,
                             "the state at the beginning is missing: { x=0; y=0; }, or "
                             "{} when all is 0");
        if (w.kind == WORD_NAME && w.n > 1 && *w.s == 'P' && isdigit((unsigned char)w.s[1]))
            return read_fail(r, w.line,
                             "before the threads stands the state at the beginning: "
                             "{ x=0; y=0; }, or {} when all is 0");
        read_word(r);
        while (r->at < r->end && *r->at != '\n' && *r->at != '{')
            r->at++;
    }
}

/* ---- the state at the beginning ---- */
static int take_value(struct litmus *l, struct reader *r, int64_t *value, char **to)
{
    struct word w = read_word(r);
    if (word_is(&w, "&"))
        w = read_word(r);
    if (word_is(&w, "ATOMIC_INIT") || word_is(&w, "ATOMIC_VAR_INIT")) {
        int rc = read_accept(r, "(") ? 0 : read_fail(r, w.line, "'(' is missing");
        w = read_word(r);
        rc = rc ? rc : word_number(r, &w, value);
        return rc || read_accept(r, ")") ? rc : read_fail(r, w.line, "')' is missing");
    }
    if (w.kind != WORD_NAME)
        return word_is(&w, "{") ? read_fail(r, w.line,
                                            "arrays cannot be run here; use a variable "
                                            "for each element")
                                : word_number(r, &w, value);
    (void)l;
    *to = word_dup(&w);
    return 0;
}

/* "0:r0=1": what a local is at the beginning. Kept until the threads are known. */
struct pending {
    int64_t thread, value;
    struct word name;
};

static int read_start_local(struct litmus *l, struct reader *r, const struct word *thread,
                            struct pending *p)
{
    char *to = NULL;
    int rc = word_number(r, thread, &p->thread);
    read_accept(r, ":");
    p->name = read_word(r);
    if (rc == 0 && p->name.kind != WORD_NAME)
        rc = read_unexpected(r, &p->name, "a local variable, as in 0:r0=1");
    if (rc == 0 && !read_accept(r, "="))
        rc = read_fail(r, p->name.line, "'=' is missing");
    if (rc == 0)
        rc = take_value(l, r, &p->value, &to);
    if (rc == 0 && to)
        rc = read_fail(r, p->name.line, "a local variable can begin with a number only");
    free(to);
    return rc;
}

/* "int *p = &x": the words before '='. */
static int read_start_global(struct litmus *l, struct reader *r)
{
    struct word words[16], w = read_peek(r);
    int n = 0, rc = 0, name = -1;
    for (; n < 16; w = read_peek(r)) {
        if (w.kind == WORD_END || word_is(&w, "=") || word_is(&w, ";") || word_is(&w, "}"))
            break;
        words[n] = read_word(r);
        if (words[n].kind == WORD_NAME)
            name = n;
        n++;
    }
    int bracket = name > 0 && word_is(&words[name - 1], "[");
    if (name < 0 || n == 16)
        return read_unexpected(r, &w, "a variable and its value, as x=0;");
    if (name < n - 1 && !bracket)
        return read_fail(r, words[0].line,
                         "'%.*s' is no variable that can be run here; arrays and "
                         "structures cannot be",
                         (int)words[name].n, words[name].s);
    char *text = word_dup(&words[name]);
    int g = litmus_global(l, r, text, words[name].line);
    free(text);
    if (g < 0)
        return g;
    char *type = bracket || name == 0 ? NULL : join(words, name);
    set_type(&l->globals[g], type && strspn(type, "* ") < strlen(type) ? type : NULL);
    free(type);
    free(l->globals[g].to);
    l->globals[g].to = NULL;
    if (read_accept(r, "="))
        rc = take_value(l, r, &l->globals[g].value, &l->globals[g].to);
    return rc;
}

static int read_start(struct litmus *l, struct reader *r, struct pending *locals, int *nlocals)
{
    read_accept(r, "{");
    while (!read_accept(r, "}")) {
        struct word w = read_peek(r);
        int rc;
        if (read_accept(r, ";"))
            continue;
        if (w.kind != WORD_NUMBER)
            rc = read_start_global(l, r);
        else if (*nlocals == LITMUS_LOCALS)
            rc = read_fail(r, w.line, "more than %d local variables are given a value here",
                           LITMUS_LOCALS);
        else {
            read_word(r);
            rc = read_start_local(l, r, &w, &locals[(*nlocals)++]);
        }
        if (rc)
            return rc;
        w = read_peek(r);
        if (!word_is(&w, ";") && !word_is(&w, "}"))
            return read_unexpected(r, &w, "';' or '}'");
    }
    return 0;
}

/* ---- threads ---- */
/* "atomic_int *x": its words, up to ',' or ')'. */
static int read_param(struct litmus *l, struct litmus_thread *t, struct reader *r)
{
    struct word words[16], w = read_peek(r);
    int n = 0, depth = 0, star = -1;
    for (; w.kind != WORD_END && n < 16; w = read_peek(r)) {
        if (depth == 0 && (word_is(&w, ",") || word_is(&w, ")")))
            break;
        depth += word_is(&w, "(") - word_is(&w, ")");
        if (word_is(&w, "*"))
            star = n;
        words[n++] = read_word(r);
    }
    if (n == 1 && word_is(&words[0], "void"))
        return 0;
    if (n < 3 || n == 16 || star < 1 || words[n - 1].kind != WORD_NAME)
        return read_unexpected(r, n ? &words[n - 1] : &w,
                               "a pointer to a shared variable, as atomic_int *x");
    char *name = word_dup(&words[n - 1]), *type = join(words, star);
    int g = litmus_global(l, r, name, words[n - 1].line);
    if (g >= 0) {
        struct litmus_global *global = &l->globals[g];
        if (!global->type || !strstr(global->type, "tomic"))
            set_type(global, type);
        char *all =
            xasprintf("%s%s%s *%s", t->params ? t->params : "", t->params ? ", " : "", type, name);
        free(t->params);
        t->params = all;
        if (t->nglobals < LITMUS_GLOBALS)
            t->globals[t->nglobals++] = g;
    }
    free(name);
    free(type);
    return g < 0 ? g : 0;
}

static int read_params(struct litmus *l, struct litmus_thread *t, struct reader *r)
{
    struct word w = read_word(r);
    if (!word_is(&w, "("))
        return read_unexpected(r, &w, "'(' and the shared variables the thread uses");
    while (!read_accept(r, ")")) {
        int before = t->nglobals, rc = read_param(l, t, r);
        if (rc)
            return rc;
        w = read_peek(r);
        if (t->nglobals == before && !word_is(&w, ")"))
            return read_unexpected(r, &w, "')'");
        if (!read_accept(r, ",") && !word_is(&w, ")"))
            return read_unexpected(r, &w, "',' or ')'");
    }
    if (!t->params)
        t->params = xstrdup("void");
    return 0;
}

static int thread_number(const struct word *w)
{
    int n = 0;
    if (w->kind != WORD_NAME || w->n < 2 || w->n > 5 || *w->s != 'P')
        return -1;
    for (size_t i = 1; i < w->n; i++) {
        if (!isdigit((unsigned char)w->s[i]))
            return -1;
        n = n * 10 + (w->s[i] - '0');
    }
    return n;
}

static int read_thread(struct litmus *l, struct reader *r)
{
    struct word w = read_word(r);
    int i = thread_number(&w);
    if (i != l->nthreads)
        return read_fail(r, w.line,
                         "%.*s comes where P%d should; threads are called P0, P1, P2 … in "
                         "this order",
                         (int)w.n, w.s, l->nthreads);
    if (i == LITMUS_THREADS)
        return read_fail(r, w.line, "more than %d threads", LITMUS_THREADS);
    struct litmus_thread *t = &l->threads[l->nthreads++];
    r->c_only = 1;
    int rc = read_params(l, t, r);
    if (rc == 0)
        rc = litmus_read_body(l, t, r);
    r->c_only = 0;
    return rc;
}

static int read_threads(struct litmus *l, struct reader *r)
{
    for (;;) {
        struct word w = read_peek(r);
        int rc;
        if (word_is(&w, "static") || word_is(&w, "void")) {
            read_word(r);
            continue;
        }
        if (thread_number(&w) < 0)
            return l->nthreads ? 0
                               : read_unexpected(r, &w, "the first thread, as P0(atomic_int *x)");
        if ((rc = read_thread(l, r)))
            return rc;
    }
}

/* ---- what could not be told before all was read ---- */
/* A body calls what has no counterpart outside the kernel. */
static int check_calls(const struct litmus *l, struct reader *r)
{
    static const char *const kernel[] = {
        "synchronize_rcu",           "synchronize_rcu_expedited", "srcu_read_lock",
        "srcu_read_unlock",          "synchronize_srcu",          "call_rcu",
        "synchronize_srcu_expedited"};
    for (int i = 0; i < l->nthreads; i++)
        for (size_t k = 0; k < sizeof kernel / sizeof *kernel; k++)
            if (litmus_body_has(&l->threads[i], kernel[k]))
                return read_fail(r, l->threads[i].line,
                                 "P%d calls %s(), which only the kernel has; tests with it cannot "
                                 "be run here",
                                 i, kernel[k]);
    return 0;
}

static int holds_address(const char *type)
{
    return strchr(type, '*') || strstr(type, "intptr_t") || strstr(type, "long") ||
           strstr(type, "int64_t") || strstr(type, "atomic64_t");
}

static int settle(struct litmus *l, struct reader *r, const struct pending *locals, int nlocals)
{
    for (int i = 0; i < l->nglobals; i++) {
        int rc = l->globals[i].to ? litmus_global(l, r, l->globals[i].to, r->line) : 0;
        if (rc < 0)
            return rc;
    }
    for (int i = 0; i < l->nglobals; i++) {
        struct litmus_global *g = &l->globals[i];
        if (!g->type)
            g->type = xstrdup(g->to ? "int *" : "int");
        if (g->to && !holds_address(g->type))
            return read_fail(
                r, 1,
                "%s begins as the address of %s, but is of type %s; it must be a pointer, "
                "and a thread's parameter for it int **%s",
                g->name, g->to, g->type, g->name);
    }
    for (int i = 0; i < nlocals; i++) {
        const struct pending *p = &locals[i];
        char *name = word_dup(&p->name);
        struct litmus_thread *t =
            p->thread >= 0 && p->thread < l->nthreads ? &l->threads[p->thread] : NULL;
        int k = t ? litmus_local(t, name) : -1;
        if (t && k < 0)
            k = litmus_add_local(t, name, p->name.n, "int");
        free(name);
        if (k < 0)
            return read_fail(r, p->name.line, "there is no thread P%lld", (long long)p->thread);
        t->locals[k].value = p->value;
    }
    return check_calls(l, r);
}

int litmus_read(struct litmus **out, const char *text, size_t n, const char *file, struct err *e)
{
    struct reader r = {.file = file, .text = text, .end = text + n, .at = text, .line = 1, .e = e};
    struct pending locals[LITMUS_LOCALS];
    int nlocals = 0;
    *out = NULL;
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        r.at += 3; /* a mark some editors put before UTF-8 */
    if (n > LITMUS_BYTES)
        return err_set(e, ERR_DATA, "%s: a litmus test has at most %u bytes", file, LITMUS_BYTES);
    if (memchr(text, 0, n))
        return err_set(e, ERR_DATA, "%s: this is no text", file);
    struct litmus *l = xcalloc(1, sizeof *l);
    l->file = xstrdup(file);
    int rc = read_head(l, &r);
    if (rc == 0)
        rc = skip_notes(&r);
    if (rc == 0)
        rc = read_start(l, &r, locals, &nlocals);
    if (rc == 0)
        rc = read_threads(l, &r);
    if (rc == 0)
        rc = settle(l, &r, locals, nlocals);
    if (rc == 0)
        rc = litmus_read_condition(l, &r);
    if (rc < 0) {
        litmus_free(l);
        return rc;
    }
    *out = l;
    return 0;
}

static void thread_fini(struct litmus_thread *t)
{
    free(t->params);
    free(t->body);
    for (int i = 0; i < t->nlocals; i++) {
        free(t->locals[i].name);
        free(t->locals[i].type);
    }
}

void litmus_free(struct litmus *l)
{
    if (!l)
        return;
    for (int i = 0; i < l->nglobals; i++) {
        free(l->globals[i].name);
        free(l->globals[i].type);
        free(l->globals[i].to);
    }
    for (int i = 0; i < l->nthreads; i++)
        thread_fini(&l->threads[i]);
    for (int i = 0; i < l->nseen; i++)
        free(l->seen[i].name);
    litmus_prop_free(l->filter);
    litmus_prop_free(l->prop);
    free(l->file);
    free(l->name);
    free(l);
}

/* From a parsed test to C. The source defines what it has of its own, threads, variables and what
 * is looked at; the rest is in include/lockstep_litmus*.h. */
#include "litmus_private.h"

#include <stdlib.h>
#include <string.h>

static int is_pointer(const char *type)
{
    return strchr(type, '*') != NULL;
}

static void make_head(const struct litmus *l, enum litmus_program kind, struct buf *out)
{
    buf_printf(out, "#define LITMUS_THREADS %d\n#define LITMUS_SEEN %d\n", l->nthreads, l->nseen);
    if (kind != LITMUS_FREE)
        buf_puts(out, "#define LITMUS_ONCE 1\n");
    if (kind == LITMUS_BUFFERED)
        buf_puts(out, "#define LITMUS_BUFFERED 1\n");
    buf_puts(out, "#include <lockstep_litmus.h>\n\n");
}

/* Each variable of each instance in cache lines of its own. */
static void make_globals(const struct litmus *l, struct buf *out)
{
    for (int i = 0; i < l->nglobals; i++)
        buf_printf(out,
                   "static struct { LITMUS_APART %s v; } litmus_global_%d[LITMUS_INSTANCES];\n",
                   l->globals[i].type, i);
    buf_puts(out,
             "static long long litmus_locals[LITMUS_THREADS][LITMUS_INSTANCES][LITMUS_SEEN];\n");
}

static void make_begin(const struct litmus *l, struct buf *out)
{
    buf_puts(out, "\nstatic void litmus_begin(int i)\n{\n    (void)i;\n");
    for (int i = 0; i < l->nglobals; i++) {
        const struct litmus_global *g = &l->globals[i];
        if (g->to)
            buf_printf(out,
                       "    litmus_global_%d[i].v = (LITMUS_TYPE(&litmus_global_%d[i].v))(intptr_t)"
                       "&litmus_global_%d[i].v;\n",
                       i, i, litmus_find_global(l, g->to));
        else
            buf_printf(out, "    litmus_global_%d[i].v = %s%lldLL;\n", i,
                       is_pointer(g->type) ? "(void *)" : "", (long long)g->value);
    }
    buf_puts(out, "}\n");
}

/* The name of the file as a string of C. */
static void make_line(const struct litmus *l, int line, struct buf *out)
{
    buf_printf(out, "#line %d \"", line);
    for (const char *s = l->file; *s; s++)
        if (*s == '"' || *s == '\\')
            buf_printf(out, "\\%c", *s);
        else if ((unsigned char)*s >= ' ')
            buf_add(out, s, 1);
    buf_puts(out, "\"\n");
}

static void make_thread(const struct litmus *l, int i, struct buf *out)
{
    const struct litmus_thread *t = &l->threads[i];
    buf_printf(out, "\nstatic LITMUS_BODY void litmus_P%d(%s%slong long *litmus_out)\n{\n", i,
               t->nglobals ? t->params : "", t->nglobals ? ", " : "");
    for (int k = 0; k < t->nlocals; k++)
        buf_printf(out, "    %s %s = %s%lld;\n", t->locals[k].type, t->locals[k].name,
                   is_pointer(t->locals[k].type) ? "(void *)" : "", (long long)t->locals[k].value);
    buf_puts(out, "    LITMUS_ENTER;\n    {\n");
    make_line(l, t->line, out);
    buf_printf(out, "%s\n    }\n", t->body);
    buf_puts(out, "#line 1 \"litmus\"\n    goto litmus_end;\nlitmus_end:\n    LITMUS_LEAVE;\n");
    for (int k = 0; k < l->nseen; k++)
        if (l->seen[k].thread == i)
            buf_printf(out, "    litmus_out[%d] = (long long)%s;\n", k,
                       t->locals[l->seen[k].index].name);
    buf_puts(out, "    (void)litmus_out;\n}\n");
}

static void make_dispatch(const struct litmus *l, struct buf *out)
{
    buf_puts(out, "\nstatic void litmus_thread(int thread, int i)\n{\n    switch (thread) {\n");
    for (int i = 0; i < l->nthreads; i++) {
        const struct litmus_thread *t = &l->threads[i];
        buf_printf(out, "    case %d:\n        litmus_P%d(", i, i);
        for (int k = 0; k < t->nglobals; k++)
            buf_printf(out, "(void *)&litmus_global_%d[i].v, ", t->globals[k]);
        buf_printf(out, "litmus_locals[%d][i]);\n        break;\n", i);
    }
    buf_puts(out, "    }\n}\n");
}

/* A pointer by the number of the variable it points to, as its value differs by instance; another
 * value as it is, if it can be one that is the same for all. */
static void make_place(const struct litmus *l, struct buf *out)
{
    buf_puts(out, "\nstatic long long litmus_place(int i, long long p, int number)\n{\n"
                  "    (void)i;\n");
    for (int i = 0; i < l->nglobals; i++)
        buf_printf(out,
                   "    if (p == (long long)(void *)&litmus_global_%d[i].v)\n        return "
                   "%lldLL;\n",
                   i, (long long)LITMUS_PLACE + i);
    buf_puts(out, "    return number || p == 0 ? p : -1;\n}\n");
}

static const char *seen_type(const struct litmus *l, const struct litmus_seen *s)
{
    return s->thread < 0 ? l->globals[s->index].type : l->threads[s->thread].locals[s->index].type;
}

static void make_end(const struct litmus *l, struct buf *out)
{
    buf_puts(out, "\nstatic void litmus_state(int i, long long *v)\n{\n    (void)litmus_place;\n");
    for (int k = 0; k < l->nseen; k++) {
        const struct litmus_seen *s = &l->seen[k];
        buf_printf(out, "    v[%d] = %s", k, s->pointer ? "litmus_place(i, " : "");
        if (s->thread < 0)
            buf_printf(out, "(long long)litmus_global_%d[i].v", s->index);
        else
            buf_printf(out, "litmus_locals[%d][i][%d]", s->thread, k);
        if (s->pointer)
            buf_printf(out, ", %d)", !is_pointer(seen_type(l, s)));
        buf_puts(out, ";\n");
    }
    buf_puts(out, "}\n");
}

void litmus_make(const struct litmus *l, enum litmus_program kind, struct buf *out)
{
    make_head(l, kind, out);
    make_globals(l, out);
    make_begin(l, out);
    for (int i = 0; i < l->nthreads; i++)
        make_thread(l, i, out);
    make_dispatch(l, out);
    make_place(l, out);
    make_end(l, out);
    buf_printf(out, "\n#include <lockstep_litmus_%s.h>\n", kind == LITMUS_FREE ? "free" : "once");
}

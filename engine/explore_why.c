/* Why a search is not complete, in words. */
#include "explore_private.h"

#include "symbols.h"

#include <stdio.h>
#include <string.h>

/* In English where `said` is 0: JSON and scripts read that. */
#define T_(text)           (said ? gettext(text) : (text))
#define TN_(one, many, n_) (said ? ngettext(one, many, n_) : (n_) == 1 ? (one) : (many))

/* Where an execution was cut; 0 where that is not known. The commonest question is where. */
static int cut_place(const struct program *p, const struct arena *a, char *file, size_t n)
{
    struct symbols *symbols;
    struct place place = {"", "", 0};
    if (!a->cut_pc || symbols_open(&symbols, p->binary, a->exe_bias, NULL) != 0)
        return 0;
    const struct names *names = symbols_names(symbols);
    names->place(names->ctx, a->cut_pc - 1, &place);
    const char *slash = strrchr(place.file, '/');
    snprintf(file, n, "%s", slash ? slash + 1 : place.file);
    symbols_close(symbols);
    return place.line;
}

/* "1 execution was cut at 20000 steps, the last at loop.c:7" */
static void say_cut(const struct program *p, const struct arena *a, int said, struct buf *out)
{
    char file[128] = "";
    unsigned n = a->cut_executions, mib = ARENA_PRINTED >> 20;
    if (a->cut_why == CUT_OUTPUT)
        buf_printf(out,
                   TN_("%u execution was cut at %u MiB of output",
                       "%u executions were cut at %u MiB of output", n),
                   n, mib);
    else
        buf_printf(out,
                   TN_("%u execution was cut at %u steps", "%u executions were cut at %u steps", n),
                   n, a->max_steps);
    int line = cut_place(p, a, file, sizeof file);
    if (line)
        buf_printf(out, T_(", the last at %s:%d"), file, line);
}

static void say_values(const struct arena *a, int said, struct buf *out)
{
    struct buf list = {0};
    for (uint32_t i = 0; i < a->nvalues; i++)
        buf_printf(&list, "%s%lld", i ? ", " : "", (long long)a->values[i]);
    buf_printf(out, T_("of what the program leaves open only the values %s were tried"),
               list.data ? list.data : "0, 1, -1");
    buf_fini(&list);
}

/* The search ended by itself. */
static void say_end(const struct program *p, const struct arena *a, int said, struct buf *out)
{
    if (a->cut_executions)
        say_cut(p, a, said, out);
    else if (a->values_used && a->exhausted)
        say_values(a, said, out);
    else if (a->overflow)
        buf_puts(out, T_("a table of the search was full"));
    else if (a->ran_free)
        buf_printf(out, T_("%s ran free, and may behave otherwise another time"), a->free_name);
    else if (a->diverged)
        buf_printf(out,
                   T_("%u times the same choices led elsewhere; what the program reads has "
                      "changed"),
                   a->diverged);
    else
        buf_puts(out, T_("no more were asked for"));
}

char *say_why_not(const struct program *p, const struct arena *a, enum halt halt, double seconds,
                  const char *gone, int said)
{
    struct buf out = {0};
    buf_puts(&out, "");
    if (a->complete)
        ;
    else if (halt == HALT_USER)
        buf_puts(&out, T_("it was interrupted"));
    else if (halt == HALT_GONE)
        buf_puts(&out, gone);
    else if (a->first && a->nfindings)
        buf_puts(&out, T_("it stopped at the first finding"));
    else if (halt == HALT_TIME)
        buf_printf(&out, T_("%g s passed"), seconds);
    else
        say_end(p, a, said, &out);
    return out.data ? out.data : xstrdup("");
}

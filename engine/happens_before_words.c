/* Two accesses in words: each of them, and why nothing orders them or what does. */
#include "happens_before.h"

#include <stdio.h>
#include <string.h>

#include "explain.h"

enum { WORD_BYTES = 160 };

struct saying {
    const struct trace *t;
    struct world_view *v;
    const struct names *names;
};

/* -------- parts -------- */

static void who_at(const struct saying *x, uint32_t step, char *out, size_t n)
{
    const struct event *e = trace_step(x->t, step);
    explain_task_number(world_at(x->v, step), e ? e->task : NO_TASK, out, n);
}

static void name_of(const struct saying *x, uint32_t step, uint64_t addr, char *out, size_t n)
{
    explain_object(x->t, step, x->names, addr, 0, out, n);
}

static void locks(const struct saying *x, const struct order_pair *p, int which, char *out,
                  size_t n)
{
    size_t at = 0;
    char name[64];
    out[0] = 0;
    for (uint32_t i = 0; i < p->nheld[which] && at < n; i++) {
        name_of(x, which ? p->second : p->first, p->held[which][i], name, sizeof name);
        at += (size_t)snprintf(out + at, n - at, "%s%s", i ? ", " : "", name);
    }
}

void order_link_words(const struct trace *t, struct world_view *v, const struct names *names,
                      const struct order_link *l, char *out, size_t n)
{
    struct saying x = {t, v, names};
    const struct event *from = trace_step(t, l->from), *to = trace_step(t, l->to);
    char who[16], whom[16], gives[WORD_BYTES] = "", takes[WORD_BYTES] = "";
    if (from)
        explain_operation(from, t, names, gives, sizeof gives);
    if (to)
        explain_operation(to, t, names, takes, sizeof takes);
    who_at(&x, l->from, who, sizeof who);
    explain_task_number(world_at(v, l->to), l->learner, whom, sizeof whom);
    if (l->from == l->to || !to || to->task != l->learner)
        snprintf(out, n, _("step %u, %s: %s → %s"), l->from, who, gives, whom);
    else
        snprintf(out, n, _("step %u, %s: %s → step %u, %s: %s"), l->from, who, gives, l->to, whom,
                 takes);
}

static void say_access(const struct saying *x, const struct order_pair *p, int which,
                       struct buf *out)
{
    uint32_t step = which ? p->second : p->first;
    const struct event *e = trace_step(x->t, step);
    char who[WORD_BYTES], what[WORD_BYTES], held[2 * WORD_BYTES], where[WORD_BYTES] = "";
    struct place place = {"", "", 0};
    explain_task(world_at(x->v, step), e->task, x->names, who, sizeof who);
    explain_operation(e, x->t, x->names, what, sizeof what);
    if (e->pc)
        x->names->place(x->names->ctx, e->pc - 1, &place);
    const char *slash = place.line ? strrchr(place.file, '/') : NULL;
    if (place.line)
        snprintf(where, sizeof where, " (%s:%d)", slash ? slash + 1 : place.file, place.line);
    locks(x, p, which, held, sizeof held);
    if (*held)
        buf_printf(out, _("Step %u, %s: %s%s, holding %s.\n"), step, who, what, where, held);
    else
        buf_printf(out, _("Step %u, %s: %s%s, holding no lock.\n"), step, who, what, where);
}

/* -------- the reason -------- */

static void say_chain(const struct saying *x, const struct order_pair *p, struct buf *out)
{
    char line[4 * WORD_BYTES];
    if (p->relaxed)
        buf_puts(out, _("Nothing orders them: a data race. One leads to the other, but through an "
                        "atomic of a memory order that orders nothing else (relaxed):\n"));
    else
        buf_puts(out, _("The first happens before the second:\n"));
    for (unsigned i = 0; i < p->nlinks && i < ORDER_LINKS; i++) {
        order_link_words(x->t, x->v, x->names, &p->link[i], line, sizeof line);
        buf_printf(out, "  %s\n", line);
    }
    if (p->nlinks > ORDER_LINKS)
        buf_printf(out, _("  … and %u more\n"), p->nlinks - ORDER_LINKS);
}

/* What the first's task gave away since, and that it did not arrive. */
static void say_given(const struct saying *x, const struct order_pair *p, struct buf *out)
{
    char first[16], second[16], what[WORD_BYTES] = "";
    who_at(x, p->first, first, sizeof first);
    who_at(x, p->second, second, sizeof second);
    if (!p->gives) {
        buf_printf(
            out,
            _("Between step %u and step %u %s tells nobody what it did: it unlocks, signals, "
              "posts nothing.\n"),
            p->first, p->second, first);
        return;
    }
    explain_operation(trace_step(x->t, p->gives), x->t, x->names, what, sizeof what);
    buf_printf(out,
               _("%s passes on what it did at step %u (%s), but nothing leads from there to %s "
                 "before step %u.\n"),
               first, p->gives, what, second, p->second);
}

static void say_heard(const struct saying *x, const struct order_pair *p, struct buf *out)
{
    char first[16], second[16], line[4 * WORD_BYTES];
    who_at(x, p->first, first, sizeof first);
    who_at(x, p->second, second, sizeof second);
    if (!p->heard) {
        buf_printf(out, _("%s has heard nothing of %s before step %u.\n"), second, first,
                   p->second);
        return;
    }
    order_link_words(x->t, x->v, x->names, &p->how, line, sizeof line);
    buf_printf(out, _("Of %s, %s has heard up to step %u only, through: %s.\n"), first, second,
               p->heard, line);
}

static int in_common(const struct order_pair *p)
{
    for (uint32_t i = 0; i < p->nheld[0]; i++)
        for (uint32_t k = 0; k < p->nheld[1]; k++)
            if (p->held[0][i] == p->held[1][k])
                return 1;
    return 0;
}

static void say_gap(const struct saying *x, const struct order_pair *p, struct buf *out)
{
    if (p->answer == ORDER_ATOMIC)
        buf_puts(out, _("Nothing orders them, but both are atomic: they may come in either order, "
                        "and that is no data race.\n"));
    else
        buf_puts(out, _("Nothing orders them: a data race.\n"));
    if (p->nheld[0] && p->nheld[1] && !in_common(p))
        buf_puts(out, _("Both hold a lock, but not the same one.\n"));
    else if (!p->nheld[0] != !p->nheld[1])
        buf_puts(out, _("Only one of them holds a lock: that keeps out nobody who takes none.\n"));
    say_given(x, p, out);
    say_heard(x, p, out);
}

void order_reason(const struct trace *t, struct world_view *v, const struct names *names,
                  const struct order_pair *p, struct buf *out)
{
    struct saying x = {t, v, names};
    switch (p->answer) {
    case ORDER_NO_ACCESS:
        buf_puts(out, _("This step touches no memory, and no data race was found before it.\n"));
        break;
    case ORDER_ALONE:
        buf_puts(out, _("No other thread's access conflicts with this one in this run.\n"));
        break;
    case ORDER_FAR:
        buf_puts(out, _("No other thread's access that conflicts with this one is near.\n"));
        break;
    case ORDER_BEFORE:
        say_chain(&x, p, out);
        break;
    default:
        (p->relaxed ? say_chain : say_gap)(&x, p, out);
    }
}

void order_text(const struct trace *t, struct world_view *v, const struct names *names,
                const struct order_pair *p, struct buf *out)
{
    struct saying x = {t, v, names};
    if (p->answer != ORDER_NO_ACCESS)
        say_access(&x, p, 0, out);
    if (p->answer != ORDER_NO_ACCESS && p->first != p->second)
        say_access(&x, p, 1, out);
    order_reason(t, v, names, p, out);
}

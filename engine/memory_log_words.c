/* Memory over time in words. */
#include "memory_log.h"

#include <stdio.h>
#include <string.h>

#include "explain.h"

enum { WORD_BYTES = 160 };

struct saying {
    const struct trace *t;
    const struct world *w;
    const struct names *names;
    uint32_t step;
};

static void lock_names(const struct saying *x, const uint64_t *addr, uint32_t count, char *out,
                       size_t n)
{
    size_t at = 0;
    char name[64];
    out[0] = 0;
    for (uint32_t i = 0; i < count && at < n; i++) {
        explain_object(x->t, x->step, x->names, addr[i], 0, name, sizeof name);
        at += (size_t)snprintf(out + at, n - at, "%s%s", i ? ", " : "", name);
    }
}

/* "T1: m; T2: no lock": what each task always holds. */
static void by_task(const struct saying *x, const struct memory_summary *s, char *out, size_t n)
{
    size_t at = 0;
    char who[16], held[WORD_BYTES];
    out[0] = 0;
    for (unsigned i = 0; i < s->ntouchers && i < MEMORY_TOUCHERS && at < n; i++) {
        const struct memory_toucher *k = &s->toucher[i];
        explain_task_number(x->w, k->task, who, sizeof who);
        lock_names(x, k->common, k->ncommon, held, sizeof held);
        if (!*held)
            snprintf(held, sizeof held, "%s",
                     k->bare == k->reads + k->writes ? _("no lock")
                     : k->bare                       ? _("a lock at times")
                                                     : _("now one, now another"));
        at += (size_t)snprintf(out + at, n - at, "%s%s: %s", i ? "; " : "", who, held);
    }
}

void memory_rule_words(const struct trace *t, uint32_t step, const struct world *w,
                       const struct names *names, const struct memory_summary *s, char *out,
                       size_t n)
{
    struct saying x = {t, w, names, step};
    char words[2 * WORD_BYTES];
    switch (s->rule) {
    case RULE_ONE_TASK:
        words[0] = 0;
        if (s->ntouchers)
            explain_task_number(w, s->toucher[0].task, words, sizeof words);
        snprintf(out, n, _("only %s touches it"), words);
        break;
    case RULE_READ_ONLY:
        snprintf(out, n, "%s", _("only read"));
        break;
    case RULE_ATOMIC:
        snprintf(out, n, "%s", _("always atomic"));
        break;
    case RULE_LOCKED:
        lock_names(&x, s->common, s->ncommon, words, sizeof words);
        snprintf(out, n, _("always under %s"), words);
        break;
    case RULE_DIFFERENT:
        by_task(&x, s, words, sizeof words);
        snprintf(out, n, _("never the same lock: %s"), words);
        break;
    case RULE_SOMETIMES:
        by_task(&x, s, words, sizeof words);
        snprintf(out, n, _("not always locked: %s"), words);
        break;
    case RULE_NEVER:
        snprintf(out, n, "%s", _("never under a lock"));
        break;
    }
    if (!s->more)
        return;
    snprintf(words, sizeof words, "%s", out);
    snprintf(out, n, _("%s (of its last %u accesses)"), words, s->looked);
}

static void say_last(const struct saying *x, uint32_t step, int wrote, struct buf *out)
{
    char who[16];
    const struct event *e = trace_step(x->t, step);
    if (!e)
        return;
    explain_task_number(x->w, e->task, who, sizeof who);
    buf_printf(out, wrote ? _("written by %s at step %u; ") : _("read by %s at step %u; "), who,
               step);
}

void memory_text(struct memory_log *l, struct world_view *v, const struct names *names,
                 uint32_t step, struct buf *out)
{
    const struct trace *t = world_view_trace(v);
    struct memory_summary s;
    char name[WORD_BYTES], value[64], rule[2 * WORD_BYTES];
    memory_log_update(l, v);
    struct saying x = {t, world_at(v, step), names, step};
    for (uint32_t i = 0; i < memory_places(l); i++) {
        const struct memory_place *p = memory_place(l, i);
        const struct world_object *o = world_object(x.w, p->addr);
        if (!memory_until(p, step) || !o || o->destroyed)
            continue;
        memory_summarise(l, p, step, &s);
        explain_object(t, step, names, p->addr, o->size, name, sizeof name);
        names->value(names->ctx, p->addr, o->size, o->value, value, sizeof value);
        buf_printf(out, "%s = %s; ", name, value);
        say_last(&x, s.last_write, 1, out);
        say_last(&x, s.last_read, 0, out);
        memory_rule_words(t, step, x.w, names, &s, rule, sizeof rule);
        buf_printf(out, "%s\n", rule);
    }
}

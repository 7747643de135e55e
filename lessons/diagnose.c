#include "diagnose.h"

#include "run.h"
#include "world.h"

/* How often a plain run sleeps; -1 if it cannot be run. */
static long sleeps(struct program *p)
{
    struct session *s;
    long n = -1;
    if (session_open(&s, p, NULL, NULL) != 0)
        return -1;
    if (run_to_end(s, NULL) == 0)
        n = (long)(run_count(s, EV_SLEEP, NO_TASK) + run_count(s, EV_YIELD, NO_TASK));
    session_close(s);
    return n;
}

int sleeps_more(struct program *fix, struct program *start)
{
    long before = sleeps(start);
    return before >= 0 && sleeps(fix) > before;
}

static void list_locks(const struct world_task *t, const struct names *names, struct buf *out)
{
    for (uint32_t i = 0; i < t->nheld && i < 16; i++) {
        char name[64];
        names->object(names->ctx, t->held[i], 0, name, sizeof name);
        buf_printf(out, "%s%s", i ? ", " : "", name);
    }
    if (t->nheld == 0)
        buf_puts(out, "no lock");
}

static int holds_any(const struct world_task *t)
{
    return t->nheld > 0;
}

/* Which locks the two tasks of a race hold. 1 when both hold some, but none in common. */
static int race_locks(struct session *s, const struct event *f, struct buf *why)
{
    const struct trace *t = session_trace(s);
    struct world_view *view = world_view_new(t);
    const struct world *w = world_at(view, f->ref);
    struct world_task first = {0}, second = {0};
    if (f->other < w->ntasks)
        first = w->tasks[f->other];
    w = world_at(view, f->step);
    if (f->task < w->ntasks)
        second = w->tasks[f->task];
    int both = holds_any(&first) && holds_any(&second);
    if (both)
        buf_puts(why, "different locks protect nothing: ");
    buf_printf(why, "T%u holds ", f->other);
    list_locks(&first, session_names(s), why);
    buf_printf(why, " at step %u, T%u holds ", f->ref, f->task);
    list_locks(&second, session_names(s), why);
    buf_printf(why, " at step %u; ", f->step);
    world_view_free(view);
    return both;
}

static enum refusal race_refusal(struct program *fix, const struct explore_finding *f,
                                 struct buf *why)
{
    struct session *s;
    enum refusal kind = REFUSAL_RACE;
    if (session_open(&s, fix, NULL, NULL) != 0)
        return kind;
    const struct event *e = NULL;
    if (session_replay(s, &f->schedule, RUN_TIMEOUT_MS, NULL) == 0)
        e = run_finding(s, FIND_DATA_RACE);
    if (e && race_locks(s, e, why))
        kind = REFUSAL_LOCKS;
    session_close(s);
    return kind;
}

enum refusal finding_refusal(struct program *fix, struct program *start,
                             const struct explore_finding *f, struct buf *why)
{
    if (sleeps_more(fix, start)) {
        buf_puts(why, "sleeping is no synchronisation: any task may be slow, and then it still "
                      "goes wrong; ");
        return REFUSAL_SLEEPING;
    }
    if (f->kind == FIND_DATA_RACE)
        return race_refusal(fix, f, why);
    return f->kind == FIND_DEADLOCK || f->kind == FIND_LOST_WAKEUP ? REFUSAL_DEADLOCK
                                                                   : REFUSAL_FAILS;
}

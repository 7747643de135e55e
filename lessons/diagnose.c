#include "diagnose.h"

#include "run.h"
#include "world.h"

/* How often a plain run sleeps; -1 if it cannot be run. */
static long sleeps(struct program *p, const struct session_options *o)
{
    struct session *s;
    long n = -1;
    if (session_open(&s, p, o, NULL) != 0)
        return -1;
    if (run_to_end(s, NULL) == 0)
        n = (long)run_sleeps(s);
    session_close(s);
    return n;
}

int sleeps_more(struct program *fix, struct program *start, const struct session_options *o)
{
    long before = sleeps(start, o);
    return before >= 0 && sleeps(fix, o) > before;
}

int sleeps_less(struct program *fix, struct program *start, const struct session_options *o)
{
    long now = sleeps(fix, o);
    return now >= 0 && sleeps(start, o) > now;
}

/* -------- the two ends of a race -------- */

static void list_locks(const struct world_task *t, const struct names *names, struct buf *out)
{
    for (uint32_t i = 0; i < t->nheld && i < 16; i++) {
        char name[64];
        names->object(names->ctx, t->held[i], 0, name, sizeof name);
        buf_printf(out, "%s%s", i ? ", " : "", name);
    }
}

static void say_held(unsigned task, uint32_t step, const struct world_task *t,
                     const struct names *names, struct buf *why)
{
    struct buf locks = {0};
    list_locks(t, names, &locks);
    if (locks.len)
        buf_printf(why, _("T%u holds %s at step %u; "), task, locks.data, step);
    else
        buf_printf(why, _("T%u holds no lock at step %u; "), task, step);
    buf_fini(&locks);
}

/* Whether anything of the execution is there to protect or to order: a lock, a semaphore, an atomic
 * access, a condition, a barrier. */
static int has_protection(struct session *s)
{
    const struct trace *t = session_trace(s);
    for (size_t i = 0; i < t->nevents; i++) {
        unsigned kind = t->events[i].kind;
        if ((kind >= EV_ATOMIC_LOAD && kind <= EV_ATOMIC_CAS) ||
            (kind >= EV_LOCK && kind <= EV_ONCE_END))
            return 1;
    }
    return 0;
}

/* What the locks held at both ends say about race *f. */
static enum refusal race_locks(struct session *s, const struct event *f, struct buf *why)
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
    enum refusal kind = REFUSAL_RACE;
    if (first.nheld && second.nheld) {
        buf_puts(why, _("different locks protect nothing: "));
        kind = REFUSAL_LOCKS;
    } else if (first.nheld || second.nheld) {
        buf_puts(why, _("only one of the two holds a lock, the other does not ask for it: "));
    } else if (!has_protection(s)) {
        kind = REFUSAL_UNLOCKED;
    }
    if (!first.nheld && !second.nheld) { /* the finding says so */
        world_view_free(view);
        return kind;
    }
    say_held(f->other, f->ref, &first, session_names(s), why);
    say_held(f->task, f->step, &second, session_names(s), why);
    world_view_free(view);
    return kind;
}

/* A session that stands at the end of the finding's schedule; NULL if it cannot be had. */
static struct session *replay(struct program *fix, const struct explore_finding *f,
                              const struct session_options *o)
{
    struct session *s;
    if (session_open(&s, fix, o, NULL) != 0)
        return NULL;
    if (session_replay(s, &f->schedule, RUN_TIMEOUT_MS, NULL) == 0)
        return s;
    session_close(s);
    return NULL;
}

/* How often the failing execution slept. Who cannot get a lock may well sleep between two tries:
 * where tasks are stuck that is not the reason. */
static long slept(struct session *s, int finding)
{
    if (finding == FIND_DEADLOCK || finding == FIND_LOST_WAKEUP || finding == FIND_LIVELOCK ||
        finding == FIND_STARVATION)
        return 0;
    return (long)(run_sleeps(s) - run_count(s, EV_YIELD, NO_TASK));
}

enum refusal finding_refusal(struct program *fix, struct program *start,
                             const struct session_options *o, const struct explore_finding *f,
                             struct buf *why)
{
    struct session *s = replay(fix, f, o);
    enum refusal kind = REFUSAL_FAILS;
    const struct event *race = s ? run_finding(s, FIND_DATA_RACE) : NULL;
    long before = sleeps(start, o), here = s ? slept(s, f->kind) : 0;
    if (before >= 0 && (here > before || sleeps(fix, o) > before)) {
        buf_puts(why, _("Any task may be slow, and then it still goes wrong; "));
        kind = REFUSAL_SLEEPING;
    } else if (f->kind == FIND_DATA_RACE) {
        kind = race ? race_locks(s, race, why) : REFUSAL_RACE;
    } else if (f->kind == FIND_DEADLOCK || f->kind == FIND_LOST_WAKEUP) {
        kind = REFUSAL_DEADLOCK;
    }
    session_close(s);
    return kind;
}

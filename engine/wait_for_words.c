/* The graph of waits in words. */
#include "wait_for.h"

#include <stdio.h>
#include <string.h>

#include "explain.h"

enum { WORD_BYTES = 160, MANY = 6 };

static void number(const struct wait_words *x, unsigned task, char *out, size_t n)
{
    explain_task_number(x->w, task, out, n);
}

static void object(const struct wait_words *x, const struct wait_edge *e, char *out, size_t n)
{
    explain_object(x->t, x->w->step, x->names, e->addr, 0, out, n);
}

/* "T1, T3", or "T1, T3 … (12)" where there are many. */
static void list(const struct wait_words *x, const struct wait_edge *e, char *out, size_t n)
{
    size_t at = 0;
    unsigned shown = 0, all = wait_nby(e);
    char who[16];
    out[0] = 0;
    for (unsigned i = 0; i < x->w->ntasks && shown < MANY && at < n; i++) {
        if (!wait_by(e, i))
            continue;
        number(x, i, who, sizeof who);
        at += (size_t)snprintf(out + at, n - at, "%s%s", shown++ ? ", " : "", who);
    }
    if (all > shown && at < n)
        snprintf(out + at, n - at, " … (%u)", all);
}

/* Of a wait at an object, which has a name. */
static void what_object(unsigned reason, const char *what, uint32_t since, char *out, size_t n)
{
    switch (reason) {
    case BLOCK_COND:
        snprintf(out, n, _("sleeps in %s since step %u"), what, since);
        break;
    case BLOCK_SEM:
    case BLOCK_BARRIER:
        snprintf(out, n, _("waits at %s since step %u"), what, since);
        break;
    case BLOCK_ONCE:
        snprintf(out, n, _("waits for %s to be done since step %u"), what, since);
        break;
    case BLOCK_SPIN:
        snprintf(out, n, _("spins on %s since step %u"), what, since);
        break;
    case BLOCK_READ:
        snprintf(out, n, _("waits to read from %s since step %u"), what, since);
        break;
    case BLOCK_WRITE:
        snprintf(out, n, _("waits to write to %s since step %u"), what, since);
        break;
    default:
        snprintf(out, n, _("waits for %s since step %u"), what, since);
    }
}

void wait_what(const struct wait_words *x, const struct wait_edge *e, char *out, size_t n)
{
    char what[WORD_BYTES] = "";
    switch (e->reason) {
    case BLOCK_JOIN:
        list(x, e, what, sizeof what);
        snprintf(out, n, _("waits for %s to end since step %u"), *what ? what : _("another"),
                 e->since);
        break;
    case BLOCK_CHILD:
        snprintf(out, n, _("waits for a child to end since step %u"), e->since);
        break;
    case BLOCK_POLL:
        snprintf(out, n, _("waits for descriptors to be ready since step %u"), e->since);
        break;
    case BLOCK_SIGNAL:
        snprintf(out, n, _("waits for a signal since step %u"), e->since);
        break;
    case BLOCK_STOPPED:
        snprintf(out, n, _("is stopped since step %u"), e->since);
        break;
    default:
        object(x, e, what, sizeof what);
        what_object(e->reason, what, e->since, out, n);
    }
}

/* Of a read-write lock that nobody writes. */
static void who_reads(const struct wait_words *x, const struct wait_edge *e, const char *who,
                      char *out, size_t n)
{
    if (x->w->tasks[e->task].pending.a == EV_RDLOCK)
        snprintf(out, n, _("it stands back for %s, which wants to write"), who);
    else
        snprintf(out, n, ngettext("%s reads it", "%s read it", wait_nby(e)), who);
}

static void who_holds(const struct wait_words *x, const struct wait_edge *e, const char *who,
                      char *out, size_t n)
{
    const struct world_object *o = world_object(x->w, e->addr);
    if (o && o->class == OBJ_RWLOCK && o->owner == NO_TASK)
        who_reads(x, e, who, out, n);
    else if (e->next == e->task)
        snprintf(out, n, _("%s holds it itself"), who);
    else if (e->held_since)
        snprintf(out, n, _("%s holds it since step %u"), who, e->held_since);
    else
        snprintf(out, n, _("%s holds it"), who);
}

/* Of a wait that names tasks. */
static void who_named(const struct wait_words *x, const struct wait_edge *e, char *out, size_t n)
{
    char who[WORD_BYTES];
    list(x, e, who, sizeof who);
    switch (e->reason) {
    case BLOCK_LOCK:
    case BLOCK_STREAM:
        who_holds(x, e, who, out, n);
        break;
    case BLOCK_ONCE:
        snprintf(out, n, _("%s runs the initialiser"), who);
        break;
    case BLOCK_READ:
        snprintf(out, n, _("until something is written there, by %s"), who);
        break;
    case BLOCK_WRITE:
        snprintf(out, n, _("it is full until something is read there, by %s"), who);
        break;
    default:
        snprintf(out, n, ngettext("%s has not ended", "%s have not ended", wait_nby(e)), who);
    }
}

/* Of a wait that names nobody: what has to be done, and who is there to do it. */
static void what_ends_it(const struct wait_words *x, const struct wait_edge *e, char *out, size_t n)
{
    static const char *const words[] = {
        [BLOCK_LOCK] = N_("until it is free"),
        [BLOCK_COND] = N_("until somebody signals it"),
        [BLOCK_SEM] = N_("until somebody posts it"),
        [BLOCK_SPIN] = N_("until somebody writes it"),
        [BLOCK_READ] = N_("until somebody sends something"),
        [BLOCK_WRITE] = N_("it is full until somebody receives something"),
        [BLOCK_POLL] = N_("until one of them is ready"),
        [BLOCK_SIGNAL] = N_("until one comes"),
        [BLOCK_STOPPED] = N_("until SIGCONT comes"),
    };
    const struct world_object *o = world_object(x->w, e->addr);
    if (e->reason == BLOCK_BARRIER && o && o->limit)
        snprintf(out, n, _("%lld of %lld are there"), (long long)o->count, (long long)o->limit);
    else
        snprintf(out, n, "%s",
                 e->reason < sizeof words / sizeof *words && words[e->reason] ? _(words[e->reason])
                                                                              : "");
}

void wait_who(const struct wait_words *x, const struct wait_edge *e, char *out, size_t n)
{
    char what[WORD_BYTES], who[WORD_BYTES];
    if (e->need != NEED_ANYBODY && e->next != NO_TASK) {
        who_named(x, e, out, n);
        return;
    }
    if (e->need == NEED_EACH) { /* named, and ended */
        unsigned by = x->w->tasks[e->task].blocked_by;
        number(x, by, who, sizeof who);
        if (by < x->w->ntasks)
            snprintf(out, n, _("%s has ended and never gave it back"), who);
        else
            snprintf(out, n, "%s", _("nobody is left to do it"));
        return;
    }
    what_ends_it(x, e, what, sizeof what);
    list(x, e, who, sizeof who);
    if (e->hope == HOPE_NOBODY)
        snprintf(out, n, _("%s: nobody is left to do it"), what);
    else if (*who)
        snprintf(out, n, _("%s; able to go on: %s"), what, who);
    else
        snprintf(out, n, "%s", what);
}

/* "T1 → m → T2 → n → T1" of the circle that begins at edge `from`. */
static void circle(const struct wait_words *x, const struct wait_graph *g, unsigned from, char *out,
                   size_t n)
{
    char who[16], what[64];
    size_t at = 0;
    unsigned i = from;
    for (; i < g->n && g->circle_of[i] == g->circle_of[from] && at < n; i++) {
        number(x, g->edge[i].task, who, sizeof who);
        at += (size_t)snprintf(out + at, n - at, "%s → ", who);
        if (!g->edge[i].addr || at >= n)
            continue;
        object(x, &g->edge[i], what, sizeof what);
        at += (size_t)snprintf(out + at, n - at, "%s → ", what);
    }
    number(x, g->edge[from].task, who, sizeof who);
    if (at < n)
        snprintf(out + at, n - at, "%s", who);
}

void wait_summary(const struct wait_words *x, const struct wait_graph *g, char *out, size_t n)
{
    char way[WORD_BYTES * 2];
    if (g->ncircles) {
        circle(x, g, 0, way, sizeof way);
        snprintf(out, n,
                 g->nclosed ? _("Deadlock: %s")
                            : _("A circle, which a signal or a cancellation could open: %s"),
                 way);
        return;
    }
    unsigned lost = 0;
    for (unsigned i = 0; i < g->n; i++)
        lost += g->edge[i].hope == HOPE_NOBODY;
    if (!g->n)
        snprintf(out, n, "%s", _("Nobody waits at this step."));
    else if (lost)
        snprintf(out, n,
                 ngettext("%u waits for what nobody can give any more.",
                          "%u wait for what nobody can give any more.", lost),
                 lost);
    else
        snprintf(out, n, ngettext("%u waits, in no circle.", "%u wait, in no circle.", g->n), g->n);
}

static const char *hope_words(unsigned hope)
{
    static const char *const words[] = {
        [HOPE_SOME] = "",
        [HOPE_BEHIND] = N_("As things are it stands behind a wait that does not end."),
        [HOPE_LOOSE] = N_("It is in a circle that a signal or a cancellation could open."),
        [HOPE_CIRCLE] = N_("It is in a circle and can never go on."),
        [HOPE_NOBODY] = N_("It can never go on."),
    };
    return *words[hope] ? _(words[hope]) : "";
}

void wait_text(const struct wait_words *x, const struct wait_graph *g, struct buf *out)
{
    char who[WORD_BYTES], what[2 * WORD_BYTES], by[2 * WORD_BYTES];
    wait_summary(x, g, what, sizeof what);
    buf_printf(out, "%s\n", what);
    for (unsigned i = 0; i < g->n; i++) {
        const struct wait_edge *e = &g->edge[i];
        explain_task(x->w, e->task, x->names, who, sizeof who);
        wait_what(x, e, what, sizeof what);
        wait_who(x, e, by, sizeof by);
        buf_printf(out, *by ? _("%s %s: %s.") : _("%s %s%s."), who, what, by);
        const char *hope = hope_words(e->hope);
        buf_printf(out, "%s%s\n", *hope ? " " : "", hope);
    }
}

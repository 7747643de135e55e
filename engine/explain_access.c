/* Reads and writes: what changed, which update was lost, which access this one races with. */
#include "happens_before.h"
#include "explain_private.h"

#include <stdlib.h>
#include <string.h>

int is_atomic(unsigned kind)
{
    return kind == EV_ATOMIC_LOAD || kind == EV_ATOMIC_STORE || kind == EV_ATOMIC_RMW ||
           kind == EV_ATOMIC_CAS;
}

int is_access(unsigned kind)
{
    return kind == EV_READ || kind == EV_WRITE || kind == EV_COPY || kind == EV_FREE ||
           is_atomic(kind);
}

int access_is_write(const struct event *e)
{
    switch (e->kind) {
    case EV_WRITE:
    case EV_ATOMIC_STORE:
    case EV_ATOMIC_RMW:
    case EV_FREE:
        return 1;
    case EV_ATOMIC_CAS:
        return e->result == 1;
    case EV_COPY:
        return e->addr != 0;
    default:
        return 0;
    }
}

static int access_is_read(const struct event *e)
{
    return e->kind == EV_READ || e->kind == EV_ATOMIC_LOAD || e->kind == EV_ATOMIC_RMW ||
           e->kind == EV_ATOMIC_CAS || (e->kind == EV_COPY && e->addr2);
}

/* Races */

/* Keep step `other` as the race if nothing orders it with this step and it is newer. */
static void consider(struct say *s, uint32_t other)
{
    const struct event *e = trace_step(s->t, other);
    if (!e || other <= s->race || e->task == s->e->task || s->e->step - other > SCAN_STEPS)
        return;
    if (is_atomic(e->kind) && is_atomic(s->e->kind))
        return;
    if (!order_before(s->t, other, s->e->step))
        s->race = other;
}

/* Look at all places that overlap [addr, addr + size). */
static void consider_range(struct say *s, const struct world *before, uint64_t addr, int write)
{
    enum { WIDEST = 16, LONGEST = 64 };
    uint64_t size = s->e->size < LONGEST ? s->e->size : LONGEST;
    for (uint64_t at = addr - (WIDEST - 1); at != addr + size; at++) {
        const struct world_object *o = world_object(before, at);
        if (!o || (at < addr && at + o->size <= addr))
            continue;
        consider(s, o->last_write);
        for (int i = 0; write && i < 4; i++)
            consider(s, o->last_read[i]);
    }
}

/* The other side of a FINDING of this step, if the probe found a race. */
static uint32_t race_found(const struct say *s)
{
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == EV_FINDING && k->a == FIND_DATA_RACE && k->ref < s->e->step)
            return k->ref;
    return 0;
}

void find_race(struct say *s)
{
    const struct event *e = s->e;
    s->race = race_found(s);
    if (!s->race && is_access(e->kind) && !(e->flags & EVF_UNSEEN)) {
        const struct world *before = world_at(s->v, e->step - 1);
        if (e->addr)
            consider_range(s, before, e->addr, access_is_write(e));
        if (e->kind == EV_COPY && e->addr2)
            consider_range(s, before, e->addr2, 0);
    }
    const struct event *other = trace_step(s->t, s->race);
    if (!other)
        return;
    const struct world_task *k = &world_at(s->v, s->race)->tasks[other->task];
    s->nrace_held = k->nheld;
    memcpy(s->race_held, k->held, sizeof k->held);
}

/* Lost updates: this task writes what it computed from a value it read before others wrote. */

struct lost {
    const struct event *read;  /* this task's last read of the place */
    const struct event *write; /* the newest write of another task since then */
    unsigned nwrites;          /* of other tasks since then */
};

static int find_lost(const struct say *s, struct lost *l)
{
    const struct event *e = s->e;
    uint32_t oldest = e->step > SCAN_STEPS ? e->step - SCAN_STEPS : 1;
    *l = (struct lost){0};
    for (uint32_t step = e->step - 1; step >= oldest; step--) {
        const struct event *k = trace_step(s->t, step);
        if (k->addr != e->addr || k->size != e->size || !is_access(k->kind) || k->kind == EV_COPY)
            continue;
        if (k->kind == EV_FREE)
            return 0;
        if (k->task != e->task) {
            if (access_is_write(k) && l->nwrites++ == 0)
                l->write = k;
        } else {
            l->read = access_is_read(k) && !access_is_write(k) ? k : NULL;
            return l->read && l->write;
        }
    }
    return 0;
}

/* b - a as the type of `size` bytes computes it. */
static int64_t difference(uint64_t a, uint64_t b, uint32_t size)
{
    unsigned unused = 64 - 8 * size;
    return (int64_t)((b - a) << unused) >> unused;
}

static int is_number(const char *spelled)
{
    char *end;
    strtoll(spelled, &end, 10);
    return spelled[0] && !*end;
}

/* Whether both writes counted up or down by one, so that "increment" is the right word. A byte may
 * be a flag. */
static int both_count(const struct say *s, const struct lost *l, const char *spelled)
{
    const struct event *e = s->e;
    int64_t own = difference(l->read->a, e->b, e->size);
    int64_t other = difference(l->write->a, l->write->b, e->size);
    return e->size >= 2 && is_number(spelled) && llabs(own) == 1 && llabs(other) == 1 &&
           l->nwrites == 1;
}

static void say_lost(struct say *s, const struct lost *l)
{
    const struct event *e = s->e;
    char value[NAME_BYTES], theirs[NAME_BYTES], sum[NAME_BYTES], who[TASK_BYTES];
    spell_task(s->names, l->write->task, who);
    spell_value(s->names, e, e->b, value);
    spell_value(s->names, e, l->write->b, theirs);
    say(s, "%s writes %s, but %s already wrote %s at step %u.", s->task, value, who, theirs,
        l->write->step);
    if (both_count(s, l, value)) {
        int64_t own = difference(l->read->a, e->b, e->size);
        int64_t other = difference(l->write->a, l->write->b, e->size);
        spell_value(s->names, e, l->write->b + (uint64_t)own, sum);
        say(s,
            other > 0 ? N_("%s read %s at step %u, before %s's write, so %s's increment is lost.")
                      : N_("%s read %s at step %u, before %s's write, so %s's decrement is lost."),
            s->task, s->object, l->read->step, who, who);
        say(s, "One after the other would have made it %s.", sum);
    } else if (l->write->b != e->b) {
        say(s,
            "%s read %s at step %u, before %s's write, and overwrites it without having seen it.",
            s->task, s->object, l->read->step, who);
    } else {
        say(s, "%s read %s at step %u, before %s's write, and did not know of it.", s->task,
            s->object, l->read->step, who);
    }
}

/* Sentences */

static void say_read(struct say *s)
{
    char value[NAME_BYTES], who[TASK_BYTES];
    const struct event *e = s->e, *writer = trace_step(s->t, s->last_write);
    if (e->size > 8) {
        say(s, "%s reads %u bytes of %s.", s->task, e->size, s->object);
    } else {
        spell_value(s->names, e, e->a, value);
        say(s,
            is_atomic(e->kind) ? N_("%s reads %s from %s atomically.") : N_("%s reads %s from %s."),
            s->task, value, s->object);
    }
    if (writer && writer->task != e->task && writer->step != s->race) {
        spell_task(s->names, writer->task, who);
        say(s, "%s wrote it at step %u.", who, writer->step);
    }
}

static void say_write(struct say *s)
{
    char from[NAME_BYTES], to[NAME_BYTES];
    struct lost lost;
    const struct event *e = s->e;
    int atomic = is_atomic(e->kind);
    if (e->size > 8 || e->size == 0) {
        say(s, "%s writes %u bytes of %s.", s->task, e->size, s->object);
        return;
    }
    spell_value(s->names, e, e->a, from);
    spell_value(s->names, e, e->b, to);
    if (e->kind == EV_WRITE && find_lost(s, &lost))
        say_lost(s, &lost);
    else if (e->a == e->b)
        say(s,
            atomic ? N_("%s writes %s to %s atomically, which was %s already.")
                   : N_("%s writes %s to %s, which was %s already."),
            s->task, to, s->object, from);
    else
        say(s,
            atomic ? N_("%s changes %s atomically from %s to %s.")
                   : N_("%s changes %s from %s to %s."),
            s->task, s->object, from, to);
}

static void say_cas(struct say *s)
{
    char now[NAME_BYTES];
    if (s->e->result == 1) {
        say_write(s);
        say(s, "The compare-and-swap found what it expected.");
        return;
    }
    spell_value(s->names, s->e, s->e->a, now);
    say(s,
        "%s's compare-and-swap on %s fails: it finds %s, which is not what %s expected, and "
        "changes nothing.",
        s->task, s->object, now, s->task);
}

static void say_copy(struct say *s)
{
    const struct event *e = s->e;
    if (e->addr && e->addr2)
        say(s, "%s copies %u bytes from %s to %s.", s->task, e->size, s->object2, s->object);
    else if (e->addr)
        say(s, "%s sets %u bytes of %s.", s->task, e->size, s->object);
    else
        say(s, "%s reads %u bytes of %s.", s->task, e->size, s->object2);
}

static int share_a_lock(const struct say *s, const struct world_task *k)
{
    for (uint32_t i = 0; i < k->nheld; i++)
        for (uint32_t j = 0; j < s->nrace_held; j++)
            if (k->held[i] == s->race_held[j])
                return 1;
    return 0;
}

static void say_locks_held(struct say *s, unsigned other)
{
    const struct world_task *k = &s->w->tasks[s->e->task];
    struct buf own = {0}, theirs = {0};
    char who[TASK_BYTES];
    spell_task(s->names, other, who);
    spell_locks(s->names, k->held, k->nheld, &own);
    spell_locks(s->names, s->race_held, s->nrace_held, &theirs);
    if (k->nheld == 0 && s->nrace_held == 0)
        say(s, "Neither held a lock.");
    else if (share_a_lock(s, k))
        say(s, "%s held %s, %s held %s; a lock both hold for reading orders nothing.", who,
            theirs.data, s->task, own.data);
    else if (k->nheld && s->nrace_held)
        say(s, "%s held %s, %s held %s: different locks.", who, theirs.data, s->task, own.data);
    else
        say(s, "%s held %s, %s held %s.", who, theirs.data, s->task, own.data);
    buf_fini(&own);
    buf_fini(&theirs);
}

static const char *access_word(const struct event *e)
{
    if (e->kind == EV_FREE)
        return _("freeing");
    return access_is_write(e) ? _("write") : _("read");
}

/* "T1's write at step 8 (counter.c:10)" */
static void say_race(struct say *s)
{
    const struct event *other = trace_step(s->t, s->race);
    char who[TASK_BYTES], place[NAME_BYTES];
    if (!other)
        return;
    spell_task(s->names, other->task, who);
    spell_place(s->names, other->pc, place);
    if (place[0])
        say(s, "Nothing orders this %s and %s's %s at step %u (%s): a data race.",
            access_word(s->e), who, access_word(other), other->step, place);
    else
        say(s, "Nothing orders this %s and %s's %s at step %u: a data race.", access_word(s->e),
            who, access_word(other), other->step);
    say_locks_held(s, other->task);
}

/* Of a run that was not under control: that it happened is all that is known. */
static void say_unseen(struct say *s)
{
    const struct event *e = s->e;
    int atomic = is_atomic(e->kind);
    if (e->kind == EV_ATOMIC_RMW || e->kind == EV_ATOMIC_CAS)
        say(s, "%s updates %s atomically; a free run notes no values.", s->task, s->object);
    else if (access_is_write(e))
        say(s,
            atomic ? N_("%s writes %s atomically; a free run notes no values.")
                   : N_("%s writes %s; a free run notes no values."),
            s->task, s->object);
    else
        say(s,
            atomic ? N_("%s reads %s atomically; a free run notes no values.")
                   : N_("%s reads %s; a free run notes no values."),
            s->task, s->object);
}

void say_access(struct say *s)
{
    if (s->e->flags & EVF_UNSEEN) {
        say_unseen(s);
        return;
    }
    switch (s->e->kind) {
    case EV_READ:
    case EV_ATOMIC_LOAD:
        say_read(s);
        break;
    case EV_ATOMIC_CAS:
        say_cas(s);
        break;
    case EV_COPY:
        say_copy(s);
        break;
    case EV_FREE:
        say(s, "%s frees %s (%u bytes): nobody may use it from now on.", s->task, s->object,
            s->e->size);
        break;
    default:
        say_write(s);
    }
    say_race(s);
}

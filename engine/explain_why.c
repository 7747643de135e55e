/* Why a task waits, and what a step set off. */
#include "explain_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A task of the world; one that does not exist is no reason to stumble. */
const struct world_task *task_at(const struct say *s, unsigned task)
{
    static const struct world_task nobody = {.blocked_by = NO_TASK, .woken_by = NO_TASK};
    return task < s->w->ntasks && s->w->tasks[task].exists ? &s->w->tasks[task] : &nobody;
}

int is_blocked(const struct world_task *k)
{
    return k->state == TASK_BLOCKED || k->state == TASK_DEADLOCKED || k->state == TASK_STOPPED;
}

/* The one task of a process that has not ended, NO_TASK if there are several. */
static unsigned living_task(const struct say *s, unsigned process)
{
    unsigned found = NO_TASK;
    for (uint32_t i = 0; i < s->w->ntasks; i++) {
        const struct world_task *k = task_at(s, i);
        if (k->process != process || !k->exists || k->ended)
            continue;
        if (found != NO_TASK)
            return NO_TASK;
        found = i;
    }
    return found;
}

/* Who alone could read what fills a pipe, or write what is missing in it. */
static unsigned other_end(const struct say *s, const struct world_task *k)
{
    uint64_t set = world_ends(s->w, k->blocked_addr, k->blocked_reason == BLOCK_READ);
    uint64_t others = set & ~(1ull << k->process);
    if (others & (others - 1))
        return NO_TASK;
    return set ? living_task(s, others ? (unsigned)__builtin_ctzll(others) : k->process) : NO_TASK;
}

/* For whom a blocked task waits, NO_TASK if for nobody in particular. */
unsigned blocker(const struct say *s, unsigned task)
{
    const struct world_task *k = task_at(s, task);
    const struct world_object *o;
    if (!is_blocked(k))
        return NO_TASK;
    if (k->blocked_by != NO_TASK)
        return k->blocked_by;
    if (k->blocked_reason == BLOCK_CHILD)
        return living_task(s, child_waited_for(s->w, k));
    if (k->blocked_reason == BLOCK_READ || k->blocked_reason == BLOCK_WRITE)
        return other_end(s, k);
    o = k->blocked_reason == BLOCK_LOCK ? world_object(s->w, k->blocked_addr) : NULL;
    return o ? o->owner : NO_TASK;
}

/* Follow the blockers of `task`. Fills path with them, `task` first, until one can go on (returns
 * -1) or one comes again (returns its index). */
static int follow_blockers(const struct say *s, unsigned task, uint16_t path[MAX_TASKS], int *n)
{
    for (*n = 0; *n < MAX_TASKS && is_blocked(task_at(s, task)); task = blocker(s, task)) {
        for (int i = 0; i < *n; i++)
            if (path[i] == task)
                return i;
        path[(*n)++] = (uint16_t)task;
    }
    return -1;
}

/* One sentence each for why `task`, called `who`, cannot go on. */

static void say_lock_wait(struct say *s, const struct waiting *x)
{
    unsigned holder = x->k->blocked_by;
    if (holder == NO_TASK && x->o)
        holder = x->o->owner;
    if (x->k->pending.a == EV_COND_RELOCK)
        say(s, "%s was woken and must get %s back before its wait is over.", x->who, x->object);
    if (holder < MAX_TASKS && &s->w->tasks[holder] == x->k) {
        say(s, "%s waits for %s since step %u, but holds it itself: it waits for itself.", x->who,
            x->object, x->k->blocked_since);
    } else if (holder != NO_TASK) {
        uint32_t since = x->o && x->o->owner == holder ? x->o->owner_since : 0;
        if (since)
            say(s, "%s waits for %s since step %u: %s holds it since step %u.", x->who, x->object,
                x->k->blocked_since, x->by, since);
        else
            say(s, "%s waits for %s since step %u: %s holds it.", x->who, x->object,
                x->k->blocked_since, x->by);
    } else if (x->o && x->o->class == OBJ_RWLOCK && x->o->count > 0) {
        say(s,
            ngettext("%s waits for %s since step %u: %" PRId64 " reader holds it.",
                     "%s waits for %s since step %u: %" PRId64 " readers hold it.",
                     (unsigned long)x->o->count),
            x->who, x->object, x->k->blocked_since, x->o->count);
    } else {
        say(s, "%s waits for %s since step %u.", x->who, x->object, x->k->blocked_since);
    }
}

/* A signal that came on `addr` when nobody waited, before `step`: the newest. */
static const struct event *unheard_signal(const struct say *s, uint64_t addr, uint32_t step)
{
    uint32_t oldest = step > SCAN_STEPS ? step - SCAN_STEPS : 1;
    for (; step >= oldest; step--) {
        const struct event *e = trace_step(s->t, step);
        if (e && e->addr == addr && (e->kind == EV_COND_SIGNAL || e->kind == EV_COND_BROADCAST))
            return e->a == 0 ? e : NULL;
    }
    return NULL;
}

static void say_cond_wait(struct say *s, const struct waiting *x)
{
    const struct event *signal = unheard_signal(s, x->k->blocked_addr, x->k->blocked_since);
    char who[TASK_BYTES];
    say(s, "%s sleeps in %s since step %u, until somebody signals it.", x->who, x->object,
        x->k->blocked_since);
    if (!signal)
        return;
    spell_task(s->names, signal->task, who);
    say(s,
        "%s signalled %s at step %u, when nobody waited: a condition does not remember a signal.",
        who, x->object, signal->step);
}

static void say_sem_wait(struct say *s, const struct waiting *x)
{
    say(s, "%s waits since step %u: %s is 0, so somebody must post it first.", x->who,
        x->k->blocked_since, x->object);
}

static void say_barrier_wait(struct say *s, const struct waiting *x)
{
    if (x->o && x->o->limit)
        say(s, "%s waits at %s since step %u: %" PRId64 " of %" PRId64 " are there.", x->who,
            x->object, x->k->blocked_since, x->o->count, x->o->limit);
    else
        say(s, "%s waits at %s since step %u for the others.", x->who, x->object,
            x->k->blocked_since);
}

static void say_join_wait(struct say *s, const struct waiting *x)
{
    say(s, "%s waits since step %u for %s to end.", x->who, x->k->blocked_since, x->by);
}

static void say_once_wait(struct say *s, const struct waiting *x)
{
    say(s, "%s waits since step %u: %s runs the initialiser of %s.", x->who, x->k->blocked_since,
        x->by, x->object);
}

static void say_spin_wait(struct say *s, const struct waiting *x)
{
    say(s,
        "%s spins on %s since step %u: it reads the same again and again until another task "
        "writes it.",
        x->who, x->object, x->k->blocked_since);
}

static void say_stream_wait(struct say *s, const struct waiting *x)
{
    say(s, "%s waits since step %u for an output stream that %s has locked.", x->who,
        x->k->blocked_since, x->by);
}

void say_wait(struct say *s, unsigned task)
{
    static void (*const reasons[])(struct say *, const struct waiting *) = {
        [BLOCK_LOCK] = say_lock_wait,     [BLOCK_COND] = say_cond_wait,
        [BLOCK_SEM] = say_sem_wait,       [BLOCK_BARRIER] = say_barrier_wait,
        [BLOCK_JOIN] = say_join_wait,     [BLOCK_ONCE] = say_once_wait,
        [BLOCK_SPIN] = say_spin_wait,     [BLOCK_STREAM] = say_stream_wait,
        [BLOCK_CHILD] = say_child_wait,   [BLOCK_READ] = say_read_wait,
        [BLOCK_WRITE] = say_write_wait,   [BLOCK_POLL] = say_poll_wait,
        [BLOCK_SIGNAL] = say_signal_wait, [BLOCK_STOPPED] = say_stopped,
    };
    struct waiting x = {.k = task_at(s, task)};
    unsigned by = blocker(s, task);
    x.o = world_object(s->w, x.k->blocked_addr);
    spell_task(s->names, task, x.who);
    spell_task(s->names, by, x.by);
    if (by == NO_TASK)
        snprintf(x.by, sizeof x.by, "%s", _("another"));
    spell_object(s->names, x.k->blocked_addr, x.o ? x.o->size : 0, x.object);
    if ((size_t)x.k->blocked_reason < sizeof reasons / sizeof *reasons)
        reasons[x.k->blocked_reason](s, &x);
    else
        say(s, "%s waits since step %u.", x.who, x.k->blocked_since);
}

void say_blocked(struct say *s, unsigned task)
{
    uint16_t path[MAX_TASKS];
    int n;
    if (!is_blocked(task_at(s, task)))
        return;
    int circle = follow_blockers(s, task, path, &n);
    for (int i = 0; i < n; i++)
        say_wait(s, path[i]);
    if (circle >= 0 && n - circle > 1)
        say(s, "They wait for each other in a circle: a deadlock.");
    else if (circle >= 0)
        say(s, "Nobody else can help: a deadlock.");
}

/* What a step set off */

/* Tasks with an event of `kind` in this step (on addr, if not 0), without the stepping task. */
static unsigned tasks_with(const struct say *s, unsigned kind, char *out, size_t n)
{
    uint8_t set[MAX_TASKS] = {0};
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == kind && k->task < MAX_TASKS && k->task != s->e->task)
            set[k->task] = 1;
    return spell_tasks(s->names, set, out, n);
}

static void say_own_block(struct say *s)
{
    if (s->e->kind == EV_BARRIER_ARRIVE && is_blocked(task_at(s, s->e->task)))
        say(s, "%s waits for the others.", s->task);
    else if (s->e->kind != EV_COND_WAIT)
        say_blocked(s, s->e->task);
}

static int was_woken_now(const struct say *s, unsigned task)
{
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == EV_WAKE && k->other == task)
            return 1;
    return 0;
}

/* Woken from a condition, but its mutex is taken. */
static void say_woken_but_blocked(struct say *s, unsigned task)
{
    const struct world_task *k = task_at(s, task);
    const struct world_object *lock = world_object(s->w, k->blocked_addr);
    char who[TASK_BYTES], holder[TASK_BYTES], object[NAME_BYTES];
    spell_task(s->names, task, who);
    spell_task(s->names, blocker(s, task), holder);
    spell_object(s->names, k->blocked_addr, 0, object);
    if (lock && lock->owner == blocker(s, task))
        say(s, "%s must get %s back first; %s holds it since step %u.", who, object, holder,
            lock->owner_since);
    else
        say(s, "%s must get %s back first.", who, object);
}

/* Those who wanted the lock that this step took. */
static void say_rivals(struct say *s, const uint8_t *rivals)
{
    char who[512], object[NAME_BYTES];
    unsigned n = spell_tasks(s->names, rivals, who, sizeof who), first = 0;
    if (n == 0)
        return;
    while (!rivals[first])
        first++;
    spell_object(s->names, task_at(s, first)->blocked_addr, 0, object);
    say(s, ngettext("%s wants %s too and must wait.", "%s want %s too and must wait.", n), who,
        object);
}

static void say_other_blocks(struct say *s)
{
    uint8_t rivals[MAX_TASKS] = {0}, told[MAX_TASKS] = {0};
    uint64_t lock = 0;
    for (const struct event *k = s->e + 1; k < s->end; k++) {
        const struct world_task *x = task_at(s, k->task);
        if (k->kind != EV_BLOCKED || !is_blocked(x) || k->task == s->e->task || told[k->task])
            continue;
        told[k->task] = 1;
        int for_lock = x->blocked_reason == BLOCK_LOCK;
        if (for_lock && was_woken_now(s, k->task)) {
            say_woken_but_blocked(s, k->task);
        } else if (for_lock && blocker(s, k->task) == s->e->task &&
                   (!lock || lock == x->blocked_addr)) {
            lock = x->blocked_addr;
            rivals[k->task] = 1;
        } else {
            say_wait(s, k->task);
        }
    }
    say_rivals(s, rivals);
}

static void say_allocations(struct say *s)
{
    char object[NAME_BYTES];
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == EV_ALLOC) {
            spell_object(s->names, k->addr, k->size, object);
            if (k->ntext && s->names->names->is_private &&
                !s->names->names->is_private(s->names->names->ctx, k->addr))
                say(s, "%s maps %s: %u bytes that processes share.", s->task, object, k->size);
            else
                say(s, "%s now owns %s, %u bytes of new memory.", s->task, object, k->size);
        }
}

static void say_names(struct say *s)
{
    char who[TASK_BYTES];
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == EV_NAME) {
            struct buf name = {0};
            add_quoted(&name, s->t, k);
            spell_task(s->names, k->task, who);
            say(s, "%s is called %s from now on.", who, name.data);
            buf_fini(&name);
        }
}

/* What the program says of itself with lockstep_note. */
static void say_notes(struct say *s)
{
    char who[TASK_BYTES];
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == EV_NOTE) {
            struct buf text = {0};
            add_quoted(&text, s->t, k);
            spell_task(s->names, k->task, who);
            say(s, "%s notes: %s.", who, text.data);
            buf_fini(&text);
        }
}

static void say_finish(struct say *s)
{
    char text[160];
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == EV_FINISHED) {
            explain_finish(k, text, sizeof text);
            say(s, "The program %s.", text);
        }
}

/* A finding of this step that says already who waits for what, and that it is the end. */
static int is_stuck(const struct say *s)
{
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == EV_FINDING && is_stuck_kind((unsigned)k->a))
            return 1;
    return 0;
}

void say_consequences(struct say *s)
{
    char who[512];
    unsigned n = tasks_with(s, EV_READY, who, sizeof who);
    int stuck = is_stuck(s);
    say_processes(s);
    if (n)
        say(s, "%s can go on now.", who);
    if (!stuck) {
        say_other_blocks(s);
        say_own_block(s);
    }
    say_allocations(s);
    say_names(s);
    say_notes(s);
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == EV_FINDING && (k->a != FIND_DATA_RACE || !s->race || k->ref != s->race))
            say_finding(s, k); /* the race of this step has its sentence with the access */
    if (!stuck)
        say_finish(s);
}

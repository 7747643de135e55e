/* Why a task waits, what a step set off, and the sentences of findings. */
#include "explain_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A task of the world; one that does not exist is no reason to stumble. */
static const struct world_task *task_at(const struct say *s, unsigned task)
{
    static const struct world_task nobody = {.blocked_by = NO_TASK, .woken_by = NO_TASK};
    return task < s->w->ntasks && s->w->tasks[task].exists ? &s->w->tasks[task] : &nobody;
}

static int is_blocked(const struct world_task *k)
{
    return k->state == TASK_BLOCKED || k->state == TASK_DEADLOCKED;
}

/* For whom a blocked task waits, NO_TASK if for nobody in particular. */
static unsigned blocker(const struct say *s, unsigned task)
{
    const struct world_task *k = task_at(s, task);
    const struct world_object *o;
    if (!is_blocked(k))
        return NO_TASK;
    if (k->blocked_by != NO_TASK)
        return k->blocked_by;
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
struct waiting {
    const struct world_task *k;
    const struct world_object *o; /* what it waits for, may be NULL */
    char who[8], by[8];
    char object[NAME_BYTES];
};

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
        char held_since[32] = "";
        if (since)
            snprintf(held_since, sizeof held_since, " since step %u", since);
        say(s, "%s waits for %s since step %u: %s holds it%s.", x->who, x->object,
            x->k->blocked_since, x->by, held_since);
    } else if (x->o && x->o->class == OBJ_RWLOCK && x->o->count > 0) {
        say(s, "%s waits for %s since step %u: %" PRId64 " reader%s it.", x->who, x->object,
            x->k->blocked_since, x->o->count, x->o->count == 1 ? " holds" : "s hold");
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
    char who[8];
    say(s, "%s sleeps in %s since step %u, until somebody signals it.", x->who, x->object,
        x->k->blocked_since);
    if (!signal)
        return;
    spell_task(signal->task, who);
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

static void say_wait(struct say *s, unsigned task)
{
    static void (*const reasons[])(struct say *, const struct waiting *) = {
        [BLOCK_LOCK] = say_lock_wait, [BLOCK_COND] = say_cond_wait,
        [BLOCK_SEM] = say_sem_wait,   [BLOCK_BARRIER] = say_barrier_wait,
        [BLOCK_JOIN] = say_join_wait, [BLOCK_ONCE] = say_once_wait,
        [BLOCK_SPIN] = say_spin_wait, [BLOCK_STREAM] = say_stream_wait,
    };
    struct waiting x = {.k = task_at(s, task)};
    unsigned by = blocker(s, task);
    x.o = world_object(s->w, x.k->blocked_addr);
    spell_task(task, x.who);
    spell_task(by, x.by);
    if (by == NO_TASK)
        snprintf(x.by, sizeof x.by, "another");
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
    return spell_tasks(set, out, n);
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
    char who[8], holder[8], object[NAME_BYTES];
    spell_task(task, who);
    spell_task(blocker(s, task), holder);
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
    unsigned n = spell_tasks(rivals, who, sizeof who), first = 0;
    if (n == 0)
        return;
    while (!rivals[first])
        first++;
    spell_object(s->names, task_at(s, first)->blocked_addr, 0, object);
    say(s, "%s want%s %s too and must wait.", who, n == 1 ? "s" : "", object);
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
            say(s, "%s now owns %s, %u bytes of new memory.", s->task, object, k->size);
        }
}

static void say_names(struct say *s)
{
    char who[8];
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == EV_NAME) {
            struct buf name = {0};
            add_quoted(&name, s->t, k);
            spell_task(k->task, who);
            say(s, "%s is called %s from now on.", who, name.data);
            buf_fini(&name);
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
        if (k->kind == EV_FINDING && (k->a == FIND_DEADLOCK || k->a == FIND_LIVELOCK))
            return 1;
    return 0;
}

void say_consequences(struct say *s)
{
    char who[512];
    unsigned n = tasks_with(s, EV_READY, who, sizeof who);
    int stuck = is_stuck(s);
    if (n)
        say(s, "%s can go on now.", who);
    if (!stuck) {
        say_other_blocks(s);
        say_own_block(s);
    }
    say_allocations(s);
    say_names(s);
    for (const struct event *k = s->e + 1; k < s->end; k++)
        if (k->kind == EV_FINDING && (k->a != FIND_DATA_RACE || !s->race || k->ref != s->race))
            say_finding(s, k); /* the race of this step has its sentence with the access */
    if (!stuck)
        say_finish(s);
}

/* Findings */

static void say_data_race(struct say *s, const struct event *f)
{
    char who[8], here[NAME_BYTES], there[NAME_BYTES], object[NAME_BYTES];
    const struct event *now = trace_step(s->t, f->step), *other = trace_step(s->t, f->ref);
    unsigned first = other ? other->task : f->other;
    spell_task(f->task, who);
    spell_object(s->names, f->addr, f->size, object);
    spell_place(s->names, now ? now->pc : 0, here);
    spell_place(s->names, other ? other->pc : f->b, there);
    char they[8];
    spell_task(first, they);
    if (other)
        say(s,
            "%s %s %s at step %u%s%s, %s %s it at step %u%s%s, and nothing orders the two: a data "
            "race.",
            they, access_is_write(other) ? "writes" : "reads", object, other->step,
            there[0] ? " in " : "", there, who, now && access_is_write(now) ? "writes" : "reads",
            f->step, here[0] ? " in " : "", here);
    else
        say(s, "%s and %s touch %s at the same time and nothing orders them: a data race.", they,
            who, object);
    if (!other || f->ref != s->race)
        return;
    const struct world_task *k = task_at(s, f->task);
    struct buf own = {0}, theirs = {0};
    spell_locks(s->names, k->held, k->nheld, &own);
    spell_locks(s->names, s->race_held, s->nrace_held, &theirs);
    if (k->nheld == 0 && s->nrace_held == 0)
        say(s, "Neither held a lock.");
    else
        say(s, "%s held %s, %s held %s.", they, theirs.data, who, own.data);
    buf_fini(&own);
    buf_fini(&theirs);
}

/* "T1 holds m since step 5 and waits for n", as a part of a circle; `before` waits for T1. */
static void add_link(const struct say *s, struct buf *b, unsigned task, unsigned before)
{
    const struct world_task *k = task_at(s, task), *waiter = task_at(s, before);
    const struct world_object *held = world_object(s->w, waiter->blocked_addr);
    char object[NAME_BYTES], who[8];
    spell_task(task, who);
    buf_puts(b, who);
    if (waiter->blocked_reason == BLOCK_LOCK && held) {
        spell_object(s->names, held->addr, held->size, object);
        buf_printf(b, " holds %s", object);
        if (held->owner == task)
            buf_printf(b, " since step %u", held->owner_since);
        buf_puts(b, " and");
    }
    if (k->blocked_reason == BLOCK_JOIN) {
        spell_task(blocker(s, task), who);
        buf_printf(b, " waits for %s to end", who);
    } else {
        spell_object(s->names, k->blocked_addr, 0, object);
        buf_printf(b, " waits for %s", object);
    }
}

/* The first circle of waiting tasks: its members in order; 0 if there is none. */
static int find_circle(const struct say *s, uint16_t circle[MAX_TASKS])
{
    uint16_t path[MAX_TASKS];
    for (unsigned task = 0; task < s->w->ntasks; task++) {
        int n, at = follow_blockers(s, task, path, &n);
        if (at < 0)
            continue;
        memcpy(circle, path + at, (size_t)(n - at) * sizeof *circle);
        return n - at;
    }
    return 0;
}

static void say_deadlock(struct say *s, const struct event *f)
{
    uint16_t circle[MAX_TASKS];
    uint8_t told[MAX_TASKS] = {0};
    int n = find_circle(s, circle);
    struct buf b = {0};
    (void)f;
    for (int i = 0; i < n; i++) {
        buf_puts(&b, i ? "; " : "");
        add_link(s, &b, circle[i], circle[(i + n - 1) % n]);
        told[circle[i]] = 1;
    }
    if (n > 1)
        say(s, "Deadlock: %s. None of them can ever go on.", b.data);
    else if (n == 1)
        say(s, "Deadlock: %s, so it waits for itself.", b.data);
    else
        say(s, "Deadlock: every task that has not ended waits, and nobody is left to wake one.");
    buf_fini(&b);
    for (unsigned task = 0; task < s->w->ntasks; task++)
        if (!told[task] && is_blocked(task_at(s, task)))
            say_wait(s, task);
}

static void say_lost_wakeup(struct say *s, const struct event *f)
{
    const struct event *signal = trace_step(s->t, f->ref);
    char who[8], waiter[8], object[NAME_BYTES];
    unsigned sleeper = f->other != NO_TASK ? f->other : f->task;
    spell_task(sleeper, waiter);
    spell_object(s->names, f->addr, 0, object);
    if (signal) {
        spell_task(signal->task, who);
        say(s, "Lost wake-up: %s signalled %s at step %u, when nobody waited.", who, object,
            signal->step);
    } else {
        say(s, "Lost wake-up: %s was signalled when nobody waited.", object);
    }
    say(s, "%s waits for a signal that will not come again.", waiter);
}

/* "T1 at counter.c:10" */
static void spell_where(const struct say *s, const struct event *f, char *out, size_t n)
{
    char who[8], place[NAME_BYTES];
    const struct event *e = trace_step(s->t, f->step);
    spell_task(f->task, who);
    spell_place(s->names, f->pc ? f->pc : e && e->task == f->task ? e->pc : 0, place);
    snprintf(out, n, "%s%s%s", f->task == NO_TASK ? "the program" : who, place[0] ? " at " : "",
             place);
}

static void say_livelock(struct say *s, const struct event *f)
{
    char where[NAME_BYTES + 32];
    spell_where(s, f, where, sizeof where);
    if (f->ntext) /* stopped from outside */
        say(s,
            "Livelock: %s runs on and on without a step: it reads and changes nothing that others "
            "could see.",
            where);
    else
        say(s, "Livelock: %s goes round and round, and nobody is left to change what it reads.",
            where);
    for (unsigned task = 0; task < s->w->ntasks; task++)
        if (is_blocked(task_at(s, task)))
            say_wait(s, task);
}

/* Findings that carry their own text: a word, where, and the text. */
static void say_texted(struct say *s, const struct event *f, const char *what)
{
    char where[NAME_BYTES + 32];
    struct buf text = {0};
    spell_where(s, f, where, sizeof where);
    buf_visible(&text, trace_text(s->t, f), f->ntext < 400 ? f->ntext : 400);
    while (text.len >= 2 && !strcmp(text.data + text.len - 2, "\\n"))
        text.data[text.len -= 2] = '\0';
    if (text.len && text.data[text.len - 1] == '.')
        text.data[--text.len] = '\0';
    if (text.len)
        say(s, "%s in %s: %s.", what, where, text.data);
    else
        say(s, "%s in %s.", what, where);
    buf_fini(&text);
}

static void say_assertion(struct say *s, const struct event *f)
{
    say_texted(s, f, "An assertion failed");
}

static void say_crash(struct say *s, const struct event *f)
{
    const struct event *end = trace_find_back(s->t, s->t->nsteps, EV_FINISHED);
    char scratch[32];
    say_texted(s, f, "Crash");
    if (end && end->a == FINISH_SIGNAL)
        say(s, "Signal %d: %s.", (int)end->b, spell_signal((int)end->b, scratch));
}

static void say_exit_status(struct say *s, const struct event *f)
{
    int status = f->result ? f->result : s->w->status;
    say(s, "The program ended with status %d; a status other than 0 says that something failed.",
        status);
}

static void say_misuse(struct say *s, const struct event *f)
{
    say_texted(s, f, "A call that the standard does not allow here");
}

static void say_lock_leak(struct say *s, const struct event *f)
{
    const struct world_task *k = task_at(s, f->task);
    struct buf locks = {0};
    char who[8], object[NAME_BYTES];
    spell_task(f->task, who);
    if (f->addr) {
        spell_object(s->names, f->addr, 0, object);
        buf_puts(&locks, object);
    } else if (k->nheld) {
        spell_locks(s->names, k->held, k->nheld, &locks);
    } else {
        buf_puts(&locks, "a lock");
    }
    say(s, "%s ended while it held %s: nobody can ever lock it again.", who, locks.data);
    buf_fini(&locks);
}

static void say_plain_finding(struct say *s, const struct event *f)
{
    say_texted(s, f, f->a < FIND_COUNT ? finding_text((unsigned)f->a) : "A finding");
}

void say_finding(struct say *s, const struct event *f)
{
    static void (*const kinds[FIND_COUNT])(struct say *, const struct event *) = {
        [FIND_DATA_RACE] = say_data_race,     [FIND_DEADLOCK] = say_deadlock,
        [FIND_LOST_WAKEUP] = say_lost_wakeup, [FIND_LIVELOCK] = say_livelock,
        [FIND_ASSERTION] = say_assertion,     [FIND_CRASH] = say_crash,
        [FIND_EXIT_STATUS] = say_exit_status, [FIND_MISUSE] = say_misuse,
        [FIND_LOCK_LEAK] = say_lock_leak,
    };
    if (f->a < FIND_COUNT && kinds[f->a])
        kinds[f->a](s, f);
    else
        say_plain_finding(s, f);
}

/* Who waits for whom: the sentences of deadlocks and lost wake-ups. */
#include "explain_private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int takes(const struct event *e, uint64_t addr)
{
    switch (e->kind) {
    case EV_LOCK:
    case EV_TRYLOCK:
    case EV_TIMEDLOCK:
    case EV_SPIN_LOCK:
    case EV_SPIN_TRYLOCK:
        return e->addr == addr && (e->result == 0 || e->result == EOWNERDEAD) && e->a <= 1;
    case EV_RDLOCK:
    case EV_TRYRDLOCK:
    case EV_TIMEDRDLOCK:
    case EV_WRLOCK:
    case EV_TRYWRLOCK:
    case EV_TIMEDWRLOCK:
    case EV_SEM_WAIT:
    case EV_SEM_TRYWAIT:
    case EV_SEM_TIMEDWAIT:
        return e->addr == addr && e->result == 0;
    case EV_COND_RELOCK:
        return e->addr2 == addr;
    case EV_ONCE_BEGIN:
        return e->addr == addr && e->a == 1;
    default:
        return 0;
    }
}

/* The step in which `task` (NO_TASK: anybody) took what is at addr last; NULL if none is known. */
const struct event *taken(const struct say *s, unsigned task, uint64_t addr)
{
    uint32_t step = s->e ? s->e->step : s->t->nsteps, oldest = 1;
    if (step > SCAN_STEPS)
        oldest = step - SCAN_STEPS;
    for (; step >= oldest; step--) {
        const struct event *e = trace_step(s->t, step);
        if (e && (task == NO_TASK || e->task == task) && takes(e, addr))
            return e;
    }
    return NULL;
}

int is_read(unsigned kind)
{
    return kind == EV_RDLOCK || kind == EV_TRYRDLOCK || kind == EV_TIMEDRDLOCK;
}

void spell_when(const struct say *s, uint64_t pc, uint32_t step, char out[WHEN_BYTES])
{
    char place[NAME_BYTES];
    spell_place(s->names, pc, place);
    if (place[0])
        /* TRANSLATORS: when and where something was done, at the end of a sentence */
        snprintf(out, WHEN_BYTES, _("in %s at step %u"), place, step);
    else
        snprintf(out, WHEN_BYTES, _("at step %u"), step);
}

static int holds(const struct world_task *k, uint64_t addr)
{
    for (uint32_t i = 0; i < k->nheld; i++)
        if (k->held[i] == addr)
            return 1;
    return 0;
}

/* Could `process` end this wait at a pipe? One's own end counts only when nobody else has one. */
static int has_other_end(const struct say *s, const struct world_task *k, unsigned process)
{
    uint64_t set = world_ends(s->w, k->blocked_addr, k->blocked_reason == BLOCK_READ);
    uint64_t own = 1ull << k->process;
    return set == own ? process == k->process : (int)((set & ~own) >> process & 1);
}

/* Does `task`, which is blocked, wait for `other` to act? */
static int waits_for(const struct say *s, unsigned task, unsigned other)
{
    const struct world_task *k = task_at(s, task), *x = task_at(s, other);
    const struct world_object *o = world_object(s->w, k->blocked_addr);
    if (!x->exists || x->state == TASK_DONE || x->state == TASK_ZOMBIE)
        return 0;
    if (k->blocked_reason == BLOCK_LOCK && o && o->class == OBJ_RWLOCK && o->owner == NO_TASK)
        return is_read((unsigned)k->pending.a)
                   ? is_blocked(x) && x->blocked_addr == o->addr && !is_read((unsigned)x->pending.a)
                   : holds(x, o->addr);
    if (k->blocked_reason == BLOCK_JOIN && k->blocked_by == NO_TASK)
        return other != task;
    if (k->blocked_reason == BLOCK_CHILD)
        return x->process == child_waited_for(s->w, k);
    if (k->blocked_reason == BLOCK_READ || k->blocked_reason == BLOCK_WRITE)
        return has_other_end(s, k, x->process);
    return blocker(s, task) == other;
}

struct circle {
    uint16_t task[MAX_TASKS]; /* each waits for the next, the last for the first */
    unsigned n;
    uint8_t seen[MAX_TASKS];
};

/* Follow the waits from `at` for a way back to `goal`. */
static int reaches(const struct say *s, unsigned at, unsigned goal, struct circle *c)
{
    if (!is_blocked(task_at(s, at)) || c->seen[at])
        return 0;
    c->seen[at] = 1;
    c->task[c->n++] = (uint16_t)at;
    if (waits_for(s, at, goal))
        return 1;
    for (unsigned i = 0; i < s->w->ntasks; i++)
        if (waits_for(s, at, i) && reaches(s, i, goal, c))
            return 1;
    c->n--;
    return 0;
}

static int find_circle(const struct say *s, unsigned begin, struct circle *c)
{
    *c = (struct circle){.n = 0};
    if (begin < s->w->ntasks && reaches(s, begin, begin, c))
        return 1;
    for (unsigned task = 0; task < s->w->ntasks; task++) {
        *c = (struct circle){.n = 0};
        if (reaches(s, task, task, c))
            return 1;
    }
    return 0;
}

/* What `task` waits for and who has it: "T1 waits in ab.c:10 for b, which T2 took in ab.c:25 at
 * step 9". waits: the part before "for". */
static void add_holder(const struct say *s, struct buf *b, const char *waits, unsigned task,
                       unsigned holder)
{
    const struct world_task *k = task_at(s, task);
    const struct event *e = taken(s, holder, k->blocked_addr);
    char who[TASK_BYTES], object[NAME_BYTES], when[WHEN_BYTES];
    int own = holder == task, reads = e && is_read(e->kind);
    spell_task(s->names, holder, who);
    spell_object(s->names, k->blocked_addr, 0, object);
    if (k->blocked_reason == BLOCK_LOCK && is_read((unsigned)k->pending.a) &&
        task_at(s, holder)->blocked_addr == k->blocked_addr) {
        buf_printf(b, _("%s for %s, standing back for %s, which wants it for writing"), waits,
                   object, who);
        return;
    }
    if (e)
        spell_when(s, e->pc, e->step, when);
    if (!e && own)
        buf_printf(b, _("%s for %s, which it holds itself"), waits, object);
    else if (!e)
        buf_printf(b, _("%s for %s, which %s holds"), waits, object, who);
    else if (own)
        buf_printf(b,
                   reads ? _("%s for %s, which it took itself for reading %s")
                         : _("%s for %s, which it took itself %s"),
                   waits, object, when);
    else
        buf_printf(b,
                   reads ? _("%s for %s, which %s took for reading %s")
                         : _("%s for %s, which %s took %s"),
                   waits, object, who, when);
}

/* "… until P1.T1 reads from pipe#1, which is full" */
static void add_pipe_edge(const struct say *s, struct buf *b, const char *waits, unsigned task,
                          unsigned other)
{
    const struct world_task *k = task_at(s, task), *x = task_at(s, other);
    int reads = k->blocked_reason == BLOCK_READ;
    char who[TASK_BYTES], object[NAME_BYTES];
    spell_task(s->names, other, who);
    spell_object(s->names, k->blocked_addr, 0, object);
    if (x->process == k->process)
        buf_printf(b,
                   reads ? _("%s until somebody writes to %s, which only P%u itself still has open")
                         : _("%s until somebody reads from %s, which only P%u itself still has "
                             "open, which is full"),
                   waits, object, k->process);
    else
        buf_printf(b,
                   reads ? _("%s until %s writes to %s")
                         : _("%s until %s reads from %s, which is full"),
                   waits, who, object);
}

/* "… for the initialiser of o, which T2 runs since step 4" */
static void add_once_edge(const struct say *s, struct buf *b, const char *waits, unsigned task,
                          unsigned other)
{
    const struct world_task *k = task_at(s, task);
    const struct event *e = taken(s, other, k->blocked_addr);
    char who[TASK_BYTES], object[NAME_BYTES];
    snprintf(who, sizeof who, "%s", _("it itself"));
    if (other != task)
        spell_task(s->names, other, who);
    spell_object(s->names, k->blocked_addr, 0, object);
    if (e)
        buf_printf(b, _("%s for the initialiser of %s, which %s runs since step %u"), waits, object,
                   who, e->step);
    else
        buf_printf(b, _("%s for the initialiser of %s, which %s runs"), waits, object, who);
}

/* "T1 waits in ab.c:10 for b, which T2 took in ab.c:25 at step 9" */
static void add_edge(const struct say *s, struct buf *b, unsigned task, unsigned other)
{
    const struct world_task *k = task_at(s, task);
    char who[TASK_BYTES], place[NAME_BYTES], waits[NAME_BYTES + TASK_BYTES + 32];
    spell_task(s->names, task, who);
    spell_place(s->names, k->pending.pc, place);
    /* TRANSLATORS: the beginning of a sentence that says for what, or until when */
    snprintf(waits, sizeof waits, place[0] ? _("%s waits in %s") : _("%s waits"), who, place);
    spell_task(s->names, other, who);
    switch (k->blocked_reason) {
    case BLOCK_JOIN:
        if (other == task)
            buf_printf(b, _("%s for itself to end"), waits);
        else
            buf_printf(b, _("%s for %s to end"), waits, who);
        break;
    case BLOCK_CHILD:
        buf_printf(b, _("%s for its child P%u to end"), waits, task_at(s, other)->process);
        break;
    case BLOCK_READ:
    case BLOCK_WRITE:
        add_pipe_edge(s, b, waits, task, other);
        break;
    case BLOCK_ONCE:
        add_once_edge(s, b, waits, task, other);
        break;
    default:
        add_holder(s, b, waits, task, other);
    }
}

/* A semaphore that nobody posts any more, and who took it last. */
static void say_sem_empty(struct say *s, unsigned task)
{
    const struct world_task *k = task_at(s, task);
    const struct event *e = taken(s, NO_TASK, k->blocked_addr);
    char who[TASK_BYTES], object[NAME_BYTES], place[NAME_BYTES], when[WHEN_BYTES];
    spell_task(s->names, task, who);
    spell_object(s->names, k->blocked_addr, 0, object);
    spell_place(s->names, k->pending.pc, place);
    if (place[0])
        say(s, "%s waits in %s for %s, which is 0: nobody is left to post it.", who, place, object);
    else
        say(s, "%s waits for %s, which is 0: nobody is left to post it.", who, object);
    if (!e)
        return;
    spell_task(s->names, e->task, who);
    spell_when(s, e->pc, e->step, when);
    say(s, "%s took it last %s.", who, when);
}

/* Why a task that is in no circle waits, and whose fault it is as far as it is known. */
static void say_wait_of(struct say *s, unsigned task)
{
    const struct world_task *k = task_at(s, task);
    unsigned by = blocker(s, task);
    if (k->blocked_reason == BLOCK_LOCK && by != NO_TASK) {
        struct buf b = {0};
        enum task_state state = task_at(s, by)->state;
        add_edge(s, &b, task, by);
        if (state == TASK_ZOMBIE || state == TASK_DONE)
            say(s, "%s and never gave back: it has ended.", b.data);
        else
            say(s, "%s.", b.data);
        buf_fini(&b);
    } else if (k->blocked_reason == BLOCK_SEM) {
        say_sem_empty(s, task);
    } else {
        say_wait(s, task);
    }
}

static int all_stopped(const struct say *s)
{
    return s->w->finished == 1 + FINISH_DEADLOCK || s->w->finished == 1 + FINISH_LIVELOCK;
}

static int others_go_on(const struct say *s)
{
    for (unsigned task = 0; task < s->w->ntasks; task++) {
        enum task_state state = task_at(s, task)->state;
        if (s->w->tasks[task].exists && state <= TASK_RUNNING)
            return !s->w->finished;
    }
    return 0;
}

void say_others(struct say *s, const uint8_t *told)
{
    for (unsigned task = 0; task < s->w->ntasks; task++)
        if (!told[task] && is_blocked(task_at(s, task)))
            say_wait_of(s, task);
}

void say_deadlock(struct say *s, const struct event *f)
{
    struct circle c;
    uint8_t told[MAX_TASKS] = {0};
    struct buf b = {0};
    int found = find_circle(s, f->task, &c);
    for (unsigned i = 0; found && i < c.n; i++) {
        buf_puts(&b, i ? _("; ") : "");
        add_edge(s, &b, c.task[i], c.task[(i + 1) % c.n]);
        told[c.task[i]] = 1;
    }
    if (!found)
        say(s, "Deadlock: every task that has not ended waits, and nobody is left to wake one.");
    else if (c.n == 1)
        say(s, "Deadlock: %s. It waits for itself and can never go on.", b.data);
    else
        say(s, "Deadlock: %s. They wait in a circle, so none of them can ever go on.", b.data);
    if (found && others_go_on(s))
        say(s, "The other tasks go on.");
    else if (all_stopped(s))
        say_others(s, told);
    buf_fini(&b);
}

/* A handler ran before the wait for it began. */
static void say_lost_handler(struct say *s, const struct event *f, const struct event *signal)
{
    char who[TASK_BYTES], name[32], here[NAME_BYTES];
    spell_task(s->names, f->task, who);
    spell_signal_name(signal->a, name);
    spell_place(s->names, f->pc, here);
    if (here[0])
        say(s,
            "Lost wake-up: %s took %s at step %u, before it began to wait for one in %s. That "
            "waits for the next signal only, and none will come.",
            who, name, signal->step, here);
    else
        say(s,
            "Lost wake-up: %s took %s at step %u, before it began to wait for one. That waits for "
            "the next signal only, and none will come.",
            who, name, signal->step);
}

/* Who signalled what, and when. */
static void say_unheard(struct say *s, const struct event *f, const struct event *signal,
                        const char *who, const char *waiter)
{
    char object[NAME_BYTES], when[WHEN_BYTES];
    int all = signal && signal->kind == EV_COND_BROADCAST;
    spell_object(s->names, f->addr, 0, object);
    if (signal)
        spell_when(s, signal->pc, signal->step, when);
    else
        spell_place(s->names, f->b, when);
    if (signal && signal->a)
        say(s,
            all ? N_("Lost wake-up: %s broadcast %s %s, when %s did not wait yet, and a condition "
                     "does not remember a signal.")
                : N_("Lost wake-up: %s signalled %s %s, when %s did not wait yet, and a condition "
                     "does not remember a signal."),
            who, object, when, waiter);
    else if (signal)
        say(s,
            all ? N_("Lost wake-up: %s broadcast %s %s, when nobody waited, and a condition does "
                     "not remember a signal.")
                : N_("Lost wake-up: %s signalled %s %s, when nobody waited, and a condition does "
                     "not remember a signal."),
            who, object, when);
    else if (when[0])
        say(s,
            "Lost wake-up: %s signalled %s in %s, when nobody waited, and a condition does not "
            "remember a signal.",
            who, object, when);
    else
        say(s,
            "Lost wake-up: %s signalled %s, when nobody waited, and a condition does not remember "
            "a signal.",
            who, object);
}

void say_lost_wakeup(struct say *s, const struct event *f)
{
    const struct event *signal = trace_step(s->t, f->ref);
    if (signal && signal->kind == EV_SIGNAL) {
        say_lost_handler(s, f, signal);
        return;
    }
    const struct world_task *k = task_at(s, f->task);
    char who[TASK_BYTES], waiter[TASK_BYTES], here[NAME_BYTES];
    uint8_t told[MAX_TASKS] = {0};
    spell_task(s->names, signal ? signal->task : f->other, who);
    spell_task(s->names, f->task, waiter);
    spell_place(s->names, f->pc ? f->pc : k->pending.pc, here);
    say_unheard(s, f, signal, who, waiter);
    if (here[0])
        say(s,
            "%s began to wait in %s only afterwards, without having seen what %s did before, and "
            "now waits for ever.",
            waiter, here, who);
    else
        say(s,
            "%s began to wait only afterwards, without having seen what %s did before, and now "
            "waits for ever.",
            waiter, who);
    told[f->task < MAX_TASKS ? f->task : 0] = 1;
    say_others(s, told);
}

/* The sentences of findings. */
#include "explain_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void say_data_race(struct say *s, const struct event *f)
{
    char who[TASK_BYTES], here[NAME_BYTES], there[NAME_BYTES], object[NAME_BYTES];
    const struct event *now = trace_step(s->t, f->step), *other = trace_step(s->t, f->ref);
    unsigned first = other ? other->task : f->other;
    spell_task(s->names, f->task, who);
    spell_object(s->names, f->addr, f->size, object);
    spell_place(s->names, now ? now->pc : 0, here);
    spell_place(s->names, other ? other->pc : f->b, there);
    char they[TASK_BYTES];
    spell_task(s->names, first, they);
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

/* ---- deadlocks ---- */
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
static const struct event *taken(const struct say *s, unsigned task, uint64_t addr)
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

static int is_read(unsigned kind)
{
    return kind == EV_RDLOCK || kind == EV_TRYRDLOCK || kind == EV_TIMEDRDLOCK;
}

static void add_place(const struct say *s, struct buf *b, uint64_t pc)
{
    char place[NAME_BYTES];
    spell_place(s->names, pc, place);
    if (place[0])
        buf_printf(b, " in %s", place);
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

/* ", which T2 took in ab.c:25 at step 9" */
static void add_holder(const struct say *s, struct buf *b, uint64_t addr, unsigned task,
                       unsigned holder)
{
    const struct event *e = taken(s, holder, addr);
    const struct world_task *k = task_at(s, task);
    if (k->blocked_reason == BLOCK_LOCK && is_read((unsigned)k->pending.a) &&
        task_at(s, holder)->blocked_addr == addr) {
        char writer[TASK_BYTES];
        spell_task(s->names, holder, writer);
        buf_printf(b, ", standing back for %s, which wants it for writing", writer);
        return;
    }
    char who[TASK_BYTES];
    spell_task(s->names, holder, who);
    buf_printf(b, ", which %s", holder == task ? "it" : who);
    buf_puts(b, e ? " took" : " holds");
    buf_puts(b, holder == task ? " itself" : "");
    if (!e)
        return;
    buf_puts(b, is_read(e->kind) ? " for reading" : "");
    add_place(s, b, e->pc);
    buf_printf(b, " at step %u", e->step);
}

/* " until P1.T1 reads from pipe#1, which is full" */
static void add_pipe_edge(const struct say *s, struct buf *b, unsigned task, unsigned other)
{
    const struct world_task *k = task_at(s, task), *x = task_at(s, other);
    int reads = k->blocked_reason == BLOCK_READ;
    char who[TASK_BYTES], object[NAME_BYTES];
    spell_task(s->names, other, who);
    spell_object(s->names, k->blocked_addr, 0, object);
    if (x->process == k->process)
        buf_printf(b, " until somebody %s %s, which only P%u itself still has open",
                   reads ? "writes to" : "reads from", object, k->process);
    else
        buf_printf(b, " until %s %s %s", who, reads ? "writes to" : "reads from", object);
    buf_puts(b, reads ? "" : ", which is full");
}

/* "T1 waits in ab.c:10 for b, which T2 took in ab.c:25 at step 9" */
static void add_edge(const struct say *s, struct buf *b, unsigned task, unsigned other)
{
    const struct world_task *k = task_at(s, task);
    char who[TASK_BYTES], object[NAME_BYTES];
    spell_task(s->names, task, who);
    buf_printf(b, "%s waits", who);
    add_place(s, b, k->pending.pc);
    spell_task(s->names, other, who);
    spell_object(s->names, k->blocked_addr, 0, object);
    if (k->blocked_reason == BLOCK_JOIN) {
        buf_printf(b, " for %s to end", other == task ? "itself" : who);
    } else if (k->blocked_reason == BLOCK_CHILD) {
        buf_printf(b, " for its child P%u to end", task_at(s, other)->process);
    } else if (k->blocked_reason == BLOCK_READ || k->blocked_reason == BLOCK_WRITE) {
        add_pipe_edge(s, b, task, other);
    } else if (k->blocked_reason == BLOCK_ONCE) {
        const struct event *e = taken(s, other, k->blocked_addr);
        buf_printf(b, " for the initialiser of %s, which %s runs", object,
                   other == task ? "it itself" : who);
        if (e)
            buf_printf(b, " since step %u", e->step);
    } else {
        buf_printf(b, " for %s", object);
        add_holder(s, b, k->blocked_addr, task, other);
    }
}

/* Why a task that is in no circle waits, and whose fault it is as far as it is known. */
static void say_wait_of(struct say *s, unsigned task)
{
    const struct world_task *k = task_at(s, task);
    unsigned by = blocker(s, task);
    char who[TASK_BYTES], object[NAME_BYTES];
    struct buf b = {0};
    spell_task(s->names, task, who);
    spell_object(s->names, k->blocked_addr, 0, object);
    if (k->blocked_reason == BLOCK_LOCK && by != NO_TASK) {
        add_edge(s, &b, task, by);
        enum task_state state = task_at(s, by)->state;
        say(s, "%s%s.", b.data,
            state == TASK_ZOMBIE || state == TASK_DONE ? " and never gave back: it has ended" : "");
    } else if (k->blocked_reason == BLOCK_SEM) {
        const struct event *e = taken(s, NO_TASK, k->blocked_addr);
        add_place(s, &b, k->pending.pc);
        say(s, "%s waits%s for %s, which is 0: nobody is left to post it.", who,
            b.data ? b.data : "", object);
        if (e) {
            spell_task(s->names, e->task, who);
            b.len = 0;
            buf_puts(&b, "");
            add_place(s, &b, e->pc);
            say(s, "%s took it last%s at step %u.", who, b.data, e->step);
        }
    } else {
        say_wait(s, task);
    }
    buf_fini(&b);
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

static void say_others(struct say *s, const uint8_t *told)
{
    for (unsigned task = 0; task < s->w->ntasks; task++)
        if (!told[task] && is_blocked(task_at(s, task)))
            say_wait_of(s, task);
}

static void say_deadlock(struct say *s, const struct event *f)
{
    struct circle c;
    uint8_t told[MAX_TASKS] = {0};
    struct buf b = {0};
    int found = find_circle(s, f->task, &c);
    for (unsigned i = 0; found && i < c.n; i++) {
        buf_puts(&b, i ? "; " : "");
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
    char who[TASK_BYTES], scratch[32];
    struct buf here = {0};
    spell_task(s->names, f->task, who);
    buf_puts(&here, "");
    add_place(s, &here, f->pc);
    say(s,
        "Lost wake-up: %s took %s at step %u, before it began to wait for one%s. That "
        "waits for the next signal only, and none will come.",
        who, spell_signal_name(signal->a, scratch), signal->step, here.data);
    buf_fini(&here);
}

static void say_lost_wakeup(struct say *s, const struct event *f)
{
    const struct event *signal = trace_step(s->t, f->ref);
    if (signal && signal->kind == EV_SIGNAL) {
        say_lost_handler(s, f, signal);
        return;
    }
    const struct world_task *k = task_at(s, f->task);
    char who[TASK_BYTES], waiter[TASK_BYTES], object[NAME_BYTES];
    struct buf there = {0}, here = {0};
    uint8_t told[MAX_TASKS] = {0};
    spell_task(s->names, signal ? signal->task : f->other, who);
    spell_task(s->names, f->task, waiter);
    spell_object(s->names, f->addr, 0, object);
    buf_puts(&there, "");
    buf_puts(&here, "");
    add_place(s, &there, signal ? signal->pc : f->b);
    add_place(s, &here, f->pc ? f->pc : k->pending.pc);
    if (signal)
        buf_printf(&there, " at step %u", signal->step);
    char others[TASK_BYTES + 24] = "nobody waited";
    if (signal && signal->a)
        snprintf(others, sizeof others, "%s did not wait yet", waiter);
    say(s, "Lost wake-up: %s %s %s%s, when %s, and a condition does not remember a signal.", who,
        signal && signal->kind == EV_COND_BROADCAST ? "broadcast" : "signalled", object, there.data,
        others);
    say(s,
        "%s began to wait%s only afterwards, without having seen what %s did before, and now "
        "waits for ever.",
        waiter, here.data, who);
    told[f->task < MAX_TASKS ? f->task : 0] = 1;
    say_others(s, told);
    buf_fini(&there);
    buf_fini(&here);
}

/* "T1 at counter.c:10" */
static void spell_where(const struct say *s, const struct event *f, char *out, size_t n)
{
    char who[TASK_BYTES], place[NAME_BYTES];
    const struct event *e = trace_step(s->t, f->step);
    spell_task(s->names, f->task, who);
    spell_place(s->names, f->pc ? f->pc : e && e->task == f->task ? e->pc : 0, place);
    snprintf(out, n, "%s%s%s", f->task == NO_TASK ? "the program" : who, place[0] ? " at " : "",
             place);
}

/* "T1 spins in x.c:9: it reads flag, which is 0, and nobody is left to change it." */
static void say_spinner(struct say *s, unsigned task)
{
    const struct world_task *k = task_at(s, task);
    const struct world_object *o = world_object(s->w, k->blocked_addr);
    char who[TASK_BYTES], object[NAME_BYTES];
    struct buf place = {0};
    spell_task(s->names, task, who);
    spell_object(s->names, k->blocked_addr, o ? o->size : 0, object);
    buf_puts(&place, "");
    add_place(s, &place, k->pending.pc);
    say(s, "%s spins%s on %s, and nobody is left to change that.", who, place.data, object);
    buf_fini(&place);
}

/* "x.c:14 to 16" for what `task` did in the steps after f->ref. */
static void add_lines(const struct say *s, struct buf *b, const struct event *f, unsigned task)
{
    const char *file = "";
    int low = 0, high = 0;
    for (uint32_t step = f->ref + 1; step <= f->step; step++) {
        const struct event *e = trace_step(s->t, step);
        struct place p = {.file = "", .function = "", .line = 0};
        if (!e || e->task != task || !e->pc)
            continue;
        s->names->names->place(s->names->names->ctx, e->pc - 1, &p);
        if (p.line <= 0)
            continue;
        file = p.file;
        low = low && low < p.line ? low : p.line;
        high = high > p.line ? high : p.line;
    }
    const char *slash = strrchr(file, '/');
    if (low)
        buf_printf(b, " in %s:%d", slash ? slash + 1 : file, low);
    if (high > low)
        buf_printf(b, " to %d", high);
}

/* "T1 goes round in x.c:14 to 16, T2 in x.c:25 to 27": whoever moved after f->ref, but one. */
static void add_movers(const struct say *s, struct buf *b, const struct event *f, unsigned but)
{
    uint8_t moved[MAX_TASKS] = {0};
    const char *before = "";
    for (uint32_t step = f->ref + 1; step <= f->step; step++) {
        const struct event *e = trace_step(s->t, step);
        if (e && e->task < MAX_TASKS)
            moved[e->task] = e->task != but;
    }
    buf_puts(b, "");
    for (unsigned task = 0; task < MAX_TASKS; task++) {
        char who[TASK_BYTES];
        if (!moved[task])
            continue;
        spell_task(s->names, task, who);
        buf_printf(b, "%s%s%s", before, who, *before ? "" : " goes round");
        add_lines(s, b, f, task);
        before = ", ";
    }
}

static void say_round(struct say *s, const struct event *f)
{
    struct buf b = {0};
    uint32_t n = f->step - f->ref;
    add_movers(s, &b, f, NO_TASK);
    say(s,
        "Livelock: after step %u everything is as it was after step %u, so the same %u steps can "
        "come again for ever, and nobody gets anywhere.",
        f->step, f->ref, n);
    say(s, "%s.", b.data);
    buf_fini(&b);
}

static void say_starvation(struct say *s, const struct event *f)
{
    struct buf b = {0}, movers = {0};
    char who[TASK_BYTES];
    spell_task(s->names, f->task, who);
    buf_puts(&b, "");
    add_place(s, &b, f->pc);
    add_movers(s, &movers, f, f->task);
    say(s,
        "Starvation: %s%s is never served: after step %u everything is as it was after step %u, so "
        "the same steps can come again for ever, and %s gets nothing each time.",
        who, b.data, f->step, f->ref, who);
    say(s, "%s.", movers.data);
    buf_fini(&b);
    buf_fini(&movers);
}

static void say_livelock(struct say *s, const struct event *f)
{
    if (f->ref) {
        say_round(s, f);
        return;
    }
    char where[NAME_BYTES + 32];
    spell_where(s, f, where, sizeof where);
    if (f->ntext) /* stopped from outside */
        say(s,
            "Livelock: %s runs on and on without a step: it reads and changes nothing that others "
            "could see.",
            where);
    else
        say(s, "Livelock: tasks run on and on but can never get anywhere.");
    uint8_t told[MAX_TASKS] = {0};
    for (unsigned task = 0; task < s->w->ntasks; task++)
        if (is_blocked(task_at(s, task)) && task_at(s, task)->blocked_reason == BLOCK_SPIN) {
            say_spinner(s, task);
            told[task] = 1;
        }
    say_others(s, told);
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

/* The last read of `task` from which the pointer may have come that led to `fault`. */
static const struct event *pointer_read(const struct say *s, unsigned task, uint64_t fault)
{
    enum { NEAR = 4096, LOOK_BACK = 200 };
    uint32_t step = s->t->nsteps, oldest = step > LOOK_BACK ? step - LOOK_BACK : 1;
    for (; step >= oldest; step--) {
        const struct event *e = trace_step(s->t, step);
        if (e && e->task == task && e->size == 8 &&
            (e->kind == EV_READ || e->kind == EV_ATOMIC_LOAD) && fault - e->a < NEAR)
            return e;
    }
    return NULL;
}

static const struct event *last_write(const struct say *s, uint64_t addr, uint32_t step)
{
    uint32_t oldest = step > SCAN_STEPS ? step - SCAN_STEPS : 1;
    while (step-- > oldest) {
        const struct event *e = trace_step(s->t, step);
        if (e && e->addr == addr && is_access(e->kind) && access_is_write(e))
            return e;
    }
    return NULL;
}

static int is_raced(const struct say *s, uint64_t addr)
{
    for (size_t i = 0; i < s->t->nevents; i++)
        if (s->t->events[i].kind == EV_FINDING && s->t->events[i].a == FIND_DATA_RACE &&
            s->t->events[i].addr == addr)
            return 1;
    return 0;
}

/* Where the pointer came from that led astray, and who had put it there. */
static void say_pointer(struct say *s, const struct event *f)
{
    const struct event *r = pointer_read(s, f->task, f->addr), *w;
    char who[TASK_BYTES], object[NAME_BYTES], value[NAME_BYTES];
    struct buf place = {0};
    if (!r)
        return;
    spell_task(s->names, f->task, who);
    spell_object(s->names, r->addr, r->size, object);
    spell_value(s->names, r, r->a, value);
    say(s, "%s had read the pointer, %s, from %s at step %u.", who, value, object, r->step);
    w = last_write(s, r->addr, r->step);
    if (!w || w->task == f->task)
        return;
    spell_task(s->names, w->task, who);
    buf_puts(&place, "");
    add_place(s, &place, w->pc);
    say(s, "%s had written it%s at step %u%s.", who, place.data, w->step,
        is_raced(s, r->addr) ? ", and nothing orders the two: the pointer is raced for" : "");
    buf_fini(&place);
}

static void say_crash(struct say *s, const struct event *f)
{
    const struct event *end = trace_find_back(s->t, s->t->nsteps, EV_FINISHED);
    char scratch[32];
    say_texted(s, f, "Crash");
    say_pointer(s, f);
    if (end && end->a == FINISH_SIGNAL)
        say(s, "Signal %d: %s.", (int)end->b, spell_signal((int)end->b, scratch));
}

static void say_exit_status(struct say *s, const struct event *f)
{
    int status = f->result ? f->result : (int)f->b;
    char where[NAME_BYTES + 32];
    spell_where(s, f, where, sizeof where);
    say(s,
        "The program ended with status %d, given in %s; a status other than 0 says that something "
        "failed.",
        status, where);
}

static void say_misuse(struct say *s, const struct event *f)
{
    char object[NAME_BYTES], place[NAME_BYTES], who[TASK_BYTES];
    struct buf what = {0};
    buf_puts(&what, "Not allowed by the standard");
    if (f->addr) {
        spell_object(s->names, f->addr, 0, object);
        buf_printf(&what, ", on %s,", object);
    }
    say_texted(s, f, what.data);
    buf_fini(&what);
    spell_place(s->names, f->b, place);
    if (f->b && place[0])
        say(s, "It was freed in %s.", place);
    const struct world_object *o = f->addr ? world_object(s->w, f->addr) : NULL;
    if (f->other == NO_TASK || !o || o->owner != f->other)
        return;
    spell_task(s->names, f->other, who);
    buf_puts(&what, "");
    const struct event *e = taken(s, f->other, f->addr);
    add_place(s, &what, e ? e->pc : 0);
    say(s, "%s holds it since step %u%s.", who, o->owner_since, what.data);
    buf_fini(&what);
}

static void say_lock_leak(struct say *s, const struct event *f)
{
    const struct event *e = taken(s, f->task, f->addr);
    struct buf place = {0};
    char who[TASK_BYTES], object[NAME_BYTES];
    spell_task(s->names, f->task, who);
    spell_object(s->names, f->addr, 0, object);
    buf_puts(&place, "");
    if (e) {
        buf_puts(&place, ", which it took");
        add_place(s, &place, e->pc);
        buf_printf(&place, " at step %u", e->step);
    }
    say(s, "%s ended while it held %s%s: nobody can ever %s it again.", who, object, place.data,
        e && is_read(e->kind) ? "write-lock" : "lock");
    buf_fini(&place);
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
        [FIND_LOCK_LEAK] = say_lock_leak,     [FIND_STARVATION] = say_starvation,
    };
    if (f->a < FIND_COUNT && kinds[f->a])
        kinds[f->a](s, f);
    else
        say_plain_finding(s, f);
}

int is_stuck_kind(unsigned kind)
{
    return kind == FIND_DEADLOCK || kind == FIND_LOST_WAKEUP || kind == FIND_LIVELOCK;
}

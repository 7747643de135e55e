#include "toy.h"

#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum op_kind {
    OP_STOP,
    OP_CREATE,
    OP_JOIN,
    OP_READ,
    OP_WRITE,
    OP_LOCK,
    OP_UNLOCK,
    OP_WAIT,
    OP_RELOCK,
    OP_SIGNAL,
    OP_PRINT,
    OP_EXIT,
    OP_END,
    OP_AGAIN
};
struct op {
    enum op_kind kind;
    int line, arg;
};

enum { TOY_TASKS = 65, COUNTER_ADDR = 0x404000, LOCK_ADDR = 0x405000, COND_ADDR = 0x406000 };

static const struct op counter_main[] = {{OP_CREATE, 17, 1}, {OP_CREATE, 18, 2}, {OP_JOIN, 19, 1},
                                         {OP_JOIN, 20, 2},   {OP_READ, 21, 0},   {OP_PRINT, 21, 0},
                                         {OP_EXIT, 22, 0}};
static const struct op counter_inc[] = {{OP_READ, 9, 0}, {OP_WRITE, 11, 0}, {OP_END, 12, 0}};
static const struct op locks_main[] = {
    {OP_CREATE, 0, 1}, {OP_CREATE, 0, 2}, {OP_JOIN, 0, 1}, {OP_JOIN, 0, 2}, {OP_EXIT, 0, 0}};
static const struct op locks_forth[] = {
    {OP_LOCK, 7, 0}, {OP_LOCK, 8, 1}, {OP_UNLOCK, 9, 1}, {OP_UNLOCK, 10, 0}, {OP_END, 11, 0}};
static const struct op locks_back[] = {
    {OP_LOCK, 15, 1}, {OP_LOCK, 16, 0}, {OP_UNLOCK, 17, 0}, {OP_UNLOCK, 18, 1}, {OP_END, 19, 0}};
static const struct op cond_main[] = {{OP_CREATE, 0, 1}, {OP_CREATE, 0, 2}, {OP_CREATE, 0, 3},
                                      {OP_JOIN, 0, 1},   {OP_JOIN, 0, 2},   {OP_EXIT, 0, 0}};
static const struct op cond_waiter[] = {
    {OP_LOCK, 7, 0}, {OP_WAIT, 8, 0}, {OP_RELOCK, 8, 0}, {OP_UNLOCK, 9, 0}, {OP_END, 10, 0}};
static const struct op cond_waker[] = {{OP_SIGNAL, 14, 0}, {OP_SIGNAL, 15, 0}, {OP_END, 16, 0}};
static const struct op crowd_turn[] = {
    {OP_READ, 9, 0}, {OP_LOCK, 7, 0}, {OP_WRITE, 11, 0}, {OP_UNLOCK, 10, 0}, {OP_AGAIN, 0, 0}};

static const struct {
    const char *file;
    const char *functions[4];
    const struct op *scripts[4];
} programs[] = {
    [TOY_COUNTER] = {"tests/screens/data/counter.c",
                     {"main", "inc", "inc"},
                     {counter_main, counter_inc, counter_inc}},
    [TOY_LOCKS] = {"tests/screens/data/locks.c",
                   {"main", "forth", "back"},
                   {locks_main, locks_forth, locks_back}},
    [TOY_COND] = {"tests/screens/data/cond.c",
                  {"main", "waiter", "waiter", "waker"},
                  {cond_main, cond_waiter, cond_waiter, cond_waker}},
    [TOY_CROWD] = {"tests/screens/data/counter.c", {"main", "inc", "inc", "inc"}, {crowd_turn}},
};

struct toy_task {
    int exists, ended, at, blocked, asleep;
    long local;
};

struct toy {
    enum toy_program program;
    struct trace trace;
    struct schedule schedule;
    struct names names;
    struct toy_task task[TOY_TASKS];
    int ntasks;
    int owner[2];
    long counter;
    int asks; /* the last step asks whom to wake */
    int finished;
    uint32_t looked; /* step looked at */
};

/* -------- names -------- */

static void name_object(void *ctx, uint64_t addr, uint32_t size, char *out, size_t n)
{
    (void)ctx;
    (void)size;
    static const struct {
        uint64_t addr;
        const char *name;
    } table[] = {
        {COUNTER_ADDR, "counter"}, {LOCK_ADDR, "m"}, {LOCK_ADDR + 64, "n"}, {COND_ADDR, "c"}};
    for (size_t i = 0; i < 4; i++)
        if (table[i].addr == addr) {
            snprintf(out, n, "%s", table[i].name);
            return;
        }
    snprintf(out, n, "0x%llx", (unsigned long long)addr);
}

/* Code addresses: task * 1000 + line + 1. */
static void name_place(void *ctx, uint64_t pc, struct place *out)
{
    const struct toy *t = ctx;
    unsigned task = (unsigned)(pc / 1000);
    *out = (struct place){"", "", 0};
    out->function = programs[t->program].functions[task < 4 ? task : 3];
    out->line = (int)(pc % 1000);
    out->file = out->line ? programs[t->program].file : "";
}

static void name_value(void *ctx, uint64_t addr, uint32_t size, uint64_t value, char *out, size_t n)
{
    (void)ctx;
    (void)addr;
    (void)size;
    snprintf(out, n, "%lld", (long long)value);
}

/* -------- rules -------- */

static const struct op *next_op(const struct toy *t, int task)
{
    static const struct op crowd_start = {OP_READ, 9, 0};
    const struct op *script = programs[t->program].scripts[t->program == TOY_CROWD ? 0 : task];
    return script ? &script[t->task[task].at] : &crowd_start;
}

static void add(struct toy *t, struct event e, const char *text)
{
    e.step = t->trace.nsteps + (event_is_step(e.kind) ? 1U : 0U);
    e.ntext = text ? (uint32_t)strlen(text) : 0;
    if (trace_append(&t->trace, &e, text) < 0)
        abort();
}

/* The event of an operation, as it would be now. */
static struct event event_of(const struct toy *t, int task, const struct op *op)
{
    static const uint8_t kinds[] = {
        [OP_CREATE] = EV_CREATE,  [OP_JOIN] = EV_JOIN,          [OP_READ] = EV_READ,
        [OP_WRITE] = EV_WRITE,    [OP_LOCK] = EV_LOCK,          [OP_UNLOCK] = EV_UNLOCK,
        [OP_WAIT] = EV_COND_WAIT, [OP_RELOCK] = EV_COND_RELOCK, [OP_SIGNAL] = EV_COND_SIGNAL,
        [OP_PRINT] = EV_OUTPUT,   [OP_EXIT] = EV_EXIT,          [OP_END] = EV_END};
    struct event e = {.kind = kinds[op->kind], .task = (uint16_t)task, .other = NO_TASK};
    e.pc = (uint64_t)task * 1000 + (uint64_t)op->line + (op->line ? 1 : 0);
    switch (op->kind) {
    case OP_READ:
    case OP_WRITE:
        e.addr = COUNTER_ADDR;
        e.size = 8;
        e.a = (uint64_t)t->counter;
        e.b = (uint64_t)(t->task[task].local + 1);
        break;
    case OP_CREATE:
    case OP_JOIN:
        e.other = (uint16_t)op->arg;
        e.addr = op->kind == OP_CREATE ? (uint64_t)op->arg * 1000 + 6 : 0;
        break;
    case OP_LOCK:
    case OP_UNLOCK:
        e.addr = LOCK_ADDR + 64 * (uint64_t)op->arg;
        e.a = op->kind == OP_LOCK;
        break;
    case OP_WAIT:
    case OP_RELOCK:
    case OP_SIGNAL:
        e.addr = COND_ADDR;
        e.addr2 = op->kind == OP_SIGNAL ? 0 : LOCK_ADDR;
        break;
    case OP_PRINT:
        e.a = 1;
        break;
    default:
        break;
    }
    return e;
}

static int sleepers(const struct toy *t)
{
    int n = 0;
    for (int i = 0; i < t->ntasks; i++)
        n += t->task[i].asleep;
    return n;
}

/* Why a task cannot go on: holder or other in *by; 0 when it can. */
static int is_stuck(const struct toy *t, int task, struct event *why)
{
    const struct toy_task *k = &t->task[task];
    const struct op *op = next_op(t, task);
    *why = (struct event){.kind = EV_BLOCKED, .task = (uint16_t)task, .other = NO_TASK};
    if (k->asleep) {
        why->addr = COND_ADDR;
        why->a = BLOCK_COND;
        return 1;
    }
    int lock = op->kind == OP_LOCK ? op->arg : 0;
    if ((op->kind == OP_LOCK || op->kind == OP_RELOCK) && t->owner[lock] >= 0) {
        why->addr = LOCK_ADDR + 64 * (uint64_t)lock;
        why->other = (uint16_t)t->owner[lock];
        why->a = BLOCK_LOCK;
        return 1;
    }
    if (op->kind == OP_JOIN && !t->task[op->arg].ended) {
        why->other = (uint16_t)op->arg;
        why->a = BLOCK_JOIN;
        return 1;
    }
    return 0;
}

static int is_alive(const struct toy *t, int task)
{
    return t->task[task].exists && !t->task[task].ended;
}

static void tell_pending(struct toy *t, int task)
{
    struct event e = event_of(t, task, next_op(t, task));
    e.a = e.kind;
    e.kind = EV_PENDING;
    add(t, e, NULL);
}

static void tell_states(struct toy *t)
{
    struct event why;
    for (int i = 0; i < t->ntasks; i++) {
        int stuck = is_alive(t, i) && is_stuck(t, i, &why);
        if (stuck && !t->task[i].blocked)
            add(t, why, NULL);
        if (!stuck && t->task[i].blocked && is_alive(t, i))
            add(t, (struct event){.kind = EV_READY, .task = (uint16_t)i, .other = NO_TASK}, NULL);
        t->task[i].blocked = stuck;
    }
}

static void finish(struct toy *t, enum finish how)
{
    t->finished = 1;
    add(t, (struct event){.kind = EV_FINISHED, .other = NO_TASK, .a = how}, NULL);
}

static void tell_stuck(struct toy *t)
{
    struct event why;
    for (int i = 0; i < t->ntasks; i++)
        if (is_alive(t, i) && !is_stuck(t, i, &why))
            return;
    add(t,
        (struct event){
            .kind = EV_FINDING, .task = 1, .other = 2, .a = FIND_DEADLOCK, .addr = LOCK_ADDR},
        NULL);
    finish(t, FINISH_DEADLOCK);
}

static void wake(struct toy *t, int waker, int nth)
{
    for (int i = 0; i < t->ntasks; i++)
        if (t->task[i].asleep && nth-- == 0) {
            t->task[i].asleep = 0;
            add(t,
                (struct event){.kind = EV_WAKE,
                               .task = (uint16_t)waker,
                               .other = (uint16_t)i,
                               .addr = COND_ADDR},
                NULL);
        }
}

/* The write before the one under way. */
static uint32_t last_write(const struct toy *t)
{
    uint32_t step = t->trace.nsteps;
    while (--step > 0)
        if (trace_step(&t->trace, step)->kind == EV_WRITE)
            break;
    return step;
}

static void do_op(struct toy *t, int task, const struct op *op)
{
    struct toy_task *k = &t->task[task];
    switch (op->kind) {
    case OP_CREATE:
        t->task[op->arg].exists = 1;
        t->ntasks = op->arg + 1;
        tell_pending(t, op->arg);
        break;
    case OP_READ:
        k->local = t->counter;
        break;
    case OP_WRITE:
        if (t->program == TOY_COUNTER && k->local != t->counter)
            add(t,
                (struct event){.kind = EV_FINDING,
                               .task = (uint16_t)task,
                               .other = (uint16_t)(3 - task),
                               .a = FIND_DATA_RACE,
                               .addr = COUNTER_ADDR,
                               .size = 8,
                               .ref = last_write(t)},
                NULL);
        t->counter = k->local + 1;
        break;
    case OP_LOCK:
    case OP_RELOCK:
        t->owner[op->arg] = task;
        break;
    case OP_UNLOCK:
        t->owner[op->arg] = -1;
        break;
    case OP_WAIT:
        t->owner[0] = -1;
        k->asleep = 1;
        break;
    case OP_SIGNAL:
        t->asks = sleepers(t) > 1;
        if (!t->asks)
            wake(t, task, 0);
        break;
    case OP_END:
        k->ended = 1;
        add(t, (struct event){.kind = EV_GONE, .task = (uint16_t)task, .other = NO_TASK, .a = 1},
            NULL);
        break;
    default:
        break;
    }
}

static void settle(struct toy *t)
{
    tell_states(t);
    if (!t->finished)
        tell_stuck(t);
}

static void step_task(struct toy *t, int task)
{
    const struct op *op = next_op(t, task);
    char text[32];
    struct event e = event_of(t, task, op);
    if (op->kind == OP_SIGNAL)
        e.a = (uint64_t)sleepers(t);
    snprintf(text, sizeof text, "%ld\n", t->counter);
    add(t, e, op->kind == OP_PRINT ? text : NULL);
    t->task[task].at++;
    if (op->kind != OP_EXIT && op->kind != OP_END && next_op(t, task)->kind == OP_AGAIN)
        t->task[task].at = 0;
    do_op(t, task, op);
    if (op->kind == OP_EXIT) {
        finish(t, FINISH_EXIT);
        return;
    }
    if (op->kind != OP_END)
        tell_pending(t, task);
    if (!t->asks)
        settle(t);
}

static void choose(struct toy *t, uint16_t choice)
{
    if (!(choice & CHOICE_ALT)) {
        step_task(t, choice);
        return;
    }
    const struct event *last = trace_step(&t->trace, t->trace.nsteps);
    uint16_t task = last->task;
    add(t,
        (struct event){.kind = EV_CHOICE,
                       .task = task,
                       .other = NO_TASK,
                       .a = choice & 0xffU,
                       .b = (uint64_t)sleepers(t)},
        NULL);
    wake(t, task, choice & 0xff);
    t->asks = 0;
    settle(t);
}

static void begin(struct toy *t)
{
    trace_clear(&t->trace);
    memset(t->task, 0, sizeof t->task);
    t->task[0].exists = 1;
    t->ntasks = 1;
    t->owner[0] = t->owner[1] = -1;
    t->counter = 0;
    t->asks = t->finished = 0;
    tell_pending(t, 0);
}

/* -------- the port -------- */

static const struct trace *toy_trace(void *ctx)
{
    return &((struct toy *)ctx)->trace;
}

static const struct names *toy_names(void *ctx)
{
    return &((struct toy *)ctx)->names;
}

static const struct schedule *toy_schedule(void *ctx)
{
    return &((struct toy *)ctx)->schedule;
}

static int toy_finished(void *ctx)
{
    return ((struct toy *)ctx)->finished;
}

static int toy_choices(void *ctx, struct choice *out, int max)
{
    struct toy *t = ctx;
    struct event why;
    int n = 0;
    for (int i = 0, nth = 0; i < t->ntasks && n < max && !t->finished; i++) {
        if (t->asks ? !t->task[i].asleep : !is_alive(t, i) || is_stuck(t, i, &why))
            continue;
        struct event pending = event_of(t, i, next_op(t, i));
        pending.a = pending.kind;
        pending.kind = EV_PENDING;
        out[n++] = (struct choice){.choice = (uint16_t)(t->asks ? CHOICE_ALT | nth++ : i),
                                   .task = (uint16_t)i,
                                   .is_alternative = t->asks,
                                   .pending = pending};
    }
    return n;
}

static int toy_default(void *ctx)
{
    struct toy *t = ctx;
    struct choice all[TOY_TASKS];
    int n = toy_choices(t, all, TOY_TASKS);
    const struct event *last = trace_step(&t->trace, t->trace.nsteps);
    for (int i = 0; i < n; i++)
        if (last && all[i].choice == last->task)
            return last->task;
    return n ? all[0].choice : -1;
}

static int toy_step(void *ctx, uint16_t choice, struct err *e)
{
    struct toy *t = ctx;
    struct choice all[TOY_TASKS];
    int n = toy_choices(t, all, TOY_TASKS);
    for (int i = 0; i < n; i++)
        if (all[i].choice == choice) {
            choose(t, choice);
            schedule_add(&t->schedule, choice, 0xff);
            return 0;
        }
    return err_set(e, ERR_USAGE, "T%u cannot go on here", choice & 0xffU);
}

static int toy_run(void *ctx, struct err *e)
{
    struct toy *t = ctx;
    int rc = 0, choice;
    while (rc == 0 && (choice = toy_default(t)) >= 0)
        rc = toy_step(t, (uint16_t)choice, e);
    return rc;
}

static int toy_replay(void *ctx, const struct schedule *s, struct err *e)
{
    struct toy *t = ctx;
    struct schedule copy;
    schedule_init(&copy);
    schedule_copy(&copy, s);
    schedule_fini(&t->schedule);
    schedule_init(&t->schedule);
    begin(t);
    int rc = 0;
    for (size_t i = 0; i < copy.n && rc == 0; i++)
        rc = toy_step(t, copy.choices[i], e);
    schedule_fini(&copy);
    return rc;
}

static int toy_rewind(void *ctx, uint32_t step, struct err *e)
{
    struct toy *t = ctx;
    struct schedule part;
    uint32_t steps = 0;
    schedule_init(&part);
    for (size_t i = 0; i < t->schedule.n; i++) {
        int alternative = t->schedule.choices[i] & CHOICE_ALT;
        if (!alternative && steps++ == step)
            break;
        schedule_add(&part, t->schedule.choices[i], 0xff);
    }
    int rc = toy_replay(t, &part, e);
    schedule_fini(&part);
    return rc;
}

static int toy_follow(void *ctx, const struct lesson_path *path, struct err *e)
{
    (void)path;
    return toy_rewind(ctx, 0, e);
}

static int toy_wait(void *ctx, struct err *e)
{
    (void)ctx;
    (void)e;
    return 0;
}

static int toy_fd(void *ctx)
{
    (void)ctx;
    return -1;
}

static int toy_look(void *ctx, uint32_t step, unsigned task, struct err *e)
{
    (void)task;
    (void)e;
    ((struct toy *)ctx)->looked = step;
    return 0;
}

static int toy_globals(void *ctx, struct variable *out, int max)
{
    struct toy *t = ctx;
    if (max < 1 || (t->program != TOY_COUNTER && t->program != TOY_CROWD))
        return 0;
    long value = 0;
    for (uint32_t s = t->looked; s > 0; s--)
        if (trace_step(&t->trace, s)->kind == EV_WRITE) {
            value = (long)trace_step(&t->trace, s)->b;
            break;
        }
    out[0] = (struct variable){.name = "counter", .type = "long", .addr = COUNTER_ADDR, .size = 8};
    snprintf(out[0].value, sizeof out[0].value, "%ld", value);
    return 1;
}

static int toy_locals(void *ctx, unsigned task, struct variable *out, int max)
{
    struct toy *t = ctx;
    if (max < 1 || task == 0 || t->program != TOY_COUNTER)
        return 0;
    long value = 0;
    for (uint32_t s = 1; s <= t->looked; s++) {
        const struct event *e = trace_step(&t->trace, s);
        if (e->task == task && e->kind == EV_READ)
            value = (long)e->a;
    }
    out[0] = (struct variable){.name = "t", .type = "long", .size = 8};
    snprintf(out[0].value, sizeof out[0].value, "%ld", value);
    return 1;
}

static void keep_outcome(struct toy *t, struct explore_result *r)
{
    const struct event *f = trace_find_back(&t->trace, t->trace.nsteps, EV_FINISHED);
    struct explore_outcome o = {.executions = 1, .exit_status = -1};
    struct buf out = {0};
    size_t i = 0;
    world_output(&t->trace, t->trace.nsteps, 1, &out);
    o.out = out.data ? out.data : xstrdup("");
    o.nout = o.nout_total = out.len;
    o.deadlock = f && f->a == FINISH_DEADLOCK;
    if (f && f->a == FINISH_EXIT)
        o.exit_status = f->result;
    while (i < r->noutcomes &&
           (r->outcomes[i].nout != o.nout || o.deadlock != r->outcomes[i].deadlock ||
            memcmp(r->outcomes[i].out, o.out, o.nout) != 0))
        i++;
    r->kept = xrealloc(r->kept, r->nkept + 1, sizeof *r->kept);
    struct explore_kept *k = &r->kept[r->nkept++];
    *k = (struct explore_kept){.n = (uint32_t)t->schedule.n, .outcome = (uint32_t)i};
    k->choices = xcalloc(k->n + 1, sizeof *k->choices);
    k->options = xcalloc(k->n + 1, 1);
    memcpy(k->choices, t->schedule.choices, k->n * sizeof *k->choices);
    if (i < r->noutcomes) {
        r->outcomes[i].executions++;
        free(o.out);
        return;
    }
    schedule_init(&o.schedule);
    schedule_copy(&o.schedule, &t->schedule);
    r->outcomes = xrealloc(r->outcomes, r->noutcomes + 1, sizeof *r->outcomes);
    r->outcomes[r->noutcomes++] = o;
}

static void keep_finding(struct toy *t, struct explore_result *r)
{
    const struct event *bad = trace_find_back(&t->trace, t->trace.nsteps, EV_FINDING);
    if (!bad || r->nfindings)
        return;
    r->findings = xcalloc(1, sizeof *r->findings);
    r->nfindings = 1;
    r->findings[0].kind = (int)bad->a;
    r->findings[0].message = xstrdup("found");
    r->findings[0].file = xstrdup("");
    schedule_init(&r->findings[0].schedule);
    schedule_copy(&r->findings[0].schedule, &t->schedule);
}

/* All executions, one after the other; no more than a few hundred. */
enum { TOY_EXECUTIONS = 400, TOY_DEPTH = 60 };
static void search(struct toy *t, struct explore_result *r)
{
    struct choice all[TOY_TASKS];
    int n = toy_choices(t, all, TOY_TASKS);
    if (!n || t->schedule.n > TOY_DEPTH) {
        r->executions++;
        keep_finding(t, r);
        keep_outcome(t, r);
        return;
    }
    struct schedule way;
    schedule_init(&way);
    schedule_copy(&way, &t->schedule);
    for (int i = 0; i < n && r->executions < TOY_EXECUTIONS; i++) {
        if (toy_step(t, all[i].choice, NULL) == 0)
            search(t, r);
        toy_replay(t, &way, NULL);
    }
    schedule_fini(&way);
}

/* On a toy of its own: this one is on the screen. */
static int toy_search(void *ctx, const struct explore_options *o, const char *adversity,
                      struct explore_result *r, struct err *e)
{
    struct port own = toy_port(((struct toy *)ctx)->program);
    (void)adversity;
    (void)e;
    *r = (struct explore_result){.strategy = o->strategy, .why_not = "", .kept_every = 1};
    search(own.ctx, r);
    r->exhausted = r->complete = r->executions < TOY_EXECUTIONS;
    if (!r->complete)
        r->why_not = "no more were asked for";
    own.ops->close(own.ctx);
    return 0;
}

static void toy_close(void *ctx)
{
    struct toy *t = ctx;
    trace_fini(&t->trace);
    schedule_fini(&t->schedule);
    free(t);
}

static const struct port_ops toy_ops = {
    .trace = toy_trace,
    .names = toy_names,
    .schedule = toy_schedule,
    .finished = toy_finished,
    .choices = toy_choices,
    .default_choice = toy_default,
    .step = toy_step,
    .run = toy_run,
    .rewind = toy_rewind,
    .replay = toy_replay,
    .follow = toy_follow,
    .wait = toy_wait,
    .fd = toy_fd,
    .look = toy_look,
    .globals = toy_globals,
    .locals = toy_locals,
    .search = toy_search,
    .close = toy_close,
};

struct port toy_port(enum toy_program program)
{
    struct toy *t = xcalloc(1, sizeof *t);
    t->program = program;
    t->names =
        (struct names){.ctx = t, .object = name_object, .place = name_place, .value = name_value};
    trace_init(&t->trace);
    schedule_init(&t->schedule);
    begin(t);
    return (struct port){&toy_ops, t};
}

/* A cheap generator: everybody in turn, T0 having created all. */
void toy_fill(struct port *p, uint32_t nsteps)
{
    struct toy *t = p->ctx;
    begin(t);
    for (int i = 1; i < 64; i++) {
        t->task[i].exists = 1;
        t->ntasks = i + 1;
        add(t,
            (struct event){.kind = EV_CREATE, .other = (uint16_t)i, .addr = (uint64_t)i * 1000 + 6},
            NULL);
        tell_pending(t, i);
    }
    unsigned random = 1;
    struct event why;
    while (t->trace.nsteps < nsteps) {
        random = random * 1103515245U + 12345U;
        int task = (int)(random >> 16) % t->ntasks;
        if (!is_stuck(t, task, &why))
            step_task(t, task);
    }
}

/* Traces made by hand or by chance, and a fake `struct names`, for tests without a target. */
#ifndef LOCKSTEP_TESTS_MADE_TRACE_H
#define LOCKSTEP_TESTS_MADE_TRACE_H

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "trace.h"

#pragma GCC diagnostic ignored "-Woverride-init"

/* An event; fields not named are 0, `other` nobody. */
#define MADE(kind_, task_, ...)                                                                    \
    (struct event)                                                                                 \
    {                                                                                              \
        .kind = EV_##kind_, .task = (task_), .other = NO_TASK, __VA_ARGS__                         \
    }
/* Append a step, or a consequence of the last step. */
#define STEP(t, kind_, task_, ...)        made_add((t), MADE(kind_, task_, __VA_ARGS__), NULL)
#define TEXT(t, text_, kind_, task_, ...) made_add((t), MADE(kind_, task_, __VA_ARGS__), (text_))

static inline uint32_t made_add(struct trace *t, struct event e, const char *text)
{
    e.step = t->nsteps + (event_is_step(e.kind) ? 1u : 0u);
    e.ntext = text ? (uint32_t)strlen(text) : 0;
    int rc = trace_append(t, &e, text);
    assert(rc == 0);
    (void)rc;
    return t->nsteps;
}

/* Places and objects of the fake names. Code addresses 0x1000 * f + line are line `line` of
 * function f. */
enum made_addr {
    COUNTER = 0x404000,
    FLAG = 0x404008,
    ARRAY = 0x404010,
    COUNT = 0x404040,
    MUTEX_M = 0x405000,
    MUTEX_N = 0x405040,
    COND_C = 0x405080,
    SEM_S = 0x4050c0,
    BARRIER_B = 0x405100,
    RWLOCK_R = 0x405140,
    ONCE_O = 0x405180,
    SPIN_P = 0x4051c0,
    HEAP = 0x600000
};
#define PC(function, line) (0x1000u * (function) + (line) + 1u)
enum { F_MAIN = 1, F_INC = 2, F_DEC = 3 };

static inline void made_object(void *ctx, uint64_t addr, uint32_t size, char *out, size_t n)
{
    static const struct {
        uint64_t addr;
        const char *name;
    } table[] = {
        {COUNTER, "counter"}, {FLAG, "flag"},   {COUNT, "count"}, {MUTEX_M, "m"},
        {MUTEX_N, "n"},       {COND_C, "c"},    {SEM_S, "s"},     {BARRIER_B, "b"},
        {RWLOCK_R, "rw"},     {ONCE_O, "once"}, {SPIN_P, "p"},
    };
    (void)ctx;
    (void)size;
    if (addr >= ARRAY && addr < ARRAY + 40) {
        snprintf(out, n, "a[%d]", (int)(addr - ARRAY) / 4);
        return;
    }
    if (addr >= HEAP && addr < HEAP + 0x1000) {
        snprintf(out, n, addr == HEAP ? "heap#1" : "heap#1+%d", (int)(addr - HEAP));
        return;
    }
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].addr == addr) {
            snprintf(out, n, "%s", table[i].name);
            return;
        }
    snprintf(out, n, "0x%" PRIx64, addr);
}

static inline void made_place(void *ctx, uint64_t pc, struct place *out)
{
    static const char *const functions[] = {"", "main", "inc", "dec"};
    (void)ctx;
    *out = (struct place){.file = "", .function = "", .line = 0};
    if (pc >= 0x1000 && pc < 0x4000) {
        out->file = "dir/counter.c";
        out->function = functions[pc / 0x1000];
        out->line = (int)(pc % 0x1000);
    }
}

static inline void made_value(void *ctx, uint64_t addr, uint32_t size, uint64_t value, char *out,
                              size_t n)
{
    (void)ctx;
    (void)addr;
    unsigned unused = size < 8 ? 64 - 8 * size : 0;
    int64_t v = (int64_t)(value << unused) >> unused;
    if (addr == FLAG)
        snprintf(out, n, "%s", v ? "true" : "false");
    else
        snprintf(out, n, "%" PRId64, v);
}

static const struct names made_names = {
    .object = made_object, .place = made_place, .value = made_value};

/* Chance, the same everywhere. */
static uint64_t made_seed = 88172645463325252u;
static inline unsigned made_chance(unsigned n)
{
    made_seed ^= made_seed << 13;
    made_seed ^= made_seed >> 7;
    made_seed ^= made_seed << 17;
    return (unsigned)((made_seed >> 33) % n);
}

/* A plausible execution: `ntasks` tasks lock, wait, signal, read and write for `nsteps` steps. */
struct made_run {
    struct trace *t;
    unsigned ntasks, nlocks, nplaces;
    struct {
        int waits_for; /* lock + 1 */
        int sleeps;    /* in the condition */
        int relock;    /* comes back from it */
        unsigned held; /* lock + 1 */
    } task[MAX_TASKS];
    unsigned owner[16]; /* task + 1 */
    uint64_t value[4096];
};

static inline uint64_t made_lock_addr(unsigned lock)
{
    return MUTEX_M + 64u * lock;
}

static inline void made_free_lock(struct made_run *r, unsigned lock)
{
    r->owner[lock] = 0;
    for (unsigned k = 0; k < r->ntasks; k++)
        if (r->task[k].waits_for == (int)lock + 1 && !r->task[k].sleeps)
            STEP(r->t, READY, (uint16_t)k, .a = 0);
}

static inline void made_take_lock(struct made_run *r, unsigned task, unsigned lock)
{
    r->owner[lock] = task + 1;
    r->task[task].held = lock + 1;
    r->task[task].waits_for = 0;
    for (unsigned k = 0; k < r->ntasks; k++)
        if (k != task && r->task[k].waits_for == (int)lock + 1 && !r->task[k].sleeps)
            STEP(r->t, BLOCKED, (uint16_t)k, .other = (uint16_t)task, .addr = made_lock_addr(lock));
}

static inline void made_access(struct made_run *r, uint16_t task)
{
    unsigned place = made_chance(r->nplaces);
    uint64_t addr = 0x700000 + 4u * place, old = r->value[place];
    if (made_chance(2)) {
        STEP(r->t, READ, task, .addr = addr, .size = 4, .a = old, .pc = PC(F_INC, 8));
    } else {
        r->value[place] = made_chance(100);
        STEP(r->t, WRITE, task, .addr = addr, .size = 4, .a = old, .b = r->value[place],
             .pc = PC(F_INC, 10));
    }
    STEP(r->t, PENDING, task, .a = EV_READ, .addr = addr, .size = 4);
}

static inline void made_lock_step(struct made_run *r, uint16_t task)
{
    unsigned lock = (unsigned)r->task[task].waits_for - 1;
    uint64_t addr = made_lock_addr(lock);
    if (r->task[task].relock)
        STEP(r->t, COND_RELOCK, task, .addr = COND_C, .addr2 = addr);
    else
        STEP(r->t, LOCK, task, .addr = addr, .a = 1);
    r->task[task].relock = 0;
    STEP(r->t, PENDING, task, .a = EV_UNLOCK, .addr = addr);
    made_take_lock(r, task, lock);
}

static inline void made_want_lock(struct made_run *r, uint16_t task)
{
    unsigned lock = made_chance(r->nlocks);
    STEP(r->t, YIELD, task, .a = 0);
    r->task[task].waits_for = (int)lock + 1;
    STEP(r->t, PENDING, task, .a = EV_LOCK, .addr = made_lock_addr(lock));
    if (r->owner[lock])
        STEP(r->t, BLOCKED, task, .addr = made_lock_addr(lock),
             .other = (uint16_t)(r->owner[lock] - 1));
}

static inline void made_leave_lock(struct made_run *r, uint16_t task)
{
    unsigned lock = r->task[task].held - 1;
    uint64_t addr = made_lock_addr(lock);
    r->task[task].held = 0;
    if (made_chance(4) == 0) {
        STEP(r->t, COND_WAIT, task, .addr = COND_C, .addr2 = addr);
        STEP(r->t, PENDING, task, .a = EV_COND_RELOCK, .addr = COND_C, .addr2 = addr);
        STEP(r->t, BLOCKED, task, .addr = COND_C, .a = BLOCK_COND);
        r->task[task].sleeps = r->task[task].relock = 1;
        r->task[task].waits_for = (int)lock + 1;
    } else {
        STEP(r->t, UNLOCK, task, .addr = addr);
        STEP(r->t, PENDING, task, .a = EV_READ, .addr = COUNTER, .size = 4);
    }
    made_free_lock(r, lock);
}

static inline void made_broadcast(struct made_run *r, uint16_t task)
{
    unsigned waiting = 0;
    for (unsigned k = 0; k < r->ntasks; k++)
        waiting += (unsigned)r->task[k].sleeps;
    STEP(r->t, COND_BROADCAST, task, .addr = COND_C, .a = waiting);
    for (unsigned k = 0; k < r->ntasks; k++) {
        unsigned lock = (unsigned)r->task[k].waits_for - 1;
        if (!r->task[k].sleeps)
            continue;
        r->task[k].sleeps = 0;
        STEP(r->t, WAKE, task, .other = (uint16_t)k, .addr = COND_C);
        if (r->owner[lock])
            STEP(r->t, BLOCKED, (uint16_t)k, .addr = made_lock_addr(lock),
                 .other = (uint16_t)(r->owner[lock] - 1));
        else
            STEP(r->t, READY, (uint16_t)k, .a = 0);
    }
    STEP(r->t, PENDING, task, .a = EV_YIELD);
}

static inline int made_can_go(const struct made_run *r, unsigned k)
{
    return !r->task[k].sleeps && (!r->task[k].waits_for || !r->owner[r->task[k].waits_for - 1]);
}

static inline void made_step(struct made_run *r)
{
    unsigned k = made_chance(r->ntasks), tries = 0;
    while (!made_can_go(r, k) && tries++ < r->ntasks)
        k = (k + 1) % r->ntasks;
    uint16_t task = (uint16_t)k;
    if (!made_can_go(r, k) || made_chance(40) == 0)
        made_broadcast(r, task); /* keeps the run alive; the books do not mind */
    else if (r->task[k].waits_for)
        made_lock_step(r, task);
    else if (r->task[k].held && made_chance(4) == 0)
        made_leave_lock(r, task);
    else if (!r->task[k].held && made_chance(5) == 0)
        made_want_lock(r, task);
    else if (made_chance(30) == 0)
        TEXT(r->t, "tick\n", OUTPUT, task, .a = 1 + made_chance(2));
    else
        made_access(r, task);
}

static inline void made_run(struct trace *t, unsigned ntasks, unsigned nlocks, unsigned nplaces,
                            size_t nevents)
{
    static struct made_run r;
    memset(&r, 0, sizeof r);
    r.t = t;
    r.nlocks = nlocks;
    r.nplaces = nplaces;
    TEXT(t, "main", NAME, 0, .a = 0);
    STEP(t, PENDING, 0, .a = EV_CREATE);
    for (r.ntasks = 1; r.ntasks < ntasks; r.ntasks++) {
        uint16_t child = (uint16_t)r.ntasks;
        STEP(t, CREATE, 0, .other = child, .addr = 0x1000 * F_INC);
        STEP(t, PENDING, child, .a = EV_START);
    }
    for (uint16_t k = 1; k < ntasks; k++)
        STEP(t, START, k, .pc = 0x1000 * F_INC);
    while (t->nevents < nevents)
        made_step(&r);
}

#endif

/* A random program from a seed: the same seed makes the same program everywhere. */
#include "random.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const struct {
    int weight, steps;
} rows[OP_COUNT] = {
#define OP(id, weight, steps, text) {weight, steps},
#include "ops.def"
#undef OP
};

static uint64_t next(uint64_t *s)
{
    uint64_t z = *s += 0x9e3779b97f4a7c15ull;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

static unsigned below(uint64_t *s, unsigned n)
{
    return (unsigned)(next(s) % n);
}

static bool often(uint64_t *s, unsigned percent)
{
    return below(s, 100) < percent;
}

static void push(struct random_program *p, int t, enum op_kind kind, uint64_t *s)
{
    if (p->nops[t] == OPS_MAX)
        return;
    p->ops[t][p->nops[t]++] = (struct one_op){.kind = (uint8_t)kind,
                                              .v = (uint8_t)below(s, often(s, 50) ? 1 : 3),
                                              .m = (uint8_t)below(s, 2),
                                              .k = (uint8_t)(1 + below(s, 3))};
}

static void push_mutex(struct random_program *p, int t, enum op_kind kind, unsigned m, uint64_t *s)
{
    push(p, t, kind, s);
    p->ops[t][p->nops[t] - 1].m = (uint8_t)m;
}

static void push_any(struct random_program *p, int t, uint64_t *s)
{
    int total = 0;
    for (int i = 0; i < OP_COUNT; i++)
        total += rows[i].weight;
    int at = (int)below(s, (unsigned)total), kind = 0;
    while (at >= rows[kind].weight)
        at -= rows[kind++].weight;
    push(p, t, (enum op_kind)kind, s);
}

static void push_plain(struct random_program *p, int t, uint64_t *s)
{
    static const enum op_kind plain[] = {OP_READ, OP_WRITE, OP_INCREMENT, OP_ASSERT, OP_PRINT};
    push(p, t, plain[below(s, often(s, 80) ? 3 : 5)], s);
}

/* ---- shapes: what programs are made of besides single operations ---- */
static void section(struct random_program *p, int t, uint64_t *s)
{
    unsigned m = below(s, 2);
    push_mutex(p, t, OP_LOCK, m, s);
    push_plain(p, t, s);
    if (!often(s, 5)) /* else it stays locked */
        push_mutex(p, t, OP_UNLOCK, often(s, 96) ? m : !m, s);
}

static void nested(struct random_program *p, int t, uint64_t *s)
{
    unsigned m = below(s, 2), first = below(s, 2);
    push_mutex(p, t, OP_LOCK, m, s);
    push_mutex(p, t, OP_LOCK, !m, s);
    push_plain(p, t, s);
    push_mutex(p, t, OP_UNLOCK, first, s);
    push_mutex(p, t, OP_UNLOCK, !first, s);
}

static void read_section(struct random_program *p, int t, uint64_t *s)
{
    bool writes = often(s, 40);
    push(p, t, writes ? OP_WRLOCK : OP_RDLOCK, s);
    push(p, t, writes || often(s, 20) ? OP_WRITE : OP_READ, s);
    push(p, t, OP_RWUNLOCK, s);
}

static void waiting(struct random_program *p, int t, uint64_t *s)
{
    static const enum op_kind waits[] = {OP_WAIT, OP_WAIT_IF, OP_WAIT_WHILE, OP_WAIT_WHILE,
                                         OP_TIMEDWAIT};
    push_mutex(p, t, OP_LOCK, 0, s);
    push(p, t, waits[below(s, 5)], s);
    if (often(s, 40))
        push_plain(p, t, s);
    push_mutex(p, t, OP_UNLOCK, 0, s);
}

static void waking(struct random_program *p, int t, uint64_t *s)
{
    bool inside = often(s, 70);
    push_mutex(p, t, OP_LOCK, 0, s);
    push(p, t, OP_WRITE, s);
    if (!inside)
        push_mutex(p, t, OP_UNLOCK, 0, s);
    push(p, t, often(s, 70) ? OP_SIGNAL : OP_BROADCAST, s);
    if (inside)
        push_mutex(p, t, OP_UNLOCK, 0, s);
}

static void permit(struct random_program *p, int t, uint64_t *s)
{
    push(p, t, OP_SEM_WAIT, s);
    uint8_t which = p->ops[t][p->nops[t] - 1].v;
    push_plain(p, t, s);
    push(p, t, OP_SEM_POST, s);
    p->ops[t][p->nops[t] - 1].v = which;
}

static void other_section(struct random_program *p, int t, uint64_t *s)
{
    unsigned m = below(s, 2), depth = 1 + often(s, 50);
    for (unsigned i = 0; i < depth; i++)
        push_mutex(p, t, OP_OTHER_LOCK, m, s);
    if (often(s, 25))
        push_mutex(p, t, OP_OTHER_WAIT, m, s);
    push_plain(p, t, s);
    for (unsigned i = 0; i < depth; i++)
        push_mutex(p, t, OP_OTHER_UNLOCK, m, s);
}

static void nested_read(struct random_program *p, int t, uint64_t *s)
{
    push(p, t, OP_RDLOCK, s);
    push(p, t, often(s, 85) ? OP_RDLOCK : OP_WRLOCK, s);
    push(p, t, OP_READ, s);
    push(p, t, OP_RWUNLOCK, s);
    if (!often(s, 10))
        push(p, t, OP_RWUNLOCK, s);
}

static void spin_section(struct random_program *p, int t, uint64_t *s)
{
    push(p, t, OP_SPIN_LOCK, s);
    push_plain(p, t, s);
    push(p, t, OP_SPIN_UNLOCK, s);
}

static void timed_waiting(struct random_program *p, int t, uint64_t *s)
{
    push_mutex(p, t, OP_LOCK, 0, s);
    push(p, t, often(s, 50) ? OP_TIMEDWAIT_ONCE : OP_TIMEDWAIT_LOOP, s);
    push_mutex(p, t, OP_UNLOCK, 0, s);
}

static void fill(struct random_program *p, int t, int pieces, uint64_t *s, unsigned style)
{
    static void (*const shapes[])(struct random_program *, int, uint64_t *) = {
        section, nested,        read_section, waiting,      waking,
        permit,  other_section, nested_read,  spin_section, timed_waiting};
    const unsigned n = sizeof shapes / sizeof *shapes;
    for (int i = 0; i < pieces; i++) {
        if (often(s, style == 0 ? 30 : 55))
            shapes[style == 0 ? below(s, n) : (style + below(s, 2)) % n](p, t, s);
        else
            push_any(p, t, s);
    }
}

static int thread_steps(const struct random_program *p, int t)
{
    int n = t ? 2 : 0;
    for (int i = 0; i < p->nops[t]; i++)
        n += rows[p->ops[t][i].kind].steps;
    return n;
}

double program_size(const struct random_program *p)
{
    double size = 0;
    int total = 0;
    for (int t = 0; t < p->nthreads; t++) {
        int n = thread_steps(p, t);
        total += n;
        size -= lgamma(n + 1);
    }
    return size + lgamma(total + 1);
}

static void drop_one(struct random_program *p, uint64_t *s)
{
    int most = 0;
    for (int t = 1; t < p->nthreads; t++)
        if (thread_steps(p, t) > thread_steps(p, most))
            most = t;
    int n = p->nops[most];
    if (n == 0) {
        p->nthreads--;
        return;
    }
    int i = (int)below(s, (unsigned)n);
    memmove(&p->ops[most][i], &p->ops[most][i + 1], (size_t)(n - i - 1) * sizeof p->ops[0][0]);
    p->nops[most]--;
}

void program_make(struct random_program *p, uint64_t seed)
{
    uint64_t s = seed * 0x2545f4914f6cdd1dull + 1;
    *p = (struct random_program){.seed = seed,
                                 .nthreads = often(&s, 45)   ? 3
                                             : often(&s, 85) ? 2 + (int)below(&s, 2)
                                                             : 4};
    p->barrier = 2 + (int)below(&s, 2);
    p->permits = (int)below(&s, 3);
    p->leaves = often(&s, 12) ? 1 + (int)below(&s, 2) : 0;
    p->detached = often(&s, 10) ? 1 + (int)below(&s, (unsigned)p->nthreads - 1) : 0;
    unsigned style = below(&s, 11);
    for (int t = 0; t < p->nthreads; t++)
        fill(p, t, t ? 1 + (int)below(&s, 4) : (int)below(&s, 2), &s, style);
    const double most = log(5e5); /* blocking removes most of these */
    while (program_size(p) > most && p->nthreads > 2)
        drop_one(p, &s);
    while (program_size(p) > most)
        drop_one(p, &s);
}

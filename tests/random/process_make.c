/* A random program of two or three processes from a seed. */
#include "random.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const struct {
    int weight, steps;
} rows[OP_COUNT] = {
#define OP(id, weight, steps, text) {weight, steps},
#include OPS
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

static void push_any(struct random_program *p, int t, uint64_t *s)
{
    int total = 0;
    for (int i = 0; i < OP_COUNT; i++)
        total += rows[i].weight;
    int at = (int)below(s, (unsigned)total), kind = 0;
    while (at >= rows[kind].weight)
        at -= rows[kind++].weight;
    p->ops[t][p->nops[t]++] = (struct one_op){.kind = (uint8_t)kind,
                                              .v = (uint8_t)below(s, below(s, 2) ? 1 : 3),
                                              .m = (uint8_t)(below(s, 4) == 0),
                                              .k = (uint8_t)(1 + below(s, 2))};
}

/* With the steps that every process makes besides. */
static int process_steps(const struct random_program *p, int t)
{
    int n = t ? 2 : 1;
    for (int i = 0; i < p->nops[t]; i++)
        n += rows[p->ops[t][i].kind].steps;
    return n;
}

double program_size(const struct random_program *p)
{
    double size = 0;
    int total = 0;
    for (int t = 0; t < p->nthreads; t++) {
        int n = process_steps(p, t);
        total += n;
        size -= lgamma(n + 1);
    }
    return size + lgamma(total + 1);
}

void program_make(struct random_program *p, uint64_t seed)
{
    uint64_t s = seed * 0x2545f4914f6cdd1dull + 1;
    *p = (struct random_program){.seed = seed, .nthreads = 2 + (below(&s, 5) < 2)};
    p->permits = (int)below(&s, 3);
    for (int t = 0; t < p->nthreads; t++)
        for (int i = (int)below(&s, p->nthreads == 2 ? 5 : 3) + (t > 0); i > 0; i--)
            push_any(p, t, &s);
    while (program_size(p) > log(4e4)) {
        int most = 0;
        for (int t = 1; t < p->nthreads; t++)
            if (p->nops[t] > p->nops[most])
                most = t;
        p->nops[most]--;
    }
}

/* Chance that repeats itself: the library's own generators, begun anew with every execution, and
 * numbers from the seed of the search in place of those from the kernel.
 *
 * The library's generators are one state for all tasks: who asks first gets the first number, so a
 * call of theirs is a step. What comes from the kernel is drawn for each task apart. */
#include "model.h"

#include <stdlib.h>
#include <sys/random.h>

static void draw_step(uint64_t generator, const char *name, struct here h)
{
    struct op op = op_make(EV_CALL, h);
    op_reach(&op, generator, 0, M_STREAM);
    step(&op);
    record_text(record_step_event(), name, strlen(name));
}

#define DRAW(type, name, generator, params, args)                                                  \
    EXPORT type name params                                                                        \
    {                                                                                              \
        if (controlled && !S->nostep)                                                              \
            draw_step(generator, #name, HERE);                                                     \
        return REAL(name) args;                                                                    \
    }
DRAW(int, rand, OBJ_RANDOM, (void), ())
DRAW(long, random, OBJ_RANDOM, (void), ())
DRAW(double, drand48, OBJ_RANDOM48, (void), ())
DRAW(long, lrand48, OBJ_RANDOM48, (void), ())
DRAW(long, mrand48, OBJ_RANDOM48, (void), ())

#define SEED(name, generator, type)                                                                \
    EXPORT void name(type seed)                                                                    \
    {                                                                                              \
        if (controlled && !S->nostep)                                                              \
            draw_step(generator, #name, HERE);                                                     \
        REAL(name)(seed);                                                                          \
    }
SEED(srand, OBJ_RANDOM, unsigned)
SEED(srandom, OBJ_RANDOM, unsigned)
SEED(srand48, OBJ_RANDOM48, long)

/* ---- what the kernel would give ---- */
static uint64_t drawn(void)
{
    uint64_t x = A->seed * 0x9e3779b97f4a7c15ull + S->cur_id * 0xbf58476d1ce4e5b9ull +
                 ++S->cur->ndrawn * 0x94d049bb133111ebull;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ x >> 27) * 0x94d049bb133111ebull;
    spin_effect(S->cur);
    return x ^ x >> 31;
}

static void fill(void *to, size_t n)
{
    for (size_t i = 0; i < n; i += 8) {
        uint64_t x = drawn();
        memcpy((char *)to + i, &x, n - i < 8 ? n - i : 8);
    }
}

EXPORT ssize_t getrandom(void *to, size_t n, unsigned flags)
{
    if (!controlled)
        return REAL(getrandom)(to, n, flags);
    fill(to, n);
    return (ssize_t)n;
}

EXPORT int getentropy(void *to, size_t n)
{
    if (!controlled)
        return REAL(getentropy)(to, n);
    if (n > 256) {
        errno = EIO;
        return -1;
    }
    fill(to, n);
    return 0;
}

EXPORT uint32_t arc4random(void)
{
    return controlled ? (uint32_t)drawn() : REAL(arc4random)();
}

EXPORT void arc4random_buf(void *to, size_t n)
{
    if (controlled)
        fill(to, n);
    else
        REAL(arc4random_buf)(to, n);
}

EXPORT uint32_t arc4random_uniform(uint32_t bound)
{
    if (!controlled)
        return REAL(arc4random_uniform)(bound);
    return bound < 2 ? 0 : (uint32_t)((drawn() >> 32) * bound >> 32);
}

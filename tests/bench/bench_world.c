/* Seeking in a trace of a million events with 64 tasks. Bars: anywhere < 5 ms; a step back is
 * quick. Prints one line a figure; exit 1 when a bar is missed. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <time.h>

#include "../unit/made_trace.h"
#include "world.h"

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median and worst of n seeks; `back`: one step back each, from a random place. */
static int measure(struct world_view *v, uint32_t nsteps, int back, const char *what, double bar_ms)
{
    enum { N = 2000 };
    static double ms[N];
    for (int i = 0; i < N; i++) {
        uint32_t to = 1 + made_chance(nsteps - 1);
        if (back)
            world_at(v, to + 1);
        double from_ms = now_ms();
        world_at(v, to);
        ms[i] = now_ms() - from_ms;
    }
    qsort(ms, N, sizeof *ms, by_size);
    printf("world  %-34s median %7.3f ms  worst %7.3f ms  bar %4.1f ms\n", what, ms[N / 2],
           ms[N - 1], bar_ms);
    return ms[N - 1] < bar_ms;
}

static int one(unsigned nplaces)
{
    struct trace t;
    char what[64];
    trace_init(&t);
    made_run(&t, 64, 8, nplaces, 1000000);
    double from_ms = now_ms();
    struct world_view *v = world_view_new(&t);
    printf("world  %zu events, %u steps, %u places: first pass %.1f ms\n", t.nevents, t.nsteps,
           nplaces, now_ms() - from_ms);
    snprintf(what, sizeof what, "seek anywhere, %u places", nplaces);
    int ok = measure(v, t.nsteps, 0, what, 5.0);
    snprintf(what, sizeof what, "one step back, %u places", nplaces);
    ok &= measure(v, t.nsteps, 1, what, 5.0);
    world_view_free(v);
    trace_fini(&t);
    return ok;
}

int main(void)
{
    int ok = one(16);
    ok &= one(4000);
    return !ok;
}

/* Seeking in a trace of a million events with 64 tasks, and saying why there. Prints a row a figure
 * (see run.sh): the worst of 2000, since that is what a learner feels, in processor time, so that a
 * busy machine does not count. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <time.h>

#include "../unit/made_trace.h"
#include "explain.h"
#include "world.h"

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void row(const char *what, double ms, double bar_ms)
{
    printf("BAR\t%s\t%.3f\tms\t%g\tmax\n", what, ms, bar_ms);
}

enum { TRIES = 2000 };

static void sorted_row(const char *what, double *ms, double bar_ms)
{
    qsort(ms, TRIES, sizeof *ms, by_size);
    row(what, ms[TRIES - 1], bar_ms);
    printf("%s: median %.3f ms\n", what, ms[TRIES / 2]);
}

static void seek(struct world_view *v, uint32_t nsteps, int back, const char *what)
{
    static double ms[TRIES];
    for (int i = 0; i < TRIES; i++) {
        uint32_t to = 1 + made_chance(nsteps - 1);
        if (back)
            world_at(v, to + 1);
        double from_ms = cpu_ms();
        world_at(v, to);
        ms[i] = cpu_ms() - from_ms;
    }
    sorted_row(what, ms, 5);
}

/* What a screen asks for at a step: the world, the sentences, why each task waits. */
static void explain(const struct trace *t, struct world_view *v)
{
    static double ms[TRIES];
    for (int i = 0; i < TRIES; i++) {
        uint32_t step = 1 + made_chance(t->nsteps);
        struct buf b = {0};
        double from_ms = cpu_ms();
        explain_step(t, v, step, &made_names, &b);
        for (unsigned task = 0; task < 64; task++)
            explain_blocked(t, v, step, task, &made_names, &b);
        ms[i] = cpu_ms() - from_ms;
        buf_fini(&b);
    }
    sorted_row("explain a step and 64 tasks anywhere in it", ms, 10);
}

int main(void)
{
    struct trace t;
    trace_init(&t);
    made_run(&t, 64, 8, 4000, 1000000);
    double from_ms = cpu_ms();
    struct world_view *v = world_view_new(&t);
    double first_ms = cpu_ms() - from_ms;
    seek(v, t.nsteps, 0, "seek in 10^6 events, 64 tasks, 4000 places");
    seek(v, t.nsteps, 1, "one step back there");
    explain(&t, v);
    printf("first pass over %zu events, %u steps: %.1f ms\n", t.nevents, t.nsteps, first_ms);
    world_view_free(v);
    trace_fini(&t);
    return 0;
}

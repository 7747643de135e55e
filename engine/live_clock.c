/* The time of a run: the counter of the processor, which the program's threads note, by the clock
 * of the kernel. */
#include "live_private.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <x86intrin.h>

#define FIRST_NS  2000000ull    /* long enough for 1 in 10^4 at once */
#define BETTER_NS 2000000000ull /* from here on the speed is known well enough */

uint64_t live_clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

/* One moment by both clocks: of some readings the one that took least. */
static void read_both(uint64_t *ns, uint64_t *ticks)
{
    uint64_t best = ~0ull;
    for (int i = 0; i < 5; i++) {
        uint64_t before = __rdtsc(), t = live_clock_now(), after = __rdtsc();
        if (after - before < best) {
            best = after - before;
            *ns = t;
            *ticks = before + (after - before) / 2;
        }
    }
}

/* Flags of the processor that say that the counter has one speed and never stops. */
static int is_steady(void)
{
    char line[4096];
    int steady = 0;
    FILE *f = fopen("/proc/cpuinfo", "re");
    while (f && !steady && fgets(line, sizeof line, f))
        steady = strncmp(line, "flags", 5) == 0 && strstr(line, " constant_tsc") &&
                 strstr(line, " nonstop_tsc");
    if (f)
        fclose(f);
    return steady;
}

void live_clock_begin(struct live *l)
{
    uint64_t ns, ticks;
    read_both(&l->began_ns, &l->began_ticks);
    do
        read_both(&ns, &ticks);
    while (ns - l->began_ns < FIRST_NS);
    l->clock = (struct live_clock){l->began_ticks, 0,
                                   (double)(ns - l->began_ns) / (double)(ticks - l->began_ticks)};
    if (!is_steady())
        live_note(l, N_("the time stamp counter of this processor may change its speed: times of "
                        "operations are not exact"));
}

void live_clock_look(struct live *l)
{
    uint64_t ns, ticks;
    read_both(&ns, &ticks);
    l->before = l->now;
    l->now = ns - l->began_ns;
    if (ticks <= l->began_ticks)
        return;
    double speed = (double)l->now / (double)(ticks - l->began_ticks);
    if (l->now < BETTER_NS || l->clock.ns_a_tick <= 0)
        l->clock.ns_a_tick = speed;
    else /* the kernel's clock is steered: follow it slowly */
        l->clock.ns_a_tick += (speed - l->clock.ns_a_tick) / 16;
    l->clock.ticks = ticks;
    l->clock.ns = l->now;
}

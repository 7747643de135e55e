#include "live_help.h"

#include "keeper.h"
#include "proc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BUDGET_NS 2000000

uint64_t run_now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void start(struct run *r, char *path, char *const *args, const struct live_options *o)
{
    struct err e = {0};
    int n = 0;
    while (args && args[n])
        n++;
    if (program_build_free(&r->program, &path, 1, args, n, BUILD_PLAIN, 1, &e) ||
        live_open(&r->live, r->program, o ? o : &(struct live_options){0}, &e))
        fail_msg("%s: %s", path, e.message);
    r->model = live_model(r->live);
}

void run_start(struct run *r, const char *name, char *const *args, const struct live_options *o)
{
    const char *top = getenv("LOCKSTEP_TOP");
    char *path = xasprintf("%s/tests/live/%s", top ? top : ".", name);
    start(r, path, args, o);
    free(path);
}

void run_binary(struct run *r, const char *path, char *const *args)
{
    char *copy = xstrdup(path);
    start(r, copy, args, NULL);
    free(copy);
}

void run_end(struct run *r)
{
    live_close(r->live);
    program_free(r->program);
    memset(r, 0, sizeof *r);
}

int run_until(struct run *r, int (*is)(const struct run *r), int limit_ms)
{
    uint64_t until = run_now_ns() + (uint64_t)limit_ms * 1000000u;
    struct timespec pause = {.tv_nsec = 5000000};
    for (;;) {
        live_look(r->live, BUDGET_NS);
        if (is(r))
            return 1;
        if (run_now_ns() > until)
            return 0;
        nanosleep(&pause, NULL);
    }
}

int run_is_over(const struct run *r)
{
    return live_ended(r->live, NULL);
}

int run_descendants(void)
{
    static int32_t pids[65536];
    int n = proc_list("/proc", pids, 65536), count = 0;
    for (int i = 0; i < n; i++)
        count += keeper_has(getpid(), pids[i]);
    return count;
}

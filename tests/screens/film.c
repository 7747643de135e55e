#include "film.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC diagnostic ignored "-Woverride-init"

enum { DONE_ADDR = 0x404000, PIPE_ADDR = 0xd40 };
#define IN(process, addr) (((uint64_t)(process) << PLACE_BITS) | (addr))

struct film_state {
    enum film film;
    struct trace trace;
    struct schedule schedule;
    struct names names;
};

static const char *const files[FILMS] = {[FILM_FAMILY] = "tests/screens/data/family.c",
                                         [FILM_ORPHAN] = "tests/screens/data/orphan.c",
                                         [FILM_PIPE] = "tests/screens/data/fullpipe.c"};

/* -------- names -------- */

static void name_object(void *ctx, uint64_t addr, uint32_t size, char *out, size_t n)
{
    (void)ctx;
    (void)size;
    if ((addr & PLACE_ADDRESS) == DONE_ADDR)
        snprintf(out, n, "done");
    else if (addr == PIPE_ADDR)
        snprintf(out, n, "pipe#1");
    else
        snprintf(out, n, "0x%llx", (unsigned long long)addr);
}

/* Code addresses are lines + 1. */
static void name_place(void *ctx, uint64_t pc, struct place *out)
{
    const struct film_state *f = ctx;
    *out = (struct place){pc ? files[f->film] : "", pc ? "main" : "", (int)pc};
}

static void name_value(void *ctx, uint64_t addr, uint32_t size, uint64_t value, char *out, size_t n)
{
    (void)ctx;
    (void)addr;
    (void)size;
    snprintf(out, n, "%lld", (long long)value);
}

static int name_is_private(void *ctx, uint64_t addr)
{
    (void)ctx;
    return addr == DONE_ADDR;
}

/* -------- making traces -------- */

static void add(struct film_state *f, struct event e, const char *text)
{
    e.step = f->trace.nsteps + (event_is_step(e.kind) ? 1U : 0U);
    e.ntext = text ? (uint32_t)strlen(text) : 0;
    if (trace_append(&f->trace, &e, text) < 0)
        abort();
}

/* An event of a task of a process; the other fields are named, `other` is nobody if not. */
#define ADD(text_, kind_, process_, task_, ...)                                                    \
    do {                                                                                           \
        struct event e_ = {.other = NO_TASK, __VA_ARGS__};                                         \
        e_.kind = EV_##kind_;                                                                      \
        e_.process = (process_);                                                                   \
        e_.task = (task_);                                                                         \
        add(f, e_, (text_));                                                                       \
    } while (0)
#define LINE(n) .pc = (n) + 1

static void add_fork(struct film_state *f, uint16_t process, uint16_t task, uint16_t child,
                     uint16_t copy, int line)
{
    ADD(NULL, FORK, process, task, .other = copy, .a = 1000u + child, .pc = (uint64_t)line + 1);
    ADD(NULL, PROCESS, child, copy, .other = task, .a = 1000u + child, .b = 1000u + process);
    ADD(NULL, PENDING, child, copy, .a = EV_START, .pc = (uint64_t)line + 1);
}

static void add_first(struct film_state *f, int line)
{
    ADD(NULL, PROCESS, 0, 0, .a = 1000, .b = 999);
    ADD(NULL, PENDING, 0, 0, .a = EV_FORK, .pc = (uint64_t)line + 1);
}

static void make_family(struct film_state *f)
{
    add_first(f, 10);
    add_fork(f, 0, 0, 1, 1, 10);
    ADD(NULL, PENDING, 0, 0, .a = EV_OUTPUT, LINE(15));
    ADD(NULL, START, 1, 1, LINE(10));
    ADD(NULL, PENDING, 1, 1, .a = EV_WRITE, .addr = IN(1, DONE_ADDR), .size = 4, LINE(12));
    ADD(NULL, WRITE, 1, 1, .addr = IN(1, DONE_ADDR), .size = 4, .b = 1, LINE(12));
    ADD(NULL, PENDING, 1, 1, .a = EV_EXIT, LINE(13));
    ADD(NULL, EXIT, 1, 1, .result = 3, LINE(13));
    ADD(NULL, PROCESS_END, 1, 1, .result = 3, .b = 1);
    ADD("waiting\n", OUTPUT, 0, 0, .a = 1, LINE(15));
    ADD(NULL, PENDING, 0, 0, .a = EV_WAIT, .addr = 1001, LINE(16));
    ADD(NULL, WAIT, 0, 0, .a = 1001, .b = 1001, .size = 3 << 8, .other = 1, LINE(16));
    ADD(NULL, PROCESS_STATE, 1, 1, .a = PROCESS_REAPED);
    ADD(NULL, PENDING, 0, 0, .a = EV_EXIT, LINE(17));
    ADD(NULL, EXIT, 0, 0, .a = 1, LINE(17));
    ADD(NULL, PROCESS_END, 0, 0, .a = 0);
    ADD(NULL, FINISHED, 0, 0, .a = FINISH_EXIT);
}

static void make_orphan(struct film_state *f)
{
    add_first(f, 6);
    add_fork(f, 0, 0, 1, 1, 6);
    ADD(NULL, PENDING, 0, 0, .a = EV_WAIT, .addr = (uint64_t)-1, LINE(14));
    ADD(NULL, BLOCKED, 0, 0, .a = BLOCK_CHILD);
    ADD(NULL, START, 1, 1, LINE(6));
    ADD(NULL, PENDING, 1, 1, .a = EV_FORK, LINE(7));
    add_fork(f, 1, 1, 2, 2, 7);
    ADD(NULL, PENDING, 1, 1, .a = EV_EXIT, LINE(12));
    ADD(NULL, EXIT, 1, 1, .result = 1, LINE(12));
    ADD(NULL, PROCESS_END, 1, 1, .result = 1, .b = 1);
    ADD(NULL, PROCESS_STATE, 2, 2, .a = PROCESS_ORPHANED, .b = 1);
    ADD(NULL, READY, 0, 0, .a = 0);
    ADD(NULL, START, 2, 2, LINE(7));
    ADD(NULL, PENDING, 2, 2, .a = EV_CALL, LINE(8));
    ADD("getppid", CALL, 2, 2, .result = 1, LINE(8));
    ADD(NULL, PENDING, 2, 2, .a = EV_OUTPUT, LINE(9));
    ADD(NULL, WAIT, 0, 0, .a = (uint64_t)-1, .b = 1001, .size = 1 << 8, .other = 1, LINE(14));
    ADD(NULL, PROCESS_STATE, 1, 1, .a = PROCESS_REAPED);
    ADD(NULL, PENDING, 0, 0, .a = EV_EXIT, LINE(15));
    ADD("parent 1\n", OUTPUT, 2, 2, .a = 1, LINE(9));
    ADD(NULL, PENDING, 2, 2, .a = EV_EXIT, LINE(10));
    ADD(NULL, EXIT, 0, 0, .a = 1, LINE(15));
    ADD(NULL, PROCESS_END, 0, 0, .a = 0);
    ADD(NULL, EXIT, 2, 2, .result = 0, LINE(10));
    ADD(NULL, PROCESS_END, 2, 2, .a = 0);
    ADD(NULL, FINISHED, 2, 2, .a = FINISH_EXIT);
}

static void make_pipe(struct film_state *f)
{
    add_first(f, 8);
    ADD("pipe", PIPE, 0, 0, .addr = PIPE_ADDR, .a = 3, .b = 4, .size = 65536, LINE(8));
    ADD(NULL, PENDING, 0, 0, .a = EV_FORK, LINE(9));
    add_fork(f, 0, 0, 1, 1, 9);
    ADD(NULL, PENDING, 0, 0, .a = EV_FD_CLOSE, .addr = PIPE_ADDR, LINE(14));
    ADD(NULL, FD_CLOSE, 0, 0, .addr = PIPE_ADDR, .a = 4, LINE(14));
    ADD(NULL, PENDING, 0, 0, .a = EV_WAIT, .addr = (uint64_t)-1, LINE(15));
    ADD(NULL, BLOCKED, 0, 0, .a = BLOCK_CHILD);
    ADD(NULL, START, 1, 1, LINE(9));
    ADD(NULL, PENDING, 1, 1, .a = EV_FD_CLOSE, .addr = PIPE_ADDR, LINE(10));
    ADD(NULL, FD_CLOSE, 1, 1, .addr = PIPE_ADDR, .a = 3, LINE(10));
    ADD(NULL, PENDING, 1, 1, .a = EV_FD_WRITE, .addr = PIPE_ADDR, LINE(11));
    ADD("block block block ", FD_WRITE, 1, 1, .addr = PIPE_ADDR, .a = 4, .b = 70000, .size = 65536,
        LINE(11));
    ADD(NULL, PENDING, 1, 1, .a = EV_FD_WRITE, .addr = PIPE_ADDR, LINE(11));
    ADD(NULL, BLOCKED, 1, 1, .a = BLOCK_WRITE, .addr = PIPE_ADDR);
    ADD(NULL, FINDING, 1, 1, .a = FIND_DEADLOCK, .addr = PIPE_ADDR, LINE(11));
    ADD(NULL, FINISHED, 1, 1, .a = FINISH_DEADLOCK);
}

/* -------- the port -------- */

static const struct trace *film_trace(void *ctx)
{
    return &((struct film_state *)ctx)->trace;
}

static const struct names *film_names(void *ctx)
{
    return &((struct film_state *)ctx)->names;
}

static const struct schedule *film_schedule(void *ctx)
{
    return &((struct film_state *)ctx)->schedule;
}

static int film_finished(void *ctx)
{
    (void)ctx;
    return 1;
}

static int film_choices(void *ctx, struct choice *out, int max)
{
    (void)ctx;
    (void)out;
    (void)max;
    return 0;
}

static int film_default(void *ctx)
{
    (void)ctx;
    return -1;
}

static int film_fd(void *ctx)
{
    (void)ctx;
    return -1;
}

static int film_wait(void *ctx, struct err *e)
{
    (void)ctx;
    (void)e;
    return 0;
}

static void film_close(void *ctx)
{
    struct film_state *f = ctx;
    trace_fini(&f->trace);
    schedule_fini(&f->schedule);
    free(f);
}

static const struct port_ops film_ops = {
    .trace = film_trace,
    .names = film_names,
    .schedule = film_schedule,
    .finished = film_finished,
    .choices = film_choices,
    .default_choice = film_default,
    .wait = film_wait,
    .fd = film_fd,
    .close = film_close,
};

struct port film_port(enum film film)
{
    static void (*const make[FILMS])(struct film_state *) = {
        [FILM_FAMILY] = make_family, [FILM_ORPHAN] = make_orphan, [FILM_PIPE] = make_pipe};
    struct film_state *f = xcalloc(1, sizeof *f);
    f->film = film;
    f->names = (struct names){.ctx = f,
                              .object = name_object,
                              .place = name_place,
                              .value = name_value,
                              .is_private = name_is_private};
    trace_init(&f->trace);
    schedule_init(&f->schedule);
    make[film](f);
    return (struct port){&film_ops, f};
}

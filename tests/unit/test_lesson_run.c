/* Paths, foreign schedules, overlap and least switches, on a toy session in place of the engine:
 * T0 creates two tasks that each read and write one counter, joins them and prints it. Variants
 * join in between, or hold a lock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"
#include "least.h"
#include "path.h"
#include "run.h"

/* -------- the toy -------- */

enum { NTASKS = 3, COUNTER = 0x1000, MUTEX = 0x2000, INC = 0x100 };

struct op {
    unsigned kind, other, line;
};

static const struct op main_together[] = {{EV_CREATE, 1, 20}, {EV_CREATE, 2, 21}, {EV_JOIN, 1, 22},
                                          {EV_JOIN, 2, 23},   {EV_OUTPUT, 0, 24}, {EV_EXIT, 0, 25}};
static const struct op main_in_turn[] = {{EV_CREATE, 1, 20}, {EV_JOIN, 1, 22},   {EV_CREATE, 2, 21},
                                         {EV_JOIN, 2, 23},   {EV_OUTPUT, 0, 24}, {EV_EXIT, 0, 25}};
static const struct op inc_plain[] = {
    {EV_START, 0, 5}, {EV_READ, 0, 9}, {EV_WRITE, 0, 9}, {EV_END, 0, 10}};
static const struct op inc_locked[] = {{EV_START, 0, 5}, {EV_LOCK, 0, 8},    {EV_READ, 0, 9},
                                       {EV_WRITE, 0, 9}, {EV_UNLOCK, 0, 10}, {EV_END, 0, 10}};

/* T2 as one that waits for T1 before it does anything: started, but not concurrent. */
static const struct op inc_after[] = {
    {EV_START, 0, 5}, {EV_JOIN, 1, 8}, {EV_READ, 0, 9}, {EV_WRITE, 0, 9}, {EV_END, 0, 10}};

/* T2 as one that has the lock and leaves the counter alone. */
static const struct op inc_idle[] = {
    {EV_START, 0, 5}, {EV_LOCK, 0, 8}, {EV_UNLOCK, 0, 10}, {EV_END, 0, 10}};

/* The variant is a struct program * in disguise: session_open copies it. */
struct variant {
    const struct op *main, *inc, *inc2;
};
static const struct variant together = {main_together, inc_plain, inc_plain};
static const struct variant in_turn = {main_in_turn, inc_plain, inc_plain};
static const struct variant locked = {main_together, inc_locked, inc_locked};
static const struct variant idle = {main_together, inc_plain, inc_idle};
static const struct variant idle_in_turn = {main_in_turn, inc_plain, inc_idle};
static const struct variant after = {main_together, inc_plain, inc_after};

struct session {
    struct variant v;
    struct trace trace;
    struct schedule schedule;
    int at[NTASKS], alive[NTASKS], ended[NTASKS];
    int counter, owner;
};

static struct program *as_program(const struct variant *v)
{
    struct program *p;
    memcpy(&p, &v, sizeof p);
    return p;
}

static const struct op *next_op(const struct session *s, int task)
{
    const struct op *ops[NTASKS] = {s->v.main, s->v.inc, s->v.inc2};
    return &ops[task][s->at[task]];
}

static void reset(struct session *s)
{
    trace_clear(&s->trace);
    schedule_fini(&s->schedule);
    schedule_init(&s->schedule);
    memset(s->at, 0, sizeof s->at);
    memset(s->alive, 0, sizeof s->alive);
    memset(s->ended, 0, sizeof s->ended);
    s->alive[0] = 1;
    s->counter = 0;
    s->owner = -1;
}

int session_open(struct session **out, struct program *p, const struct session_options *o,
                 struct err *e)
{
    (void)o;
    (void)e;
    struct session *s = calloc(1, sizeof *s);
    memcpy(&s->v, p, sizeof s->v);
    trace_init(&s->trace);
    schedule_init(&s->schedule);
    reset(s);
    *out = s;
    return 0;
}

void session_close(struct session *s)
{
    trace_fini(&s->trace);
    schedule_fini(&s->schedule);
    free(s);
}

const struct trace *session_trace(const struct session *s)
{
    return &s->trace;
}

const struct schedule *session_schedule(const struct session *s)
{
    return &s->schedule;
}

int session_finished(const struct session *s)
{
    return s->ended[0];
}

int session_choices(struct session *s, struct choice *out, int max)
{
    int n = 0;
    for (int t = 0; t < NTASKS && !s->ended[0]; t++) {
        if (!s->alive[t] || s->ended[t])
            continue;
        const struct op *op = next_op(s, t);
        if ((op->kind == EV_JOIN && !s->ended[op->other]) || (op->kind == EV_LOCK && s->owner >= 0))
            continue;
        assert_true(n < max);
        out[n++] = (struct choice){
            .choice = (uint16_t)t,
            .task = (uint16_t)t,
            .pending = {.kind = (uint8_t)op->kind, .task = (uint16_t)t, .pc = op->line + 1}};
    }
    return n;
}

static void apply(struct session *s, int t, const struct op *op, struct event *e)
{
    static int seen[NTASKS];
    s->at[t]++;
    if (op->kind == EV_CREATE)
        s->alive[op->other] = 1;
    else if (op->kind == EV_READ)
        seen[t] = s->counter;
    else if (op->kind == EV_WRITE)
        s->counter = seen[t] + 1;
    else if (op->kind == EV_LOCK)
        s->owner = t;
    else if (op->kind == EV_UNLOCK)
        s->owner = -1;
    else if (op->kind == EV_END || op->kind == EV_EXIT)
        s->ended[t] = 1;
    e->addr = op->kind == EV_CREATE                          ? INC
              : op->kind == EV_LOCK || op->kind == EV_UNLOCK ? MUTEX
              : op->kind == EV_READ || op->kind == EV_WRITE  ? COUNTER
                                                             : 0;
}

int session_step(struct session *s, uint16_t choice, int timeout_ms, struct err *e)
{
    struct choice choices[NTASKS];
    int n = session_choices(s, choices, NTASKS), i = 0;
    (void)timeout_ms;
    while (i < n && choices[i].choice != choice)
        i++;
    if (i == n)
        return err_set(e, ERR_USAGE, "no such choice");
    const struct op *op = next_op(s, choice);
    struct event ev = {.step = s->trace.nsteps + 1,
                       .task = choice,
                       .kind = (uint8_t)op->kind,
                       .other = op->kind == EV_CREATE ? (uint16_t)op->other : NO_TASK,
                       .size = 4,
                       .pc = op->line + 1};
    char text[16] = "";
    apply(s, choice, op, &ev);
    if (op->kind == EV_OUTPUT) {
        ev.a = 1;
        ev.ntext = (uint32_t)snprintf(text, sizeof text, "%d\n", s->counter);
    }
    assert_int_equal(trace_append(&s->trace, &ev, text), 0);
    schedule_add(&s->schedule, choice, 0xff);
    return 0;
}

int session_run(struct session *s, long steps, int timeout_ms, struct err *e)
{
    struct choice choices[NTASKS];
    while (steps && session_choices(s, choices, NTASKS) > 0) {
        int rc = session_step(s, choices[0].choice, timeout_ms, e);
        if (rc)
            return rc;
    }
    return 0;
}

int session_replay(struct session *s, const struct schedule *schedule, int timeout_ms,
                   struct err *e)
{
    reset(s);
    for (size_t i = 0; i < schedule->n; i++)
        if (session_step(s, schedule->choices[i], timeout_ms, e) != 0)
            return -ERR_DIVERGED;
    return 0;
}

int session_rewind(struct session *s, uint32_t step, int timeout_ms, struct err *e)
{
    (void)timeout_ms;
    (void)e;
    assert_int_equal(step, 0);
    reset(s);
    return 0;
}

static void name_object(void *ctx, uint64_t addr, uint32_t size, char *out, size_t n)
{
    (void)ctx;
    (void)size;
    snprintf(out, n, "%s", addr == COUNTER ? "counter" : "m");
}

static void name_place(void *ctx, uint64_t pc, struct place *out)
{
    (void)ctx;
    *out = (struct place){.file = "toy.c", .function = pc == INC ? "inc" : "", .line = (int)pc};
}

const struct names *session_names(struct session *s)
{
    static const struct names names = {.object = name_object, .place = name_place};
    (void)s;
    return &names;
}

/* -------- paths -------- */

/* Follow `text`; the counter's output at the end must be `out`, or the error hold it. */
static void follow(const struct variant *v, const char *text, int expected, const char *out)
{
    struct pool mem = {0};
    struct lesson_path path;
    struct session *s;
    struct err e = {0};
    struct buf printed = {0};
    assert_int_equal(path_parse(&mem, &path, text, &e), 0);
    assert_int_equal(session_open(&s, as_program(v), NULL, &e), 0);
    int rc = path_follow(s, &path, 100, &e);
    if (rc != expected)
        fail_msg("%s: %d %s", text, rc, e.message);
    if (rc) {
        if (!strstr(e.message, out))
            fail_msg("%s: \"%s\" has no \"%s\"", text, e.message, out);
    } else {
        assert_int_equal(run_to_end(s, &e), 0);
        run_output(s, &printed);
        assert_string_equal(printed.data, out);
    }
    buf_fini(&printed);
    session_close(s);
    pool_fini(&mem);
}

static void paths_are_followed(void **state)
{
    (void)state;
    follow(&together, "T0 *", 0, "2\n");
    follow(&together, "T0 *, T1 @9, T1 1, T2 *, T1 *", 0, "1\n");
    follow(&together, "T0 2, T1 2, T2 2, T2 *, T1 *", 0, "1\n");
    follow(&together, "T0 *, T2 *, T1 *, T0 *", 0, "2\n");
    follow(&together, "T0 *, T1 @9, T1 @9, T1 1, T2 *", 0, "1\n");
}

static void paths_that_do_not_fit_say_where(void **state)
{
    (void)state;
    follow(&together, "T0 *, T0 1", -ERR_DIVERGED, "leg 2 of the path \"T0 *, T0 1\"");
    follow(&together, "T1 1", -ERR_DIVERGED, "does not exist (after step 0)");
    follow(&together, "T0 *, T1 @77", -ERR_DIVERGED, "leg 2");
    follow(&together, "T0 *, =1", -ERR_DIVERGED, "nobody is asked");
    follow(&locked, "T0 *, T1 @9, T2 @9", -ERR_DIVERGED, "leg 3");
    follow(&together, "T0 2, T1 5", -ERR_DIVERGED, "leg 2");
}

/* -------- other purposes -------- */

static int overlaps_at(const struct variant *v, const char *routine, const struct lesson_work *work)
{
    struct session *s;
    struct err e = {0};
    assert_int_equal(session_open(&s, as_program(v), NULL, &e), 0);
    int r = run_overlaps(s, &routine, 1, work, work != NULL, &e);
    session_close(s);
    return r;
}

static int overlaps(const struct variant *v, const char *routine)
{
    return overlaps_at(v, routine, NULL);
}

/* Who does not touch the counter at all was not shut out by the one who does. */
static void an_idle_task_is_not_in_turn(void **state)
{
    (void)state;
    static const struct lesson_work work = {"inc", "counter", 1};
    assert_int_equal(overlaps_at(&together, "inc", &work), 1);
    assert_int_equal(overlaps_at(&in_turn, "inc", &work), 0);
    assert_int_equal(overlaps_at(&idle, "inc", &work), 1);
    assert_int_equal(overlaps_at(&idle_in_turn, "inc", &work), 0);
}

static void overlap_is_seen(void **state)
{
    (void)state;
    assert_int_equal(overlaps(&together, "inc"), 1);
    assert_int_equal(overlaps(&locked, "inc"), 1);
    assert_int_equal(overlaps(&in_turn, "inc"), 0);
    assert_int_equal(overlaps(&after, "inc"), 0);
    assert_int_equal(overlaps(&together, "dec"), 0);
}

static void work_is_seen(void **state)
{
    struct session *s;
    struct err e = {0};
    (void)state;
    assert_int_equal(session_open(&s, as_program(&together), NULL, &e), 0);
    assert_int_equal(run_wrote(s, 1, "counter"), 0);
    assert_int_equal(run_to_end(s, &e), 0);
    assert_string_equal(run_routine(s, 2), "inc");
    assert_string_equal(run_routine(s, 0), "main");
    assert_string_equal(run_routine(s, 9), "");
    assert_int_equal(run_wrote(s, 1, "counter"), 1);
    assert_int_equal(run_wrote(s, 1, "count"), 0);
    assert_int_equal(run_wrote(s, 0, "counter"), 0);
    assert_int_equal(run_count(s, EV_WRITE, NO_TASK), 2);
    assert_int_equal(run_count(s, EV_WRITE, 2), 1);
    session_close(s);
}

/* The order that loses an update, for the plain variant. */
static const uint16_t losing[] = {0, 0, 1, 1, 2, 2, 2, 2, 1, 1};
enum { NLOSING = sizeof losing / sizeof losing[0] };

static void foreign_schedules_fit_as_far_as_they_go(void **state)
{
    struct schedule old;
    struct session *s;
    struct err e = {0};
    struct buf why = {0}, out = {0};
    size_t fitted = 0;
    (void)state;
    schedule_init(&old);
    for (int i = 0; i < NLOSING; i++)
        schedule_add(&old, losing[i], 0xff);
    assert_int_equal(session_open(&s, as_program(&together), NULL, &e), 0);
    assert_int_equal(run_foreign(s, &old, &fitted, &why, &e), 0);
    assert_int_equal(fitted, NLOSING);
    assert_int_equal(why.len, 0);
    run_output(s, &out);
    assert_string_equal(out.data, "1\n");
    session_close(s);
    out.len = 0;
    assert_int_equal(session_open(&s, as_program(&locked), NULL, &e), 0);
    assert_int_equal(run_foreign(s, &old, &fitted, &why, &e), 0);
    assert_int_equal(fitted, 5); /* T1 has the lock: T2 starts, then cannot go on */
    assert_non_null(strstr(why.data, "choice 6 does not fit"));
    run_output(s, &out);
    assert_string_equal(out.data, "2\n");
    session_close(s);
    schedule_fini(&old);
    buf_fini(&why);
    buf_fini(&out);
}

/* -------- least switches -------- */

static int reached(const struct variant *v, const char *out, long switches, uint64_t *executions)
{
    struct claim_string want = {.bytes = out, .n = strlen(out)};
    struct claim goal = {.kind = CLAIM_LEAST, .strings = &want, .nstrings = 1, .finding = -1};
    struct least_result r;
    struct err e = {0};
    assert_int_equal(least_reaches(as_program(v), &goal, switches, 10, &r, &e), 0);
    if (r.reached) {
        struct session *s;
        struct buf printed = {0};
        assert_int_equal(session_open(&s, as_program(v), NULL, &e), 0);
        assert_int_equal(session_replay(s, &r.schedule, 100, &e), 0);
        run_output(s, &printed);
        assert_string_equal(printed.data, out);
        buf_fini(&printed);
        session_close(s);
    }
    if (executions)
        *executions = r.executions;
    schedule_fini(&r.schedule);
    return r.reached;
}

static void least_switches_are_exact(void **state)
{
    uint64_t executions = 0;
    (void)state;
    assert_int_equal(reached(&together, "1\n", 0, &executions), 0);
    /* without a switch: T0 waits for T1 after both creations, then T1 or T2 first; after T2, only
     * T1 can go on; after T1, T0 can go on to its next join, or T2 is chosen: 3 executions */
    assert_int_equal(executions, 3);
    assert_int_equal(reached(&together, "1\n", 1, NULL), 1);
    assert_int_equal(reached(&together, "2\n", 0, NULL), 1);
    assert_int_equal(reached(&together, "3\n", 99, &executions), 0);
    assert_int_equal(reached(&locked, "1\n", 99, NULL), 0);
    assert_int_equal(reached(&in_turn, "1\n", 99, &executions), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_are_followed),
        cmocka_unit_test(paths_that_do_not_fit_say_where),
        cmocka_unit_test(overlap_is_seen),
        cmocka_unit_test(an_idle_task_is_not_in_turn),
        cmocka_unit_test(work_is_seen),
        cmocka_unit_test(foreign_schedules_fit_as_far_as_they_go),
        cmocka_unit_test(least_switches_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

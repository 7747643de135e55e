#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS UINT64_C(1000000)
enum { STEP_MS = 10 };
enum { M = 0x404100, A = 0x404140, B = 0x404180, NOT_EMPTY = 0x4041c0, NOT_FULL = 0x404200 };
enum { PIPE = 0x404240, MAIN_PC = 0x1000, WORK_PC = 0x2000, MAKE_PC = 0x3000, TAKE_PC = 0x4000 };

/* -------- names -------- */

static void name_object(void *ctx, uint64_t addr, uint32_t size, char *out, size_t n)
{
    static const struct {
        uint64_t addr;
        const char *name;
    } known[] = {
        {M, "m"},        {A, "a"}, {B, "b"}, {NOT_EMPTY, "not_empty"}, {NOT_FULL, "not_full"},
        {PIPE, "pipe#1"}};
    (void)ctx;
    (void)size;
    snprintf(out, n, "0x%llx", (unsigned long long)addr);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].addr == addr)
            snprintf(out, n, "%s", known[i].name);
}

/* Function in the upper digits, line + 1 in the lower ones. */
static void name_place(void *ctx, uint64_t pc, struct place *out)
{
    static const char *const functions[] = {"", "main", "work", "producer", "consumer"};
    (void)ctx;
    uint64_t f = (pc + 1) >> 12;
    *out =
        (struct place){f && f < 5 ? "stage.c" : "", f < 5 ? functions[f] : "", (int)(pc & 0xfff)};
}

static void name_value(void *ctx, uint64_t addr, uint32_t size, uint64_t value, char *out, size_t n)
{
    (void)ctx;
    (void)addr;
    (void)size;
    snprintf(out, n, "%lld", (long long)value);
}

/* -------- filling -------- */

static struct live_task *task(struct stage *s, uint32_t number, uint32_t process, uint64_t pc,
                              uint64_t began)
{
    struct live_task *t = live_task_of(&s->model, number);
    if (t->noted)
        return t;
    int32_t pid = process < s->model.nprocesses ? s->model.processes[process].pid : 4711;
    t->noted = 1;
    t->kernel = 'R';
    t->process = process;
    t->creator = number ? 0 : LIVE_NONE;
    t->pid = pid;
    t->tid = pid + (int32_t)number;
    t->start_pc = pc;
    t->began = began;
    t->processor = (int)(number % 2);
    snprintf(t->name, sizeof t->name, "%s", number ? "" : "main");
    return t;
}

static struct live_process *process(struct stage *s, int32_t pid, uint32_t parent,
                                    int32_t parent_pid, const char *program)
{
    struct live_process *p = live_process_last(&s->model, pid);
    if (!p)
        p = live_process_of(&s->model, pid);
    if (p->noted)
        return p;
    p->noted = 1;
    p->parent = parent;
    p->parent_pid = parent_pid;
    p->kernel = 'S';
    p->began = s->now;
    snprintf(p->program, sizeof p->program, "%s", program);
    return p;
}

static void runs(struct stage *s, struct live_task *t, uint64_t ns)
{
    t->kernel = 'R';
    t->wait_since = 0;
    t->cpu_ns += ns;
    live_spent(&s->model, (uint32_t)(t - s->model.tasks), ns, STEP_MS * MS - ns);
}

static void waits(struct live_task *t, unsigned kind, uint64_t addr, uint64_t since, int line)
{
    if (t->wait_since != since)
        t->voluntary++;
    t->kernel = 'S';
    t->wait_kind = (uint8_t)kind;
    t->wait_addr = addr;
    t->wait_since = since;
    t->wait_pc = t->start_pc + (uint64_t)line + 1;
}

static void holds(struct live_task *t, uint64_t addr)
{
    t->nheld = addr ? 1 : 0;
    t->held[0] = addr;
}

static void did(struct stage *s, struct live_task *t, unsigned kind, uint64_t addr, uint64_t time,
                uint64_t waited, int line)
{
    if (waited) {
        t->waits++;
        t->wait_ns += waited;
    }
    live_event_add(&s->model, &(struct live_event){.task = (uint32_t)(t - s->model.tasks),
                                                   .kind = (uint8_t)kind,
                                                   .stamped = 1,
                                                   .addr = addr,
                                                   .time = time,
                                                   .waited = waited,
                                                   .pc = t->start_pc + (uint64_t)line + 1});
}

/* -------- scenes -------- */

static void scene_new(struct stage *s)
{
    (void)s;
}

static void scene_running(struct stage *s)
{
    process(s, 4711, LIVE_NONE, 4000, "stage");
    struct live_task *t0 = task(s, 0, 0, MAIN_PC, MS);
    struct live_task *t1 = task(s, 1, 0, WORK_PC, 3 * MS), *t2 = task(s, 2, 0, WORK_PC, 4 * MS);
    waits(t0, EV_JOIN, 1, 5 * MS, 20);
    runs(s, t1, STEP_MS * MS);
    runs(s, t2, STEP_MS * MS * 9 / 10);
    t2->involuntary++;
}

/* A turn of 100 ms each: who has m goes round. */
static void scene_contended(struct stage *s)
{
    process(s, 4711, LIVE_NONE, 4000, "stage");
    struct live_task *t0 = task(s, 0, 0, MAIN_PC, MS);
    uint64_t turn = s->now / (100 * MS), began = turn * 100 * MS;
    began = began ? began : 5 * MS;
    waits(t0, EV_JOIN, 1, 5 * MS, 20);
    for (uint32_t i = 1; i <= 3; i++) {
        struct live_task *t = task(s, i, 0, WORK_PC, 2 * MS + i * MS);
        int has = turn % 3 == i - 1;
        if (has && t->wait_since)
            did(s, t, EV_LOCK, M, began, began - t->wait_since, 12);
        holds(t, has ? M : 0);
        if (has)
            runs(s, t, STEP_MS * MS);
        else if (!t->wait_since)
            waits(t, EV_LOCK, M, began + i * MS, 12);
    }
}

/* Consumers wait at a condition; every 50 ms one item comes and one of them takes it. */
static void scene_queue(struct stage *s)
{
    process(s, 4711, LIVE_NONE, 4000, "stage");
    struct live_task *t0 = task(s, 0, 0, MAIN_PC, MS);
    struct live_task *t1 = task(s, 1, 0, MAKE_PC, 2 * MS);
    uint64_t item = s->now / (50 * MS);
    waits(t0, EV_JOIN, 1, 5 * MS, 30);
    holds(t1, s->now % (50 * MS) ? 0 : M);
    if (s->now % (50 * MS)) {
        if (!t1->wait_since)
            waits(t1, EV_SLEEP, 0, s->now, 33);
    } else {
        did(s, t1, EV_COND_SIGNAL, NOT_EMPTY, s->now - MS, 0, 36);
        runs(s, t1, 2 * MS);
    }
    for (uint32_t i = 2; i <= 4; i++) {
        struct live_task *t = task(s, i, 0, TAKE_PC, i * MS);
        if (item % 3 == i - 2 && s->now % (50 * MS) == 0) {
            if (t->wait_since)
                did(s, t, EV_COND_RELOCK, NOT_EMPTY, s->now, s->now - t->wait_since, 44);
            runs(s, t, 3 * MS);
        } else if (!t->wait_since)
            waits(t, EV_COND_WAIT, NOT_EMPTY, s->now, 44);
    }
    snprintf(s->globals[0].name, sizeof s->globals[0].name, "count");
    snprintf(s->globals[0].value, sizeof s->globals[0].value, "%d", (int)(item % 4));
    s->nglobals = 1;
}

static void scene_family(struct stage *s)
{
    struct live_process *p;
    process(s, 4711, LIVE_NONE, 4000, "stage");
    waits(task(s, 0, 0, MAIN_PC, MS), EV_SLEEP, 0, 5 * MS, 50);
    p = process(s, 4712, 0, 4711, "stage"); /* a zombie */
    struct live_task *t = task(s, 1, 1, 0, 6 * MS);
    if (s->now > 50 * MS) {
        t->ended = p->ended = 50 * MS;
        t->joined = 1;
        t->kernel = p->kernel = 'Z';
        p->has_status = 1;
        p->status = 3 << 8;
    }
    p = process(s, 4713, LIVE_NONE, 1, "stage"); /* an orphan */
    p->orphaned = 1;
    waits(task(s, 2, 2, 0, 7 * MS), EV_FD_READ, PIPE, 8 * MS, 60);
    p = process(s, 4714, 0, 4711, "stage"); /* stopped */
    p->kernel = 'T';
    task(s, 3, 3, 0, 8 * MS)->kernel = 'T';
    p = process(s, 4715, 0, 4711, "stage"); /* killed, and waited for */
    t = task(s, 4, 4, 0, 9 * MS);
    if (s->now > 80 * MS) {
        t->ended = p->ended = 80 * MS;
        t->joined = p->reaped = p->has_status = 1;
        t->kernel = p->kernel = 'X';
        p->status = 9;
    }
    process(s, 4716, 3, 4714, "sleep"); /* a child of the stopped one, without the recorder */
    t = task(s, 5, 5, 0, 10 * MS);
    t->noted = 0;
    t->kernel = 'S';
}

static void scene_crowd(struct stage *s)
{
    process(s, 4711, LIVE_NONE, 4000, "stage");
    waits(task(s, 0, 0, MAIN_PC, MS), EV_JOIN, 1, 5 * MS, 20);
    for (uint32_t i = 1; i < 64; i++) {
        struct live_task *t = task(s, i, 0, WORK_PC, MS + i * 10000);
        if (i % 11 == 0)
            runs(s, t, STEP_MS * MS / 4);
        else
            waits(t, EV_COND_WAIT, NOT_EMPTY, 2 * MS + i * 10000, 25);
    }
}

static void scene_hang(struct stage *s)
{
    process(s, 4711, LIVE_NONE, 4000, "stage");
    waits(task(s, 0, 0, MAIN_PC, MS), EV_JOIN, 1, 5 * MS, 20);
    struct live_task *t1 = task(s, 1, 0, WORK_PC, 2 * MS), *t2 = task(s, 2, 0, WORK_PC, 3 * MS);
    holds(t1, A);
    holds(t2, B);
    waits(t1, EV_LOCK, B, 8 * MS, 11);
    waits(t2, EV_LOCK, A, 9 * MS, 14);
}

static void (*const scenes[SCENES])(struct stage *) = {
    [SCENE_NEW] = scene_new,
    [SCENE_RUNNING] = scene_running,
    [SCENE_CONTENDED] = scene_contended,
    [SCENE_QUEUE] = scene_queue,
    [SCENE_FAMILY] = scene_family,
    [SCENE_CROWD] = scene_crowd,
    [SCENE_HANG] = scene_hang,
};

void stage_go(struct stage *s, uint64_t ns)
{
    for (uint64_t end = s->now + ns; s->now < end;) {
        s->now += STEP_MS * MS;
        live_look_begin(&s->model, s->now);
        scenes[s->scene](s);
        live_look_end(&s->model);
    }
}

void stage_end(struct stage *s, int status)
{
    live_look_begin(&s->model, s->now += STEP_MS * MS);
    for (uint32_t i = 0; i < s->model.ntasks; i++) {
        s->model.tasks[i].ended = s->now;
        s->model.tasks[i].joined = 1;
        s->model.tasks[i].kernel = 'X';
    }
    for (uint32_t i = 0; i < s->model.nprocesses; i++) {
        struct live_process *p = &s->model.processes[i];
        p->ended = s->now;
        p->reaped = p->has_status = 1;
        p->status = status;
        p->kernel = 'X';
    }
    live_look_end(&s->model);
    s->ended = 1;
    s->status = status;
}

/* -------- the port -------- */

static void stage_look(void *ctx, uint64_t budget_ns)
{
    (void)ctx;
    (void)budget_ns;
}

static const struct live_model *stage_model(void *ctx)
{
    return &((struct stage *)ctx)->model;
}

static const struct names *stage_names(void *ctx)
{
    return &((struct stage *)ctx)->names;
}

static int stage_globals(void *ctx, uint32_t of, struct variable *out, int max)
{
    struct stage *s = ctx;
    (void)of;
    for (int i = 0; i < s->nglobals && i < max; i++)
        out[i] = s->globals[i];
    return s->nglobals;
}

static const struct buf *stage_output(void *ctx, uint64_t *dropped)
{
    *dropped = 0;
    return &((struct stage *)ctx)->output;
}

static const char *stage_notes(void *ctx)
{
    return ((struct stage *)ctx)->notes;
}

static int stage_ended(void *ctx, int *status)
{
    struct stage *s = ctx;
    if (status)
        *status = s->status;
    return s->ended;
}

static const char *stage_why(void *ctx)
{
    return ((struct stage *)ctx)->why;
}

static int refuse(const struct stage *s, struct err *e)
{
    return s->refuses ? err_set(e, ERR_UNSUPPORTED, "the stage refuses") : 0;
}

static int stage_signal(void *ctx, uint32_t of, uint32_t to, int sig, struct err *e)
{
    struct stage *s = ctx;
    if (to == LIVE_NONE)
        buf_printf(&s->log, "signal %d to P%u\n", sig, s->model.processes[of].number);
    else
        buf_printf(&s->log, "signal %d to T%u\n", sig, s->model.tasks[to].number);
    return refuse(s, e);
}

static int stage_interrupt(void *ctx, uint32_t of, struct err *e)
{
    struct stage *s = ctx;
    buf_printf(&s->log, "interrupt T%u\n", s->model.tasks[of].number);
    return refuse(s, e);
}

static void stage_pace(void *ctx, uint32_t pace)
{
    buf_printf(&((struct stage *)ctx)->log, "pace %u\n", pace);
}

static void stage_step(void *ctx)
{
    buf_puts(&((struct stage *)ctx)->log, "step\n");
}

static int stage_type(void *ctx, const char *bytes, size_t n)
{
    buf_printf(&((struct stage *)ctx)->log, "type %.*s", (int)n, bytes);
    return 0;
}

static void begin(struct stage *s)
{
    live_model_init(&s->model);
    s->now = 0;
    s->ended = s->status = 0;
}

static int stage_again(void *ctx, struct err *e)
{
    struct stage *s = ctx;
    buf_puts(&s->log, "again\n");
    if (refuse(s, e) < 0)
        return -ERR_UNSUPPORTED;
    live_model_fini(&s->model);
    begin(s);
    stage_go(s, 100 * MS);
    return 0;
}

static int stage_control(void *ctx, struct port *out, struct err *e)
{
    struct stage *s = ctx;
    buf_puts(&s->log, "control\n");
    if (!s->steps.ops)
        return err_set(e, ERR_UNSUPPORTED, "the stage has nothing to step");
    *out = s->steps;
    s->steps.ops = NULL;
    return 0;
}

static void stage_close(void *ctx)
{
    buf_puts(&((struct stage *)ctx)->log, "close\n");
}

static const struct live_port_ops stage_ops = {
    .look = stage_look,
    .model = stage_model,
    .names = stage_names,
    .globals = stage_globals,
    .output = stage_output,
    .notes = stage_notes,
    .ended = stage_ended,
    .why = stage_why,
    .signal = stage_signal,
    .interrupt = stage_interrupt,
    .pace = stage_pace,
    .step = stage_step,
    .type = stage_type,
    .again = stage_again,
    .control = stage_control,
    .close = stage_close,
};

struct stage *stage_new(enum scene scene, uint64_t ns)
{
    struct stage *s = xcalloc(1, sizeof *s);
    s->scene = scene;
    s->why = s->notes = "";
    s->names =
        (struct names){.ctx = s, .object = name_object, .place = name_place, .value = name_value};
    begin(s);
    stage_go(s, ns);
    return s;
}

struct live_port stage_port(struct stage *s)
{
    return (struct live_port){&stage_ops, s};
}

void stage_free(struct stage *s)
{
    live_model_fini(&s->model);
    buf_fini(&s->output);
    buf_fini(&s->log);
    free(s);
}

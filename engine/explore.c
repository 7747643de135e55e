#include "explore_private.h"

#include "explain.h"
#include "notes.h"
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECONDS_DEFAULT   60.0
#define RANDOM_DEFAULT    10000u
#define MAX_STEPS_DEFAULT 20000u
#define GRACE             3.0 /* seconds for an execution to end once the search is to stop */
#define GRACE_USER        0.3 /* the same, when somebody waits for it */

static const char *const words[] = {
    [STRATEGY_DPOR] = "dpor", [STRATEGY_DFS] = "dfs", [STRATEGY_RANDOM] = "random"};

int strategy_parse(const char *word)
{
    for (int i = 0; i < (int)(sizeof words / sizeof *words); i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

const char *strategy_word(enum strategy s)
{
    return words[s];
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- running the search ---- */
static void set_options(struct arena *a, const struct program *p, const struct explore_options *o)
{
    static const uint8_t strategies[] = {[STRATEGY_DPOR] = SEARCH_DPOR,
                                         [STRATEGY_DFS] = SEARCH_DFS,
                                         [STRATEGY_RANDOM] = SEARCH_RANDOM};
    a->mode = MODE_EXPLORE;
    a->strategy = strategies[o->strategy];
    a->max_executions = o->executions;
    if (!o->executions && o->strategy == STRATEGY_RANDOM)
        a->max_executions = RANDOM_DEFAULT;
    a->seed = o->seed;
    a->keep = o->keep != 0;
    a->first = o->first != 0;
    a->main_exit_wait = o->main_exit_wait != 0;
    a->max_steps = o->max_steps ? o->max_steps : p->max_steps ? p->max_steps : MAX_STEPS_DEFAULT;
    a->memory_bytes = 1ull << 30;
}

/* ---- looking at it meanwhile ---- */
struct look {
    struct explore_look told; /* first: what the caller is given */
    const struct explore_options *options;
    const struct program *program;
    struct arena *arena;
    struct symbols *symbols; /* opened for the first finding */
};

static void look_fini(struct look *l)
{
    if (l->symbols)
        symbols_close(l->symbols);
}

/* The caller's turn; non-zero when the search is to stop. */
static int look(struct look *l, double passed)
{
    struct arena *a = l->arena;
    const struct explore_options *o = l->options;
    int stop = o->progress && o->progress(o->ctx, a->executions, a->blocked, passed);
    if (!o->look)
        return stop;
    uint64_t asked = a->max_executions;
    l->told.executions = a->executions;
    l->told.blocked = a->blocked;
    l->told.seconds = passed;
    if (a->strategy != SEARCH_RANDOM)
        l->told.part = (double)a->part / (double)ARENA_WHOLE;
    else
        l->told.part = asked ? (double)(a->executions + a->abandoned) / (double)asked : 0;
    stop |= o->look(o->ctx, &l->told);
    a->part_wanted = 1;
    return stop;
}

void explore_so_far(struct explore_look *told, struct explore_result *r)
{
    struct look *l = (struct look *)(void *)told;
    r->strategy = l->options->strategy;
    r->seconds = told->seconds;
    if (!r->why_not)
        r->why_not = "";
    take_results(l->arena, l->program, r);
    place_findings(l->arena, l->program, &l->symbols, r);
}

/* Wait for the end of the search, stopping it when its time is over or the caller wants. */
static int watch(struct target *t, const struct explore_options *o, struct look *l, enum halt *halt,
                 struct err *e)
{
    double begin = now(), halted = 0;
    double limit = o->seconds > 0                                    ? o->seconds
                   : o->strategy == STRATEGY_RANDOM && o->executions ? 1e18
                                                                     : SECONDS_DEFAULT;
    struct arena *a = t->arena;
    while (__atomic_load_n(&a->state, __ATOMIC_SEQ_CST) != STATE_FINISHED) {
        double passed = now() - begin;
        int slice = limit - passed < 0.1 ? (int)((limit - passed) * 1000) + 1 : 100;
        int rc = target_wait(t, slice > 0 ? slice : 1);
        if (a->state == STATE_FINISHED)
            break;
        if (a->state == STATE_REFUSED || rc == -ERR_TARGET_GONE) {
            rc = target_why(t, e);
            *halt = HALT_GONE;
            return a->executions ? 0 : rc; /* what was found until then still holds */
        }
        passed = now() - begin;
        if (passed >= limit && *halt == HALT_NO)
            *halt = HALT_TIME;
        if (look(l, passed))
            *halt = HALT_USER;
        if (*halt != HALT_NO && !a->interrupt) {
            a->interrupt = 1;
            halted = passed;
        }
        double grace = *halt == HALT_USER ? GRACE_USER : GRACE;
        if (*halt != HALT_NO && passed > halted + grace &&
            (*halt == HALT_USER || a->state != STATE_STARTING))
            return 0; /* this execution is not worth more */
    }
    return 0;
}

/* ---- what was found, in words ---- */
/* The last FINDING event of that kind at that place, or at least of that kind. */
static const struct event *finding_event(const struct trace *t, int kind, uint64_t pc)
{
    const struct event *other = NULL;
    for (size_t i = t->nevents; i-- > 0;) {
        const struct event *e = &t->events[i];
        if (e->kind != EV_FINDING || e->a != (uint64_t)kind)
            continue;
        if (e->pc == pc)
            return e;
        other = other ? other : e;
    }
    return other;
}

/* What the target looks like at the end of the replay: blocks by their types, locals by name. */
static void learn_names(struct session *s)
{
    struct symbols *symbols = session_symbols(s);
    const struct trace *t = session_trace(s);
    struct memory m;
    struct regs r;
    if (session_inspect(s, t->nsteps, &m, NULL))
        return;
    for (unsigned task = 0; task < MAX_TASKS; task++)
        if (session_regs(s, task, &r) == 0) {
            session_enter(s, trace_process(t, task));
            symbols_set_frames(symbols, task, &r, &m);
        }
    const struct event *last = t->nsteps ? trace_step(t, t->nsteps) : NULL;
    session_enter(s, last ? last->process : 0);
    symbols_learn_blocks(symbols, &m);
    session_enter(s, 0);
    symbols_learn_blocks(symbols, &m);
}

static void say_finding(struct session *s, struct explore_finding *f)
{
    struct buf text = {0};
    struct err err = {0};
    int rc = session_replay(s, &f->schedule, 5000, &err);
    const struct event *e = finding_event(session_trace(s), f->kind, f->pc);
    free(f->message);
    if (rc == 0 && e) {
        learn_names(s);
        explain_finding(session_trace(s), e, session_names(s), &text);
        f->message = xstrdup(text.data ? text.data : "");
    } else {
        f->message = xasprintf("%s%s%s", finding_text((unsigned)f->kind),
                               *err.message ? "; its replay fails: " : "", err.message);
    }
    buf_fini(&text);
}

static int same_words(const struct explore_finding *a, const struct explore_finding *b)
{
    return a->kind == b->kind && a->line == b->line && strcmp(a->file, b->file) == 0 &&
           strcmp(a->message, b->message) == 0;
}

static void swap(struct explore_finding *a, struct explore_finding *b)
{
    struct explore_finding t = *a;
    *a = *b;
    *b = t;
}

/* One line may do the same wrong twice, as `n++` reads and writes: it is told once, with the fewest
 * switches. */
static void drop_repeated(struct explore_result *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->nfindings; i++) {
        size_t k = 0;
        while (k < n && !same_words(&r->findings[k], &r->findings[i]))
            k++;
        if (k < n && r->findings[i].switches < r->findings[k].switches)
            swap(&r->findings[i], &r->findings[k]);
        if (k == n)
            swap(&r->findings[i], &r->findings[n++]);
    }
    for (size_t i = n; i < r->nfindings; i++)
        finding_fini(&r->findings[i]);
    r->nfindings = n;
}

/* Sentences and places of the findings, from a replay of each; what is left when the caller wants
 * no more gets the words of its kind. */
static int say_findings(struct program *p, const struct explore_options *o, struct look *l,
                        struct explore_result *r, struct err *e)
{
    struct session_options so = {.main_exit_wait = o->main_exit_wait, .stuck_ms = o->stuck_ms};
    struct session *s = NULL;
    if (!r->nfindings)
        return 0;
    int rc = session_open(&s, p, &so, e);
    if (rc)
        return rc;
    for (size_t i = 0; i < r->nfindings && !look(l, r->seconds); i++) {
        place_finding(&r->findings[i], session_names(s));
        say_finding(s, &r->findings[i]);
    }
    session_close(s);
    place_findings(l->arena, l->program, &l->symbols, r);
    drop_repeated(r);
    return 0;
}

static void take_counts(const struct program *p, const struct arena *a,
                        const struct explore_options *o, enum halt halt, const struct err *gone,
                        double seconds, struct explore_result *r)
{
    r->strategy = o->strategy;
    r->complete = a->complete != 0;
    r->exhausted = a->exhausted != 0;
    double limit = o->seconds > 0 ? o->seconds : SECONDS_DEFAULT;
    r->why_not = r->why_text = say_why_not(p, a, halt, limit, gone->message, 0);
    r->why_said = say_why_not(p, a, halt, limit, gone->message, 1);
    r->seconds =
        a->last_nanoseconds ? (double)(a->last_nanoseconds - a->first_nanoseconds) / 1e9 : seconds;
}

static void take_notes(const struct program *p, const struct arena *a, struct explore_result *r)
{
    struct buf notes = {0};
    notes_of(p->binary, a, &notes);
    r->notes = notes.data;
}

int explore_run(struct program *p, const struct explore_options *o, struct explore_result *r,
                struct err *e)
{
    struct target t;
    enum halt halt = HALT_NO;
    *r = (struct explore_result){.why_not = ""};
    int rc = target_prepare(&t, e);
    if (rc == 0) {
        set_options(t.arena, p, o);
        t.stuck_ms = o->stuck_ms;
        rc = target_start(&t, p, e);
    }
    double begin = now();
    struct err gone = {0};
    struct look l = {.options = o, .program = p, .arena = t.arena};
    if (rc == 0)
        rc = watch(&t, o, &l, &halt, &gone);
    if (rc && gone.code && e)
        *e = gone;
    target_stop(&t);
    if (rc == 0)
        rc = target_check(t.arena, e);
    if (rc == 0) {
        take_counts(p, t.arena, o, halt, &gone, now() - begin, r);
        take_notes(p, t.arena, r);
        take_results(t.arena, p, r);
        rc = say_findings(p, o, &l, r, e);
    }
    look_fini(&l);
    target_end(&t);
    if (rc)
        explore_result_fini(r);
    return rc;
}

int explore_exit_status(const struct explore_result *r)
{
    return r->nfindings ? 1 : r->complete ? 0 : 4;
}

/* ---- JSON ---- */
static void json_schedule(const struct schedule *s, struct buf *out)
{
    struct buf token = {0};
    schedule_format(s, &token);
    buf_puts(out, ",\"schedule\":");
    buf_json(out, token.data, token.len);
    buf_fini(&token);
}

static void json_or_null(struct buf *out, const char *key, int present, int value)
{
    if (present)
        buf_printf(out, ",\"%s\":%d", key, value);
    else
        buf_printf(out, ",\"%s\":null", key);
}

static void json_outcome(const struct explore_outcome *o, struct buf *out)
{
    buf_puts(out, "{\"stdout\":");
    buf_json(out, o->out, o->nout);
    if (o->nout_total > o->nout)
        buf_printf(out, ",\"stdout_bytes\":%llu", (unsigned long long)o->nout_total);
    json_or_null(out, "exit", o->exit_status >= 0, o->exit_status);
    json_or_null(out, "signal", o->signal != 0, o->signal);
    if (o->deadlock)
        buf_puts(out, ",\"deadlock\":true");
    if (o->livelock)
        buf_puts(out, ",\"livelock\":true");
    if (o->cut)
        buf_puts(out, ",\"cut\":true");
    buf_printf(out, ",\"executions\":%llu", (unsigned long long)o->executions);
    json_schedule(&o->schedule, out);
    buf_puts(out, "}");
}

static void json_finding(const struct explore_finding *f, struct buf *out)
{
    buf_printf(out, "{\"kind\":\"%s\",\"message\":", finding_word((unsigned)f->kind));
    buf_json(out, f->message, strlen(f->message));
    buf_puts(out, ",\"file\":");
    buf_json(out, f->file, strlen(f->file));
    buf_printf(out, ",\"line\":%d,\"tasks\":[", f->line);
    for (int i = 0; i < f->ntasks; i++)
        buf_printf(out, "%s\"T%u\"", i ? "," : "", f->tasks[i]);
    buf_printf(out, "],\"switches\":%u,\"steps\":%u", f->switches, f->steps);
    json_schedule(&f->schedule, out);
    buf_puts(out, "}");
}

/* Only where there are any. */
static void json_notes(const char *notes, struct buf *out)
{
    for (const char *s = notes; s && *s; s += strcspn(s, "\n") + 1) {
        buf_puts(out, s == notes ? ",\"notes\":[" : ",");
        buf_json(out, s, strcspn(s, "\n"));
    }
    if (notes && *notes)
        buf_puts(out, "]");
}

void explore_json(const struct program *p, const struct explore_result *r, struct buf *out)
{
    buf_puts(out, "{\"schema\":\"lockstep.explore/1\",\"program\":");
    buf_json(out, p->name, strlen(p->name));
    buf_printf(out, ",\"program_hash\":\"%s\",\"strategy\":\"%s\",\"complete\":%s", p->hash,
               strategy_word(r->strategy), r->complete ? "true" : "false");
    if (!r->complete) {
        buf_puts(out, ",\"why_not\":");
        buf_json(out, r->why_not, strlen(r->why_not));
    }
    json_notes(r->notes, out);
    if (p->adversity_list) {
        buf_puts(out, ",\"adversity\":");
        buf_json(out, p->adversity_list, strlen(p->adversity_list));
    }
    if (r->abandoned)
        buf_printf(out, ",\"abandoned\":%llu", (unsigned long long)r->abandoned);
    buf_printf(
        out, ",\"executions\":%llu,\"blocked\":%llu,\"steps\":%llu,\"seconds\":%.6f,\"outcomes\":[",
        (unsigned long long)r->executions, (unsigned long long)r->blocked,
        (unsigned long long)r->steps, r->seconds);
    for (size_t i = 0; i < r->noutcomes; i++) {
        buf_puts(out, i ? "," : "");
        json_outcome(&r->outcomes[i], out);
    }
    buf_puts(out, "],\"findings\":[");
    for (size_t i = 0; i < r->nfindings; i++) {
        buf_puts(out, i ? "," : "");
        json_finding(&r->findings[i], out);
    }
    buf_puts(out, "]}");
}

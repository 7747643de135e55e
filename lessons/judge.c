/* Judging a fix, in this order: it compiles; nothing is found in any schedule; the work is still
 * done, by tasks that can overlap; what must come out comes out and nothing else; and it survives
 * the very schedules that broke the original. The first "no" ends it: one reason at a time is what
 * a learner can use. */
#include "judge.h"

#include "diagnose.h"
#include "report.h"
#include "run.h"
#include "verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Of a single run: as in a search; and what no program of a lesson needs. */
enum { MAX_STEPS = 20000, MAX_MEMORY = 128 << 20 };

struct judge {
    struct searches *all;
    const struct lesson_challenge *c;
    struct search *start, *fix;
    struct explore_result seen; /* of the fix, taken as complete: the bound is stated once */
    struct session_options options;
    struct verdict *v;
    struct err *e;
};

/* A row about the learner's file. Returns 0 to go on, 1 when refused. */
static int row(struct judge *j, const char *claim, enum refusal refusal, struct buf *message)
{
    if (refusal != REFUSAL_NONE && !j->v->reason)
        j->v->reason = xstrdup(message->data ? message->data : "");
    report_take(&j->v->rows, claim, j->fix->path, 0, refusal == REFUSAL_NONE, message);
    j->v->refusal = refusal;
    return refusal != REFUSAL_NONE;
}

/* What the learner can step to see it. The first one counts. */
static void show_by(struct judge *j, const struct schedule *s, int finding, int line)
{
    if (j->v->has_schedule)
        return;
    j->v->has_schedule = 1;
    schedule_copy(&j->v->schedule, s);
    j->v->finding = finding;
    j->v->line = line;
}

/* -------- it compiles -------- */

static int judge_compiles(struct judge *j)
{
    struct buf why = {0};
    if (j->fix->program) {
        buf_puts(&why, *j->fix->program->warnings ? j->fix->program->warnings : _("no warnings"));
        return row(j, _("it compiles"), REFUSAL_NONE, &why);
    }
    if (j->fix->error.code != ERR_COMPILE) {
        *j->e = j->fix->error;
        return -j->fix->error.code;
    }
    struct compiler_note note;
    for (int n = compiler_notes(j->fix->error.message, j->fix->path, &note, 1); n > 0; n = 0)
        j->v->line = note.line;
    buf_puts(&why, j->fix->error.message);
    return row(j, _("it compiles"), REFUSAL_COMPILE, &why);
}

/* -------- nothing is found -------- */

/* The finding to speak of: what a learner sees go wrong comes before what could. */
static const struct explore_finding *worst(const struct explore_result *r)
{
    const struct explore_finding *lesser = NULL;
    for (size_t i = 0; i < r->nfindings; i++) {
        const struct explore_finding *f = &r->findings[i];
        if (f->kind != FIND_DATA_RACE && f->kind != FIND_LOCK_LEAK)
            return f;
        if (!lesser || lesser->kind == FIND_DATA_RACE)
            lesser = f;
    }
    return lesser;
}

static int judge_findings(struct judge *j)
{
    struct buf why = {0};
    const struct explore_finding *race = result_finding(&j->seen, FIND_DATA_RACE, 0);
    const struct explore_finding *f = race ? race : worst(&j->seen);
    if (!f) {
        buf_printf(&why, _("%" PRIu64 " executions"), j->seen.executions);
        return row(j, _("nothing is found in any of them"), REFUSAL_NONE, &why);
    }
    enum refusal kind = finding_refusal(j->fix->program, j->start->program, &j->options, f, &why);
    show_by(j, &f->schedule, f->kind, f->line);
    j->v->reason = xasprintf("%s%s", why.data ? why.data : "", f->message ? f->message : "");
    finding_line(f, j->fix->path, &why);
    return row(j, _("nothing is found in any of them"), kind, &why);
}

/* -------- what comes out -------- */

/* Whether some required output never came. */
static int output_missing(const struct judge *j, const struct claim *c)
{
    for (size_t i = 0; i < c->nstrings; i++)
        if (!result_outcome(&j->seen, &c->strings[i]))
            return 1;
    return 0;
}

/* A required output never comes: all work may be there, but each task does its own as a whole,
 * under one lock; else some of it is gone. */
static enum refusal missing_refusal(const struct judge *j, struct buf *why)
{
    struct session *s;
    int at_once = 1;
    if (sleeps_less(j->fix->program, j->start->program, &j->options)) {
        buf_puts(why, _("; the original waits more often: its waiting is part of the work"));
        return REFUSAL_DELETED;
    }
    if (j->c->nconcurrent && j->c->nwork &&
        session_open(&s, j->fix->program, &j->options, NULL) == 0) {
        at_once = run_works_at_once(s, j->c->work, j->c->nwork, NULL);
        session_close(s);
    }
    if (at_once == 0) {
        buf_puts(why,
                 _("; no two tasks are ever in the middle of their work at once: each does all "
                   "of it while the others are shut out"));
        return REFUSAL_SERIAL;
    }
    buf_puts(why, _("; the work must still be done"));
    return REFUSAL_DELETED;
}

/* The execution that shows an output which must not be. */
static void show_stranger(struct judge *j, const struct claim *c)
{
    const struct explore_outcome *o = c->kind == CLAIM_OUTCOMES || c->kind == CLAIM_ONLY
                                          ? result_stranger(&j->seen, c->strings, c->nstrings)
                                          : NULL;
    for (size_t i = 0; c->kind == CLAIM_IMPOSSIBLE && i < c->nstrings && !o; i++)
        o = result_outcome(&j->seen, &c->strings[i]);
    if (o)
        show_by(j, &o->schedule, -1, 0);
}

static enum refusal claim_refusal(const struct judge *j, const struct claim *c, struct buf *why)
{
    switch (c->kind) {
    case CLAIM_OUTCOMES:
    case CLAIM_POSSIBLE:
        if (output_missing(j, c))
            return missing_refusal(j, why);
        break;
    case CLAIM_ONLY:
    case CLAIM_IMPOSSIBLE:
        break;
    case CLAIM_NO_DEADLOCK:
        return REFUSAL_DEADLOCK;
    case CLAIM_NO_FINDING:
        return c->finding == FIND_DATA_RACE ? REFUSAL_RACE : REFUSAL_FAILS;
    default:
        return REFUSAL_FAILS;
    }
    return sleeps_more(j->fix->program, j->start->program, &j->options) ? REFUSAL_SLEEPING
                                                                        : REFUSAL_OUTCOME;
}

/* The words up to the first token: a screen opens the schedule by a key. To be freed. */
static char *without_tokens(const char *words)
{
    char *copy = xstrdup(words), *token = strstr(copy, "`lockstep replay ");
    if (token) {
        char *end = strchr(token + 1, '`');
        memmove(token, end ? end + 1 : token, strlen(end ? end + 1 : "") + 1);
    }
    size_t n = strlen(copy);
    while (n && strchr("; ", copy[n - 1]))
        copy[--n] = 0;
    return copy;
}

static int judge_requirement(struct judge *j, const struct claim *c)
{
    struct buf why = {0};
    enum refusal kind = REFUSAL_NONE;
    if (!claim_verify(c, &j->seen, j->fix->path, &why)) {
        show_stranger(j, c);
        j->v->reason = without_tokens(why.data);
        kind = claim_refusal(j, c, &why);
        if (kind == REFUSAL_SERIAL || kind == REFUSAL_DELETED) {
            free(j->v->reason);
            j->v->reason = without_tokens(why.data);
        }
    }
    return row(j, c->text, kind, &why);
}

static int limits_output(const struct claim *c)
{
    return c->kind == CLAIM_OUTCOMES || c->kind == CLAIM_ONLY;
}

/* An output that must not be: told before what is not concurrent, as a task that gives up its work
 * in some schedule may do so in the one in which they are to overlap. */
static int judge_strangers(struct judge *j)
{
    for (size_t i = 0; i < j->c->nrequire; i++) {
        const struct claim *c = &j->c->require[i];
        if (limits_output(c) && result_stranger(&j->seen, c->strings, c->nstrings))
            return judge_requirement(j, c);
    }
    return 0;
}

static int judge_requirements(struct judge *j)
{
    int rc = 0;
    for (size_t i = 0; i < j->c->nrequire && !rc; i++)
        rc = judge_requirement(j, &j->c->require[i]);
    return rc;
}

/* -------- the work is still done -------- */

/* In a plain run, every task of the routine must write the object. */
static enum refusal work_done(struct session *s, const struct lesson_work *w, struct buf *why)
{
    size_t workers = 0;
    for (unsigned task = 1; task < MAX_TASKS; task++) {
        if (strcmp(run_routine(s, task), w->routine) != 0)
            continue;
        workers++;
        if (!run_wrote(s, task, w->object)) {
            buf_printf(why, _("T%u runs %s but never writes %s: the work is gone"), task,
                       w->routine, w->object);
            return REFUSAL_DELETED;
        }
    }
    if (workers == 0) {
        buf_printf(why, _("no thread starts in %s any more: the work is gone from there"),
                   w->routine);
        return REFUSAL_DELETED;
    }
    buf_printf(why, ngettext("%zu task", "%zu tasks", workers), workers);
    return REFUSAL_NONE;
}

static int judge_work(struct judge *j)
{
    int rc = 0;
    for (size_t i = 0; i < j->c->nwork && !rc; i++) {
        const struct lesson_work *w = &j->c->work[i];
        struct session *s;
        struct buf why = {0};
        rc = session_open(&s, j->fix->program, &j->options, j->e);
        if (rc)
            return rc;
        rc = run_to_end(s, j->e);
        char *claim = xasprintf(_("%s still writes %s"), w->routine, w->object);
        if (!rc)
            rc = row(j, claim, work_done(s, w, &why), &why);
        free(claim);
        session_close(s);
    }
    return rc;
}

static void say_overlap(const struct judge *j, int overlap, struct buf *why)
{
    struct buf names = {0};
    for (size_t i = 0; i < j->c->nconcurrent; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", j->c->concurrent[i]);
    buf_printf(why,
               overlap ? _("two tasks of %s can be under way at the same time")
                       : _("no two tasks of %s are ever under way at the same time: one runs after "
                           "the other, so nothing is concurrent any more; create them all before "
                           "joining any"),
               names.data);
    buf_fini(&names);
}

static int judge_concurrent(struct judge *j)
{
    struct session *s;
    struct buf why = {0};
    if (j->c->nconcurrent == 0)
        return 0;
    int rc = session_open(&s, j->fix->program, &j->options, j->e);
    if (rc)
        return rc;
    int overlap =
        run_overlaps(s, j->c->concurrent, j->c->nconcurrent, j->c->work, j->c->nwork, j->e);
    session_close(s);
    if (overlap < 0)
        return overlap;
    say_overlap(j, overlap, &why);
    return row(j, _("the work is concurrent"), overlap ? REFUSAL_NONE : REFUSAL_SERIAL, &why);
}

/* -------- the schedule that broke the original -------- */

static const struct schedule *breaking_schedule(const struct judge *j,
                                                const struct explore_result *start)
{
    for (size_t i = 0; i < j->c->nrequire; i++) {
        const struct claim *c = &j->c->require[i];
        const struct explore_outcome *o =
            limits_output(c) ? result_stranger(start, c->strings, c->nstrings) : NULL;
        if (o)
            return &o->schedule;
    }
    const struct explore_finding *f = worst(start);
    return f ? &f->schedule : NULL;
}

/* Whether the finished execution is one the challenge allows; if not, *why says so. */
static int ends_well(struct judge *j, struct session *s, struct buf *why)
{
    const struct event *f = run_finding(s, FIND_COUNT);
    struct buf out = {0};
    int ok = !f;
    if (f)
        buf_printf(why, _(" and ends with a finding: %s"), finding_text((unsigned)f->a));
    run_output(s, &out);
    for (size_t i = 0; i < j->c->nrequire && ok; i++) {
        const struct claim *c = &j->c->require[i];
        struct explore_outcome o = {.out = out.data, .nout = out.len, .nout_total = out.len};
        struct explore_result one = {.outcomes = &o, .noutcomes = 1};
        if (limits_output(c) && result_stranger(&one, c->strings, c->nstrings)) {
            buf_puts(why, _(" and prints "));
            quoted(out.data, out.len, why);
            ok = 0;
        }
    }
    if (ok) {
        buf_puts(why, _(" and ends well, with the output "));
        quoted(out.data, out.len, why);
    }
    buf_fini(&out);
    return ok;
}

/* own: it is the learner's. */
static int replay_old(struct judge *j, struct session *s, const struct schedule *old, int own)
{
    struct buf unfit = {0}, why = {0};
    size_t fitted = 0;
    int rc = run_foreign(s, old, &fitted, &unfit, j->e);
    if (unfit.len)
        buf_printf(&why,
                   _("it follows the old schedule for %zu of %zu choices; then %s; going on it"),
                   fitted, old->n, unfit.data);
    else
        buf_puts(&why, _("it follows the old schedule to its end"));
    if (rc) {
        buf_fini(&why);
    } else {
        int ok = ends_well(j, s, &why);
        if (!ok)
            show_by(j, session_schedule(s), -1, 0);
        rc = row(j,
                 own ? _("it survives the schedule by which you broke the original")
                     : _("it survives the schedule that broke the original"),
                 ok ? REFUSAL_NONE : REFUSAL_REPLAY, &why);
    }
    buf_fini(&unfit);
    return rc;
}

static int replay_one(struct judge *j, const struct schedule *old, int own)
{
    struct session *s;
    int rc = searches_interrupted(j->all, CHECK_REPLAYING, j->e);
    if (rc)
        return -ERR_INTERRUPTED;
    rc = session_open(&s, j->fix->program, &j->options, j->e);
    if (rc)
        return rc;
    rc = replay_old(j, s, old, own);
    session_close(s);
    return rc;
}

static int judge_replay(struct judge *j)
{
    const struct check_options *o = &j->all->bound;
    int rc = 0;
    for (size_t i = 0; i < o->nown && !rc; i++)
        rc = replay_one(j, &o->own[i], 1);
    if (rc)
        return rc;
    const struct explore_result *start = search_result(j->all, j->start, STRATEGY_DPOR, j->e);
    const struct schedule *old = start ? breaking_schedule(j, start) : NULL;
    if (!start)
        return -(j->e->code ? j->e->code : (int)ERR_DATA);
    /* the start does not fail: `lockstep check LESSON` complains about that */
    return old ? replay_one(j, old, 0) : 0;
}

/* -------- all of it -------- */

static int judge_search(struct judge *j)
{
    const struct explore_result *r = search_result(j->all, j->fix, STRATEGY_DPOR, j->e);
    struct buf why = {0};
    if (!r)
        return -(j->e->code ? j->e->code : (int)ERR_INTERNAL);
    j->seen = *r;
    j->seen.complete = 1;
    j->v->executions = r->executions;
    j->v->complete = r->complete;
    free(j->v->why_not);
    j->v->why_not = xstrdup(r->why_not);
    char *claim = NULL;
    if (r->complete) {
        claim =
            xasprintf(_("all its schedules are searched: %" PRIu64 " executions"), r->executions);
    } else {
        claim = xasprintf(_("a part of its schedules is searched: %" PRIu64 " executions (%s)"),
                          r->executions, r->why_not);
        buf_puts(&why, _("what follows is true of those, not of every schedule"));
    }
    int rc = row(j, claim, REFUSAL_NONE, &why);
    free(claim);
    return rc;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void verdict_init(struct verdict *v)
{
    *v = (struct verdict){.finding = -1, .complete = 1};
    v->why_not = xstrdup("");
    schedule_init(&v->schedule);
}

static int too_slow(struct judge *j)
{
    struct buf why = {0};
    buf_printf(&why, _("a single run of it takes longer than %d s"), RUN_TIMEOUT_MS / 1000);
    return row(j, _("it comes to its end"), REFUSAL_FAILS, &why);
}

int judge_fix(struct searches *all, const struct lesson *l, const struct lesson_challenge *c,
              const char *path, struct verdict *v, struct err *e)
{
    /* Gone work and work in turn come before outputs, which are missing then as well. */
    static int (*const stages[])(struct judge * j) = {
        judge_compiles,  judge_search,     judge_findings,     judge_work,
        judge_strangers, judge_concurrent, judge_requirements, judge_replay,
    };
    struct err ignored = {0};
    struct judge j = {.all = all, .c = c, .v = v, .e = e ? e : &ignored};
    double begin = now();
    verdict_init(v);
    j.options.stuck_ms = all->bound.stuck_ms;
    j.options.max_steps = MAX_STEPS;
    j.options.memory_bytes = MAX_MEMORY;
    int rc = searches_interrupted(all, CHECK_COMPILING, j.e) ? -ERR_INTERRUPTED : 0;
    if (!rc) {
        char *start = lesson_file(l, c->file);
        /* in this order: an array that grows holds pointers */
        j.start = search_program(all, start);
        j.fix = search_program(all, path);
        free(start);
        if (!j.start->program) {
            *j.e = j.start->error;
            rc = -j.start->error.code;
        }
    }
    for (size_t i = 0; i < sizeof stages / sizeof stages[0] && !rc; i++)
        rc = searches_interrupted(all, i < 2 ? CHECK_COMPILING : CHECK_REPLAYING, j.e)
                 ? -ERR_INTERRUPTED
                 : stages[i](&j);
    if (rc == -ERR_BUSY) /* not our trouble: it takes its time */
        rc = too_slow(&j);
    if (!v->reason)
        v->reason = xstrdup("");
    v->seconds = now() - begin;
    if (rc < 0)
        verdict_fini(v);
    return rc < 0 ? rc : 0;
}

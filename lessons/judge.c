/* Judging a fix, in this order: it compiles; nothing is found in any schedule; what must come out
 * comes out and nothing else; the work is still done, by tasks that can overlap; and it survives
 * the very schedule that broke the original. The first "no" ends it: one reason at a time is what
 * a learner can use. */
#include "judge.h"

#include "diagnose.h"
#include "report.h"
#include "run.h"
#include "verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct judge {
    struct searches *all;
    const struct lesson_challenge *c;
    struct search *start, *fix;
    struct explore_result seen; /* of the fix, taken as complete: the bound is stated once */
    struct check_report *report;
    enum refusal refusal;
    struct err *e;
};

/* A row about the learner's file. Returns 0 to go on, 1 when refused. */
static int row(struct judge *j, const char *claim, enum refusal refusal, struct buf *message)
{
    report_take(j->report, claim, j->fix->path, 0, refusal == REFUSAL_NONE, message);
    j->refusal = refusal;
    return refusal != REFUSAL_NONE;
}

/* -------- it compiles -------- */

static int judge_compiles(struct judge *j)
{
    struct buf why = {0};
    if (j->fix->program) {
        buf_puts(&why, *j->fix->program->warnings ? j->fix->program->warnings : "no warnings");
        return row(j, "it compiles", REFUSAL_NONE, &why);
    }
    if (j->fix->error.code != ERR_COMPILE) {
        if (j->e)
            *j->e = j->fix->error;
        return -j->fix->error.code;
    }
    buf_puts(&why, j->fix->error.message);
    return row(j, "it compiles", REFUSAL_COMPILE, &why);
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
        buf_printf(&why, "%" PRIu64 " executions", j->seen.executions);
        return row(j, "nothing is found in any of them", REFUSAL_NONE, &why);
    }
    enum refusal kind = finding_refusal(j->fix->program, j->start->program, f, &why);
    finding_line(f, j->fix->path, &why);
    return row(j, "nothing is found in any of them", kind, &why);
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

static enum refusal claim_refusal(const struct judge *j, const struct claim *c, struct buf *why)
{
    switch (c->kind) {
    case CLAIM_OUTCOMES:
    case CLAIM_POSSIBLE:
        if (output_missing(j, c)) {
            buf_puts(why, "; the work must still be done");
            return REFUSAL_DELETED;
        }
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
    return sleeps_more(j->fix->program, j->start->program) ? REFUSAL_SLEEPING : REFUSAL_OUTCOME;
}

static int judge_requirements(struct judge *j)
{
    for (size_t i = 0; i < j->c->nrequire; i++) {
        const struct claim *c = &j->c->require[i];
        struct buf why = {0};
        enum refusal kind = REFUSAL_NONE;
        if (!claim_verify(c, &j->seen, j->fix->path, &why))
            kind = claim_refusal(j, c, &why);
        if (row(j, c->text, kind, &why))
            return 1;
    }
    return 0;
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
            buf_printf(why, "T%u runs %s but never writes %s: the work is gone", task, w->routine,
                       w->object);
            return REFUSAL_DELETED;
        }
    }
    if (workers == 0) {
        buf_printf(why, "no thread starts in %s any more: the work is gone from there", w->routine);
        return REFUSAL_DELETED;
    }
    buf_printf(why, "%zu task%s", workers, workers == 1 ? "" : "s");
    return REFUSAL_NONE;
}

static int judge_work(struct judge *j)
{
    int rc = 0;
    for (size_t i = 0; i < j->c->nwork && !rc; i++) {
        const struct lesson_work *w = &j->c->work[i];
        struct session *s;
        struct buf why = {0};
        rc = session_open(&s, j->fix->program, NULL, j->e);
        if (rc)
            return rc;
        rc = run_to_end(s, j->e);
        char *claim = xasprintf("%s still writes %s", w->routine, w->object);
        if (!rc)
            rc = row(j, claim, work_done(s, w, &why), &why);
        free(claim);
        session_close(s);
    }
    return rc;
}

static void say_overlap(const struct judge *j, int overlap, struct buf *why)
{
    buf_puts(why, overlap ? "two tasks of " : "no two tasks of ");
    for (size_t i = 0; i < j->c->nconcurrent; i++)
        buf_printf(why, "%s%s", i ? ", " : "", j->c->concurrent[i]);
    buf_puts(why, overlap ? " can be under way at the same time"
                          : " are ever under way at the same time: one runs after the other, so "
                            "nothing is concurrent any more; create them all before joining any");
}

static int judge_concurrent(struct judge *j)
{
    struct session *s;
    struct buf why = {0};
    if (j->c->nconcurrent == 0)
        return 0;
    int rc = session_open(&s, j->fix->program, NULL, j->e);
    if (rc)
        return rc;
    int overlap = run_overlaps(s, j->c->concurrent, j->c->nconcurrent, j->e);
    session_close(s);
    if (overlap < 0)
        return overlap;
    say_overlap(j, overlap, &why);
    return row(j, "the work is concurrent", overlap ? REFUSAL_NONE : REFUSAL_SERIAL, &why);
}

/* -------- the schedule that broke the original -------- */

static int limits_output(const struct claim *c)
{
    return c->kind == CLAIM_OUTCOMES || c->kind == CLAIM_ONLY;
}

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
        buf_printf(why, " and ends with a finding: %s", finding_text((unsigned)f->a));
    run_output(s, &out);
    for (size_t i = 0; i < j->c->nrequire && ok; i++) {
        const struct claim *c = &j->c->require[i];
        struct explore_outcome o = {.out = out.data, .nout = out.len, .nout_total = out.len};
        struct explore_result one = {.outcomes = &o, .noutcomes = 1};
        if (limits_output(c) && result_stranger(&one, c->strings, c->nstrings)) {
            buf_puts(why, " and prints ");
            quoted(out.data, out.len, why);
            ok = 0;
        }
    }
    if (ok) {
        buf_puts(why, " and ends well, with the output ");
        quoted(out.data, out.len, why);
    }
    buf_fini(&out);
    return ok;
}

static int replay_old(struct judge *j, struct session *s, const struct schedule *old)
{
    struct buf unfit = {0}, why = {0};
    size_t fitted = 0;
    int rc = run_foreign(s, old, &fitted, &unfit, j->e);
    if (unfit.len)
        buf_printf(&why, "it follows the old schedule for %zu of %zu choices; then %s; going on it",
                   fitted, old->n, unfit.data);
    else
        buf_puts(&why, "it follows the old schedule to its end");
    if (rc) {
        buf_fini(&why);
    } else {
        int ok = ends_well(j, s, &why);
        rc = row(j, "it survives the schedule that broke the original",
                 ok ? REFUSAL_NONE : REFUSAL_REPLAY, &why);
    }
    buf_fini(&unfit);
    return rc;
}

static int judge_replay(struct judge *j)
{
    const struct explore_result *start = search_result(j->all, j->start, STRATEGY_DPOR, j->e);
    const struct schedule *old = start ? breaking_schedule(j, start) : NULL;
    struct session *s;
    if (!start)
        return -ERR_DATA;
    if (!old) /* the start does not fail: `lockstep check LESSON` complains about that */
        return 0;
    int rc = session_open(&s, j->fix->program, NULL, j->e);
    if (rc)
        return rc;
    rc = replay_old(j, s, old);
    session_close(s);
    return rc;
}

/* -------- all of it -------- */

static int judge_search(struct judge *j)
{
    const struct explore_result *r = search_result(j->all, j->fix, STRATEGY_DPOR, j->e);
    struct buf why = {0};
    if (!r)
        return -(j->e && j->e->code ? j->e->code : ERR_INTERNAL);
    j->seen = *r;
    j->seen.complete = 1;
    char *claim = NULL;
    if (r->complete) {
        claim = xasprintf("all its schedules are searched: %" PRIu64 " executions", r->executions);
    } else {
        claim = xasprintf("a part of its schedules is searched: %" PRIu64 " executions (%s)",
                          r->executions, r->why_not);
        buf_puts(&why, "what follows is true of those, not of every schedule");
    }
    int rc = row(j, claim, REFUSAL_NONE, &why);
    free(claim);
    return rc;
}

int judge_fix(struct searches *all, const struct lesson *l, const struct lesson_challenge *c,
              const char *path, struct check_report *r, enum refusal *refusal, struct err *e)
{
    static int (*const stages[])(struct judge * j) = {
        judge_compiles, judge_search,     judge_findings, judge_requirements,
        judge_work,     judge_concurrent, judge_replay,
    };
    struct err ignored = {0};
    struct judge j = {.all = all, .c = c, .report = r, .e = e ? e : &ignored};
    char *start = lesson_file(l, c->file);
    j.start = search_program(all, start);
    j.fix = search_program(all, path);
    free(start);
    int rc = 0;
    if (!j.start->program) {
        *j.e = j.start->error;
        rc = -j.start->error.code;
    }
    for (size_t i = 0; i < sizeof stages / sizeof stages[0] && !rc; i++)
        rc = stages[i](&j);
    *refusal = j.refusal;
    return rc < 0 ? rc : 0;
}

#include "verify.h"

#include <inttypes.h>
#include <string.h>

void quoted(const char *s, size_t n, struct buf *out)
{
    enum { SHOWN = 120 };
    buf_puts(out, "\"");
    buf_visible(out, s, n < SHOWN ? n : (size_t)SHOWN);
    buf_puts(out, n > SHOWN ? "…\"" : "\"");
}

void replay_line(const struct schedule *s, const char *file, struct buf *out)
{
    buf_puts(out, "`lockstep replay ");
    schedule_format(s, out);
    buf_printf(out, " %s`", file);
}

void finding_line(const struct explore_finding *f, const char *file, struct buf *out)
{
    size_t n = f->message ? strlen(f->message) : 0;
    /* its kind, line, and sentence with its full stop */
    buf_printf(out, _("%s at line %d: %s%s See it with "), finding_name((unsigned)f->kind), f->line,
               n ? f->message : "", n && f->message[n - 1] == '.' ? "" : ".");
    replay_line(&f->schedule, file, out);
}

/* -------- looking into a result -------- */

static int prints(const struct explore_outcome *o, const struct claim_string *s)
{
    return o->nout == s->n && o->nout_total <= o->nout &&
           (!s->n || !memcmp(o->out, s->bytes, s->n));
}

const struct explore_outcome *result_outcome(const struct explore_result *r,
                                             const struct claim_string *out)
{
    const struct explore_outcome *best = NULL;
    for (size_t i = 0; i < r->noutcomes; i++) {
        const struct explore_outcome *o = &r->outcomes[i];
        if (prints(o, out) && (!best || o->switches < best->switches))
            best = o;
    }
    return best;
}

const struct explore_finding *result_finding(const struct explore_result *r, int kind, int line)
{
    const struct explore_finding *best = NULL;
    for (size_t i = 0; i < r->nfindings; i++) {
        const struct explore_finding *f = &r->findings[i];
        if (f->kind == kind && (!line || f->line == line) &&
            (!best || f->switches < best->switches))
            best = f;
    }
    return best;
}

const struct explore_outcome *result_stranger(const struct explore_result *r,
                                              const struct claim_string *strings, size_t n)
{
    for (size_t i = 0; i < r->noutcomes; i++) {
        size_t k = 0;
        while (k < n && !prints(&r->outcomes[i], &strings[k]))
            k++;
        if (k == n)
            return &r->outcomes[i];
    }
    return NULL;
}

static const struct explore_outcome *any_deadlock(const struct explore_result *r)
{
    for (size_t i = 0; i < r->noutcomes; i++)
        if (r->outcomes[i].deadlock)
            return &r->outcomes[i];
    return NULL;
}

/* -------- verdicts: each returns 1 or 0 and says what was seen -------- */

struct verify {
    const struct claim *c;
    const struct explore_result *r;
    const char *file;
    struct buf *why;
};

static int say_finding(const struct verify *v, const struct explore_finding *f)
{
    finding_line(f, v->file, v->why);
    return 0;
}

static int say_outcome(const struct verify *v, const char *before, const struct explore_outcome *o)
{
    buf_puts(v->why, before);
    quoted(o->out, o->nout, v->why);
    buf_puts(v->why, "; ");
    replay_line(&o->schedule, v->file, v->why);
    return 0;
}

/* A statement about all schedules needs all of them. */
static int covered(const struct verify *v)
{
    if (v->r->complete)
        return 1;
    buf_printf(v->why, _("not decided: not every schedule was covered (%s)"), v->r->why_not);
    return 0;
}

static int verify_possible(const struct verify *v)
{
    for (size_t i = 0; i < v->c->nstrings; i++)
        if (!result_outcome(v->r, &v->c->strings[i])) {
            quoted(v->c->strings[i].bytes, v->c->strings[i].n, v->why);
            buf_printf(v->why, _(" came out of none of %" PRIu64 " executions"), v->r->executions);
            return 0;
        }
    return 1;
}

static int verify_impossible(const struct verify *v)
{
    for (size_t i = 0; i < v->c->nstrings; i++) {
        const struct explore_outcome *o = result_outcome(v->r, &v->c->strings[i]);
        if (o)
            return say_outcome(v, _("it can print "), o);
    }
    return covered(v);
}

static int verify_outcomes(const struct verify *v)
{
    const struct explore_outcome *o = result_stranger(v->r, v->c->strings, v->c->nstrings);
    if (o)
        return say_outcome(v, _("it can also print "), o);
    return verify_possible(v) && covered(v);
}

static int verify_only(const struct verify *v)
{
    const struct explore_outcome *o = result_stranger(v->r, v->c->strings, v->c->nstrings);
    return o ? say_outcome(v, _("it can also print "), o) : covered(v);
}

static int verify_finding(const struct verify *v)
{
    if (result_finding(v->r, v->c->finding, v->c->at_line))
        return 1;
    const struct explore_finding *f = result_finding(v->r, v->c->finding, 0);
    if (f)
        return say_finding(v, f);
    buf_printf(v->why, _("none of that kind in %" PRIu64 " executions"), v->r->executions);
    return 0;
}

static int verify_no_finding(const struct verify *v)
{
    const struct explore_finding *f = result_finding(v->r, v->c->finding, v->c->at_line);
    return f ? say_finding(v, f) : covered(v);
}

static int verify_no_findings(const struct verify *v)
{
    return v->r->nfindings ? say_finding(v, &v->r->findings[0]) : covered(v);
}

static int verify_deadlock(const struct verify *v)
{
    if (any_deadlock(v->r))
        return 1;
    buf_printf(v->why, _("none of %" PRIu64 " executions ended in one"), v->r->executions);
    return 0;
}

static int verify_no_deadlock(const struct verify *v)
{
    const struct explore_outcome *o = any_deadlock(v->r);
    return o ? say_outcome(v, _("it gets stuck after printing "), o) : covered(v);
}

static int verify_executions(const struct verify *v)
{
    if (v->r->executions == (uint64_t)v->c->numbers[0])
        return covered(v);
    buf_printf(v->why, _("there are %" PRIu64), v->r->executions);
    return 0;
}

static int is_number_of(const struct claim *c, int n)
{
    for (size_t i = 0; i < c->nnumbers; i++)
        if (c->numbers[i] == n)
            return 1;
    return 0;
}

static int exits_with(const struct explore_result *r, long status)
{
    for (size_t i = 0; i < r->noutcomes; i++)
        if (r->outcomes[i].exit_status == status)
            return 1;
    return 0;
}

static int verify_exit(const struct verify *v)
{
    for (size_t i = 0; i < v->r->noutcomes; i++) {
        const struct explore_outcome *o = &v->r->outcomes[i];
        if (o->exit_status >= 0 && !is_number_of(v->c, o->exit_status)) {
            buf_printf(v->why, _("it can end with status %d; "), o->exit_status);
            replay_line(&o->schedule, v->file, v->why);
            return 0;
        }
    }
    for (size_t i = 0; i < v->c->nnumbers; i++)
        if (!exits_with(v->r, v->c->numbers[i])) {
            buf_printf(v->why, _("it never ends with status %ld"), v->c->numbers[i]);
            return 0;
        }
    return covered(v);
}

static int (*const by_kind[CLAIM_COUNT])(const struct verify *v) = {
    [CLAIM_OUTCOMES] = verify_outcomes,       [CLAIM_ONLY] = verify_only,
    [CLAIM_POSSIBLE] = verify_possible,       [CLAIM_IMPOSSIBLE] = verify_impossible,
    [CLAIM_FINDING] = verify_finding,         [CLAIM_NO_FINDING] = verify_no_finding,
    [CLAIM_NO_FINDINGS] = verify_no_findings, [CLAIM_DEADLOCK] = verify_deadlock,
    [CLAIM_NO_DEADLOCK] = verify_no_deadlock, [CLAIM_COMPLETE] = covered,
    [CLAIM_EXECUTIONS] = verify_executions,   [CLAIM_EXIT] = verify_exit,
};

int claim_verify(const struct claim *c, const struct explore_result *r, const char *file,
                 struct buf *why)
{
    struct verify v = {.c = c, .r = r, .file = file, .why = why};
    int ok = by_kind[c->kind](&v);
    if (ok && r->complete)
        buf_printf(why, _("true: %" PRIu64 " executions, all schedules covered"), r->executions);
    else if (ok)
        buf_printf(why, _("true: %" PRIu64 " executions, not all schedules"), r->executions);
    return ok;
}

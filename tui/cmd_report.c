#include "cmd_report.h"

#include <inttypes.h>
#include <string.h>

enum { OUTCOMES_SHOWN = 20, TEXT_SHOWN = 200 };

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static void tasks_of(struct buf *out, const struct explore_finding *f)
{
    for (int i = 0; i < f->ntasks; i++)
        buf_printf(out, "%sT%u",
                   i == 0              ? " between "
                   : i + 1 < f->ntasks ? ", "
                                       : " and ",
                   f->tasks[i]);
}

void report_finding(struct buf *out, const struct given *g, const struct explore_finding *f)
{
    buf_printf(out, "%s", finding_name((unsigned)f->kind));
    if (f->file && *f->file && f->line)
        buf_printf(out, " at %s:%d", f->file, f->line);
    if (f->ntasks > 1)
        tasks_of(out, f);
    else if (f->ntasks == 1)
        buf_printf(out, " in T%u", f->tasks[0]);
    buf_printf(out, " (%" PRIu32 " switch%s, %" PRIu32 " step%s)\n  %s\n  ", f->switches,
               f->switches == 1 ? "" : "es", f->steps, plural(f->steps), f->message);
    given_replay_line(out, g, &f->schedule);
    buf_puts(out, "\n");
}

static void outcome_end(struct buf *out, const struct explore_outcome *o)
{
    if (o->deadlock)
        buf_puts(out, "deadlock");
    else if (o->livelock)
        buf_puts(out, "livelock");
    else if (o->cut)
        buf_puts(out, "cut at the limit of steps");
    else if (o->signal)
        buf_printf(out, "signal %d (%s)", o->signal, strsignal(o->signal));
    else
        buf_printf(out, "status %d", o->exit_status);
}

static void report_outcome(struct buf *out, const struct given *g, const struct explore_outcome *o)
{
    size_t shown = o->nout < TEXT_SHOWN ? o->nout : TEXT_SHOWN;
    buf_printf(out, "%10" PRIu64 " x  ", o->executions);
    if (o->nout) {
        buf_puts(out, "prints \"");
        buf_visible(out, o->out, shown);
        buf_puts(out, "\"");
    } else {
        buf_puts(out, "prints nothing");
    }
    uint64_t total = o->nout_total > o->nout ? o->nout_total : o->nout;
    if (total > shown)
        buf_printf(out, " and %" PRIu64 " bytes more", total - shown);
    buf_puts(out, ", ");
    outcome_end(out, o);
    buf_puts(out, "\n              ");
    given_replay_line(out, g, &o->schedule);
    buf_puts(out, "\n");
}

void report_verdict(struct buf *out, const struct explore_result *r)
{
    const char *found = r->nfindings ? "" : "Nothing found. ";
    if (r->complete) {
        buf_printf(out, "%sComplete: every schedule was covered.\n", found);
        return;
    }
    buf_printf(out, "%sNot complete: ", found);
    buf_puts(out, r->why_not && *r->why_not ? r->why_not : "the search was stopped");
    buf_printf(out, ", after %" PRIu64 " execution%s. %s\n", r->executions, plural(r->executions),
               r->nfindings ? "There may be more to find."
                            : "Schedules that were not tried may still fail.");
}

static void report_head(struct buf *out, const struct program *p, const struct explore_result *r)
{
    buf_printf(out, "%s: %" PRIu64 " execution%s, ", p->name, r->executions, plural(r->executions));
    if (r->blocked)
        buf_printf(out, "%" PRIu64 " more abandoned as redundant, ", r->blocked);
    if (r->abandoned)
        buf_printf(out, "%" PRIu64 " more abandoned by an assumption, ", r->abandoned);
    buf_printf(out, "%" PRIu64 " step%s, %.3f seconds, strategy %s\n", r->steps, plural(r->steps),
               r->seconds, strategy_word(r->strategy));
    for (const char *s = r->notes; s && *s; s += strcspn(s, "\n") + 1)
        buf_printf(out, "Note: %.*s.\n", (int)strcspn(s, "\n"), s);
}

void report_search(struct buf *out, const struct given *g, const struct program *p,
                   const struct explore_result *r)
{
    report_head(out, p, r);
    buf_printf(out, "\nOutcomes: %zu\n", r->noutcomes);
    for (size_t i = 0; i < r->noutcomes && i < OUTCOMES_SHOWN; i++)
        report_outcome(out, g, &r->outcomes[i]);
    if (r->noutcomes > OUTCOMES_SHOWN)
        buf_printf(out, "  … and %zu more; --json lists all\n", r->noutcomes - OUTCOMES_SHOWN);
    buf_printf(out, "\nFindings: %zu\n", r->nfindings);
    for (size_t i = 0; i < r->nfindings; i++)
        report_finding(out, g, &r->findings[i]);
    buf_puts(out, "\n");
    report_verdict(out, r);
}

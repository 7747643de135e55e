#include "cmd_report.h"

#include <inttypes.h>
#include <string.h>

enum { OUTCOMES_SHOWN = 20, TEXT_SHOWN = 200 };

static void add_steps(struct buf *out, uint64_t n)
{
    buf_printf(out, ngettext("%" PRIu64 " step", "%" PRIu64 " steps", n), n);
}

/* "T1, T2 and T3" */
static void add_tasks(struct buf *out, const struct explore_finding *f)
{
    for (int i = 0; i < f->ntasks; i++)
        buf_printf(out, "%sT%u",
                   i == 0              ? ""
                   : i + 1 < f->ntasks ? _(", ")
                                       : _(" and "),
                   f->tasks[i]);
}

void report_finding(struct buf *out, const struct given *g, const struct explore_finding *f)
{
    struct buf tasks = {0};
    add_tasks(&tasks, f);
    buf_printf(out, "%s", finding_name((unsigned)f->kind));
    if (f->file && *f->file && f->line)
        buf_printf(out, _(" at %s:%d"), f->file, f->line);
    if (f->ntasks)
        buf_printf(out, f->ntasks > 1 ? _(" between %s") : _(" in %s"), buf_text(&tasks));
    buf_fini(&tasks);
    buf_puts(out, " (");
    buf_printf(out, ngettext("%u switch", "%u switches", f->switches), f->switches);
    buf_puts(out, _(", "));
    add_steps(out, f->steps);
    buf_printf(out, ")\n  %s\n  ", f->message);
    given_replay_line(out, g, &f->schedule);
    buf_puts(out, "\n");
}

static void outcome_end(struct buf *out, const struct explore_outcome *o)
{
    if (o->deadlock)
        buf_puts(out, _("deadlock"));
    else if (o->livelock)
        buf_puts(out, _("livelock"));
    else if (o->cut)
        buf_puts(out, _("cut at the limit of steps"));
    else if (o->signal)
        buf_printf(out, _("signal %d (%s)"), o->signal, strsignal(o->signal));
    else
        buf_printf(out, _("status %d"), o->exit_status);
}

static void report_outcome(struct buf *out, const struct given *g, const struct explore_outcome *o)
{
    size_t shown = o->nout < TEXT_SHOWN ? o->nout : TEXT_SHOWN;
    buf_printf(out, "%10" PRIu64 " x  ", o->executions);
    if (o->nout) {
        struct buf text = {0};
        buf_visible(&text, o->out, shown);
        buf_printf(out, _("prints \"%s\""), buf_text(&text));
        buf_fini(&text);
    } else {
        buf_puts(out, _("prints nothing"));
    }
    uint64_t total = o->nout_total > o->nout ? o->nout_total : o->nout;
    if (total > shown)
        buf_printf(out, _(" and %" PRIu64 " bytes more"), total - shown);
    struct buf end = {0};
    outcome_end(&end, o);
    buf_printf(out, _(", %s\n"), buf_text(&end));
    buf_fini(&end);
    buf_printf(out, "%14s", "");
    given_replay_line(out, g, &o->schedule);
    buf_puts(out, "\n");
}

void report_verdict(struct buf *out, const struct explore_result *r)
{
    if (!r->nfindings)
        buf_puts(out, _("Nothing found. "));
    if (r->complete) {
        buf_puts(out, _("Complete: every schedule was covered.\n"));
        return;
    }
    const char *why = *explore_why(r) ? explore_why(r) : _("the search was stopped");
    buf_printf(out,
               ngettext("Not complete: %s, after %" PRIu64 " execution. ",
                        "Not complete: %s, after %" PRIu64 " executions. ", r->executions),
               why, r->executions);
    buf_puts(out, r->nfindings ? _("There may be more to find.\n")
                               : _("Schedules that were not tried may still fail.\n"));
}

static void report_head(struct buf *out, const struct program *p, const struct explore_result *r)
{
    buf_printf(
        out, ngettext("%s: %" PRIu64 " execution, ", "%s: %" PRIu64 " executions, ", r->executions),
        p->name, r->executions);
    if (r->blocked)
        buf_printf(out, _("%" PRIu64 " more abandoned as redundant, "), r->blocked);
    if (r->abandoned)
        buf_printf(out, _("%" PRIu64 " more abandoned by an assumption, "), r->abandoned);
    add_steps(out, r->steps);
    buf_printf(out, _(", %.3f seconds, strategy %s\n"), r->seconds, strategy_word(r->strategy));
    for (const char *s = r->notes; s && *s; s += strcspn(s, "\n") + 1)
        buf_printf(out, _("Note: %.*s.\n"), (int)strcspn(s, "\n"), s);
}

void report_search(struct buf *out, const struct given *g, const struct program *p,
                   const struct explore_result *r)
{
    report_head(out, p, r);
    buf_printf(out, _("\nOutcomes: %zu\n"), r->noutcomes);
    for (size_t i = 0; i < r->noutcomes && i < OUTCOMES_SHOWN; i++)
        report_outcome(out, g, &r->outcomes[i]);
    if (r->noutcomes > OUTCOMES_SHOWN)
        buf_printf(out, _("  … and %zu more; --json lists all\n"), r->noutcomes - OUTCOMES_SHOWN);
    buf_printf(out, _("\nFindings: %zu\n"), r->nfindings);
    for (size_t i = 0; i < r->nfindings; i++)
        report_finding(out, g, &r->findings[i]);
    buf_puts(out, "\n");
    report_verdict(out, r);
}

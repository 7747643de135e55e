#include "cmd_runs_report.h"

#include "cmd_report.h"

#include <inttypes.h>
#include <string.h>

enum { BAR = 20, TEXT_COLS = 50, OUTCOMES_SHOWN = 20, FINDINGS_SHOWN = 3 };

void report_count(struct buf *out, uint64_t n)
{
    if (n >= 1000)
        report_count(out, n / 1000);
    if (n >= 1000)
        buf_printf(out, ",%03u", (unsigned)(n % 1000));
    else
        buf_printf(out, "%u", (unsigned)n);
}

static void count_of(struct buf *out, uint64_t n, const char *what)
{
    report_count(out, n);
    buf_printf(out, " %s%s", what, n == 1 ? "" : "s");
}

/* ---- one outcome ---- */
/* As much of a text as fits, whole characters. */
static size_t prefix(const char *s, size_t n, size_t most)
{
    if (n <= most)
        return n;
    while (most > 0 && ((unsigned char)s[most] & 0xc0) == 0x80)
        most--;
    return most;
}

/* Other characters than ASCII as their bytes where the terminal may not know them. */
static void add_text(struct buf *out, const char *s, size_t n, int ascii)
{
    for (size_t i = 0, k; i < n; i += k) {
        for (k = 0; i + k < n && !(ascii && (unsigned char)s[i + k] >= 0x80); k++)
            ;
        buf_visible(out, s + i, k);
        if (i + k < n)
            buf_printf(out, "\\x%02x", (unsigned char)s[i + k++]);
    }
}

static void add_prints(struct buf *out, const struct runs_outcome *o, int ascii)
{
    size_t shown = prefix(o->out, o->nout, TEXT_COLS);
    if (!o->out_total) {
        buf_puts(out, "prints nothing");
        return;
    }
    buf_puts(out, "prints \"");
    add_text(out, o->out, shown, ascii);
    buf_puts(out, "\"");
    if (o->out_total > shown) {
        buf_puts(out, " and ");
        count_of(out, o->out_total - shown, "byte");
        buf_puts(out, " more");
    }
}

static void add_end(struct buf *out, const struct runs_report *how, const struct runs_outcome *o)
{
    if (o->hang)
        buf_puts(out, "hangs: nobody can go on");
    else if (o->livelock)
        buf_puts(out, "goes on without end");
    else if (o->cut == FREE_TIME)
        buf_printf(out, "still going after %g s", how->limit_s);
    else if (o->cut == FREE_OUTPUT)
        buf_puts(out, "ended, it prints too much");
    else if (o->cut == FREE_THREADS)
        buf_puts(out, "ended, it has too many threads");
    else if (o->cut == FREE_MEMORY)
        buf_puts(out, "ended, it takes too much memory");
    else if (o->signal)
        buf_printf(out, "signal %d (%s)", o->signal, strsignal(o->signal));
    else
        buf_printf(out, "status %d", o->exit_status);
}

/* A row of the picture: a name, a bar, the share. */
static void add_bar(struct buf *out, const char *name, double part, int ascii)
{
    int cells = (int)(part * BAR + 0.5);
    buf_printf(out, "  %-9s ", name);
    for (int i = 0; i < BAR; i++)
        buf_puts(out, i < cells              ? (ascii ? "#" : "█")
                      : i == 0 && part > 0.0 ? (ascii ? ":" : "░")
                                             : " ");
    if (part > 0 && part < 0.00005)
        buf_puts(out, "  <0.01 %  ");
    else
        buf_printf(out, " %6.2f %%  ", part * 100);
}

static double share(uint64_t part, uint64_t all)
{
    return all ? (double)part / (double)all : 0;
}

static void add_seen(struct buf *out, const struct runs_report *how, const struct runs *r,
                     const struct runs_outcome *o)
{
    add_bar(out, "seen", share(o->runs, r->done), how->ascii);
    if (o->runs == 0)
        buf_puts(out, "never");
    else
        count_of(out, o->runs, "time");
    buf_puts(out, " in ");
    report_count(out, r->done);
    buf_puts(out, "\n");
}

static void add_possible(struct buf *out, const struct runs_report *how, const struct runs *r,
                         const struct runs_outcome *o)
{
    uint64_t part = r->interleaved ? o->interleavings : o->executions;
    uint64_t all = r->interleaved ? r->interleaved->executions : r->explored->executions;
    add_bar(out, "possible", share(part, all), how->ascii);
    buf_puts(out, "in ");
    report_count(out, part);
    buf_puts(out, " of ");
    count_of(out, all, r->interleaved ? "interleaving" : "execution");
    buf_puts(out, "\n");
}

/* So rare that it is hardly ever missed: none in n runs leaves less than 3 in n, at 95 %. */
static void add_rule_of_three(struct buf *out, uint64_t n)
{
    if (n < 30)
        return;
    buf_puts(out, "  never seen: it happens less than once in ");
    report_count(out, n / 3);
    buf_puts(out, " runs here, at 95 % certainty\n");
}

static void add_switches(struct buf *out, const struct runs_report *how,
                         const struct runs_outcome *o)
{
    if (o->switches == 0)
        buf_puts(out, "  no switch is needed");
    else if (o->switches == 1)
        buf_puts(out, "  one switch is enough");
    else
        buf_printf(out, "  %u switches are enough", o->switches);
    buf_puts(out, ":\n  ");
    given_replay_line(out, how->given, o->schedule);
    buf_puts(out, "\n");
}

static void add_unexplained(struct buf *out, const struct runs_report *how)
{
    buf_printf(
        out,
        "  NOT POSSIBLE in any schedule, and yet it was seen. What the search does not vary\n"
        "  made it: input, time, files, addresses, %sor the order of memory on the\n"
        "  processor. If it is none of these, lockstep is wrong: please report it.\n",
        how->optimised ? "the compiler's optimisation, " : "");
}

static void add_outcome(struct buf *out, const struct runs_report *how, const struct runs *r,
                        const struct runs_outcome *o)
{
    buf_puts(out, "\n");
    add_prints(out, o, how->ascii);
    buf_puts(out, ", ");
    add_end(out, how, o);
    buf_puts(out, "\n");
    add_seen(out, how, r, o);
    if (o->judgement == RUNS_EXPLORED)
        add_possible(out, how, r, o);
    else if (o->judgement == RUNS_UNEXPLAINED)
        add_unexplained(out, how);
    else if (r->explored && o->cut)
        buf_puts(out, "  whether it would ever have ended is not known\n");
    else if (r->explored)
        buf_puts(out, "  not met by the search, which is not complete\n");
    if (o->runs == 0)
        add_rule_of_three(out, r->done);
    if (o->schedule)
        add_switches(out, how, o);
}

/* ---- all of it ---- */
static void add_head(struct buf *out, const struct runs_report *how, const struct runs *r)
{
    buf_printf(out, "%s: ", how->program->name);
    count_of(out, r->done, "free run");
    buf_printf(out, " in %.1f s, %d processor%s", r->seconds, how->processors,
               how->processors == 1 ? "" : "s");
    if (how->load) {
        buf_puts(out, ", ");
        report_count(out, how->load);
        buf_printf(out, " busy process%s beside", how->load == 1 ? "" : "es");
    }
    if (how->noise)
        buf_printf(out, ", noise: %s", how->noise);
    if (how->optimised)
        buf_printf(out, ", -O%d", how->optimised);
    buf_puts(out, "\n");
    if (r->done < r->wanted) {
        buf_puts(out, "Stopped: ");
        report_count(out, r->wanted);
        buf_puts(out, " were asked for.\n");
    }
}

static void add_search(struct buf *out, const struct runs_report *how, const struct runs *r)
{
    const struct explore_result *x = r->explored;
    if (!x) {
        buf_printf(out, "Not searched: %s\n", how->why);
        return;
    }
    buf_puts(out, "Its schedules: ");
    count_of(out, x->executions, "execution");
    buf_puts(out, r->interleaved ? " that stand for " : " searched");
    if (r->interleaved)
        count_of(out, r->interleaved->executions, "interleaving");
    else if (x->strategy == STRATEGY_DPOR)
        buf_puts(out, ", each stands for all that differ in nothing that matters");
    buf_puts(out, "\n");
    for (const char *s = x->notes; s && *s; s += strcspn(s, "\n") + 1)
        buf_printf(out, "Note: %.*s.\n", (int)strcspn(s, "\n"), s);
}

static void add_findings(struct buf *out, const struct runs_report *how, const struct runs *r)
{
    const struct explore_result *x = r->explored;
    for (size_t i = 0; i < x->nfindings && i < FINDINGS_SHOWN; i++)
        report_finding(out, how->given, &x->findings[i]);
    if (x->nfindings > FINDINGS_SHOWN)
        buf_printf(out, "and %zu more findings: see 'lockstep explore'\n",
                   x->nfindings - FINDINGS_SHOWN);
}

static void add_summary(struct buf *out, const struct runs *r)
{
    size_t n[3] = {0}, unseen = 0;
    for (size_t i = 0; i < r->noutcomes; i++) {
        n[r->outcomes[i].judgement] += r->outcomes[i].runs > 0;
        unseen += r->outcomes[i].runs == 0;
    }
    if (r->done && !n[RUNS_UNKNOWN] && !n[RUNS_UNEXPLAINED])
        buf_puts(out, "Every outcome that was seen is among those the search found.\n");
    if (n[RUNS_UNEXPLAINED])
        buf_printf(out, "%zu outcome%s seen that no schedule explains.\n", n[RUNS_UNEXPLAINED],
                   n[RUNS_UNEXPLAINED] == 1 ? " was" : "s were");
    if (unseen)
        buf_printf(out, "%zu outcome%s possible and %s never seen.\n", unseen,
                   unseen == 1 ? " is" : "s are", unseen == 1 ? "was" : "were");
}

void report_runs(struct buf *out, const struct runs_report *how, const struct runs *r)
{
    add_head(out, how, r);
    add_search(out, how, r);
    for (size_t i = 0; i < r->noutcomes && i < OUTCOMES_SHOWN; i++)
        add_outcome(out, how, r, &r->outcomes[i]);
    if (r->noutcomes > OUTCOMES_SHOWN)
        buf_printf(out, "\nand %zu more outcomes; --json lists all\n",
                   r->noutcomes - OUTCOMES_SHOWN);
    if (r->other) {
        buf_puts(out, "\n");
        count_of(out, r->other, "run");
        buf_puts(out, " ended in still other ways\n");
    }
    buf_puts(out, "\n");
    if (!r->explored)
        return;
    add_findings(out, how, r);
    add_summary(out, r);
    report_verdict(out, r->explored);
}

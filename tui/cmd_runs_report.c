#include "cmd_runs_report.h"

#include "canvas.h"
#include "cmd_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { COLS = 80, BAR = 20, OUTCOMES_SHOWN = 20, FINDINGS_SHOWN = 3 };

void report_count(struct buf *out, uint64_t n)
{
    if (n >= 1000)
        report_count(out, n / 1000);
    if (n >= 1000)
        buf_printf(out, ",%03u", (unsigned)(n % 1000));
    else
        buf_printf(out, "%u", (unsigned)n);
}

/* "1,234" */
enum { NUMBER_BYTES = 32 };
static const char *spell(uint64_t n, char out[NUMBER_BYTES])
{
    struct buf b = {0};
    report_count(&b, n);
    snprintf(out, NUMBER_BYTES, "%s", b.data);
    buf_fini(&b);
    return out;
}

/* ---- lines of at most COLS columns ---- */
/* The first character of s[0..n), which is not empty: its bytes, and how many columns it takes once
 * it was made harmless. */
static size_t character(const char *s, size_t n, int ascii, int *cols)
{
    wchar_t c = 0;
    mbstate_t state = {0};
    size_t len = mbrtowc(&c, s, n, &state);
    if (len == 0 || len > n)
        len = 1, c = 0;
    int w = c >= 0x80 ? wcwidth(c) : -1;
    if (c >= 0x20 && c < 0x7f)
        *cols = 1;
    else if (c == '\n' || c == '\t')
        *cols = 2;
    else
        *cols = w >= 0 && !ascii ? w : 4 * (int)len;
    return len;
}

static int cols_of(const char *s, size_t n)
{
    int all = 0, cols;
    for (size_t i = 0; i < n; i += character(s + i, n - i, 0, &cols), all += cols)
        ;
    return all;
}

/* One line broken at blanks, what follows as far to the right as it begins. */
static void fold_line(struct buf *out, const char *s, size_t n)
{
    size_t indent = 0, end = 0;
    while (indent < n && s[indent] == ' ')
        indent++;
    for (size_t from = indent, next; from < n; from += next) {
        end = utf8_line(s + from, n - from, COLS - (int)indent, &next);
        buf_printf(out, "%*s", (int)indent, "");
        buf_add(out, s + from, end);
        buf_puts(out, "\n");
    }
    if (indent == n)
        buf_puts(out, "\n");
}

/* Lines that are to be pasted or were cut to size stay as they are. */
static void fold(struct buf *out, const struct buf *text)
{
    for (const char *s = text->data; s && *s;) {
        size_t n = strcspn(s, "\n");
        if (cols_of(s, n) <= COLS || strncmp(s, "  lockstep ", 11) == 0) {
            buf_add(out, s, n);
            buf_puts(out, "\n");
        } else {
            fold_line(out, s, n);
        }
        s += n + (s[n] != '\0');
    }
}

/* ---- one outcome ---- */
/* Other characters than ASCII as their bytes where the terminal may not know them. */
static void add_text(struct buf *out, const char *s, size_t n, int ascii)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)s[i] < 0x80)
            buf_visible(out, s + i, 1);
        else if (ascii)
            buf_printf(out, "\\x%02x", (unsigned char)s[i]);
        else {
            size_t len = i;
            while (len < n && (unsigned char)s[len] >= 0x80)
                len++;
            buf_visible(out, s + i, len - i);
            i = len - 1;
        }
}

/* How many bytes of s fit into cols columns. */
static size_t fitting(const char *s, size_t n, int cols, int ascii)
{
    size_t i = 0, len = 0;
    int w = 0;
    while (i < n && (len = character(s + i, n - i, ascii, &w), cols >= w)) {
        i += len;
        cols -= w;
    }
    return i;
}

/* What it printed, in so many columns. Where outcomes begin alike, only from a little before the
 * place where they part: `alike` bytes are the same in all. */
static void add_prints(struct buf *out, const struct runs_outcome *o, size_t alike, int cols,
                       int ascii)
{
    size_t from = 0;
    if (!o->out_total) {
        buf_puts(out, _("prints nothing"));
        return;
    }
    cols -= 9;
    if (fitting(o->out, o->nout, cols, ascii) < o->nout || o->out_total > o->nout)
        cols -= (int)sizeof " and 123,456,789 bytes more" - 1;
    if (fitting(o->out, o->nout, cols, ascii) < o->nout && alike > 10 && alike <= o->nout) {
        from = alike - 8;
        while (from > 0 && ((unsigned char)o->out[from] & 0xc0) == 0x80)
            from--;
        cols--;
    }
    size_t n = fitting(o->out + from, o->nout - from, cols, ascii);
    struct buf text = {0};
    buf_puts(&text, !from ? "" : ascii ? "~" : "…");
    add_text(&text, o->out + from, n, ascii);
    buf_printf(out, _("prints \"%s\""), buf_text(&text));
    buf_fini(&text);
    uint64_t more = o->out_total - from - n;
    char number[NUMBER_BYTES];
    if (o->out_total > from + n)
        buf_printf(out, ngettext(" and %s byte more", " and %s bytes more", more),
                   spell(more, number));
}

/* How many bytes all that print begin with alike. */
static size_t alike_of(const struct runs *r)
{
    const struct runs_outcome *first = NULL;
    size_t n = 0, printing = 0;
    for (size_t i = 0; i < r->noutcomes; i++) {
        const struct runs_outcome *o = &r->outcomes[i];
        if (!o->nout)
            continue;
        printing++;
        if (!first) {
            first = o;
            n = o->nout;
        }
        size_t k = 0;
        while (k < n && k < o->nout && o->out[k] == first->out[k])
            k++;
        n = k;
    }
    return printing > 1 ? n : 0;
}

static void add_end(struct buf *out, const struct runs_report *how, const struct runs_outcome *o)
{
    if (o->hang)
        buf_puts(out, _("hangs: nobody can go on"));
    else if (o->livelock)
        buf_puts(out, _("goes on without end"));
    else if (o->cut == FREE_TIME)
        buf_printf(out, _("still going after %g s"), how->limit_s);
    else if (o->cut == FREE_OUTPUT)
        buf_puts(out, _("ended, it prints too much"));
    else if (o->cut == FREE_THREADS)
        buf_puts(out, _("ended, it has too many threads"));
    else if (o->cut == FREE_MEMORY)
        buf_puts(out, _("ended, it takes too much memory"));
    else if (o->signal)
        buf_printf(out, _("signal %d (%s)"), o->signal, strsignal(o->signal));
    else
        buf_printf(out, _("status %d"), o->exit_status);
}

/* A row of the picture: a name, a bar, the share. */
static void add_bar(struct buf *out, const char *name, double part, int ascii)
{
    int cells = (int)(part * BAR + 0.5);
    buf_puts(out, "  ");
    utf8_pad(out, name, -9);
    buf_puts(out, " ");
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
    char seen[NUMBER_BYTES], all[NUMBER_BYTES];
    spell(o->runs, seen);
    spell(r->done, all);
    add_bar(out, C_("an outcome", "seen"), share(o->runs, r->done), how->ascii);
    if (o->runs == 0)
        buf_printf(out, _("never in %s\n"), all);
    else
        buf_printf(out, ngettext("%s time in %s\n", "%s times in %s\n", o->runs), seen, all);
}

static void add_possible(struct buf *out, const struct runs_report *how, const struct runs *r,
                         const struct runs_outcome *o)
{
    uint64_t part = r->interleaved ? o->interleavings : o->executions;
    uint64_t all = r->interleaved ? r->interleaved->executions : r->explored->executions;
    char some[NUMBER_BYTES], total[NUMBER_BYTES];
    spell(part, some);
    spell(all, total);
    add_bar(out, C_("an outcome", "possible"), share(part, all), how->ascii);
    buf_printf(out,
               r->interleaved
                   ? ngettext("in %s of %s interleaving\n", "in %s of %s interleavings\n", all)
                   : ngettext("in %s of %s execution\n", "in %s of %s executions\n", all),
               some, total);
}

/* So rare that it is hardly ever missed: none in n runs leaves less than 3 in n, at 95 %. */
static void add_rule_of_three(struct buf *out, uint64_t n)
{
    if (n < 30)
        return;
    char runs[NUMBER_BYTES];
    buf_printf(out,
               _("  never seen: it happens less than once in %s runs here, at 95 %% certainty\n"),
               spell(n / 3, runs));
}

static void add_switches(struct buf *out, const struct runs_report *how,
                         const struct runs_outcome *o)
{
    if (o->switches == 0)
        buf_puts(out, _("  no switch is needed:\n"));
    else
        buf_printf(
            out, ngettext("  one switch is enough:\n", "  %u switches are enough:\n", o->switches),
            o->switches);
    buf_puts(out, "  ");
    given_replay_line(out, how->given, o->schedule);
    buf_puts(out, "\n");
}

static void add_unexplained(struct buf *out, const struct runs_report *how)
{
    buf_puts(out, how->optimised
                      ? _("  NOT POSSIBLE in any schedule that was searched, and yet it was seen. "
                          "Something made it that is the same in all of them: time, addresses, "
                          "files, other processes, what the compiler optimised, a limit of "
                          "lockstep's (see the manual), or the order of memory on the processor. "
                          "If it is none of these, lockstep is wrong: please report it.\n")
                      : _("  NOT POSSIBLE in any schedule that was searched, and yet it was seen. "
                          "Something made it that is the same in all of them: time, addresses, "
                          "files, other processes, a limit of lockstep's (see the manual), or the "
                          "order of memory on the processor. If it is none of these, lockstep is "
                          "wrong: please report it.\n"));
}

static void add_outcome(struct buf *out, const struct runs_report *how, const struct runs *r,
                        const struct runs_outcome *o, size_t alike)
{
    struct buf end = {0};
    add_end(&end, how, o);
    buf_puts(out, "\n");
    add_prints(out, o, alike, COLS - 2 - cols_of(end.data, end.len), how->ascii);
    buf_printf(out, _(", %s\n"), end.data);
    buf_fini(&end);
    add_seen(out, how, r, o);
    if (o->judgement == RUNS_EXPLORED)
        add_possible(out, how, r, o);
    else if (o->judgement == RUNS_UNEXPLAINED)
        add_unexplained(out, how);
    else if (r->explored && o->cut)
        buf_puts(out, _("  whether it would ever have ended is not known\n"));
    else if (r->explored)
        buf_puts(out, _("  not met by the search, which is not complete\n"));
    if (o->runs == 0)
        add_rule_of_three(out, r->done);
    if (o->schedule)
        add_switches(out, how, o);
}

/* ---- all of it ---- */
static void add_head(struct buf *out, const struct runs_report *how, const struct runs *r)
{
    char number[NUMBER_BYTES];
    buf_printf(out,
               ngettext("%s: %s free run in %.1f s, ", "%s: %s free runs in %.1f s, ", r->done),
               how->program->name, spell(r->done, number), r->seconds);
    buf_printf(out, ngettext("%d processor", "%d processors", (unsigned long)how->processors),
               how->processors);
    if (how->load)
        buf_printf(out,
                   ngettext(", %s busy process beside", ", %s busy processes beside", how->load),
                   spell(how->load, number));
    if (how->noise)
        buf_printf(out, _(", noise: %s"), how->noise);
    if (how->optimised)
        buf_printf(out, ", -O%d", how->optimised);
    buf_puts(out, "\n");
    if (r->done < r->wanted)
        buf_printf(out, _("Stopped: %s were asked for.\n"), spell(r->wanted, number));
}

static void add_search(struct buf *out, const struct runs_report *how, const struct runs *r)
{
    const struct explore_result *x = r->explored;
    if (!x) {
        buf_printf(out, _("Not searched: %s\n"), how->why);
        return;
    }
    char some[NUMBER_BYTES], all[NUMBER_BYTES];
    spell(x->executions, some);
    if (r->interleaved) {
        char *found =
            xasprintf(ngettext("%s interleaving", "%s interleavings", r->interleaved->executions),
                      spell(r->interleaved->executions, all));
        buf_printf(out,
                   ngettext("Its schedules: %s execution searched, stands for %s.\n",
                            "Its schedules: %s executions searched, standing for %s.\n",
                            x->executions),
                   some, found);
        free(found);
    } else {
        buf_printf(out,
                   ngettext("Its schedules: %s execution searched.\n",
                            "Its schedules: %s executions searched, each for all that differ in "
                            "nothing that matters.\n",
                            x->executions),
                   some);
    }
    for (const char *s = x->notes; s && *s; s += strcspn(s, "\n") + 1)
        buf_printf(out, _("Note: %.*s.\n"), (int)strcspn(s, "\n"), s);
}

static void add_findings(struct buf *out, const struct runs_report *how, const struct runs *r)
{
    const struct explore_result *x = r->explored;
    for (size_t i = 0; i < x->nfindings && i < FINDINGS_SHOWN; i++)
        report_finding(out, how->given, &x->findings[i]);
    if (x->nfindings > FINDINGS_SHOWN)
        buf_printf(out, _("and %zu more findings: see 'lockstep explore'\n"),
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
        buf_puts(out, _("Every outcome that was seen is among those the search found.\n"));
    if (n[RUNS_UNEXPLAINED])
        buf_printf(out,
                   ngettext("%zu outcome was seen that no schedule explains.\n",
                            "%zu outcomes were seen that no schedule explains.\n",
                            n[RUNS_UNEXPLAINED]),
                   n[RUNS_UNEXPLAINED]);
    if (unseen)
        buf_printf(out,
                   ngettext("%zu outcome is possible and was never seen.\n",
                            "%zu outcomes are possible and were never seen.\n", unseen),
                   unseen);
}

static void add_all(struct buf *out, const struct runs_report *how, const struct runs *r)
{
    size_t alike = alike_of(r);
    add_head(out, how, r);
    add_search(out, how, r);
    for (size_t i = 0; i < r->noutcomes && i < OUTCOMES_SHOWN; i++)
        add_outcome(out, how, r, &r->outcomes[i], alike);
    if (r->noutcomes > OUTCOMES_SHOWN)
        buf_printf(out, _("\nand %zu more outcomes; --json lists all\n"),
                   r->noutcomes - OUTCOMES_SHOWN);
    if (r->other) {
        char number[NUMBER_BYTES];
        buf_printf(out,
                   ngettext("\n%s run ended in still other ways\n",
                            "\n%s runs ended in still other ways\n", r->other),
                   spell(r->other, number));
    }
    buf_puts(out, "\n");
    if (!r->explored)
        return;
    add_findings(out, how, r);
    add_summary(out, r);
    report_verdict(out, r->explored);
}

void report_runs(struct buf *out, const struct runs_report *how, const struct runs *r)
{
    struct buf text = {0};
    add_all(&text, how, r);
    fold(out, &text);
    buf_fini(&text);
}

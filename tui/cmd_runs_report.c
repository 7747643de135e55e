#include "cmd_runs_report.h"

#include "cmd_report.h"

#include <inttypes.h>
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

static void count_of(struct buf *out, uint64_t n, const char *what)
{
    report_count(out, n);
    buf_printf(out, " %s%s", what, n == 1 ? "" : "s");
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
    for (size_t from = indent; from < n; from = end + 1) {
        end = from;
        for (size_t i = from; i <= n; i++)
            if ((i == n || s[i] == ' ') &&
                (end == from || (int)indent + cols_of(s + from, i - from) <= COLS))
                end = i;
        buf_printf(out, "%*s", (int)indent, "");
        buf_add(out, s + from, end - from);
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
        buf_puts(out, "prints nothing");
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
    buf_printf(out, "prints \"%s", !from ? "" : ascii ? "~" : "…");
    add_text(out, o->out + from, n, ascii);
    buf_puts(out, "\"");
    if (o->out_total > from + n) {
        buf_puts(out, " and ");
        count_of(out, o->out_total - from - n, "byte");
        buf_puts(out, " more");
    }
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
    buf_printf(out,
               "  NOT POSSIBLE in any schedule that was searched, and yet it was seen. Something "
               "made it that is the same in all of them: time, addresses, files, other processes, "
               "%sa limit of lockstep's (see the manual), or the order of memory on the processor. "
               "If it is none of these, lockstep is wrong: please report it.\n",
               how->optimised ? "what the compiler optimised, " : "");
}

static void add_outcome(struct buf *out, const struct runs_report *how, const struct runs *r,
                        const struct runs_outcome *o, size_t alike)
{
    struct buf end = {0};
    add_end(&end, how, o);
    buf_puts(out, "\n");
    add_prints(out, o, alike, COLS - 2 - (int)end.len, how->ascii);
    buf_printf(out, ", %s\n", end.data);
    buf_fini(&end);
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
    buf_puts(out, " searched");
    if (r->interleaved) {
        buf_printf(out, ", stand%s for ", x->executions == 1 ? "s" : "ing");
        count_of(out, r->interleaved->executions, "interleaving");
    }
    buf_puts(out, r->interleaved || x->executions == 1
                      ? ".\n"
                      : ", each for all that differ in nothing that matters.\n");
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

static void add_all(struct buf *out, const struct runs_report *how, const struct runs *r)
{
    size_t alike = alike_of(r);
    add_head(out, how, r);
    add_search(out, how, r);
    for (size_t i = 0; i < r->noutcomes && i < OUTCOMES_SHOWN; i++)
        add_outcome(out, how, r, &r->outcomes[i], alike);
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

void report_runs(struct buf *out, const struct runs_report *how, const struct runs *r)
{
    struct buf text = {0};
    add_all(&text, how, r);
    fold(out, &text);
    buf_fini(&text);
}

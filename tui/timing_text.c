/* The measurement as tables and sentences, 80 columns wide. */
#include "timing.h"

#include "canvas.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL = 48, LABEL = 26 };

/* ---- numbers ---- */
/* Three digits that count: "1.23", "12.3", "123", "1234". */
static void spell(char *out, double x)
{
    double size = x < 0 ? -x : x;
    int decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
    if (isnan(x))
        snprintf(out, CELL, "-");
    else if (size == 0)
        snprintf(out, CELL, "0");
    else
        snprintf(out, CELL, "%.*f", decimals, x);
}

static const char *unit_of(double seconds, double *scale)
{
    *scale = seconds < 999.5e-6 ? 1e6 : seconds < 999.5e-3 ? 1e3 : 1;
    return *scale > 1e5 ? "us" : *scale > 1 ? "ms" : "s";
}

static const char *time_of(char *out, double seconds)
{
    double scale;
    char number[CELL];
    const char *unit = unit_of(seconds, &scale);
    spell(number, seconds * scale);
    snprintf(out, CELL, isnan(seconds) || seconds == 0 ? "%.20s" : "%.20s %s", number, unit);
    return out;
}

static const char *range_of(char *out, double from, double to)
{
    double scale;
    char a[CELL], b[CELL];
    const char *unit = unit_of(to, &scale);
    spell(a, from * scale);
    spell(b, to * scale);
    snprintf(out, CELL, isnan(from) ? "%.16s" : "%.16s .. %.16s %s", a, b, unit);
    return out;
}

static const char *plain_range(char *out, const struct summary *s)
{
    char a[CELL], b[CELL];
    spell(a, s->low);
    spell(b, s->high);
    snprintf(out, CELL, "%.16s .. %.16s", a, b);
    return out;
}

/* How sure an interval is, in as few words as fit. */
static const char *sure(const struct summary *s)
{
    return s->sure ? "95 %" : _("all of them");
}

/* ---- lines ---- */
/* A sentence broken into lines at blanks. */
static void wrapped(struct buf *out, const char *s, size_t n, int width)
{
    size_t next = 0;
    do {
        buf_add(out, s, utf8_line(s, n, width, &next));
        buf_puts(out, "\n");
        s += next;
        n -= next;
    } while (n);
}

static void all_wrapped(struct buf *out, const struct buf *text, int width)
{
    for (const char *s = text->data; s && *s;) {
        size_t n = strcspn(s, "\n");
        wrapped(out, s, n, width);
        s += n + (s[n] != '\0');
    }
}

/* A part that is sentences, after a blank line. */
static void add_sentences(struct buf *out, struct buf *text, int width)
{
    if (text->len && out->len)
        buf_puts(out, "\n");
    all_wrapped(out, text, width);
    buf_fini(text);
    *text = (struct buf){0};
}

/* ---- who ---- */
static void label_of(char *out, const struct timing *t, int program, int number)
{
    char threads[32] = "";
    if (number)
        snprintf(threads, sizeof threads,
                 ngettext("%d thread", "%d threads", (unsigned long)number), number);
    if (t->nprograms == 1)
        snprintf(out, CELL, "%s", number ? threads : t->programs[0]);
    else if (number)
        snprintf(out, CELL, "%c %s", 'A' + program, threads);
    else
        snprintf(out, CELL, "%c %s", 'A' + program, t->programs[program]);
}

static int label_width(const struct timing *t)
{
    const char *empty = _("empty program");
    int width = utf8_cols(empty, strlen(empty));
    for (size_t i = 0; i < t->nseries; i++) {
        char label[CELL];
        label_of(label, t, t->series[i].program, t->series[i].threads);
        int n = utf8_cols(label, strlen(label));
        width = n > width ? n : width;
    }
    return width < LABEL ? width : LABEL;
}

/* ---- the tables ---- */
static void put_label(struct buf *out, char *label, int width)
{
    label[utf8_fit(label, strlen(label), width)] = '\0';
    utf8_pad(out, label, -width);
}

/* Headings with their widths, as printf has them, the first one's given; on a line. */
struct heading {
    const char *text; /* N_ */
    int width;
};
static void put_headings(struct buf *out, int first, const struct heading *h, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_puts(out, i ? " " : "");
        utf8_pad(out, _(h[i].text), i ? h[i].width : -first);
    }
    buf_puts(out, "\n");
}

static void time_row(struct buf *out, char *label, int width, const struct timing_series *r)
{
    struct summary s;
    char median[CELL], interval[CELL], half[CELL], least[CELL];
    summary_of(&s, r->wall, r->n);
    time_of(median, s.median);
    range_of(interval, s.low, s.high);
    range_of(half, s.quarter, s.three_quarters);
    time_of(least, s.least);
    put_label(out, label, width);
    buf_printf(out, " %9s %19s %19s %9s", median, interval, half, least);
    if (s.n > 1)
        buf_printf(out, " %4.0f %%", 100 * summary_spread(&s));
    buf_puts(out, "\n");
}

static void times(const struct timing *t, struct buf *out)
{
    int width = label_width(t);
    char label[CELL];
    struct summary s;
    summary_of(&s, t->series[0].wall, t->series[0].n);
    const struct heading headings[] = {{N_("time"), 0},
                                       {N_("median"), 9},
                                       /* xgettext:no-c-format */
                                       {s.sure ? N_("95 % interval") : N_("least .. most"), 19},
                                       {N_("middle half"), 19},
                                       {N_("least"), 9},
                                       {N_("spread"), 6}};
    buf_puts(out, "\n");
    put_headings(out, width, headings, sizeof headings / sizeof *headings);
    for (size_t i = 0; i < t->nseries; i++) {
        label_of(label, t, t->series[i].program, t->series[i].threads);
        time_row(out, label, width, &t->series[i]);
    }
    if (t->empty) {
        snprintf(label, sizeof label, "%s", _("empty program"));
        time_row(out, label, width, t->empty);
    }
}

static double median_of(const struct timing_series *r, size_t offset)
{
    struct summary s;
    timing_summary(&s, r, offset);
    return s.median;
}
#define MEDIAN(r, field) median_of(r, offsetof(struct measure, field))

/* Processors at work on average: of each run, and the median of these. */
static double at_work(const struct timing_series *r)
{
    struct summary used, wall;
    timing_summary(&wall, r, offsetof(struct measure, wall));
    timing_summary(&used, r, offsetof(struct measure, user));
    return (used.median + MEDIAN(r, system)) / wall.median;
}

static const char *count_of(char *out, double n)
{
    if (isnan(n))
        snprintf(out, CELL, "-");
    else
        snprintf(out, CELL, n < 999999.5 ? "%.0f" : "%.2e", n);
    return out;
}

static void use_row(struct buf *out, char *label, int width, const struct timing_series *r)
{
    char user[CELL], sys[CELL], work[CELL], memory[CELL], gave[CELL], lost[CELL], faults[CELL];
    spell(work, at_work(r));
    spell(memory, MEDIAN(r, memory) / (1 << 20));
    put_label(out, label, width);
    buf_printf(out, " %9s %9s %7s %8s %9s %8s %8s\n", time_of(user, MEDIAN(r, user)),
               time_of(sys, MEDIAN(r, system)), work, memory, count_of(gave, MEDIAN(r, voluntary)),
               count_of(lost, MEDIAN(r, involuntary)), count_of(faults, MEDIAN(r, minor_faults)));
}

static void uses(const struct timing *t, struct buf *out)
{
    int width = label_width(t);
    char label[CELL];
    /* TRANSLATORS: a heading of two lines: processor/user, time/system, at/work, memory/MiB,
     * switches:/waited, /evicted, page/faults */
    static const struct heading above[] = {
        {"", 0},           {N_("processor"), 9}, {N_("time"), 9}, {N_("at"), 7},
        {N_("memory"), 8}, {N_("switches:"), 9}, {"", 8},         {N_("page"), 8}};
    static const struct heading below[] = {{N_("medians"), 0}, {N_("user"), 9},  {N_("system"), 9},
                                           {N_("work"), 7},    {N_("MiB"), 8},   {N_("waited"), 9},
                                           {N_("evicted"), 8}, {N_("faults"), 8}};
    buf_puts(out, "\n");
    put_headings(out, width, above, sizeof above / sizeof *above);
    put_headings(out, width, below, sizeof below / sizeof *below);
    for (size_t i = 0; i < t->nseries; i++) {
        label_of(label, t, t->series[i].program, t->series[i].threads);
        use_row(out, label, width, &t->series[i]);
    }
}

/* ---- what can be said ---- */
/* What came of the step from `before` to r threads. */
static void say_step(const struct timing_series *before, const struct timing_series *r, int first,
                     struct buf *out)
{
    struct summary step;
    summary_of_ratios(&step, before->wall, r->wall, r->n);
    int d = summary_against(&step, 1);
    if (d == 0)
        buf_printf(out, _("; no difference to %d that these runs can show"), before->threads);
    else if (!first || d < 0)
        buf_printf(out, d > 0 ? _("; faster than %d") : _("; slower than %d"), before->threads);
}

static void say_speedup(const struct timing *t, int program, struct buf *out)
{
    const struct timing_series *first = timing_find(t, program, t->threads->list[0]),
                               *before = first;
    for (int i = 1; i < t->threads->n; i++) {
        const struct timing_series *r = timing_find(t, program, t->threads->list[i]);
        struct summary s;
        char ratio[CELL], range[CELL];
        summary_of_ratios(&s, first->wall, r->wall, r->n);
        if (!s.n)
            continue;
        spell(ratio, s.median);
        if (t->nprograms > 1)
            buf_printf(out, "%c, ", 'A' + program);
        buf_printf(out, _("%d threads: %s times as fast as %d (%s: %s)"), r->threads, ratio,
                   first->threads, sure(&s), plain_range(range, &s));
        say_step(before, r, before == first, out);
        buf_puts(out, _(".\n"));
        before = r;
    }
}

static void say_amdahl(const struct timing *t, int program, struct buf *out)
{
    struct summary s;
    char share[CELL];
    enum amdahl a = timing_amdahl(t, program, &s);
    if (t->nprograms > 1)
        buf_printf(out, _("%c, serial share by Amdahl's law"), 'A' + program);
    else
        buf_puts(out, _("Serial share by Amdahl's law"));
    switch (a) {
    case AMDAHL_GIVEN:
        snprintf(share, sizeof share, "%.1f %%", 100 * s.median);
        buf_printf(out,
                   s.low <= 0
                       ? _(": %s (95 %%: %.1f .. %.1f %%); these runs cannot tell it from none.\n")
                       : _(": %s (95 %%: %.1f .. %.1f %%).\n"),
                   share, 100 * s.low, 100 * s.high);
        break;
    case AMDAHL_FEW:
        if (t->processors == 1)
            buf_puts(out, _(": not given, since it may use one processor only.\n"));
        else
            buf_printf(out, _(": not given; it takes runs with 1 thread and with 2 to %d.\n"),
                       t->processors);
        break;
    case AMDAHL_WIDE:
        buf_puts(out, _(": not given; these runs do not determine it.\n"));
        break;
    case AMDAHL_GROWS:
        buf_puts(out, _(": none fits; the share grows with the threads, so there is more than a "
                        "serial part: contention, or memory that is shared.\n"));
        break;
    case AMDAHL_OUTSIDE:
        buf_puts(out, s.low > 1
                          ? _(": none fits; with more threads it takes longer than with one.\n")
                          : _(": none fits; it is faster than the number of threads explains.\n"));
        break;
    }
}

static void say_speedups(const struct timing *t, struct buf *out)
{
    for (int p = 0; p < t->nprograms && t->threads->n > 1; p++) {
        say_speedup(t, p, out);
        say_amdahl(t, p, out);
    }
}

static void say_comparison(const struct timing *t, struct buf *out)
{
    for (size_t i = 0; i < t->nseries && t->nprograms > 1; i++) {
        const struct timing_series *b = &t->series[i], *a = timing_find(t, 0, b->threads);
        struct summary s;
        char ratio[CELL], range[CELL];
        if (b->program == 0)
            continue;
        summary_of_ratios(&s, b->wall, a->wall, b->n);
        if (!s.n)
            continue;
        if (b->threads)
            buf_printf(out, ngettext("%d thread: ", "%d threads: ", (unsigned long)b->threads),
                       b->threads);
        spell(ratio, s.median);
        int d = summary_against(&s, 1);
        buf_printf(out,
                   d > 0 ? _("B takes %s times as long as A (%s: %s): A is faster.\n")
                   : d < 0
                       ? _("B takes %s times as long as A (%s: %s): B is faster.\n")
                       : _("B takes %s times as long as A (%s: %s): no difference that these runs "
                           "can show.\n"),
                   ratio, sure(&s), plain_range(range, &s));
    }
}

static void say_pass(const struct timing *t, const struct timing_pass *p, struct buf *out)
{
    char waited[CELL], label[CELL];
    label_of(label, t, p->program, p->threads);
    buf_printf(out, _("%s: %" PRIu64 " operations on objects, %" PRIu64 " had to wait, %s in all"),
               label, p->operations, p->waits, time_of(waited, p->waited));
    if (*p->why)
        buf_printf(out, _("; it did not end well: %s"), p->why);
    if (p->lost)
        buf_printf(out, _("; %" PRIu64 " came too fast to be kept"), p->lost);
    buf_puts(out, _(".\n"));
}

static void pass_table(const struct timing_pass *p, struct buf *out)
{
    static const struct heading headings[] = {{N_("  most waited for"), 0},
                                              {N_("operations"), 12},
                                              {N_("waited"), 12},
                                              {"", 7},
                                              {N_("time waited"), 12}};
    if (p->ncontended)
        put_headings(out, 30, headings, sizeof headings / sizeof *headings);
    for (size_t i = 0; i < p->ncontended; i++) {
        const struct timing_contended *c = &p->contended[i];
        char waited[CELL];
        double share = c->operations ? 100.0 * (double)c->contended / (double)c->operations : 0;
        size_t fits = utf8_fit(c->what, strlen(c->what), 28);
        int pad = 28 - utf8_cols(c->what, fits);
        buf_printf(out, "  %.*s%*s %12" PRIu64 " %12" PRIu64 " %5.1f %% %12s\n", (int)fits, c->what,
                   pad, "", c->operations, c->contended, share, time_of(waited, c->waited));
    }
}

static void say_contention(const struct timing *t, int width, struct buf *out)
{
    struct buf part = {0};
    if (t->npasses)
        buf_puts(&part, _("Waiting for each other, in one more run that was recorded; that run is "
                          "slower and in no time above.\n"));
    add_sentences(out, &part, width);
    for (int i = 0; i < t->npasses; i++) {
        say_pass(t, &t->passes[i], &part);
        all_wrapped(out, &part, width);
        buf_fini(&part);
        part = (struct buf){0};
        pass_table(&t->passes[i], out);
    }
}

/* ---- all of it ---- */
static void head(const struct timing *t, struct buf *out)
{
    for (int i = 0; i < t->nprograms; i++) {
        if (t->nprograms > 1)
            buf_printf(out, _("%c is "), 'A' + i);
        buf_visible(out, t->programs[i], strlen(t->programs[i]));
        buf_puts(out, i + 1 < t->nprograms ? _(", ") : "");
    }
    if (t->optimise >= 0)
        buf_printf(out, t->nprograms > 1 ? _("; compiled with -O%d") : _(", compiled with -O%d"),
                   t->optimise);
    char *processors = xasprintf(
        ngettext("%d processor", "%d processors", (unsigned long)t->processors), t->processors);
    buf_printf(out,
               ngettext(": %zu run of each in turns, on %s, after one that is not counted. ",
                        ": %zu runs of each in turns, on %s, after one that is not counted. ",
                        t->series[0].n),
               t->series[0].n, processors);
    free(processors);
    buf_puts(out,
             _("Intervals are those of the median by the order of the runs (David and Nagaraja, "
               "Order Statistics, 7.1); ratios are of runs made one after the other.\n"));
}

static void say_failures(const struct timing *t, struct buf *out)
{
    for (size_t i = 0; i < t->nseries; i++) {
        const struct timing_series *r = &t->series[i];
        char label[CELL];
        if (!r->nfailed)
            continue;
        label_of(label, t, r->program, r->threads);
        buf_printf(out, _("%s: %zu of %zu runs failed and do not count.\n"), label, r->nfailed,
                   r->ntried);
        for (int k = 0; k < TIMING_FAILURES && r->failures[k].n; k++)
            buf_printf(out, "  %zu x %s\n", r->failures[k].n, r->failures[k].why);
    }
}

void timing_text(const struct timing *t, int width, int ascii, struct buf *out)
{
    struct buf part = {0};
    width = width < 60 ? 60 : width;
    head(t, &part);
    add_sentences(out, &part, width);
    times(t, out);
    uses(t, out);
    timing_curve(t, width, ascii, out);
    say_speedups(t, &part);
    add_sentences(out, &part, width);
    say_comparison(t, &part);
    add_sentences(out, &part, width);
    say_contention(t, width, out);
    say_failures(t, &part);
    add_sentences(out, &part, width);
    timing_warnings(t, &part);
    add_sentences(out, &part, width);
}

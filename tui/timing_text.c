/* The measurement as tables and sentences, 80 columns wide. */
#include "timing.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
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
    return s->sure ? "95 %" : "all of them";
}

static const char *plural(double n)
{
    return n > 0.5 && n < 1.5 ? "" : "s";
}

/* ---- lines ---- */
/* A sentence broken into lines at blanks. */
static void wrapped(struct buf *out, const char *s, size_t n, int width)
{
    size_t cols = (size_t)width;
    while (n > cols) {
        size_t cut = cols;
        while (cut > 0 && s[cut] != ' ')
            cut--;
        cut = cut ? cut : cols;
        buf_add(out, s, cut);
        buf_puts(out, "\n");
        s += cut + (s[cut] == ' ');
        n -= cut + (s[-1] == ' ');
    }
    buf_add(out, s, n);
    buf_puts(out, "\n");
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
        snprintf(threads, sizeof threads, "%d thread%s", number, plural(number));
    if (t->nprograms == 1)
        snprintf(out, CELL, "%s", number ? threads : t->programs[0]);
    else if (number)
        snprintf(out, CELL, "%c %s", 'A' + program, threads);
    else
        snprintf(out, CELL, "%c %s", 'A' + program, t->programs[program]);
}

static int label_width(const struct timing *t)
{
    int width = 13; /* "empty program" */
    for (size_t i = 0; i < t->nseries; i++) {
        char label[CELL];
        label_of(label, t, t->series[i].program, t->series[i].threads);
        int n = (int)strlen(label);
        width = n > width ? n : width;
    }
    return width < LABEL ? width : LABEL;
}

/* ---- the tables ---- */
static void time_row(struct buf *out, const char *label, int width, const struct timing_series *r)
{
    struct summary s;
    char median[CELL], interval[CELL], half[CELL], least[CELL];
    summary_of(&s, r->wall, r->n);
    time_of(median, s.median);
    range_of(interval, s.low, s.high);
    range_of(half, s.quarter, s.three_quarters);
    time_of(least, s.least);
    buf_printf(out, "%-*.*s %9s %19s %19s %9s", width, width, label, median, interval, half, least);
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
    buf_printf(out, "\n%-*s %9s %19s %19s %9s %6s\n", width, "time", "median",
               s.sure ? "95 % interval" : "least .. most", "middle half", "least", "spread");
    for (size_t i = 0; i < t->nseries; i++) {
        label_of(label, t, t->series[i].program, t->series[i].threads);
        time_row(out, label, width, &t->series[i]);
    }
    if (t->empty)
        time_row(out, "empty program", width, t->empty);
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

static void use_row(struct buf *out, const char *label, int width, const struct timing_series *r)
{
    char user[CELL], sys[CELL], work[CELL], memory[CELL], gave[CELL], lost[CELL], faults[CELL];
    spell(work, at_work(r));
    spell(memory, MEDIAN(r, memory) / (1 << 20));
    buf_printf(out, "%-*.*s %9s %9s %7s %8s %9s %8s %8s\n", width, width, label,
               time_of(user, MEDIAN(r, user)), time_of(sys, MEDIAN(r, system)), work, memory,
               count_of(gave, MEDIAN(r, voluntary)), count_of(lost, MEDIAN(r, involuntary)),
               count_of(faults, MEDIAN(r, minor_faults)));
}

static void uses(const struct timing *t, struct buf *out)
{
    int width = label_width(t);
    char label[CELL];
    buf_printf(out, "\n%-*s %9s %9s %7s %8s %9s %8s %8s\n", width, "", "processor", "time", "at",
               "memory", "switches:", "", "page");
    buf_printf(out, "%-*s %9s %9s %7s %8s %9s %8s %8s\n", width, "medians", "user", "system",
               "work", "MiB", "waited", "evicted", "faults");
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
        buf_printf(out, "; no difference to %d that these runs can show", before->threads);
    else if (!first || d < 0)
        buf_printf(out, "; %s than %d", d > 0 ? "faster" : "slower", before->threads);
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
        buf_printf(out, "%d threads: %s times as fast as %d (%s: %s)", r->threads, ratio,
                   first->threads, sure(&s), plain_range(range, &s));
        say_step(before, r, before == first, out);
        buf_puts(out, ".\n");
        before = r;
    }
}

static void say_amdahl(const struct timing *t, int program, struct buf *out)
{
    struct summary s;
    char share[CELL];
    enum amdahl a = timing_amdahl(t, program, &s);
    if (t->nprograms > 1)
        buf_printf(out, "%c, s", 'A' + program);
    else
        buf_puts(out, "S");
    buf_puts(out, "erial share by Amdahl's law");
    switch (a) {
    case AMDAHL_GIVEN:
        snprintf(share, sizeof share, "%.1f %%", 100 * s.median);
        buf_printf(out, ": %s (95 %%: %.1f .. %.1f %%)%s.\n", share, 100 * s.low, 100 * s.high,
                   s.low <= 0 ? "; these runs cannot tell it from none" : "");
        break;
    case AMDAHL_FEW:
        if (t->processors == 1)
            buf_puts(out, ": not given, since it may use one processor only.\n");
        else
            buf_printf(out, ": not given; it takes runs with 1 thread and with 2 to %d.\n",
                       t->processors);
        break;
    case AMDAHL_WIDE:
        buf_puts(out, ": not given; these runs do not determine it.\n");
        break;
    case AMDAHL_GROWS:
        buf_puts(out, ": none fits; the share grows with the threads, so there is more than a "
                      "serial part: contention, or memory that is shared.\n");
        break;
    case AMDAHL_OUTSIDE:
        buf_printf(out, ": none fits; %s.\n",
                   s.low > 1 ? "with more threads it takes longer than with one"
                             : "it is faster than the number of threads explains");
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
            buf_printf(out, "%d thread%s: ", b->threads, plural(b->threads));
        spell(ratio, s.median);
        int d = summary_against(&s, 1);
        buf_printf(out, "B takes %s times as long as A (%s: %s): %s.\n", ratio, sure(&s),
                   plain_range(range, &s),
                   d > 0   ? "A is faster"
                   : d < 0 ? "B is faster"
                           : "no difference that these runs can show");
    }
}

static void say_pass(const struct timing *t, const struct timing_pass *p, struct buf *out)
{
    char waited[CELL], label[CELL];
    label_of(label, t, p->program, p->threads);
    buf_printf(out, "%s: %" PRIu64 " operations on objects, %" PRIu64 " had to wait, %s in all",
               label, p->operations, p->waits, time_of(waited, p->waited));
    if (*p->why)
        buf_printf(out, "; it did not end well: %s", p->why);
    if (p->lost)
        buf_printf(out, "; %" PRIu64 " came too fast to be kept", p->lost);
    buf_puts(out, ".\n");
}

static void pass_table(const struct timing_pass *p, struct buf *out)
{
    if (p->ncontended)
        buf_printf(out, "%-30s %12s %12s %7s %12s\n", "  most waited for", "operations", "waited",
                   "", "time waited");
    for (size_t i = 0; i < p->ncontended; i++) {
        const struct timing_contended *c = &p->contended[i];
        char waited[CELL];
        double share = c->operations ? 100.0 * (double)c->contended / (double)c->operations : 0;
        buf_printf(out, "  %-28.28s %12" PRIu64 " %12" PRIu64 " %5.1f %% %12s\n", c->what,
                   c->operations, c->contended, share, time_of(waited, c->waited));
    }
}

static void say_contention(const struct timing *t, int width, struct buf *out)
{
    struct buf part = {0};
    if (t->npasses)
        buf_puts(&part, "Waiting for each other, in one more run that was recorded; that run is "
                        "slower and in no time above.\n");
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
            buf_printf(out, "%c is ", 'A' + i);
        buf_visible(out, t->programs[i], strlen(t->programs[i]));
        buf_puts(out, i + 1 < t->nprograms ? ", " : "");
    }
    if (t->optimise >= 0)
        buf_printf(out, "%s with -O%d", t->nprograms > 1 ? "; compiled" : ", compiled",
                   t->optimise);
    buf_printf(
        out, ": %zu run%s of each in turns, on %d processor%s, after one that is not counted. ",
        t->series[0].n, plural((double)t->series[0].n), t->processors, plural(t->processors));
    buf_puts(out, "Intervals are those of the median by the order of the runs (David and Nagaraja, "
                  "Order Statistics, 7.1); ratios are of runs made one after the other.\n");
}

static void say_failures(const struct timing *t, struct buf *out)
{
    for (size_t i = 0; i < t->nseries; i++) {
        const struct timing_series *r = &t->series[i];
        char label[CELL];
        if (!r->nfailed)
            continue;
        label_of(label, t, r->program, r->threads);
        buf_printf(out, "%s: %zu of %zu runs failed and do not count.\n", label, r->nfailed,
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

#include "timing.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers of threads ---- */
static int add_number(struct timing_threads *t, int number, struct err *e)
{
    int at = t->n;
    while (at > 0 && t->list[at - 1] > number)
        at--;
    if (at > 0 && t->list[at - 1] == number)
        return 0;
    if (t->n == TIMING_THREADS_MAX)
        return err_set(e, ERR_USAGE, "--threads: more than %d numbers", TIMING_THREADS_MAX);
    memmove(&t->list[at + 1], &t->list[at], (size_t)(t->n - at) * sizeof t->list[0]);
    t->list[at] = number;
    t->n++;
    return 0;
}

/* A number at *s, which is moved behind it; 0 if there is none from 1 to the most. */
static int number_at(const char **s)
{
    char *end;
    if (!isdigit((unsigned char)**s))
        return 0;
    unsigned long n = strtoul(*s, &end, 10);
    *s = end;
    return n <= TIMING_THREADS_MOST ? (int)n : 0;
}

static int add_word(struct timing_threads *t, const char *word, size_t n, struct err *e)
{
    const char *s = word;
    int from = number_at(&s), to = from, rc = 0;
    if (from && *s == '-') {
        s++;
        to = number_at(&s);
    }
    if (!from || !to || s != word + n)
        return err_set(e, ERR_USAGE,
                       "--threads: '%.*s' is no number from 1 to %d and no range; a list is as "
                       "1,2,4-8",
                       (int)n, word, TIMING_THREADS_MOST);
    if (to < from)
        return err_set(e, ERR_USAGE, "--threads: '%.*s' ends before it begins", (int)n, word);
    for (int i = from; i <= to && rc == 0; i++)
        rc = add_number(t, i, e);
    return rc;
}

int timing_threads(struct timing_threads *out, const char *list, struct err *e)
{
    int rc = 0;
    *out = (struct timing_threads){0};
    for (const char *s = list; s && rc == 0;) {
        size_t n = strcspn(s, ",");
        rc = add_word(out, s, n, e);
        s = s[n] ? s + n + 1 : NULL;
    }
    return rc;
}

static char *replaced(const char *arg, int threads, int *places)
{
    struct buf b = {0};
    buf_puts(&b, "");
    for (const char *s = arg; *s;) {
        if (threads && s[0] == '{' && s[1] == '}') {
            buf_printf(&b, "%d", threads);
            s += 2;
            (*places)++;
        } else {
            buf_add(&b, s++, 1);
        }
    }
    return b.data ? b.data : xstrdup("");
}

char **timing_argv(const char *name, char *const *args, int n, int threads, int *places)
{
    char **argv = xcalloc((size_t)n + 2, sizeof *argv);
    *places = 0;
    argv[0] = xstrdup(name);
    for (int i = 0; i < n; i++)
        argv[i + 1] = replaced(args[i], threads, places);
    return argv;
}

void timing_argv_free(char **argv)
{
    for (int i = 0; argv && argv[i]; i++)
        free(argv[i]);
    free(argv);
}

/* ---- reading ---- */
const struct timing_series *timing_find(const struct timing *t, int program, int threads)
{
    for (size_t i = 0; i < t->nseries; i++)
        if (t->series[i].program == program && t->series[i].threads == threads)
            return &t->series[i];
    return NULL;
}

void timing_summary(struct summary *s, const struct timing_series *r, size_t offset)
{
    double *x = xcalloc(r->n + 1, sizeof *x);
    for (size_t i = 0; i < r->n; i++) {
        double value;
        memcpy(&value, (const char *)&r->runs[i] + offset, sizeof value);
        x[i] = isnan(r->wall[i]) ? NAN : value;
    }
    summary_of(s, x, r->n);
    free(x);
}

enum amdahl timing_amdahl(const struct timing *t, int program, struct summary *s)
{
    const double *times[TIMING_THREADS_MAX];
    int threads[TIMING_THREADS_MAX];
    size_t n = 0, rounds = 0;
    for (int i = 0; i < t->threads->n; i++) {
        const struct timing_series *r = timing_find(t, program, t->threads->list[i]);
        if (!r)
            continue;
        rounds = n == 0 || r->n < rounds ? r->n : rounds;
        threads[n] = r->threads;
        times[n++] = r->wall;
    }
    return amdahl_fit(s, threads, times, n, rounds, t->processors);
}

/* ---- warnings ---- */
static const double noisy = 0.1, short_run = 10, busy = 0.1;

static void warn_of_spread(const struct timing *t, struct buf *out)
{
    double worst = 0;
    size_t n = 0;
    for (size_t i = 0; i < t->nseries; i++) {
        struct summary s;
        summary_of(&s, t->series[i].wall, t->series[i].n);
        double spread = summary_spread(&s);
        n += s.n > 3 && spread > noisy;
        if (s.n > 3 && spread > worst)
            worst = spread;
    }
    if (n)
        buf_printf(out,
                   _("The times are noisy: the middle half of them spreads up to %.0f %% of the "
                     "median. Processors that change their clock, a virtual machine or other "
                     "programs do that. Small differences cannot be seen so.\n"),
                   100 * worst);
}

static void warn_of_others(const struct timing *t, struct buf *out)
{
    if (t->others > busy && !t->load)
        buf_printf(out, _("Other programs used %.1f of the machine's processors meanwhile.\n"),
                   t->others);
    if (t->stolen > busy)
        buf_printf(
            out, _("This is a virtual machine, and its host withheld %.1f processors meanwhile.\n"),
            t->stolen);
    if (t->load)
        buf_printf(out,
                   ngettext("%llu busy process ran beside it, as asked for.\n",
                            "%llu busy processes ran beside it, as asked for.\n", t->load),
                   (unsigned long long)t->load);
}

static void warn_of_start(const struct timing *t, struct buf *out)
{
    struct summary empty, s;
    if (!t->empty)
        return;
    summary_of(&empty, t->empty->wall, t->empty->n);
    size_t n = 0;
    for (size_t i = 0; i < t->nseries; i++) {
        summary_of(&s, t->series[i].wall, t->series[i].n);
        n += s.n && s.median < short_run * empty.median;
    }
    if (n)
        buf_puts(out, _("The runs are short: starting and ending a program is more than a tenth "
                        "of their time. Let it do more.\n"));
}

static void warn_of_processors(const struct timing *t, struct buf *out)
{
    int most = t->threads->n ? t->threads->list[t->threads->n - 1] : 0;
    if (most > t->processors)
        buf_printf(
            out,
            ngettext("The program may use %d processor: more threads than that cannot compute any "
                     "faster; only waiting can overlap further.\n",
                     "The program may use %d processors: more threads than that cannot compute any "
                     "faster; only waiting can overlap further.\n",
                     (unsigned long)t->processors),
            t->processors);
}

void timing_warnings(const struct timing *t, struct buf *out)
{
    if (t->interrupted)
        buf_printf(out, _("It was interrupted: these are fewer runs than the %zu asked for.\n"),
                   t->rounds);
    if (t->rounds < 6)
        buf_printf(out, _("Fewer than 6 runs cannot be 95 %% sure of anything: all that is said "
                          "here is what came out.\n"));
    warn_of_spread(t, out);
    warn_of_others(t, out);
    warn_of_start(t, out);
    warn_of_processors(t, out);
}

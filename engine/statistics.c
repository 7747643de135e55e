#include "statistics.h"

#include "base.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EXACT = 1000 }; /* samples; for more the binomial is as good as normal */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double square_root(double x)
{
    double r = x > 1 ? x : 1;
    for (int i = 0; i < 100; i++) /* Newton: from above, quick enough from anywhere below 1e30 */
        r = (r + x / r) / 2;
    return r;
}

size_t summary_rank(size_t n)
{
    if (n > EXACT) {
        double below = ((double)n - 1.959964 * square_root((double)n)) / 2;
        return (size_t)below;
    }
    double p = 1, sum = 0; /* of k samples below the median, k from 0 */
    size_t rank = 0;
    for (size_t i = 0; i < n; i++)
        p /= 2;
    for (size_t k = 0; k < n; k++) {
        sum += p;
        if (sum > 0.025)
            break;
        rank = k + 1;
        p = p * (double)(n - k) / (double)(k + 1);
    }
    return rank;
}

/* Between the samples: the first is 0, the last 1 (Hyndman and Fan 1996, definition 7). */
static double quantile(const double *sorted, size_t n, double q)
{
    double at = q * (double)(n - 1);
    size_t i = (size_t)at;
    if (i + 1 >= n)
        return sorted[n - 1];
    return sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]);
}

void summary_of(struct summary *s, const double *x, size_t n)
{
    double *sorted = xcalloc(n + 1, sizeof *sorted);
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i]))
            sorted[m++] = x[i];
    *s = (struct summary){m, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0};
    if (m) {
        qsort(sorted, m, sizeof *sorted, compare);
        size_t rank = summary_rank(m);
        s->least = sorted[0];
        s->most = sorted[m - 1];
        s->quarter = quantile(sorted, m, 0.25);
        s->median = quantile(sorted, m, 0.5);
        s->three_quarters = quantile(sorted, m, 0.75);
        s->sure = rank > 0;
        s->low = sorted[rank ? rank - 1 : 0];
        s->high = sorted[m - (rank ? rank : 1)];
    }
    free(sorted);
}

void summary_of_ratios(struct summary *s, const double *a, const double *b, size_t n)
{
    double *ratios = xcalloc(n + 1, sizeof *ratios);
    for (size_t i = 0; i < n; i++)
        ratios[i] = b[i] > 0 ? a[i] / b[i] : NAN;
    summary_of(s, ratios, n);
    free(ratios);
}

double summary_spread(const struct summary *s)
{
    double half = s->three_quarters - s->quarter;
    return half > 0 ? half / s->median : half;
}

int summary_against(const struct summary *s, double x)
{
    if (!s->sure)
        return 0;
    return (s->low > x) - (s->high < x);
}

/* ---- Amdahl's law ---- */
/* Series of 2 and more threads that have a processor each. */
static int counts(int threads, int processors)
{
    return threads > 1 && threads <= processors;
}

/* One round: t(n) - 1/n = s (1 - 1/n), t being the time against that of one thread. */
static double share_of(const int *threads, const double *const *times, size_t nseries, size_t i,
                       double one, int processors)
{
    double above = 0, below = 0;
    for (size_t k = 0; k < nseries; k++) {
        if (!counts(threads[k], processors))
            continue;
        double x = 1 - 1.0 / threads[k];
        above += (times[k][i] / one - 1.0 / threads[k]) * x;
        below += x * x;
    }
    return below > 0 ? above / below : NAN;
}

static void shares_of(struct summary *s, const int *threads, const double *const *times,
                      size_t nseries, size_t n, const double *one, int processors)
{
    double *shares = xcalloc(n + 1, sizeof *shares);
    for (size_t i = 0; i < n; i++)
        shares[i] = share_of(threads, times, nseries, i, one[i], processors);
    summary_of(s, shares, n);
    free(shares);
}

/* Does each number of threads for itself ask for a share, and are two of these surely different?
 * (Karp and Flatt, CACM 33(5), 1990.) */
static int grows(const int *threads, const double *const *times, size_t nseries, size_t n,
                 const double *one, int processors)
{
    struct summary least = {.high = INFINITY}, most = {.low = -INFINITY}, s;
    for (size_t k = 0; k < nseries; k++) {
        if (!counts(threads[k], processors))
            continue;
        shares_of(&s, &threads[k], &times[k], 1, n, one, processors);
        if (s.sure && s.high < least.high)
            least = s;
        if (s.sure && s.low > most.low)
            most = s;
    }
    return least.high < most.low - 1e-9; /* not by rounding */
}

enum amdahl amdahl_fit(struct summary *s, const int *threads, const double *const *times,
                       size_t nseries, size_t n, int processors)
{
    const double *one = NULL;
    int some = 0;
    for (size_t k = 0; k < nseries; k++) {
        if (threads[k] == 1)
            one = times[k];
        some |= counts(threads[k], processors);
    }
    summary_of(s, NULL, 0);
    if (!one || !some)
        return AMDAHL_FEW;
    shares_of(s, threads, times, nseries, n, one, processors);
    if (s->n == 0)
        return AMDAHL_FEW;
    if (grows(threads, times, nseries, n, one, processors))
        return AMDAHL_GROWS;
    if (!s->sure || s->high - s->low > AMDAHL_WIDTH)
        return AMDAHL_WIDE;
    return s->high < 0 || s->low > 1 ? AMDAHL_OUTSIDE : AMDAHL_GIVEN;
}

/* What measured times say, and what they do not. Everything here holds whatever the times are
 * distributed like: medians, and intervals from the order of the samples alone.
 *
 * The interval of a median goes from the j-th smallest sample to the j-th largest, where j is the
 * greatest rank for which at most 2.5 % of all samplings would leave the true median outside on
 * either side: the number of samples below it is binomial (David and Nagaraja, Order Statistics,
 * section 7.1). Fewer than 6 samples cannot be 95 % sure of anything; the interval then is all of
 * them, and says so. Two things are compared by the ratios of runs made one after the other, so
 * that what changes slowly, such as the clock of a processor that gets warm, is in both.
 *
 * Pure; not a number (NAN) stands for a run that did not count. */
#ifndef LOCKSTEP_STATISTICS_H
#define LOCKSTEP_STATISTICS_H

#include <stddef.h>

struct summary {
    size_t n; /* samples that count; with 0 all below is NAN */
    double least, most;
    double quarter, median, three_quarters; /* between two samples: in proportion */
    double low, high;                       /* the interval of the median */
    int sure;                               /* 1: it is one of at least 95 % */
};
/* Of x[0..n). Allocates. */
void summary_of(struct summary *s, const double *x, size_t n);
/* Of a[i] / b[i]; a pair counts when both do and b[i] is above 0. Allocates. */
void summary_of_ratios(struct summary *s, const double *a, const double *b, size_t n);
/* The middle half against the median: 0.1 is 10 %. 0 for a median of 0, NAN without samples. */
double summary_spread(const struct summary *s);
/* Does the interval lie above x (1), below (-1), or is that not known (0)? */
int summary_against(const struct summary *s, double x);
/* The rank j described above; 0 when n is too small. */
size_t summary_rank(size_t n);

/* The serial share of Amdahl's law, T(n) = T(1) (s + (1 - s) / n), for as many threads as there are
 * processors. Each round of runs gives an s, the one nearest to its times by least squares. */
enum amdahl {
    AMDAHL_GIVEN,
    AMDAHL_FEW,     /* nothing to fit: no run with 1 thread, none with more on as many processors */
    AMDAHL_WIDE,    /* the interval is wider than AMDAHL_WIDTH, or not sure */
    AMDAHL_GROWS,   /* the share grows with the threads: something else than a serial part slows */
    AMDAHL_OUTSIDE, /* wholly below 0 or above 1 */
};
#define AMDAHL_WIDTH 0.2
/* threads[k] and times[k][0..n) for each of nseries; n rounds. *s is the share even where it cannot
 * be given. Allocates. */
enum amdahl amdahl_fit(struct summary *s, const int *threads, const double *const *times,
                       size_t nseries, size_t n, int processors);

#endif

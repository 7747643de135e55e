/* The axis of real time: how much of it a column is, how times are spelled and read. Pure. */
#ifndef LOCKSTEP_LIVE_SCALE_H
#define LOCKSTEP_LIVE_SCALE_H

#include <stddef.h>
#include <stdint.h>

/* Scales are numbered from the closest, ten columns a microsecond, to ten columns in ten minutes,
 * in steps of 1, 2 and 5. */
enum { LIVE_SCALES = 27 };
/* Nanoseconds of ten columns, and of one. */
uint64_t live_scale_tick(int scale);
uint64_t live_scale_column(int scale);
/* The closest scale at which `ns` fit into `cols` columns; the last one if none. */
int live_scale_fitting(uint64_t ns, int cols);
/* "200 ms", "1.5 s", "2 min": a duration, exact where it is round, else to three digits. */
void live_spell_ns(uint64_t ns, char *out, size_t n);
/* "1 234 567" is not read well in a row: "1.23 M", "12.3 k", "999". */
void live_spell_count(double count, char *out, size_t n);
/* A moment of the run to a resolution: "12.34 s" when moments of 10 ms are told apart, "2:05" when
 * of whole seconds past the first minute. */
void live_spell_time(uint64_t ns, uint64_t resolution, char *out, size_t n);
/* "1.5" (seconds), "200 ms", "30us", "2 min", "1:30"; with a sign before it, from `here` on.
 * Negative moments become 0. -1 when it is no time. */
int live_parse_time(const char *text, uint64_t here, uint64_t *out);

#endif

/* Happens-before over a trace. */
#ifndef LOCKSTEP_EXPLAIN_ORDER_H
#define LOCKSTEP_EXPLAIN_ORDER_H

#include "trace.h"

/* Whether step `first` happens before step `second` (first < second): through the order of one
 * task's steps, create/start, end/join, unlock/lock, signal/wake, post/wait, barriers, once, and
 * atomics as acquire and release. Costs the events in between at most. */
int order_before(const struct trace *t, uint32_t first, uint32_t second);

#endif

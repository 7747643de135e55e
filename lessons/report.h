/* Adding rows to a check report. Inside lessons/ only. */
#ifndef LOCKSTEP_REPORT_H
#define LOCKSTEP_REPORT_H

#include "check.h"

/* A row; the strings are copied. Returns ok. */
int report_add(struct check_report *r, const char *claim, const char *file, int line, int ok,
               const char *message);
/* The same; *message (may be empty) is used up. Messages are put together from parts that end in
 * "; ": the last one of these goes. */
int report_take(struct check_report *r, const char *claim, const char *file, int line, int ok,
                struct buf *message);

/* All rows of *from after those of *r; *from is empty then. */
void report_move(struct check_report *r, struct check_report *from);

#endif

/* Judging a fix. Inside lessons/ only; the world calls check_solution. */
#ifndef LOCKSTEP_JUDGE_H
#define LOCKSTEP_JUDGE_H

#include "search.h"

/* Judge the program at path as an answer to fix challenge *c of *l. Rows are appended to *r; they
 * stop at the first reason to refuse, which is *refusal. 0, or an error of the engine. */
int judge_fix(struct searches *all, const struct lesson *l, const struct lesson_challenge *c,
              const char *path, struct check_report *r, enum refusal *refusal, struct err *e);

#endif

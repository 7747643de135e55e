/* Judging a fix. Inside lessons/ only; the world calls check_solution. */
#ifndef LOCKSTEP_JUDGE_H
#define LOCKSTEP_JUDGE_H

#include "search.h"

/* Judge the program at path as an answer to fix challenge *c of *l. *v is overwritten, its program
 * stays with *all; its rows stop at the first reason to refuse. 0, or an error of the engine (then
 * *v is empty). */
int judge_fix(struct searches *all, const struct lesson *l, const struct lesson_challenge *c,
              const char *path, struct verdict *v, struct err *e);

#endif

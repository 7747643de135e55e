/* Are a lesson's claims true, and is a learner's fix right? Decided by the engine: every program is
 * compiled and its schedules are searched. Host thread; blocks; allocates. */
#ifndef LOCKSTEP_CHECK_H
#define LOCKSTEP_CHECK_H

#include "lesson.h"

struct check_result {
    char *claim; /* what was claimed, as written, or what was checked */
    char *file;  /* path of the lesson.md, or of the learner's file */
    int line;    /* 0 unknown */
    int ok;
    char *message; /* what was seen: one or more sentences; with a `lockstep replay …` line where
                      one helps */
};

struct check_report {
    struct check_result *results;
    size_t n, nfailed;
};
void check_report_fini(struct check_report *r);

enum refusal {
#define REFUSAL(id, word) REFUSAL_##id,
#include "refusal.def"
#undef REFUSAL
    REFUSAL_COUNT
};
const char *refusal_word(int refusal);
/* -1 if the word is none. */
int refusal_parse(const char *word);

struct check_options {
    uint64_t executions; /* bound of each search; 0: 1,000,000 */
    double seconds;      /* bound of each search; 0: 20 */
};

/* Verify every claim, question, path and challenge of *l, appending a result for each to *r
 * (initialised or zero). 0 even when some are false (see nfailed). -ERR_COMPILER … when nothing
 * could be checked at all. o may be NULL. */
int check_lesson(const struct lesson *l, const struct check_options *o, struct check_report *r,
                 struct err *e);

/* Judge `path` as the learner's answer to the fix challenge `challenge` (NULL: the first one of the
 * lesson). Appends what was checked to *r; *refusal is the first reason to say no, REFUSAL_NONE
 * when it passes. -ERR_NOT_FOUND no such challenge, -ERR_OPEN, -ERR_COMPILER. o may be NULL. */
int check_solution(const struct lesson *l, const char *challenge, const char *path,
                   const struct check_options *o, struct check_report *r, enum refusal *refusal,
                   struct err *e);

/* Let the engine compute which choices of an is_outcomes question can occur; right: q->nchoices
 * flags. -ERR_LIMIT when the search was not complete. o may be NULL. */
int check_answer(const struct lesson *l, const struct lesson_question *q,
                 const struct check_options *o, int *right, struct err *e);

#endif

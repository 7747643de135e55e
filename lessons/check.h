/* Are a lesson's claims true, and is a learner's fix right? Decided by the engine: every program is
 * compiled and its schedules are searched. Host thread; blocks; allocates. */
#ifndef LOCKSTEP_CHECK_H
#define LOCKSTEP_CHECK_H

#include "explore.h"
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
#define REFUSAL(id, word, text) REFUSAL_##id,
#include "refusal.def"
#undef REFUSAL
    REFUSAL_COUNT
};
const char *refusal_word(int refusal);
/* What the learner is told first, a sentence in their language. */
const char *refusal_text(int refusal);
/* -1 if the word is none. */
int refusal_parse(const char *word);

/* What is being done, for who waits for it. */
enum check_phase { CHECK_COMPILING, CHECK_SEARCHING, CHECK_REPLAYING };

struct check_options {
    uint64_t executions; /* bound of each search; 0: 1,000,000 */
    double seconds;      /* bound of each search; 0: 20 */
    uint32_t stuck_ms;   /* a task without a step for so long is stopped; 0: 2000 */
    /* Schedules by which the learner broke the start, nown of them; NULL. A fix must survive them
     * as far as they apply. */
    const struct schedule *own;
    size_t nown;
    /* Called now and then, some ten times a second in a search (may be NULL); executions: of this
     * search so far. Non-zero ends it all with -ERR_INTERRUPTED. */
    int (*progress)(void *ctx, enum check_phase phase, uint64_t executions, double seconds);
    void *ctx;
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

/* -------- judging one fix after the other -------- */

/* What came of one attempt. verdict_fini when done. */
struct verdict {
    enum refusal refusal;
    /* What was seen, sentences without tokens or file names, to stand after refusal_text; of
     * REFUSAL_COMPILE all the compiler said. Never NULL. */
    char *reason;
    int finding; /* enum finding_kind behind the refusal; -1 none */
    int line;    /* of the learner's file where it shows; 0 unknown */
    int has_schedule;
    struct schedule schedule; /* of the learner's program: the execution that shows it */
    uint64_t executions;      /* what the search covered … */
    int complete;             /* … 1: every schedule */
    char *why_not;            /* when not: "3 s passed"; never NULL */
    double seconds;           /* all of the judging */
    struct check_report rows; /* everything that was checked, in order */
    struct program *program;  /* what the learner's file was compiled to; NULL if it was not */
};
void verdict_fini(struct verdict *v);
/* "All 4 executions that can differ were searched." or how many were and why no more: what a right
 * answer rests on. A sentence, appended. */
void verdict_bound(const struct verdict *v, struct buf *out);

/* Attempts at one fix challenge: what is known of the start is found out once. */
struct fixing;
/* l and c are borrowed. */
struct fixing *fixing_new(const struct lesson *l, const struct lesson_challenge *c);
void fixing_free(struct fixing *f); /* NULL is allowed */
/* Judge the file at path. *v is overwritten and to be given back when 0 came back; no bounds in *o:
 * those of the challenge. -ERR_OPEN it cannot be read; -ERR_DATA it is no text of at most
 * LESSON_MAX_BYTES, or empty; -ERR_INTERRUPTED as progress asked; -ERR_COMPILER … Blocks: for
 * programs of a lesson well below `seconds` (of o) and two. Any one thread. */
int fixing_try(struct fixing *f, const char *path, const struct check_options *o, struct verdict *v,
               struct err *e);

/* The compiler's messages: "FILE:LINE:COLUMN: error: TEXT" where FILE ends in `file`'s last name.
 * Fills at most max; returns how many there are. Pure. */
struct compiler_note {
    int line, column;
    int is_error; /* else a warning; notes are left out */
    char text[200];
};
int compiler_notes(const char *said, const char *file, struct compiler_note *out, int max);

/* Let the engine compute which choices of an is_outcomes question can occur; right: q->nchoices
 * flags. -ERR_LIMIT when the search was not complete. o may be NULL. */
int check_answer(const struct lesson *l, const struct lesson_question *q,
                 const struct check_options *o, int *right, struct err *e);

#endif

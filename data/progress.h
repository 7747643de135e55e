/* Where the learner stands, as text: what is stored, laid beside the catalogue of lessons. */
#ifndef LOCKSTEP_PROGRESS_H
#define LOCKSTEP_PROGRESS_H

#include "store.h"

/* A lesson of the catalogue, in the catalogue's order; strings borrowed. */
struct progress_lesson {
    const char *id, *title, *unit, *level;
    int minutes;
};

enum progress_format {
    PROGRESS_TEXT, /* a table by unit, a summary, what to do again */
    PROGRESS_JSON, /* {"schema":"lockstep.overview/1",…}: see data/README.md */
    PROGRESS_CSV   /* a header, a row for each lesson */
};

/* Append the selected learner's progress to *out. Lessons in the store that are not in the
 * catalogue (any more) are counted at the end, not lost. A view: store_export_json is what import
 * reads. width_cols: of the text table; 0: 80. ascii: 1 for no glyphs beyond ASCII in the text
 * table. Errors: those of reading the store; *out is then unchanged. */
int progress_render(struct store *s, const struct progress_lesson *lessons, int nlessons,
                    enum progress_format format, int width_cols, int ascii, struct buf *out,
                    struct err *e);

/* -------- the same as rows, for a screen -------- */

struct progress_unit {
    const char *unit; /* of its lessons; they are lessons[first .. first + n) */
    int first, n;
    int count[STORE_NSTATUS];  /* lessons by status */
    int minutes, minutes_over; /* of all; of those done or skipped */
};

/* A challenge that was tried. */
struct progress_challenge {
    const char *lesson, *challenge;
    int kind;  /* enum store_attempt_kind */
    int tries; /* at least 1 */
    int passed;
    const char *verdict; /* of the last attempt; "" */
    int64_t at_ms;       /* of the last attempt */
};

/* What is worth doing again, and why: the more urgent kinds first. */
enum progress_why {
    REPEAT_NOT_PASSED,  /* a challenge tried and not passed */
    REPEAT_STILL_WRONG, /* a question whose last answer was wrong */
    REPEAT_WRONG_FIRST, /* a question right only after a wrong answer */
    REPEAT_LONG_AGO,    /* a lesson done PROGRESS_LONG_DAYS ago or more */
    REPEAT_NWHY
};
enum { PROGRESS_LONG_DAYS = 21 };
struct progress_repeat {
    enum progress_why why;
    const char *lesson;
    const char *what; /* the question or the challenge; "" for a lesson */
    int64_t at_ms;    /* when it was done last */
};

struct progress {
    struct progress_unit *units;
    int nunits;
    struct progress_challenge *challenges; /* in the order of the lessons */
    int nchallenges;
    struct progress_repeat *repeats; /* by why, the oldest first */
    int nrepeats;
    int count[STORE_NSTATUS], minutes, minutes_over;
    /* Questions: answered; right at once; right after a wrong answer; wrong at the last one. */
    int answered, right_first, right_later, wrong;
    int attempts, passed; /* attempts at challenges; challenges passed */
    /* What the strings point into. */
    struct store_lesson *kept_lessons;
    struct store_answer *kept_answers;
    struct store_attempt *kept_attempts;
};

/* Read the selected learner's progress. now_ms: the time it is (for what is long ago). Lessons that
 * are not in the catalogue are left out. *p is overwritten and needs progress_fini, also after an
 * error. Errors: those of reading the store. */
int progress_read(struct progress *p, struct store *s, const struct progress_lesson *lessons,
                  int nlessons, int64_t now_ms, struct err *e);
void progress_fini(struct progress *p);

#endif

/* Private to fix_*.c: the state of the screen of a fix challenge. */
#ifndef LOCKSTEP_FIX_INTERNAL_H
#define LOCKSTEP_FIX_INTERNAL_H

#include "check.h"
#include "fix_screen.h"
#include "job.h"
#include "source.h"
#include "store.h"
#include "watch.h"
#include "widgets.h"

enum fix_panel { FIX_PROGRAM, FIX_TASK, FIX_ANSWER, FIX_PANELS };
enum fix_show { FIX_MINE, FIX_CHANGES, FIX_SOLUTION };
enum { FIX_NOTES = 16 };

/* One judging, on a thread; what is below `shown` is read under job_lock while it runs. */
struct fix_job {
    struct fixing *fixing;
    char *path;
    struct schedule own[FIX_OWN];
    size_t nown;
    struct job *job; /* its own */
    /* shown */
    enum check_phase phase;
    uint64_t executions;
    double seconds;
    /* the result */
    int rc;
    struct verdict v;
    struct err e;
};

struct fix_view {
    struct ui *ui;
    const struct lesson *lesson;
    const struct lesson_challenge *challenge;
    fix_solved_fn *solved;
    void *ctx;
    char *path, *start; /* the learner's copy; the program of the lesson */
    struct watch *watch;
    struct fixing *fixing;
    struct job *job; /* NULL: nothing is judged now */
    struct fix_job work;
    int again;    /* saved while it was judged: once more */
    char *judged; /* the text that is being judged, as it was saved */

    int has_verdict;
    struct verdict v;
    char problem[512]; /* in place of a verdict: why there is none; "" */
    char *before;      /* what an earlier attempt came to; NULL */
    struct compiler_note notes[FIX_NOTES];
    int nnotes;

    struct source source;  /* the copy */
    struct source changes; /* a diff, or the solution */
    enum fix_show show;
    enum fix_panel focus;
    int scroll[FIX_PANELS], page[FIX_PANELS], lines[FIX_PANELS];
    struct rect at[FIX_PANELS]; /* of the last frame */
    int to_line;                /* bring this line to sight at the next frame; 0 none */
    int *hints;                 /* shown so far; borrowed */
    int passed, asked_reset;
    char message[2048];
    unsigned message_style;
};

void fix_say(struct fix_view *v, unsigned style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Read the copy anew. */
void fix_reread(struct fix_view *v);

/* fix_judge.c: judging beside the loop. */
void fix_begin(struct fix_view *v);
/* Take the result when there is one: 1 when something changed. */
int fix_take(struct fix_view *v);
void fix_cancel(struct fix_view *v);
/* Forget all that is being judged; waits for it. */
void fix_drop(struct fix_view *v);

/* fix_draw.c */
void fix_draw(void *state, struct canvas *c);

#endif

/* Private to finder_*.c. */
#ifndef LOCKSTEP_FINDER_INTERNAL_H
#define LOCKSTEP_FINDER_INTERNAL_H

#include "job.h"
#include "outcome_map.h"
#include "schedule_tree.h"
#include "finder.h"
#include "step_internal.h"

enum finder_mode { FINDER_NORMAL, FINDER_EXECUTIONS, FINDER_SECONDS, FINDER_ADVERSITY };

/* What a search's job works on; of the job alone but for what the lock covers. */
struct finder_work {
    struct port port;
    struct explore_options options;
    const char *adversity; /* as of --adversity; NULL: none */
    int hunt;
    struct job *job;
    /* under job_lock */
    struct explore_result so_far;
    struct explore_look look;
    int news;  /* they have changed since they were taken */
    int again; /* so_far is of another search than it was */
    /* when it is done */
    struct explore_result result;
    int rc;
    struct err e;
};

/* The switches of one outcome's simplest schedule, put into words. */
struct finder_words {
    struct port port;
    struct job *job;
    size_t outcome;
    struct schedule schedule;
    struct buf text;
};

struct finder {
    struct step *step;
    /* what to search for */
    enum strategy strategy;
    uint64_t executions; /* 0: no bound */
    double seconds;
    int adversity; /* row of finder_adversities */
    /* at work */
    struct job *job; /* a search; NULL none */
    struct finder_work *work;
    struct job *words_job;
    struct finder_words *words;
    /* what is shown: of work->so_far under the lock while a search is at work, then of the result
     */
    const struct explore_result *r; /* NULL: there was no search, or it could not run */
    struct explore_look look;
    int failed, stopped;
    char why[2048]; /* it failed */
    struct outcome_map map;
    struct schedule_tree tree;
    char **switches; /* of r->outcomes, as far as they are known; NULL when it ended not long ago */
    size_t nswitches;
    /* the screen */
    enum finder_view view;
    size_t at[FINDER_VIEWS], top[FINDER_VIEWS]; /* rows; of the tree see `node` */
    size_t outcome;                             /* at[VIEW_OUTCOMES] is this one */
    uint32_t node;                              /* of the tree; at[] is its row */
    unsigned levels;                            /* of the tree that are shown */
    int folded;                                 /* by hand: it is shown as it is */
    enum finder_mode mode;
    struct line_edit edit;
    struct list list;
    char message[512];
    unsigned message_style;
    struct rect panel[FINDER_VIEWS]; /* of the last frame, with border; w 0: not shown */
    int open_when_done;              /* Enter came while it was at work */
};

/* What may go wrong: --adversity's words, and what they mean. */
struct finder_adversity {
    const char *list; /* NULL: nothing */
    const char *name, *words;
};
extern const struct finder_adversity finder_adversities[];
enum { FINDER_ADVERSITIES = 6 };

/* -------- finder_run.c -------- */
/* Around whatever reads x->r. The lists, which point into it, are brought up to it first: a search
 * that begins anew has fewer outcomes than it had. */
void finder_lock(struct finder *x);
void finder_unlock(struct finder *x);
/* Words for the outcome under the cursor are wanted: begins the job that makes them, if none is at
 * work. */
void finder_want_words(struct finder *x);
/* No such job is at work any more: the step screen may have its session back. */
void finder_quiet(struct finder *x);

/* -------- finder_rows.c: the lists, their cursors -------- */
size_t finder_rows(const struct finder *x, enum finder_view view);
/* Move the cursor of the list in view; clamps. */
void finder_move(struct finder *x, long by);
void finder_to(struct finder *x, size_t row);
/* After the lists changed: the cursor stays on the same thing. */
void finder_keep_place(struct finder *x);
void finder_unfold(struct finder *x);
void finder_fold(struct finder *x);
void finder_next_level(struct finder *x);
/* Mark the run of the step screen in the tree; to_it: put the cursor there. */
void finder_mark_run(struct finder *x, int to_it);

/* -------- finder_draw.c -------- */
void finder_draw(void *state, struct canvas *c);
/* finder_detail.c: the box with all that is to say of the row under the cursor. */
void finder_draw_detail(const struct finder *x, struct canvas *c, struct rect box);
/* Row y of the screen is which row of which list; 0 when none. */
int finder_hit(const struct finder *x, int cx, int cy, enum finder_view *view, size_t *row);

#endif

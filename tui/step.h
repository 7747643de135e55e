/* The step screen: stepping, replaying and branching one execution. */
#ifndef LOCKSTEP_STEP_H
#define LOCKSTEP_STEP_H

#include "lesson.h"
#include "port.h"
#include "ui.h"

/* What the screen is opened with. All borrowed for as long as the screen lives. */
struct step_setup {
    const char *title;                        /* "counter.c", "race/lost-update" */
    const char *program;                      /* name of the program, for bookmarks */
    const char *lesson;                       /* id, or "" */
    const char *text;                         /* what to look at, for the goal panel; NULL none */
    const struct lesson_challenge *challenge; /* break it: the goal; NULL none */
    const struct schedule *start;             /* replay this first; NULL */
    const struct lesson_path *path;           /* or follow this; NULL */
    uint32_t cursor;                          /* then stand at this step; UINT32_MAX: the decisive
                                                 one, or the end */
    /* The challenge's goal was reached (passed 1) or the execution ended without it (0); message
     * is what the learner is told. May be NULL. */
    void (*reached)(void *ctx, struct ui *ui, int passed, const char *token, const char *message);
    /* The learner stands elsewhere: schedule and step to come back to. Called soon after a move and
     * when the screen is left. May be NULL. */
    void (*moved)(void *ctx, const char *token, uint32_t step);
    void *ctx;
};

/* Put the screen on top. The port is handed over. */
struct step *step_push(struct ui *ui, struct port port, const struct step_setup *setup);
/* The same without a screen, for one that shows the run in its own way (tui/present.h). */
struct step *step_new(struct ui *ui, struct port port, const struct step_setup *setup);
void step_free(struct step *s);
/* Put the screen of a run of step_new on top; leaving it does not free the run. */
void step_lend(struct ui *ui, struct step *s);
/* As `wait` and `tick` of a screen. */
int step_wait(struct step *s, int64_t now, int *fd);
void step_tick(struct step *s, struct ui *ui);
/* Search the schedules and open the next finding at its decisive step, as its key does. The screen
 * is on top; blocks, but keeps it alive. */
void step_find_next(struct step *s);

#endif

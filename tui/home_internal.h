/* Private to home*.c: the state of the home screen. */
#ifndef LOCKSTEP_HOME_INTERNAL_H
#define LOCKSTEP_HOME_INTERNAL_H

#include "home.h"
#include "locked.h"
#include "store.h"
#include "widgets.h"

enum home_asking { ASK_NOTHING, ASK_RESET, ASK_RESET_ALL };
enum home_reset { RESET_NOTHING, RESET_LESSON, RESET_UNIT, RESET_ALL };

struct home {
    struct ui *ui;
    const struct catalogue *lessons;
    int *status;               /* by lesson: enum store_status */
    const struct lock **locks; /* by lesson: what locks it, NULL */
    struct locked locked;
    int *rows; /* lesson indices shown; -1 - unit for a heading */
    int nrows, at, top, page;
    int last, last_section; /* lesson to continue, -1 none */
    int next;               /* lesson that is suggested, -1 none */
    int typing;
    enum home_asking asking;
    struct line_edit filter;
    struct list list;
    char message[2048];
    unsigned style;
    struct rect rect; /* of the list, of the last frame */
    /* What undo puts back. */
    struct {
        struct buf before; /* all that is stored of the learner, as store_export_json wrote it */
        char *lesson;      /* its status is put back, too; NULL */
        int status;
    } undo;
};

int home_is_lesson(const struct home *h, int row);
/* The marked lesson: its index, -1 none. */
int home_lesson(const struct home *h);
void home_say(struct home *h, unsigned style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* What the store says, anew. */
void home_load(struct home *h);

/* home_draw.c */
void home_draw(void *state, struct canvas *c);

/* home_change.c: skip, forget, begin anew, and undoing it. */
void home_skip(struct home *h);
void home_forget(struct home *h);
void home_ask_reset(struct home *h);
/* A row of the list that home_ask_reset shows was taken. */
void home_reset_taken(struct home *h);
void home_undo(struct home *h);
void home_undo_fini(struct home *h);

#endif

/* Private to lesson_*.c: the state of the lesson screen. */
#ifndef LOCKSTEP_LESSON_INTERNAL_H
#define LOCKSTEP_LESSON_INTERNAL_H

#include "lesson_screen.h"
#include "source.h"
#include "step.h"
#include "store.h"
#include "widgets.h"

enum { MAX_PICKS = 9 };
enum { LESSON_BOTH_COLS = 80 }; /* from here on text and program stand beside each other */

/* How far a question or a challenge is. */
struct quiz {
    const struct lesson_block *block;
    int picked[MAX_PICKS];
    int answered; /* the answer was revealed */
    int right;
    int hints;  /* of a challenge */
    int passed; /* of a challenge */
};

struct lesson_view {
    struct ui *ui;
    const struct lesson *lesson;
    size_t section;
    int top, page, lines; /* of the text: first line shown, lines of a page, lines of all */
    int marked;           /* block that Enter works on, -1 none */
    int finished;         /* the screen that says so is on top, or was: then to the list */
    int show_program;     /* where there is room for one only */
    struct quiz *quizzes;
    size_t nquizzes;
    struct source source;
    char message[2048];
    unsigned message_style;
    int *block_y; /* by block: its first line in the page */
    int cap_blocks;
    struct rect text;           /* of the last frame */
    struct lesson_build *build; /* being compiled; NULL */
    int listing;                /* `list` stands on the screen: manual pages */
    struct list list;
    struct program *controlled; /* of the live screen's step screen */
    /* What the step screen was opened on. */
    struct program *program;
    size_t open_block; /* index of the block; SIZE_MAX none */
    char *step_text;
    struct schedule start;
};

const struct lesson_section *lesson_section_at(const struct lesson_view *v);
struct quiz *lesson_quiz(struct lesson_view *v, const struct lesson_block *b);
int block_is_active(const struct lesson_block *b);
void lesson_say(struct lesson_view *v, unsigned style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Save where the learner is; step: NULL, or the schedule and the step of the step screen. */
void lesson_save_place(struct lesson_view *v, const char *token, uint32_t step);

/* lesson_draw.c */
void lesson_draw(void *state, struct canvas *c);
/* Where the blocks stand, at the width of the last frame. */
void lesson_measure(struct lesson_view *v);
/* lesson_open.c: the step screen for a block (SIZE_MAX: the program beside the text). start: NULL,
 * or where to go on at step `cursor`. */
void lesson_open_step(struct lesson_view *v, size_t block, const struct schedule *start,
                      uint32_t cursor);
void lesson_close_step(struct lesson_view *v);
/* The same once the program is compiled: v->program. */
void lesson_step_program(struct lesson_view *v, size_t block, const struct schedule *start,
                         uint32_t cursor);
/* The file that belongs to a block, NULL if there is none. */
const char *lesson_file_of(struct lesson_view *v, size_t block);
/* A challenge of kind break was done: the screen that stays. */
void lesson_tell_broken(struct lesson_view *v, struct ui *ui, const struct lesson_challenge *c,
                        const char *message);

/* lesson_build.c: compile a file beside the loop, then step it (lesson_step_program) or let it
 * run. */
void lesson_build(struct lesson_view *v, const char *file, int is_free, size_t block,
                  const struct schedule *start, uint32_t cursor);
int lesson_is_building(const struct lesson_view *v);
/* Nobody waits for it any more. */
void lesson_build_drop(struct lesson_view *v);
void lesson_build_fini(struct lesson_view *v);
int lesson_build_fd(const struct lesson_view *v);
void lesson_build_tick(struct lesson_view *v);

/* lesson_manual.c: the list of manual pages; an action while it stands there. */
void lesson_manual(struct lesson_view *v);
void lesson_list_act(struct lesson_view *v, enum action action, const struct input *in);

/* The screen of the fix or find challenge in that block. */
void lesson_open_challenge(struct lesson_view *v, size_t block);

#endif

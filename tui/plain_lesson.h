/* Lessons in plain mode: text, programs, questions, demos and challenges, line by line. Host
 * thread; blocks on standard input, the disk and the targets. */
#ifndef LOCKSTEP_PLAIN_LESSON_H
#define LOCKSTEP_PLAIN_LESSON_H

#include "lesson.h"
#include "plain.h"
#include "store.h"

/* A learner reading a lesson. All borrowed. */
struct reading {
    const struct lesson *lesson;
    struct store *store;
    int interactive; /* standard input and output are terminals: ask; else only tell */
    char *line;      /* the last answer; owned by the one who began the reading */
    size_t cap;
};

/* How a part of the reading ended. */
enum { READ_ON, READ_LEAVE, READ_FAILED /* it could not be shown, and that was told */ };

/* The list of lessons; interactive: choose one, read it, come back. 0 or -ERR_*. */
int plain_home(const struct catalogue *c, struct store *s, int interactive, struct err *e);
/* One lesson, from where the learner left it. 0 when it was left, -ERR_*. */
int plain_lesson(const struct lesson *l, struct store *s, int interactive, struct err *e);

/* A paragraph broken to the width of the terminal (80 when there is none), each line after
 * `indent` blanks; the first begins with `lead` (NULL: blanks) instead. */
void plain_text(const struct lesson_text *text, const char *lead, int indent);
/* The same for a string of ours. */
void plain_words(const char *text, const char *lead, int indent);

/* Ask; the answer without blanks around it, or NULL when there will be none. */
const char *reading_ask(struct reading *r, const char *prompt);
/* Say it if something could not be saved; the reading goes on. */
void reading_saved(int result, const struct err *e);

/* One question: ask, judge, explain, save. */
int plain_question(struct reading *r, const struct lesson_question *q);
int plain_challenge(struct reading *r, const struct lesson_challenge *c);
/* Open a program of the lesson, go along the path, then let the learner step. `reached`: as for
 * plain_converse; with `show` only the path is told, and nobody is asked. */
int plain_demo(struct reading *r, const char *file, const struct lesson_path *path, int show,
               int (*reached)(void *ctx, struct plain *p), void *ctx);

#endif

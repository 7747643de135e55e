/* Lessons in plain mode: text, programs, questions, demos and challenges, line by line. Host
 * thread; blocks on standard input, the disk and the targets. */
#ifndef LOCKSTEP_PLAIN_LESSON_H
#define LOCKSTEP_PLAIN_LESSON_H

#include "lesson.h"
#include "plain.h"
#include "plain_command.h"
#include "store.h"

/* A learner reading a lesson. All borrowed. */
struct reading {
    const struct lesson *lesson;
    struct store *store;
    int interactive; /* standard input and output are terminals: ask; else only tell */
    char *line;      /* the last answer; owned by the one who began the reading */
    size_t cap;
    size_t section;                    /* where the learner is */
    const struct lesson_program *told; /* the program that was read last; NULL none */
};

/* How a part of the reading ended. */
enum {
    READ_ON,
    READ_BACK,  /* to the prompt before */
    READ_LEAVE, /* leave lockstep: asked for, the end of input, or a signal */
    READ_FAILED /* it could not be shown, and that was told */
};

/* What a prompt of a lesson is about: the context of its commands. */
struct spot {
    struct reading *r;
    const struct lesson_program *program;
    const struct lesson_question *question;
    const struct lesson_challenge *challenge;
    int hints;  /* told so far */
    int result; /* READ_*: of what a command did */
    int done;   /* the prompt has done its work */
};

/* The list of lessons; interactive: choose one, read it, come back. 0 or -ERR_*. */
int plain_home(const struct catalogue *c, struct store *s, int interactive, struct err *e);
/* One lesson, from where the learner left it. 0 when it was left, 1 when lockstep is to be left,
 * -ERR_*. */
int plain_lesson(const struct lesson *l, struct store *s, int interactive, struct err *e);

/* -------- words -------- */

/* A paragraph broken to the width of the terminal (80 when there is none), each line after
 * `indent` blanks; the first begins with `lead` (NULL: blanks) instead. */
void plain_text(const struct lesson_text *text, const char *lead, int indent);
/* The same for a string of ours, for one that is put together, and into a buffer. */
void plain_words(const char *text, const char *lead, int indent);
void plain_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void plain_wrap(struct buf *out, const char *text, const char *lead, int indent);
/* The text in one line, code between backquotes. */
void plain_spell_text(const struct lesson_text *text, struct buf *out);
/* Whether all of the words (with blanks between) stand in the text, in capital or small letters. */
int plain_has_words(const char *text, const char *words);

/* -------- reading -------- */

/* Ask; the answer without blanks around it, or NULL when there will be none. */
const char *reading_ask(struct reading *r, const char *prompt);
/* READ_* of the answer of a command that ends its prompt. */
int reading_end(enum talk_answer answer);
/* Say it if something could not be saved; the reading goes on. */
void reading_saved(int result, const struct err *e);
/* A file of the lesson, lines first to last (0, 0: all), announced, with its end. */
void reading_program(struct reading *r, const char *file, int first, int last);
/* The same of any file, called `name`. */
void reading_file(const char *path, const char *name, int first, int last);
/* The program that a prompt is about, whole. */
enum talk_answer reading_whole_program(struct reading *r, const char *file);
/* Read the section where the learner is. READ_*. */
int reading_section(struct reading *r);
/* All that a learner reads of a section, for searching. */
void plain_section_words(const struct lesson_section *section, struct buf *out);
/* What was answered and tried in a lesson. 0 when there is nothing. */
int plain_notebook(struct store *s, const struct lesson *l);

int plain_question(struct reading *r, const struct lesson_question *q);
int plain_challenge(struct reading *r, const struct lesson_challenge *c);
int plain_fix(struct reading *r, const struct lesson_challenge *c);
int plain_find(struct reading *r, const struct lesson_challenge *c);
int plain_offer(struct reading *r, const struct lesson_program *program);
/* The goal of a challenge, what counts, and how many switches the best needs. */
void plain_goal(const struct lesson_challenge *c);
/* The next hint; *given counts them. */
void plain_hint(const struct lesson_challenge *c, int *given);

/* What a demo is opened with. */
struct demo {
    const char *file;               /* of the lesson */
    const struct lesson_path *path; /* go along it first; NULL none */
    int show;                       /* only tell the path and what follows, ask nothing */
    struct talk_setup talk;         /* store and lesson are filled in */
};
/* Open a program of the lesson, then let the learner step. READ_*. */
int plain_demo(struct reading *r, struct demo *d);
/* Let a program run free; what it does is told. */
enum talk_answer plain_live(const char *file);
/* Search the schedules of a program, and report. */
enum talk_answer plain_explore(const char *file);
/* Programs of one's own that were opened last: note one; say all, numbered from 1, and how many
 * there are; the path of a number, to be freed, NULL none. */
void plain_recent_note(struct store *s, const char *file);
int plain_recent_say(struct store *s);
char *plain_recent_at(struct store *s, long number);
/* Step a program of one's own; token: replay that first, NULL. 0, 1 leave lockstep, -ERR_*. */
int plain_step_file(const char *file, const char *token, struct store *s, struct err *e);

#endif

/* Plain mode: a session told line by line. Append-only: nothing is repainted, every line stands on
 * its own; good for screen readers, logs and pipes. Host thread; blocks on the target and, when
 * interactive, on standard input. */
#ifndef LOCKSTEP_PLAIN_H
#define LOCKSTEP_PLAIN_H

#include "cmd.h"
#include "session.h"
#include "world.h"

enum plain_format { PLAIN_LINES, PLAIN_JSON };

struct plain {
    enum plain_format format;
    int main_exit_wait;
    const struct given *given; /* borrowed; for replay lines */
    struct given changed;      /* the same with an adversity asked for on the way */
    struct program *program;   /* borrowed */
    struct session *session;   /* owned */
    struct world_view *view;   /* owned */
    uint32_t told;             /* the last step that was told */
    int began;                 /* the title line was told */
    int muted;                 /* tell nothing: only to get somewhere */
};

/* Start the target; nothing is told yet. *p needs plain_close in every case. */
int plain_open(struct plain *p, const struct given *g, struct program *program, int main_exit_wait,
               enum plain_format format, struct err *e);
void plain_close(struct plain *p);

/* Tell the steps that were not told yet. 0, or -1 when standard output is gone. */
int plain_tell(struct plain *p);
/* Go on by the plain policy to the end, telling. 0, -ERR_WRITE, -ERR_INTERRUPTED, or an error of
 * the session. */
int plain_finish(struct plain *p, struct err *e);
/* Replay a schedule from the beginning, telling. As session_replay. */
int plain_replay(struct plain *p, const struct schedule *schedule, const struct trace *expected,
                 struct err *e);
/* The end: the findings of this execution, each with its replay line, and how it ended. */
int plain_summary(struct plain *p);
/* 1 if the execution so far has a finding, else 0: the exit status of run and replay. */
int plain_status(const struct plain *p);

/* Tell a recording of a free run, and how it ended. 1 if it holds a finding, else 0; -ERR_WRITE,
 * -ERR_INTERRUPTED. */
int plain_recording(const struct recording *r, enum plain_format format, struct err *e);

/* Take the choices of the list "0,1,1": the task that steps next or, where the last step asks, the
 * task to be woken. -ERR_DATA with the position and what could be chosen. */
int plain_choose(struct plain *p, const char *list, struct err *e);

struct store;
struct lesson_challenge;

/* What a conversation is about, besides its program. All borrowed; zero: nothing. */
struct talk_setup {
    /* Asked after every step; non-zero ends the conversation. */
    int (*reached)(void *ctx, struct plain *p);
    void *ctx;
    struct store *store;                      /* keeps bookmarks and runs; NULL: nobody does */
    const char *lesson;                       /* id; NULL none */
    const struct lesson_challenge *challenge; /* goal and hints; NULL none */
    int *hints;                               /* told so far; NULL without a challenge */
};

/* Ask at standard input who goes next until the learner leaves or input ends. setup may be NULL.
 * 0 when they went back, 1 when they leave lockstep, -ERR_WRITE, -ERR_INTERRUPTED, or an error of
 * the session. */
int plain_converse(struct plain *p, const struct talk_setup *setup, struct err *e);

/* Tell what was done so far and on to the end, as the conversation does, asking nothing. 0 or an
 * error of the session. */
int plain_show(struct plain *p, struct err *e);

/* Before a conversation: say why there are no screens, unless lines were asked for. */
void plain_greet(const struct options *o);

/* A line of standard input without its newline, in *line (owned by the caller, grown). 1, or 0 at
 * the end of input or after a signal. The prompt is written first. */
int plain_ask(const char *prompt, char **line, size_t *cap);

/* Wait until something is typed, fd (-1: none) can be read, or ms (-1: no limit) have passed. One
 * of these, or -1 after a signal. */
enum { PLAIN_TYPED, PLAIN_ELSE };
int plain_wait(int fd, int ms);

#endif

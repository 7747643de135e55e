/* Private to find_*.c: the state of the screen of a find challenge. */
#ifndef LOCKSTEP_FIND_INTERNAL_H
#define LOCKSTEP_FIND_INTERNAL_H

#include "find.h"
#include "find_screen.h"
#include "job.h"
#include "port.h"
#include "source.h"
#include "widgets.h"

enum find_panel { FINDING_STEPS, FINDING_SOURCE, FINDING_TASK, FINDING_PANELS };

/* Compiling and finding out, on a thread. */
struct find_job {
    const struct lesson_challenge *challenge;
    char *path;
    struct job *job;
    uint64_t executions; /* so far; under job_lock while it runs */
    int rc;
    struct program *program;
    struct find_facts facts;
    struct err e;
};

struct find_view {
    struct ui *ui;
    const struct lesson *lesson;
    const struct lesson_challenge *challenge;
    int *hints;
    void (*solved)(void *ctx);
    void *ctx;
    struct job *job; /* NULL: it is found out, or could not be */
    struct find_job work;
    int ready; /* what follows is there */
    struct port port;
    const struct trace *trace;
    struct source source;

    uint32_t cursor, top; /* steps from 1; first row shown */
    uint32_t marked;      /* as deciding; 0 none */
    uint8_t *switches;    /* marked: work.facts.switches.n flags */
    int judged, passed;
    struct find_verdict verdict;
    enum find_panel focus;
    int scroll, task_lines, task_page;
    int page;             /* rows of steps in the last frame */
    struct rect steps_at; /* of the last frame */
    char problem[1024];   /* why there is nothing to find; "" */
    char message[1024];
    unsigned message_style;
};

/* find_draw.c */
void find_draw(void *state, struct canvas *c);

#endif

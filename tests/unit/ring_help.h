/* A memory for the recorder, made by a test, and its rings read raw. */
#ifndef RING_HELP_H
#define RING_HELP_H

#include "recorder.h"

#include <sys/types.h>

struct memory {
    struct recorder *r;
    int fd;
    uint64_t bytes;
};
void memory_make(struct memory *m, uint32_t ring);
void memory_free(struct memory *m);

/* What runs: its pid, what it prints; a scene of tests/recorder/scenes.c. */
struct scene {
    pid_t pid;
    int out;
};
/* m NULL: without the recorder. */
void scene_start(struct scene *s, const struct memory *m, const char *binary, const char *name);
/* Until it ends; its wait status, and what it printed, to be freed. */
int scene_end(struct scene *s, char **printed);

/* An event of a ring, with the ticks between which it was. */
struct seen {
    unsigned kind, arg, extra;
    int wait; /* a REC_WAIT for `kind` */
    uint64_t addr, pc, more, from, to;
};
/* Of the thread with this number, which must be there, from the first one that is kept; *n of
 * them; to be freed. */
struct seen *seen_read(const struct memory *m, uint32_t number, unsigned *n);
/* The first of this kind from *i on, which is moved behind it; NULL if there is none. */
const struct seen *seen_next(const struct seen *all, unsigned n, unsigned *i, unsigned kind);
unsigned seen_count(const struct seen *all, unsigned n, unsigned kind, uint64_t addr);
struct recorder_thread *seen_thread(const struct memory *m, uint32_t number);

#endif

/* Private to own_*.c: the state of the screen of own programs and recordings. */
#ifndef LOCKSTEP_OWN_INTERNAL_H
#define LOCKSTEP_OWN_INTERNAL_H

#include "job.h"
#include "own_screen.h"
#include "path_edit.h"
#include "port.h"
#include "store.h"

enum { OWN_RECENT = 20 };
enum own_how { OWN_STEP, OWN_LIVE };
enum own_typing { TYPE_NOTHING, TYPE_PATH, TYPE_NAME };

/* What is being opened; while the job runs it is the job's. */
struct own_opening {
    enum own_how how;
    char *path;  /* of the program or the recording */
    char *token; /* the schedule to begin with; NULL */
    struct recording recording;
    int is_recording;
    struct program *program;
    struct schedule start;
    int rc;
    struct err e;
};

struct own {
    struct ui *ui;
    char *recent[OWN_RECENT]; /* paths, the last one first */
    int nrecent;
    struct store_recording *recordings;
    int nrecordings;
    int at, top, page; /* of programs, then recordings */
    enum own_typing typing;
    struct line_edit edit;
    char message[2048];
    unsigned style;
    struct rect rect;
    struct own_opening opening;
    struct job *job; /* NULL: nothing is being opened */
    /* What the screen above was opened on. */
    struct program *program, *controlled;
    char *title;
    int main_exit_wait;
    /* What undo puts back. */
    char *removed_path;
    struct store_recording *removed;
};

void own_say(struct own *o, unsigned style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Lists anew. */
void own_load(struct own *o);
int own_rows(const struct own *o);
/* The program of a row; NULL when it is a recording. */
const char *own_path_at(const struct own *o, int row);
struct store_recording *own_recording_at(const struct own *o, int row);
/* Note a program (absolute path) as the most recent one, or forget it. */
void own_note(struct own *o, const char *path, int remember);

/* own_open.c: begin to open what a row or a path names; deal with the job when it is done; let go
 * of what was opened last. */
void own_open_path(struct own *o, const char *path, enum own_how how);
void own_open_recording(struct own *o, const struct store_recording *r);
void own_opened(struct own *o);
void own_close(struct own *o);
void own_opening_fini(struct own_opening *x);

/* own_draw.c */
void own_draw(void *state, struct canvas *c);

#endif

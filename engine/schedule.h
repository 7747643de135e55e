/* Schedules: the choices that make an execution, their text form (token) and their file form
 * (recording). Pure, but for recording_*, which read and write files. */
#ifndef LOCKSTEP_SCHEDULE_H
#define LOCKSTEP_SCHEDULE_H

#include "base.h"
#include "names.h"
#include "trace.h"

/* A choice is the number of the task that makes the next step, or, right after a step that had
 * alternatives (whom does the signal wake?), CHOICE_ALT | index of the alternative. */
#define CHOICE_ALT 0x8000

/* A range on a task's stack that other tasks touch too, so that accesses there are steps. */
struct shared_range {
    uint16_t task;
    uint32_t offset; /* bytes below the top of the stack, a multiple of 8 */
    uint32_t size;   /* bytes, a multiple of 8 */
};

struct schedule {
    char hash[9]; /* of the program, 8 hex digits; "" if unknown */
    uint16_t *choices;
    size_t n, cap;
    uint8_t *checks; /* n of them: 5-bit running checksum after each choice (0xff: not known) */
    struct shared_range *shared;
    size_t nshared;
    int main_exit_wait; /* 1: --main-exit=wait */
};

/* Check letters of tokens hold a checksum modulo 26, so checks of a parsed schedule are 0..25. */
#define CHECK_UNKNOWN 0xff
#define SCHEDULE_MAX  10000000 /* choices a token or a recording may hold */

void schedule_init(struct schedule *s);
void schedule_fini(struct schedule *s);
/* *to must be initialised; what it held is freed. */
void schedule_copy(struct schedule *to, const struct schedule *from);
void schedule_add(struct schedule *s, uint16_t choice, uint8_t check);
/* Whether a check kept in a schedule agrees with one computed while replaying: modulo 26, and
 * CHECK_UNKNOWN agrees with all. */
int schedule_check_agrees(uint8_t kept, uint8_t computed);

/* Token: "ls1:HASH:" then runs "a2Kb3Q": task letter (a = T0 … z = T25, {26} beyond), number of
 * steps, checksum letter A-Z after them and the checksum = that of the run's last choice modulo 26
 * (left out when unknown); an alternative is "=1" after its run, with a letter of its own, "=1C";
 * "+t.offset.size" (hexadecimal) per shared range at the end; "!w" at the end for main_exit_wait.
 * Appended to *out. */
void schedule_format(const struct schedule *s, struct buf *out);
/* Parse a token; white space anywhere in it is skipped (tokens get wrapped when pasted). *s must be
 * initialised; it is replaced on success and unchanged on error. -ERR_DATA with the column (from 1)
 * of what is wrong, -ERR_NEWER for a later version (ls2:…). Fuzzed. */
int schedule_parse(struct schedule *s, const char *token, struct err *e);

/* How an address or a place of the program was called when it was recorded. */
struct recorded_name {
    uint64_t addr;
    int is_place;   /* a place in the code, else an object */
    int is_private; /* memory of the first process alone */
    char *text;     /* the object; the file of a place */
    char *function; /* of a place, else NULL */
    int line;
};

/* Recording: the schedule, how the program was built, and every event, in one file. One of a free
 * run holds no choices, as there were none: it is looked at, not replayed, and holds the names of
 * what it tells of, since addresses of a free run mean nothing in another one. */
struct recording {
    struct schedule schedule;
    struct trace trace;
    char **files; /* sources or binary, nfiles */
    int nfiles;
    char **args; /* nargs */
    int nargs;
    char *input, *values, *adversity; /* of --stdin, --values, --adversity; NULL if not given */
    char *finding;                    /* word of the finding it shows, or "" */
    int is_free;                      /* of a free run */
    struct recorded_name *names;      /* of a free run, in order of place and address */
    size_t nnames;
    char *notes; /* of a free run: what is missing in it, a sentence a line; or NULL */
};
/* Empty: everything zero, schedule and trace initialised. */
void recording_init(struct recording *r);
void recording_fini(struct recording *r);
/* Written to a temporary file beside path, then renamed: never half a file. A path that is no
 * regular file (a pipe, /dev/stdout) is written directly. -ERR_CREATE, -ERR_WRITE. */
int recording_write(const struct recording *r, const char *path, struct err *e);
/* -ERR_OPEN, -ERR_DATA (damaged, with the offset), -ERR_NEWER. Fuzzed. *r is overwritten: what it
 * held is not freed; on error it is empty (and need not be freed). */
int recording_read(struct recording *r, const char *path, struct err *e);
/* The same without files, for the store: append the bytes of a recording to *out; read them back.
 * `where` begins the error messages. */
void recording_encode(const struct recording *r, struct buf *out);
int recording_decode(struct recording *r, const void *bytes, size_t n, const char *where,
                     struct err *e);

/* Of a free run: keep how the events of r->trace spell what they tell of. */
void recording_learn(struct recording *r, const struct names *names);
/* What was kept, as names; *r is borrowed. Values are spelled "?": nobody noted them. */
struct names recording_names(const struct recording *r);

#endif

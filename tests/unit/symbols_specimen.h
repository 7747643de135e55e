/* For the tests of symbols: compile a fixture, run it traced and without address randomisation, and
 * look at it where it stops. Every failure ends the test. */
#ifndef SYMBOLS_SPECIMEN_H
#define SYMBOLS_SPECIMEN_H

#include "symbols.h"

enum { SPECIMEN_ROWS = 512 };

struct specimen {
    char binary[512];
    pid_t pid;
    uint64_t bias;
    struct regs regs; /* at the stop */
    uint64_t thread_pointer;
    struct memory memory;
    struct symbols *symbols;
    struct variable rows[SPECIMEN_ROWS]; /* of the last specimen_locals or specimen_globals */
    int nrows;
};

/* A scratch folder of this test program, removed by specimen_cleanup. */
const char *specimen_dir(void);
void specimen_cleanup(void);
int have_compiler(const char *cc);
/* Path of a fixture in tests/unit/symbols. Static storage, four at a time. */
const char *fixture(const char *name);
/* Run a shell command; a failure ends the test. */
void run(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Compile the fixtures with a command like "gcc -g -O0" into a program of the scratch folder. */
void specimen_build(struct specimen *t, const char *command);
/* Start t->binary, stopped before its first instruction, with its symbols open. */
void specimen_start(struct specimen *t);
/* Run to the next STOP(); 0 when the program ended instead. */
int specimen_next(struct specimen *t);
/* Run until it stops in `function`. */
void specimen_next_in(struct specimen *t, const char *function);
void specimen_end(struct specimen *t);
/* Where a file of the target is loaded, and its path; 0 if it is not. */
uint64_t specimen_mapped(struct specimen *t, const char *part, char *path, size_t n);

void specimen_locals(struct specimen *t, int frame);
void specimen_globals(struct specimen *t);
/* The row of that name at depth 0; the test ends when there is none. */
const struct variable *specimen_row(struct specimen *t, const char *name);
int specimen_has_row(struct specimen *t, const char *name);
/* The value of a row, as text. */
const char *specimen_value(struct specimen *t, const char *name);
/* names.object into static storage. */
const char *specimen_object_name(struct symbols *s, uint64_t addr, uint32_t size);

#endif

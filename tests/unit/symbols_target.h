/* For the tests of symbols: compile a fixture, run it traced and without address randomisation, and
 * look at it where it stops. Every failure ends the test. */
#ifndef SYMBOLS_TARGET_H
#define SYMBOLS_TARGET_H

#include "symbols.h"

enum { TARGET_ROWS = 512 };

struct target {
    char binary[512];
    pid_t pid;
    uint64_t bias;
    struct regs regs; /* at the stop */
    uint64_t thread_pointer;
    struct memory memory;
    struct symbols *symbols;
    struct variable rows[TARGET_ROWS]; /* of the last target_locals or target_globals */
    int nrows;
};

/* A scratch folder of this test program, removed by target_cleanup. */
const char *target_dir(void);
void target_cleanup(void);
int have_compiler(const char *cc);
/* Path of a fixture in tests/unit/symbols. Static storage, four at a time. */
const char *fixture(const char *name);
/* Run a shell command; a failure ends the test. */
void run(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Compile the fixtures with a command like "gcc -g -O0" into a program of the scratch folder. */
void target_build(struct target *t, const char *command);
/* Start t->binary, stopped before its first instruction, with its symbols open. */
void target_start(struct target *t);
/* Run to the next STOP(); 0 when the program ended instead. */
int target_next(struct target *t);
/* Run until it stops in `function`. */
void target_next_in(struct target *t, const char *function);
void target_end(struct target *t);
/* Where a file of the target is loaded, and its path; 0 if it is not. */
uint64_t target_mapped(struct target *t, const char *part, char *path, size_t n);

void target_locals(struct target *t, int frame);
void target_globals(struct target *t);
/* The row of that name at depth 0; the test ends when there is none. */
const struct variable *target_row(struct target *t, const char *name);
int target_has_row(struct target *t, const char *name);
/* The value of a row, as text. */
const char *target_value(struct target *t, const char *name);
/* names.object into static storage. */
const char *object_name(struct symbols *s, uint64_t addr, uint32_t size);

#endif

/* The real program on a terminal of its own (tty.h), with a home of its own. The runner sets
 * LOCKSTEP (the program) and LOCKSTEP_LESSONS. Failures end the test. */
#ifndef LOCKSTEP_TESTS_REAL_H
#define LOCKSTEP_TESTS_REAL_H

#include "tty.h"

extern char home[256], program[512], lessons[512];

enum { REAL_ARGUMENTS = 8 };
struct command {
    const char *argv[REAL_ARGUMENTS];
    const char *set[2]; /* one more variable of the environment, or NULL */
};

/* Make and remove the home: for cmocka_run_group_tests_name. */
int make_home(void **state);
int drop_home(void **state);
/* `lockstep COMMAND ARGUMENT` (either may be NULL) on xterm-256color, up to its first frame. */
void open_real(struct tty *t, const char *command, const char *argument, int cols, int rows);
void open_command(struct tty *t, const struct command *c, const char *term, int cols, int rows);
/* Type characters one by one, a frame after each. */
void keys(struct tty *t, const char *each);
/* Processes whose parent is `pid`, at most n. */
int children(pid_t pid, pid_t *out, int n);
/* Until none of these lives; a zombie does not. */
void assert_gone(const pid_t *pids, int n);
/* A file below the home; its path is static, good until the next one. */
const char *write_program(const char *name, const char *text);

#endif

/* What the commands share: their entry points, the files they were given, replay lines, signals,
 * the end of standard output. Host thread only. */
#ifndef LOCKSTEP_CMD_H
#define LOCKSTEP_CMD_H

#include "options.h"
#include "program.h"
#include "schedule.h"

#include <stdio.h>

#define COMMAND(id, function, name, operands, min, max, takes_args, summary, detail)               \
    int cmd_##function(const struct options *o);
#include "commands.def"
#undef COMMAND

/* The C files (or the binary) and arguments of the command line. */
struct given {
    char **files; /* what the compiler gets: "-" stands for a copy of standard input */
    char **names; /* as the user wrote them */
    int nfiles;
    char *const *args; /* borrowed */
    int nargs;
    char *spool;       /* folder with the copy of standard input, removed by given_fini; or NULL */
    const char *input; /* of --stdin as the user wrote it, or NULL; borrowed */
    char *input_file;  /* a file that holds it */
    struct conditions how; /* as the user wrote it; .input is not used */
};

/* "-" is read to its end at once. -ERR_USAGE when it is given twice, -ERR_CREATE, -ERR_WRITE. *g
 * needs given_fini in every case. */
int given_open(struct given *g, char *const *files, int nfiles, char *const *args, int nargs,
               struct err *e);
/* How the program is run; the input "-" is our own standard input, read to its end at once, and a
 * pipe is copied, too. The strings stay borrowed. Errors as above. */
int given_run(struct given *g, const struct conditions *how, struct err *e);
void given_fini(struct given *g);
/* Compile; what the compiler says although it succeeds goes to standard error. */
int given_build(const struct given *g, struct program **out, struct err *e);

/* s as one word for the shell: as it is if harmless, else quoted. */
void shell_quote(struct buf *out, const char *s);
/* `lockstep replay TOKEN [OPTIONS] FILE... [-- ARGS]`, ready to be pasted into a shell; no newline.
 */
void given_replay_line(struct buf *out, const struct given *g, const struct schedule *s);

/* Print "lockstep: COMMAND: message" to standard error; the exit status of the error. */
int cmd_fail(const struct options *o, const struct err *e);
/* Flush standard output. 0, or -1 when it cannot be written any more: the caller then stops. */
int out_flush(void);
/* Write b to standard output and empty it; as out_flush. */
int out_buf(struct buf *b);

/* Catch SIGINT, SIGTERM and SIGHUP in a flag (a second one ends the process at once), and make a
 * closed pipe an error of writing. What we exec gets the defaults back. */
void signals_init(void);
/* The signal that came, or 0. */
int signal_caught(void);
/* It was answered: what it stopped has stopped, and we go on. */
void signal_forget(void);
/* 1 after something was written into a pipe that nobody reads any more. */
int pipe_broken(void);

/* May a line of progress stand on standard error: only on a terminal that may be repainted. It
 * begins with \r and ends with \033[K; progress_wipe takes it away if it was shown. */
int progress_possible(void);
void progress_wipe(int shown);

struct store;
struct catalogue;

/* Plain lines rather than screens: asked for with --plain, or there is no terminal for screens. */
int use_plain(const struct options *o);
/* The lessons below dir, NULL: the installed ones; bad ones are named on standard error.
 * -ERR_NOT_FOUND, -ERR_OPEN. */
int open_catalogue(struct catalogue *c, const char *dir, struct err *e);
/* The store; when it cannot be opened, one in memory, with a warning on standard error. */
struct store *open_store(void);

#endif

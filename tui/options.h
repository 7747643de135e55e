/* The command line: which command, which options, which operands. Everything comes from two
 * tables, commands.def and options.def. Pure, but for getopt's globals; not thread-safe. */
#ifndef LOCKSTEP_OPTIONS_H
#define LOCKSTEP_OPTIONS_H

#include "base.h"

enum command_id {
#define COMMAND(id, function, name, operands, min, max, takes_args, summary, detail) COMMAND_##id,
#include "commands.def"
#undef COMMAND
    COMMAND_COUNT
};

struct command {
    const char *name;     /* "run"; "" for what runs without a command */
    const char *operands; /* "FILE.c... [-- ARGS]" */
    int min, max;         /* operands; max -1: no limit */
    int takes_args;       /* what follows "--" is kept apart, for the program under study */
    const char *summary;  /* one line */
    const char *detail;   /* some lines for --help, or "" */
};

enum option_type {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_NUMBER,
    OPTION_COUNT,
    OPTION_SECONDS,
    OPTION_WORD
};

struct option_row {
    enum command_id command;
    char letter; /* 0 if it has none */
    const char *name;
    enum option_type type;
    size_t field; /* offset into struct options */
    const char *meta;
    const char *help;
};

/* What the command line said. Strings point into argv. */
struct options {
    enum command_id command;
    int help, version, plain, json, csv, first, time, accesses, no_explore;
    int notes, check, hands;
    const char *schedule, *choose, *output, *solution; /* NULL if not given */
    const char *stdin_file, *values, *adversity;       /* NULL if not given */
    const char *processors, *threads, *against;        /* NULL if not given */
    uint64_t executions, seed, steps;                  /* 0 if not given */
    uint64_t from;                                     /* 0 if not given */
    uint64_t runs, repeat, load;                       /* 0 if not given */
    int noise;                                         /* enum recorder_noise */
    int optimise;                                      /* 0 not given, else the level + 1 */
    double seconds;                                    /* 0 if not given */
    int strategy;                                      /* enum strategy */
    int main_exit;                                     /* 0 real, 1 wait */
    char **operands; /* noperands of them, NULL-terminated; the array is owned */
    int noperands;
    char **args; /* after "--", or all arguments of `cc`; borrowed from argv */
    int nargs;
};

extern const struct command commands[COMMAND_COUNT];
/* Rows of options.def, in its order; *n gets their number. */
const struct option_row *option_rows(size_t *n);

/* Parse argv[1..argc). -ERR_USAGE with what is wrong and what was probably meant; o->command then
 * is the command it was found in. Numbers of operands are checked unless help or version is asked
 * for. *o needs options_fini in every case. */
int options_parse(struct options *o, int argc, char **argv, struct err *e);
void options_fini(struct options *o);

/* The command called `name` (whole), or -1. */
int command_find(const char *name);

/* The help of a command (COMMAND_HOME: of lockstep itself), appended to *out. */
void options_help(enum command_id command, struct buf *out);

/* The nearest of names[0..n) to `word`, if it is near enough to be a slip of the fingers; else
 * NULL. A name that begins with `word` counts as near. */
const char *nearest_word(const char *word, const char *const *names, size_t n);

#endif

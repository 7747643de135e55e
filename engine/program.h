/* From C source to a program that can be controlled: compile, link with the probe, hash. */
#ifndef LOCKSTEP_PROGRAM_H
#define LOCKSTEP_PROGRAM_H

#include "base.h"

#define PROGRAM_VALUES 16

struct program {
    char *binary;   /* path of the executable */
    char **sources; /* nsources absolute paths as given; 0 when a binary was given */
    int nsources;
    char **argv; /* arguments for the program, argv[0] its name; NULL-terminated */
    int argc;
    char *name;                      /* as the user named it: "counter.c" */
    char hash[9];                    /* 8 hex digits: of sources (or binary) and arguments */
    char own_hash[9];                /* the same without how it is run */
    char *stdin_path;                /* a file with what it reads on standard input; NULL: empty */
    int64_t values[PROGRAM_VALUES];  /* what is not determined may have these values */
    int nvalues;                     /* 0: the usual ones */
    uint32_t adversity, adverse_max; /* enum arena_adversity, and how many events an execution */
    char *adversity_list;            /* as it was given; NULL: none */
    uint32_t max_steps;              /* of an execution; 0: the usual limit */
    char *temp_dir;                  /* removed by program_free; NULL if none */
    int temp_lock;                   /* on it, while it is in use */
    char *warnings;                  /* what the compiler said though it succeeded; "" if nothing */
};

/* Build FILE.c… (or take one binary built with `lockstep cc`) to run with args. files: nfiles
 * paths; args: nargs strings, without argv[0]. Blocks while the compiler runs.
 * -ERR_OPEN, -ERR_COMPILE (message holds the compiler's), -ERR_COMPILER, -ERR_NOT_A_PROGRAM. */
int program_build(struct program **out, char *const *files, int nfiles, char *const *args,
                  int nargs, struct err *e);
/* How a program is run; borrowed strings. NULL and 0 for the usual. */
struct conditions {
    const char *input;     /* a regular file: its standard input */
    const char *values;    /* "0,1,-1": those of what is not determined */
    const char *adversity; /* "spurious,kill:2": what may happen, and how often */
    uint64_t max_steps;    /* the limit of steps of an execution */
};
/* All but the limit count in the hash. -ERR_OPEN, -ERR_USAGE. */
int program_conditions(struct program *p, const struct conditions *c, struct err *e);
/* Another adversity, NULL: none; a session takes it over when it begins again. -ERR_USAGE. */
int program_adversity(struct program *p, const char *list, struct err *e);
void program_free(struct program *p);

/* How a program is compiled that is to run free, on the real library and at full speed. */
enum program_build {
    BUILD_PLAIN, /* as any compiler would: the recorder, preloaded, sees its operations */
    BUILD_NOTED  /* instrumented and linked with the recorder: accesses to memory are seen, too */
};
/* As program_build; for BUILD_PLAIN any dynamically linked ELF program will do, also one that
 * nobody compiled for lockstep. optimise: 0 to 3, as -O. -ERR_COMPILER also when the recorder is
 * missing. */
int program_build_free(struct program **out, char *const *files, int nfiles, char *const *args,
                       int nargs, enum program_build build, int optimise, struct err *e);

/* What the calling thread builds from now on is given up soon after stop(ctx) says 1: the compiler
 * is ended, and the build fails with some error. NULL, as at the beginning: never. */
void program_build_until(int (*stop)(void *ctx), void *ctx);

/* Replace the process by the compiler, of C or C++, with the probe added to the flags (lockstep cc,
 * lockstep c++). Returns only on error: -ERR_COMPILER, -ERR_UNSUPPORTED for an option that cannot
 * be. argv: what follows `cc`. */
int program_cc(int cxx, int argc, char *const *argv, struct err *e);

/* Where installed files are: the probe library, the lessons. Found beside the executable, in the
 * build tree, or under PREFIX. Static strings; NULL if not found. */
const char *path_probe(void);
const char *path_recorder(void);
const char *path_lessons(void);
const char *path_include(void);
/* The folder of the catalogues: $LOCKSTEP_LOCALE, else found like the others. */
const char *path_locale(void);

#endif

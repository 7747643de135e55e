/* What `lockstep live --time` measured, and how it is told: as text with a curve, and as JSON. The
 * telling functions only read it; the same measurement gives the same bytes. */
#ifndef LOCKSTEP_TIMING_H
#define LOCKSTEP_TIMING_H

#include "live.h"
#include "measure.h"
#include "statistics.h"

enum { TIMING_THREADS_MAX = 64, TIMING_THREADS_MOST = 4096, TIMING_FAILURES = 4 };

/* Numbers of threads, ascending, each once. */
struct timing_threads {
    int n, list[TIMING_THREADS_MAX];
};
/* "1,2,4-8". -ERR_USAGE says which word is wrong, and why. */
int timing_threads(struct timing_threads *out, const char *list, struct err *e);
/* args[0..n) with each {} replaced by `threads`, after argv[0] = name; NULL-terminated. The caller
 * frees it with timing_argv_free. *places gets the number of {} found. */
char **timing_argv(const char *name, char *const *args, int n, int threads, int *places);
void timing_argv_free(char **argv);

/* The runs of one program with one number of threads. */
struct timing_series {
    int program;            /* index into programs */
    int threads;            /* 0: none was asked for */
    size_t n;               /* rounds that were run */
    double *wall;           /* n: seconds; NAN for a run that failed */
    struct measure *runs;   /* n */
    size_t ntried, nfailed; /* the one before the first round included */
    struct {
        char *why;
        size_t n;
    } failures[TIMING_FAILURES]; /* the first few different ones */
};

/* An object for which tasks had to wait. */
struct timing_contended {
    char *what; /* "mutex m" */
    uint64_t operations, contended;
    double waited; /* seconds, all tasks together */
};

/* One run that was recorded, for what its threads wait for; it is slower and in no time above. */
struct timing_pass {
    int program, threads; /* as of a series */
    char *why;            /* why it did not come to a good end; "" usually */
    uint64_t operations, waits;
    double waited;
    uint64_t lost; /* operations that came too fast to be kept */
    struct timing_contended *contended;
    size_t ncontended; /* the few most waited for */
};

struct timing {
    const char *programs[2]; /* as the user named them */
    int nprograms;
    int optimise;    /* the level they were compiled with; -1: they were there already */
    int processors;  /* that a run may use */
    size_t rounds;   /* asked for */
    uint64_t load;   /* of --load */
    double seconds;  /* limit of a run */
    int interrupted; /* 1: fewer rounds than asked for */
    const struct timing_threads *threads; /* n 0: none asked for */
    struct timing_series *series; /* nprograms for each number of threads, in the order run */
    size_t nseries;
    struct timing_series *empty; /* a program that does nothing; NULL: it could not be built */
    double others,
        stolen; /* processors that others, and the host of a virtual machine, used; NAN */
    struct timing_pass passes[2];
    int npasses;
};

/* Run *program (its argv is used) once with the recorder, into *p, where program and threads are
 * set; stop() ends it. Blocks. As live_open; *p needs timing_pass_fini when it succeeded. */
int timing_pass(struct timing_pass *p, struct program *program, const struct live_options *how,
                double seconds, int (*stop)(void), struct err *e);
void timing_pass_fini(struct timing_pass *p);

/* NULL if there are no such runs. */
const struct timing_series *timing_find(const struct timing *t, int program, int threads);
/* The serial share of a program: amdahl_fit over its numbers of threads. */
enum amdahl timing_amdahl(const struct timing *t, int program, struct summary *s);
/* The warnings: a sentence a line, "" if there is nothing to warn of. */
void timing_warnings(const struct timing *t, struct buf *out);
/* Pages of text, width columns at most (at least 60 are used). */
void timing_text(const struct timing *t, int width, int ascii, struct buf *out);
/* The curve of the speed-up; nothing with fewer than two numbers of threads. */
void timing_curve(const struct timing *t, int width, int ascii, struct buf *out);
void timing_json(const struct timing *t, struct buf *out);
/* One of struct measure's fields, over the runs that count. */
void timing_summary(struct summary *s, const struct timing_series *r, size_t offset);

#endif

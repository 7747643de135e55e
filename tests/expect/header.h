/* The header of a test program: what `lockstep explore` must say about it.
 *
 * The header is the block of // comments at the top; README.md lists the directives. */
#ifndef EXPECT_HEADER_H
#define EXPECT_HEADER_H

enum { MAX_ROWS = 64, MAX_WORDS = 32, MAX_LINES = 16 };

struct outcome {
    const char *out;
    int exit_status, signal, deadlock, livelock; /* -1: not that end */
    long executions;                             /* -1: not stated */
    int seen;
};

struct finding {
    const char *kinds; /* "deadlock|lost-wakeup" */
    int lines[MAX_LINES], nlines;
    int many;     /* stands for one or more */
    int optional; /* may be absent */
    int seen;
};

/* One run of `lockstep explore` and what it must say. */
struct run {
    const char *options[MAX_WORDS], *args[MAX_WORDS];
    int noptions, nargs;
    int complete; /* -1 not stated */
    int no_findings;
    long executions, exit_status; /* -1 not stated */
    /* running free on the real library: why outcomes beside these may be seen, why it is not run,
     * NULL; whether runs at the same time would disturb each other */
    const char *free_outside, *free_not;
    int free_alone;
    struct outcome outcomes[MAX_ROWS];
    struct finding findings[MAX_ROWS];
    int noutcomes, nfindings, nexpects;
};

/* Parse the header of the program at path into runs[MAX_ROWS]; returns how many runs it asks for,
 * at least one. A mistake in the header ends the process with status 2 and says where. The strings
 * live until the end. */
int header_read(const char *path, struct run *runs);

#endif

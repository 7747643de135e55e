/* Programs compiled and searched once, however many claims ask. Inside lessons/ only. */
#ifndef LOCKSTEP_SEARCH_H
#define LOCKSTEP_SEARCH_H

#include "check.h"
#include "explore.h"

enum { SEARCH_STRATEGIES = STRATEGY_RANDOM + 1 };

struct search {
    char *path;
    char *adversity;         /* NULL: none */
    struct program *program; /* NULL: it does not compile, see error */
    struct err error;
    struct explore_result results[SEARCH_STRATEGIES];
    int done[SEARCH_STRATEGIES];
};

/* Zero-initialised with `bound` set is ready. */
struct searches {
    struct search **v;
    size_t n;
    struct check_options bound; /* with the defaults filled in */
    int interrupted;            /* progress asked to end */
};
void searches_init(struct searches *all, const struct check_options *o);
/* Other bounds from now on; what was searched stays. NULL: the defaults. */
void searches_bound(struct searches *all, const struct check_options *o);
void searches_fini(struct searches *all);

/* The program at path, compiled. Always returns one; look at ->program. Borrowed. */
struct search *search_program(struct searches *all, const char *path);
/* The same where that may happen, as of --adversity; NULL: nothing. */
struct search *search_adverse(struct searches *all, const char *path, const char *adversity);
/* Tell what is being done; 1 when all is to end (then *e says so). */
int searches_interrupted(struct searches *all, enum check_phase phase, struct err *e);
/* Take the program at path out, as its file has changed; NULL if there is none. Whoever takes it
 * frees it. */
struct program *searches_take(struct searches *all, const char *path);
/* What a search of it found; NULL with *e when it cannot run. Borrowed. */
const struct explore_result *search_result(struct searches *all, struct search *s,
                                           enum strategy strategy, struct err *e);

#endif

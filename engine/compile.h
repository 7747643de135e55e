/* What program.c and cc.c share: command lines for the compiler. Host only; may block. */
#ifndef LOCKSTEP_COMPILE_H
#define LOCKSTEP_COMPILE_H

#include "base.h"

enum language { LANGUAGE_C, LANGUAGE_CXX };

/* A command line being put together: a NULL-terminated list of owned strings. */
struct command {
    char **argv;
    int n;
};

void command_add(struct command *c, const char *arg);
void command_fini(struct command *c);

/* The compiler's own words: $LOCKSTEP_CC or cc, $LOCKSTEP_CXX or c++ ("ccache gcc" is two). */
void compile_begin(struct command *c, enum language language);
/* The same, for messages; a static string. */
const char *compile_name(enum language language);
const char *compile_variable(enum language language);
/* The flags that instrument; optimise: 0 to 3. */
void compile_flags(struct command *c, enum language language, int optimise);
/* What lets gcc note accesses without a call (inline_note.h); dir: where a file for it can lie. */
void compile_inline_note(struct command *c, enum language language, const char *dir);
/* Those of a program that runs as it is. */
void compile_plain_flags(struct command *c, int optimise);
/* Where lockstep.h and the headers of the lessons are. */
void compile_include(struct command *c);
/* The probe (or recorder), with what a link needs for it; to stand before all other libraries. */
void compile_probe(struct command *c, const char *probe);
/* The libraries the compiler would add by itself: -fsanitize=thread while linking brings in another
 * run-time unless they are named by hand. */
void compile_libraries(struct command *c, enum language language);
/* C, by the end of the name, or C++; -1: no source. */
int compile_language(const char *path);

/* Run it with all it says in *said; its wait status, or -1 when it could not be started. */
int command_run(const struct command *c, struct buf *said);

#endif

/* Plans: what is shown to a class in one hour, in order. A plan is a text file; its syntax is in
 * lessons/README.md. Reading is pure but for the file; nothing is looked up in the lessons here
 * (lessons/talk.h does that), compiled or run. Host thread; allocates. Texts are valid UTF-8
 * without control characters other than newline. */
#ifndef LOCKSTEP_PLAN_H
#define LOCKSTEP_PLAN_H

#include "lesson.h"

enum plan_kind {
#define PLAN_KIND(id, word, help) PLAN_##id,
#include "plan.def"
#undef PLAN_KIND
    PLAN_KINDS
};
/* The word an entry begins with ("lesson"); "?" for a number that is none. */
const char *plan_kind_word(enum plan_kind kind);

/* Where a program that is shown stands at first. */
enum plan_at {
    PLAN_AT_DEFAULT, /* at the end of `path`; with `schedule` at the beginning */
    PLAN_AT_STEP,
    PLAN_AT_END,
    PLAN_AT_FINDING
};

struct plan_entry {
    enum plan_kind kind;
    int line;           /* of the plan */
    const char *lesson; /* id, or "" */
    const char *what;   /* file, id of a question, number or title of a section, title; or "" */
    int minutes;        /* 0: not stated */
    struct lesson_path path; /* STEP: go there first; may be empty */
    struct lesson_path then; /* STEP: what the clicks walk through after it; may be empty */
    const char *schedule;    /* STEP: a token that can be parsed, or "" */
    enum plan_at at;
    uint32_t at_step;
    const char *panel;       /* STEP: word of the panel to begin with, or "" */
    struct lesson_text text; /* what to look at */
    struct lesson_text *say; /* TEXT: its paragraphs, nsay of them */
    size_t nsay;
    struct lesson_question *ask; /* ASK: the question; else NULL */
    const char *note;            /* for the speaker, lines; "" */
};

struct plan_problem {
    int line; /* of the plan; 0: of no line */
    const char *message;
};

struct plan {
    const char *file;  /* as given */
    const char *dir;   /* its folder: own programs are found from there */
    const char *title; /* the file's name without its end, where none is given */
    const char *note;  /* notes before the first entry */
    int minutes;       /* 0: not stated */
    struct plan_entry *entries;
    size_t nentries;
    struct plan_problem *problems; /* in order; what they are about is left out of the entries */
    size_t nproblems;
    struct pool *memory; /* owns all of the above */
};

enum { PLAN_MAX_BYTES = 1 << 18, PLAN_MAX_ENTRIES = 500, PLAN_MAX_MINUTES = 24 * 60 };

/* Read a plan. What is wrong in it is in problems, the rest can be used. -ERR_OPEN; -ERR_DATA when
 * it is no text, or has no entry at all that can be used: *e names the first line that is wrong. */
int plan_read(struct plan **out, const char *path, struct err *e);
/* The same from memory; `name` stands for the path. -ERR_DATA. Fuzzed. */
int plan_parse(struct plan **out, const char *name, const char *data, size_t n, struct err *e);
/* A plan of lessons (ids), each presented whole. */
struct plan *plan_of_lessons(char *const *ids, size_t n);
void plan_free(struct plan *p); /* NULL is allowed */

/* Add a problem found later (talk.h): the message is copied. */
void plan_complain(struct plan *p, int line, const char *message);
/* Path of the file an entry of its own names, to be freed: from the plan's folder, "~/" from home.
 */
char *plan_path(const struct plan *p, const char *file);

/* The plans that are found: NAME.plan in the folder `plans` of the lessons and of the settings
 * ($XDG_CONFIG_HOME/lockstep, ~/.config/lockstep), one's own first, each by name. Fills *out with n
 * paths, to be freed with plans_free. Returns n. */
size_t plans_list(char ***out);
void plans_free(char **paths, size_t n);
/* The path of the plan called `name`: the file of that name, else one of plans_list with or without
 * its end. To be freed; NULL if there is none. */
char *plan_find(const char *name);

#endif

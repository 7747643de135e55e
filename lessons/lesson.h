/* Lessons: the reader of lesson.md and the catalogue of all lessons.
 *
 * A lesson is a folder DIR/UNIT/NAME with lesson.md (front matter, then Markdown; the syntax is in
 * lessons/README.md) and the C programs it speaks of. Reading is pure but for the files; nothing is
 * compiled or run here (lessons/check.h does that). What is returned is read-only for callers.
 * Host thread; allocates. Texts are valid UTF-8 without control characters other than newline. */
#ifndef LOCKSTEP_LESSON_H
#define LOCKSTEP_LESSON_H

#include "base.h"
#include "event.h"

struct pool;

/* -------- text -------- */

enum lesson_style { STYLE_PLAIN, STYLE_EMPHASIS, STYLE_STRONG, STYLE_CODE };

/* A stretch of text in one style. */
struct lesson_run {
    size_t start, n; /* bytes of lesson_text.text */
    enum lesson_style style;
};

/* A paragraph, unwrapped: the one who shows it breaks the lines. '\n' is a hard break. The runs
 * cover the text without gaps, in order. An empty text has text "" and no runs. */
struct lesson_text {
    const char *text;
    struct lesson_run *runs;
    size_t nruns;
};

/* -------- claims -------- */

enum claim_kind {
#define CLAIM(id, word, shape) CLAIM_##id,
#include "claim.def"
#undef CLAIM
    CLAIM_COUNT
};

struct claim_string {
    const char *bytes; /* after escapes; NUL-terminated, may hold NULs */
    size_t n;
};

/* One statement about one program, to be checked by searching its schedules. */
struct claim {
    enum claim_kind kind;
    const char *program;   /* file name inside the lesson's folder */
    const char *adversity; /* what may happen, as `lockstep explore --adversity`; NULL: nothing */
    const char *text;      /* as written: `outcomes: "1\n" "2\n"` */
    int line;              /* of lesson.md */
    const struct claim_string
        *strings; /* OUTCOMES, ONLY, POSSIBLE, IMPOSSIBLE; LEAST `for "…"`: one */
    size_t nstrings;
    int finding;   /* FINDING, NO_FINDING, LEAST `for KIND`: enum finding_kind; else -1 */
    int at_line;   /* FINDING: `line N`; 0: anywhere */
    long *numbers; /* NUMBER, NUMBERS, LEAST */
    size_t nnumbers;
};
/* The word of a kind ("least-switches"); "?" for a number that is none. */
const char *claim_word(int kind);

/* -------- paths -------- */

/* A way through a program, written for people and independent of step counts where it can be:
 * `T0 *, T1 @9, T2 *, T1 2`. Followed with path_follow of lessons/path.h. */
enum path_until {
    PATH_STEPS, /* `T1 2`: so many steps */
    PATH_LINE,  /* `T1 @9`: until its next step stands on line 9 (at least 0 steps) */
    PATH_BLOCK, /* `T1 *`: until it is blocked or has ended */
    PATH_PICK   /* `=1`: the last step asks whom it wakes: the alternative of that number */
};
struct path_leg {
    enum path_until until;
    unsigned task; /* PATH_PICK: unused */
    long n;        /* steps, line, alternative */
};
struct lesson_path {
    const char *text; /* as written; "" when there is none */
    struct path_leg *legs;
    size_t nlegs;
    int line; /* of lesson.md */
};

/* -------- blocks -------- */

enum lesson_block_kind {
    LESSON_PARAGRAPH, /* text */
    LESSON_HEADING,   /* text: a heading inside a section (###) */
    LESSON_ITEM,      /* text: of a list; depth from 1, number 0 for a bullet */
    LESSON_CODE,      /* code: shown as it is */
    LESSON_PROGRAM,   /* program: the file shown beside the text from here on */
    LESSON_STEP,      /* program: an invitation to open it in the step screen */
    LESSON_QUESTION,
    LESSON_CHALLENGE,
    LESSON_RECAP,
    LESSON_CLAIMS /* not shown to learners */
};

/* ```program and ```step */
struct lesson_program {
    const char *file;        /* inside the folder */
    int first, last;         /* lines to show; 0, 0: all */
    struct lesson_text text; /* `text:` what to look at, or to do */
    struct lesson_path path; /* `path:` go there first; may be empty */
    struct lesson_text goal; /* `goal:` when the learner has got there; may be empty */
};

/* ```question: predict, then see. One right choice, or several ("which of these…"). */
struct lesson_choice {
    struct lesson_text text;
    int right;
    struct claim_string outcome; /* is_outcomes: the output this choice stands for; else empty */
};
struct lesson_question {
    const char *id;   /* unique in the lesson: "q1", or as given */
    const char *file; /* the program asked about; "" none */
    struct lesson_text ask;
    struct lesson_choice *choices; /* 2 to 9 */
    size_t nchoices;
    size_t nright;   /* >= 1; more than one: all of them must be picked */
    int is_outcomes; /* choices are outputs; the engine computes which can occur */
    struct lesson_text explain;
    struct lesson_path path; /* a way that shows the answer; may be empty */
    struct claim *claims;    /* what the answer rests on */
    size_t nclaims;
    int line;
};

enum challenge_kind { CHALLENGE_BREAK, CHALLENGE_FIX, CHALLENGE_FIND };
enum { CHALLENGE_HINTS = 3 };

/* A deliberately wrong fix, and the refusal the judge must give it (word of refusal.def). */
struct lesson_wrong_fix {
    const char *file;
    int refusal;
    int line;
};

/* What a right answer must still do: every task that starts in `routine` writes `object`. */
struct lesson_work {
    const char *routine, *object;
    int line;
};

/* ```challenge */
struct lesson_challenge {
    const char *id; /* unique in the lesson: "break", "fix" … */
    enum challenge_kind kind;
    const char *file; /* the program to break, or the start to be fixed */
    struct lesson_text title, text;
    struct lesson_text hints[CHALLENGE_HINTS];
    /* break and find: one of the two goals; of find, what the run shows */
    int goal_finding;                 /* enum finding_kind, -1: an outcome */
    struct claim_string goal_outcome; /* standard output to reach */
    long least_switches;              /* -1: not stated; find: how many were needed */
    struct lesson_path path;          /* one way to the goal: the solution shown in the end; find:
                                         the run */
    /* find: the way to the step that decides it, which is the last step of it */
    struct lesson_path decided;
    struct lesson_text explain; /* find: what is said after */
    /* fix: */
    const char *solution;  /* the file with a right answer; "" for break */
    struct claim *require; /* what must hold of a right answer: `require: …` */
    size_t nrequire;
    /* start routines: two tasks that began in one of them must be able to overlap */
    const char **concurrent;
    size_t nconcurrent;
    struct lesson_work *work; /* `work: inc counter` */
    size_t nwork;
    long bound_executions; /* search at most so many; 0: the default of check.h */
    long bound_seconds;
    struct lesson_wrong_fix *wrong;
    size_t nwrong;
    int line;
};

/* ```recap */
struct lesson_recap {
    struct lesson_text *sentences;
    size_t nsentences;
    struct lesson_text calls;  /* the C calls */
    struct lesson_text python; /* the Python counterpart */
    struct lesson_text read;   /* manual pages */
};

struct lesson_block {
    enum lesson_block_kind kind;
    int line; /* of lesson.md */
    int depth, number;
    struct lesson_text text;
    const char *code, *language; /* LESSON_CODE; language "" if not given */
    struct lesson_program *program;
    struct lesson_question *question;
    struct lesson_challenge *challenge;
    struct lesson_recap *recap;
    struct claim *claims;
    size_t nclaims;
};

/* -------- the lesson -------- */

/* `## Title` begins a section; a section is a page of the lesson. What the store remembers is its
 * index. Claims blocks are part of the section they stand in. */
struct lesson_section {
    const char *title; /* plain text */
    int line;
    struct lesson_block *blocks;
    size_t nblocks;
};

enum lesson_level { LEVEL_CORE, LEVEL_MORE, LEVEL_DEEP };
const char *lesson_level_word(enum lesson_level level); /* "core" "more" "deep" */

struct lesson {
    const char *id;   /* "race/lost-update" */
    const char *unit; /* "race" */
    const char *name; /* "lost-update" */
    const char *dir;  /* its folder; "" when parsed from memory */
    const char *file; /* path of the lesson.md that was read */
    const char *title;
    const char *summary; /* one line: what it shows; "" if not given */
    enum lesson_level level;
    int minutes;
    int order;          /* within its unit; 1000 if not given */
    const char **needs; /* ids of lessons to do first */
    size_t nneeds;
    const char *python;              /* the Python counterpart; "" none */
    struct lesson_section *sections; /* at least one */
    size_t nsections;
    struct pool *memory; /* owns all of the above */
};

enum { LESSON_MAX_BYTES = 1 << 20 };

/* Read the lesson in folder dir (".../race/lost-update"). locale: one name or several with colons
 * between, as LANGUAGE has them: "zh_CN.UTF-8" prefers lesson.zh_CN.md, then lesson.zh.md, where
 * one exists; NULL: lesson.md. The programs named must exist beside it.
 * -ERR_OPEN, -ERR_DATA with "file:line: what is wrong; what to do". */
int lesson_read(struct lesson **out, const char *dir, const char *locale, struct err *e);
/* The same from memory: `name` is used in error messages only; programs are not looked for, and the
 * id is what the front matter says. -ERR_DATA. */
int lesson_parse(struct lesson **out, const char *name, const char *data, size_t n, struct err *e);
void lesson_free(struct lesson *l);

/* Path of a file of the lesson, to be freed by the caller. */
char *lesson_file(const struct lesson *l, const char *file);
/* The program shown beside block `block` of section `section`: the nearest program or step block
 * at or before it in that section, else the first after it there; NULL if there is none. */
const struct lesson_program *lesson_program_at(const struct lesson *l, size_t section,
                                               size_t block);
/* The i-th question or challenge in the order of the text; NULL past the end. */
const struct lesson_question *lesson_question_at(const struct lesson *l, size_t i);
const struct lesson_challenge *lesson_challenge_at(const struct lesson *l, size_t i);
/* By id; NULL if there is none. */
const struct lesson_challenge *lesson_challenge_find(const struct lesson *l, const char *id);

/* -------- the catalogue -------- */

struct lesson_unit {
    char *name;      /* "race" */
    char *title;     /* "Races" */
    size_t first, n; /* its lessons: indices into catalogue.lessons */
};
struct lesson_problem {
    char *file;    /* what could not be used */
    char *message; /* with file and line */
};
struct catalogue {
    struct lesson_unit *units; /* in the order of DIR/units, others after it by name */
    size_t nunits;
    struct lesson **lessons; /* by unit, then `order`, then id */
    size_t nlessons;
    struct lesson_problem *problems; /* a bad lesson hides no other */
    size_t nproblems;
};

/* Read every DIR/UNIT/NAME/lesson.md; a translation that is wrong is a problem, and the original is
 * read in its place. -ERR_OPEN when DIR cannot be read; all else is a problem in
 * the catalogue. *c is overwritten. */
int catalogue_read(struct catalogue *c, const char *dir, const char *locale, struct err *e);
void catalogue_fini(struct catalogue *c);
/* By id, or by name alone when it is the only one of that name; NULL if there is none. */
struct lesson *catalogue_find(const struct catalogue *c, const char *id);

#endif

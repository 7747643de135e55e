/* A talk: the slides of a plan in order, with what the lessons hold of each, and how one walks
 * through them. Pure but for looking whether files are there. Host thread; allocates. */
#ifndef LOCKSTEP_TALK_H
#define LOCKSTEP_TALK_H

#include "plan.h"

enum slide_kind {
    SLIDE_COVER, /* the title, and what is wrong with the plan */
    SLIDE_TEXT,  /* blocks of a section, or paragraphs of one's own */
    SLIDE_STEP,  /* a program, stepped by clicks */
    SLIDE_QUESTION,
    SLIDE_CHALLENGE,
    SLIDE_LIVE, /* a program to run free */
    SLIDE_END
};

/* Borrows from the plan and the catalogue. */
struct slide {
    enum slide_kind kind;
    const struct plan_entry *entry;     /* NULL: cover, end */
    const struct lesson *lesson;        /* NULL: none */
    const char *title;                  /* one line */
    size_t section;                     /* of the lesson */
    const struct lesson_block **blocks; /* TEXT of a lesson */
    size_t nblocks;
    const char *program; /* path of the C file beside it, or to be stepped; "" none */
    int first, last;     /* its lines that are meant; 0, 0: all */
    const struct lesson_path *path, *then; /* STEP; either may be NULL */
    const char *schedule;                  /* STEP: "" none */
    enum plan_at at;
    const struct lesson_text *text, *goal; /* STEP, LIVE: what to look at; NULL */
    const struct lesson_question *question;
    const struct lesson_challenge *challenge;
    const char *solution; /* CHALLENGE to fix: path of a right answer; "" */
    int from_start;       /* STEP: `path` is what the clicks walk through */
};

struct talk {
    struct plan *plan; /* owned */
    struct slide *slides;
    size_t nslides;    /* at least the cover and the end */
    int *planned;      /* by entry: minutes, the lesson's own where the plan says none; 0 unknown */
    int minutes;       /* of the whole */
    struct pool *pool; /* owns the slides */
};

/* The slides of *plan, which is handed over. What the plan names and nobody has (a lesson, a
 * section, a question, a file) is left out and becomes a problem of the plan. */
struct talk *talk_make(struct plan *plan, const struct catalogue *lessons);
void talk_free(struct talk *t); /* NULL is allowed */

/* What a slide is, in a line: "question: What can it print?". */
void talk_line(const struct slide *s, struct buf *out);
/* All of a slide in plain text, lines not wrapped. shown: the answer too; hints: so many of them,
 * beyond CHALLENGE_HINTS the solution. */
void talk_text(const struct slide *s, int shown, int hints, struct buf *out);
/* The answer of a question or what is hidden of a challenge, for the speaker; nothing if there is
 * none. */
void talk_answer(const struct slide *s, struct buf *out);
/* "file:line: what is wrong", a line each. */
void talk_problems(const struct talk *t, struct buf *out);

/* -------- walking -------- */

struct walk {
    size_t at;  /* slide */
    int part;   /* TEXT: the page of it, from 0 */
    int shown;  /* the answer stands there */
    int hints;  /* so many stand there */
    int black;  /* nothing is shown */
    int begun;  /* the clock runs */
    int64_t t0; /* ms when it began */
};

/* On by one: the next of `parts` pages, the answer of a question, the next slide. 1 when
 * the slide changed. While black the first key only shows the slide again. */
int walk_on(struct walk *w, const struct talk *t, int parts, int64_t now);
/* Back by one; a slide that is come back to shows its last page (part INT_MAX) and its answer. */
int walk_back(struct walk *w, const struct talk *t, int64_t now);
/* To the first slide of the entry after (1) or before (-1) this one. */
int walk_entry(struct walk *w, const struct talk *t, int by, int64_t now);
/* Begin the clock where one begins in the middle: as if all had been in time until here. Nothing
 * when it runs, or before the first slide. */
void walk_begin(struct walk *w, const struct talk *t, int64_t now);
/* To a slide. */
int walk_to(struct walk *w, const struct talk *t, size_t slide, int64_t now);

/* The clock against the plan; minutes, rounded down. */
struct talk_time {
    int gone;       /* since it began */
    int of;         /* of the whole plan; 0: not stated */
    int over;       /* so many minutes more than planned until the end of this entry; 0 in time */
    int early;      /* so many minutes before this entry should begin; 0 */
    int64_t change; /* ms until something of this is another one; -1 never */
};
struct talk_time talk_clock(const struct talk *t, const struct walk *w, int64_t now);

#endif

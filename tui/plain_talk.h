/* Private to the stepping conversation of plain mode (plain_talk.c and its commands): where the
 * learner stands in an execution. As on the step screen, looking back changes nothing; another turn
 * taken there replaces what came after, and the run before is kept. */
#ifndef LOCKSTEP_PLAIN_TALK_H
#define LOCKSTEP_PLAIN_TALK_H

#include "plain.h"
#include "plain_command.h"
#include "plain_lesson.h"

#include "explain.h"
#include "explore.h"
#include "outcome_map.h"

/* A run to come back to, and where one stood in it. */
struct talk_past {
    struct schedule schedule;
    uint32_t at;
};
enum { TALK_PAST = 16 };

struct talk {
    struct plain *p;
    const struct talk_setup *setup;
    uint32_t at; /* the step looked at, 0 to the last one of the trace */

    struct talk_past undo[TALK_PAST], redo[TALK_PAST]; /* the newest last */
    int nundo, nredo;
    struct trace before; /* of the run that was left last */
    int has_before;

    struct explore_result found; /* of the last search */
    int has_found;
    size_t finding; /* of *found: the one shown next */

    struct outcome_set seen; /* ends that runs of the learner had */

    char needle[200]; /* what was searched last */
    int brief;        /* who could go next is told only when asked */
    uint32_t summed;  /* the end at this step was told; UINT32_MAX: none was */
    int moved;        /* to say where we stand */
};

/* -------- plain_talk.c -------- */
const struct trace *talk_trace(const struct talk *t);
const struct names *talk_names(const struct talk *t);
const struct world *talk_world(struct talk *t); /* at the step looked at; borrowed as world_at */
int talk_at_end(const struct talk *t);
/* "T1 (inc)" at the step looked at. */
void talk_task(struct talk *t, unsigned task, char *out, size_t n);
/* ", line 9", or ", queue.c:9" when the program has several files; "" when unknown. */
void talk_place(struct talk *t, const struct event *e, char *out, size_t n);
/* The sentences of a step, with what was found there. */
void talk_spell_step(struct talk *t, uint32_t step, struct buf *out);
/* Stand at `step` (clamped), having told nothing. */
void talk_stand(struct talk *t, uint32_t step);
/* Tell the steps first..last; of very many only the last ones. */
void talk_tell(struct talk *t, uint32_t first, uint32_t last);
/* Print the text and empty it. */
void talk_put(struct buf *out);
/* A search or a run that Ctrl-C stopped: say so, and the next Ctrl-C counts anew. 1 if it was. */
int talk_stopped(void);
/* A number that fills s up to its end. -1 if it is none, or more than 100,000,000. */
long talk_number(const char *s);
/* "3 9" into two numbers, "3" into twice the same; "" leaves them. 0, or -1 when it is neither. */
int talk_range(const char *s, uint32_t *first, uint32_t *last);
/* "T1", "t1": the task, if it has ever been; -1. */
int talk_task_of(struct talk *t, const char *s);
/* The address of a variable or object by its name anywhere in this run; 0 if there is none. */
uint64_t talk_object_of(struct talk *t, const char *name);

/* -------- plain_turn.c -------- */
enum { TALK_CHOICES = 300 };
/* Who could make the step after the one looked at. */
int talk_candidates(struct talk *t, struct choice *out, int max);
/* The last step asks something: whom does it wake? */
int talk_is_question(struct talk *t);
/* Say them; the one that Enter takes is marked. */
void talk_say_choices(struct talk *t);
/* What can be answered, for the prompt. */
void talk_prompt(struct talk *t, struct buf *out);
enum talk_answer talk_pick(struct talk *t, const char *digits);
/* Forget what comes after `step`, keeping this run as the one before, and stand there. 0, or -1 and
 * it was said. */
int talk_cut(struct talk *t, uint32_t step);
/* Replay a schedule and stand at its end, telling nothing. 0, or -1 and it was said. */
int talk_replay(struct talk *t, const struct schedule *s);

/* -------- plain_undo.c -------- */
/* Before another turn: keep this run, to come back to and to compare with. */
void talk_keep_before(struct talk *t);
void talk_forget_before(struct talk *t);

/* -------- plain_search.c -------- */
/* In a challenge the engine does not find the way: 1, and it was said. */
int talk_by_hand(const struct talk *t);

/* -------- plain_move.c -------- */
enum talk_answer talk_forward(struct talk *t, long n);

#endif

/* A program made by chance that runs "free": what its threads do is known exactly, and what they
 * would have noted is given to a model, look by look. */
#ifndef LOCKSTEP_TESTS_MADE_LIVE_H
#define LOCKSTEP_TESTS_MADE_LIVE_H

#include "live_model.h"

#include "made_trace.h"

#include <stdlib.h>

enum { ML_TASKS = 24, ML_LOCKS = 5, ML_ROOM = 4096, ML_STEPS = 40000 };

/* What a task waits for: nothing, a lock, to be signalled, a semaphore, the end of another. */
enum ml_wait { ML_GOES, ML_LOCK, ML_COND, ML_WOKEN, ML_SEM, ML_JOIN };

struct ml_state { /* at one moment */
    uint8_t owner[ML_LOCKS];
    uint8_t wait[ML_TASKS], what[ML_TASKS]; /* enum ml_wait; lock or task */
};

struct made_live {
    struct live_model m;
    uint64_t now;
    unsigned ntasks;
    struct ml_state at;     /* now; owners are task + 1 */
    struct ml_state *after; /* after[s]: after step s and before the next */
    uint32_t nsteps;
    uint64_t *times; /* of each step */
    struct ml_task {
        uint64_t since;
        uint8_t held[8], nheld;
        int ended, joined;
        struct live_event ring[ML_ROOM]; /* not given yet */
        uint32_t n;
    } task[ML_TASKS];
    int value;     /* of the semaphore */
    int unstamped; /* one in so many events is not stamped */
};

static inline uint64_t ml_addr(unsigned lock)
{
    return MUTEX_M + 64u * 8 * lock;
}

static inline struct live_event *ml_note(struct made_live *r, unsigned task, unsigned kind,
                                         uint64_t addr)
{
    struct ml_task *t = &r->task[task];
    r->now += 100 + made_chance(3000);
    if (t->n == ML_ROOM)
        abort();
    struct live_event *e = &t->ring[t->n++];
    *e = (struct live_event){
        .time = r->now, .kind = (uint8_t)kind, .addr = addr, .stamped = 1, .pc = PC(F_INC, 8)};
    if (r->nsteps + 1 < ML_STEPS) {
        r->after[r->nsteps] = r->at;
        r->times[++r->nsteps] = r->now;
    }
    return e;
}

/* It begins to wait: no step. */
static inline void ml_begin(struct made_live *r, unsigned task, unsigned kind, uint64_t addr,
                            enum ml_wait why, unsigned what)
{
    struct ml_task *t = &r->task[task];
    r->now += 100;
    if (t->n == ML_ROOM)
        abort();
    t->ring[t->n++] = (struct live_event){
        .time = r->now, .kind = (uint8_t)kind, .begins = 1, .stamped = 1, .addr = addr};
    t->since = r->now;
    r->at.wait[task] = (uint8_t)why;
    r->at.what[task] = (uint8_t)what;
}

static inline void ml_taken(struct made_live *r, unsigned task, unsigned kind, unsigned lock)
{
    struct ml_task *t = &r->task[task];
    int waited = r->at.wait[task] != ML_GOES;
    struct live_event *e = ml_note(r, task, kind, kind == EV_COND_RELOCK ? COND_C : ml_addr(lock));
    e->more = kind == EV_COND_RELOCK ? ml_addr(lock) : 0;
    e->waited = waited ? r->now - t->since : 0;
    r->at.owner[lock] = (uint8_t)(task + 1);
    r->at.wait[task] = ML_GOES;
    t->held[t->nheld++] = (uint8_t)lock;
}

static inline void ml_given(struct made_live *r, unsigned task, unsigned kind, unsigned lock)
{
    struct ml_task *t = &r->task[task];
    struct live_event *e = ml_note(r, task, kind, kind == EV_COND_WAIT ? COND_C : ml_addr(lock));
    e->more = kind == EV_COND_WAIT ? ml_addr(lock) : 0;
    r->at.owner[lock] = 0;
    for (unsigned i = 0; i < t->nheld; i++)
        if (t->held[i] == lock)
            memmove(&t->held[i], &t->held[i + 1], t->nheld - i - 1u);
    t->nheld--;
}

static inline void ml_want(struct made_live *r, unsigned task)
{
    unsigned lowest = r->task[task].nheld ? r->task[task].held[r->task[task].nheld - 1] + 1u : 0;
    if (lowest >= ML_LOCKS)
        return;
    unsigned lock = lowest + made_chance(ML_LOCKS - lowest);
    if (r->at.owner[lock])
        ml_begin(r, task, EV_LOCK, ml_addr(lock), ML_LOCK, lock);
    else
        ml_taken(r, task, EV_LOCK, lock);
}

static inline void ml_signal(struct made_live *r, unsigned task)
{
    unsigned first = made_chance(r->ntasks);
    ml_note(r, task, EV_COND_SIGNAL, COND_C);
    for (unsigned i = 0; i < r->ntasks; i++) {
        unsigned k = (first + i) % r->ntasks;
        if (r->at.wait[k] != ML_COND)
            continue;
        r->at.wait[k] = ML_WOKEN;
        return;
    }
}

static inline void ml_post(struct made_live *r, unsigned task)
{
    ml_note(r, task, EV_SEM_POST, SEM_S)->extra = (uint16_t)++r->value;
}

static inline void ml_sem(struct made_live *r, unsigned task)
{
    struct ml_task *t = &r->task[task];
    int waited = r->at.wait[task] == ML_SEM;
    if (r->value == 0 && !waited) {
        ml_begin(r, task, EV_SEM_WAIT, SEM_S, ML_SEM, 0);
        return;
    }
    struct live_event *e = ml_note(r, task, EV_SEM_WAIT, SEM_S);
    e->extra = (uint16_t)--r->value;
    e->waited = waited ? r->now - t->since : 0;
    r->at.wait[task] = ML_GOES;
}

static inline int ml_can_go(const struct made_live *r, unsigned k)
{
    switch (r->at.wait[k]) {
    case ML_GOES:
        return !r->task[k].ended;
    case ML_LOCK:
    case ML_WOKEN:
        return !r->at.owner[r->at.what[k]];
    case ML_SEM:
        return r->value > 0;
    case ML_JOIN:
        return r->task[r->at.what[k]].ended;
    default:
        return 0;
    }
}

static inline void ml_move(struct made_live *r, unsigned k)
{
    struct ml_task *t = &r->task[k];
    unsigned what = made_chance(10);
    if (r->at.wait[k] == ML_LOCK)
        ml_taken(r, k, EV_LOCK, r->at.what[k]);
    else if (r->at.wait[k] == ML_WOKEN)
        ml_taken(r, k, EV_COND_RELOCK, r->at.what[k]);
    else if (r->at.wait[k] == ML_SEM)
        ml_sem(r, k);
    else if (what < 4 && t->nheld < 3)
        ml_want(r, k);
    else if (what == 4 && t->nheld == 1 && k > 3) {
        unsigned lock = t->held[0];
        ml_given(r, k, EV_COND_WAIT, lock);
        ml_begin(r, k, EV_COND_WAIT, COND_C, ML_COND, lock);
    } else if (what == 5 && !t->nheld && k > 3)
        ml_sem(r, k);
    else if (what == 6)
        ml_signal(r, k);
    else if (what == 7)
        ml_post(r, k);
    else if (t->nheld)
        ml_given(r, k, EV_UNLOCK, t->held[t->nheld - 1]);
    else
        ml_note(r, k, EV_YIELD, 0);
}

static inline void ml_run(struct made_live *r, uint64_t until)
{
    while (r->now < until) {
        unsigned k = made_chance(r->ntasks), tries = 0;
        while (!ml_can_go(r, k) && tries++ < r->ntasks)
            k = (k + 1) % r->ntasks;
        if (!ml_can_go(r, k))
            return;
        ml_move(r, k);
    }
}

static const uint8_t ml_kinds[] = {EV_NONE,      EV_LOCK,     EV_COND_WAIT,
                                   EV_COND_WAIT, EV_SEM_WAIT, EV_JOIN};

static inline void ml_slot(struct made_live *r, unsigned k)
{
    const struct ml_task *t = &r->task[k];
    struct live_task *own = live_task_of(&r->m, k);
    unsigned why = r->at.wait[k];
    own->noted = 1;
    own->process = 0;
    own->pid = 100;
    own->tid = 100 + (int32_t)k;
    own->began = 1;
    own->kernel = why == ML_GOES ? 'R' : 'S';
    own->wait_since = why == ML_GOES ? 0 : t->since;
    own->wait_kind = ml_kinds[why];
    own->wait_addr = why == ML_LOCK ? ml_addr(r->at.what[k]) : why == ML_SEM ? SEM_S : COND_C;
    own->nheld = t->nheld;
    for (unsigned i = 0; i < t->nheld; i++)
        own->held[i] = ml_addr(t->held[i]);
}

/* Give what was noted; of a task's events all but the newest `keep` are lost. */
static inline void ml_look(struct made_live *r, uint32_t keep)
{
    live_look_begin(&r->m, r->now);
    struct live_process *p = live_process_of(&r->m, 100);
    p->noted = 1;
    p->kernel = 'S';
    for (unsigned k = 0; k < r->ntasks; k++) {
        struct ml_task *t = &r->task[k];
        uint32_t lost = t->n > keep ? t->n - keep : 0;
        ml_slot(r, k);
        if (lost)
            live_lost(&r->m, k, lost);
        uint64_t told = 0;
        for (uint32_t i = lost; i < t->n; i++) {
            t->ring[i].task = k;
            if (r->unstamped && !t->ring[i].begins && !t->ring[i].waited &&
                t->ring[i].kind != EV_COND_WAIT && told && made_chance((unsigned)r->unstamped)) {
                t->ring[i].stamped = 0;
                t->ring[i].time = told;
            }
            told = t->ring[i].time;
            live_event_add(&r->m, &t->ring[i]);
        }
        t->n = 0;
    }
    live_look_end(&r->m);
}

static inline struct made_live *ml_new(unsigned ntasks, uint64_t seed)
{
    struct made_live *r = calloc(1, sizeof *r);
    r->after = calloc(ML_STEPS, sizeof *r->after);
    r->times = calloc(ML_STEPS, sizeof *r->times);
    r->ntasks = ntasks;
    r->now = 1000;
    made_seed = seed * 2654435761u + 88172645463325252u;
    live_model_init(&r->m);
    return r;
}

static inline void ml_free(struct made_live *r)
{
    live_model_fini(&r->m);
    free(r->after);
    free(r->times);
    free(r);
}

#endif

#include "saver.h"

#include "job.h"
#include "store.h"

#include <stdlib.h>
#include <string.h>

struct place_to_save {
    char *learner, *lesson, *position;
    int section;
};

struct saver {
    struct store *store; /* borrowed */
    struct store *own;   /* opened by the job; used by one job after the other */
    struct job *job;
    struct place_to_save next; /* lesson NULL: nothing waits */
    int at_work;               /* the job will look at `next` again; under its lock */
    int rc;                    /* of an error not told yet */
    struct err e;
};

static void place_fini(struct place_to_save *p)
{
    free(p->learner);
    free(p->lesson);
    free(p->position);
    memset(p, 0, sizeof *p);
}

static int write_place(struct saver *s, const struct place_to_save *p, struct err *e)
{
    struct store_options o = {.path = store_file(s->store)};
    int rc = s->own ? 0 : store_open(&s->own, &o, e);
    if (rc == 0 && strcmp(store_learner(s->own), p->learner) != 0)
        rc = store_learner_select(s->own, p->learner, e);
    return rc < 0 ? rc : store_place_save(s->own, p->lesson, p->section, p->position, e);
}

static void work(struct job *j, void *ctx)
{
    struct saver *s = ctx;
    for (;;) {
        struct place_to_save now;
        struct err e = {0};
        job_lock(j);
        now = s->next;
        memset(&s->next, 0, sizeof s->next);
        s->at_work = now.lesson != NULL;
        job_unlock(j);
        if (!now.lesson)
            return;
        int rc = write_place(s, &now, &e);
        place_fini(&now);
        job_lock(j);
        if (rc < 0) {
            s->rc = rc;
            s->e = e;
        }
        job_unlock(j);
    }
}

struct saver *saver_new(struct store *store)
{
    if (!store)
        return NULL;
    struct saver *s = xcalloc(1, sizeof *s);
    s->store = store;
    return s;
}

/* What an earlier one came to. */
static int result(struct saver *s, struct err *e)
{
    int rc = s->rc;
    if (rc < 0 && e) {
        *e = s->e;
        s->rc = 0;
    }
    return rc;
}

int saver_place(struct saver *s, const char *lesson, int section, const char *position,
                struct err *e)
{
    if (!s)
        return 0;
    if (store_mode(s->store) != STORE_WRITABLE)
        return store_place_save(s->store, lesson, section, position, e);
    struct place_to_save p = {xstrdup(store_learner(s->store)), xstrdup(lesson),
                              position ? xstrdup(position) : NULL, section};
    if (s->job) {
        job_lock(s->job);
        place_fini(&s->next);
        s->next = p;
        int taken = s->at_work, rc = taken ? result(s, e) : 0;
        job_unlock(s->job);
        if (taken)
            return rc;
        job_free(s->job); /* it has nothing to do any more */
    } else
        s->next = p;
    s->at_work = 1;
    s->job = job_start(work, s);
    if (s->job)
        return result(s, e);
    memset(&s->next, 0, sizeof s->next); /* no thread to be had: at once, then */
    s->at_work = 0;
    int rc = store_place_save(s->store, p.lesson, p.section, p.position, e);
    place_fini(&p);
    return rc;
}

int saver_flush(struct saver *s, struct err *e)
{
    if (!s)
        return 0;
    job_free(s->job); /* it ends when all is written */
    s->job = NULL;
    return result(s, e);
}

void saver_free(struct saver *s)
{
    if (!s)
        return;
    saver_flush(s, NULL);
    store_close(s->own);
    free(s);
}

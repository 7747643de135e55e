/* Work beside the loop: the compiler, a search, the judge. A job runs on a thread of its own and
 * touches nothing but its ctx; the screen that began it gives job_fd to its `wait` and asks
 * job_done in its `tick`. So no screen waits for work, and every work can be cancelled.
 *
 * What a job starts (a session, a target) ends with the job: the kernel ties a target to the thread
 * that made it. It may hand back what outlives it: a program, a report, a result. While a job of
 * the engine is at work its screen reads traces only, and starts nothing of the engine itself. */
#ifndef LOCKSTEP_JOB_H
#define LOCKSTEP_JOB_H

struct job;

/* work is called once, on another thread, with all signals blocked. It looks at job_cancelled now
 * and then (from the progress function of what it calls) and returns soon when that is 1; a compiler
 * it waits for is ended then. NULL when no thread can be made; ctx is then untouched. */
struct job *job_start(void (*work)(struct job *j, void *ctx), void *ctx);
/* Readable once the job is done, and whenever it asked to be looked at. */
int job_fd(const struct job *j);
/* 1 when work has returned: from here on ctx is the caller's alone. Takes what made job_fd
 * readable. */
int job_done(struct job *j);
void job_cancel(struct job *j);
/* Cancels it if need be, waits for it, frees it. NULL is allowed. */
void job_free(struct job *j);

/* For the work itself. What it shows while it runs it keeps in ctx under job_lock; the screen reads
 * that under job_lock, too. */
int job_cancelled(const struct job *j);
void job_look(struct job *j); /* there is something new to be shown */
void job_lock(struct job *j);
void job_unlock(struct job *j);

#endif

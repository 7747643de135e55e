/* What the models share: the same operation under its name in POSIX and in C11, made for a caller
 * at *h. All are called by the running task, controlled; results as of the pthread functions. */
#ifndef LOCKSTEP_MODEL_H
#define LOCKSTEP_MODEL_H

#include "probe.h"
#include <pthread.h>

#pragma GCC visibility push(hidden)

/* thread.c */
int thread_create(uint64_t *handle, void *(*start)(void *), void *arg, struct here h);
int thread_join(uint64_t handle, void **value, struct here h);
int thread_detach(uint64_t handle, struct here h);
void yield_at(struct here h);
/* A detached thread, begun within the step under way; NULL: there are too many. */
struct task *thread_begin(void *(*start)(void *), void *arg);

/* attr.c: what pthread_create is asked for */
void attr_take(struct task *t, const pthread_attr_t *attr);

/* cancel.c: the running task acts on its cancellation; does not return */
_Noreturn void cancel_now(struct here h);

/* lock.c */
int mutex_init_at(pthread_mutex_t *m, const pthread_mutexattr_t *attr, struct here h);
int mutex_destroy_at(pthread_mutex_t *m, struct here h);
int mutex_lock_at(pthread_mutex_t *m, struct here h);
int mutex_trylock_at(pthread_mutex_t *m, struct here h);
int mutex_timedlock_at(pthread_mutex_t *m, const struct timespec *until, struct here h);
int mutex_unlock_at(pthread_mutex_t *m, struct here h);
struct object *mutex_get(const pthread_mutex_t *m);
/* Does it answer EPERM to who gives it back without holding it? */
bool mutex_checks_owner(const struct object *o);
/* The running task takes a free mutex: 0, EOWNERDEAD or ENOTRECOVERABLE. */
int mutex_take(struct object *o);
void mutex_give_back(struct object *o);

/* wait.c */
int cond_init_at(pthread_cond_t *c, struct here h);
int cond_destroy_at(pthread_cond_t *c, struct here h);
int cond_wait_at(pthread_cond_t *c, pthread_mutex_t *m, const struct timespec *until,
                 struct here h);
int cond_signal_at(pthread_cond_t *c, bool all, struct here h);
/* A signal is there again that reached a task which did not use it: wake another. */
void cond_pass_on(struct object *c);
int once_at(pthread_once_t *control, void (*routine)(void), struct here h);

/* clock.c */
#define START_SECONDS 1000000000ll /* virtual time begins here: 2001-09-09 */
/* 0, or EINTR with what was not slept in *left, ns */
int sleep_at(uint64_t ns, uint64_t *left, struct here h);
bool waits_by_clock(clockid_t clock); /* may a wait be timed by it? */
bool valid_nanoseconds(const struct timespec *t);
/* What an operation reaches that may time out; and what it does when it has. */
struct timespec after(const struct timespec *t); /* the point in time when *t will have passed */
void timeout_reach(struct op *op);
void timeout_happens(const struct timespec *until, uint64_t pc);

#pragma GCC visibility pop

#endif

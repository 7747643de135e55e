#include "job.h"

#include "program.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct job {
    void (*work)(struct job *j, void *ctx);
    void *ctx;
    pthread_t thread;
    pthread_mutex_t lock;
    atomic_int cancelled, done;
    int fd;
};

static int is_cancelled(void *ctx)
{
    return job_cancelled(ctx);
}

static void *run(void *arg)
{
    struct job *j = arg;
    program_build_until(is_cancelled, j);
    j->work(j, j->ctx);
    atomic_store(&j->done, 1);
    job_look(j);
    return NULL;
}

struct job *job_start(void (*work)(struct job *j, void *ctx), void *ctx)
{
    struct job *j = xcalloc(1, sizeof *j);
    sigset_t all, before;
    j->work = work;
    j->ctx = ctx;
    j->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (j->fd < 0) {
        free(j);
        return NULL;
    }
    pthread_mutex_init(&j->lock, NULL);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&j->thread, NULL, run, j);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!failed)
        return j;
    pthread_mutex_destroy(&j->lock);
    close(j->fd);
    free(j);
    return NULL;
}

int job_fd(const struct job *j)
{
    return j->fd;
}

int job_done(struct job *j)
{
    uint64_t taken;
    ssize_t n = read(j->fd, &taken, sizeof taken);
    (void)n; /* nothing there: nothing new */
    return atomic_load(&j->done);
}

void job_cancel(struct job *j)
{
    atomic_store(&j->cancelled, 1);
}

void job_free(struct job *j)
{
    if (!j)
        return;
    job_cancel(j);
    pthread_join(j->thread, NULL);
    pthread_mutex_destroy(&j->lock);
    close(j->fd);
    free(j);
}

int job_cancelled(const struct job *j)
{
    return atomic_load(&j->cancelled);
}

void job_look(struct job *j)
{
    uint64_t one = 1;
    while (write(j->fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

void job_lock(struct job *j)
{
    pthread_mutex_lock(&j->lock);
}

void job_unlock(struct job *j)
{
    pthread_mutex_unlock(&j->lock);
}

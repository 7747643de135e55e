// A thread pool as they are written: jobs from the heap in a list, two workers, a condition for
// work and one for idleness, an orderly end.
// EXPECT complete
// EXPECT outcome "sum 5\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct job {
    void (*run)(long);
    long arg;
    struct job *next;
};
struct pool {
    pthread_mutex_t lock;
    pthread_cond_t more, idle;
    struct job *head, *tail;
    int nworkers, busy, stopping;
    pthread_t *workers;
};

static void *worker(void *arg)
{
    struct pool *p = arg;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (!p->head && !p->stopping)
            pthread_cond_wait(&p->more, &p->lock);
        struct job *j = p->head;
        if (!j)
            break;
        p->head = j->next;
        if (!p->head)
            p->tail = NULL;
        p->busy++;
        pthread_mutex_unlock(&p->lock);
        j->run(j->arg);
        free(j);
        pthread_mutex_lock(&p->lock);
        if (--p->busy == 0 && !p->head)
            pthread_cond_signal(&p->idle);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

static struct pool *pool_new(int nworkers)
{
    struct pool *p = calloc(1, sizeof *p);
    p->nworkers = nworkers;
    p->workers = malloc((size_t)nworkers * sizeof *p->workers);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->more, NULL);
    pthread_cond_init(&p->idle, NULL);
    for (int i = 0; i < nworkers; i++)
        pthread_create(&p->workers[i], NULL, worker, p);
    return p;
}

static void pool_add(struct pool *p, void (*run)(long), long arg)
{
    struct job *j = malloc(sizeof *j);
    *j = (struct job){run, arg, NULL};
    pthread_mutex_lock(&p->lock);
    if (p->tail)
        p->tail->next = j;
    else
        p->head = j;
    p->tail = j;
    pthread_cond_signal(&p->more);
    pthread_mutex_unlock(&p->lock);
}

static void pool_end(struct pool *p)
{
    pthread_mutex_lock(&p->lock);
    while (p->head || p->busy)
        pthread_cond_wait(&p->idle, &p->lock);
    p->stopping = 1;
    pthread_cond_broadcast(&p->more);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->nworkers; i++)
        pthread_join(p->workers[i], NULL);
    free(p->workers);
    free(p);
}

static long sum;
static pthread_mutex_t sum_lock = PTHREAD_MUTEX_INITIALIZER;

static void square(long x)
{
    pthread_mutex_lock(&sum_lock);
    sum += x * x;
    pthread_mutex_unlock(&sum_lock);
}

int main(void)
{
    struct pool *p = pool_new(2);
    pool_add(p, square, 1);
    pool_add(p, square, 2);
    pool_end(p);
    printf("sum %ld\n", sum);
    return 0;
}

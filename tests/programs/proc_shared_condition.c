// A box with one place, a condition and a mutex in shared memory: two things go through in order.
// EXPECT complete
// EXPECT outcome "1\n2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct box {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int full, thing;
};

static void put(struct box *b, int thing)
{
    pthread_mutex_lock(&b->lock);
    while (b->full)
        pthread_cond_wait(&b->changed, &b->lock);
    b->full = 1;
    b->thing = thing;
    pthread_cond_signal(&b->changed);
    pthread_mutex_unlock(&b->lock);
}

static int take(struct box *b)
{
    pthread_mutex_lock(&b->lock);
    while (!b->full)
        pthread_cond_wait(&b->changed, &b->lock);
    b->full = 0;
    int thing = b->thing;
    pthread_cond_signal(&b->changed);
    pthread_mutex_unlock(&b->lock);
    return thing;
}

int main(void)
{
    struct box *b =
        mmap(NULL, sizeof *b, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t mutex;
    pthread_condattr_t cond;
    pthread_mutexattr_init(&mutex);
    pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&b->lock, &mutex);
    pthread_condattr_init(&cond);
    pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&b->changed, &cond);
    if (fork() == 0) {
        put(b, 1);
        put(b, 2);
        _exit(0);
    }
    printf("%d\n", take(b));
    printf("%d\n", take(b));
    wait(NULL);
    return 0;
}

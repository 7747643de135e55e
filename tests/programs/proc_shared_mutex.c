// The same under a mutex that the processes share.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
    pthread_mutex_t lock;
    int n;
};

int main(void)
{
    struct shared *s =
        mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&s->lock, &attr);
    for (int i = 0; i < 2; i++)
        if (fork() == 0) {
            pthread_mutex_lock(&s->lock);
            s->n++;
            pthread_mutex_unlock(&s->lock);
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
    printf("%d\n", s->n);
    return 0;
}

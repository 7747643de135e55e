// Nobody passes a shared barrier before both are there.
// EXPECT complete
// EXPECT outcome "1 1\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

struct shared {
    pthread_barrier_t both;
    int here[2], seen[2];
};

static void meet(struct shared *s, int me)
{
    s->here[me] = 1;
    pthread_barrier_wait(&s->both);
    s->seen[me] = s->here[!me];
}

int main(void)
{
    struct shared *s =
        mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_barrierattr_t attr;
    pthread_barrierattr_init(&attr);
    pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&s->both, &attr, 2);
    if (fork() == 0) {
        meet(s, 1);
        _exit(0);
    }
    meet(s, 0);
    wait(NULL);
    printf("%d %d\n", s->seen[0], s->seen[1]);
    return 0;
}

// A lock that is copied at the fork locks nothing between the processes, so one increment of the
// shared place may be lost, and it is a race.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "2\n" exit 0
// EXPECT finding data-race line @race
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void count(int *n)
{
    pthread_mutex_lock(&lock);
    ++*n; // @race
    pthread_mutex_unlock(&lock);
}

int main(void)
{
    int *n = mmap(NULL, sizeof *n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (fork() == 0) {
        count(n);
        _exit(0);
    }
    count(n);
    wait(NULL);
    printf("%d\n", *n);
    return 0;
}

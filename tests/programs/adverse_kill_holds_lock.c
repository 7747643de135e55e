// A process killed while it holds a lock leaves it locked for ever.
// OPTIONS --adversity=kill
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT outcome "locked\n" exit 0
// EXPECT finding deadlock
// EXPECT may-find lock-leak
// OPTIONS --adversity=kill --strategy dfs
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT outcome "locked\n" exit 0
// EXPECT finding deadlock
// EXPECT may-find lock-leak
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "locked\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void *shared(size_t n)
{
    return mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

int main(void)
{
    pthread_mutex_t *lock = shared(sizeof *lock);
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a);
    pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(lock, &a);
    if (fork() == 0) {
        pthread_mutex_lock(lock);
        pthread_mutex_unlock(lock);
        _exit(0);
    }
    wait(NULL);
    pthread_mutex_lock(lock);
    puts("locked");
    pthread_mutex_unlock(lock);
    return 0;
}

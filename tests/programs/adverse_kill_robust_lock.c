// A robust lock tells the next one that its holder was killed.
// OPTIONS --adversity=kill
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "EOWNERDEAD\n" exit 0
// EXPECT may-find lock-leak
// OPTIONS --adversity=kill --strategy dfs
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "EOWNERDEAD\n" exit 0
// EXPECT may-find lock-leak
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT no-findings
#include <errno.h>
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
    pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(lock, &a);
    if (fork() == 0) {
        pthread_mutex_lock(lock);
        pthread_mutex_unlock(lock);
        _exit(0);
    }
    wait(NULL);
    int error = pthread_mutex_lock(lock);
    if (error == EOWNERDEAD)
        pthread_mutex_consistent(lock);
    pthread_mutex_unlock(lock);
    puts(error == 0 ? "0" : error == EOWNERDEAD ? "EOWNERDEAD" : "?");
    return 0;
}

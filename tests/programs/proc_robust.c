// The same with a robust mutex: the next one is told, makes the state right and goes on.
// EXPECT complete
// EXPECT outcome "EOWNERDEAD 0 0\n" exit 0
// EXPECT may-find lock-leak
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    pthread_mutex_t *lock =
        mmap(NULL, sizeof *lock, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(lock, &attr);
    if (fork() == 0) {
        pthread_mutex_lock(lock);
        _exit(0);
    }
    wait(NULL);
    int first = pthread_mutex_lock(lock);
    pthread_mutex_consistent(lock);
    pthread_mutex_unlock(lock);
    int second = pthread_mutex_lock(lock), third = pthread_mutex_unlock(lock);
    printf("%s %d %d\n", first == EOWNERDEAD ? "EOWNERDEAD" : "other", second, third);
    return 0;
}

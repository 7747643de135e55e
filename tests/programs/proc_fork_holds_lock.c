// Another thread may hold the lock at the fork: in the child it stays locked, for nobody there will
// unlock it.
// EXPECT complete
// EXPECT outcome "done 0\n" exit 0
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *arg)
{
    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return arg;
}

int main(void)
{
    int status;
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    if (fork() == 0) {
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
        _exit(0);
    }
    wait(&status);
    pthread_join(t, NULL);
    printf("done %d\n", WEXITSTATUS(status));
    return 0;
}

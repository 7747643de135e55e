// Waits in a condition with a mutex it does not hold. An error-checking mutex answers EPERM, and
// the program that asked for that is told in time; an ordinary one is a mistake nobody answers.
// EXPECT complete
// EXPECT outcome "perm 0\n" exit 0
// EXPECT finding misuse line @wait
// EXPECT may-find lock-leak
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER, checks;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;

int main(void)
{
    pthread_mutexattr_t a;
    struct timespec soon = {0, 0};
    pthread_mutexattr_init(&a);
    pthread_mutexattr_settype(&a, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&checks, &a);
    int rc = pthread_cond_wait(&c, &checks);
    pthread_cond_timedwait(&c, &plain, &soon); // @wait
    int last = pthread_mutex_unlock(&plain);
    printf("%s %d\n", rc == EPERM ? "perm" : "?", last);
    return 0;
}

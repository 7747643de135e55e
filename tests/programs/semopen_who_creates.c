// Both threads create the semaphore exclusively; exactly one of them does, whichever comes first.
// EXPECT complete
// EXPECT outcome "first made it\n" exit 0
// EXPECT outcome "second made it\n" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

#define NAME "/lockstep-test-who-creates"

static void *create(void *who)
{
    if (sem_open(NAME, O_CREAT | O_EXCL, 0600, 1) != SEM_FAILED)
        printf("%s made it\n", (const char *)who);
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    sem_unlink(NAME);
    pthread_create(&a, NULL, create, "first");
    pthread_create(&b, NULL, create, "second");
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    sem_unlink(NAME);
    return 0;
}

// A semaphore that was never initialised; one that was destroyed; a value that is too large is
// refused with EINVAL, which is no misuse of anything.
// EXPECT complete
// EXPECT outcome "inval\n" exit 0
// EXPECT finding misuse line @never
// EXPECT finding misuse line @gone
#include <errno.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t never, gone, large;

int main(void)
{
    int rc = sem_init(&large, 0, 0x80000000u);
    puts(rc == -1 && errno == EINVAL ? "inval" : "?");
    sem_post(&never); // @never
    sem_init(&gone, 0, 1);
    sem_destroy(&gone);
    sem_wait(&gone); // @gone
    return 0;
}

// Nobody posts: a wait on a named semaphore of value 0 is for ever.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock line @for-ever
#include <fcntl.h>
#include <semaphore.h>

#define NAME "/lockstep-test-deadlock"

int main(void)
{
    sem_unlink(NAME);
    sem_t *s = sem_open(NAME, O_CREAT, 0600, 0);
    sem_unlink(NAME);
    sem_wait(s); // @for-ever
    return 0;
}

// The flag is not shared: the parent spins on its own copy, for ever.
// EXPECT complete
// EXPECT outcome "" livelock
// EXPECT finding livelock line @spin
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static atomic_int flag;

int main(void)
{
    if (fork() == 0) {
        atomic_store(&flag, 1);
        _exit(0);
    }
    while (!atomic_load(&flag)) // @spin
        ;
    puts("seen");
    return 0;
}

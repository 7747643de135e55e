// A parent that waits for a child that waits for a signal nobody sends: both stand still.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    if (fork() == 0)
        pause();
    wait(NULL);
    return 0;
}

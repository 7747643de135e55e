// What fork returns is what the child is called, and the child knows its parent's name.
// EXPECT complete
// EXPECT outcome "1 1 1\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    pid_t *told =
        mmap(NULL, 2 * sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = fork();
    if (child == 0) {
        told[0] = getpid();
        told[1] = getppid();
        _exit(0);
    }
    pid_t ended = wait(NULL);
    printf("%d %d %d\n", told[0] == child, told[1] == getpid(), ended == child);
    return 0;
}

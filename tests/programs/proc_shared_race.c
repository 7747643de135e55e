// Two processes increment a place that both have mapped: one increment may be lost.
// EXPECT complete
// EXPECT outcome "1\n" exit 0
// EXPECT outcome "2\n" exit 0
// EXPECT finding data-race line @race
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int *n = mmap(NULL, sizeof *n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 2; i++)
        if (fork() == 0) {
            ++*n; // @race
            _exit(0);
        }
    wait(NULL);
    wait(NULL);
    printf("%d\n", *n);
    return 0;
}

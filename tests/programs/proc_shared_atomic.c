// Atomic increments of a shared place: none is lost, and it is no race.
// EXPECT complete
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    atomic_int *n =
        mmap(NULL, sizeof *n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 2; i++)
        if (fork() == 0) {
            atomic_fetch_add(n, 1);
            _exit(0);
        }
    atomic_fetch_add(n, 1);
    while (wait(NULL) > 0)
        ;
    printf("%d\n", atomic_load(n));
    return 0;
}

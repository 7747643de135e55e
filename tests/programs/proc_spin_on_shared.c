// The parent looks again and again until the child has set the flag.
// EXPECT complete
// EXPECT outcome "seen\n" exit 0
// EXPECT no-findings
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    atomic_int *flag =
        mmap(NULL, sizeof *flag, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (fork() == 0) {
        atomic_store(flag, 1);
        _exit(0);
    }
    while (!atomic_load(flag))
        ;
    puts("seen");
    wait(NULL);
    return 0;
}

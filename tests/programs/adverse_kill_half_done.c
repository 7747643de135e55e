// Killed between two writes to shared memory: the two no longer agree.
// OPTIONS --adversity=kill
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "1 0\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=kill --strategy dfs
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "1 0\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT no-findings
// OPTIONS --strategy dpor
// EXPECT complete
// EXPECT outcome "1 1\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void *shared(size_t n)
{
    return mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

int main(void)
{
    int *account = shared(2 * sizeof *account);
    if (fork() == 0) {
        account[0] = 1;
        account[1] = 1;
        _exit(0);
    }
    wait(NULL);
    printf("%d %d\n", account[0], account[1]);
    return 0;
}

// Without EFD_SEMAPHORE a read takes all that was added: 3 and 4 together, or one after the other.
// EXPECT complete
// EXPECT outcome "7\n" exit 0
// EXPECT outcome "3 4\n" exit 0
// EXPECT outcome "4 3\n" exit 0
// EXPECT no-findings
#include <stdint.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int e = eventfd(0, 0);
    for (uint64_t n = 3; n <= 4; n++)
        if (fork() == 0)
            _exit(write(e, &n, sizeof n) != sizeof n);
    uint64_t got = 0, more = 0;
    if (read(e, &got, sizeof got) != sizeof got)
        return 2;
    printf("%d", (int)got);
    if (got < 7) {
        if (read(e, &more, sizeof more) != sizeof more)
            return 3;
        printf(" %d", (int)more);
    }
    putchar('\n');
    while (wait(NULL) > 0)
        ;
    return 0;
}

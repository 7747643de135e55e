// A token goes round three processes in a ring of pipes; each adds one.
// EXPECT complete
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int ring[3][2];

static char pass(int me)
{
    char c;
    if (read(ring[me][0], &c, 1) != 1)
        _exit(3);
    c++;
    if (write(ring[(me + 1) % 3][1], &c, 1) != 1)
        _exit(4);
    return c;
}

int main(void)
{
    char c = 0;
    for (int i = 0; i < 3; i++)
        if (pipe(ring[i]))
            return 2;
    for (int i = 1; i < 3; i++)
        if (fork() == 0) {
            pass(i);
            _exit(0);
        }
    if (write(ring[1][1], &c, 1) != 1)
        return 3;
    printf("%d\n", pass(0));
    while (wait(NULL) > 0)
        ;
    return 0;
}

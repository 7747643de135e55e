// Three processes in a row, each reading what the one before writes.
// EXPECT complete
// EXPECT outcome "BCD" exit 0
// EXPECT no-findings
#include <ctype.h>
#include <sys/wait.h>
#include <unistd.h>

static void stage(int from, int to, int (*change)(int))
{
    char c;
    while (read(from, &c, 1) == 1) {
        c = (char)change(c);
        if (write(to, &c, 1) != 1)
            _exit(3);
    }
    _exit(0);
}

static int next(int c)
{
    return c + 1;
}

int main(void)
{
    int a[2], b[2];
    if (pipe(a) || pipe(b))
        return 2;
    if (fork() == 0) {
        close(a[1]);
        close(b[0]);
        stage(a[0], b[1], next);
    }
    if (fork() == 0) {
        close(a[0]);
        close(a[1]);
        close(b[1]);
        stage(b[0], 1, toupper);
    }
    close(a[0]);
    close(b[0]);
    close(b[1]);
    if (write(a[1], "abc", 3) != 3)
        return 4;
    close(a[1]);
    while (wait(NULL) > 0)
        ;
    return 0;
}

// The same amount, read while it is written: it all comes through.
// EXPECT complete
// EXPECT outcome "70000 0\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char much[70000];

int main(void)
{
    int p[2], status;
    ssize_t n;
    size_t all = 0;
    if (pipe(p))
        return 2;
    if (fork() == 0) {
        close(p[0]);
        _exit(write(p[1], much, sizeof much) != sizeof much);
    }
    close(p[1]);
    while ((n = read(p[0], much, sizeof much)) > 0)
        all += (size_t)n;
    wait(&status);
    printf("%zu %d\n", all, status);
    return 0;
}

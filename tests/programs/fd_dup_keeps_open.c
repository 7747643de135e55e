// The end comes only when every copy of the writing end is closed.
// EXPECT complete
// EXPECT outcome "EAGAIN\nend\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    char c;
    if (pipe2(p, O_NONBLOCK))
        return 2;
    int copy = dup(p[1]);
    close(p[1]);
    puts(read(p[0], &c, 1) < 0 && errno == EAGAIN ? "EAGAIN" : "?");
    close(copy);
    puts(read(p[0], &c, 1) == 0 ? "end" : "?");
    return 0;
}

// Parent and child share the place in the file where the next text goes: nothing is overwritten.
// EXPECT complete
// EXPECT outcome "ab\n" exit 0
// EXPECT outcome "ba\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    char name[] = "/tmp/offset-XXXXXX", text[3] = "";
    int fd = mkstemp(name);
    unlink(name);
    if (fork() == 0)
        _exit(write(fd, "a", 1) != 1);
    if (write(fd, "b", 1) != 1)
        return 2;
    wait(NULL);
    if (pread(fd, text, 2, 0) != 2)
        return 3;
    puts(text);
    return 0;
}

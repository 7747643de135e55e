// With O_APPEND each text goes to the end, whoever writes.
// EXPECT complete
// EXPECT outcome "ab\n" exit 0
// EXPECT outcome "ba\n" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    char name[] = "/tmp/append-XXXXXX", text[3] = "";
    close(mkstemp(name));
    pid_t child = fork();
    int fd = open(name, O_RDWR | O_APPEND);
    if (write(fd, child ? "b" : "a", 1) != 1)
        return 2;
    if (child == 0)
        _exit(0);
    wait(NULL);
    unlink(name);
    if (pread(fd, text, 2, 0) != 2)
        return 3;
    puts(text);
    return 0;
}

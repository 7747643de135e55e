// A word through a pipe.
// EXPECT complete
// EXPECT outcome "hello\n" exit 0
// EXPECT no-findings
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int p[2];
    char text[16] = "";
    if (pipe(p))
        return 2;
    if (fork() == 0) {
        if (write(p[1], "hello", 5) != 5)
            _exit(3);
        _exit(0);
    }
    if (read(p[0], text, sizeof text - 1) < 0)
        return 4;
    puts(text);
    wait(NULL);
    return 0;
}

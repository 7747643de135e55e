// Two fifos opened in opposite orders: each waits for the other, always.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    char folder[] = "/tmp/fifo-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder))
        return 2;
    mkfifo("a", 0600);
    mkfifo("b", 0600);
    if (fork() == 0) {
        open("b", O_RDONLY);
        open("a", O_WRONLY);
        _exit(0);
    }
    open("a", O_RDONLY);
    open("b", O_WRONLY);
    puts("never");
    return 0;
}

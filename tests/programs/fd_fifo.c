// A pipe with a name: opening waits for the other end.
// EXPECT complete
// EXPECT outcome "hello\n" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    char folder[] = "/tmp/fifo-XXXXXX", name[64], text[16] = "";
    if (!mkdtemp(folder))
        return 2;
    snprintf(name, sizeof name, "%s/f", folder);
    mkfifo(name, 0600);
    if (fork() == 0) {
        int fd = open(name, O_WRONLY);
        _exit(write(fd, "hello\n", 6) != 6);
    }
    int fd = open(name, O_RDONLY);
    if (read(fd, text, sizeof text - 1) != 6)
        return 3;
    printf("%s", text);
    wait(NULL);
    unlink(name);
    rmdir(folder);
    return 0;
}

// Nobody opens the other end: the open waits for ever.
// EXPECT complete
// EXPECT outcome "" deadlock
// EXPECT finding deadlock line @open
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
    char folder[] = "/tmp/fifo-XXXXXX", name[64];
    if (!mkdtemp(folder))
        return 2;
    snprintf(name, sizeof name, "%s/f", folder);
    mkfifo(name, 0600);
    int fd = open(name, O_RDONLY); // @open
    printf("%d\n", fd);
    return 0;
}

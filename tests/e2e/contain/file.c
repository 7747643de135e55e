#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(void)
{
    static char much[16 << 20];
    signal(SIGXFSZ, SIG_IGN);
    int fd = open("huge", O_CREAT | O_TRUNC | O_WRONLY, 0600), n = 0;
    unlink("huge");
    while (write(fd, much, sizeof much) > 0)
        n++;
    printf("%d: %s\n", n, strerror(errno));
}

#include <fcntl.h>
#include <unistd.h>
int main(void)
{
    static char much[16 << 20];
    int fd = open("huge", O_CREAT | O_TRUNC | O_WRONLY, 0600);
    unlink("huge");
    while (write(fd, much, sizeof much) > 0)
        ;
}

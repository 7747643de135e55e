// Two processes lock two bytes of a file in opposite orders: the library finds the circle and
// refuses the second lock with EDEADLK.
// EXPECT complete
// EXPECT outcome "refused 0\n" exit 0
// EXPECT outcome "refused 1\n" exit 0
// EXPECT no-findings
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int lock(int fd, int at)
{
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = at, .l_len = 1};
    return fcntl(fd, F_SETLKW, &l) == -1 && errno == EDEADLK;
}

int main(void)
{
    char name[] = "/tmp/record-XXXXXX";
    int fd = mkstemp(name), status;
    unlink(name);
    if (fork() == 0) {
        int refused = lock(fd, 0);
        _exit(refused | lock(fd, 1));
    }
    int refused = lock(fd, 1);
    refused |= lock(fd, 0);
    close(fd);
    wait(&status);
    printf("refused %d\n", refused | WEXITSTATUS(status));
    return 0;
}

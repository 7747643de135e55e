// Opens a file, reads it, and has a thread: what the kernel keeps is put back for each execution.
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static int counter;

static void *inc(void *arg)
{
    ++counter;
    return arg;
}

int main(void)
{
    pthread_t a;
    char c;
    int fd = open("/dev/zero", O_RDONLY);
    pthread_create(&a, NULL, inc, NULL);
    ++counter;
    pthread_join(a, NULL);
    if (read(fd, &c, 1) != 1)
        return 1;
    printf("%d\n", counter);
    return 0;
}

// The lowest numbers that are free, in every execution: what was open in the one before is closed.
// EXPECT complete
// EXPECT outcome "3 4 5 6 7 8\n" exit 0
// EXPECT no-findings
// EXPECT executions 2
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *arg)
{
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    int pipes[2];
    pthread_t t;
    pipe(pipes);
    int file = open("/dev/null", O_RDONLY), copy = dup(0), one = socket(AF_UNIX, SOCK_STREAM, 0),
        set = epoll_create1(0);
    pthread_create(&t, NULL, work, NULL);
    work(NULL);
    pthread_join(t, NULL);
    printf("%d %d %d %d %d %d\n", pipes[0], pipes[1], file, copy, one, set);
    return 0;
}

// A fork in a thread: the child has this thread only, and exit ends it without the others.
// EXPECT complete
// EXPECT outcome "child 1\nparent 2\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int n;

static void *work(void *arg)
{
    int status;
    n = 1;
    if (fork() == 0) {
        printf("child %d\n", n);
        exit(2);
    }
    wait(&status);
    n = WEXITSTATUS(status);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    pthread_join(t, NULL);
    printf("parent %d\n", n);
    return 0;
}

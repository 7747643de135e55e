// A child belongs to the process: another thread than the one that forked may wait for it.
// EXPECT complete
// EXPECT outcome "6\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t child;
static int status;

static void *wait_for_it(void *arg)
{
    waitpid(child, &status, 0);
    return arg;
}

int main(void)
{
    pthread_t t;
    child = fork();
    if (child == 0)
        _exit(6);
    pthread_create(&t, NULL, wait_for_it, NULL);
    pthread_join(t, NULL);
    printf("%d\n", WEXITSTATUS(status));
    return 0;
}

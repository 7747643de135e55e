// In the child of a fork the forking thread is the first; when it ends as a thread, the process
// ends with status 0.
// EXPECT complete
// EXPECT outcome "1 0\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status;
    if (fork() == 0)
        pthread_exit(NULL);
    wait(&status);
    printf("%d %d\n", WIFEXITED(status), WEXITSTATUS(status));
    return 0;
}

// What pthread_atfork asked for runs around a fork: before it in the opposite order, after it in
// order, in the parent and in the child.
// EXPECT complete
// EXPECT outcome "p2 p1 c1 c2 \np2 p1 a1 a2 \n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char text[64];

#define NOTE(name)                                                                                 \
    static void name(void)                                                                         \
    {                                                                                              \
        strcat(text, #name " ");                                                                   \
    }
NOTE(p1)
NOTE(p2)
NOTE(a1)
NOTE(a2)
NOTE(c1)
NOTE(c2)

int main(void)
{
    pthread_atfork(p1, a1, c1);
    pthread_atfork(p2, a2, c2);
    pid_t pid = fork();
    if (pid == 0) {
        puts(text);
        fflush(stdout);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    puts(text);
    return 0;
}

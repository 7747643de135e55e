// exit() in a thread ends the whole process; whether main gets to its end first is open.
// EXPECT complete
// EXPECT outcome "main\n" exit 0
// EXPECT outcome "main\n" exit 3
// EXPECT outcome "" exit 3
// FREE outside "glibc flushes at exit without the locks of the streams: a line may come twice"
// EXPECT finding exit-status
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void *leave(void *arg)
{
    (void)arg;
    exit(3);
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, leave, NULL);
    puts("main");
    return 0;
}

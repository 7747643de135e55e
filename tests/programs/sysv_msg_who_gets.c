// Main takes the message of type 1 and then one of any type; a thread waits for one of type 2.
// There is one of each: either main gets both and the thread waits for ever, or the thread comes
// first and main waits.
// EXPECT complete
// EXPECT outcome "main 1\n" deadlock
// EXPECT outcome "main 1\nmain 2\n" deadlock
// EXPECT findings deadlock
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "main 1\n" deadlock
// EXPECT outcome "main 1\nmain 2\n" deadlock
// EXPECT findings deadlock
#include <pthread.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/msg.h>

struct message {
    long type;
    char text;
};

static int queue;

static void *take_two(void *arg)
{
    struct message m;
    msgrcv(queue, &m, 1, 2, 0);
    return arg;
}

int main(void)
{
    struct message m = {1, 'a'};
    pthread_t t;
    queue = msgget(IPC_PRIVATE, 0600);
    msgsnd(queue, &m, 1, 0);
    m.type = 2;
    msgsnd(queue, &m, 1, 0);
    pthread_create(&t, NULL, take_two, NULL);
    msgrcv(queue, &m, 1, 1, 0);
    printf("main %ld\n", m.type);
    fflush(stdout);
    msgrcv(queue, &m, 1, 0, 0);
    printf("main %ld\n", m.type);
    fflush(stdout);
    pthread_join(t, NULL);
    return 0;
}

// A server answers its two clients by their numbers as types; removing the queue wakes who waits.
// EXPECT complete
// EXPECT outcome "1 gets 10, 2 gets 20\nremoved EIDRM\n" exit 0
// EXPECT outcome "1 gets 10, 2 gets 20\nremoved EINVAL\n" exit 0
// EXPECT no-findings
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>

struct message {
    long type;
    int number;
};

static int requests, answers, got[3];

static void *client(void *arg)
{
    int who = arg ? 2 : 1;
    struct message m = {1, who};
    msgsnd(requests, &m, sizeof m.number, 0);
    msgrcv(answers, &m, sizeof m.number, who, 0);
    got[who] = m.number;
    return NULL;
}

static void *late(void *arg)
{
    struct message m;
    if (msgrcv(answers, &m, sizeof m.number, 9, 0) < 0)
        printf("removed %s\n", strerrorname_np(errno));
    return arg;
}

int main(void)
{
    struct message m;
    pthread_t a, b;
    requests = msgget(IPC_PRIVATE, 0600);
    answers = msgget(IPC_PRIVATE, 0600);
    pthread_create(&a, NULL, client, NULL);
    pthread_create(&b, NULL, client, &requests);
    for (int i = 0; i < 2; i++) {
        msgrcv(requests, &m, sizeof m.number, 0, 0);
        m.type = m.number;
        m.number *= 10;
        msgsnd(answers, &m, sizeof m.number, 0);
    }
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("1 gets %d, 2 gets %d\n", got[1], got[2]);
    pthread_create(&a, NULL, late, NULL);
    msgctl(answers, IPC_RMID, NULL);
    pthread_join(a, NULL);
    return 0;
}

// What the calls of System V refuse.
// EXPECT complete
// EXPECT outcome "semget ENOENT EINVAL\nsemop EFBIG EAGAIN EINVAL\nvalue EINVAL ERANGE ERANGE 0\nremoved EINVAL EINVAL\nmsgget ENOENT EEXIST\nmsgsnd EINVAL EINVAL\nmsgrcv ENOMSG E2BIG 4\nremoved EINVAL EINVAL\n" exit 0
// EXPECT executions 1
// EXPECT no-findings
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

#define KEY 0x10c7

static void say(long result)
{
    if (result < 0)
        printf(" %s", strerrorname_np(errno));
    else
        printf(" %ld", result);
}

int main(void)
{
    struct sembuf op = {2, 1, 0};
    struct {
        long type;
        char text[9000];
    } message = {0, ""};
    printf("semget");
    say(semget(KEY, 1, 0));
    say(semget(IPC_PRIVATE, 0, 0600));
    int set = semget(IPC_PRIVATE, 2, 0600);
    printf("\nsemop");
    say(semop(set, &op, 1));
    op = (struct sembuf){0, -1, IPC_NOWAIT};
    say(semop(set, &op, 1));
    say(semop(set, &op, 0));
    printf("\nvalue");
    say(semctl(set, 5, GETVAL));
    say(semctl(set, 0, SETVAL, -1));
    say(semctl(set, 0, SETVAL, 40000));
    say(semctl(set, 1, GETVAL));
    semctl(set, 0, IPC_RMID);
    printf("\nremoved");
    say(semop(set, &op, 1));
    say(semctl(set, 0, GETVAL));
    printf("\nmsgget");
    say(msgget(KEY, 0));
    int queue = msgget(KEY, IPC_CREAT | 0600);
    say(msgget(KEY, IPC_CREAT | IPC_EXCL | 0600));
    printf("\nmsgsnd");
    say(msgsnd(queue, &message, 1, 0));
    message.type = 3;
    say(msgsnd(queue, &message, 9000, 0));
    printf("\nmsgrcv");
    say(msgrcv(queue, &message, 20, 0, IPC_NOWAIT));
    message.type = 3;
    msgsnd(queue, &message, 5, 0);
    say(msgrcv(queue, &message, 4, 0, 0));
    say(msgrcv(queue, &message, 4, 0, MSG_NOERROR));
    msgctl(queue, IPC_RMID, NULL);
    printf("\nremoved");
    say(msgsnd(queue, &message, 1, 0));
    say(msgctl(queue, IPC_RMID, NULL));
    printf("\n");
    return 0;
}

// Messages are taken by their type: the first of it, the first at all, or the lowest up to a limit.
// EXPECT complete
// EXPECT outcome "b5 a7 d2 c7\n" exit 0
// EXPECT executions 1
// EXPECT no-findings
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/msg.h>

struct message {
    long type;
    char text;
};

static int queue;

static void put(long type, char text)
{
    struct message m = {type, text};
    msgsnd(queue, &m, 1, 0);
}

static void take(long type, const char *end)
{
    struct message m;
    msgrcv(queue, &m, 1, type, 0);
    printf("%c%ld%s", m.text, m.type, end);
}

int main(void)
{
    queue = msgget(IPC_PRIVATE, 0600);
    put(7, 'a');
    put(5, 'b');
    put(7, 'c');
    put(2, 'd');
    take(5, " ");
    take(0, " ");
    take(-6, " ");
    take(7, "\n");
    msgctl(queue, IPC_RMID, NULL);
    return 0;
}

// One thread closes a descriptor and another opens one: the number may be the same, and a third
// may then write into the wrong pipe. Here who comes late writes to b.
// EXPECT complete
// EXPECT outcome "a\n" exit 0
// EXPECT outcome "b\n" exit 0
// EXPECT outcome "nowhere\n" exit 0
// EXPECT no-findings
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static int a[2], b[2], target, sent;

static void *late(void *arg)
{
    sent = (int)write(target, "x", 1);
    return arg;
}

int main(void)
{
    pthread_t t;
    char c;
    if (pipe2(a, O_NONBLOCK) || pipe2(b, O_NONBLOCK))
        return 2;
    target = dup(a[1]);
    pthread_create(&t, NULL, late, NULL);
    close(target);
    int copy = dup(b[1]);
    pthread_join(t, NULL);
    puts(read(a[0], &c, 1) == 1 ? "a" : read(b[0], &c, 1) == 1 ? "b" : "nowhere");
    return sent < 0 ? copy != target : 0;
}

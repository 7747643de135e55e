// Only what was forked is killed, not the first process; threads are none.
// OPTIONS --adversity=kill:3
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT no-findings
// OPTIONS --adversity=kill:3 --strategy dfs
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static void *run(void *arg)
{
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, run, NULL);
    pthread_join(t, NULL);
    puts("done");
    return 0;
}

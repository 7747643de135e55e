// Three tasks with sections over two places; what is seen inside a section belongs together.
// The reader sees neither, one or both of the additions, and always x equal to y.
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT outcome "2 2\n" exit 0
// EXPECT no-findings
// EXPECT executions 6
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "0 0\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT outcome "2 2\n" exit 0
// EXPECT no-findings

#include <lockstep.h>
#include <pthread.h>
#include <stdio.h>

static int x, y, seen_x, seen_y;

static void *adds(void *arg)
{
    lockstep_atomic_begin();
    x++;
    y++;
    lockstep_atomic_end();
    return arg;
}

static void *reads(void *arg)
{
    lockstep_atomic_begin();
    seen_x = x;
    seen_y = y;
    lockstep_atomic_end();
    return arg;
}

int main(void)
{
    pthread_t t[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, i < 2 ? adds : reads, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    printf("%d %d\n", seen_x, seen_y);
    return 0;
}

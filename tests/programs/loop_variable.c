// All threads get the address of the one loop variable and may read it late: the first sees 0, 1 or
// 2, the second 1 or 2.
// EXPECT complete
// EXPECT outcome "0 1\n" exit 0
// EXPECT outcome "0 2\n" exit 0
// EXPECT outcome "1 1\n" exit 0
// EXPECT outcome "1 2\n" exit 0
// EXPECT outcome "2 1\n" exit 0
// EXPECT outcome "2 2\n" exit 0
// EXPECT findings data-race line @read|@loop
#include <pthread.h>
#include <stdio.h>

static int seen[2];

static void *first(void *arg)
{
    int n = *(int *)arg; // @read
    seen[0] = n;
    return NULL;
}

static void *second(void *arg)
{
    return *(int *)arg == 1 ? &seen[0] : &seen[1]; // @read
}

int main(void)
{
    pthread_t t[2];
    void *which;
    for (int i = 0; i < 2; i++) // @loop
        pthread_create(&t[i], NULL, i == 0 ? first : second, &i);
    pthread_join(t[0], NULL);
    pthread_join(t[1], &which);
    printf("%d %d\n", seen[0], which == &seen[0] ? 1 : 2);
    return 0;
}

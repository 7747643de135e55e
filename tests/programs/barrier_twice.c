// The same barrier serves a second round: write, meet, read, meet, write again.
// EXPECT complete
// EXPECT outcome "2 1 20 10\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_barrier_t both;
static int cell[2], seen[2], later[2];

static void *work(void *arg)
{
    long i = (long)arg;
    cell[i] = (int)i + 1;
    pthread_barrier_wait(&both);
    seen[i] = cell[1 - i];
    pthread_barrier_wait(&both);
    cell[i] *= 10;
    pthread_barrier_wait(&both);
    later[i] = cell[1 - i];
    return NULL;
}

int main(void)
{
    pthread_t t[2];
    pthread_barrier_init(&both, NULL, 2);
    for (long i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, (void *)i);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%d %d %d %d\n", seen[0], seen[1], later[0], later[1]);
    return 0;
}

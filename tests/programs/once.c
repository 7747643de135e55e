// However many come, the initialiser runs once and everybody sees what it did.
// EXPECT complete
// EXPECT outcome "1 7 7 7\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int runs, value, seen[3];

static void init(void)
{
    runs++;
    value = 7;
}

static void *use(void *arg)
{
    int *out = arg;
    pthread_once(&once, init);
    *out = value;
    return NULL;
}

int main(void)
{
    pthread_t t[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, use, &seen[i]);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    printf("%d %d %d %d\n", runs, seen[0], seen[1], seen[2]);
    return 0;
}

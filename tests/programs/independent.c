// Three threads touch nothing in common: every order is the same execution.
// EXPECT complete
// EXPECT outcome "6\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
#include <pthread.h>
#include <stdio.h>

static int slot[3];

static void *fill(void *arg)
{
    int *mine = arg;
    *mine += 1;
    *mine *= 2;
    return NULL;
}

int main(void)
{
    pthread_t t[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, fill, &slot[i]);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    printf("%d\n", slot[0] + slot[1] + slot[2]);
    return 0;
}

// Each adds up its half in a place of its own; main adds the halves after the join.
// EXPECT complete
// EXPECT outcome "10\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
#include <pthread.h>
#include <stdio.h>

static const int numbers[4] = {1, 2, 3, 4};
static int sums[2];

static void *add(void *arg)
{
    int half = arg != NULL, sum = 0;
    for (int i = 0; i < 2; i++)
        sum += numbers[2 * half + i];
    sums[half] = sum;
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, add, (void *)1);
    add(NULL);
    pthread_join(t, NULL);
    printf("%d\n", sums[0] + sums[1]);
    return 0;
}

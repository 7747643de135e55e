// Both halves are sorted at once, by a thread each, then merged: nobody touches another's half.
// EXPECT complete
// EXPECT outcome "1 2 3 4\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
#include <pthread.h>
#include <stdio.h>

static int a[4] = {4, 2, 3, 1};

static void *sort_two(void *arg)
{
    int *p = arg;
    if (p[0] > p[1]) {
        int t = p[0];
        p[0] = p[1];
        p[1] = t;
    }
    return NULL;
}

int main(void)
{
    pthread_t t[2];
    int out[4], i = 0, j = 2;
    pthread_create(&t[0], NULL, sort_two, a);
    pthread_create(&t[1], NULL, sort_two, a + 2);
    pthread_join(t[0], NULL);
    pthread_join(t[1], NULL);
    for (int k = 0; k < 4; k++)
        out[k] = j == 4 || (i < 2 && a[i] <= a[j]) ? a[i++] : a[j++];
    printf("%d %d %d %d\n", out[0], out[1], out[2], out[3]);
    return 0;
}

// Allocated by one thread, used and freed by another, ordered by the join.
// EXPECT complete
// EXPECT outcome "hello 10\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct parcel {
    char word[16];
    int sum;
};

static void *pack(void *arg)
{
    int n = *(int *)arg;
    struct parcel *p = calloc(1, sizeof *p);
    strcpy(p->word, "hello");
    for (int i = 1; i <= n; i++)
        p->sum += i;
    return p;
}

int main(void)
{
    int n = 4;
    pthread_t t;
    void *result;
    pthread_create(&t, NULL, pack, &n);
    pthread_join(t, &result);
    struct parcel *p = result;
    printf("%s %d\n", p->word, p->sum);
    free(p);
    return 0;
}

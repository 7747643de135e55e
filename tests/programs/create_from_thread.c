// A thread makes a thread and a third one joins it.
// EXPECT complete
// EXPECT outcome "3\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
#include <pthread.h>
#include <stdio.h>

static pthread_t grandchild;
static int value;

static void *young(void *arg)
{
    value = 3;
    return arg;
}

static void *parent(void *arg)
{
    pthread_create(&grandchild, NULL, young, NULL);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, parent, NULL);
    pthread_join(t, NULL);
    pthread_join(grandchild, NULL);
    printf("%d\n", value);
    return 0;
}

// Each thread prints a line in two calls; another's call may come in between.
// EXPECT complete
// EXPECT outcome "ab\nab\n" exit 0
// EXPECT outcome "aab\nb\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static void *say(void *arg)
{
    printf("a");
    printf("b\n");
    return arg;
}

int main(void)
{
    pthread_t t, u;
    pthread_create(&t, NULL, say, NULL);
    pthread_create(&u, NULL, say, NULL);
    pthread_join(t, NULL);
    pthread_join(u, NULL);
    return 0;
}

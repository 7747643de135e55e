#include <pthread.h>
#include <stdio.h>

static int transfers;

static void *a_to_b(void *arg)
{
    transfers++;
    return arg;
}

static void *b_to_a(void *arg)
{
    transfers++;
    return arg;
}

int main(void)
{
    pthread_t t, u;
    pthread_create(&t, NULL, a_to_b, NULL);
    pthread_create(&u, NULL, b_to_a, NULL);
    pthread_join(t, NULL);
    pthread_join(u, NULL);
    printf("%d transfers\n", transfers);
    return 0;
}

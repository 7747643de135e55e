#include <pthread.h>
#include <stdio.h>

static int balance = 10;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *deposit(void *arg)
{
    pthread_mutex_lock(&m);
    balance += 5;
    pthread_mutex_unlock(&m);
    return arg;
}

static void *withdraw(void *arg)
{
    balance -= 5;
    return arg;
}

int main(void)
{
    pthread_t d, w;
    pthread_create(&d, NULL, deposit, NULL);
    pthread_join(d, NULL);
    pthread_create(&w, NULL, withdraw, NULL);
    pthread_join(w, NULL);
    printf("%d\n", balance);
    return 0;
}

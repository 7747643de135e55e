// Each step is under the lock, but the check and the act are two sections: both withdraw.
// EXPECT complete
// EXPECT outcome "0\n" exit 0
// EXPECT outcome "-10\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int balance = 10;

static int look(void)
{
    pthread_mutex_lock(&m);
    int n = balance;
    pthread_mutex_unlock(&m);
    return n;
}

static void *withdraw(void *arg)
{
    if (look() >= 10) {
        pthread_mutex_lock(&m);
        balance -= 10;
        pthread_mutex_unlock(&m);
    }
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, withdraw, NULL);
    withdraw(NULL);
    pthread_join(t, NULL);
    printf("%d\n", balance);
    return 0;
}

// Two accounts, transfers both ways; the locks are taken in the order of their addresses.
// EXPECT complete
// EXPECT outcome "100 100\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

struct account {
    pthread_mutex_t m;
    int balance;
};

static struct account a = {PTHREAD_MUTEX_INITIALIZER, 100}, b = {PTHREAD_MUTEX_INITIALIZER, 100};

static void transfer(struct account *from, struct account *to, int amount)
{
    struct account *first = (uintptr_t)from < (uintptr_t)to ? from : to;
    struct account *second = first == from ? to : from;
    pthread_mutex_lock(&first->m);
    pthread_mutex_lock(&second->m);
    from->balance -= amount;
    to->balance += amount;
    pthread_mutex_unlock(&second->m);
    pthread_mutex_unlock(&first->m);
}

static void *back(void *arg)
{
    transfer(&b, &a, 10);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, back, NULL);
    transfer(&a, &b, 10);
    pthread_join(t, NULL);
    printf("%d %d\n", a.balance, b.balance);
    return 0;
}

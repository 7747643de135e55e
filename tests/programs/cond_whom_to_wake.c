// Two wait for the same signal; POSIX does not say who gets it. The other is woken by the first.
// EXPECT complete
// EXPECT outcome "12\n" exit 0
// EXPECT outcome "21\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn = PTHREAD_COND_INITIALIZER, all_there = PTHREAD_COND_INITIALIZER;
static int there, may_go;

static void *waiter(void *arg)
{
    pthread_mutex_lock(&m);
    there++;
    pthread_cond_signal(&all_there);
    while (may_go == 0)
        pthread_cond_wait(&turn, &m);
    may_go--;
    printf("%d", *(int *)arg);
    pthread_mutex_unlock(&m);
    return NULL;
}

static void let_one_go(void)
{
    pthread_mutex_lock(&m);
    may_go++;
    pthread_cond_signal(&turn);
    pthread_mutex_unlock(&m);
}

int main(void)
{
    static int number[] = {1, 2};
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, waiter, &number[i]);
    pthread_mutex_lock(&m);
    while (there < 2)
        pthread_cond_wait(&all_there, &m);
    pthread_mutex_unlock(&m);
    let_one_go();
    let_one_go();
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    putchar('\n');
    return 0;
}

// fib_bench of four rounds, atomic, with a third thread that looks: 19,605 traces, each made once.
#include <pthread.h>
#include <stdatomic.h>

#define ROUNDS 4

static atomic_int x = 1, y = 1;

static void *add_to_x(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        int a = x;
        int b = y;
        x = a + b;
    }
    return arg;
}

static void *add_to_y(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        int a = x;
        int b = y;
        y = a + b;
    }
    return arg;
}

static void *look(void *arg)
{
    int a = x;
    int b = y;
    return a < b ? arg : NULL;
}

int main(void)
{
    pthread_t t[3];
    pthread_create(&t[0], NULL, add_to_x, NULL);
    pthread_create(&t[1], NULL, add_to_y, NULL);
    pthread_create(&t[2], NULL, look, NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    return 0;
}

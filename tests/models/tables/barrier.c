/* Barriers. */
#include "cell.h"

static pthread_barrier_t b;
static int serial[8];

static void *arrive(void *p)
{
    for (int round = 0; round < 2; round++) {
        int r = pthread_barrier_wait(&b);
        serial[(int)(long)p * 2 + round] = r == PTHREAD_BARRIER_SERIAL_THREAD ? 1
                                           : r == 0                           ? 0
                                                                              : 100;
    }
    return NULL;
}

static void rounds(int n)
{
    pthread_t t[3];
    pthread_barrier_init(&b, NULL, (unsigned)n);
    for (int i = 1; i < n; i++)
        pthread_create(&t[i], NULL, arrive, (void *)(long)i);
    arrive((void *)0);
    for (int i = 1; i < n; i++)
        pthread_join(t[i], NULL);
    for (int round = 0; round < 2; round++) {
        int sum = 0;
        for (int i = 0; i < n; i++)
            sum += serial[i * 2 + round];
        cell_number("tasks that got PTHREAD_BARRIER_SERIAL_THREAD", sum);
    }
    cell("used: destroy", pthread_barrier_destroy(&b));
}

int main(void)
{
    pthread_barrierattr_t a;
    int n = -1;
    cell("init, 0 tasks", pthread_barrier_init(&b, NULL, 0));
    cell("init, 1 task", pthread_barrier_init(&b, NULL, 1));
    cell_number("wait of 1 gives PTHREAD_BARRIER_SERIAL_THREAD",
                pthread_barrier_wait(&b) == PTHREAD_BARRIER_SERIAL_THREAD);
    cell_number("again", pthread_barrier_wait(&b) == PTHREAD_BARRIER_SERIAL_THREAD);
    cell("destroy", pthread_barrier_destroy(&b));
    cell("attribute: init", pthread_barrierattr_init(&a));
    pthread_barrierattr_getpshared(&a, &n);
    cell_number("attribute: shared when new", n);
    cell("attribute: setpshared, none", pthread_barrierattr_setpshared(&a, 99));
    cell("attribute: setpshared, shared",
         pthread_barrierattr_setpshared(&a, PTHREAD_PROCESS_SHARED));
    pthread_barrierattr_getpshared(&a, &n);
    cell_number("attribute: shared when set", n);
    pthread_barrierattr_setpshared(&a, PTHREAD_PROCESS_PRIVATE);
    cell("destroyed: init", pthread_barrier_init(&b, &a, 2));
    cell("attribute: destroy", pthread_barrierattr_destroy(&a));
    cell("unused: destroy", pthread_barrier_destroy(&b));
    rounds(2);
    return 0;
}

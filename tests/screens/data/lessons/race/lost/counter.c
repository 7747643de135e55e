#include <pthread.h>
#include <stdio.h>

/* Both threads add one. What is printed? */
static long counter;

static void *inc(void *arg) {
    (void)arg;
    long t = counter;
    /* the window */
    counter = t + 1;
    return NULL;
}

int main(void) {
    pthread_t a, b;
    pthread_create(&a, NULL, inc, NULL);
    pthread_create(&b, NULL, inc, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%ld\n", counter);
    return 0;
}

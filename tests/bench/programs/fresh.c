// Maps memory by itself, which cannot be restarted in place: each execution gets a fresh process.
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>

static int *counter;

static void *inc(void *arg)
{
    ++*counter;
    return arg;
}

int main(void)
{
    pthread_t a;
    counter = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    pthread_create(&a, NULL, inc, NULL);
    ++*counter;
    pthread_join(a, NULL);
    printf("%d\n", *counter);
    return 0;
}

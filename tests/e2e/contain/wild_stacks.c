#include <pthread.h>
#include <string.h>
static pthread_barrier_t met;
static void *other(void *p)
{
    pthread_barrier_wait(&met);
    return p;
}
int main(void)
{
    pthread_t t;
    pthread_barrier_init(&met, 0, 2);
    pthread_create(&t, 0, other, 0);
    char *top = (char *)((unsigned long)&t & ~0xffffffful) + 2 * (16ul << 20);
    memset(top - 65536, 0x77, 65536);
    pthread_barrier_wait(&met);
    pthread_join(t, 0);
}

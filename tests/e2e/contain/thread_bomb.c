#include <pthread.h>
static void *more(void *p)
{
    pthread_t t;
    for (;;)
        pthread_create(&t, 0, more, p);
}
int main(void)
{
    more(0);
}

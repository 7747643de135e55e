/* lockstep_litmus_once.h: the threads of a litmus test once, and what came out: for a search. */
#include <pthread.h>

static void *litmus_start(void *arg)
{
    litmus_thread((int)(intptr_t)arg, 0);
    return NULL;
}

int main(void)
{
    pthread_t threads[LITMUS_THREADS];
    long long v[LITMUS_SEEN];
    char line[LITMUS_SEEN * 24 + 2];
    int n = 0;
    litmus_begin(0);
    for (int i = 0; i < LITMUS_THREADS; i++)
        pthread_create(&threads[i], NULL, litmus_start, (void *)(intptr_t)i);
    for (int i = 0; i < LITMUS_THREADS; i++)
        pthread_join(threads[i], NULL);
    litmus_state(0, v);
    for (int i = 0; i < LITMUS_SEEN; i++)
        n += snprintf(line + n, sizeof line - (size_t)n, "%lld ", v[i]);
    puts(line);
    return 0;
}

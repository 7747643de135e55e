// A monitor looks at a state under its lock until it is told to stop; the other thread changes the
// state to and fro meanwhile. Only an unfair scheduler would let the monitor look for ever.
// EXPECT complete
// EXPECT outcome "stopped\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int state, stop, seen;

static void *monitor(void *arg)
{
    for (;;) {
        pthread_mutex_lock(&m);
        seen = state;
        int last = stop;
        pthread_mutex_unlock(&m);
        if (last)
            return arg;
    }
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, monitor, NULL);
    pthread_mutex_lock(&m);
    state = 1;
    pthread_mutex_unlock(&m);
    pthread_mutex_lock(&m);
    state = 0;
    stop = 1;
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    puts("stopped");
    return 0;
}

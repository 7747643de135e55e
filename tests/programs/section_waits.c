// To wait for another task in a section is a mistake: it is told, and the section is over.
// Where the lock is free there is nothing wrong.
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT finding misuse line @waits
// OPTIONS --strategy dfs
// EXPECT complete
// EXPECT outcome "done\n" exit 0
// EXPECT finding misuse line @waits

#include <lockstep.h>
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *task(void *arg)
{
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, task, NULL);
    lockstep_atomic_begin();
    pthread_mutex_lock(&m); // @waits
    pthread_mutex_unlock(&m);
    lockstep_atomic_end();
    pthread_join(t, NULL);
    puts("done");
    return 0;
}

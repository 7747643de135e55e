// Which of two tasks runs the initialiser is open; the other waits for it.
// EXPECT complete
// EXPECT outcome "first\n" exit 0
// EXPECT outcome "second\n" exit 0
// EXPECT no-findings
// EXPECT executions 2
#include <pthread.h>
#include <stdio.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_t who;

static void init(void)
{
    who = pthread_self();
}

static void *work(void *arg)
{
    (void)arg;
    pthread_once(&once, init);
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, work, NULL);
    pthread_create(&b, NULL, work, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    puts(pthread_equal(who, a) ? "first" : "second");
    return 0;
}

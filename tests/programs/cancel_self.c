// A thread cancels itself: deferred, so it goes on to its next cancellation point.
// EXPECT complete
// EXPECT outcome "before after-request gone\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void say(void *text)
{
    fputs(text, stdout);
}

static void *work(void *arg)
{
    pthread_cleanup_push(say, "gone\n");
    fputs("before ", stdout);
    pthread_cancel(pthread_self());
    int n = 0;
    n += 2;
    say(n == 2 ? "after-request " : "?");
    sleep(1);
    say("not here");
    pthread_cleanup_pop(0);
    return arg;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, NULL);
    pthread_join(t, NULL);
    return 0;
}

// Handlers run from the one pushed last to the first, then the destructors of thread-specific data;
// one that was popped does not run. So it is for pthread_exit, too.
// EXPECT complete
// EXPECT outcome "3 1 key\n" exit 0
// EXPECT no-findings
// ARGS exit
// EXPECT complete
// EXPECT outcome "3 1 key value\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char log_text[64];
static pthread_key_t key;
static int leaves;

static void note(void *text)
{
    strcat(log_text, text);
}

static void inner(void)
{
    pthread_cleanup_push(note, "2 ");
    pthread_cleanup_pop(0);
    pthread_cleanup_push(note, "3 ");
    if (leaves)
        pthread_exit("value");
    for (;;)
        pthread_testcancel();
    pthread_cleanup_pop(0);
}

static void *work(void *arg)
{
    pthread_setspecific(key, "key");
    pthread_cleanup_push(note, "1 ");
    inner();
    pthread_cleanup_pop(1);
    return arg;
}

int main(int argc, char **argv)
{
    pthread_t t;
    void *result;
    (void)argv;
    leaves = argc > 1;
    pthread_key_create(&key, note);
    pthread_create(&t, NULL, work, NULL);
    if (!leaves)
        pthread_cancel(t);
    pthread_join(t, &result);
    printf("%s%s%s\n", log_text, result == PTHREAD_CANCELED ? "" : " ",
           result == PTHREAD_CANCELED ? "" : (char *)result);
    return 0;
}

// What a program does to its arguments and its environment is undone before the next execution.
// ARGS one,two left
// EXPECT complete
// EXPECT outcome "one two left\n" exit 0
// EXPECT no-findings
// EXPECT executions 2
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void *task(void *arg)
{
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    return arg;
}

int main(int argc, char **argv)
{
    char *last = argv[argc - 1];
    if (argc != 3)
        return 1;
    argv[argc - 1] = NULL;
    pthread_t t;
    pthread_create(&t, NULL, task, NULL);
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    char *one = strtok(argv[1], ",");
    char *two = strtok(NULL, ",");
    printf("%s %s %s\n", one, two ? two : "(none)", last);
    return 0;
}

#include <pthread.h>
#include <stdio.h>

static void *say(void *arg)
{
    char *word = arg;
    puts(word);
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, say, "A");
    puts("B");
    return 0;
}

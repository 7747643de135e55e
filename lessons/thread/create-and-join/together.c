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
    char *words[] = {"A", "B", "C"};
    pthread_t t[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, say, words[i]);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    puts("end");
    return 0;
}

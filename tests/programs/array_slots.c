// A slot of its own for every thread: neighbours in memory, still no conflict.
// EXPECT complete
// EXPECT outcome "abcd\n" exit 0
// EXPECT no-findings
// EXPECT executions 1
#include <pthread.h>
#include <stdio.h>

static char letters[5];

static void *fill(void *arg)
{
    char *slot = arg;
    *slot = (char)('a' + (slot - letters));
    return NULL;
}

int main(void)
{
    pthread_t t[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&t[i], NULL, fill, &letters[i]);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    puts(letters);
    return 0;
}

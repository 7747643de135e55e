// Threads that allocate, grow and free at the same time do not disturb each other.
// EXPECT complete
// EXPECT outcome "6 60\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int total[2];

static void *work(void *arg)
{
    int *mine = arg, unit = mine == total ? 1 : 10;
    int *list = malloc(sizeof *list);
    for (int n = 0; n < 3; n++) {
        list = realloc(list, (size_t)(n + 1) * sizeof *list);
        list[n] = (n + 1) * unit;
    }
    for (int n = 0; n < 3; n++)
        *mine += list[n];
    free(list);
    return NULL;
}

int main(void)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, work, &total[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%d %d\n", total[0], total[1]);
    return 0;
}

/* One thread, two hundred operations, then what was typed. */
#include <pthread.h>
#include <stdio.h>

int main(void)
{
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    char line[64];
    for (int i = 0; i < 100; i++) {
        pthread_mutex_lock(&m);
        pthread_mutex_unlock(&m);
    }
    printf("type\n");
    fflush(stdout);
    if (fgets(line, sizeof line, stdin))
        printf("got %s", line);
    return 0;
}

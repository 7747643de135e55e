// Every thread has its own identity, the one its creator got.
// EXPECT complete
// EXPECT outcome "1 1 0\n" exit 0
// EXPECT no-findings
#include <pthread.h>
#include <stdio.h>

static pthread_t self[2];

static void *who(void *arg)
{
    *(pthread_t *)arg = pthread_self();
    return NULL;
}

int main(void)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, who, &self[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    printf("%d %d %d\n", pthread_equal(t[0], self[0]) != 0, pthread_equal(t[1], self[1]) != 0,
           pthread_equal(t[0], pthread_self()) != 0);
    return 0;
}

// More threads in one execution than lockstep keeps: creation fails, which a real machine would not
// do here, so nothing is said about all schedules.
// EXPECT incomplete
// EXPECT outcome "255 of 300\n" exit 0
// EXPECT no-findings
// FREE outside "the limit is that of lockstep"
#include <pthread.h>
#include <stdio.h>

static void *nothing(void *arg)
{
    return arg;
}

int main(void)
{
    int made = 0;
    for (int i = 0; i < 300; i++) {
        pthread_t t;
        if (pthread_create(&t, NULL, nothing, NULL) == 0) {
            pthread_join(t, NULL);
            made++;
        }
    }
    printf("%d of 300\n", made);
    return 0;
}

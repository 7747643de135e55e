// The bakery without `choosing`: a task may look while another has read the numbers and not yet
// taken its own, and both go in.
// EXPECT complete
// EXPECT outcome "2\n" exit 0
// EXPECT outcome "1\n" exit 0
// EXPECT findings data-race line @in
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int number[2];
static int counter;

static void *work(void *arg)
{
    int me = arg != NULL, other = 1 - me;
    number[me] = number[other] + 1;
    for (;;) {
        int theirs = number[other], mine = number[me];
        if (theirs == 0 || theirs > mine || (theirs == mine && other >= me))
            break;
    }
    counter++; // @in
    number[me] = 0;
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, work, (void *)1);
    work(NULL);
    pthread_join(t, NULL);
    printf("%d\n", counter);
    return 0;
}

/* pthread_once. */
#include "cell.h"

static pthread_once_t once = PTHREAD_ONCE_INIT, other_once = PTHREAD_ONCE_INIT,
                      third = PTHREAD_ONCE_INIT, exited = PTHREAD_ONCE_INIT;
static int runs, other_runs, nested, tries;
static sem_t inside, on;

static void routine(void)
{
    runs++;
}

static void slow(void)
{
    sem_post(&inside);
    sem_wait(&on);
    other_runs++;
}

static void *calls(void *p)
{
    (void)p;
    pthread_once(&other_once, slow);
    return NULL;
}

static void inner(void)
{
    nested += 1;
}

static void outer(void)
{
    pthread_once(&third, inner);
    nested += 10;
}

static void leaves(void)
{
    if (++tries == 1)
        pthread_exit(NULL);
}

static void *exits(void *p)
{
    (void)p;
    pthread_once(&exited, leaves);
    return NULL;
}

int main(void)
{
    pthread_t t;
    pthread_once_t outermost = PTHREAD_ONCE_INIT;
    cell("first: once", pthread_once(&once, routine));
    cell_number("first: runs", runs);
    cell("second: once", pthread_once(&once, routine));
    cell_number("second: runs", runs);
    sem_init(&inside, 0, 0);
    sem_init(&on, 0, 0);
    pthread_create(&t, NULL, calls, NULL);
    sem_wait(&inside);
    sem_post(&on);
    cell("while another runs it: once", pthread_once(&other_once, slow));
    cell_number("then: it has run", other_runs);
    pthread_join(t, NULL);
    cell("one inside another: once", pthread_once(&outermost, outer));
    cell_number("one inside another: both ran", nested);
    /* the routine ends its thread: as if it had never been called */
    pthread_create(&t, NULL, exits, NULL);
    pthread_join(t, NULL);
    cell("the first routine ended its thread: once", pthread_once(&exited, leaves));
    cell_number("then: tries", tries);
    return 0;
}

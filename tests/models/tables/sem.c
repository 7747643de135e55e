/* Unnamed semaphores. */
#include "cell.h"

static int value(sem_t *s)
{
    int n = -1;
    sem_getvalue(s, &n);
    return n;
}

static void setup(void)
{
    sem_t s;
    cell_errno("init 0", sem_init(&s, 0, 0));
    cell_number("value", value(&s));
    cell_errno("destroy", sem_destroy(&s));
    cell_errno("init 3", sem_init(&s, 0, 3));
    cell_number("value of 3", value(&s));
    cell_errno("destroyed: init", sem_init(&s, 0, 3));
    cell_errno("init SEM_VALUE_MAX", sem_init(&s, 0, SEM_VALUE_MAX));
    cell_number("SEM_VALUE_MAX - value", SEM_VALUE_MAX - value(&s));
    cell_errno("at SEM_VALUE_MAX: post", sem_post(&s));
    cell_number("then SEM_VALUE_MAX - value", SEM_VALUE_MAX - value(&s));
    cell_errno("init SEM_VALUE_MAX + 1", sem_init(&s, 0, (unsigned)SEM_VALUE_MAX + 1));
    cell_errno("init, shared between processes", sem_init(&s, 1, 1));
}

static void calls(void)
{
    sem_t s;
    sem_init(&s, 0, 0);
    cell_errno("0: trywait", sem_trywait(&s));
    cell_errno("0: timedwait, past", sem_timedwait(&s, &past));
    cell_errno("0: timedwait, too many ns", sem_timedwait(&s, &above));
    cell_errno("0: timedwait, negative ns", sem_timedwait(&s, &below));
    cell_errno("0: clockwait, monotonic, past", sem_clockwait(&s, CLOCK_MONOTONIC, &past));
    cell_errno("0: clockwait, realtime, past", sem_clockwait(&s, CLOCK_REALTIME, &past));
    cell_errno("0: clockwait, no such clock", sem_clockwait(&s, CLOCK_PROCESS_CPUTIME_ID, &past));
    cell_number("0: value after all that", value(&s));
    cell_errno("0: post", sem_post(&s));
    cell_number("1: value", value(&s));
    cell_errno("1: trywait", sem_trywait(&s));
    cell_errno("0 again: trywait", sem_trywait(&s));
    sem_post(&s);
    cell_errno("1: wait", sem_wait(&s));
    sem_post(&s);
    cell_errno("1: timedwait, past", sem_timedwait(&s, &past));
    sem_post(&s);
    cell_errno("1: clockwait, monotonic, past", sem_clockwait(&s, CLOCK_MONOTONIC, &past));
    sem_post(&s);
    cell_errno("1: timedwait, too many ns", sem_timedwait(&s, &above));
    cell_errno("1: clockwait, no such clock", sem_clockwait(&s, CLOCK_PROCESS_CPUTIME_ID, &past));
    sem_post(&s);
    sem_post(&s);
    cell_number("posted twice: value at least 2", value(&s) >= 2);
    cell_errno("0: destroy", sem_destroy(&s));
}

static sem_t gate, done;
static void *taker(void *p)
{
    (void)p;
    cell_errno("0: wait, until another posts", sem_wait(&gate));
    sem_post(&done);
    return NULL;
}

static void between(void)
{
    pthread_t t;
    sem_init(&gate, 0, 0);
    sem_init(&done, 0, 0);
    pthread_create(&t, NULL, taker, NULL);
    cell_number("somebody may wait: value", value(&gate)); /* never below 0 on Linux */
    sem_post(&gate);
    sem_wait(&done);
    cell_number("taken: value", value(&gate));
    pthread_join(t, NULL);
}

int main(void)
{
    setup();
    calls();
    between();
    return 0;
}

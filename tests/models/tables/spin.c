/* Spin locks. */
#include "cell.h"

static void lock_it(void *p)
{
    pthread_spin_lock((pthread_spinlock_t *)p);
}

static void unlock_it(void *p)
{
    pthread_spin_unlock((pthread_spinlock_t *)p);
}

static pthread_spinlock_t s;

int main(void)
{
    struct other o;
    cell("init, private", pthread_spin_init(&s, PTHREAD_PROCESS_PRIVATE));
    cell("free: lock", pthread_spin_lock(&s));
    cell("locked by me: trylock", pthread_spin_trylock(&s));
    cell("locked by me: unlock", pthread_spin_unlock(&s));
    cell("free: trylock", pthread_spin_trylock(&s));
    cell("locked by trylock: unlock", pthread_spin_unlock(&s));
    other_begin(&o, lock_it, unlock_it, (void *)&s);
    cell("locked by another: trylock", pthread_spin_trylock(&s));
    other_end(&o);
    cell("given back: trylock", pthread_spin_trylock(&s));
    pthread_spin_unlock(&s);
    cell("free: destroy", pthread_spin_destroy(&s));
    cell("destroyed: init, shared", pthread_spin_init(&s, PTHREAD_PROCESS_SHARED));
    cell("new: lock", pthread_spin_lock(&s));
    pthread_spin_unlock(&s);
    cell("free again: destroy", pthread_spin_destroy(&s));
    return 0;
}

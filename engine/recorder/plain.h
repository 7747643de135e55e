/* The uncontended lock of a plain mutex (private to the process, of the normal type, no protocol)
 * without a call: with one, and what comes with it, lock and unlock take 1.5 to 2 times as long as
 * unrecorded, without 1.1 times. It does what glibc does since 2.0 for this kind, to the fields
 * that its header shows; everything else is left to glibc. plain_check tries at the start whether
 * that is so with the library at hand; if not, every lock is a call. */
#ifndef LOCKSTEP_RECORDER_PLAIN_H
#define LOCKSTEP_RECORDER_PLAIN_H

#include "inside.h"

/* 0 where the short way works, so that a kind of 0 is the one to take it. */
extern int plain_not;
void plain_check(void);

HOT bool plain_is(const pthread_mutex_t *m)
{
    return LIKELY((m->__data.__kind | plain_not) == 0);
}

HOT bool plain_take(pthread_mutex_t *m)
{
    int from = 0;
    if (!plain_is(m) || !__atomic_compare_exchange_n(&m->__data.__lock, &from, 1, 0,
                                                     __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        return false;
    m->__data.__owner = me.tid;
    m->__data.__nusers++;
    return true;
}

/* False: somebody waits (or it is not locked), so it is glibc's to give it back. */
HOT bool plain_give(pthread_mutex_t *m)
{
    int owner = m->__data.__owner, from = 1;
    m->__data.__owner = 0;
    m->__data.__nusers--;
    if (LIKELY(__atomic_compare_exchange_n(&m->__data.__lock, &from, 0, 0, __ATOMIC_RELEASE,
                                           __ATOMIC_RELAXED)))
        return true;
    m->__data.__owner = owner;
    m->__data.__nusers++;
    return false;
}

#endif

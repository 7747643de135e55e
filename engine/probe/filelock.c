/* Locks on files: flock, lockf and those of fcntl. The kernel keeps them; a task that cannot have
 * one waits until something was done to a lock or a descriptor, and then tries again. Who waits in
 * a circle is refused with EDEADLK as the kernel does it, by whom its record locks belong to. */
#include "fd.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

bool filelock_ready(const struct task *t)
{
    return t->lock_epoch != S->lock_epoch;
}

static unsigned process_of_carrier(int pid)
{
    for (unsigned i = 0; i < S->nprocesses; i++)
        if (S->processes[i].carrier == pid && !S->processes[i].ended)
            return i;
    return 0; /* the first has none of its own */
}

/* The process whose lock is in the way of *wanted. */
static unsigned holder_of(int fd, const struct flock *wanted)
{
    struct flock l = *wanted;
    if (REAL(fcntl)(fd, F_GETLK, &l) || l.l_type == F_UNLCK)
        return NO_PROCESS;
    return process_of_carrier(l.l_pid);
}

static unsigned waits_for(unsigned process)
{
    for (unsigned i = 0; i < S->ntasks; i++) {
        const struct task *t = &S->tasks[i];
        if (t->process == process && !t->ended && t->op.wait == WAIT_FILELOCK && !filelock_ready(t))
            return t->lock_holder;
    }
    return NO_PROCESS;
}

static bool closes_circle(unsigned holder)
{
    for (unsigned n = 0; holder != NO_PROCESS && n < MAX_PROCESSES; n++) {
        if (holder == S->cur->process)
            return true;
        holder = waits_for(holder);
    }
    return false;
}

/* One try, as a step; after a failed one only when something has changed. False: EINTR. */
static bool stand(int fd, bool again, const char *name, struct here h)
{
    struct op op = op_make(EV_CALL, h);
    if (REAL(fcntl)(fd, F_GETFD) >= 0)
        fd_reach(&op, fd);
    op.cancel_point = true;
    op.interruptible = 1;
    if (again)
        op.wait = WAIT_FILELOCK;
    if (!step(&op)) {
        errno = EINTR;
        return false;
    }
    record_text(record_step_event(), name, strlen(name));
    return true;
}

static void had(bool gives)
{
    unsigned k = (unsigned)(S->cur->op.addr - OBJ_FD(0));
    fd_changed(S->cur->op.addr);
    S->lock_epoch++;
    if (k < MAX_FD_OBJECTS)
        fd_hand_over(k, gives);
}

static void is_held(unsigned holder)
{
    S->cur->lock_holder = (uint16_t)holder;
    S->cur->lock_epoch = S->lock_epoch;
}

int lock_record(int fd, int command, void *lock, const char *name, struct here h)
{
    ends_unknown();
    bool waits = command == F_SETLKW || command == F_OFD_SETLKW;
    int try = command == F_SETLKW || command == F_SETLK ? F_SETLK : F_OFD_SETLK;
    const struct flock *l = lock;
    for (bool again = false;; again = true) {
        if (!stand(fd, again, name, h))
            return -1;
        int result = REAL(fcntl)(fd, try, lock), error = errno;
        if (result == 0)
            had(l->l_type == F_UNLCK);
        errno = error;
        if (result == 0 || !waits || (error != EAGAIN && error != EACCES))
            return result;
        unsigned holder = try == F_SETLK ? holder_of(fd, l) : NO_PROCESS;
        if (closes_circle(holder))
            return fd_fail(EDEADLK);
        is_held(holder);
    }
}

EXPORT int flock(int fd, int how)
{
    if (!controlled)
        return REAL(flock)(fd, how);
    if (fd_is_ours(fd))
        return fd_fail(EBADF);
    struct here h = HERE;
    ends_unknown();
    for (bool again = false;; again = true) {
        if (!stand(fd, again, "flock", h))
            return -1;
        int result = REAL(flock)(fd, how | LOCK_NB), error = errno;
        if (result == 0)
            had((how & ~LOCK_NB) == LOCK_UN);
        errno = error;
        if (result == 0 || how & LOCK_NB || error != EWOULDBLOCK)
            return result;
        is_held(NO_PROCESS);
    }
}

/* From here on `size` bytes, or to the end: as lockf means it. */
static int lock_from_here(int fd, int command, off_t size, struct here h)
{
    struct flock l = {
        .l_type = command == F_ULOCK ? F_UNLCK : F_WRLCK, .l_whence = SEEK_CUR, .l_len = size};
    if (command == F_TEST) {
        if (REAL(fcntl)(fd, F_GETLK, &l))
            return -1;
        return l.l_type == F_UNLCK ? 0 : fd_fail(EACCES);
    }
    if (command != F_LOCK && command != F_TLOCK && command != F_ULOCK)
        return fd_fail(EINVAL);
    return lock_record(fd, command == F_LOCK ? F_SETLKW : F_SETLK, &l, "lockf", h);
}

EXPORT int lockf(int fd, int command, off_t size)
{
    return controlled ? lock_from_here(fd, command, size, HERE) : REAL(lockf)(fd, command, size);
}

EXPORT int lockf64(int fd, int command, off64_t size) ALIAS_OF(lockf);

/* Waiting for several descriptors at once. */
#include "fd.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

/* The step under way found so many ready: none when its time is over, unless it is interrupted. */
static int polled(int ready, bool limited)
{
    bool interrupted = ready == 0 && limited && adverse_instead(ADVERSE_EINTR);
    struct event *e = record_step_event();
    if (e) {
        e->a = (uint64_t)(int64_t)ready;
        e->result = interrupted ? EINTR : 0;
    }
    return interrupted ? fd_fail(EINTR) : ready;
}

/* Ready now, or a step that waits for it. A time limit may always be over first. */
static int poll_step(struct pollfd *fds, nfds_t n, bool patient, bool limited, int interruptible,
                     struct here h)
{
    struct task *t = S->cur;
    if (n > MAX_POLLS)
        control_refuse(
            "it polls more descriptors at once than this version of lockstep can wait for");
    struct op op = op_make(EV_FD_POLL, h);
    op_reach(&op, OBJ_FDS, 0, M_FDUSE);
    for (nfds_t i = 0; i < n; i++)
        if (op.nreach < REACH_MAX - 1 && fds[i].fd >= 0)
            op_reach(&op, OBJ_FD(fd_object(fds[i].fd)), 0, M_FD);
    if (n >= REACH_MAX - 1)
        op_reach(&op, OBJ_FD(MAX_FD_OBJECTS - 1), 0, M_FD);
    memcpy(t->polls, fds, n * sizeof *fds);
    t->npolls = (unsigned)n;
    t->fd_epoch = S->fd_epoch - 1;
    op.cancel_point = true;
    op.interruptible = (uint8_t)interruptible;
    op.limited = patient && limited;
    if (patient && !limited)
        op.wait = n ? WAIT_FD : WAIT_NEVER;
    if (limited)
        adverse_hears(&op, ADVERSE_EINTR);
    if (!step(&op))
        return fd_fail(EINTR);
    int ready = REAL(poll)(fds, n, 0);
    return polled(ready, limited);
}

EXPORT int poll(struct pollfd *fds, nfds_t n, int timeout)
{
    if (!controlled)
        return REAL(poll)(fds, n, timeout);
    return poll_step(fds, n, timeout != 0, timeout > 0, ALWAYS_EINTR, HERE);
}

EXPORT int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit, const sigset_t *mask)
{
    if (!controlled)
        return REAL(ppoll)(fds, n, limit, mask);
    bool patient = !limit || limit->tv_sec || limit->tv_nsec;
    sigset_t before;
    if (mask)
        signal_mask_swap(mask, &before);
    int result = poll_step(fds, n, patient, limit != NULL, mask ? LETS_IN : ALWAYS_EINTR, HERE);
    if (mask)
        signal_mask_swap(&before, NULL);
    return result;
}

static nfds_t from_sets(struct pollfd *out, int n, const fd_set *r, const fd_set *w,
                        const fd_set *x)
{
    nfds_t k = 0;
    for (int fd = 0; fd < n; fd++) {
        short events =
            (short)((r && FD_ISSET(fd, r) ? POLLIN : 0) | (w && FD_ISSET(fd, w) ? POLLOUT : 0) |
                    (x && FD_ISSET(fd, x) ? POLLPRI : 0));
        if (events && k < MAX_POLLS)
            out[k++] = (struct pollfd){fd, events, 0};
    }
    return k;
}

static int select_step(int n, fd_set *r, fd_set *w, fd_set *x, bool patient, bool limited,
                       int interruptible, struct here h)
{
    struct pollfd fds[MAX_POLLS];
    nfds_t k = from_sets(fds, n, r, w, x);
    int ready = poll_step(fds, k, patient, limited, interruptible, h), count = 0;
    if (ready < 0)
        return ready;
    for (nfds_t i = 0; i < k; i++) {
        int fd = fds[i].fd;
        short got = fds[i].revents;
        if (got & POLLNVAL)
            return fd_fail(EBADF);
        if (r && FD_ISSET(fd, r))
            got &(POLLIN | POLLHUP | POLLERR) ? (void)count++ : FD_CLR(fd, r);
        if (w && FD_ISSET(fd, w))
            got &(POLLOUT | POLLERR) ? (void)count++ : FD_CLR(fd, w);
        if (x && FD_ISSET(fd, x))
            got &POLLPRI ? (void)count++ : FD_CLR(fd, x);
    }
    return count;
}

EXPORT int select(int n, fd_set *restrict r, fd_set *restrict w, fd_set *restrict x,
                  struct timeval *restrict limit)
{
    if (!controlled)
        return REAL(select)(n, r, w, x, limit);
    bool patient = !limit || limit->tv_sec || limit->tv_usec;
    return select_step(n, r, w, x, patient, limit != NULL, ALWAYS_EINTR, HERE);
}

EXPORT int pselect(int n, fd_set *restrict r, fd_set *restrict w, fd_set *restrict x,
                   const struct timespec *restrict limit, const sigset_t *restrict mask)
{
    if (!controlled)
        return REAL(pselect)(n, r, w, x, limit, mask);
    bool patient = !limit || limit->tv_sec || limit->tv_nsec;
    sigset_t before;
    if (mask)
        signal_mask_swap(mask, &before);
    int result =
        select_step(n, r, w, x, patient, limit != NULL, mask ? LETS_IN : ALWAYS_EINTR, HERE);
    if (mask)
        signal_mask_swap(&before, NULL);
    return result;
}

/* An epoll descriptor is itself ready when any in it is; what it watches is not looked into. */
static int epoll_step(int fd, struct epoll_event *out, int n, int timeout, int interruptible,
                      struct here h)
{
    struct op op = op_make(EV_FD_POLL, h);
    op_reach(&op, OBJ_FDS, 0, M_FDEND); /* depends on all that is done to any descriptor */
    op.cancel_point = true;
    op.interruptible = 1;
    fd_wait_for(&op, fd, POLLIN);
    op.limited = timeout > 0;
    if (timeout >= 0)
        op.wait = WAIT_NONE;
    op.interruptible = (uint8_t)interruptible;
    if (timeout > 0)
        adverse_hears(&op, ADVERSE_EINTR);
    if (!step(&op))
        return fd_fail(EINTR);
    snapshot_touch((uint64_t)(uintptr_t)out, (uint64_t)(n > 0 ? n : 0) * sizeof *out);
    int ready = REAL(epoll_wait)(fd, out, n, 0);
    if (ready > 0)
        fd_changed(OBJ_FDS);
    return polled(ready, timeout > 0);
}

EXPORT int epoll_create1(int flags)
{
    if (controlled)
        ends_unknown(), fd_changed(OBJ_FDS);
    return REAL(epoll_create1)(flags);
}

EXPORT int epoll_create(int n)
{
    if (controlled)
        ends_unknown(), fd_changed(OBJ_FDS);
    return REAL(epoll_create)(n);
}

EXPORT int epoll_wait(int fd, struct epoll_event *out, int n, int timeout)
{
    return controlled ? epoll_step(fd, out, n, timeout, ALWAYS_EINTR, HERE)
                      : REAL(epoll_wait)(fd, out, n, timeout);
}

EXPORT int epoll_pwait(int fd, struct epoll_event *out, int n, int timeout, const sigset_t *mask)
{
    if (!controlled)
        return REAL(epoll_pwait)(fd, out, n, timeout, mask);
    sigset_t before;
    if (mask)
        signal_mask_swap(mask, &before);
    int result = epoll_step(fd, out, n, timeout, mask ? LETS_IN : ALWAYS_EINTR, HERE);
    if (mask)
        signal_mask_swap(&before, NULL);
    return result;
}

EXPORT int epoll_ctl(int fd, int what, int which, struct epoll_event *event)
{
    if (controlled)
        fd_changed(OBJ_FDS);
    return REAL(epoll_ctl)(fd, what, which, event);
}

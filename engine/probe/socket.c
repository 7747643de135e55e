/* Sockets: what is sent and received waits as a pipe does; what sets a connection up is a step. */
#include "fd.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

EXPORT int socket(int domain, int type, int protocol)
{
    if (!controlled)
        return REAL(socket)(domain, type, protocol);
    ends_unknown();
    fd_making("socket", HERE);
    int fd = REAL(socket)(domain, type, protocol);
    int fds[2] = {fd, -1};
    return fd_made(fd, fds);
}

static bool waits(int fd, int flags)
{
    return !(flags & MSG_DONTWAIT) && fd_blocks(fd, -1);
}

#define RECEIVE(name, params, args, to, size)                                                      \
    EXPORT ssize_t name params                                                                     \
    {                                                                                              \
        if (!controlled)                                                                           \
            return REAL(name) args;                                                                \
        if (!fd_stand_before(EV_FD_READ, fd, POLLIN, waits(fd, flags), HERE))                      \
            return -1;                                                                             \
        snapshot_touch((uint64_t)(uintptr_t)(to), size);                                           \
        ssize_t got = REAL(name) args;                                                             \
        fd_show(fd_tell(fd, got, size), to, got);                                                  \
        fd_changed(S->cur->op.addr);                                                               \
        fd_hand_over((unsigned)(S->cur->op.addr - OBJ_FD(0)), false);                              \
        return got;                                                                                \
    }
/* What has been sent. */
static void sent(int fd, int flags, ssize_t put, const void *from, size_t n)
{
    fd_show(fd_tell(fd, put, n), from, put);
    if (put < 0 && errno == EPIPE && !(flags & MSG_NOSIGNAL)) {
        signal_raise(SIGPIPE);
        errno = EPIPE;
    }
    fd_changed(S->cur->op.addr);
    fd_hand_over((unsigned)(S->cur->op.addr - OBJ_FD(0)), true);
}

/* A call that waits sends all of it, a part at each step. */
static ssize_t send_parts(int fd, const char *from, size_t n, int flags, __CONST_SOCKADDR_ARG to,
                          socklen_t nto, struct here h)
{
    bool patient = waits(fd, flags);
    size_t done = 0;
    do {
        if (!fd_stand_before(EV_FD_WRITE, fd, POLLOUT, patient, h))
            return done ? (ssize_t)done : -1;
        ssize_t put =
            REAL(sendto)(fd, from + done, n - done, flags | (patient ? MSG_DONTWAIT : 0), to, nto);
        if (put < 0 && patient && (errno == EAGAIN || errno == EWOULDBLOCK))
            continue;
        sent(fd, flags, put, from + done, n - done);
        if (put < 0)
            return done ? (ssize_t)done : -1;
        done += (size_t)put;
    } while (patient && done < n);
    return (ssize_t)done;
}

RECEIVE(recv, (int fd, void *to, size_t n, int flags), (fd, to, n, flags), to, n)
RECEIVE(recvfrom,
        (int fd, void *restrict to, size_t n, int flags, __SOCKADDR_ARG from,
         socklen_t *restrict nfrom),
        (fd, to, n, flags, from, nfrom), to, n)
RECEIVE(recvmsg, (int fd, struct msghdr *m, int flags), (fd, m, flags),
        m->msg_iovlen ? m->msg_iov[0].iov_base : m, m->msg_iovlen ? m->msg_iov[0].iov_len : 0)

EXPORT ssize_t send(int fd, const void *from, size_t n, int flags)
{
    __CONST_SOCKADDR_ARG nobody = {NULL};
    return controlled ? send_parts(fd, from, n, flags, nobody, 0, HERE)
                      : REAL(send)(fd, from, n, flags);
}

EXPORT ssize_t sendto(int fd, const void *from, size_t n, int flags, __CONST_SOCKADDR_ARG to,
                      socklen_t nto)
{
    return controlled ? send_parts(fd, from, n, flags, to, nto, HERE)
                      : REAL(sendto)(fd, from, n, flags, to, nto);
}

EXPORT ssize_t sendmsg(int fd, const struct msghdr *m, int flags)
{
    if (!controlled)
        return REAL(sendmsg)(fd, m, flags);
    bool patient = waits(fd, flags);
    if (!fd_stand_before(EV_FD_WRITE, fd, POLLOUT, patient, HERE))
        return -1;
    ssize_t put = REAL(sendmsg)(fd, m, flags | (patient ? MSG_DONTWAIT : 0));
    sent(fd, flags, put, m->msg_iovlen ? m->msg_iov[0].iov_base : NULL,
         m->msg_iovlen ? m->msg_iov[0].iov_len : 0);
    return put;
}

static int accepted(int fd, int new)
{
    struct event *e = fd_tell(fd, new, 0);
    if (e)
        record_text(e, "accept", 6);
    fd_changed(S->cur->op.addr);
    return new;
}

EXPORT int accept(int fd, __SOCKADDR_ARG addr, socklen_t *restrict n)
{
    if (!controlled)
        return REAL(accept)(fd, addr, n);
    if (!fd_stand_before(EV_FD_READ, fd, POLLIN, fd_blocks(fd, O_WRONLY), HERE))
        return -1;
    return accepted(fd, REAL(accept)(fd, addr, n));
}

EXPORT int accept4(int fd, __SOCKADDR_ARG addr, socklen_t *restrict n, int flags)
{
    if (!controlled)
        return REAL(accept4)(fd, addr, n, flags);
    if (!fd_stand_before(EV_FD_READ, fd, POLLIN, fd_blocks(fd, O_WRONLY), HERE))
        return -1;
    return accepted(fd, REAL(accept4)(fd, addr, n, flags));
}

/* Sockets know of each other by addresses: all that sets them up depends on each other. */
static void net_step(const char *name, struct here h)
{
    struct op op = op_make(EV_CALL, h);
    op_reach(&op, OBJ_FD(MAX_FD_OBJECTS - 1), 0, M_FD);
    step(&op);
    record_text(record_step_event(), name, strlen(name));
    fd_changed(OBJ_FD(MAX_FD_OBJECTS - 1));
}

#define NET(name, params, args)                                                                    \
    EXPORT int name params                                                                         \
    {                                                                                              \
        if (controlled)                                                                            \
            net_step(#name, HERE);                                                                 \
        return REAL(name) args;                                                                    \
    }
NET(connect, (int fd, __CONST_SOCKADDR_ARG addr, socklen_t n), (fd, addr, n))
NET(bind, (int fd, __CONST_SOCKADDR_ARG addr, socklen_t n), (fd, addr, n))
NET(listen, (int fd, int n), (fd, n))
NET(shutdown, (int fd, int how), (fd, how))

/* The calls that read, write, send, receive, and wait for several descriptors at once. */
#include "fd.h"

#include <sys/socket.h>

/* ---- reading ---- */
#define READS(fd, call)                                                                            \
    struct transfer t;                                                                             \
    if (!read_begin(&t, fd, HERE))                                                                 \
        return call;                                                                               \
    return read_end(&t, call);
#define WRITES(fd, bytes, call)                                                                    \
    struct transfer t;                                                                             \
    if (!write_begin(&t, fd, bytes, HERE))                                                         \
        return call;                                                                               \
    return write_end(&t, call);

EXPORT ssize_t read(int fd, void *to, size_t n){READS(fd, real.read(fd, to, n))}

EXPORT ssize_t
    __read_chk(int fd, void *to, size_t n, size_t room){READS(fd, real.__read_chk(fd, to, n, room))}

EXPORT ssize_t readv(int fd, const struct iovec *parts, int n){READS(fd, real.readv(fd, parts, n))}

EXPORT ssize_t recv(int fd, void *to, size_t n, int flags){READS(fd, real.recv(fd, to, n, flags))}

EXPORT ssize_t __recv_chk(int fd, void *to, size_t n, size_t room,
                          int flags){READS(fd, real.__recv_chk(fd, to, n, room, flags))}

EXPORT ssize_t
    recvfrom(int fd, void *restrict to, size_t n, int flags, __SOCKADDR_ARG from,
             socklen_t *restrict size){READS(fd, real.recvfrom(fd, to, n, flags, from, size))}

EXPORT ssize_t recvmsg(int fd, struct msghdr *m, int flags)
{
    READS(fd, real.recvmsg(fd, m, flags))
}

/* A connection that was made is nothing read. */
static int accepted(struct transfer *t, int fd)
{
    int keep = errno;
    read_end(t, fd < 0 ? -1 : 0);
    errno = keep;
    return fd;
}

EXPORT int accept(int fd, __SOCKADDR_ARG from, socklen_t *restrict size)
{
    struct transfer t;
    if (!read_begin(&t, fd, HERE))
        return real.accept(fd, from, size);
    return accepted(&t, real.accept(fd, from, size));
}

EXPORT int accept4(int fd, __SOCKADDR_ARG from, socklen_t *restrict size, int flags)
{
    struct transfer t;
    if (!read_begin(&t, fd, HERE))
        return real.accept4(fd, from, size, flags);
    return accepted(&t, real.accept4(fd, from, size, flags));
}

/* ---- writing; what goes to a terminal is output ---- */
static size_t total(const struct iovec *parts, int n)
{
    size_t bytes = 0;
    for (int i = 0; i < n; i++)
        bytes += parts[i].iov_len;
    return bytes;
}

EXPORT ssize_t write(int fd, const void *from, size_t n){WRITES(fd, n, real.write(fd, from, n))}

EXPORT ssize_t writev(int fd, const struct iovec *parts,
                      int n){WRITES(fd, total(parts, n), real.writev(fd, parts, n))}

EXPORT ssize_t send(int fd, const void *from, size_t n,
                    int flags){WRITES(fd, n, real.send(fd, from, n, flags))}

EXPORT ssize_t sendto(int fd, const void *from, size_t n, int flags, __CONST_SOCKADDR_ARG to,
                      socklen_t size){WRITES(fd, n, real.sendto(fd, from, n, flags, to, size))}

EXPORT ssize_t
    sendmsg(int fd, const struct msghdr *m, int flags){WRITES(fd, 0, real.sendmsg(fd, m, flags))}

EXPORT int connect(int fd, __CONST_SOCKADDR_ARG to, socklen_t size)
{
    struct transfer t;
    if (!write_begin(&t, fd, 0, HERE))
        return real.connect(fd, to, size);
    return (int)write_end(&t, real.connect(fd, to, size));
}

/* ---- several at once ---- */
static void poll_begin(struct wait *w, uint64_t addr, bool limited, uint64_t pc)
{
    wait_begin(w, EV_FD_POLL, addr, pc, limited);
}

static int poll_end(struct wait *w, uint64_t addr, int n, unsigned of, uint64_t pc)
{
    int keep = errno;
    wait_end(w);
    note_more(EV_FD_POLL, n < 0 ? arg_of(keep) : 0, addr, pc, of & 0xffff, n < 0 ? 0 : (uint64_t)n);
    errno = keep;
    return n;
}

/* Of one descriptor the object is known. */
static uint64_t only(const struct pollfd *fds, nfds_t n)
{
    return n == 1 && fds ? fd_of(fds->fd).addr : 0;
}

#define POLLS(addr_, limited, of, call)                                                            \
    struct wait w;                                                                                 \
    uint64_t addr = addr_;                                                                         \
    poll_begin(&w, addr, limited, HERE);                                                           \
    return poll_end(&w, addr, call, (unsigned)(of), HERE);

EXPORT int poll(struct pollfd *fds, nfds_t n, int timeout)
{
    if (!ready())
        return real.poll(fds, n, timeout);
    POLLS(only(fds, n), timeout >= 0, n, real.poll(fds, n, timeout))
}

EXPORT int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t room)
{
    if (!ready())
        return real.__poll_chk(fds, n, timeout, room);
    POLLS(only(fds, n), timeout >= 0, n, real.__poll_chk(fds, n, timeout, room))
}

EXPORT int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *limit, const sigset_t *mask)
{
    if (!ready())
        return real.ppoll(fds, n, limit, mask);
    POLLS(only(fds, n), limit != NULL, n, real.ppoll(fds, n, limit, mask))
}

EXPORT int select(int n, fd_set *restrict r, fd_set *restrict w_, fd_set *restrict e,
                  struct timeval *restrict limit)
{
    if (!ready())
        return real.select(n, r, w_, e, limit);
    POLLS(0, limit != NULL, n, real.select(n, r, w_, e, limit))
}

EXPORT int pselect(int n, fd_set *restrict r, fd_set *restrict w_, fd_set *restrict e,
                   const struct timespec *restrict limit, const sigset_t *restrict mask)
{
    if (!ready())
        return real.pselect(n, r, w_, e, limit, mask);
    POLLS(0, limit != NULL, n, real.pselect(n, r, w_, e, limit, mask))
}

EXPORT int epoll_wait(int fd, struct epoll_event *events, int n, int timeout)
{
    if (!ready())
        return real.epoll_wait(fd, events, n, timeout);
    POLLS(fd_of(fd).addr, timeout >= 0, 0, real.epoll_wait(fd, events, n, timeout))
}

EXPORT int epoll_pwait(int fd, struct epoll_event *events, int n, int timeout, const sigset_t *mask)
{
    if (!ready())
        return real.epoll_pwait(fd, events, n, timeout, mask);
    POLLS(fd_of(fd).addr, timeout >= 0, 0, real.epoll_pwait(fd, events, n, timeout, mask))
}

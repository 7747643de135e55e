/* Descriptors. The kernel keeps them, in each process's carrier; what blocks is decided here: a
 * task that reads, writes, accepts or polls stands before its call until the kernel says that the
 * call would not block, and only then makes it. So pipes have their real capacity, their real ends
 * and their real errors. A descriptor belongs to an object, the pipe or file behind it, by its
 * device and inode: operations on one object depend on each other. */
#include "probe.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define OUR_FIRST 100 /* descriptors of the probe itself */
#define OUR_LAST  107
#define SAVED     102  /* copies of 0, 1 and 2 as they were at main: SAVED + fd */
#define SHOWN     4096 /* bytes of what is read and written that an event keeps */

static int fail(int error)
{
    errno = error;
    return -1;
}

static bool is_ours(int fd)
{
    return fd >= OUR_FIRST && fd <= OUR_LAST;
}

static bool is_redirected(int fd)
{
    return fd >= 0 && fd < 3 && OWN->redirected >> fd & 1;
}

/* ---- objects ---- */
/* Which object the descriptor belongs to; the last one stands for all there is no room for. */
static unsigned object_of(int fd)
{
    struct stat st;
    if (fstat(fd, &st))
        return MAX_FD_OBJECTS - 1;
    for (unsigned k = 0; k < S->nfd_objects; k++)
        if (S->fd_objects[k].inode == st.st_ino && S->fd_objects[k].device == st.st_dev)
            return S->fd_objects[k].same_as;
    if (S->nfd_objects >= MAX_FD_OBJECTS - 1)
        return MAX_FD_OBJECTS - 1;
    unsigned k = S->nfd_objects++;
    S->fd_objects[k].device = st.st_dev;
    S->fd_objects[k].inode = st.st_ino;
    S->fd_objects[k].same_as = k;
    return k;
}

unsigned fd_object(int fd)
{
    return object_of(fd);
}

static void reach_fd(struct op *op, int fd)
{
    unsigned k = object_of(fd);
    op->addr = OBJ_FD(k);
    op_reach(op, OBJ_FD(k), 0, M_FD);
    op_reach(op, OBJ_FDS, 0, M_FDUSE);
    if (fd == 0 && !is_redirected(0)) /* where streams read too */
        op_reach(op, OBJ_INPUT, 0, M_STREAM);
}

/* What is behind it may be different now for whoever waits. */
static void changed(uint64_t object)
{
    S->fd_epoch++;
    spin_effect(S->cur);
    spin_changed(object, 1);
}

static struct event *tell(int fd, ssize_t n, size_t wanted)
{
    struct event *e = record_step_event();
    if (e) {
        e->a = (uint64_t)(int64_t)fd;
        e->b = wanted;
        e->size = n > 0 ? (uint32_t)n : 0;
        e->result = n < 0 ? errno : 0;
    }
    return e;
}

/* ---- would it block? ---- */
/* The answer for a task of the process whose carrier this is. */
static bool poll_here(struct task *t)
{
    struct timespec now = {0, 0};
    long n;
    __asm__ volatile("xorl %%r10d, %%r10d; movl $8, %%r8d; syscall"
                     : "=a"(n)
                     : "a"(SYS_ppoll), "D"(t->polls), "S"((long)t->npolls), "d"(&now)
                     : "rcx", "r11", "r10", "r8", "memory");
    return n != 0;
}

void fd_answer(void)
{
    struct task *t = &S->tasks[S->asking - 1];
    if (t->is_timer) {
        timer_ring(t);
        return;
    }
    t->fd_ready = poll_here(t);
}

bool fd_ready(const struct task *asked)
{
    struct task *t = &S->tasks[task_id(asked)];
    if (t->fd_epoch == S->fd_epoch)
        return t->fd_ready;
    if (t->process == S->image)
        t->fd_ready = poll_here(t);
    else
        carrier_ask(t);
    t->fd_epoch = S->fd_epoch;
    return t->fd_ready;
}

/* The running task's next operation waits until fd is ready for that. */
static void wait_for(struct op *op, int fd, short events)
{
    struct task *t = S->cur;
    t->polls[0] = (struct pollfd){fd, events, 0};
    t->npolls = 1;
    t->fd_epoch = S->fd_epoch - 1;
    op->wait = WAIT_FD;
    op->cancel_point = true;
    op->interruptible = 1;
}

/* Does a call on fd wait? Not one for which fd is not open (`wrong`): that fails at once. */
static bool blocks(int fd, int wrong)
{
    int flags = REAL(fcntl)(fd, F_GETFL);
    return flags >= 0 && !(flags & O_NONBLOCK) && (flags & O_ACCMODE) != wrong;
}

static bool waits(int fd, int flags)
{
    return !(flags & MSG_DONTWAIT) && blocks(fd, -1);
}

/* Stand before a call on fd until it would not block. False: interrupted, errno is set. */
static bool stand_before(unsigned kind, int fd, short events, bool patient, struct here h)
{
    struct op op = op_make(kind, h);
    reach_fd(&op, fd);
    if (patient)
        wait_for(&op, fd, events);
    if (step(&op))
        return true;
    errno = EINTR;
    return false;
}

/* ---- reading and writing ---- */
static void end_of(struct event *e, const void *text, ssize_t n)
{
    if (n > 0)
        record_text(e, text, n < SHOWN ? (size_t)n : SHOWN);
}

static ssize_t read_now(int fd, void *to, size_t n)
{
    snapshot_touch((uint64_t)(uintptr_t)to, n);
    return REAL(read)(fd, to, n);
}

/* What a task gives through a descriptor, the reader has seen. */
static void hand_over(unsigned k, bool gives)
{
    struct object *o = object_at(OBJ_FD(k), C_FD);
    if (gives)
        sync_release_join(o);
    else
        sync_acquire(o);
}

ssize_t fd_read(int fd, void *to, size_t n, struct here h)
{
    if (!stand_before(EV_FD_READ, fd, POLLIN, n && blocks(fd, O_WRONLY), h))
        return -1;
    ssize_t got = read_now(fd, to, n);
    end_of(tell(fd, got, n), to, got);
    if (got >= 0) {
        changed(S->cur->op.addr);
        hand_over((unsigned)(S->cur->op.addr - OBJ_FD(0)), false);
    }
    return got;
}

EXPORT ssize_t read(int fd, void *to, size_t n)
{
    if (!controlled || is_ours(fd))
        return controlled ? fail(EBADF) : REAL(read)(fd, to, n);
    return fd_read(fd, to, n, HERE);
}

/* The kernel says EPIPE; the signal that goes with it is ours to send. */
static ssize_t write_now(int fd, const void *from, size_t n)
{
    ssize_t put = REAL(write)(fd, from, n);
    int error = errno;
    if (put < 0 && (error == EPIPE || error == EFBIG)) {
        signal_raise(error == EPIPE ? SIGPIPE : SIGXFSZ);
        errno = error;
    }
    return put;
}

/* A pipe that has room for PIPE_BUF bytes takes so many at once, so a long text goes in pieces, and
 * others may come between them, as POSIX says. */
static ssize_t write_pieces(int fd, const char *from, size_t n)
{
    size_t done = 0;
    struct pollfd p = {fd, POLLOUT, 0};
    while (done < n) {
        if (done && (REAL(poll)(&p, 1, 0) != 1 || !(p.revents & POLLOUT)))
            break;
        ssize_t put = write_now(fd, from + done, n - done < PIPE_BUF ? n - done : PIPE_BUF);
        if (put <= 0)
            return done ? (ssize_t)done : put;
        done += (size_t)put;
    }
    return (ssize_t)done;
}

ssize_t fd_write(int fd, const void *from, size_t n, struct here h)
{
    const char *text = from;
    size_t done = 0;
    bool patient = n && blocks(fd, O_RDONLY);
    do {
        if (!stand_before(EV_FD_WRITE, fd, POLLOUT, patient, h))
            return done ? (ssize_t)done : -1;
        ssize_t put = patient ? write_pieces(fd, text + done, n - done)
                              : write_now(fd, text + done, n - done);
        end_of(tell(fd, put, n - done), text + done, put);
        if (put < 0)
            return done ? (ssize_t)done : -1;
        unsigned k = (unsigned)(S->cur->op.addr - OBJ_FD(0));
        changed(S->cur->op.addr);
        hand_over(k, true);
        done += (size_t)put;
    } while (patient && done < n);
    return (ssize_t)done;
}

/* To the terminal, unless the program has put something else there. */
EXPORT ssize_t write(int fd, const void *from, size_t n)
{
    if (!controlled)
        return REAL(write)(fd, from, n);
    if (is_ours(fd))
        return fail(EBADF);
    if ((fd == 1 || fd == 2) && !is_redirected(fd)) {
        stdio_step(fd, HERE);
        stdio_output(fd, from, n);
        return (ssize_t)n;
    }
    return fd_write(fd, from, n, HERE);
}

/* Pieces of memory one after the other. */
EXPORT ssize_t readv(int fd, const struct iovec *v, int n)
{
    if (!controlled)
        return REAL(readv)(fd, v, n);
    if (!stand_before(EV_FD_READ, fd, POLLIN, blocks(fd, O_WRONLY), HERE))
        return -1;
    for (int i = 0; i < n; i++)
        snapshot_touch((uint64_t)(uintptr_t)v[i].iov_base, v[i].iov_len);
    ssize_t got = REAL(readv)(fd, v, n);
    tell(fd, got, 0);
    changed(S->cur->op.addr);
    hand_over((unsigned)(S->cur->op.addr - OBJ_FD(0)), false);
    return got;
}

EXPORT ssize_t writev(int fd, const struct iovec *v, int n)
{
    if (!controlled)
        return REAL(writev)(fd, v, n);
    struct here h = HERE;
    ssize_t all = 0;
    for (int i = 0; i < n; i++) {
        ssize_t put = v[i].iov_len ? (fd == 1 || fd == 2) && !is_redirected(fd)
                                         ? write(fd, v[i].iov_base, v[i].iov_len)
                                         : fd_write(fd, v[i].iov_base, v[i].iov_len, h)
                                   : 0;
        if (put < 0)
            return all ? all : -1;
        all += put;
        if ((size_t)put < v[i].iov_len)
            break;
    }
    return all;
}

/* ---- sockets ---- */
#define RECEIVE(name, params, args, to, size)                                                      \
    EXPORT ssize_t name params                                                                     \
    {                                                                                              \
        if (!controlled)                                                                           \
            return REAL(name) args;                                                                \
        if (!stand_before(EV_FD_READ, fd, POLLIN, waits(fd, flags), HERE))                         \
            return -1;                                                                             \
        snapshot_touch((uint64_t)(uintptr_t)(to), size);                                           \
        ssize_t got = REAL(name) args;                                                             \
        end_of(tell(fd, got, size), to, got);                                                      \
        changed(S->cur->op.addr);                                                                  \
        hand_over((unsigned)(S->cur->op.addr - OBJ_FD(0)), false);                                 \
        return got;                                                                                \
    }
#define SEND(name, params, args, from, size)                                                       \
    EXPORT ssize_t name params                                                                     \
    {                                                                                              \
        if (!controlled)                                                                           \
            return REAL(name) args;                                                                \
        if (!stand_before(EV_FD_WRITE, fd, POLLOUT, waits(fd, flags), HERE))                       \
            return -1;                                                                             \
        ssize_t put = REAL(name) args;                                                             \
        end_of(tell(fd, put, size), from, put);                                                    \
        if (put < 0 && errno == EPIPE && !(flags & MSG_NOSIGNAL)) {                                \
            signal_raise(SIGPIPE);                                                                 \
            errno = EPIPE;                                                                         \
        }                                                                                          \
        changed(S->cur->op.addr);                                                                  \
        hand_over((unsigned)(S->cur->op.addr - OBJ_FD(0)), true);                                  \
        return put;                                                                                \
    }
RECEIVE(recv, (int fd, void *to, size_t n, int flags), (fd, to, n, flags), to, n)
RECEIVE(recvfrom,
        (int fd, void *restrict to, size_t n, int flags, __SOCKADDR_ARG from,
         socklen_t *restrict nfrom),
        (fd, to, n, flags, from, nfrom), to, n)
RECEIVE(recvmsg, (int fd, struct msghdr *m, int flags), (fd, m, flags),
        m->msg_iovlen ? m->msg_iov[0].iov_base : m, m->msg_iovlen ? m->msg_iov[0].iov_len : 0)
SEND(send, (int fd, const void *from, size_t n, int flags), (fd, from, n, flags), from, n)
SEND(sendto,
     (int fd, const void *from, size_t n, int flags, __CONST_SOCKADDR_ARG to, socklen_t nto),
     (fd, from, n, flags, to, nto), from, n)
SEND(sendmsg, (int fd, const struct msghdr *m, int flags), (fd, m, flags),
     m->msg_iovlen ? m->msg_iov[0].iov_base : m, m->msg_iovlen ? m->msg_iov[0].iov_len : 0)

static int accepted(int fd, int new)
{
    struct event *e = tell(fd, new, 0);
    if (e)
        record_text(e, "accept", 6);
    changed(S->cur->op.addr);
    return new;
}

EXPORT int accept(int fd, __SOCKADDR_ARG addr, socklen_t *restrict n)
{
    if (!controlled)
        return REAL(accept)(fd, addr, n);
    if (!stand_before(EV_FD_READ, fd, POLLIN, blocks(fd, O_WRONLY), HERE))
        return -1;
    return accepted(fd, REAL(accept)(fd, addr, n));
}

EXPORT int accept4(int fd, __SOCKADDR_ARG addr, socklen_t *restrict n, int flags)
{
    if (!controlled)
        return REAL(accept4)(fd, addr, n, flags);
    if (!stand_before(EV_FD_READ, fd, POLLIN, blocks(fd, O_WRONLY), HERE))
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
    changed(OBJ_FD(MAX_FD_OBJECTS - 1));
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

/* ---- making and closing ---- */
int fd_made(const char *what, int result, const int *fds, struct here h)
{
    int error = errno;
    struct op op = op_make(EV_PIPE, h);
    unsigned k = result < 0 ? MAX_FD_OBJECTS - 1 : object_of(fds[0]);
    if (result >= 0 && fds[1] >= 0)
        S->fd_objects[object_of(fds[1])].same_as = k;
    op.addr = OBJ_FD(k);
    op_reach(&op, OBJ_FD(k), 0, M_FD);
    step(&op);
    struct event *e = record_step_event();
    if (e && result >= 0) {
        e->a = (uint64_t)(int64_t)fds[0];
        e->b = (uint64_t)(int64_t)fds[1];
        int capacity = REAL(fcntl)(fds[0], F_GETPIPE_SZ);
        e->size = capacity > 0 ? (uint32_t)capacity : 0;
    }
    if (e)
        e->result = result < 0 ? error : 0;
    record_text(e, what, strlen(what));
    errno = error;
    return result;
}

EXPORT int pipe(int fds[2])
{
    if (!controlled)
        return REAL(pipe)(fds);
    snapshot_touch((uint64_t)(uintptr_t)fds, 2 * sizeof *fds);
    return fd_made("pipe", REAL(pipe)(fds), fds, HERE);
}

EXPORT int pipe2(int fds[2], int flags)
{
    if (!controlled)
        return REAL(pipe2)(fds, flags);
    snapshot_touch((uint64_t)(uintptr_t)fds, 2 * sizeof *fds);
    return fd_made("pipe", REAL(pipe2)(fds, flags), fds, HERE);
}

EXPORT int socketpair(int domain, int type, int protocol, int fds[2])
{
    if (!controlled)
        return REAL(socketpair)(domain, type, protocol, fds);
    snapshot_touch((uint64_t)(uintptr_t)fds, 2 * sizeof *fds);
    return fd_made("socketpair", REAL(socketpair)(domain, type, protocol, fds), fds, HERE);
}

EXPORT int eventfd(unsigned value, int flags)
{
    if (!controlled)
        return REAL(eventfd)(value, flags);
    int fds[2] = {REAL(eventfd)(value, flags), -1};
    return fd_made("eventfd", fds[0], fds, HERE);
}

EXPORT int eventfd_read(int fd, eventfd_t *value)
{
    return read(fd, value, sizeof *value) == sizeof *value ? 0 : -1;
}

EXPORT int eventfd_write(int fd, eventfd_t value)
{
    return write(fd, &value, sizeof value) == sizeof value ? 0 : -1;
}

static void note_standard(int fd, bool redirected)
{
    if (fd >= 0 && fd < 3) {
        if (redirected)
            OWN->redirected |= (uint8_t)(1u << fd);
        else
            OWN->redirected &= (uint8_t) ~(1u << fd);
    }
}

/* A step on what is behind fd, if anything is. */
static void fd_step(unsigned kind, int fd, int other, struct here h)
{
    struct op op = op_make(kind, h);
    if (REAL(fcntl)(fd, F_GETFD) >= 0)
        reach_fd(&op, fd);
    step(&op);
    struct event *e = record_step_event();
    if (e) {
        e->a = (uint64_t)(int64_t)fd;
        e->b = (uint64_t)(int64_t)other;
    }
}

EXPORT int close(int fd)
{
    if (!controlled || S->nostep)
        return REAL(close)(fd);
    if (is_ours(fd))
        return fail(EBADF);
    fd_step(EV_FD_CLOSE, fd, -1, HERE);
    int result = REAL(close)(fd), error = errno;
    struct event *e = record_step_event();
    if (e)
        e->result = result ? error : 0;
    note_standard(fd, true);
    changed(S->cur->op.addr);
    errno = error;
    return result;
}

static int close_all(unsigned first, unsigned last, int flags)
{
    if (first < OUR_FIRST)
        REAL(close_range)(first, last < OUR_FIRST ? last : OUR_FIRST - 1, flags);
    if (last > OUR_LAST)
        REAL(close_range)(first > OUR_LAST ? first : OUR_LAST + 1, last, flags);
    return 0;
}

EXPORT int close_range(unsigned first, unsigned last, int flags)
{
    if (!controlled)
        return REAL(close_range)(first, last, flags);
    if (first > last || flags & ~4)
        return fail(EINVAL);
    struct op op = op_make(EV_FD_CLOSE, HERE);
    op_reach(&op, OBJ_FDS, 0, M_FDEND);
    step(&op);
    for (unsigned fd = first; fd < 3 && fd <= last && !flags; fd++)
        note_standard((int)fd, true);
    changed(OBJ_FDS);
    return close_all(first, last, flags);
}

EXPORT void closefrom(int first)
{
    close_range(first < 0 ? 0 : (unsigned)first, ~0u, 0);
}

static int copied(int from, int to, int result)
{
    int error = errno;
    if (result >= 0 && to >= 0 && to < 3 && from != to)
        note_standard(to, from > 2 || is_redirected(from));
    changed(S->cur->op.addr);
    errno = error;
    return result;
}

EXPORT int dup(int fd)
{
    if (!controlled)
        return REAL(dup)(fd);
    if (is_ours(fd))
        return fail(EBADF);
    fd_step(EV_FD_DUP, fd, -1, HERE);
    int new = REAL(dup)(fd);
    struct event *e = record_step_event();
    if (e)
        e->b = (uint64_t)(int64_t) new;
    return copied(fd, new, new);
}

EXPORT int dup2(int fd, int to)
{
    if (!controlled)
        return REAL(dup2)(fd, to);
    if (is_ours(fd) || is_ours(to))
        return fail(EBADF);
    fd_step(EV_FD_DUP, to, to, HERE); /* what was there is closed */
    struct event *e = record_step_event();
    if (e)
        e->a = (uint64_t)(int64_t)fd;
    return copied(fd, to, REAL(dup2)(fd, to));
}

EXPORT int dup3(int fd, int to, int flags)
{
    if (!controlled)
        return REAL(dup3)(fd, to, flags);
    if (is_ours(fd) || is_ours(to))
        return fail(EBADF);
    fd_step(EV_FD_DUP, to, to, HERE);
    return copied(fd, to, REAL(dup3)(fd, to, flags));
}

static bool fcntl_waits(int command)
{
    return command == F_SETLKW || command == F_OFD_SETLKW;
}

/* A lock on a file: tried until it can be had; each try is a step. */
static int lock_file(int fd, int command, void *lock, struct here h)
{
    int try = command == F_SETLKW ? F_SETLK : F_OFD_SETLK;
    for (;;) {
        struct op op = op_make(EV_CALL, h);
        reach_fd(&op, fd);
        step(&op);
        record_text(record_step_event(), "fcntl", 5);
        int result = REAL(fcntl)(fd, try, lock);
        if (result == 0)
            changed(S->cur->op.addr);
        if (result == 0 || (errno != EAGAIN && errno != EACCES))
            return result;
    }
}

EXPORT int fcntl(int fd, int command, ...)
{
    va_list ap;
    va_start(ap, command);
    void *arg = va_arg(ap, void *);
    va_end(ap);
    if (!controlled)
        return REAL(fcntl)(fd, command, arg);
    if (is_ours(fd))
        return fail(EBADF);
    if (fcntl_waits(command))
        return lock_file(fd, command, arg, HERE);
    if (command == F_SETLK || command == F_OFD_SETLK || command == F_SETFL)
        fd_step(EV_CALL, fd, -1, HERE), changed(S->cur->op.addr);
    if (command == F_GETLK || command == F_OFD_GETLK)
        snapshot_touch((uint64_t)(uintptr_t)arg, sizeof(struct flock));
    return REAL(fcntl)(fd, command, arg);
}

EXPORT int fcntl64(int fd, int command, ...) __attribute__((alias("fcntl"), copy(fcntl)));

/* ---- several at once ---- */
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
            op_reach(&op, OBJ_FD(object_of(fds[i].fd)), 0, M_FD);
    if (n >= REACH_MAX - 1)
        op_reach(&op, OBJ_FD(MAX_FD_OBJECTS - 1), 0, M_FD);
    memcpy(t->polls, fds, n * sizeof *fds);
    t->npolls = (unsigned)n;
    t->fd_epoch = S->fd_epoch - 1;
    op.cancel_point = true;
    op.interruptible = (uint8_t)interruptible;
    if (patient && !limited)
        op.wait = n ? WAIT_FD : WAIT_NEVER;
    if (!step(&op))
        return fail(EINTR);
    int ready = REAL(poll)(fds, n, 0);
    struct event *e = record_step_event();
    if (e)
        e->a = (uint64_t)(int64_t)ready;
    return ready;
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
            return fail(EBADF);
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
    if (timeout < 0)
        wait_for(&op, fd, POLLIN);
    op.interruptible = (uint8_t)interruptible;
    if (!step(&op))
        return fail(EINTR);
    snapshot_touch((uint64_t)(uintptr_t)out, (uint64_t)(n > 0 ? n : 0) * sizeof *out);
    int ready = REAL(epoll_wait)(fd, out, n, 0);
    struct event *e = record_step_event();
    if (e)
        e->a = (uint64_t)(int64_t)ready;
    changed(OBJ_FDS);
    return ready;
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
        changed(OBJ_FDS);
    return REAL(epoll_ctl)(fd, what, which, event);
}

/* ---- files by name ---- */
static void file_step(const char *name, struct here h)
{
    struct op op = op_make(EV_CALL, h);
    op_reach(&op, OBJ_FILES, 0, M_FD);
    step(&op);
    record_text(record_step_event(), name, strlen(name));
    changed(OBJ_FILES);
}

#define FILES(result, name, params, args)                                                          \
    EXPORT result name params                                                                      \
    {                                                                                              \
        if (controlled && !S->nostep)                                                              \
            file_step(#name, HERE);                                                                \
        return REAL(name) args;                                                                    \
    }
FILES(int, creat, (const char *path, mode_t mode), (path, mode))
FILES(int, unlink, (const char *path), (path))
FILES(int, rename, (const char *from, const char *to), (from, to))
FILES(int, link, (const char *from, const char *to), (from, to))
FILES(int, symlink, (const char *from, const char *to), (from, to))
FILES(int, mkdir, (const char *path, mode_t mode), (path, mode))
FILES(int, rmdir, (const char *path), (path))
FILES(int, remove, (const char *path), (path))
FILES(int, mkfifo, (const char *path, mode_t mode), (path, mode))
FILES(int, mkstemp, (char *path), (path))
FILES(FILE *, fopen, (const char *restrict path, const char *restrict mode), (path, mode))
FILES(FILE *, fopen64, (const char *restrict path, const char *restrict mode), (path, mode))
FILES(FILE *, tmpfile, (void), ())

#define OPENS(name, before, pass)                                                                  \
    EXPORT int name(before const char *path, int flags, ...)                                       \
    {                                                                                              \
        va_list ap;                                                                                \
        va_start(ap, flags);                                                                       \
        mode_t mode = va_arg(ap, mode_t);                                                          \
        va_end(ap);                                                                                \
        if (controlled && !S->nostep)                                                              \
            file_step(#name, HERE);                                                                \
        int fd = REAL(name)(pass path, flags, mode);                                               \
        if (controlled)                                                                            \
            note_standard(fd, true);                                                               \
        return fd;                                                                                 \
    }
#define NOTHING
#define AT_FOLDER int at,
#define PASS_AT   at,
OPENS(open, NOTHING, NOTHING)
OPENS(open64, NOTHING, NOTHING)
OPENS(openat, AT_FOLDER, PASS_AT)
OPENS(openat64, AT_FOLDER, PASS_AT)

/* ---- before the first and after each execution ---- */
void fd_init(void)
{
    for (int fd = 1; fd < 3; fd++) {
        int console = memfd_create("console", 0);
        REAL(fcntl)(console, F_SETFL, O_APPEND);
        REAL(dup2)(console, fd);
        REAL(dup3)(console, CONSOLE + fd, O_CLOEXEC);
        REAL(close)(console);
    }
    for (int fd = 0; fd < 3; fd++)
        REAL(dup3)(fd, SAVED + fd, O_CLOEXEC);
}

/* Of the first process; those of the others go with their carriers. */
void fd_restore(void)
{
    if (S->fd_epoch == S->fd_epoch_at_main)
        return;
    close_all(3, ~0u, 0);
    for (int fd = 0; fd < 3; fd++)
        if (S->processes[0].redirected >> fd & 1)
            REAL(dup2)(SAVED + fd, fd);
    S->fd_epoch_at_main = S->fd_epoch;
}

/* The running process ends: what it had open is closed at once. */
void fd_close_process(void)
{
    if (S->nfd_objects)
        close_all(0, ~0u, 0);
    OWN->redirected = 7;
    S->fd_epoch++;
}

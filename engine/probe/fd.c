/* Descriptors. The kernel keeps them, in each process's carrier; what blocks is decided here: a
 * task that reads, writes, accepts or polls stands before its call until the kernel says that the
 * call would not block, and only then makes it. So pipes have their real capacity, their real ends
 * and their real errors. A descriptor belongs to an object, the pipe or file behind it, by its
 * device and inode: operations on one object depend on each other. */
#include "fd.h"

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

#define SAVED 102  /* copies of 0, 1 and 2 as they were at main: SAVED + fd */
#define SHOWN 4096 /* bytes of what is read and written that an event keeps */

int fd_fail(int error)
{
    errno = error;
    return -1;
}

bool fd_is_ours(int fd)
{
    return fd >= OUR_FIRST && fd <= OUR_LAST;
}

static bool is_redirected(int fd)
{
    return fd >= 0 && fd < 3 && OWN->redirected >> fd & 1;
}

/* ---- objects ---- */
/* Which object the descriptor belongs to; the last one stands for all there is no room for. */
unsigned fd_object_by(const struct stat *st)
{
    for (unsigned k = 0; k < S->nfd_objects; k++)
        if (S->fd_objects[k].inode == st->st_ino && S->fd_objects[k].device == st->st_dev)
            return S->fd_objects[k].same_as;
    if (S->nfd_objects >= MAX_FD_OBJECTS - 1)
        return MAX_FD_OBJECTS - 1;
    unsigned k = S->nfd_objects++;
    S->fd_objects[k].device = st->st_dev;
    S->fd_objects[k].inode = st->st_ino;
    S->fd_objects[k].same_as = k;
    S->fd_objects[k].ends[0] = S->fd_objects[k].ends[1] = 0;
    S->fd_objects[k].opened[0] = S->fd_objects[k].opened[1] = 0;
    return k;
}

unsigned fd_object(int fd)
{
    struct stat st;
    return fstat(fd, &st) ? MAX_FD_OBJECTS - 1 : fd_object_by(&st);
}

void fd_reach(struct op *op, int fd)
{
    unsigned k = fd_object(fd);
    op->addr = OBJ_FD(k);
    op_reach(op, OBJ_FD(k), 0, M_FD);
    op_reach(op, OBJ_FDS, 0, M_FDUSE);
    if (fd == 0 && !is_redirected(0)) /* where streams read too */
        op_reach(op, OBJ_INPUT, 0, M_STREAM);
}

/* What is behind it may be different now for whoever waits. */
void fd_changed(uint64_t object)
{
    S->fd_epoch++;
    spin_effect(S->cur);
    spin_changed(object, 1);
}

struct event *fd_tell(int fd, ssize_t n, size_t wanted)
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
void fd_wait_for(struct op *op, int fd, short events)
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
bool fd_blocks(int fd, int wrong)
{
    int flags = REAL(fcntl)(fd, F_GETFL);
    return flags >= 0 && !(flags & O_NONBLOCK) && (flags & O_ACCMODE) != wrong;
}

/* Stand before a call on fd until it would not block. False: interrupted, errno is set. */
bool fd_stand_before(unsigned kind, int fd, short events, bool patient, struct here h)
{
    struct op op = op_make(kind, h);
    fd_reach(&op, fd);
    if (patient)
        fd_wait_for(&op, fd, events);
    if (step(&op))
        return true;
    errno = EINTR;
    return false;
}

/* ---- reading and writing ---- */
void fd_show(struct event *e, const void *text, ssize_t n)
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
void fd_hand_over(unsigned k, bool gives)
{
    struct object *o = object_at(OBJ_FD(k), C_FD);
    if (gives)
        sync_release_join(o);
    else
        sync_acquire(o);
}

ssize_t fd_read(int fd, void *to, size_t n, struct here h)
{
    if (!fd_stand_before(EV_FD_READ, fd, POLLIN, n && fd_blocks(fd, O_WRONLY), h))
        return -1;
    ssize_t got = read_now(fd, to, n);
    fd_show(fd_tell(fd, got, n), to, got);
    if (got >= 0) {
        fd_changed(S->cur->op.addr);
        fd_hand_over((unsigned)(S->cur->op.addr - OBJ_FD(0)), false);
    }
    return got;
}

EXPORT ssize_t read(int fd, void *to, size_t n)
{
    if (!controlled || fd_is_ours(fd))
        return controlled ? fd_fail(EBADF) : REAL(read)(fd, to, n);
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
    bool patient = n && fd_blocks(fd, O_RDONLY);
    do {
        if (!fd_stand_before(EV_FD_WRITE, fd, POLLOUT, patient, h))
            return done ? (ssize_t)done : -1;
        ssize_t put = patient ? write_pieces(fd, text + done, n - done)
                              : write_now(fd, text + done, n - done);
        fd_show(fd_tell(fd, put, n - done), text + done, put);
        if (put < 0)
            return done ? (ssize_t)done : -1;
        unsigned k = (unsigned)(S->cur->op.addr - OBJ_FD(0));
        fd_changed(S->cur->op.addr);
        fd_hand_over(k, true);
        done += (size_t)put;
    } while (patient && done < n);
    return (ssize_t)done;
}

/* To the terminal, unless the program has put something else there. */
EXPORT ssize_t write(int fd, const void *from, size_t n)
{
    if (!controlled)
        return REAL(write)(fd, from, n);
    if (fd_is_ours(fd))
        return fd_fail(EBADF);
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
    if (!fd_stand_before(EV_FD_READ, fd, POLLIN, fd_blocks(fd, O_WRONLY), HERE))
        return -1;
    for (int i = 0; i < n; i++)
        snapshot_touch((uint64_t)(uintptr_t)v[i].iov_base, v[i].iov_len);
    ssize_t got = REAL(readv)(fd, v, n);
    fd_tell(fd, got, 0);
    fd_changed(S->cur->op.addr);
    fd_hand_over((unsigned)(S->cur->op.addr - OBJ_FD(0)), false);
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

/* ---- making and closing ---- */
/* Which numbers are free is seen by who makes a descriptor, and changed by who closes one. */
void fd_reach_numbers(struct op *op, bool makes)
{
    if (OWN->slots > 1)
        op_reach(op, OBJ_NUMBERS(S->cur->process), 0, makes ? M_AWRITE : M_AREAD);
}

void fd_making(const char *what, struct here h)
{
    struct op op = op_make(EV_PIPE, h);
    fd_reach_numbers(&op, true);
    op_reach(&op, OBJ_FDS_NEW, 0, M_STREAM);
    step(&op);
    record_text(record_step_event(), what, strlen(what));
}

int fd_made(int result, const int *fds)
{
    int error = errno;
    unsigned k = result < 0 ? MAX_FD_OBJECTS - 1 : fd_object(fds[0]);
    if (result >= 0 && fds[1] >= 0)
        S->fd_objects[fd_object(fds[1])].same_as = k;
    int capacity = result < 0 ? -1 : REAL(fcntl)(fds[0], F_GETPIPE_SZ);
    struct event *e = record_step_event();
    if (e && result >= 0) {
        e->addr = OBJ_FD(k);
        e->a = (uint64_t)(int64_t)fds[0];
        e->b = (uint64_t)(int64_t)fds[1];
        e->size = capacity > 0 ? (uint32_t)capacity : 0;
    }
    if (e)
        e->result = result < 0 ? error : 0;
    if (result >= 0 && fds[1] >= 0 && capacity > 0)
        ends_pipe(k, fds);
    fd_changed(OBJ_FD(k));
    errno = error;
    return result;
}

EXPORT int pipe(int fds[2])
{
    if (!controlled)
        return REAL(pipe)(fds);
    snapshot_touch((uint64_t)(uintptr_t)fds, 2 * sizeof *fds);
    fd_making("pipe", HERE);
    return fd_made(REAL(pipe)(fds), fds);
}

EXPORT int pipe2(int fds[2], int flags)
{
    if (!controlled)
        return REAL(pipe2)(fds, flags);
    snapshot_touch((uint64_t)(uintptr_t)fds, 2 * sizeof *fds);
    fd_making("pipe", HERE);
    return fd_made(REAL(pipe2)(fds, flags), fds);
}

EXPORT int socketpair(int domain, int type, int protocol, int fds[2])
{
    if (!controlled)
        return REAL(socketpair)(domain, type, protocol, fds);
    snapshot_touch((uint64_t)(uintptr_t)fds, 2 * sizeof *fds);
    ends_unknown();
    fd_making("socketpair", HERE);
    return fd_made(REAL(socketpair)(domain, type, protocol, fds), fds);
}

EXPORT int eventfd(unsigned value, int flags)
{
    if (!controlled)
        return REAL(eventfd)(value, flags);
    fd_making("eventfd", HERE);
    int fd = REAL(eventfd)(value, flags);
    int fds[2] = {fd, -1};
    return fd_made(fd, fds);
}

EXPORT int eventfd_read(int fd, eventfd_t *value)
{
    return read(fd, value, sizeof *value) == sizeof *value ? 0 : -1;
}

EXPORT int eventfd_write(int fd, eventfd_t value)
{
    return write(fd, &value, sizeof value) == sizeof value ? 0 : -1;
}

void fd_note_standard(int fd, bool redirected)
{
    if (fd >= 0 && fd < 3) {
        if (redirected)
            OWN->redirected |= (uint8_t)(1u << fd);
        else
            OWN->redirected &= (uint8_t) ~(1u << fd);
    }
}

/* A step on what is behind fd, if anything is. */
void fd_step(unsigned kind, int fd, int other, struct here h)
{
    struct op op = op_make(kind, h);
    bool shut = kind == EV_FD_CLOSE || (kind == EV_FD_DUP && other >= 0);
    bool at_main = fd >= 0 && fd < 3 && !is_redirected(fd) && shut; /* nobody can tell */
    if (!at_main && REAL(fcntl)(fd, F_GETFD) >= 0)
        fd_reach(&op, fd);
    if (shut && fd >= 0)
        op.addr2 = (uint64_t)fd + 1;
    if (kind == EV_FD_CLOSE || kind == EV_FD_DUP)
        fd_reach_numbers(&op, kind == EV_FD_DUP);
    step(&op);
    struct event *e = record_step_event();
    if (e) {
        e->addr2 = 0;
        e->a = (uint64_t)(int64_t)fd;
        e->b = (uint64_t)(int64_t)other;
    }
}

EXPORT int close(int fd)
{
    if (controlled && S->nostep)
        ends_close(fd);
    if (!controlled || S->nostep)
        return REAL(close)(fd);
    if (fd_is_ours(fd))
        return fd_fail(EBADF);
    fd_step(EV_FD_CLOSE, fd, -1, HERE);
    int result = REAL(close)(fd), error = errno;
    ends_close(fd);
    struct event *e = record_step_event();
    if (e)
        e->result = result ? error : 0;
    fd_note_standard(fd, true);
    fd_changed(S->cur->op.addr);
    S->lock_epoch++;
    if (S->cur->op.addr) /* the end of a pipe, a lock given back */
        fd_hand_over((unsigned)(S->cur->op.addr - OBJ_FD(0)), true);
    errno = error;
    return result;
}

static int close_all(unsigned first, unsigned last, int flags)
{
    S->lock_epoch++;
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
        return fd_fail(EINVAL);
    ends_unknown();
    struct op op = op_make(EV_FD_CLOSE, HERE);
    op_reach(&op, OBJ_FDS, 0, M_FDEND);
    step(&op);
    for (unsigned fd = first; fd < 3 && fd <= last && !flags; fd++)
        fd_note_standard((int)fd, true);
    fd_changed(OBJ_FDS);
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
        fd_note_standard(to, from > 2 || is_redirected(from));
    if (result >= 0)
        ends_copy(from, result);
    fd_changed(S->cur->op.addr);
    S->lock_epoch++;
    errno = error;
    return result;
}

EXPORT int dup(int fd)
{
    if (!controlled)
        return REAL(dup)(fd);
    if (fd_is_ours(fd))
        return fd_fail(EBADF);
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
    if (fd_is_ours(fd) || fd_is_ours(to))
        return fd_fail(EBADF);
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
    if (fd_is_ours(fd) || fd_is_ours(to))
        return fd_fail(EBADF);
    fd_step(EV_FD_DUP, to, to, HERE);
    return copied(fd, to, REAL(dup3)(fd, to, flags));
}

EXPORT int fcntl(int fd, int command, ...)
{
    va_list ap;
    va_start(ap, command);
    void *arg = va_arg(ap, void *);
    va_end(ap);
    if (!controlled)
        return REAL(fcntl)(fd, command, arg);
    if (fd_is_ours(fd))
        return fd_fail(EBADF);
    if (command == F_SETLKW || command == F_OFD_SETLKW || command == F_SETLK ||
        command == F_OFD_SETLK)
        return lock_record(fd, command, arg, "fcntl", HERE);
    if (command == F_SETFL)
        fd_step(EV_CALL, fd, -1, HERE), fd_changed(S->cur->op.addr);
    if (command == F_GETLK || command == F_OFD_GETLK)
        snapshot_touch((uint64_t)(uintptr_t)arg, sizeof(struct flock));
    if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
        return copied(fd, -1, REAL(fcntl)(fd, command, arg));
    return REAL(fcntl)(fd, command, arg);
}

EXPORT int fcntl64(int fd, int command, ...) ALIAS_OF(fcntl);

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
    if (S->fd_epoch == S->fd_epoch_at_main && !S->nfd_objects)
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
    ends_process_over(OWN);
    OWN->redirected = 7;
    S->fd_epoch++;
    S->lock_epoch++;
    for (unsigned k = 0; k < S->nfd_objects; k++)
        fd_hand_over(k, true);
}

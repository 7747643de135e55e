/* Descriptors of pipes, sockets, terminals and the like: what they are, and how they come and go.
 * Those of files are passed on with a look into a table. */
#include "fd.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

/* class << 56 | address; 0 not known. Numbers beyond are asked for each time. */
enum { TABLE = 4096 };
static uint64_t table[TABLE];

static uint64_t word(enum fd_class class, uint64_t addr)
{
    return (uint64_t) class << 56 | addr;
}

static uint64_t inode(const struct stat *st)
{
    return REC_FILE | (st->st_ino & (REC_FILE_FD - 1));
}

/* What has no inode of its own: this descriptor of this process. */
static uint64_t own(int fd)
{
    return REC_FILE | REC_FILE_FD | ((uint64_t)process_pid & 0xffffff) << 20 |
           ((uint64_t)fd & 0xfffff);
}

static uint64_t learn(int fd, bool queue)
{
    struct stat st;
    if (fstat(fd, &st))
        return word(FD_PLAIN, 0);
    if (queue)
        return word(FD_QUEUE, inode(&st));
    switch (st.st_mode & S_IFMT) {
    case S_IFIFO:
        return word(FD_PIPE, inode(&st));
    case S_IFSOCK:
        return word(FD_SOCKET, inode(&st));
    case S_IFCHR:
        return isatty(fd) ? word(FD_TERMINAL, own(fd)) : word(FD_PLAIN, 0);
    case 0:
        return word(FD_OTHER, own(fd));
    default:
        return word(FD_PLAIN, 0);
    }
}

static struct fd look(int fd, bool queue)
{
    int keep = errno;
    bool kept = fd >= 0 && fd < TABLE;
    uint64_t w = kept ? __atomic_load_n(&table[fd], __ATOMIC_RELAXED) : 0;
    if (w == 0 || (queue && w >> 56 != FD_QUEUE)) {
        w = learn(fd, queue);
        if (kept)
            __atomic_store_n(&table[fd], w, __ATOMIC_RELAXED);
    }
    errno = keep;
    return (struct fd){(enum fd_class)(w >> 56), w & REC_ADDRESS};
}

struct fd fd_of(int fd)
{
    return look(fd, false);
}

struct fd fd_of_queue(int fd)
{
    return look(fd, true);
}

void fd_forget(unsigned first, unsigned last)
{
    for (unsigned fd = first; fd <= last && fd < TABLE; fd++)
        if (__atomic_load_n(&table[fd], __ATOMIC_RELAXED))
            __atomic_store_n(&table[fd], 0, __ATOMIC_RELAXED);
}

/* ---- reading and writing ---- */
static int64_t bytes_there(const struct fd *f, int fd)
{
    int n = 0;
    return (f->class == FD_PIPE || f->class == FD_SOCKET || f->class == FD_TERMINAL) &&
                   ioctl(fd, FIONREAD, &n) == 0
               ? n
               : -1;
}

static bool is_ready(int fd, short events)
{
    struct pollfd p = {fd, events, 0};
    return real.poll(&p, 1, 0) != 0;
}

static uint64_t amounts(int64_t moved, int64_t there)
{
    return (uint64_t)(moved < 0 ? 0 : (uint32_t)moved) |
           (uint64_t)(there < 0 ? 0xffffffffu : (uint32_t)there) << 32;
}

static bool begin(struct transfer *t, int fd, uint64_t pc)
{
    t->noted = false;
    if (!ready())
        return false;
    t->what = fd_of(fd);
    t->fd = fd;
    t->pc = pc;
    t->noted = t->what.class > FD_PLAIN;
    return t->noted;
}

bool read_begin(struct transfer *t, int fd, uint64_t pc)
{
    if (!begin(t, fd, pc))
        return false;
    int keep = errno;
    t->there = bytes_there(&t->what, fd);
    t->waits = t->there <= 0 && !(t->there < 0 && is_ready(fd, POLLIN));
    if (t->waits)
        wait_begin(&t->w, EV_FD_READ, t->what.addr, pc, (unsigned)fd & 0xffff);
    errno = keep;
    return true;
}

ssize_t read_end(struct transfer *t, ssize_t got)
{
    int error = errno;
    if (t->waits)
        wait_end(&t->w);
    int64_t left = t->waits ? bytes_there(&t->what, t->fd) : t->there - (got > 0 ? got : 0);
    note_more(EV_FD_READ, got < 0 ? arg_of(error) : 0, t->what.addr, t->pc,
              (unsigned)t->fd & 0xffff, amounts(got, left));
    errno = error;
    return got;
}

/* A pipe has room for 64 KiB, unless told otherwise, and is ready when a page of it is free. */
static bool may_wait(const struct transfer *t, size_t bytes)
{
    enum { ROOM = 65536, PAGE = 4096 };
    if (t->what.class == FD_PIPE && t->there >= 0) {
        uint64_t then = (uint64_t)t->there + bytes;
        if (then > ROOM)
            return true;
        if (then <= PAGE)
            return false;
    }
    return !is_ready(t->fd, POLLOUT);
}

bool write_begin(struct transfer *t, int fd, size_t bytes, uint64_t pc)
{
    if (!begin(t, fd, pc))
        return false;
    int keep = errno;
    t->there = t->what.class == FD_PIPE ? bytes_there(&t->what, fd) : -1;
    t->waits = may_wait(t, bytes);
    note_more(EV_FD_WRITE, 0, t->what.addr, pc, (unsigned)fd & 0xffff,
              amounts((int64_t)bytes, t->there < 0 ? -1 : t->there + (int64_t)bytes));
    if (t->waits)
        wait_begin(&t->w, EV_FD_WRITE, t->what.addr, pc, (unsigned)fd & 0xffff);
    errno = keep;
    return true;
}

ssize_t write_end(struct transfer *t, ssize_t written)
{
    int error = errno;
    if (t->waits) {
        wait_end(&t->w);
        note_now(REC_GO, 0, t->what.addr, t->pc, 0);
    }
    if (written < 0)
        note_more(EV_FD_WRITE, arg_of(error), t->what.addr, t->pc, (unsigned)t->fd & 0xffff,
                  amounts(0, -1));
    errno = error;
    return written;
}

/* ---- how they come and go ---- */
static int made(int rc, const int *fds, uint64_t pc)
{
    if (rc)
        return rc;
    struct fd f = fd_of(fds[0]);
    note_more(EV_PIPE, 0, f.addr, pc, (unsigned)fds[0] & 0xffff,
              (uint64_t)(uint32_t)fds[0] | (uint64_t)(uint32_t)fds[1] << 32);
    return rc;
}

EXPORT int pipe(int fds[2])
{
    bool noted = ready();
    int rc = real.pipe(fds);
    return noted ? made(rc, fds, HERE) : rc;
}

EXPORT int pipe2(int fds[2], int flags)
{
    bool noted = ready();
    int rc = real.pipe2(fds, flags);
    return noted ? made(rc, fds, HERE) : rc;
}

EXPORT int socketpair(int domain, int type, int protocol, int fds[2])
{
    bool noted = ready();
    int rc = real.socketpair(domain, type, protocol, fds);
    return noted ? made(rc, fds, HERE) : rc;
}

static void note_close(int fd, uint64_t pc)
{
    struct fd f = fd_of(fd);
    int keep = errno;
    if (f.class > FD_PLAIN)
        note_now(EV_FD_CLOSE, 0, f.addr, pc, (unsigned)fd & 0xffff);
    errno = keep;
}

/* Known no more, before and after: who uses the number in between learns what it is then. */
EXPORT int close(int fd)
{
    if (ready())
        note_close(fd, HERE);
    fd_forget((unsigned)fd, (unsigned)fd);
    int rc = real.close(fd);
    fd_forget((unsigned)fd, (unsigned)fd);
    return rc;
}

EXPORT int close_range(unsigned first, unsigned last, int flags)
{
    begun();
    int rc = real.close_range(first, last, flags);
    fd_forget(first, last);
    return rc;
}

EXPORT void closefrom(int first)
{
    begun();
    real.closefrom(first);
    fd_forget((unsigned)first, TABLE);
}

EXPORT int fclose(FILE *f)
{
    bool noted = ready();
    int keep = errno, fd = fileno(f);
    errno = keep;
    if (noted && fd >= 0)
        note_close(fd, HERE);
    int rc = real.fclose(f);
    fd_forget((unsigned)fd, (unsigned)fd);
    return rc;
}

EXPORT int pclose(FILE *f)
{
    if (!ready())
        return real.pclose(f);
    int keep = errno, fd = fileno(f);
    struct wait w; /* for the shell */
    wait_begin(&w, EV_WAIT, 0xffffffffu, HERE, 0);
    errno = keep;
    int rc = real.pclose(f), error = errno;
    wait_end(&w);
    note_more(EV_WAIT, rc < 0 ? arg_of(error) : 0, 0, HERE, 0,
              rc < 0 ? 0 : (uint64_t)(uint32_t)rc << 32);
    fd_forget((unsigned)fd, (unsigned)fd);
    errno = error;
    return rc;
}

static int copied(int from, int to, uint64_t pc)
{
    int keep = errno;
    if (to < 0)
        return to;
    fd_forget((unsigned)to, (unsigned)to);
    struct fd f = fd_of(to);
    if (f.class > FD_PLAIN)
        note_more(EV_FD_DUP, 0, f.addr, pc, (unsigned)from & 0xffff, (uint64_t)(uint32_t)to);
    errno = keep;
    return to;
}

EXPORT int dup(int fd)
{
    bool noted = ready();
    int to = real.dup(fd);
    return noted ? copied(fd, to, HERE) : to;
}

EXPORT int dup2(int fd, int to)
{
    bool noted = ready();
    int rc = real.dup2(fd, to);
    fd_forget((unsigned)to, (unsigned)to);
    return noted ? copied(fd, rc, HERE) : rc;
}

EXPORT int dup3(int fd, int to, int flags)
{
    bool noted = ready();
    int rc = real.dup3(fd, to, flags);
    fd_forget((unsigned)to, (unsigned)to);
    return noted ? copied(fd, rc, HERE) : rc;
}

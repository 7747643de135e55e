/* What a descriptor is, as far as threads and processes meet there. */
#ifndef LOCKSTEP_RECORDER_FD_H
#define LOCKSTEP_RECORDER_FD_H

#include "inside.h"

enum fd_class { FD_UNKNOWN, FD_PLAIN, FD_PIPE, FD_SOCKET, FD_TERMINAL, FD_OTHER, FD_QUEUE };
struct fd {
    enum fd_class class;
    uint64_t addr; /* as entries have it */
};
/* Found out when it is first used; FD_PLAIN: of no concern. Keeps errno. */
struct fd fd_of(int fd);
struct fd fd_of_queue(int fd);
/* The number is, or may be, something else from now on; first to last. */
void fd_forget(unsigned first, unsigned last);

/* Reading and writing, with what is noted before and after. */
struct transfer {
    struct fd what;
    int fd;
    uint64_t pc;
    int64_t there; /* bytes in it before; -1 unknown */
    bool noted, waits;
    struct wait w;
};
/* False: it is not noted. */
bool read_begin(struct transfer *t, int fd, uint64_t pc);
ssize_t read_end(struct transfer *t, ssize_t got);
bool write_begin(struct transfer *t, int fd, size_t bytes, uint64_t pc);
ssize_t write_end(struct transfer *t, ssize_t done);

#endif

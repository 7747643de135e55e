/* The functions of the library that come next after ours. */
#ifndef LOCKSTEP_RECORDER_REAL_H
#define LOCKSTEP_RECORDER_REAL_H

#include <assert.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

/* What programs built with _FORTIFY_SOURCE call; their declarations come with that only. */
ssize_t __read_chk(int fd, void *to, size_t n, size_t room);
ssize_t __recv_chk(int fd, void *to, size_t n, size_t room, int flags);
int __poll_chk(struct pollfd *fds, nfds_t n, int timeout, size_t room);

struct real {
#define REAL(name) __typeof__(name) *name;
#include "real.def"
#undef REAL
};
extern struct real real;
/* Looks them up, the first time; a function that this library does not have stays NULL. */
void real_find(void);

#endif

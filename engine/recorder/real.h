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

struct real {
#define REAL(name) __typeof__(name) *name;
#include "real.def"
#undef REAL
};
extern struct real real;
/* Looks them up, the first time; a function that this library does not have stays NULL. */
void real_find(void);

#endif

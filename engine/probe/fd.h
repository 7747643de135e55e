/* What the files on descriptors share. All is called by the running task, controlled. */
#ifndef LOCKSTEP_FD_H
#define LOCKSTEP_FD_H

#include "probe.h"
#include <sys/stat.h>
#include <sys/types.h>

#pragma GCC visibility push(hidden)

int fd_fail(int error); /* errno set: -1 */
bool fd_is_ours(int fd);
/* Which object is behind it: a number for OBJ_FD(). */
unsigned fd_object(int fd);
unsigned fd_object_by(const struct stat *st);
void fd_reach(struct op *op, int fd);
/* What is behind it may be different now for whoever waits; the task did something. */
void fd_changed(uint64_t object);
struct event *fd_tell(int fd, ssize_t n, size_t wanted);
/* *op waits until fd is ready for `events` of poll(). */
void fd_wait_for(struct op *op, int fd, short events);
/* Does a call on fd wait? Not one for which fd is not open (`wrong`, as O_WRONLY; -1). */
bool fd_blocks(int fd, int wrong);
/* Stand before a call on fd; if patient, until it would not block. False: EINTR. */
bool fd_stand_before(unsigned kind, int fd, short events, bool patient, struct here h);
/* What a task gives through object k is seen by those who take from it. */
void fd_hand_over(unsigned k, bool gives);
/* The first bytes of what went through are kept with the event. */
void fd_show(struct event *e, const void *text, ssize_t n);
/* A call that makes descriptors: the step, then what came of it (fds[1] -1: only one). */
void fd_making(const char *what, struct here h);
int fd_made(int result, const int *fds);
void fd_reach_numbers(struct op *op, bool makes);
/* Standard descriptor fd does, or does not, lead elsewhere than at main. */
void fd_note_standard(int fd, bool redirected);
/* A step on what is behind fd, if anything is. */
void fd_step(unsigned kind, int fd, int other, struct here h);

/* filelock.c */
int lock_record(int fd, int command, void *lock, const char *name, struct here h);

#pragma GCC visibility pop

#endif

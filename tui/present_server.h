/* The presentation's end of the socket: a thread of its own, so that notes that are slow, stopped
 * or gone never hold up what the class sees. */
#ifndef LOCKSTEP_PRESENT_SERVER_H
#define LOCKSTEP_PRESENT_SERVER_H

#include "base.h"

struct present_server;

/* NULL with *e when there can be none. */
struct present_server *present_server_start(struct err *e);
/* Close, remove the file. NULL is allowed. */
void present_server_stop(struct present_server *s);
/* The newest state, a whole message; copied, and sent to all who follow. Does not block. */
void present_server_tell(struct present_server *s, const struct buf *message);
/* Readable when somebody asked for something. */
int present_server_fd(const struct present_server *s);
/* The next key that was asked for; 0 none. Keys that are no request never come. */
int present_server_take(struct present_server *s);

#endif

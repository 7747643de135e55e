/* The socket between a presentation and its notes: a file only its owner may use, in
 * $XDG_RUNTIME_DIR/lockstep, else in the folder of the store. present-PID.sock; several
 * presentations have several. */
#ifndef LOCKSTEP_PRESENT_SOCKET_H
#define LOCKSTEP_PRESENT_SOCKET_H

#include "base.h"

#include <sys/un.h>

/* The folder, opened (O_PATH), made if need be; its path in *path, to be freed. -ERR_OPEN,
 * -ERR_CREATE; -ERR_UNSUPPORTED when others may write into it. */
int socket_folder(char **path, struct err *e);
/* Address of a name in the folder, however long its path is. */
struct sockaddr_un socket_address(int folder, const char *name);
/* Whether the other end belongs to us. */
int socket_is_ours(int fd);

/* Presentations that run, the newest first. */
struct socket_found {
    int pid;
    int64_t since_ns;
};
enum { SOCKETS_MOST = 16 };
/* At most SOCKETS_MOST; files of presentations that are gone are removed. *refused, to be freed, is
 * a sentence about one that must not be opened, or NULL. */
int socket_list(int folder, struct socket_found *out, char **refused);
/* Connected, not blocking; or -1. */
int socket_connect(int folder, int pid);

#endif

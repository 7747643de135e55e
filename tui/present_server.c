#include "present_server.h"

#include "job.h"
#include "present_socket.h"
#include "present_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLLOWERS = 8, KEYS = 64, BACKLOG = 8 };

/* One who follows. Only the newest state is sent; one that is half sent is finished first. */
struct follower {
    int fd;
    struct buf out; /* being sent */
    size_t sent;
    uint64_t has; /* number of the state that was sent last */
    char line[WIRE_REQUEST_MOST];
    size_t n;
};

struct present_server {
    int folder, listener, wake;
    char name[40];
    struct job *job; /* as the screen has it */
    struct job *own; /* the same, as the thread has it */
    /* under job_lock: */
    struct buf state;
    uint64_t number;
    int keys[KEYS];
    int nkeys;
    /* of the thread: */
    struct follower follower[FOLLOWERS];
    int nfollowers;
};

static void drop(struct present_server *s, int i)
{
    close(s->follower[i].fd);
    buf_fini(&s->follower[i].out);
    s->follower[i] = s->follower[--s->nfollowers];
}

static void take_followers(struct present_server *s)
{
    int fd;
    while ((fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        if (s->nfollowers == FOLLOWERS || !socket_is_ours(fd)) {
            close(fd);
            continue;
        }
        s->follower[s->nfollowers++] = (struct follower){.fd = fd};
    }
}

/* 0, or -1 when it is gone. */
static int send_to(struct present_server *s, struct follower *f)
{
    for (;;) {
        if (f->sent == f->out.len) {
            job_lock(s->own);
            f->out.len = f->sent = 0;
            if (f->has != s->number) {
                buf_add(&f->out, s->state.data, s->state.len);
                f->has = s->number;
            }
            job_unlock(s->own);
        }
        if (f->sent == f->out.len)
            return 0;
        ssize_t n = send(f->fd, f->out.data + f->sent, f->out.len - f->sent, MSG_NOSIGNAL);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -1;
        f->sent += (size_t)n;
    }
}

static void take_request(struct present_server *s, const struct follower *f)
{
    int key = wire_request(f->line, f->n);
    if (!key)
        return;
    job_lock(s->own);
    if (s->nkeys < KEYS)
        s->keys[s->nkeys++] = key;
    job_unlock(s->own);
    job_look(s->own);
}

/* 0, or -1 when it is gone or sends what is no request. */
static int read_from(struct present_server *s, struct follower *f)
{
    char bytes[256];
    ssize_t n = read(f->fd, bytes, sizeof bytes);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : -1;
    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] == '\n') {
            take_request(s, f);
            f->n = 0;
        } else if (f->n < sizeof f->line)
            f->line[f->n++] = bytes[i];
        else
            return -1;
    }
    return n > 0 ? 0 : -1;
}

static void serve(struct job *j, void *ctx)
{
    struct present_server *s = ctx;
    s->own = j;
    while (!job_cancelled(j)) {
        struct pollfd polled[FOLLOWERS + 2] = {{s->listener, POLLIN, 0}, {s->wake, POLLIN, 0}};
        for (int i = 0; i < s->nfollowers; i++) {
            int owes = s->follower[i].sent < s->follower[i].out.len;
            polled[2 + i] =
                (struct pollfd){s->follower[i].fd, (short)(POLLIN | (owes ? POLLOUT : 0)), 0};
        }
        int n = s->nfollowers;
        poll(polled, (nfds_t)n + 2, -1);
        uint64_t taken;
        if ((polled[1].revents & POLLIN) && read(s->wake, &taken, sizeof taken) < 0)
            continue;
        for (int i = n; i-- > 0;)
            if (polled[2 + i].revents && read_from(s, &s->follower[i]) < 0)
                drop(s, i);
        take_followers(s);
        for (int i = s->nfollowers; i-- > 0;)
            if (send_to(s, &s->follower[i]) < 0)
                drop(s, i);
    }
}

static void wake(const struct present_server *s)
{
    uint64_t one = 1;
    while (write(s->wake, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static int begin(struct present_server *s, struct err *e)
{
    char *path = NULL, *refused = NULL;
    struct socket_found others[SOCKETS_MOST];
    s->folder = socket_folder(&path, e);
    free(path);
    if (s->folder < 0)
        return s->folder;
    socket_list(s->folder, others, &refused); /* takes away what others left behind */
    free(refused);
    snprintf(s->name, sizeof s->name, "present-%d.sock", (int)getpid());
    unlinkat(s->folder, s->name, 0);
    struct sockaddr_un a = socket_address(s->folder, s->name);
    s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (s->listener < 0 || s->wake < 0 || bind(s->listener, (struct sockaddr *)&a, sizeof a) != 0 ||
        fchmodat(s->folder, s->name, 0600, 0) != 0 || listen(s->listener, BACKLOG) != 0)
        return err_set(e, ERR_CREATE, _("no socket for notes: %s"), strerror(errno));
    return 0;
}

static void end(struct present_server *s)
{
    if (s->folder >= 0) {
        if (s->name[0])
            unlinkat(s->folder, s->name, 0);
        close(s->folder);
    }
    if (s->listener >= 0)
        close(s->listener);
    if (s->wake >= 0)
        close(s->wake);
    while (s->nfollowers)
        drop(s, s->nfollowers - 1);
    buf_fini(&s->state);
    free(s);
}

struct present_server *present_server_start(struct err *e)
{
    struct present_server *s = xcalloc(1, sizeof *s);
    s->listener = s->wake = -1;
    if (begin(s, e) == 0 && (s->job = job_start(serve, s)) != NULL)
        return s;
    end(s);
    return NULL;
}

void present_server_stop(struct present_server *s)
{
    if (!s)
        return;
    job_cancel(s->job);
    wake(s);
    job_free(s->job);
    end(s);
}

void present_server_tell(struct present_server *s, const struct buf *message)
{
    job_lock(s->job);
    s->state.len = 0;
    buf_add(&s->state, message->data, message->len);
    s->number++;
    job_unlock(s->job);
    wake(s);
}

int present_server_fd(const struct present_server *s)
{
    return job_fd(s->job);
}

int present_server_take(struct present_server *s)
{
    int key = 0;
    job_done(s->job); /* takes what made its descriptor readable */
    job_lock(s->job);
    if (s->nkeys) {
        key = s->keys[0];
        memmove(s->keys, s->keys + 1, (size_t)--s->nkeys * sizeof *s->keys);
    }
    job_unlock(s->job);
    return key;
}

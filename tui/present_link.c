#include "present_link.h"

#include "present_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int link_init(struct present_link *l, int pid, struct err *e)
{
    char *path = NULL;
    *l = (struct present_link){.fd = -1, .wanted = pid, .last = -LINK_AGAIN_MS};
    wire_init(&l->state);
    l->folder = socket_folder(&path, e);
    free(path);
    return l->folder < 0 ? l->folder : 0;
}

static void hang_up(struct present_link *l)
{
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
    l->pid = 0;
    buf_fini(&l->in);
    l->in = (struct buf){0};
}

void link_fini(struct present_link *l)
{
    hang_up(l);
    if (l->folder >= 0)
        close(l->folder);
    wire_fini(&l->state);
    free(l->trouble);
}

static void say(struct present_link *l, const char *trouble)
{
    free(l->trouble);
    l->trouble = trouble ? xstrdup(trouble) : NULL;
}

static enum link_event find(struct present_link *l)
{
    struct socket_found found[SOCKETS_MOST];
    struct err e = {0};
    char *refused = NULL, *path = NULL;
    if (l->folder < 0) {
        l->folder = socket_folder(&path, &e);
        free(path);
        say(l, l->folder < 0 ? e.message : NULL);
        if (l->folder < 0)
            return LINK_NOTHING;
    }
    int n = socket_list(l->folder, found, &refused);
    for (int i = 0; i < n && l->fd < 0; i++) {
        if (l->wanted && found[i].pid != l->wanted)
            continue;
        l->fd = socket_connect(l->folder, found[i].pid);
        l->pid = l->fd >= 0 ? found[i].pid : 0;
    }
    l->others = n - (l->fd >= 0);
    say(l, l->fd < 0 ? refused : NULL);
    free(refused);
    return l->fd >= 0 ? LINK_BEGAN : LINK_NOTHING;
}

static enum link_event receive(struct present_link *l)
{
    char bytes[4096];
    struct err e = {0};
    enum link_event event = LINK_NOTHING;
    ssize_t n;
    int rc;
    while ((n = read(l->fd, bytes, sizeof bytes)) > 0) {
        buf_add(&l->in, bytes, (size_t)n);
        while ((rc = wire_read(&l->in, &l->state, &e)) > 0) {
            event = LINK_NEWS;
            l->had = 1;
        }
        if (rc < 0) {
            hang_up(l);
            say(l, e.message);
            return LINK_ENDED;
        }
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return event;
    hang_up(l);
    l->wanted = 0; /* it may come back with another number */
    return LINK_ENDED;
}

enum link_event link_look(struct present_link *l, int64_t now_ms)
{
    if (l->fd >= 0)
        return receive(l);
    if (now_ms - l->last < LINK_AGAIN_MS)
        return LINK_NOTHING;
    l->last = now_ms;
    return find(l);
}

int link_ask(struct present_link *l, int key)
{
    const char *word = wire_word(key);
    if (l->fd < 0 || !word)
        return -1;
    char *line = xasprintf("%s\n", word);
    ssize_t n = send(l->fd, line, strlen(line), MSG_NOSIGNAL);
    free(line);
    return n > 0 ? 0 : -1;
}

int link_other(struct present_link *l)
{
    struct socket_found found[SOCKETS_MOST];
    char *refused = NULL;
    int n = l->folder >= 0 ? socket_list(l->folder, found, &refused) : 0, at = -1;
    free(refused);
    for (int i = 0; i < n; i++)
        if (found[i].pid == l->pid)
            at = i;
    if (n < 2)
        return 0;
    hang_up(l);
    l->wanted = found[(at + 1) % n].pid;
    l->last = -LINK_AGAIN_MS;
    return 1;
}

int link_minutes(const struct wire_state *s, int64_t now_ms, int *behind, int *early)
{
    int gone = s->began_ms && now_ms > s->began_ms ? (int)((now_ms - s->began_ms) / 60000) : 0;
    *behind = s->until_minute && gone > s->until_minute ? gone - (int)s->until_minute : 0;
    *early = s->from_minute > gone + 1 ? (int)s->from_minute - gone : 0;
    return gone;
}

#include "watch.h"

#include "base.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_HASHED = 4 << 20 };

/* How the file looks from outside. */
struct looks {
    int exists;
    uint64_t inode;
    int64_t size, changed_ns;
};

struct watch {
    char *path;
    int fd;            /* of inotify, -1 */
    struct looks last; /* at the last look */
    uint64_t told;     /* hash of the bytes told last */
    int gone;          /* told to be gone */
    int pending;       /* something happened that is not told yet */
    int64_t quiet_at;  /* when it will have been quiet long enough */
    int64_t poll_at;
};

static struct looks looks_of(const char *path)
{
    struct stat st;
    struct looks l = {0};
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return l;
    l.exists = 1;
    l.inode = (uint64_t)st.st_ino;
    l.size = (int64_t)st.st_size;
    l.changed_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    return l;
}

static int same_looks(const struct looks *a, const struct looks *b)
{
    return a->exists == b->exists && a->inode == b->inode && a->size == b->size &&
           a->changed_ns == b->changed_ns;
}

/* FNV-1a of its bytes, the first megabytes of a large file; 0: it cannot be read. */
static uint64_t hash_of(const char *path)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    unsigned char bytes[8192];
    ssize_t n = 0, all = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return 0;
    while (all < MAX_HASHED && (n = read(fd, bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < n; i++)
            hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
        all += n;
    }
    close(fd);
    return hash ? hash : 1;
}

struct watch *watch_new(const char *path)
{
    struct watch *w = xcalloc(1, sizeof *w);
    char *folder = xstrdup(path), *slash = strrchr(folder, '/');
    if (slash)
        *slash = 0;
    w->path = xstrdup(path);
    w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (w->fd >= 0 && inotify_add_watch(w->fd, slash ? folder : ".",
                                        IN_CLOSE_WRITE | IN_MODIFY | IN_MOVED_TO | IN_MOVED_FROM |
                                            IN_CREATE | IN_DELETE) < 0) {
        close(w->fd);
        w->fd = -1;
    }
    free(folder);
    w->last = looks_of(path);
    w->told = w->last.exists ? hash_of(path) : 0;
    w->gone = !w->last.exists;
    return w;
}

void watch_free(struct watch *w)
{
    if (!w)
        return;
    if (w->fd >= 0)
        close(w->fd);
    free(w->path);
    free(w);
}

int watch_fd(const struct watch *w)
{
    return w->fd;
}

int watch_wait(const struct watch *w, int64_t now)
{
    int64_t due = w->pending && w->quiet_at < w->poll_at ? w->quiet_at : w->poll_at;
    return due > now ? (int)(due - now) : 0;
}

static void drain(const struct watch *w)
{
    char bytes[4096];
    while (w->fd >= 0 && read(w->fd, bytes, sizeof bytes) > 0)
        ;
}

/* It has been quiet: is there news? */
static enum watch_news news(struct watch *w)
{
    w->pending = 0;
    if (!w->last.exists) {
        int was = w->gone;
        w->gone = 1;
        return was ? WATCH_NOTHING : WATCH_GONE;
    }
    uint64_t hash = hash_of(w->path);
    int changed = hash && (hash != w->told || w->gone);
    w->gone = 0;
    w->told = hash;
    return changed ? WATCH_CHANGED : WATCH_NOTHING;
}

enum watch_news watch_look(struct watch *w, int64_t now)
{
    drain(w);
    struct looks looks = looks_of(w->path);
    w->poll_at = now + WATCH_POLL_MS;
    if (!same_looks(&looks, &w->last)) {
        w->last = looks;
        w->pending = 1;
        w->quiet_at = now + (looks.exists && looks.size ? WATCH_QUIET_MS : WATCH_EMPTY_MS);
    }
    return w->pending && now >= w->quiet_at ? news(w) : WATCH_NOTHING;
}

#include "present_socket.h"

#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the folder is; to be freed. */
static char *folder_path(struct err *e)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    struct stat st;
    char *store = NULL;
    if (runtime && runtime[0] == '/' && stat(runtime, &st) == 0 && S_ISDIR(st.st_mode) &&
        st.st_uid == geteuid())
        return xasprintf("%s/lockstep", runtime);
    if (store_path(&store, e) < 0)
        return NULL;
    *strrchr(store, '/') = 0;
    return store;
}

static int make_folders(const char *path)
{
    char *copy = xstrdup(path);
    int rc = 0;
    for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(copy, 0700) != 0 && errno != EEXIST)
            rc = -1;
        *slash = '/';
    }
    free(copy);
    return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : rc < 0 ? rc : -1;
}

int socket_folder(char **path, struct err *e)
{
    struct stat st;
    *path = folder_path(e);
    if (!*path)
        return -ERR_OPEN;
    if (make_folders(*path) < 0)
        return err_set(e, ERR_CREATE, _("the folder %s cannot be made: %s"), *path,
                       strerror(errno));
    int fd = open(*path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        int rc = err_set(e, ERR_OPEN, "%s: %s", *path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return rc;
    }
    if (st.st_uid == geteuid() && !(st.st_mode & 022))
        return fd;
    close(fd);
    return err_set(
        e, ERR_UNSUPPORTED,
        _("others may write into the folder %s; 'chmod go-w' it to have notes in a second "
          "terminal"),
        *path);
}

struct sockaddr_un socket_address(int folder, const char *name)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "/proc/self/fd/%d/%s", folder, name);
    return a;
}

int socket_is_ours(int fd)
{
    struct ucred who;
    socklen_t n = sizeof who;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 && who.uid == geteuid();
}

static int by_age(const void *a, const void *b)
{
    const struct socket_found *x = a, *y = b;
    return (x->since_ns < y->since_ns) - (x->since_ns > y->since_ns);
}

/* Somebody listens there. Files of those who are gone are removed. */
static int is_alive(int folder, const char *name, int pid)
{
    int fd = socket_connect(folder, pid);
    if (fd >= 0) {
        close(fd);
        return 1;
    }
    if (errno == ECONNREFUSED)
        unlinkat(folder, name, 0);
    return 0;
}

static void take_name(int folder, const char *name, struct socket_found *out, int *n,
                      char **refused)
{
    struct stat st;
    int pid = 0, used = 0;
    if (sscanf(name, "present-%d.sock%n", &pid, &used) != 1 || !used || name[used] || pid <= 0 ||
        *n == SOCKETS_MOST || fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    if (!S_ISSOCK(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077)) {
        free(*refused);
        *refused = xasprintf(_("%s is not opened: others may use it"), name);
        return;
    }
    if (is_alive(folder, name, pid))
        out[(*n)++] = (struct socket_found){pid, (int64_t)st.st_mtim.tv_sec * 1000000000 +
                                                     st.st_mtim.tv_nsec};
}

int socket_list(int folder, struct socket_found *out, char **refused)
{
    int n = 0, fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    *refused = NULL;
    if (!d) {
        if (fd >= 0)
            close(fd);
        return 0;
    }
    for (struct dirent *ent; (ent = readdir(d));)
        take_name(folder, ent->d_name, out, &n, refused);
    closedir(d);
    qsort(out, (size_t)n, sizeof *out, by_age);
    return n;
}

int socket_connect(int folder, int pid)
{
    char name[40];
    snprintf(name, sizeof name, "present-%d.sock", pid);
    struct sockaddr_un a = socket_address(folder, name);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0 && socket_is_ours(fd))
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

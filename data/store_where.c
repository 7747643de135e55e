/* Where the file lies, what kind of file system that is, and moving files there. */
#include "store_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

/* The write-ahead log needs memory shared by all who use the file, hence one kernel. File systems
 * that promise it; everything else (NFS, CIFS, FUSE, 9p, Ceph, AFS and what comes) is taken as
 * remote: a wrong guess that way costs a millisecond, the other way the data. */
static const struct {
    unsigned long magic;
    const char *name;
} local_file_systems[] = {
    {0xef53, "ext2, ext3, ext4"}, {0x58465342, "xfs"},     {0x9123683e, "btrfs"},
    {0x01021994, "tmpfs"},        {0x858458f6, "ramfs"},   {0xf2f52010, "f2fs"},
    {0x2fc12fc1, "zfs"},          {0x794c7630, "overlay"}, {0x3153464a, "jfs"},
    {0x52654973, "reiserfs"},     {0x3434, "nilfs2"},      {0xca451a4e, "bcachefs"},
};

int store_where_is_local(unsigned long magic)
{
    for (size_t i = 0; i < sizeof local_file_systems / sizeof *local_file_systems; i++)
        if (local_file_systems[i].magic == (magic & 0xffffffff))
            return 1;
    return 0;
}

static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return xstrdup(".");
    return slash == path ? xstrdup("/") : xasprintf("%.*s", (int)(slash - path), path);
}

int store_where_local(const char *path)
{
    char *folder = folder_of(path);
    struct statfs fs;
    int local = statfs(folder, &fs) == 0 && store_where_is_local((unsigned long)fs.f_type);
    free(folder);
    return local;
}

/* A relative LOCKSTEP_DATA is meant from here; a relative XDG_DATA_HOME is void by its standard. */
int store_path(char **out, struct err *e)
{
    const char *own = getenv("LOCKSTEP_DATA"), *xdg = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    *out = NULL;
    if (own && *own) {
        char *here = *own == '/' ? xstrdup("") : getcwd(NULL, 0);
        if (!here)
            return err_set(e, ERR_OPEN,
                           "LOCKSTEP_DATA is \"%s\", from a folder that is gone; use "
                           "an absolute path",
                           own);
        *out = xasprintf("%s%s%s/lockstep.db", here, *here ? "/" : "", own);
        free(here);
    } else if (xdg && *xdg == '/') {
        *out = xasprintf("%s/lockstep/lockstep.db", xdg);
    } else if (home && *home == '/') {
        *out = xasprintf("%s/.local/share/lockstep/lockstep.db", home);
    } else {
        return err_set(e, ERR_OPEN,
                       "no place for your progress: HOME is not set; set it, or "
                       "LOCKSTEP_DATA to a folder");
    }
    return 0;
}

char *store_folder(struct err *e)
{
    char *path;
    if (store_path(&path, e) < 0)
        return NULL;
    char *slash = strrchr(path, '/');
    if (slash)
        *slash = 0;
    return path;
}

static void sync_path(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

void store_where_sync_folder(const char *path)
{
    char *folder = folder_of(path);
    sync_path(folder);
    free(folder);
}

/* The parent is synced too, so that a new folder outlasts a power cut. */
int store_where_make(const char *path, struct err *e)
{
    char *folder = folder_of(path);
    int failed = 0;
    for (char *p = folder + 1; !failed; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char kept = *p;
        *p = '\0';
        if (mkdir(folder, 0700) == 0)
            store_where_sync_folder(folder);
        else if (errno != EEXIST && access(folder, X_OK) != 0)
            failed = errno;
        if (failed)
            err_set(e, ERR_CREATE,
                    "cannot make the folder %s: %s; choose another with "
                    "LOCKSTEP_DATA",
                    folder, strerror(failed));
        *p = kept;
        if (kept == '\0')
            break;
    }
    free(folder);
    return failed ? -ERR_CREATE : 0;
}

int store_where_lock(const char *path)
{
    char *name = xasprintf("%s.lock", path);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    free(name);
    for (int waited_ms = 0; fd >= 0; waited_ms += 5) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return fd;
        if ((errno != EWOULDBLOCK && errno != EINTR) || waited_ms >= STORE_BUSY_MS) {
            close(fd);
            fd = -1;
        } else {
            nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        }
    }
    return -1;
}

char *store_where_free_name(const char *path, const char *tag, const char *stamp)
{
    char *name = xasprintf("%s.%s-%s", path, tag, stamp);
    struct stat st;
    for (int n = 2; lstat(name, &st) == 0; n++) {
        free(name);
        name = xasprintf("%s.%s-%s-%d", path, tag, stamp, n);
    }
    return name;
}

/* 0 also when there is nothing to move. */
static int move(const char *from, const char *to, const char *suffix)
{
    char *a = xasprintf("%s%s", from, suffix), *b = xasprintf("%s%s", to, suffix);
    int failed = rename(a, b) == 0 || errno == ENOENT ? 0 : errno;
    free(a);
    free(b);
    return failed;
}

/* The main file goes last: if this process dies half-way, the file is still found damaged and moved
 * next time, and no old log is left beside a new file. */
int store_where_set_aside(const char *path, const char *tag, const char *stamp, char **to,
                          struct err *e)
{
    static const char *const suffixes[] = {"-wal", "-shm", "-journal", ""};
    *to = store_where_free_name(path, tag, stamp);
    int failed = 0;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes && !failed; i++)
        failed = move(path, *to, suffixes[i]);
    store_where_sync_folder(path);
    if (!failed)
        return 0;
    int rc = err_set(e, ERR_WRITE, "%s is damaged and cannot be moved aside: %s; move it by hand",
                     path, strerror(failed));
    free(*to);
    *to = NULL;
    return rc;
}

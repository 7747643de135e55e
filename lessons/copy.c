#include "copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *copy_path(const char *data, const struct lesson *l, const struct lesson_challenge *c)
{
    if (!strcmp(c->id, "fix"))
        return xasprintf("%s/work/%s/%s", data, l->id, c->file);
    return xasprintf("%s/work/%s/%s/%s", data, l->id, c->id, c->file);
}

/* -------- files -------- */

/* All folders on the way to path. */
static int make_folders(const char *path, struct err *e)
{
    char *way = xstrdup(path);
    int rc = 0;
    for (char *slash = strchr(way + 1, '/'); slash && !rc; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(way, 0755) != 0 && errno != EEXIST)
            rc =
                err_set(e, ERR_CREATE, _("the folder %s cannot be made: %s"), way, strerror(errno));
        *slash = '/';
    }
    free(way);
    return rc;
}

static int write_whole(int fd, const char *text, size_t n)
{
    while (n) {
        ssize_t done = write(fd, text, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return -1;
        text += done;
        n -= (size_t)done;
    }
    return fsync(fd);
}

int copy_make(const char *path, const char *text, size_t n, struct err *e)
{
    int rc = make_folders(path, e);
    if (rc)
        return rc;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0 && errno == EEXIST)
        return 0;
    if (fd < 0)
        return err_set(e, ERR_CREATE, _("%s cannot be made: %s"), path, strerror(errno));
    if (write_whole(fd, text, n) != 0) {
        rc = err_set(e, ERR_WRITE, _("%s cannot be written: %s"), path, strerror(errno));
        unlink(path);
    }
    close(fd);
    return rc ? rc : 1;
}

/* A free name beside path; to be freed. */
static char *free_name(const char *path)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
    size_t stem = dot ? (size_t)(dot - path) : strlen(path);
    for (int i = 1;; i++) {
        char *name = xasprintf("%.*s.%d%s", (int)stem, path, i, path + stem);
        if (access(name, F_OK) != 0)
            return name;
        free(name);
    }
}

int copy_reset(const char *path, const char *text, size_t n, char **kept, struct err *e)
{
    *kept = NULL;
    if (access(path, F_OK) == 0) {
        *kept = free_name(path);
        if (rename(path, *kept) != 0) {
            int rc = err_set(e, ERR_CREATE, _("%s cannot be put aside: %s"), path, strerror(errno));
            free(*kept);
            *kept = NULL;
            return rc;
        }
    }
    int rc = copy_make(path, text, n, e);
    return rc < 0 ? rc : 0;
}

int copy_read(const char *path, size_t max, struct buf *out, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    char bytes[8192];
    ssize_t got = 0;
    if (fd < 0)
        return err_set(e, ERR_OPEN, _("%s cannot be read: %s"), path, strerror(errno));
    int rc = fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)
                 ? err_set(e, ERR_DATA, _("%s is no file; save your program there"), path)
                 : 0;
    while (!rc && out->len <= max && (got = read(fd, bytes, sizeof bytes)) > 0)
        buf_add(out, bytes, (size_t)got);
    if (!rc && got < 0)
        rc = err_set(e, ERR_OPEN, _("%s cannot be read: %s"), path, strerror(errno));
    if (!rc && out->len > max)
        rc = err_set(e, ERR_DATA, _("%s is too large: more than %zu bytes"), path, max);
    close(fd);
    return rc;
}

/* -------- what changed -------- */

enum { MAX_LINES = 500 };

struct lines {
    const char *at[MAX_LINES];
    size_t n[MAX_LINES];
    int count;
};

static int lines_split(const char *s, struct lines *l)
{
    for (l->count = 0; *s; l->count++) {
        if (l->count == MAX_LINES)
            return -1;
        l->at[l->count] = s;
        l->n[l->count] = strcspn(s, "\n");
        s += l->n[l->count];
        s += *s == '\n';
    }
    return 0;
}

static int same(const struct lines *a, int i, const struct lines *b, int k)
{
    return a->n[i] == b->n[k] && !memcmp(a->at[i], b->at[k], a->n[i]);
}

static void say_line(struct buf *out, char sign, const struct lines *l, int i)
{
    buf_add(out, &sign, 1);
    buf_add(out, l->at[i], l->n[i]);
    buf_puts(out, "\n");
}

/* common[i][k]: how many lines a from i on and b from k on have in common, in order. */
static void count_common(const struct lines *a, const struct lines *b, int (*common)[MAX_LINES + 1])
{
    for (int i = a->count - 1; i >= 0; i--)
        for (int k = b->count - 1; k >= 0; k--)
            common[i][k] = same(a, i, b, k)                       ? 1 + common[i + 1][k + 1]
                           : common[i + 1][k] >= common[i][k + 1] ? common[i + 1][k]
                                                                  : common[i][k + 1];
}

static int say_diff(const struct lines *a, const struct lines *b, int (*common)[MAX_LINES + 1],
                    struct buf *out)
{
    int differ = 0;
    for (int i = 0, k = 0; i < a->count || k < b->count;) {
        if (i < a->count && k < b->count && same(a, i, b, k)) {
            say_line(out, ' ', a, i++);
            k++;
            continue;
        }
        differ++;
        if (i < a->count && (k == b->count || common[i + 1][k] >= common[i][k + 1]))
            say_line(out, '-', a, i++);
        else
            say_line(out, '+', b, k++);
    }
    return differ;
}

int copy_diff(const char *before, const char *after, struct buf *out)
{
    struct lines *a = xcalloc(1, sizeof *a), *b = xcalloc(1, sizeof *b);
    int(*common)[MAX_LINES + 1] = xcalloc(MAX_LINES + 1, sizeof *common);
    int differ = -1;
    if (lines_split(before, a) == 0 && lines_split(after, b) == 0) {
        count_common(a, b, common);
        differ = say_diff(a, b, common, out);
    }
    free(common);
    free(a);
    free(b);
    return differ;
}

/* Recordings as files. */
#include "recording_format.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void recording_init(struct recording *r)
{
    *r = (struct recording){0};
    schedule_init(&r->schedule);
    trace_init(&r->trace);
}

static void free_strings(char **s, int n)
{
    for (int i = 0; i < n; i++)
        free(s[i]);
    free(s);
}

void recording_fini(struct recording *r)
{
    schedule_fini(&r->schedule);
    trace_fini(&r->trace);
    free_strings(r->files, r->nfiles);
    free_strings(r->args, r->nargs);
    free(r->input);
    free(r->values);
    free(r->adversity);
    free(r->finding);
    free(r->notes);
    for (size_t i = 0; i < r->nnames; i++) {
        free(r->names[i].text);
        free(r->names[i].function);
    }
    free(r->names);
    *r = (struct recording){0};
}

/* All of fd, at most RECORDING_MAX_BYTES bytes. */
static int slurp(int fd, const char *path, struct buf *out, struct err *e)
{
    static const size_t CHUNK = 1 << 16;
    char *chunk = xcalloc(CHUNK, 1);
    ssize_t got;
    while ((got = read(fd, chunk, CHUNK)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || out->len + (size_t)got > RECORDING_MAX_BYTES)
            break;
        buf_add(out, chunk, (size_t)got);
    }
    int error = errno;
    free(chunk);
    if (got < 0)
        return err_set(e, ERR_OPEN, "%s: cannot read it: %s", path, strerror(error));
    if (got > 0)
        return err_set(e, ERR_DATA, "%s: more than 1 GiB is too long for a recording", path);
    return 0;
}

int recording_read(struct recording *r, const char *path, struct err *e)
{
    struct buf b = {0};
    *r = (struct recording){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(e, ERR_OPEN, "%s: cannot open it: %s", path, strerror(errno));
    int rc = slurp(fd, path, &b, e);
    close(fd);
    if (rc == 0)
        rc = recording_decode(r, b.data ? b.data : "", b.len, path, e);
    buf_fini(&b);
    return rc;
}

static int write_all(int fd, const struct buf *b, const char *path, struct err *e)
{
    for (size_t at = 0; at < b->len;) {
        ssize_t put = write(fd, b->data + at, b->len - at);
        if (put < 0 && errno != EINTR)
            return err_set(e, ERR_WRITE, "%s: cannot write it: %s", path, strerror(errno));
        at += put > 0 ? (size_t)put : 0;
    }
    return 0;
}

/* Write to what is no regular file. */
static int write_through(const struct buf *b, const char *path, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(e, ERR_CREATE, "%s: cannot open it for writing: %s", path, strerror(errno));
    int rc = write_all(fd, b, path, e);
    close(fd);
    return rc;
}

/* A new file beside path; *temporary is its name, on the heap. */
static int open_beside(const char *path, char **temporary)
{
    for (int i = 0; i < 100; i++) {
        *temporary = xasprintf("%s.%ld-%d.tmp", path, (long)getpid(), i);
        int fd = open(*temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST)
            return fd;
        free(*temporary);
    }
    *temporary = NULL;
    return -1;
}

static int write_beside(const struct buf *b, const char *path, struct err *e)
{
    char *temporary;
    int fd = open_beside(path, &temporary);
    if (fd < 0) {
        int rc = err_set(e, ERR_CREATE, "%s: cannot create it: %s", path, strerror(errno));
        free(temporary);
        return rc;
    }
    int rc = write_all(fd, b, path, e);
    if (rc == 0 && fsync(fd) < 0)
        rc = err_set(e, ERR_WRITE, "%s: cannot write it: %s", path, strerror(errno));
    if (close(fd) < 0 && rc == 0)
        rc = err_set(e, ERR_WRITE, "%s: cannot write it: %s", path, strerror(errno));
    if (rc == 0 && rename(temporary, path) < 0)
        rc = err_set(e, ERR_CREATE, "%s: cannot create it: %s", path, strerror(errno));
    if (rc < 0)
        unlink(temporary);
    free(temporary);
    return rc;
}

int recording_write(const struct recording *r, const char *path, struct err *e)
{
    struct buf b = {0};
    struct stat st;
    recording_encode(r, &b);
    char *real = realpath(path, NULL); /* a link stays a link */
    int special = stat(path, &st) == 0 && !S_ISREG(st.st_mode);
    int rc = special ? write_through(&b, path, e) : write_beside(&b, real ? real : path, e);
    free(real);
    buf_fini(&b);
    return rc;
}

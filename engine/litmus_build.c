/* From a litmus test to a program that runs. */
#include "litmus_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the source, in a folder of its own that others leave alone while it is locked, as those of
 * program.c ---- */
struct source {
    char *dir, *file;
    int lock;
};

static void source_fini(struct source *s)
{
    if (s->file)
        unlink(s->file);
    if (s->dir)
        rmdir(s->dir);
    if (s->lock > 0)
        close(s->lock);
    free(s->file);
    free(s->dir);
}

static int source_folder(struct source *s, struct err *e)
{
    const char *tmp = getenv("TMPDIR");
    tmp = tmp && *tmp ? tmp : "/tmp";
    for (int tries = 0; tries < 8; tries++) {
        s->dir = xasprintf("%s/lockstep-program-XXXXXX", tmp);
        if (!mkdtemp(s->dir))
            break;
        s->lock = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        struct stat st;
        if (s->lock >= 0 && flock(s->lock, LOCK_EX | LOCK_NB) == 0 && fstat(s->lock, &st) == 0 &&
            st.st_nlink > 0)
            return 0;
        if (s->lock >= 0)
            close(s->lock);
        s->lock = 0;
        free(s->dir); /* another lockstep has swept it away */
        s->dir = NULL;
    }
    int rc =
        err_set(e, ERR_CREATE, "cannot make a folder for the test in %s: %s", tmp, strerror(errno));
    free(s->dir);
    s->dir = NULL;
    return rc;
}

static int source_write(struct source *s, const struct litmus *l, enum litmus_program kind,
                        struct err *e)
{
    const char *slash = strrchr(l->file, '/');
    struct buf text = {0};
    int rc = source_folder(s, e);
    if (rc)
        return rc;
    litmus_make(l, kind, &text);
    s->file = xasprintf("%s/%.100s.c", s->dir, slash ? slash + 1 : l->file);
    FILE *f = fopen(s->file, "wxe");
    int bad = !f || fwrite(text.data, 1, text.len, f) != text.len;
    if (f && fclose(f))
        bad = 1;
    buf_fini(&text);
    return bad ? err_set(e, ERR_WRITE, "%s: %s", s->file, strerror(errno)) : 0;
}

/* The compiler stops at lines of the test's own file: #line says so. */
int litmus_build(struct program **p, const struct litmus *l, enum litmus_program kind, int optimise,
                 struct err *e)
{
    struct source s = {0};
    int rc = source_write(&s, l, kind, e);
    if (rc == 0)
        rc = kind == LITMUS_FREE
                 ? program_build_free(p, &s.file, 1, NULL, 0, BUILD_PLAIN, optimise, e)
                 : program_build(p, &s.file, 1, NULL, 0, e);
    source_fini(&s);
    return rc;
}

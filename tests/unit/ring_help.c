#include "ring_help.h"

#include "base.h"
#include "program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

void memory_make(struct memory *m, uint32_t ring)
{
    m->bytes = RECORDER_BYTES(ring);
    m->fd = memfd_create("recorder", MFD_CLOEXEC);
    if (m->fd < 0 || ftruncate(m->fd, (off_t)m->bytes))
        fail_msg("no memory file");
    m->r = mmap(NULL, m->bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, m->fd, 0);
    assert_ptr_not_equal(m->r, MAP_FAILED);
    m->r->magic = RECORDER_MAGIC;
    m->r->version = RECORDER_VERSION;
    m->r->bytes = m->bytes;
    m->r->ring = ring;
}

void memory_free(struct memory *m)
{
    munmap(m->r, m->bytes);
    close(m->fd);
}

static void become(const struct memory *m, pid_t host, const char *binary, const char *name)
{
    if (m) {
        char *path = xasprintf("/proc/%d/fd/%d", (int)host, m->fd);
        setenv(RECORDER_ENV, path, 1);
        setenv("LD_PRELOAD", path_recorder(), 1);
    }
    execl(binary, binary, name, (char *)NULL);
    _exit(127);
}

void scene_start(struct scene *s, const struct memory *m, const char *binary, const char *name)
{
    int fds[2];
    pid_t host = getpid();
    assert_int_equal(pipe(fds), 0);
    s->out = fds[0];
    s->pid = fork();
    if (s->pid == 0) {
        dup2(fds[1], 1);
        close(fds[0]);
        close(fds[1]);
        become(m, host, binary, name);
    }
    close(fds[1]);
}

int scene_end(struct scene *s, char **printed)
{
    struct buf b = {0};
    char part[4096];
    ssize_t n;
    int status = -1;
    while ((n = read(s->out, part, sizeof part)) > 0)
        buf_add(&b, part, (size_t)n);
    close(s->out);
    assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
    if (printed)
        *printed = b.data ? b.data : xstrdup("");
    else
        buf_fini(&b);
    return status;
}

struct recorder_thread *seen_thread(const struct memory *m, uint32_t number)
{
    for (uint32_t i = 0; i < m->r->nthreads; i++)
        if (m->r->threads[i].number == number && m->r->threads[i].life >= LIFE_ALIVE)
            return &m->r->threads[i];
    fail_msg("no thread with number %u", number);
    return NULL;
}

/* Without a TIME right before it, an event is later than the TIME before and earlier than the next
 * one. */
static void bounds(struct seen *all, unsigned n, const unsigned char *stamped)
{
    uint64_t next = ~0ull;
    for (unsigned i = n; i-- > 0;) {
        all[i].to = stamped[i] ? all[i].from : next;
        if (stamped[i])
            next = all[i].from;
    }
}

struct seen *seen_read(const struct memory *m, uint32_t number, unsigned *n)
{
    const struct recorder_thread *t = seen_thread(m, number);
    const struct recorder_entry *ring = recorder_ring(m->r, (uint32_t)(t - m->r->threads));
    uint64_t size = m->r->ring, from = t->head > size ? t->head - size : 0, time = 0;
    if (from < t->first)
        from = t->first;
    struct seen *all = xcalloc(t->head - from + 1, sizeof *all);
    unsigned char *stamped = xcalloc(t->head - from + 1, 1);
    unsigned char fresh = 0;
    *n = 0;
    for (uint64_t i = from; i < t->head; i++) {
        struct recorder_entry e = ring[i & (size - 1)];
        unsigned kind = REC_KIND(e.what);
        if (kind == REC_TIME) {
            assert_true(e.more >= time); /* time does not run backwards */
            time = e.more;
            fresh = 1;
        } else if (kind == REC_MORE) {
            all[*n - (*n > 0)].more = e.more;
        } else {
            unsigned k = kind == REC_WAIT ? REC_ARG(e.what) : kind;
            stamped[*n] = fresh;
            all[(*n)++] = (struct seen){.kind = k,
                                        .arg = REC_ARG(e.what),
                                        .extra = REC_EXTRA(e.more),
                                        .wait = kind == REC_WAIT,
                                        .addr = e.what & REC_ADDRESS,
                                        .pc = e.more & REC_ADDRESS,
                                        .from = time};
            fresh = 0;
        }
    }
    bounds(all, *n, stamped);
    free(stamped);
    return all;
}

const struct seen *seen_next(const struct seen *all, unsigned n, unsigned *i, unsigned kind)
{
    while (*i < n)
        if (all[(*i)++].kind == kind && !all[*i - 1].wait)
            return &all[*i - 1];
    return NULL;
}

unsigned seen_count(const struct seen *all, unsigned n, unsigned kind, uint64_t addr)
{
    unsigned count = 0;
    for (unsigned i = 0; i < n; i++)
        count += all[i].kind == kind && !all[i].wait && (!addr || all[i].addr == addr);
    return count;
}

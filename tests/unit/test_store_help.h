/* What the tests of the store share: a folder of their own, a clock that is told. */
#ifndef LOCKSTEP_TEST_STORE_HELP_H
#define LOCKSTEP_TEST_STORE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "store.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* assert_int_equal for a result, showing the message when it is another. */
#define assert_rc(call, wanted)                                                                    \
    do {                                                                                           \
        int rc_ = (call);                                                                          \
        if (rc_ != (wanted))                                                                       \
            print_error("%s: %s\n", #call, error.message);                                         \
        assert_int_equal(rc_, (wanted));                                                           \
    } while (0)
#define assert_ok(call) assert_rc(call, 0)

struct fixture {
    char folder[64];
    char path[128];
    int64_t now_ms;
    struct store_options options;
    struct store *s;
};

static struct err error;

static inline int64_t told_clock(void *clock)
{
    return ((struct fixture *)clock)->now_ms++;
}

static inline int set_up(void **state)
{
    struct fixture *f = xcalloc(1, sizeof *f);
    strcpy(f->folder, "/tmp/lockstep-store-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    snprintf(f->path, sizeof f->path, "%s/lockstep.db", f->folder);
    f->now_ms = 1800000000000;
    f->options =
        (struct store_options){.path = f->path, .login = "anna", .now_ms = told_clock, .clock = f};
    *state = f;
    return 0;
}

static inline void remove_folder(const char *folder)
{
    char *command = xasprintf("chmod -R u+rwx '%s'; rm -rf '%s'", folder, folder);
    if (system(command) != 0)
        print_error("cannot remove %s\n", folder);
    free(command);
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    remove_folder(f->folder);
    free(f);
    return 0;
}

static inline int set_up_open(void **state)
{
    if (set_up(state) != 0)
        return -1;
    struct fixture *f = *state;
    return store_open(&f->s, &f->options, &error);
}

/* Close and open again. */
static inline void reopen(struct fixture *f)
{
    store_close(f->s);
    f->s = NULL;
    assert_ok(store_open(&f->s, &f->options, &error));
}

/* How many files of the folder have `part` in their name; the last one's path goes to *found. */
static inline int count_files(struct fixture *f, const char *part, char found[512])
{
    DIR *d = opendir(f->folder);
    int n = 0;
    assert_non_null(d);
    for (struct dirent *entry; (entry = readdir(d));)
        if (strstr(entry->d_name, part)) {
            n++;
            if (found)
                snprintf(found, 512, "%s/%s", f->folder, entry->d_name);
        }
    closedir(d);
    return n;
}

static inline char *read_bytes(const char *path, size_t *n)
{
    struct buf b = {0};
    char chunk[4096];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t k; (k = fread(chunk, 1, sizeof chunk, file)) > 0;)
        buf_add(&b, chunk, k);
    fclose(file);
    *n = b.len;
    return b.data;
}

static inline void write_bytes(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

#endif

/* Opening anything as the store: the input is the file itself, or, when its first byte is odd, a
 * list of changes to a good one (place in two bytes, new byte). What comes is an error with words,
 * or a store that can be read, and written when it says so; and no byte of a file taken for damaged
 * is lost. */
#include "store.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[] = "/tmp/lockstep-fuzz-XXXXXX";

static void expect(int true)
{
    if (!true)
        abort();
}

/* Empty the folder; 1 when a file of that size and of the damaged ones was in it. */
static int clean(size_t size)
{
    int found = 0;
    DIR *d = opendir(folder);
    expect(d != NULL);
    for (struct dirent *entry; (entry = readdir(d));) {
        struct stat st;
        char *path = xasprintf("%s/%s", folder, entry->d_name);
        if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
            found |= strstr(path, ".damaged-") && (size_t)st.st_size == size;
            unlink(path);
        }
        free(path);
    }
    closedir(d);
    return found;
}

static void leave(void)
{
    clean(0);
    rmdir(folder);
}

static void use(struct store *s)
{
    struct err e = {0};
    struct buf out = {0};
    struct store_lesson *row;
    int rc = store_export_json(s, STORE_ALL_LEARNERS, &out, &e);
    expect(rc == 0 || *e.message);
    buf_fini(&out);
    store_place_last(s, &row, &e);
    free(row);
    if (store_mode(s) != STORE_WRITABLE)
        return;
    rc = store_place_save(s, "a", 1, NULL, &e);
    expect(rc == 0 || *e.message);
    if (rc == 0) {
        expect(store_place_last(s, &row, &e) == 1);
        free(row);
    }
}

/* The bytes of a store with something in every table. */
static const struct buf *good_store(const char *path)
{
    static struct buf good;
    struct store_attempt a = {.lesson = "a", .challenge = "c", .tried = "int x;\n"};
    struct store_recording r = {.name = "r", .token = "ls1:x"};
    struct store_bookmark b = {.lesson = "a", .token = "ls1:x", .step = 3};
    struct store *s;
    char bytes[4096];
    if (good.data)
        return &good;
    expect(store_open(&s, &(struct store_options){.path = path, .login = "anna"}, NULL) == 0);
    expect(store_place_save(s, "a", 2, "ls1:x 4", NULL) == 0);
    expect(store_answer_save(s, "a", "q", "1", 0, NULL) == 0);
    expect(store_attempt_save(s, &a, NULL) == 0 && store_recording_save(s, &r, NULL) == 0);
    expect(store_bookmark_save(s, &b, NULL, NULL) == 0);
    expect(store_setting_set(s, "theme", "dark", NULL) == 0);
    store_close(s);
    FILE *f = fopen(path, "rb");
    expect(f != NULL);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, f)) > 0;)
        buf_add(&good, bytes, n);
    fclose(f);
    return &good;
}

/* The file to open: its size comes back. */
static size_t put_file(const char *path, const uint8_t *data, size_t size)
{
    struct buf file = {0};
    const struct buf *good = good_store(path);
    if (size && data[0] % 2) {
        buf_add(&file, good->data, good->len);
        for (size_t i = 1; i + 2 < size; i += 3)
            file.data[(data[i] | (size_t)data[i + 1] << 8) % file.len] = (char)data[i + 2];
    } else {
        buf_add(&file, data, size);
    }
    FILE *f = fopen(path, "wb");
    size_t put = f ? fwrite(file.data, 1, file.len, f) : 0;
    int closed = f && fclose(f) == 0;
    expect(closed && put == file.len);
    size_t written = file.len;
    buf_fini(&file);
    return written;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char *path;
    if (!path) {
        expect(mkdtemp(folder) != NULL);
        atexit(leave);
        path = xasprintf("%s/lockstep.db", folder);
    }
    size = put_file(path, data, size);
    struct err e = {0};
    struct store *s;
    int rc = store_open(&s, &(struct store_options){.path = path, .login = "anna"}, &e);
    int aside = rc == 0 && strstr(store_notice(s), "damaged") != NULL;
    expect(rc == 0 ? s != NULL : s == NULL && *e.message);
    if (s)
        use(s);
    store_close(s);
    expect(clean(size) == aside);
    return 0;
}

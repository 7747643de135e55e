/* Opening anything as the store: an error with words, or a store that can be read, and written when
 * it says so; and no byte of a file that was taken for damaged is lost. */
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char *path;
    if (!path) {
        expect(mkdtemp(folder) != NULL);
        atexit(leave);
        path = xasprintf("%s/lockstep.db", folder);
    }
    FILE *f = fopen(path, "wb");
    expect(f && fwrite(data, 1, size, f) == size && fclose(f) == 0);
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

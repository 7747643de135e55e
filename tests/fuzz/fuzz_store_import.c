/* Import of anything: refused with words and nothing changed, or taken; what was taken can be
 * exported, and importing that changes nothing more. */
#include "store.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *export(struct store *s)
{
    struct buf out = {0};
    if (store_export_json(s, STORE_ALL_LEARNERS, &out, NULL) != 0)
        abort();
    return out.data;
}

static void expect(int true)
{
    if (!true)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct store *s;
    struct err e = {0};
    struct store_imported done;
    if (store_open_memory(&s, &(struct store_options){.login = "anna"}, &e) != 0)
        abort();
    char *before = export(s);
    int rc = store_import_json(s, (const char *)data, size, &done, &e);
    char *after = export(s);
    if (rc != 0) {
        expect(rc == -ERR_DATA && e.code == ERR_DATA && *e.message && strcmp(before, after) == 0);
    } else {
        struct store_imported again;
        expect(store_import_json(s, after, strlen(after), &again, &e) == 0 && again.changed == 0);
        char *still = export(s);
        expect(strcmp(after, still) == 0);
        free(still);
    }
    free(before);
    free(after);
    store_close(s);
    return 0;
}

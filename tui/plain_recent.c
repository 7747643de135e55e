/* Plain mode: the programs of one's own that were opened last, the same list as on the screen. */
#include "plain_lesson.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 20 };
static const char setting[] = "programs.recent"; /* paths, a line each, the last one first */

/* The i-th path, from 0, and its length; NULL past the end. */
static const char *path_at(const char *list, int i, size_t *n)
{
    for (;; i--) {
        list += strspn(list, "\n");
        *n = strcspn(list, "\n");
        if (!*list || i == 0)
            return *list ? list : NULL;
        list += *n;
    }
}

static char *read_list(struct store *s)
{
    char *list = NULL;
    return store_setting_get(s, setting, &list, NULL) > 0 ? list : xstrdup("");
}

void plain_recent_note(struct store *s, const char *file)
{
    char *path = realpath(file, NULL), *list = read_list(s);
    struct buf text = {0};
    struct err e = {0};
    size_t n;
    const char *p;
    if (path && !strchr(path, '\n')) {
        buf_puts(&text, path);
        for (int i = 0; i < MOST - 1 && (p = path_at(list, i, &n)); i++)
            if (strlen(path) != n || strncmp(path, p, n) != 0)
                buf_printf(&text, "\n%.*s", (int)n, p);
        reading_saved(store_setting_set(s, setting, text.data, &e), &e);
    }
    buf_fini(&text);
    free(list);
    free(path);
}

int plain_recent_say(struct store *s)
{
    char *list = read_list(s);
    size_t n;
    const char *p;
    int i = 0;
    for (; (p = path_at(list, i, &n)); i++)
        printf("  %d. %.*s\n", i + 1, (int)n, p);
    free(list);
    return i;
}

char *plain_recent_at(struct store *s, long number)
{
    char *list = read_list(s), *path = NULL;
    size_t n;
    const char *p = number >= 1 && number <= MOST ? path_at(list, (int)number - 1, &n) : NULL;
    if (p)
        path = xasprintf("%.*s", (int)n, p);
    free(list);
    return path;
}

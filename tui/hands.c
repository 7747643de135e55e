#include "hands.h"

#include "canvas.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int hands_all(const struct hands *h)
{
    int n = 0;
    for (int i = 0; i < MAX_HANDS; i++)
        n += h->count[i];
    return n;
}

int hands_most(const struct hands *h)
{
    int most = 0;
    for (int i = 0; i < MAX_HANDS; i++)
        most = h->count[i] > most ? h->count[i] : most;
    return most;
}

/* The name of the setting up to the date. To be freed. */
static char *key_of(const struct slide *s)
{
    const char *ask = s->question->ask.text;
    if (s->lesson)
        return xasprintf("hands %s %s ", s->lesson->id, s->question->id);
    return xasprintf("hands %.*s ", (int)utf8_fit(ask, strlen(ask), 40), ask);
}

int hands_save(struct store *store, const struct slide *s, struct hands *h, struct err *e)
{
    struct buf value = {0};
    time_t now = time(NULL);
    struct tm local;
    if (!h->when[0] && localtime_r(&now, &local))
        strftime(h->when, sizeof h->when, "%Y-%m-%d %H:%M", &local);
    if (!store)
        return 0;
    char *begin = key_of(s), *key = xasprintf("%s%s", begin, h->when);
    for (size_t i = 0; i < s->question->nchoices; i++)
        buf_printf(&value, "%s%d", i ? " " : "", h->count[i]);
    int rc = store_setting_set(store, key, value.data, e);
    buf_fini(&value);
    free(begin);
    free(key);
    return rc;
}

void hands_before(struct store *store, const struct slide *s, const struct hands *h,
                  struct buf *out)
{
    struct store_setting *list = NULL;
    if (!store || s->kind != SLIDE_QUESTION)
        return;
    char *key = key_of(s);
    size_t length = strlen(key);
    int n = store_settings(store, &list, NULL);
    for (int i = n - 1; i >= 0; i--) /* by key, so by date */
        if (!strncmp(list[i].key, key, length) && strcmp(list[i].key + length, h->when) != 0)
            buf_printf(out, "%s: %s\n", list[i].key + length, list[i].value);
    free(list);
    free(key);
}

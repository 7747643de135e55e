#include "locked.h"

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void locked_init(struct locked *l, struct store *store)
{
    time_t seconds = time(NULL);
    struct tm tm;
    memset(l, 0, sizeof *l);
    if (localtime_r(&seconds, &tm))
        strftime(l->today, sizeof l->today, "%Y-%m-%d", &tm);
    locks_read(&l->locks, "/etc/lockstep/locks");
    const char *config = config_path(), *slash = strrchr(config, '/');
    if (slash) {
        char *path = xasprintf("%.*s/locks", (int)(slash - config), config);
        locks_read(&l->locks, path);
        free(path);
    }
    l->nlessons = store && l->locks.n ? store_lessons(store, &l->lessons, NULL) : 0;
}

void locked_fini(struct locked *l)
{
    locks_fini(&l->locks);
    free(l->lessons);
}

static int is_done(void *ctx, const char *id)
{
    const struct locked *l = ctx;
    for (int i = 0; i < l->nlessons; i++)
        if (!strcmp(l->lessons[i].lesson, id))
            return l->lessons[i].status == STORE_DONE;
    return 0;
}

const struct lock *locked_by(const struct locked *l, const struct lesson *lesson)
{
    struct locked *ctx = (struct locked *)(uintptr_t)l;
    return locks_find(&l->locks, lesson->id, lesson->unit, l->today, is_done, ctx);
}

int locked_why(struct store *store, const struct lesson *lesson, struct buf *why)
{
    struct locked l;
    locked_init(&l, store);
    const struct lock *by = locked_by(&l, lesson);
    if (by)
        locks_say(by, why);
    locked_fini(&l);
    return by != NULL;
}

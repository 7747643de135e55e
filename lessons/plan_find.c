/* Where plans are. */
#include "plan.h"

#include "program.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct found {
    char **paths;
    size_t n;
};

static int by_path(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int is_plan(const char *name)
{
    size_t n = strlen(name);
    return n > 5 && name[0] != '.' && !strcmp(name + n - 5, ".plan");
}

static void look_into(struct found *f, const char *dir)
{
    size_t first = f->n;
    DIR *d = opendir(dir);
    if (!d)
        return;
    for (struct dirent *ent; (ent = readdir(d));) {
        if (!is_plan(ent->d_name))
            continue;
        f->paths = xrealloc(f->paths, f->n + 1, sizeof *f->paths);
        f->paths[f->n++] = xasprintf("%s/%s", dir, ent->d_name);
    }
    closedir(d);
    if (f->n > first)
        qsort(f->paths + first, f->n - first, sizeof *f->paths, by_path);
}

size_t plans_list(char ***out)
{
    struct found f = {0};
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    const char *lessons = path_lessons();
    char *own = NULL, *shipped = NULL;
    if (config && config[0] == '/')
        own = xasprintf("%s/lockstep/plans", config);
    else if (home && *home)
        own = xasprintf("%s/.config/lockstep/plans", home);
    if (lessons)
        shipped = xasprintf("%s/plans", lessons);
    if (own)
        look_into(&f, own);
    if (shipped)
        look_into(&f, shipped);
    free(own);
    free(shipped);
    *out = f.paths;
    return f.n;
}

void plans_free(char **paths, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(paths[i]);
    free(paths);
}

char *plan_find(const char *name)
{
    char **paths, *found = NULL;
    size_t length = strlen(name);
    if (access(name, F_OK) == 0)
        return xstrdup(name);
    size_t n = plans_list(&paths);
    for (size_t i = 0; i < n && !found; i++) {
        const char *base = strrchr(paths[i], '/') + 1;
        if (!strncmp(base, name, length) &&
            (!strcmp(base + length, "") || !strcmp(base + length, ".plan")))
            found = xstrdup(paths[i]);
    }
    plans_free(paths, n);
    return found;
}

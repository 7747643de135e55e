#include "path_edit.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_CHOICES = 24 };

char *path_typed(const char *text)
{
    const char *home = getenv("HOME");
    if (text[0] == '~' && (!text[1] || text[1] == '/') && home)
        return xasprintf("%s%s", home, text + 1);
    return xstrdup(text);
}

struct found_names {
    const char *begin; /* what was typed of the name */
    char common[256];
    int n;
};

static void take_name(struct found_names *f, const char *name, struct buf *choices)
{
    size_t n = strlen(f->begin), same = 0;
    if (strncmp(name, f->begin, n) != 0 || (*name == '.' && *f->begin != '.') ||
        strlen(name) >= sizeof f->common)
        return;
    if (f->n++ == 0)
        memcpy(f->common, name, strlen(name) + 1);
    while (f->common[same] && f->common[same] == name[same])
        same++;
    while (same && ((unsigned char)f->common[same] & 0xc0) == 0x80)
        same--; /* not within a character */
    f->common[same] = 0;
    if (f->n <= MOST_CHOICES)
        buf_printf(choices, "%s%s", f->n > 1 ? "  " : "", name);
    else if (f->n == MOST_CHOICES + 1)
        buf_puts(choices, "  …");
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void append(struct line_edit *l, const char *s)
{
    for (; *s && l->n + 1 < sizeof l->text; s++)
        l->text[l->n++] = *s;
    l->text[l->n] = 0;
}

static int is_folder(const char *text)
{
    struct stat st;
    char *path = path_typed(text);
    int is = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    free(path);
    return is;
}

int path_complete(struct line_edit *l, struct buf *choices)
{
    const char *slash = strrchr(l->text, '/');
    char *typed = xasprintf("%.*s", slash ? (int)(slash - l->text) + 1 : 0, l->text);
    char *folder = path_typed(slash ? typed : ".");
    struct found_names found = {.begin = slash ? slash + 1 : l->text};
    struct dirent **list = NULL;
    int n = scandir(folder, &list, NULL, by_name);
    for (int i = 0; i < n; i++) {
        if (strcmp(list[i]->d_name, ".") != 0 && strcmp(list[i]->d_name, "..") != 0)
            take_name(&found, list[i]->d_name, choices);
        free(list[i]);
    }
    free(list);
    free(folder);
    free(typed);
    if (!found.n)
        return 0;
    append(l, found.common + strlen(found.begin));
    if (found.n == 1 && is_folder(l->text) && l->text[l->n - 1] != '/')
        append(l, "/");
    return found.n;
}

#include "notes.h"

#include "arena.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- libraries ---- */
/* The probe lists them a line each, '!' before one that makes threads. */
static void note_libraries(const char *list, struct buf *out)
{
    struct buf names = {0}, threads = {0};
    for (size_t n; *list; list += n + (list[n] == '\n')) {
        n = strcspn(list, "\n");
        struct buf *to = *list == '!' ? &threads : &names;
        buf_printf(to, "%s%.*s", to->len ? ", " : "", (int)n - 1, list + 1);
    }
    if (names.len)
        buf_printf(out,
                   "not compiled for lockstep: %s; a call there is a part of the step before it, "
                   "and what it touches is not seen\n",
                   names.data);
    if (threads.len)
        buf_printf(out,
                   "not compiled for lockstep, but makes threads: %s; of these only the calls of "
                   "the C library are steps\n",
                   threads.data);
    buf_fini(&names);
    buf_fini(&threads);
}

/* ---- files of the program itself ---- */
struct files {
    unsigned all, plain, optimised;
    char level[8], first_plain[64], first_optimised[64];
};

/* The last -O of the compiler's own words; NULL for -O0 or none. */
static const char *level_of(const char *producer)
{
    const char *level = NULL;
    for (const char *s = producer; (s = strstr(s, " -O")); s++)
        level = s + 1;
    return level && strncmp(level, "-O0", 3) != 0 ? level : NULL;
}

static void keep_name(char *out, size_t n, const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    size_t len = 0;
    if (path)
        path = slash ? slash + 1 : path;
    for (; path && path[len] && len + 1 < n; len++)
        out[len] = path[len];
    out[len] = '\0';
}

static void look_at(struct files *f, Dwarf_Die *unit)
{
    Dwarf_Attribute attr;
    const char *producer = dwarf_formstring(dwarf_attr(unit, DW_AT_producer, &attr));
    /* assembler has no accesses to instrument; who records no flags cannot be asked */
    if (!producer || !strstr(producer, " -") || strstr(producer, "GNU AS"))
        return;
    f->all++;
    if (!strstr(producer, "-fsanitize=thread")) {
        if (!f->plain++)
            keep_name(f->first_plain, sizeof f->first_plain, dwarf_diename(unit));
        return;
    }
    const char *level = level_of(producer);
    if (!level)
        return;
    if (!f->optimised++) {
        keep_name(f->first_optimised, sizeof f->first_optimised, dwarf_diename(unit));
        size_t n = strcspn(level, " ");
        n = n < sizeof f->level ? n : sizeof f->level - 1;
        memcpy(f->level, level, n);
    }
}

static void look_at_files(struct files *f, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    Dwarf *d = fd < 0 ? NULL : dwarf_begin(fd, DWARF_C_READ);
    Dwarf_Off at = 0, next;
    size_t header;
    while (d && dwarf_nextcu(d, at, &next, &header, NULL, NULL, NULL) == 0) {
        Dwarf_Die unit;
        if (dwarf_offdie(d, at + header, &unit))
            look_at(f, &unit);
        at = next;
    }
    dwarf_end(d);
    if (fd >= 0)
        close(fd);
}

static void note_files(const char *path, struct buf *out)
{
    struct files f = {0};
    look_at_files(&f, path);
    if (f.plain)
        buf_printf(out,
                   "%u of %u source files %s not compiled for lockstep, as %s: what is done there "
                   "is not seen\n",
                   f.plain, f.all, f.plain == 1 ? "was" : "were", f.first_plain);
    if (f.optimised)
        buf_printf(out,
                   "compiled with %s, as %s: the compiler keeps values in registers, joins and "
                   "drops accesses, and those are no steps; -O0 shows them all\n",
                   f.level, f.first_optimised);
}

void notes_of(const char *path, const struct arena *a, struct buf *out)
{
    if (a && *a->libraries)
        note_libraries(a->libraries, out);
    note_files(path, out);
}

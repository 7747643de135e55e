#include <dwarf.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols_internal.h"

#define NO_FILE UINT32_MAX

enum { MAX_LINE = 1 << 20, MAX_SOURCES = 8192 };

/* The name as the compiler got it: without the directory it ran in. */
static const char *without_directory(const char *path, const char *directory)
{
    size_t n = directory ? strlen(directory) : 0;
    while (n > 1 && directory[n - 1] == '/')
        n--;
    if (n == 0 || strncmp(path, directory, n) != 0 || path[n] != '/')
        return path;
    path += n;
    while (*path == '/')
        path++;
    return *path ? path : directory;
}

static int readable(const char *candidate, char *real)
{
    return realpath(candidate, real) != NULL;
}

/* An absolute path if the file is there: as named; a relative directory of the compilation is tried
 * from where we are and from beside the program. */
static const char *resolve(struct symbols *s, const char *joined, const char *given)
{
    char real[PATH_MAX], candidate[PATH_MAX];
    if (readable(joined, real) || (joined[0] != '/' && readable(given, real)))
        return sym_arena_name(&s->arena, real);
    if (joined[0] == '/')
        return joined;
    const char *slash = strrchr(s->path, '/');
    int n = slash ? (int)(slash - s->path) : 1;
    const char *tries[] = {joined, given};
    for (size_t i = 0; i < 2; i++) {
        int len =
            snprintf(candidate, sizeof candidate, "%.*s/%s", n, slash ? s->path : ".", tries[i]);
        if (len > 0 && len < (int)sizeof candidate && readable(candidate, real))
            return sym_arena_name(&s->arena, real);
    }
    return joined;
}

static uint32_t source_index(struct symbols *s, const char *name, const char *directory)
{
    struct line_table *t = &s->lines;
    char joined[PATH_MAX];
    int relative = name[0] != '/' && directory && *directory;
    snprintf(joined, sizeof joined, "%s%s%s", relative ? directory : "", relative ? "/" : "", name);
    for (size_t i = t->nsources; i-- > 0;)
        if (strcmp(t->sources[i].joined, joined) == 0)
            return (uint32_t)i;
    if (t->nsources >= MAX_SOURCES)
        return NO_FILE;
    t->sources = sym_grow(t->sources, t->nsources, &t->cap_sources, sizeof *t->sources);
    struct source *made = &t->sources[t->nsources];
    const char *copy = sym_arena_name(&s->arena, joined);
    *made = (struct source){.joined = copy,
                            .given = sym_arena_name(&s->arena, without_directory(copy, directory))};
    return (uint32_t)t->nsources++;
}

static void mark_code(struct source *f, uint32_t line)
{
    if (line >= MAX_LINE)
        return;
    if (line >= f->nlines) {
        uint32_t n = (line + 512) & ~7u;
        f->has_code = xrealloc(f->has_code, n / 8, 1);
        memset(f->has_code + f->nlines / 8, 0, (n - f->nlines) / 8);
        f->nlines = n;
    }
    f->has_code[line / 8] = (uint8_t)(f->has_code[line / 8] | 1u << line % 8);
}

static void add_row(struct line_table *t, uint64_t addr, uint32_t line, uint32_t file)
{
    t->rows = sym_grow(t->rows, t->nrows, &t->cap_rows, sizeof *t->rows);
    t->rows[t->nrows++] = (struct row){addr, line, file};
}

/* State while the rows of one compilation unit are read. */
struct reader {
    struct symbols *s;
    const char *directory;
    struct {
        const char *name; /* of libdw: the same pointer for the same file of a unit */
        uint32_t file;
    } seen[64];
    uint32_t line, file; /* of the row before, for rows without a line */
};

static uint32_t file_of(struct reader *r, Dwarf_Line *line)
{
    const char *name = dwarf_linesrc(line, NULL, NULL);
    if (!name)
        return NO_FILE;
    size_t slot = ((uintptr_t)name >> 3 ^ (uintptr_t)name >> 9) % 64;
    if (name != r->seen[slot].name) {
        r->seen[slot].name = name;
        r->seen[slot].file = source_index(r->s, name, r->directory);
    }
    return r->seen[slot].file;
}

/* Code the compiler gives line 0 belongs to no line; a reader is served better by the one before.
 */
static void read_row(struct reader *r, Dwarf_Line *line)
{
    struct line_table *t = &r->s->lines;
    Dwarf_Addr addr;
    int number = 0;
    bool end = false, statement = false;
    if (dwarf_lineaddr(line, &addr) != 0 || dwarf_lineendsequence(line, &end) != 0)
        return;
    if (end) {
        add_row(t, addr, 0, NO_FILE);
        r->line = 0;
        return;
    }
    if (!sym_elf_is_code(&r->s->file, addr) || dwarf_lineno(line, &number) != 0)
        return;
    if (number > 0) {
        r->line = (uint32_t)number;
        r->file = file_of(r, line);
    }
    if (r->line == 0 || r->file == NO_FILE)
        return;
    add_row(t, addr, r->line, r->file);
    if (number > 0 && dwarf_linebeginstatement(line, &statement) == 0 && statement)
        mark_code(&t->sources[r->file], r->line);
}

/* The main file of a unit is listed even if no code came from it. */
static void note_unit_file(struct symbols *s, Dwarf_Die *unit, const char *directory)
{
    const char *name = sym_die_name(unit);
    uint32_t i = name && *name ? source_index(s, name, directory) : NO_FILE;
    if (i != NO_FILE)
        s->lines.sources[i].is_unit = 1;
}

void sym_lines_load_unit(struct symbols *s, Dwarf_Die *unit)
{
    Dwarf_Attribute attr;
    Dwarf_Lines *lines;
    size_t n;
    struct reader r = {.s = s, .file = NO_FILE};
    r.directory = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attr));
    note_unit_file(s, unit, r.directory);
    if (dwarf_getsrclines(unit, &lines, &n) != 0)
        return;
    for (size_t i = 0; i < n; i++) {
        Dwarf_Line *line = dwarf_onesrcline(lines, i);
        if (line)
            read_row(&r, line);
    }
}

/* Does row y come before x? By address; the end of one sequence before the beginning of the next.
 */
static int is_before(const struct row *y, const struct row *x)
{
    return y->addr < x->addr || (y->addr == x->addr && y->file == NO_FILE && x->file != NO_FILE);
}

/* A stable merge sort (qsort is not): of several rows at one address the last one read counts. */
static void sort_rows(struct row *rows, size_t n)
{
    struct row *spare = xcalloc(n, sizeof *spare), *from = rows, *to = spare;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t low = 0; low < n; low += 2 * width) {
            size_t mid = low + width < n ? low + width : n;
            size_t high = low + 2 * width < n ? low + 2 * width : n;
            size_t i = low, j = mid, k = low;
            while (i < mid && j < high) {
                to[k++] = is_before(&from[j], &from[i]) ? from[j++] : from[i++];
            }
            while (i < mid)
                to[k++] = from[i++];
            while (j < high)
                to[k++] = from[j++];
        }
        struct row *swap = from;
        from = to;
        to = swap;
    }
    if (from != rows)
        memcpy(rows, from, n * sizeof *rows);
    free(spare);
}

static int is_of_the_system(const char *path)
{
    return strncmp(path, "/usr/include/", 13) == 0 || strncmp(path, "/usr/lib/", 9) == 0;
}

static int is_listed(const struct line_table *t, const char *path)
{
    for (int i = 0; i < t->nfiles; i++)
        if (strcmp(t->files[i], path) == 0)
            return 1;
    return 0;
}

void sym_lines_finish(struct symbols *s)
{
    struct line_table *t = &s->lines;
    sort_rows(t->rows, t->nrows);
    t->files = sym_arena_get(&s->arena, (t->nsources + 1) * sizeof *t->files);
    for (size_t i = 0; i < t->nsources; i++) {
        struct source *f = &t->sources[i];
        f->path = resolve(s, f->joined, f->given);
        if ((f->is_unit || f->has_code) && !is_of_the_system(f->path) && !is_listed(t, f->path))
            t->files[t->nfiles++] = f->path;
    }
}

void sym_lines_fini(struct line_table *t)
{
    for (size_t i = 0; i < t->nsources; i++)
        free(t->sources[i].has_code);
    free(t->sources);
    free(t->rows);
}

const struct row *sym_lines_at(const struct symbols *s, uint64_t link_pc)
{
    const struct row *rows = s->lines.rows;
    size_t low = 0, high = s->lines.nrows;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (rows[mid].addr <= link_pc)
            low = mid + 1;
        else
            high = mid;
    }
    return low && rows[low - 1].file != NO_FILE ? &rows[low - 1] : NULL;
}

int symbols_files(struct symbols *s, const char *const **out)
{
    *out = s->lines.files;
    return s->lines.nfiles;
}

/* How well `file` names a source: 3 exactly, 2 by the end of its path, 0 not at all. */
static int match(const struct source *f, const char *file)
{
    if (strcmp(f->given, file) == 0 || strcmp(f->joined, file) == 0 || strcmp(f->path, file) == 0)
        return 3;
    size_t n = strlen(file), m = strlen(f->path);
    return n && n < m && strcmp(f->path + m - n, file) == 0 && f->path[m - n - 1] == '/' ? 2 : 0;
}

static const struct source *find_source(struct symbols *s, const char *file)
{
    const struct source *best = NULL;
    int quality = 0;
    for (size_t i = 0; file && i < s->lines.nsources; i++) {
        int q = match(&s->lines.sources[i], file);
        if (q > quality) {
            best = &s->lines.sources[i];
            quality = q;
        }
    }
    return best;
}

const char *symbols_file_path(struct symbols *s, const char *file)
{
    const struct source *f = find_source(s, file);
    return f ? f->path : NULL;
}

int symbols_line_has_code(struct symbols *s, const char *file, int line)
{
    const struct source *f = find_source(s, file);
    if (!f || line < 1 || (uint32_t)line >= f->nlines)
        return 0;
    return f->has_code[line / 8] >> line % 8 & 1;
}

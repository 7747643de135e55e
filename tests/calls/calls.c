/* The table of calls, engine/probe/calls.def.
 *
 *     calls --markdown                    print the page docs/calls.md
 *     calls --check PROBE.so NAMES DOC    hold the table to the symbols of the probe, to the
 *                                         functions that must be there, and the page to the table
 *
 * Exit status 0, 1 when something differs (what to do is said, a line for each), 2 on a mistake. */
#include "base.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum what { HEADING, MODELLED, NOTED, PASSES, REFUSED, OPEN };

static struct row {
    const char *name;
    enum what what;
    int family; /* the name is the beginning of many */
    const char *note;
    int exported; /* seen in the probe */
} rows[] = {
#define GROUP(heading)             {heading, HEADING, 0, NULL, 0},
#define CALL(name, what, note)     {#name, what, 0, note, 0},
#define FAMILY(prefix, what, note) {prefix, what, 1, note, 0},
#include "probe/calls.def"
};
enum { NROWS = sizeof rows / sizeof *rows };

static const char *const words[] = {[MODELLED] = "modelled",
                                    [NOTED] = "noted",
                                    [PASSES] = "passes",
                                    [REFUSED] = "refused",
                                    [OPEN] = "open"};

static int failures;

static void differ(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void differ(const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vprintf(format, ap);
    putchar('\n');
    va_end(ap);
    failures++;
}

_Noreturn static void bad(const char *what, const char *why)
{
    fprintf(stderr, "calls: %s: %s\n", what, why);
    exit(2);
}

/* The row of a function; one of its own goes before that of its family. */
static struct row *find(const char *name)
{
    struct row *family = NULL;
    for (struct row *r = rows; r < rows + NROWS; r++) {
        if (r->what == HEADING)
            continue;
        if (!r->family && strcmp(r->name, name) == 0)
            return r;
        if (r->family && !family && strncmp(r->name, name, strlen(r->name)) == 0)
            family = r;
    }
    return family;
}

static const char head[] =
    "# The calls of a program, and what becomes of them\n"
    "\n"
    "Made from `engine/probe/calls.def` by `make calls`; a test holds it to that table, and the\n"
    "table to the functions the probe defines.\n"
    "\n"
    "| word | meaning |\n"
    "|---|---|\n"
    "| modelled | lockstep has its own: steps, waits and results as POSIX and C say |\n"
    "| noted | lockstep sees the call, the library does the work |\n"
    "| passes | the library's own, right under control because it waits for nobody and shares "
    "nothing |\n"
    "| refused | the program is stopped, with a message that names the function |\n"
    "| open | not done yet: the library's own runs, unseen |\n"
    "\n"
    "A function that is not named here is the library's own; what is compiled without the probe "
    "is\n"
    "a single step.\n";

static void count_line(struct buf *b)
{
    int n[OPEN + 1] = {0};
    const char *separator = "";
    for (int i = 0; i < NROWS; i++)
        n[rows[i].what]++;
    buf_printf(b, "\n%d rows: ", NROWS - n[HEADING]);
    for (int w = MODELLED; w <= OPEN; w++)
        if (n[w]) {
            buf_printf(b, "%s%d %s", separator, n[w], words[w]);
            separator = ", ";
        }
    buf_puts(b, ".\n");
}

static void markdown(struct buf *b)
{
    buf_puts(b, head);
    count_line(b);
    for (const struct row *r = rows; r < rows + NROWS; r++)
        if (r->what == HEADING)
            buf_printf(b, "\n## %s\n\n| function | | |\n|---|---|---|\n", r->name);
        else
            buf_printf(b, "| `%s%s` | %s | %s |\n", r->name, r->family ? "…" : "", words[r->what],
                       r->note);
}

static void check_export(const char *name)
{
    struct row *r = find(name);
    if (!r) {
        differ("the probe defines %s, which has no row: add CALL(%s, MODELLED, \"what it does\") "
               "to its group in engine/probe/calls.def (and an internal function needs no EXPORT)",
               name, name);
        return;
    }
    r->exported = 1;
    if (r->what == PASSES || r->what == OPEN)
        differ("the probe defines %s, but its row in engine/probe/calls.def says %s: make it "
               "CALL(%s, MODELLED, \"...\"), or NOTED when the library still does the work",
               name, r->what == OPEN ? "OPEN" : "PASSES", name);
}

static void check_rows(void)
{
    for (struct row *r = rows; r < rows + NROWS; r++) {
        if (r->what == HEADING)
            continue;
        if (!r->family && find(r->name) != r)
            differ("%s has two rows in engine/probe/calls.def: remove one", r->name);
        else if (!r->exported && r->what != PASSES && r->what != OPEN)
            differ("the row of %s in engine/probe/calls.def says %s, but the probe does not "
                   "define it: add EXPORT, or make the row PASSES or OPEN",
                   r->name, words[r->what]);
    }
}

/* Call check_export for each function or object the library defines for others. */
static void read_exports(const char *path)
{
    if (elf_version(EV_CURRENT) == EV_NONE)
        bad("libelf", elf_errmsg(-1));
    int fd = open(path, O_RDONLY | O_CLOEXEC), n = 0;
    Elf *elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
    if (!elf)
        bad(path, fd < 0 ? strerror(errno) : elf_errmsg(-1));
    for (Elf_Scn *s = elf_nextscn(elf, NULL); s; s = elf_nextscn(elf, s)) {
        GElf_Shdr h;
        if (!gelf_getshdr(s, &h) || h.sh_type != SHT_DYNSYM)
            continue;
        Elf_Data *data = elf_getdata(s, NULL);
        GElf_Sym sym;
        for (int i = 0; gelf_getsym(data, i, &sym); i++)
            if (sym.st_shndx != SHN_UNDEF && GELF_ST_BIND(sym.st_info) != STB_LOCAL) {
                check_export(elf_strptr(elf, h.sh_link, sym.st_name));
                n++;
            }
    }
    elf_end(elf);
    close(fd);
    if (!n)
        bad(path, "defines nothing");
}

static char *read_all(const char *path)
{
    struct buf b = {0};
    char chunk[4096];
    size_t n;
    FILE *f = fopen(path, "r");
    if (!f)
        bad(path, strerror(errno));
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        buf_add(&b, chunk, n);
    fclose(f);
    buf_add(&b, "", 0);
    return b.data;
}

static void check_names(const char *path)
{
    char *text = read_all(path), *save = NULL;
    int n = 0;
    for (char *w = strtok_r(text, " \n", &save); w; w = strtok_r(NULL, " \n", &save), n++)
        if (!find(w))
            differ("%s must be modelled or pass, and has no row: add CALL(%s, ..., \"...\") to "
                   "engine/probe/calls.def",
                   w, w);
    free(text);
    if (!n)
        bad(path, "no names");
}

static void check_page(const char *path)
{
    struct buf b = {0};
    char *text = read_all(path);
    markdown(&b);
    if (strcmp(text, b.data) != 0)
        differ("%s is not what engine/probe/calls.def says: run `make calls`", path);
    free(text);
    buf_fini(&b);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--markdown") == 0) {
        struct buf b = {0};
        markdown(&b);
        fputs(b.data, stdout);
        buf_fini(&b);
        return 0;
    }
    if (argc != 5 || strcmp(argv[1], "--check") != 0)
        bad("usage", "calls --markdown | --check PROBE.so NAMES DOC");
    read_exports(argv[2]);
    check_rows();
    check_names(argv[3]);
    check_page(argv[4]);
    return failures ? 1 : 0;
}

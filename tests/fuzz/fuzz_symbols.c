/* Damaged programs: a real one with bytes changed where the headers, the symbol tables and the
 * DWARF are, then everything asked that can be asked. An input is a list of changes: four bytes
 * where (little-endian, taken modulo the interesting part), one byte what; a first byte with its
 * low bit set also cuts the file short. An input that begins like an ELF file is taken as one. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <gelf.h>

#include "symbols.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { MAX_PARTS = 64, ROWS = 64 };

static uint8_t *base;
static size_t nbase;
static struct {
    size_t offset, size;
} parts[MAX_PARTS];
static size_t nparts, nbytes;

static const char program[] =
    "enum e { A, B = 4 };\n"
    "struct s { struct s *next; int a[3]; unsigned b : 3; enum e e; union { char c; float f; }; "
    "};\n"
    "typedef struct s s_t;\n"
    "s_t list[2] = {{list, {1, 2, 3}, 1, B, {0}}};\n"
    "static __thread int local;\n"
    "static const char *words[] = {\"one\", \"two\"};\n"
    "int (*function)(int, char **);\n"
    "static inline __attribute__((always_inline)) int inlined(int x) { int y = x + 1; return y; }\n"
    "static int f(int n, s_t *p) { int v[n]; v[0] = inlined(n); { long t = p->a[0]; v[0] += t; }\n"
    "  return v[0] + local + words[n % 2][0]; }\n"
    "int main(int argc, char **argv) { s_t s = list[0]; function = main; (void)argv;\n"
    "  return f(argc, &s); }\n";

static int run_compiler(const char *dir, const char *flags)
{
    char path[128], command[512];
    snprintf(path, sizeof path, "%s/p.c", dir);
    FILE *f = fopen(path, "w");
    if (!f)
        return -1;
    fputs(program, f);
    fclose(f);
    snprintf(command, sizeof command, "cc %s -o %s/p %s/p.c", flags, dir, dir);
    return system(command);
}

static void read_base(const char *dir)
{
    char path[128];
    snprintf(path, sizeof path, "%s/p", dir);
    FILE *f = fopen(path, "rb");
    if (!f)
        abort();
    base = malloc(1 << 20);
    nbase = base ? fread(base, 1, 1 << 20, f) : 0;
    fclose(f);
}

static void add_part(size_t offset, size_t size)
{
    if (nparts == MAX_PARTS || size == 0 || offset > nbase || size > nbase - offset)
        return;
    parts[nparts].offset = offset;
    parts[nparts++].size = size;
    nbytes += size;
}

static void find_parts(void)
{
    Elf *elf = elf_memory((char *)base, nbase);
    Elf_Scn *scn = NULL;
    size_t names = 0;
    GElf_Ehdr h;
    if (!elf || !gelf_getehdr(elf, &h) || elf_getshdrstrndx(elf, &names) != 0)
        abort();
    add_part(0, 64);
    add_part(h.e_phoff, (size_t)h.e_phnum * h.e_phentsize);
    add_part(h.e_shoff, (size_t)h.e_shnum * h.e_shentsize);
    while ((scn = elf_nextscn(elf, scn))) {
        GElf_Shdr s;
        const char *name = gelf_getshdr(scn, &s) ? elf_strptr(elf, names, s.sh_name) : NULL;
        if (name && (strncmp(name, ".debug_", 7) == 0 || strncmp(name, ".eh_", 4) == 0 ||
                     strcmp(name, ".symtab") == 0))
            add_part(s.sh_offset, s.sh_size);
    }
    elf_end(elf);
}

/* The flags of the sample: LOCKSTEP_FUZZ_CFLAGS, to try other compilers' ways. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    char dir[] = "/tmp/lockstep-fuzz-XXXXXX", command[64];
    const char *flags = getenv("LOCKSTEP_FUZZ_CFLAGS");
    (void)argc;
    (void)argv;
    elf_version(EV_CURRENT);
    if (!mkdtemp(dir) || run_compiler(dir, flags ? flags : "-g -O1") != 0)
        abort();
    read_base(dir);
    find_parts();
    snprintf(command, sizeof command, "rm -r %s", dir);
    return system(command);
}

static void change(uint8_t *file, uint32_t where, uint8_t what)
{
    where = (uint32_t)(where % nbytes);
    for (size_t i = 0; i < nparts; i++) {
        if (where < parts[i].size) {
            file[parts[i].offset + where] = what;
            return;
        }
        where -= (uint32_t)parts[i].size;
    }
}

/* Memory of a target that holds something everywhere but at the bottom. */
static int read_anything(void *ctx, uint64_t addr, void *out, size_t n)
{
    uint8_t *p = out;
    (void)ctx;
    if (addr < 4096)
        return -1;
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)(((addr + i) * 0x9e3779b97f4a7c15) >> 40);
    return 0;
}

static void ask_names(struct symbols *s, uint64_t addr)
{
    const struct names *names = symbols_names(s);
    char out[64];
    struct place p;
    for (uint32_t size = 0; size <= 16; size = size ? size * 2 : 1)
        names->object(names->ctx, addr, size, out, sizeof out);
    names->value(names->ctx, addr, 4, addr, out, sizeof out);
    names->place(names->ctx, addr, &p);
    symbols_line_has_code(s, p.file, p.line);
    if (p.line < 0 || !p.file || !p.function)
        abort();
}

static void ask_frames(struct symbols *s, uint64_t pc)
{
    struct memory m = {NULL, read_anything};
    struct regs r = {.pc = pc, .sp = 0x7ffffff0000, .bp = 0x7ffffff0010};
    struct frame frames[8];
    static struct variable rows[ROWS];
    int n = symbols_frames(s, &r, &m, frames, 8);
    for (int i = 0; i < n && i < 2; i++)
        if (symbols_locals(s, &r, &m, i, rows, ROWS) > ROWS)
            abort();
    symbols_set_frames(s, 1, &r, &m);
    symbols_learn_blocks(s, &m);
    ask_names(s, 0x7ffffff0000);
}

static void ask_all(struct symbols *s, uint64_t bias)
{
    struct memory m = {NULL, read_anything};
    static struct variable rows[ROWS];
    const char *const *files;
    int n = symbols_globals(s, &m, rows, ROWS);
    for (int i = 0; i < n; i++) {
        if (memchr(rows[i].name, 0, sizeof rows[i].name) == NULL ||
            memchr(rows[i].value, 0, sizeof rows[i].value) == NULL)
            abort();
        ask_names(s, rows[i].addr);
    }
    for (int i = 0, k = symbols_files(s, &files); i < k; i++)
        if (!files[i])
            abort();
    for (uint64_t at = 0x1000; at < 0x1300; at += 0x10)
        ask_names(s, bias + at);
    ask_frames(s, bias + 0x1138);
    ask_frames(s, bias + 0x1160);
    ask_frames(s, symbols_address(s, "main") + 9);
    ask_frames(s, symbols_address(s, "f") + 30);
}

static void look(const uint8_t *file, size_t n)
{
    char path[64];
    struct symbols *s;
    struct err e;
    int fd = memfd_create("damaged", MFD_CLOEXEC);
    if (fd < 0 || write(fd, file, n) != (ssize_t)n)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (symbols_open(&s, path, 0x555555554000, &e) == 0) {
        ask_all(s, 0x555555554000);
        symbols_close(s);
    } else if (s || !e.message[0]) {
        abort();
    }
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!base)
        LLVMFuzzerInitialize(NULL, NULL);
    if (size >= 4 && memcmp(data, "\177ELF", 4) == 0) {
        look(data, size);
        return 0;
    }
    uint8_t *file = malloc(nbase + 1);
    if (!file || size == 0) {
        free(file);
        return 0;
    }
    memcpy(file, base, nbase);
    size_t n = nbase;
    for (size_t i = 1; i + 5 <= size && i < 5 * 40; i += 5) {
        uint32_t where;
        memcpy(&where, data + i, 4);
        change(file, where, data[i + 4]);
    }
    if ((data[0] & 7) == 1 && size >= 3)
        n = (size_t)(data[1] | data[2] << 8) % (nbase + 1);
    look(file, n);
    free(file);
    return 0;
}

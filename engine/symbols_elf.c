#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbols_internal.h"

#define MAX_FILE ((off_t)1 << 30)

static int read_all(int fd, char *to, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t got = read(fd, to + done, n - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return -1;
        done += (size_t)got;
    }
    return 0;
}

static int read_file(struct elf_file *f, const char *path, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return err_set(e, ERR_OPEN, "cannot open %s: %s", path, strerror(errno));
    struct stat st;
    int result = 0;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        result = err_set(e, ERR_NOT_A_PROGRAM, "%s is not a regular file: give a program", path);
    } else if (st.st_size > MAX_FILE) {
        result =
            err_set(e, ERR_NOT_A_PROGRAM, "%s is larger than 1 GiB: too large to look into", path);
    } else {
        f->nimage = (size_t)st.st_size;
        f->image = xcalloc(f->nimage + 1, 1);
        if (read_all(fd, f->image, f->nimage) != 0)
            result = err_set(e, ERR_OPEN, "cannot read %s", path);
    }
    close(fd);
    return result;
}

/* Segments as the loader would map them; one with impossible numbers is left out. */
static void load_segments(struct elf_file *f, struct arena *a)
{
    size_t n = 0;
    if (elf_getphdrnum(f->elf, &n) != 0 || n > 4096)
        return;
    f->segments = sym_arena_get(a, n * sizeof *f->segments);
    for (size_t i = 0; i < n; i++) {
        GElf_Phdr p;
        if (!gelf_getphdr(f->elf, (int)i, &p))
            continue;
        if (p.p_type == PT_TLS) {
            f->tls_size = p.p_memsz;
            f->tls_align = p.p_align;
        }
        if (p.p_type != PT_LOAD || p.p_memsz == 0 || p.p_vaddr + p.p_memsz < p.p_vaddr)
            continue;
        struct segment *g = &f->segments[f->nsegments++];
        *g = (struct segment){.low = p.p_vaddr,
                              .high = p.p_vaddr + p.p_memsz,
                              .writable = (p.p_flags & PF_W) != 0,
                              .executable = (p.p_flags & PF_X) != 0};
        if (p.p_offset <= f->nimage && p.p_filesz <= f->nimage - p.p_offset) {
            g->offset = p.p_offset;
            g->nfile = p.p_filesz < p.p_memsz ? p.p_filesz : p.p_memsz;
        }
    }
}

const struct segment *sym_elf_segment(const struct elf_file *f, uint64_t addr)
{
    for (size_t i = 0; i < f->nsegments; i++)
        if (addr >= f->segments[i].low && addr < f->segments[i].high)
            return &f->segments[i];
    return NULL;
}

int sym_elf_is_code(const struct elf_file *f, uint64_t addr)
{
    const struct segment *g = sym_elf_segment(f, addr);
    return g && g->executable;
}

size_t sym_elf_constant(const struct elf_file *f, uint64_t addr, void *out, size_t n)
{
    const struct segment *g = sym_elf_segment(f, addr);
    if (!g || g->writable || addr - g->low >= g->nfile)
        return 0;
    uint64_t left = g->nfile - (addr - g->low);
    if (n > left)
        n = (size_t)left;
    memcpy(out, f->image + g->offset + (addr - g->low), n);
    return n;
}

static int by_low(const void *a, const void *b)
{
    const struct elf_symbol *x = a, *y = b;
    return x->low < y->low ? -1 : x->low > y->low;
}

/* Sorted; a symbol without a size reaches to the next one. */
static void finish_table(struct elf_symbol *table, size_t n)
{
    qsort(table, n, sizeof *table, by_low);
    for (size_t i = 0; i < n; i++)
        if (table[i].high == table[i].low)
            table[i].high = i + 1 < n ? table[i + 1].low : table[i].low + 1;
}

static void add_symbol(struct elf_file *f, struct arena *a, const GElf_Sym *sym, const char *name)
{
    int type = GELF_ST_TYPE(sym->st_info);
    if (sym->st_shndx == SHN_UNDEF || !name || !*name || !sym_elf_segment(f, sym->st_value))
        return;
    uint64_t high = sym->st_value + sym->st_size;
    struct elf_symbol made = {sym->st_value, high < sym->st_value ? sym->st_value : high, NULL};
    if (type == STT_FUNC || type == STT_OBJECT)
        made.name = sym_arena_name(a, name);
    if (type == STT_FUNC)
        f->code[f->ncode++] = made;
    else if (type == STT_OBJECT && sym->st_size > 0)
        f->data[f->ndata++] = made;
}

static void load_symbols(struct elf_file *f, struct arena *a, Elf_Scn *section, const GElf_Shdr *h)
{
    Elf_Data *data = elf_getdata(section, NULL);
    if (!data || !data->d_buf || data->d_type != ELF_T_SYM)
        return;
    size_t n = data->d_size / sizeof(Elf64_Sym);
    f->code = xcalloc(n, sizeof *f->code);
    f->data = xcalloc(n, sizeof *f->data);
    for (size_t i = 0; i < n && i <= INT32_MAX; i++) {
        GElf_Sym sym;
        if (gelf_getsym(data, (int)i, &sym))
            add_symbol(f, a, &sym, elf_strptr(f->elf, h->sh_link, sym.st_name));
    }
    finish_table(f->code, f->ncode);
    finish_table(f->data, f->ndata);
}

/* The full symbol table, or the dynamic one when the program was stripped. */
static void load_sections(struct elf_file *f, struct arena *a)
{
    Elf_Scn *best = NULL, *scn = NULL;
    GElf_Shdr best_header = {0}, h;
    size_t names;
    int have_names = elf_getshdrstrndx(f->elf, &names) == 0;
    while ((scn = elf_nextscn(f->elf, scn))) {
        if (!gelf_getshdr(scn, &h))
            continue;
        if (h.sh_type == SHT_SYMTAB || (h.sh_type == SHT_DYNSYM && !best)) {
            best = scn;
            best_header = h;
        }
        const char *name = have_names ? elf_strptr(f->elf, names, h.sh_name) : NULL;
        if (name && strcmp(name, ".rodata") == 0) {
            f->rodata_low = h.sh_addr;
            f->rodata_high = h.sh_addr + h.sh_size;
        }
    }
    if (best)
        load_symbols(f, a, best, &best_header);
}

static int check_header(struct elf_file *f, const char *path, struct err *e)
{
    GElf_Ehdr h;
    if (!f->elf || elf_kind(f->elf) != ELF_K_ELF || !gelf_getehdr(f->elf, &h))
        return err_set(e, ERR_NOT_A_PROGRAM,
                       "%s is not a program: it is no ELF file. Give C source, or a program built "
                       "with `lockstep cc`",
                       path);
    if (h.e_type != ET_EXEC && h.e_type != ET_DYN)
        return err_set(e, ERR_NOT_A_PROGRAM,
                       "%s is no complete program (an object file?): link it with `lockstep cc`",
                       path);
    f->machine = h.e_machine;
    f->fixed = h.e_type == ET_EXEC;
    f->entry = h.e_entry;
    if (h.e_ident[EI_CLASS] != ELFCLASS64 || !sym_arch_of(f->machine))
        return err_set(e, ERR_NOT_A_PROGRAM,
                       "%s was built for another machine: build it here with `lockstep cc`", path);
    return 0;
}

int sym_elf_file_open(struct elf_file *f, struct arena *a, const char *path, struct err *e)
{
    int r = read_file(f, path, e);
    if (r != 0)
        return r;
    elf_version(EV_CURRENT);
    f->elf = elf_memory(f->image, f->nimage);
    r = check_header(f, path, e);
    if (r != 0)
        return r;
    load_segments(f, a);
    load_sections(f, a);
    for (size_t i = 0; i < f->nsegments; i++)
        if (f->segments[i].executable)
            return 0;
    return err_set(e, ERR_NOT_A_PROGRAM, "%s is damaged: it has no code that could be loaded",
                   path);
}

void sym_elf_file_close(struct elf_file *f)
{
    elf_end(f->elf);
    free(f->image);
    free(f->code);
    free(f->data);
    *f = (struct elf_file){0};
}

const struct elf_symbol *sym_elf_symbol_at(const struct elf_symbol *table, size_t n, uint64_t addr)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (table[mid].low <= addr)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0)
        return NULL;
    const struct elf_symbol *s = &table[low - 1];
    if (addr < s->high)
        return s;
    return low >= 2 && table[low - 2].low == s->low && addr < table[low - 2].high ? s - 1 : NULL;
}

/* Which libraries the program comes with that were not compiled for lockstep: what they do between
 * their calls of the C library is not seen. */
#include "probe.h"

#include <elf.h>
#include <link.h>

/* Those every program has: the C library, the compiler's, ours; what they do is modelled, or of no
 * concern to others. */
static const char *const usual[] = {
    "libc.so",    "libm.so",      "libpthread.so",       "libdl.so",    "librt.so",
    "ld-linux",   "libgcc_s.so",  "libstdc++.so",        "libubsan.so", "linux-vdso",
    "libutil.so", "libresolv.so", "liblockstep-probe.so"};

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_usual(const char *name)
{
    for (unsigned i = 0; i < sizeof usual / sizeof *usual; i++)
        if (strncmp(name, usual[i], strlen(usual[i])) == 0)
            return true;
    return false;
}

/* Does its table of names hold this one? */
static bool names(const struct dl_phdr_info *info, const char *wanted)
{
    const char *strings = NULL;
    uint64_t n = 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type != PT_DYNAMIC)
            continue;
        const ElfW(Dyn) *d = (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
        for (; d->d_tag != DT_NULL; d++) {
            if (d->d_tag == DT_STRTAB)
                strings = (const char *)d->d_un.d_ptr;
            else if (d->d_tag == DT_STRSZ)
                n = d->d_un.d_val;
        }
    }
    return strings && memmem(strings, n, wanted, strlen(wanted));
}

static int look(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    const char *name = base_of(info->dlpi_name);
    if (!*name || is_usual(name) || names(info, "__tsan_func_entry"))
        return 0;
    size_t used = strlen(A->libraries), n = strlen(name);
    bool threads = names(info, "pthread_create") || names(info, "thrd_create");
    if (used + n + 2 >= sizeof A->libraries)
        return 1;
    A->libraries[used++] = threads ? '!' : ' ';
    memcpy(A->libraries + used, name, n);
    A->libraries[used + n] = '\n';
    return 0;
}

void libraries_note(void)
{
    dl_iterate_phdr(look, NULL);
}

/* Finding the real functions: what comes next after this library, but never the probe, which a
 * program built with `lockstep cc` has too and which is for controlled runs. */
#include "inside.h"

#include <assert.h>
#include <dlfcn.h>
#include <link.h>
#include <string.h>

struct real real;

/* Where the probe lies, if it is there at all. */
static uintptr_t probe_low, probe_high;

static int look_for_probe(struct dl_phdr_info *i, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    if (!i->dlpi_name || !strstr(i->dlpi_name, "liblockstep-probe"))
        return 0;
    for (unsigned k = 0; k < i->dlpi_phnum; k++) {
        const ElfW(Phdr) *h = &i->dlpi_phdr[k];
        uintptr_t low = i->dlpi_addr + h->p_vaddr, high = low + h->p_memsz;
        if (h->p_type != PT_LOAD)
            continue;
        probe_low = probe_low && probe_low < low ? probe_low : low;
        probe_high = probe_high > high ? probe_high : high;
    }
    return 1;
}

static bool of_probe(const void *f)
{
    return (uintptr_t)f >= probe_low && (uintptr_t)f < probe_high;
}

static void *in_library(const char *name)
{
    static const char *const libraries[] = {"libc.so.6", "libpthread.so.0", "librt.so.1"};
    void *f = NULL;
    for (unsigned i = 0; i < sizeof libraries / sizeof *libraries && !f; i++) {
        void *l = dlopen(libraries[i], RTLD_LAZY | RTLD_NOLOAD);
        f = l ? dlsym(l, name) : NULL;
        if (l)
            dlclose(l);
    }
    return f;
}

/* Conditions have an older version too, which a search without one may find first. */
static void *find(const char *name)
{
    void *f = NULL;
    if (strncmp(name, "pthread_cond_", 13) == 0)
        f = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
    if (!f)
        f = dlsym(RTLD_NEXT, name);
    return of_probe(f) ? in_library(name) : f;
}

/* In one go, the locks first: what looks a symbol up may itself want one of them. */
void real_find(void)
{
    static const struct {
        const char *name;
        size_t offset;
    } all[] = {
#define REAL(name) {#name, offsetof(struct real, name)},
#include "real.def"
#undef REAL
    };
    dl_iterate_phdr(look_for_probe, NULL);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        void *f = find(all[i].name);
        memcpy((char *)&real + all[i].offset, &f, sizeof f);
    }
}

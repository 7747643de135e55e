/* What a program may do, told by the functions it asks for. */
#include "free.h"

#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

/* Behind these names a clock may ring while all tasks wait: in the program, or in one it starts. */
static const char *const timers[] = {"alarm",          "ualarm",       "setitimer", "timer_create",
                                     "timerfd_create", "setsockopt",   "system",    "popen",
                                     "posix_spawn",    "posix_spawnp", "dlopen",    "syscall",
                                     "execv",          "execve",       "execvp",    "execvpe",
                                     "execl",          "execlp",       "execle",    "fexecve"};

/* And these reach what all the machine shares, so that two runs may meet. */
static const char *const shared[] = {
    "open",    "open64",   "openat",      "openat64",     "creat",    "creat64",  "fopen",
    "fopen64", "freopen",  "mkdir",       "mkfifo",       "mknod",    "link",     "symlink",
    "rename",  "unlink",   "remove",      "bind",         "listen",   "sem_open", "sem_unlink",
    "mq_open", "shm_open", "shmget",      "semget",       "msgget",   "ftok",     "tmpfile",
    "mkstemp", "mkdtemp",  "lockf",       "flock",        "truncate", "chdir",    "system",
    "popen",   "execv",    "execve",      "execvp",       "execvpe",  "execl",    "execlp",
    "execle",  "fexecve",  "posix_spawn", "posix_spawnp", "dlopen"};

/* Libraries that do none of it but where the program asks for it. */
static const char *const plain[] = {"libc.so",     "libpthread.so", "libm.so",
                                    "libgcc_s.so", "librt.so",      "libstdc++.so",
                                    "ld-linux",    "liblockstep-",  "libatomic.so"};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static int is_among(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, names[i]) == 0)
            return 1;
    return 0;
}

static int is_plain(const char *library)
{
    for (size_t i = 0; i < COUNT(plain); i++)
        if (strncmp(library, plain[i], strlen(plain[i])) == 0)
            return 1;
    return 0;
}

static void take_symbols(Elf *elf, Elf_Scn *section, const GElf_Shdr *h, struct free_traits *t)
{
    Elf_Data *data = elf_getdata(section, NULL);
    GElf_Sym s;
    for (int i = 0; data && gelf_getsym(data, i, &s); i++) {
        const char *name = elf_strptr(elf, h->sh_link, s.st_name);
        if (!name || s.st_shndx != SHN_UNDEF)
            continue;
        t->timers |= is_among(name, timers, COUNT(timers));
        t->shares |= is_among(name, shared, COUNT(shared)) || strstr(name, "filebuf") ||
                     strstr(name, "fstream");
    }
}

/* What another library does is not known. */
static void take_needed(Elf *elf, Elf_Scn *section, const GElf_Shdr *h, struct free_traits *t)
{
    Elf_Data *data = elf_getdata(section, NULL);
    GElf_Dyn d;
    for (int i = 0; data && gelf_getdyn(data, i, &d); i++) {
        const char *name = d.d_tag == DT_NEEDED ? elf_strptr(elf, h->sh_link, d.d_un.d_val) : NULL;
        if (name && !is_plain(name))
            t->timers = t->shares = 1;
    }
}

static int take_sections(Elf *elf, struct free_traits *t)
{
    int dynamic = 0;
    GElf_Shdr h;
    for (Elf_Scn *s = NULL; (s = elf_nextscn(elf, s));) {
        if (!gelf_getshdr(s, &h))
            continue;
        if (h.sh_type == SHT_DYNSYM)
            take_symbols(elf, s, &h, t);
        if (h.sh_type == SHT_DYNAMIC)
            take_needed(elf, s, &h, t);
        dynamic |= h.sh_type == SHT_DYNAMIC;
    }
    return dynamic;
}

void free_traits(const char *path, struct free_traits *t)
{
    *t = (struct free_traits){0};
    elf_version(EV_CURRENT);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    Elf *elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
    if (!elf || !take_sections(elf, t)) /* nothing can be told */
        t->timers = t->shares = 1;
    if (elf)
        elf_end(elf);
    if (fd >= 0)
        close(fd);
}

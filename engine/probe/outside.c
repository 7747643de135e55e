/* What a program changes about its process in the kernel, so that the next execution finds it as
 * the first one did: working directory, umask, limits, libraries loaded by hand. */
#include "probe.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <grp.h>
#include <iconv.h>
#include <netdb.h>
#include <pwd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LIMITS 16
#define LOADED 64
#define FOLDER 107 /* the working directory at main */

static mode_t mask_at_main;
static struct rlimit limits_at_main[LIMITS];
static void *loaded[LOADED];
static unsigned nloaded;

/* One step that depends on all of its kind. */
static void outside_step(const char *name, struct here h)
{
    struct op op = op_make(EV_CALL, h);
    op_reach(&op, OBJ_FILES, 0, M_FD);
    step(&op);
    record_text(record_step_event(), name, strlen(name));
    spin_effect(S->cur);
}

EXPORT int chdir(const char *path)
{
    if (controlled)
        outside_step("chdir", HERE), S->moved = true;
    return REAL(chdir)(path);
}

EXPORT int fchdir(int fd)
{
    if (controlled)
        outside_step("fchdir", HERE), S->moved = true;
    return REAL(fchdir)(fd);
}

EXPORT mode_t umask(mode_t mask)
{
    if (controlled)
        S->moved = true;
    return REAL(umask)(mask);
}

EXPORT int setrlimit(__rlimit_resource_t what, const struct rlimit *limit)
{
    if (controlled)
        S->limited = true;
    return REAL(setrlimit)(what, limit);
}

EXPORT int setrlimit64(__rlimit_resource_t what, const struct rlimit64 *limit)
{
    return setrlimit(what, (const struct rlimit *)limit);
}

/* The dynamic linker's own memory is not put back, so its lists must not lie in memory that is. */
EXPORT void *dlopen(const char *path, int flags)
{
    if (!controlled)
        return REAL(dlopen)(path, flags);
    outside_step("dlopen", HERE);
    S->nostep++;
    heap_private = true;
    void *library = REAL(dlopen)(path, flags);
    heap_private = false;
    S->nostep--;
    if (library && nloaded < LOADED)
        loaded[nloaded++] = library;
    return library;
}

EXPORT int dlclose(void *library)
{
    if (!controlled)
        return REAL(dlclose)(library);
    outside_step("dlclose", HERE);
    for (unsigned i = 0; i < nloaded; i++)
        if (loaded[i] == library) {
            loaded[i] = loaded[--nloaded];
            break;
        }
    S->nostep++;
    heap_private = true;
    int result = REAL(dlclose)(library);
    heap_private = false;
    S->nostep--;
    return result;
}

/* ---- calls of the library that load libraries ---- */
/* What they keep must outlive the execution, as the libraries do. */
#define LOADS(result, name, params, args)                                                          \
    EXPORT result name params                                                                      \
    {                                                                                              \
        if (!controlled)                                                                           \
            return REAL(name) args;                                                                \
        bool was = heap_private;                                                                   \
        S->nostep++;                                                                               \
        heap_private = true;                                                                       \
        result r = REAL(name) args;                                                                \
        heap_private = was;                                                                        \
        S->nostep--;                                                                               \
        return r;                                                                                  \
    }
LOADS(struct passwd *, getpwnam, (const char *name), (name))
LOADS(struct passwd *, getpwuid, (uid_t id), (id))
LOADS(struct group *, getgrnam, (const char *name), (name))
LOADS(struct group *, getgrgid, (gid_t id), (id))
LOADS(int, getpwnam_r,
      (const char *name, struct passwd *entry, char *buffer, size_t n, struct passwd **out),
      (name, entry, buffer, n, out))
LOADS(int, getpwuid_r,
      (uid_t id, struct passwd *entry, char *buffer, size_t n, struct passwd **out),
      (id, entry, buffer, n, out))
LOADS(int, getgrnam_r,
      (const char *name, struct group *entry, char *buffer, size_t n, struct group **out),
      (name, entry, buffer, n, out))
LOADS(int, getgrgid_r, (gid_t id, struct group *entry, char *buffer, size_t n, struct group **out),
      (id, entry, buffer, n, out))
LOADS(int, getgrouplist, (const char *user, gid_t group, gid_t *groups, int *n),
      (user, group, groups, n))
LOADS(int, getaddrinfo,
      (const char *restrict node, const char *restrict service,
       const struct addrinfo *restrict hints, struct addrinfo **restrict out),
      (node, service, hints, out))
LOADS(struct hostent *, gethostbyname, (const char *name), (name))
LOADS(struct servent *, getservbyname, (const char *name, const char *protocol), (name, protocol))
LOADS(iconv_t, iconv_open, (const char *to, const char *from), (to, from))
LOADS(int, iconv_close, (iconv_t conversion), (conversion))

/* ---- rights ---- */
/* Given up, they could not be had again for the next execution: it looks as if they were. */
#define RIGHTS(name, params, args)                                                                 \
    EXPORT int name params                                                                         \
    {                                                                                              \
        if (!controlled)                                                                           \
            return REAL(name) args;                                                                \
        outside_step(#name, HERE);                                                                 \
        return 0;                                                                                  \
    }
RIGHTS(setuid, (uid_t id), (id))
RIGHTS(seteuid, (uid_t id), (id))
RIGHTS(setreuid, (uid_t real, uid_t effective), (real, effective))
RIGHTS(setresuid, (uid_t real, uid_t effective, uid_t saved), (real, effective, saved))
RIGHTS(setgid, (gid_t id), (id))
RIGHTS(setegid, (gid_t id), (id))
RIGHTS(setregid, (gid_t real, gid_t effective), (real, effective))
RIGHTS(setresgid, (gid_t real, gid_t effective, gid_t saved), (real, effective, saved))
RIGHTS(setgroups, (size_t n, const gid_t *groups), (n, groups))
RIGHTS(initgroups, (const char *user, gid_t group), (user, group))
RIGHTS(chroot, (const char *path), (path))

void outside_init(void)
{
    mask_at_main = REAL(umask)(0);
    REAL(umask)(mask_at_main);
    for (unsigned i = 0; i < LIMITS; i++)
        getrlimit((__rlimit_resource_t)i, &limits_at_main[i]);
    long fd = syscall(SYS_open, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && fd != FOLDER) {
        syscall(SYS_dup3, fd, FOLDER, O_CLOEXEC);
        syscall(SYS_close, fd);
    }
}

/* Between executions, in the first process. */
void outside_restore(void)
{
    while (nloaded) {
        heap_private = true;
        REAL(dlclose)(loaded[--nloaded]);
        heap_private = false;
    }
    if (S->ntemporary)
        temporaries_remove();
    if (S->moved) {
        S->moved = false;
        REAL(umask)(mask_at_main);
        if (REAL(fchdir)(FOLDER))
            probe_panic("cannot go back to the folder where the program began");
    }
    if (S->limited) {
        S->limited = false;
        for (unsigned i = 0; i < LIMITS; i++)
            syscall(SYS_setrlimit, i, &limits_at_main[i]);
    }
}

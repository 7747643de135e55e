/* What a program changes about its process in the kernel, so that the next execution finds it as
 * the first one did: working directory, umask, limits, libraries loaded by hand. */
#include "probe.h"

#include <dlfcn.h>
#include <fcntl.h>
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

/* Other programs: in place of this one, or beside it. One that can be preloaded into maps the
 * memory again; it goes on as the same process and first thread. */
#include "inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>

extern char **environ;

/* ---- vfork ----
 * The child runs on the parent's stack and in its memory until it has gone: all it does meanwhile
 * goes straight through. It returns twice from the caller's frame, so this cannot be a function
 * that calls it: vfork_begin notes, then the jump goes to the real one. */
void *vfork_begin(uint64_t pc) __attribute__((visibility("hidden"), used));
void *vfork_begin(uint64_t pc)
{
    if (ready()) {
        int keep = errno;
        note_more(EV_FORK, 0, 0, pc, 0, ~0u);
        gate_set(GATE_VFORK);
        errno = keep;
    }
    return (void *)(uintptr_t)real.vfork;
}

__asm__(".pushsection .text\n"
        ".globl vfork\n"
        ".type vfork, @function\n"
        "vfork:\n"
        "    .cfi_startproc\n"
        "    endbr64\n"
        "    mov (%rsp), %rdi\n"
        "    sub $8, %rsp\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    call vfork_begin\n"
        "    add $8, %rsp\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    jmp *%rax\n"
        "    .cfi_endproc\n"
        ".size vfork, . - vfork\n"
        ".popsection\n");

/* ---- exec ---- */
static bool exec_begin(const char *path, uint64_t pc)
{
    if (!ready())
        return false;
    int keep = errno;
    note_more(EV_EXEC, 0, 0, pc, 0, path ? text_add(path) : ~0ull);
    errno = keep;
    return true;
}

static int exec_failed(bool noted, int rc, uint64_t pc)
{
    int error = errno;
    if (noted)
        note_more(EV_EXEC, arg_of(error), 0, pc, 0, ~0ull);
    errno = error;
    return rc;
}

#define EXEC(path, call)                                                                           \
    bool noted = exec_begin(path, HERE);                                                           \
    return exec_failed(noted, call, HERE);

EXPORT int execve(const char *path, char *const argv[],
                  char *const envp[]){EXEC(path, real.execve(path, argv, envp))}

EXPORT int execv(const char *path, char *const argv[]){EXEC(path, real.execve(path, argv, environ))}

EXPORT
    int execvp(const char *file, char *const argv[]){EXEC(file, real.execvpe(file, argv, environ))}

EXPORT int execvpe(const char *file, char *const argv[],
                   char *const envp[]){EXEC(file, real.execvpe(file, argv, envp))}

EXPORT int fexecve(int fd, char *const argv[],
                   char *const envp[]){EXEC(NULL, real.fexecve(fd, argv, envp))}

/* The arguments of execl and its kin, up to the NULL, as an array on the caller's stack; `rest` is
 * done with what follows it. */
#define LISTED(argv, first, rest)                                                                  \
    va_list args;                                                                                  \
    size_t n = 1, i = 0;                                                                           \
    va_start(args, first);                                                                         \
    for (const char *a = first; a; a = va_arg(args, const char *))                                 \
        n++;                                                                                       \
    va_end(args);                                                                                  \
    char **argv = __builtin_alloca(n * sizeof *argv);                                              \
    va_start(args, first);                                                                         \
    for (char *a = (char *)(uintptr_t)first; a; a = va_arg(args, char *))                          \
        argv[i++] = a;                                                                             \
    argv[i] = NULL;                                                                                \
    rest;                                                                                          \
    va_end(args);

EXPORT int execl(const char *path, const char *first,
                 ...){LISTED(argv, first, (void)0) EXEC(path, real.execve(path, argv, environ))}

EXPORT int execlp(const char *file, const char *first,
                  ...){LISTED(argv, first, (void)0) EXEC(file, real.execvpe(file, argv, environ))}

EXPORT int execle(const char *path, const char *first, ...)
{
    char *const *envp;
    LISTED(argv, first, envp = va_arg(args, char *const *))
    EXEC(path, real.execve(path, argv, envp))
}

/* ---- beside it ---- */
static int spawned(const char *path, int rc, const pid_t *pid, uint64_t pc)
{
    int keep = errno;
    uint64_t child = rc ? 0 : (uint64_t)(uint32_t)*pid;
    if (path)
        note_more(EV_FORK, arg_of(rc), 0, pc, 0, 0xffffffffu | child << 32);
    errno = keep;
    return rc;
}

EXPORT int posix_spawn(pid_t *restrict pid, const char *restrict path,
                       const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *restrict attr, char *const argv[restrict],
                       char *const envp[restrict])
{
    if (!ready())
        return real.posix_spawn(pid, path, actions, attr, argv, envp);
    pid_t own = 0, *p = pid ? pid : &own;
    return spawned(path, real.posix_spawn(p, path, actions, attr, argv, envp), p, HERE);
}

EXPORT int posix_spawnp(pid_t *restrict pid, const char *restrict file,
                        const posix_spawn_file_actions_t *actions,
                        const posix_spawnattr_t *restrict attr, char *const argv[restrict],
                        char *const envp[restrict])
{
    if (!ready())
        return real.posix_spawnp(pid, file, actions, attr, argv, envp);
    pid_t own = 0, *p = pid ? pid : &own;
    return spawned(file, real.posix_spawnp(p, file, actions, attr, argv, envp), p, HERE);
}

/* The library waits for the shell itself. */
EXPORT int system(const char *command)
{
    if (!ready())
        return real.system(command);
    struct wait w;
    wait_begin(&w, EV_WAIT, 0xffffffffu, HERE, 0);
    int status = real.system(command), error = errno;
    wait_end(&w);
    note_more(EV_WAIT, status < 0 ? arg_of(error) : 0, 0, HERE, 0,
              status < 0 ? 0 : (uint64_t)(uint32_t)status << 32);
    errno = error;
    return status;
}

#include "compile.h"

#include "inline_note.h"
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { STOP_LOOK_MS = 50 }; /* between two looks whether a build is to be given up */

/* What the compiler is told besides the files. To instrument: a hook before each access that may be
 * shared, lines, frame pointers; calls that copy memory stay calls and come to the probe. The macro
 * that names the sanitiser is not for the program: it shall be the same as without us. */
static const char *const plain[] = {"-g", "-fno-omit-frame-pointer"};
static const char *const levels[] = {"-O0", "-O1", "-O2", "-O3"};
static const char *const instrument[] = {
    "-g",           "-fsanitize=thread",     "-fno-omit-frame-pointer",
    "-fno-builtin", "-U__SANITIZE_THREAD__", "-U_FORTIFY_SOURCE"};
/* clang leaves out the hook of a read right before a write of the same place, which makes
 * counter++ look indivisible, unless told otherwise. */
static const char *const instrument_clang[] = {"-mllvm", "-tsan-instrument-read-before-write=1",
                                               "-grecord-command-line"};
static const char *const link_flags[] = {
    "-Wl,--wrap=memcpy,--wrap=memmove,--wrap=memset,--wrap=memcmp",
    "-Wl,--wrap=strcpy,--wrap=strncpy,--wrap=strcat,--wrap=strlen,--wrap=strcmp", "-Wl,-z,now"};
static const char *const libraries[] = {
    "-nodefaultlibs", "-lgcc", "-Wl,--push-state,--as-needed", "-lgcc_s", "-Wl,--pop-state", "-lc",
    "-lgcc"};

void command_add(struct command *c, const char *arg)
{
    c->argv = xrealloc(c->argv, (size_t)c->n + 2, sizeof *c->argv);
    c->argv[c->n++] = xstrdup(arg);
    c->argv[c->n] = NULL;
}

static void add_all(struct command *c, const char *const *args, size_t n)
{
    for (size_t i = 0; i < n; i++)
        command_add(c, args[i]);
}

void command_fini(struct command *c)
{
    for (int i = 0; i < c->n; i++)
        free(c->argv[i]);
    free(c->argv);
    *c = (struct command){0};
}

static void exec_quietly(char *const *argv, int out)
{
    sigset_t none;
    sigemptyset(&none); /* a thread beside the loop blocks all, a compiler must end when asked to */
    sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(null, 0);
    dup2(out, 1);
    dup2(out, 2);
    execvp(argv[0], argv);
    _exit(127);
}

/* Of the thread that builds: is it to be given up? */
static _Thread_local int (*wanted_stop)(void *ctx);
static _Thread_local void *stop_ctx;

void program_build_until(int (*stop)(void *ctx), void *ctx)
{
    wanted_stop = stop;
    stop_ctx = ctx;
}

/* Wait until the compiler said something or ended. One that is to be given up is told so, with all
 * that it started, and is not asked twice. */
static void await(int fd, pid_t group)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    for (int sig = SIGTERM; poll(&p, 1, STOP_LOOK_MS) == 0;)
        if (wanted_stop(stop_ctx)) {
            kill(-group, sig);
            sig = SIGKILL;
        }
}

/* All it says, until it and what it started have closed their output. */
static void take_words(int fd, pid_t pid, struct buf *said)
{
    char chunk[4096];
    for (;;) {
        if (wanted_stop)
            await(fd, pid);
        ssize_t n = read(fd, chunk, sizeof chunk);
        if (n > 0)
            buf_add(said, chunk, (size_t)n);
        else if (n == 0 || errno != EINTR)
            return;
    }
}

int command_run(const struct command *c, struct buf *said)
{
    int fds[2], status = -1;
    if ((wanted_stop && wanted_stop(stop_ctx)) || pipe2(fds, O_CLOEXEC))
        return -1;
    pid_t pid = fork();
    if (pid == 0) {
        if (wanted_stop)
            setpgid(0, 0);
        exec_quietly(c->argv, fds[1]);
    }
    if (pid > 0 && wanted_stop)
        setpgid(pid, pid); /* whoever of the two is first */
    close(fds[1]);
    if (pid > 0)
        take_words(fds[0], pid, said);
    close(fds[0]);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

/* ---- which compiler ---- */
const char *compile_variable(enum language language)
{
    return language == LANGUAGE_CXX ? "LOCKSTEP_CXX" : "LOCKSTEP_CC";
}

const char *compile_name(enum language language)
{
    const char *given = getenv(compile_variable(language));
    if (given && given[strspn(given, " ")])
        return given;
    return language == LANGUAGE_CXX ? "c++" : "cc";
}

void compile_begin(struct command *c, enum language language)
{
    char *words = xstrdup(compile_name(language)), *rest = NULL;
    for (char *w = strtok_r(words, " ", &rest); w; w = strtok_r(NULL, " ", &rest))
        command_add(c, w);
    free(words);
}

/* The file a command is, links followed: cc is gcc or clang by another name. NULL if not found. */
static char *find_command(const char *name)
{
    if (strchr(name, '/'))
        return realpath(name, NULL);
    const char *path = getenv("PATH");
    for (path = path ? path : "/usr/bin:/bin"; *path;) {
        size_t n = strcspn(path, ":");
        char *file = xasprintf("%.*s/%s", (int)n, path, name);
        char *real = access(file, X_OK) == 0 ? realpath(file, NULL) : NULL;
        free(file);
        if (real)
            return real;
        path += n + (path[n] == ':');
    }
    return NULL;
}

static int says_clang(const struct command *compiler)
{
    struct command c = {0};
    struct buf said = {0};
    for (int i = 0; compiler->argv && compiler->argv[i]; i++)
        command_add(&c, compiler->argv[i]);
    command_add(&c, "--version");
    command_run(&c, &said);
    int clang = said.data && strstr(said.data, "clang") != NULL;
    buf_fini(&said);
    command_fini(&c);
    return clang;
}

/* By its name where that tells, as asking costs a process. */
static int is_clang(enum language language)
{
    struct command c = {0};
    compile_begin(&c, language);
    char *file = c.argv ? find_command(c.argv[c.n - 1]) : NULL;
    const char *base = file ? strrchr(file, '/') : NULL;
    int clang;
    if (base && strstr(base, "clang"))
        clang = 1;
    else if (base && (strstr(base, "gcc") || strstr(base, "g++")))
        clang = 0;
    else
        clang = says_clang(&c);
    free(file);
    command_fini(&c);
    return clang;
}

void compile_plain_flags(struct command *c, int optimise)
{
    add_all(c, plain, COUNT(plain));
    command_add(c, levels[optimise]);
}

void compile_flags(struct command *c, enum language language, int optimise)
{
    command_add(c, levels[optimise]);
    add_all(c, instrument, COUNT(instrument));
    if (is_clang(language))
        add_all(c, instrument_clang, COUNT(instrument_clang));
}

void compile_inline_note(struct command *c, enum language language, const char *dir)
{
    char *path = xasprintf("%s/note.s", dir);
    if (!strchr(dir, ',') && !is_clang(language) && inline_note_write(path) == 0) {
        char *option = xasprintf("-Wa,%s", path);
        command_add(c, option);
        free(option);
    }
    free(path);
}

void compile_include(struct command *c)
{
    if (path_include()) {
        command_add(c, "-idirafter");
        command_add(c, path_include());
    }
}

/* First among the libraries, so that its functions come before those of any other. */
void compile_probe(struct command *c, const char *probe)
{
    char *folder = xstrdup(probe), *slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
    char *rpath = xasprintf("-Wl,-rpath,%s", slash ? folder : ".");
    add_all(c, link_flags, COUNT(link_flags));
    command_add(c, "-Wl,--push-state,--no-as-needed");
    command_add(c, probe);
    command_add(c, "-Wl,--pop-state");
    command_add(c, rpath);
    free(rpath);
    free(folder);
}

void compile_libraries(struct command *c, enum language language)
{
    if (is_clang(language))
        command_add(c, "-fno-sanitize-link-runtime");
    if (language == LANGUAGE_CXX) {
        command_add(c, "-lstdc++");
        command_add(c, "-lm");
    }
    add_all(c, libraries, COUNT(libraries));
}

int compile_language(const char *path)
{
    static const char *const c[] = {".c", ".i"};
    static const char *const cxx[] = {".cc", ".cp", ".cxx", ".cpp", ".c++", ".C", ".CPP", ".ii"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < COUNT(c); i++)
        if (strcmp(dot, c[i]) == 0)
            return LANGUAGE_C;
    for (size_t i = 0; dot && i < COUNT(cxx); i++)
        if (strcmp(dot, cxx[i]) == 0)
            return LANGUAGE_CXX;
    return -1;
}

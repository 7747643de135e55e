#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the compiler is told besides the files: a hook before each access that may be shared,
 * lines, frame pointers; calls that copy memory stay calls and come to the probe. */
static const char *const compile_flags[] = {
    "-g",          "-O0", "-fsanitize=thread", "-fno-omit-frame-pointer", "-U_FORTIFY_SOURCE",
    "-fno-builtin"};
static const char *const link_flags[] = {
    "-Wl,--wrap=memcpy,--wrap=memmove,--wrap=memset,--wrap=memcmp",
    "-Wl,--wrap=strcpy,--wrap=strncpy,--wrap=strcat,--wrap=strlen,--wrap=strcmp", "-Wl,-z,now"};
/* -fsanitize=thread while linking brings in another run-time, unless the default libraries are
 * named by hand. */
static const char *const default_libraries[] = {
    "-nodefaultlibs",     "-lm", "-lpthread", "-lgcc", "-Wl,--as-needed", "-lgcc_s",
    "-Wl,--no-as-needed", "-lc", "-lgcc"};
#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *compiler(void)
{
    const char *cc = getenv("LOCKSTEP_CC");
    return cc && *cc ? cc : "cc";
}

/* ---- a command line being put together ---- */
struct command {
    char **argv; /* NULL-terminated, owned strings */
    int n;
};

static void add(struct command *c, const char *arg)
{
    c->argv = xrealloc(c->argv, (size_t)c->n + 2, sizeof *c->argv);
    c->argv[c->n++] = xstrdup(arg);
    c->argv[c->n] = NULL;
}

static void add_all(struct command *c, const char *const *args, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add(c, args[i]);
}

static void command_fini(struct command *c)
{
    for (int i = 0; i < c->n; i++)
        free(c->argv[i]);
    free(c->argv);
}

static void exec_quietly(char *const *argv, int out)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(null, 0);
    dup2(out, 1);
    dup2(out, 2);
    execvp(argv[0], argv);
    _exit(127);
}

/* Run it with all it says in *said; its wait status, or -1 when it could not be started. */
static int run_command(const struct command *c, struct buf *said)
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC))
        return -1;
    pid_t pid = fork();
    if (pid == 0)
        exec_quietly(c->argv, fds[1]);
    close(fds[1]);
    char chunk[4096];
    ssize_t n;
    while (pid > 0 && ((n = read(fds[0], chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR)))
        if (n > 0)
            buf_add(said, chunk, (size_t)n);
    close(fds[0]);
    int status = -1;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

/* clang leaves out the hook of a read right before a write of the same place, which makes
 * counter++ look indivisible, unless told otherwise. */
static const char *const clang_flags[] = {"-mllvm", "-tsan-instrument-read-before-write=1"};

static int is_clang(void)
{
    struct command c = {0};
    struct buf said = {0};
    if (strstr(compiler(), "gcc"))
        return 0;
    add(&c, compiler());
    add(&c, "--version");
    run_command(&c, &said);
    int clang = said.data && strstr(said.data, "clang") != NULL;
    buf_fini(&said);
    command_fini(&c);
    return clang;
}

static void add_compile_flags(struct command *c)
{
    add_all(c, compile_flags, COUNT(compile_flags));
    if (is_clang())
        add_all(c, clang_flags, COUNT(clang_flags));
}

/* ---- the files given ---- */
static int check_file(const char *path, struct err *e)
{
    struct stat st;
    if (stat(path, &st))
        return err_set(e, ERR_OPEN, "cannot open %s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return err_set(e, ERR_OPEN,
                       "%s is no file; give a C source or a program built with lockstep cc", path);
    if (access(path, R_OK))
        return err_set(e, ERR_OPEN, "cannot read %s: %s", path, strerror(errno));
    if (st.st_size == 0)
        return err_set(e, ERR_COMPILE, "%s is empty: it has no main to run", path);
    return 0;
}

static int is_source(const char *path)
{
    size_t n = strlen(path);
    return n > 2 && (strcmp(path + n - 2, ".c") == 0 || strcmp(path + n - 2, ".o") == 0);
}

/* A binary must be an ELF program linked with the probe. */
static int check_binary(const char *path, struct err *e)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return err_set(e, ERR_OPEN, "cannot open %s: %s", path, strerror(errno));
    static const char wanted[] = "liblockstep-probe.so";
    struct buf all = {0};
    char chunk[65536];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        buf_add(&all, chunk, n);
    fclose(f);
    int elf = all.len > 4 && memcmp(all.data, "\177ELF", 4) == 0;
    int linked = all.len && memmem(all.data, all.len, wanted, sizeof wanted - 1) != NULL;
    buf_fini(&all);
    if (!elf)
        return err_set(e, ERR_NOT_A_PROGRAM, "%s is neither a C source (.c) nor a program", path);
    if (!linked)
        return err_set(e, ERR_NOT_A_PROGRAM,
                       "%s was not built with lockstep cc, so it cannot be stepped; build it with: "
                       "lockstep cc -o PROGRAM FILE.c",
                       path);
    return 0;
}

static uint64_t hash_bytes(uint64_t h, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 1099511628211ull;
    return h;
}

static uint64_t hash_file(uint64_t h, const char *path)
{
    FILE *f = fopen(path, "rb");
    char chunk[8192];
    size_t n;
    while (f && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
        h = hash_bytes(h, chunk, n);
    if (f)
        fclose(f);
    return h;
}

static void hash_program(struct program *p, char *const *files, int nfiles)
{
    uint64_t h = 14695981039346656037ull;
    for (int i = 0; i < nfiles; i++)
        h = hash_file(h, files[i]);
    for (int i = 1; i < p->argc; i++)
        h = hash_bytes(h, p->argv[i], strlen(p->argv[i]) + 1);
    snprintf(p->hash, sizeof p->hash, "%08x", (unsigned)(h ^ h >> 32));
}

/* ---- compiling ---- */
static int make_temp_dir(struct program *p, struct err *e)
{
    const char *tmp = getenv("TMPDIR");
    char *dir = xasprintf("%s/lockstep-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (mkdtemp(dir)) {
        p->temp_dir = dir;
        return 0;
    }
    int rc = err_set(e, ERR_CREATE, "cannot make a folder for the compiler, %s: %s", dir,
                     strerror(errno));
    free(dir);
    return rc;
}

static int failed(const struct program *p, const struct buf *said, int status, struct err *e)
{
    if (status == -1 || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
        return err_set(e, ERR_COMPILER,
                       "no C compiler: cannot run '%s'; install gcc, or name one in LOCKSTEP_CC",
                       compiler());
    return err_set(e, ERR_COMPILE, "%s does not compile:\n%.1900s", p->name,
                   said->data ? said->data : "(the compiler said nothing)");
}

static char *object_name(const struct program *p, int i)
{
    return xasprintf("%s/%d.o", p->temp_dir, i);
}

static int compile_one(const struct program *p, int i, struct buf *said)
{
    struct command c = {0};
    char *object = object_name(p, i);
    add(&c, compiler());
    add_compile_flags(&c);
    if (path_include()) {
        add(&c, "-idirafter");
        add(&c, path_include());
    }
    add(&c, "-c");
    add(&c, "-o");
    add(&c, object);
    add(&c, p->sources[i]);
    int status = run_command(&c, said);
    command_fini(&c);
    free(object);
    return status;
}

static void add_probe(struct command *c, const char *probe)
{
    char *folder = xstrdup(probe), *slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
    char *rpath = xasprintf("-Wl,-rpath,%s", folder);
    add_all(c, link_flags, COUNT(link_flags));
    add(c, probe);
    add(c, rpath);
    free(rpath);
    free(folder);
}

static int link_all(const struct program *p, const char *probe, struct buf *said)
{
    struct command c = {0};
    add(&c, compiler());
    add(&c, "-o");
    add(&c, p->binary);
    for (int i = 0; i < p->nsources; i++) {
        char *object = object_name(p, i);
        add(&c, object);
        free(object);
    }
    add_probe(&c, probe);
    add(&c, "-lpthread");
    add(&c, "-lm");
    int status = run_command(&c, said);
    command_fini(&c);
    return status;
}

static int compile(struct program *p, struct err *e)
{
    const char *probe = path_probe();
    if (!probe)
        return err_set(
            e, ERR_COMPILER,
            "liblockstep-probe.so is missing beside lockstep; install lockstep again, or run make");
    int rc = make_temp_dir(p, e);
    if (rc)
        return rc;
    p->binary = xasprintf("%s/program", p->temp_dir);
    struct buf said = {0};
    int status = 0;
    for (int i = 0; i < p->nsources && status == 0; i++)
        status = compile_one(p, i, &said);
    if (status == 0)
        status = link_all(p, probe, &said);
    if (status)
        rc = failed(p, &said, status, e);
    p->warnings = xstrdup(said.data ? said.data : "");
    buf_fini(&said);
    return rc;
}

static int take_files(struct program *p, char *const *files, int nfiles, struct err *e)
{
    int rc = 0;
    for (int i = 0; i < nfiles && rc == 0; i++)
        rc = check_file(files[i], e);
    if (rc)
        return rc;
    if (nfiles == 1 && !is_source(files[0])) {
        rc = check_binary(files[0], e);
        p->binary = realpath(files[0], NULL);
        p->warnings = xstrdup("");
        return rc;
    }
    p->nsources = nfiles;
    p->sources = xcalloc((size_t)nfiles, sizeof *p->sources);
    for (int i = 0; i < nfiles; i++) {
        if (!is_source(files[i]))
            return err_set(
                e, ERR_NOT_A_PROGRAM,
                "%s is no C source; give .c files, or one program built with lockstep cc",
                files[i]);
        p->sources[i] = realpath(files[i], NULL);
    }
    return compile(p, e);
}

int program_build(struct program **out, char *const *files, int nfiles, char *const *args,
                  int nargs, struct err *e)
{
    *out = NULL;
    if (nfiles < 1)
        return err_set(e, ERR_USAGE, "no program given; name a C file");
    struct program *p = xcalloc(1, sizeof *p);
    const char *slash = strrchr(files[0], '/');
    p->name = xstrdup(slash ? slash + 1 : files[0]);
    p->argc = nargs + 1;
    p->argv = xcalloc((size_t)nargs + 2, sizeof *p->argv);
    p->argv[0] = xstrdup(p->name);
    for (int i = 0; i < nargs; i++)
        p->argv[i + 1] = xstrdup(args[i]);
    int rc = take_files(p, files, nfiles, e);
    if (rc) {
        program_free(p);
        return rc;
    }
    hash_program(p, files, nfiles);
    *out = p;
    return 0;
}

static void free_strings(char **strings, int n)
{
    for (int i = 0; i < n; i++)
        free(strings[i]);
    free(strings);
}

static void remove_temp_dir(const struct program *p)
{
    for (int i = 0; i < p->nsources; i++) {
        char *object = object_name(p, i);
        unlink(object);
        free(object);
    }
    if (p->binary)
        unlink(p->binary);
    rmdir(p->temp_dir);
}

void program_free(struct program *p)
{
    if (!p)
        return;
    if (p->temp_dir)
        remove_temp_dir(p);
    free_strings(p->sources, p->nsources);
    free_strings(p->argv, p->argc);
    free(p->binary);
    free(p->name);
    free(p->stdin_path);
    free(p->temp_dir);
    free(p->warnings);
    free(p);
}

/* ---- lockstep cc ---- */
static int links(int argc, char *const *argv)
{
    static const char *const no_link[] = {"-c",        "-S", "-E",     "-M",           "-MM",
                                          "--version", "-v", "--help", "-fsyntax-only"};
    for (int i = 0; i < argc; i++)
        for (size_t k = 0; k < COUNT(no_link); k++)
            if (strcmp(argv[i], no_link[k]) == 0)
                return 0;
    return argc > 0;
}

int program_cc(int argc, char *const *argv, struct err *e)
{
    const char *probe = path_probe();
    if (!probe)
        return err_set(
            e, ERR_COMPILER,
            "liblockstep-probe.so is missing beside lockstep; install lockstep again, or run make");
    struct command c = {0};
    add(&c, compiler());
    add_compile_flags(&c);
    for (int i = 0; i < argc; i++)
        add(&c, argv[i]);
    if (links(argc, argv)) {
        add_probe(&c, probe);
        add_all(&c, default_libraries, COUNT(default_libraries));
    }
    execvp(c.argv[0], c.argv);
    int rc =
        err_set(e, ERR_COMPILER, "cannot run '%s': %s; install gcc, or name one in LOCKSTEP_CC",
                compiler(), strerror(errno));
    command_fini(&c);
    return rc;
}

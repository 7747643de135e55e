#include "program.h"

#include "arena.h"

#include "compile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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
    return compile_language(path) >= 0 || (n > 2 && strcmp(path + n - 2, ".o") == 0);
}

/* One source in C++ makes it a program in C++. */
static enum language language_of(char *const *sources, int n)
{
    for (int i = 0; i < n; i++)
        if (compile_language(sources[i]) == LANGUAGE_CXX)
            return LANGUAGE_CXX;
    return LANGUAGE_C;
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
    memcpy(p->own_hash, p->hash, sizeof p->own_hash);
}

/* Any program will do that is dynamically linked: what it is linked with says the kernel. */
static int check_elf(const char *path, struct err *e)
{
    char head[5] = "";
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(head, 1, 4, f) : 0;
    if (f)
        fclose(f);
    if (n != 4 || memcmp(head, "\177ELF", 4) != 0)
        return err_set(e, ERR_NOT_A_PROGRAM, "%s is neither a C source (.c) nor a program", path);
    if (access(path, X_OK))
        return err_set(e, ERR_NOT_A_PROGRAM, "%s cannot be run: %s", path, strerror(errno));
    return 0;
}

/* ---- compiling ---- */
/* How it is built: under control, or one of enum program_build. */
struct build {
    int free, noted, optimise;
};

#define TEMP_HEAD "lockstep-program-"

static void remove_files(const char *dir)
{
    DIR *d = opendir(dir);
    struct dirent *f;
    while (d && (f = readdir(d)))
        if (*f->d_name != '.')
            unlinkat(dirfd(d), f->d_name, 0);
    if (d)
        closedir(d);
    rmdir(dir);
}

/* Who uses such a folder holds a lock on it, which the kernel takes back whatever ends the process:
 * what nobody holds is left of a lockstep that was killed. */
static int lock_folder(const char *dir)
{
    struct stat st;
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0 && st.st_nlink > 0 &&
        st.st_uid == geteuid())
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static void sweep(const char *tmp)
{
    DIR *d = opendir(tmp);
    struct dirent *f;
    while (d && (f = readdir(d))) {
        if (strncmp(f->d_name, TEMP_HEAD, sizeof TEMP_HEAD - 1) != 0)
            continue;
        char *dir = xasprintf("%s/%s", tmp, f->d_name);
        int fd = lock_folder(dir);
        if (fd >= 0) {
            remove_files(dir);
            close(fd);
        }
        free(dir);
    }
    if (d)
        closedir(d);
}

static int make_temp_dir(struct program *p, struct err *e)
{
    const char *tmp = getenv("TMPDIR");
    tmp = tmp && *tmp ? tmp : "/tmp";
    sweep(tmp);
    for (int tries = 0; tries < 8; tries++) {
        char *dir = xasprintf("%s/" TEMP_HEAD "XXXXXX", tmp);
        if (!mkdtemp(dir)) {
            int rc = err_set(e, ERR_CREATE, "cannot make a folder for the compiler, %s: %s", dir,
                             strerror(errno));
            free(dir);
            return rc;
        }
        p->temp_lock = lock_folder(dir);
        if (p->temp_lock >= 0 || errno == ENOLCK || errno == EOPNOTSUPP) {
            p->temp_dir = dir;
            return 0;
        }
        free(dir); /* another lockstep came in between and has swept it away */
    }
    return err_set(e, ERR_CREATE, "cannot keep a folder for the compiler in %s", tmp);
}

static int failed(const struct program *p, const struct buf *said, int status, struct err *e)
{
    enum language l = language_of(p->sources, p->nsources);
    if (status == -1 || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
        return err_set(e, ERR_COMPILER,
                       "no %s compiler: cannot run '%s'; install %s, or name one in %s",
                       l == LANGUAGE_CXX ? "C++" : "C", compile_name(l),
                       l == LANGUAGE_CXX ? "g++" : "gcc", compile_variable(l));
    return err_set(e, ERR_COMPILE, "%s does not compile:\n%.1900s", p->name,
                   said->data ? said->data : "(the compiler said nothing)");
}

static char *object_name(const struct program *p, int i)
{
    return xasprintf("%s/%d.o", p->temp_dir, i);
}

static int compile_as(const struct program *p, const struct build *how, int i, int inline_note,
                      struct buf *said)
{
    struct command c = {0};
    char *object = object_name(p, i);
    enum language language =
        compile_language(p->sources[i]) == LANGUAGE_CXX ? LANGUAGE_CXX : LANGUAGE_C;
    compile_begin(&c, language);
    if (how->free && !how->noted)
        compile_plain_flags(&c, how->optimise);
    else
        compile_flags(&c, language, how->optimise);
    if (inline_note)
        compile_inline_note(&c, language, p->temp_dir);
    compile_include(&c);
    command_add(&c, "-c");
    command_add(&c, "-o");
    command_add(&c, object);
    command_add(&c, p->sources[i]);
    int status = command_run(&c, said);
    command_fini(&c);
    free(object);
    return status;
}

/* An assembler that does not understand the inline note is not needed. */
static int compile_one(const struct program *p, const struct build *how, int i, struct buf *said)
{
    struct buf own = {0};
    int status = compile_as(p, how, i, how->noted, &own);
    if (status && how->noted && own.data && strstr(own.data, "note.s")) {
        buf_fini(&own);
        own = (struct buf){0};
        status = compile_as(p, how, i, 0, &own);
    }
    if (own.data)
        buf_add(said, own.data, own.len);
    buf_fini(&own);
    return status;
}

static int link_all(const struct program *p, const char *probe, struct buf *said)
{
    struct command c = {0};
    compile_begin(&c, language_of(p->sources, p->nsources));
    command_add(&c, "-o");
    command_add(&c, p->binary);
    if (probe)
        compile_probe(&c, probe);
    else
        command_add(&c, "-pthread");
    for (int i = 0; i < p->nsources; i++) {
        char *object = object_name(p, i);
        command_add(&c, compile_language(p->sources[i]) < 0 ? p->sources[i] : object);
        free(object);
    }
    command_add(&c, "-lpthread");
    command_add(&c, "-lm");
    int status = command_run(&c, said);
    command_fini(&c);
    return status;
}

/* What it is linked with: the probe, the recorder, or *path NULL. */
static int find_library(const struct build *how, const char **path, struct err *e)
{
    *path = how->free ? path_recorder() : path_probe();
    if (!*path)
        return err_set(
            e, ERR_COMPILER,
            "liblockstep-%s.so is missing beside lockstep; install lockstep again, or run make",
            how->free ? "recorder" : "probe");
    if (how->free && !how->noted)
        *path = NULL; /* it is preloaded */
    return 0;
}

static int compile(struct program *p, const struct build *how, struct err *e)
{
    const char *library;
    int rc = find_library(how, &library, e);
    if (rc == 0)
        rc = make_temp_dir(p, e);
    if (rc)
        return rc;
    p->binary = xasprintf("%s/program", p->temp_dir);
    struct buf said = {0};
    int status = 0;
    for (int i = 0; i < p->nsources && status == 0; i++)
        if (compile_language(p->sources[i]) >= 0)
            status = compile_one(p, how, i, &said);
    if (status == 0)
        status = link_all(p, library, &said);
    if (status)
        rc = failed(p, &said, status, e);
    p->warnings = xstrdup(said.data ? said.data : "");
    buf_fini(&said);
    return rc;
}

static int take_files(struct program *p, char *const *files, int nfiles, const struct build *how,
                      struct err *e)
{
    int rc = 0;
    for (int i = 0; i < nfiles && rc == 0; i++)
        rc = check_file(files[i], e);
    if (rc)
        return rc;
    if (nfiles == 1 && !is_source(files[0])) {
        rc = how->free ? check_elf(files[0], e) : check_binary(files[0], e);
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
    return compile(p, how, e);
}

static int build(struct program **out, char *const *files, int nfiles, char *const *args, int nargs,
                 const struct build *how, struct err *e)
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
    int rc = take_files(p, files, nfiles, how, e);
    if (rc) {
        program_free(p);
        return rc;
    }
    hash_program(p, files, nfiles);
    *out = p;
    return 0;
}

int program_build(struct program **out, char *const *files, int nfiles, char *const *args,
                  int nargs, struct err *e)
{
    return build(out, files, nfiles, args, nargs, &(struct build){0}, e);
}

int program_build_free(struct program **out, char *const *files, int nfiles, char *const *args,
                       int nargs, enum program_build how, int optimise, struct err *e)
{
    struct build b = {1, how == BUILD_NOTED, optimise < 0 ? 0 : optimise > 3 ? 3 : optimise};
    return build(out, files, nfiles, args, nargs, &b, e);
}

static int parse_values(struct program *p, const char *list, struct err *e)
{
    for (const char *s = list; *s;) {
        char *end;
        errno = 0;
        long long v = strtoll(s, &end, 10);
        if (end == s || errno || (*end && *end != ',') || p->nvalues == PROGRAM_VALUES)
            return err_set(e, ERR_USAGE, "--values: '%s' is no list of up to %d numbers, as 0,1,-1",
                           list, PROGRAM_VALUES);
        p->values[p->nvalues++] = v;
        s = end + (*end == ',');
    }
    return p->nvalues ? 0 : err_set(e, ERR_USAGE, "--values: the list is empty");
}

static unsigned adversity_of(const char *word, size_t n)
{
    static const struct {
        const char *word;
        unsigned kinds;
    } words[] = {{"spurious", ADVERSE_SPURIOUS},
                 {"eintr", ADVERSE_EINTR},
                 {"malloc", ADVERSE_MALLOC},
                 {"kill", ADVERSE_KILL},
                 {"all", ADVERSE_SPURIOUS | ADVERSE_EINTR | ADVERSE_MALLOC | ADVERSE_KILL}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == n && memcmp(words[i].word, word, n) == 0)
            return words[i].kinds;
    return 0;
}

/* "spurious,malloc:2" */
static int parse_adversity(struct program *p, const char *list, struct err *e)
{
    const char *s = list;
    p->adverse_max = 1;
    for (;;) {
        size_t n = strcspn(s, ",:");
        unsigned kinds = adversity_of(s, n);
        if (!kinds)
            return err_set(e, ERR_USAGE,
                           "--adversity: '%.*s' is none of spurious, eintr, malloc, kill, all",
                           (int)n, s);
        p->adversity |= kinds;
        s += n;
        if (*s != ',')
            break;
        s++;
    }
    if (*s == '\0')
        return 0;
    char *end;
    unsigned long max = strtoul(s + 1, &end, 10);
    if (end == s + 1 || *end || max < 1 || max > 100)
        return err_set(e, ERR_USAGE, "--adversity: after ':' stands how many events, 1 to 100");
    p->adverse_max = (uint32_t)max;
    return 0;
}

/* Of what it is and how it is run. */
static void hash_conditions(struct program *p)
{
    uint64_t h = hash_bytes(14695981039346656037ull, p->own_hash, sizeof p->own_hash);
    memcpy(p->hash, p->own_hash, sizeof p->hash);
    for (int i = 0; i < p->nvalues; i++)
        h = hash_bytes(h, (const char *)&p->values[i], sizeof p->values[i]);
    if (p->adversity) {
        h = hash_bytes(h, (const char *)&p->adversity, sizeof p->adversity);
        h = hash_bytes(h, (const char *)&p->adverse_max, sizeof p->adverse_max);
    }
    if (p->stdin_path)
        h = hash_file(h, p->stdin_path);
    if (p->nvalues || p->adversity || p->stdin_path)
        snprintf(p->hash, sizeof p->hash, "%08x", (unsigned)(h ^ h >> 32));
}

static int set_adversity(struct program *p, const char *list, struct err *e)
{
    p->adversity = p->adverse_max = 0;
    if (list && parse_adversity(p, list, e))
        return -ERR_USAGE;
    char *copy = list ? xstrdup(list) : NULL;
    free(p->adversity_list);
    p->adversity_list = copy;
    return 0;
}

int program_adversity(struct program *p, const char *list, struct err *e)
{
    int r = set_adversity(p, list, e);
    hash_conditions(p);
    return r;
}

int program_conditions(struct program *p, const struct conditions *c, struct err *e)
{
    p->max_steps = c->max_steps > UINT32_MAX ? UINT32_MAX : (uint32_t)c->max_steps;
    if (c->values && parse_values(p, c->values, e))
        return -ERR_USAGE;
    if (set_adversity(p, c->adversity, e))
        return -ERR_USAGE;
    if (c->input) {
        p->stdin_path = realpath(c->input, NULL);
        if (!p->stdin_path)
            return err_set(e, ERR_OPEN, "cannot open %s, the standard input of the program: %s",
                           c->input, strerror(errno));
    }
    hash_conditions(p);
    return 0;
}

static void free_strings(char **strings, int n)
{
    for (int i = 0; i < n; i++)
        free(strings[i]);
    free(strings);
}

void program_free(struct program *p)
{
    if (!p)
        return;
    if (p->temp_dir)
        remove_files(p->temp_dir);
    if (p->temp_lock > 0)
        close(p->temp_lock);
    free_strings(p->sources, p->nsources);
    free_strings(p->argv, p->argc);
    free(p->binary);
    free(p->name);
    free(p->stdin_path);
    free(p->adversity_list);
    free(p->temp_dir);
    free(p->warnings);
    free(p);
}

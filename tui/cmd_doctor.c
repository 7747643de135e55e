/* lockstep doctor: what works here, and what to do about the rest. One row a check. */
#include "canvas.h"
#include "cmd.h"
#include "language.h"

#include "explore.h"
#include "lesson.h"
#include "store.h"
#include "tui.h"

#include <elf.h>
#include <errno.h>
#include <langinfo.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <termcap.h> /* not term.h: that name is ours */

enum health { HEALTH_OK, HEALTH_WARN, HEALTH_FAIL };
static const char *const health_words[] = {N_("ok"), N_("warn"), N_("fail")};

struct diagnosis {
    enum health health;
    char detail[600];
    const char *advice; /* what to do; "" when all is well */
};

/* advice and format are translated. */
static void found(struct diagnosis *f, enum health h, const char *advice, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static void found(struct diagnosis *f, enum health h, const char *advice, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    vsnprintf(f->detail, sizeof f->detail, _(format), ap);
    va_end(ap);
    f->health = h;
    f->advice = _(advice);
}

/* -------- compiler -------- */

static const char *compiler_name(void)
{
    const char *cc = getenv("LOCKSTEP_CC");
    return cc && *cc ? cc : "cc";
}

static void check_compiler(struct diagnosis *f)
{
    char line[200] = "";
    struct buf command = {0};
    shell_quote(&command, compiler_name());
    buf_puts(&command, " --version 2>/dev/null");
    FILE *p = popen(command.data, "re");
    if (p && !fgets(line, sizeof line, p))
        line[0] = '\0';
    int status = p ? pclose(p) : -1;
    buf_fini(&command);
    line[strcspn(line, "\n")] = '\0';
    if (status == 0 && line[0])
        found(f, HEALTH_OK, "", "%s: %s", compiler_name(), line);
    else
        found(f, HEALTH_FAIL, "install gcc or clang, or set LOCKSTEP_CC to your C compiler",
              "%s cannot be run", compiler_name());
}

static void check_probe(struct diagnosis *f)
{
    const char *path = path_probe();
    if (path)
        found(f, HEALTH_OK, "", "%s", path);
    else
        found(f, HEALTH_FAIL, "run make, or make install", "liblockstep-probe.so was not found");
}

/* What running free needs: its library, a clock that all processors share, more than one of them.
 */
static int clock_is_shared(void)
{
    char name[32] = "";
    FILE *in = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");
    if (in && !fgets(name, sizeof name, in))
        name[0] = '\0';
    if (in)
        fclose(in);
    return strncmp(name, "tsc", 3) == 0 || strncmp(name, "kvm-clock", 9) == 0;
}

static void check_live(struct diagnosis *f)
{
    const char *path = path_recorder();
    cpu_set_t allowed;
    int processors = sched_getaffinity(0, sizeof allowed, &allowed) ? 1 : CPU_COUNT(&allowed);
    if (!path)
        found(f, HEALTH_FAIL, "run make, or make install", "liblockstep-recorder.so was not found");
    else if (processors < 2)
        found(f, HEALTH_WARN, "allow lockstep more than one: see taskset(1)",
              "one processor: nothing runs at the same time as something else");
    else if (!clock_is_shared())
        found(f, HEALTH_WARN, "see /sys/devices/system/clocksource/clocksource0",
              "the kernel does not trust the processors' clock: times of a free run may be wrong");
    else
        found(f, HEALTH_OK, "", "%s, %d processors", path, processors);
}

/* -------- a small program, compiled and searched -------- */

static const char trial_source[] = "#include <pthread.h>\n"
                                   "int shared;\n"
                                   "static void *add(void *arg) {\n"
                                   "    shared++;\n"
                                   "    return arg;\n"
                                   "}\n"
                                   "int main(void) {\n"
                                   "    pthread_t a, b;\n"
                                   "    pthread_create(&a, 0, add, 0);\n"
                                   "    pthread_create(&b, 0, add, 0);\n"
                                   "    pthread_join(a, 0);\n"
                                   "    pthread_join(b, 0);\n"
                                   "    return 0;\n"
                                   "}\n";

static int write_trial(char *path)
{
    int fd = mkstemps(path, 2);
    if (fd < 0)
        return -1;
    ssize_t n = write(fd, trial_source, sizeof trial_source - 1);
    close(fd);
    return n == (ssize_t)sizeof trial_source - 1 ? 0 : -1;
}

static void judge_trial(struct diagnosis *f, const struct explore_result *r)
{
    if (!r->complete || r->nfindings != 1 || r->findings[0].kind != FIND_DATA_RACE)
        found(f, HEALTH_FAIL, "please report this with the output of 'lockstep doctor'",
              "the race of two threads was not found (%zu findings, %s)", r->nfindings,
              r->complete ? C_("a search", "complete") : _("not complete"));
    else
        found(f, HEALTH_OK, "", "a race of two threads was found, all %llu executions covered",
              (unsigned long long)r->executions);
}

static void check_engine(struct diagnosis *f)
{
    const char *tmp = getenv("TMPDIR");
    char *path = xasprintf("%s/lockstep-doctor-XXXXXX.c", tmp && *tmp ? tmp : "/tmp");
    struct program *p = NULL;
    struct explore_options o = {.seconds = 10};
    struct explore_result result = {0};
    struct err e = {0};
    if (write_trial(path) < 0) {
        found(f, HEALTH_FAIL, "set TMPDIR to a folder you can write", "%s: %s", path,
              strerror(errno));
        free(path);
        return;
    }
    char *files[] = {path};
    if (program_build(&p, files, 1, NULL, 0, &e) < 0)
        found(f, HEALTH_FAIL, "mend the compiler first; it must know -fsanitize=thread",
              "a small program cannot be compiled: %.400s", e.message);
    else if (explore_run(p, &o, &result, &e) < 0)
        found(f, HEALTH_FAIL, "see the checks of the kernel above",
              "a small program cannot be run: %.400s", e.message);
    else
        judge_trial(f, &result);
    explore_result_fini(&result);
    if (p)
        program_free(p);
    unlink(path);
    free(path);
}

/* -------- machine -------- */

static void check_machine(struct diagnosis *f)
{
    struct utsname u;
    if (uname(&u) < 0)
        found(f, HEALTH_WARN, "", "uname: %s", strerror(errno));
    else if (strcmp(u.machine, "x86_64") == 0)
        found(f, HEALTH_OK, "", "%s %s, %s", u.sysname, u.release, u.machine);
    else
        found(f, HEALTH_FAIL, "use a machine with an x86-64 processor", "%s is not supported yet",
              u.machine);
}

/* Addresses must be the same in every run; a container may forbid asking for that. */
static void check_aslr(struct diagnosis *f)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        _exit(personality(ADDR_NO_RANDOMIZE) == -1 ? 1 : 0);
    int status = -1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        found(f, HEALTH_OK, "", "address randomisation can be switched off");
    else
        found(f, HEALTH_WARN,
              "in a container: allow the personality system call (docker run "
              "--security-opt seccomp=unconfined)",
              "address randomisation cannot be switched off; a replay may diverge");
}

static void check_fsgsbase(struct diagnosis *f)
{
    enum { HWCAP2_FSGSBASE_BIT = 2 };
    if (getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE_BIT)
        found(f, HEALTH_OK, "", "the FS register is switched without the kernel");
    else
        found(f, HEALTH_WARN, "a kernel from 5.9 on and a processor with FSGSBASE step faster",
              "the FS register must be switched through the kernel");
}

/* -------- terminal -------- */

static void check_terminal(struct diagnosis *f)
{
    const char *term = getenv("TERM");
    struct winsize w = {0};
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) < 0) {
        found(f, HEALTH_WARN, "plain lines are used there", "standard output is no terminal");
        return;
    }
    if (!term || !*term || tgetent(NULL, term) != 1) {
        found(f, HEALTH_WARN, "set TERM to what your terminal is, e.g. xterm-256color",
              "TERM=%s is not known; plain lines are used", term ? term : "");
        return;
    }
    int colours = tgetnum("Co");
    int possible = tui_possible();
    found(f, possible ? HEALTH_OK : HEALTH_WARN, possible ? "" : N_("plain lines are used"),
          possible
              ? N_("%s, %dx%d, %d colours")
              : N_("%s, %dx%d, %d colours; no screens can be drawn (ACCESSIBLE, TERM=dumb, or no "
                   "input terminal)"),
          term, w.ws_col, w.ws_row, colours > 0 ? colours : 0);
}

static void check_charset(struct diagnosis *f)
{
    const char *codeset = nl_langinfo(CODESET);
    if (strcmp(codeset, "UTF-8") == 0)
        found(f, HEALTH_OK, "", "UTF-8");
    else
        found(f, HEALTH_WARN,
              "set LANG to a UTF-8 locale, e.g. C.UTF-8, for lines in place of ASCII", "%s",
              codeset);
}

static void check_language(struct diagnosis *f)
{
    const char *folder = path_locale(), *language = language_now();
    if (!folder)
        found(f, HEALTH_WARN, "run 'make install', or start lockstep from its build folder",
              "the catalogues of texts were not found; all texts are English");
    else
        found(f, HEALTH_OK, "", "%s: %s", folder, *language ? language : "en");
}

/* -------- store and lessons -------- */

static void check_store(struct diagnosis *f)
{
    static const char *const modes[] = {[STORE_WRITABLE] = N_("writable"),
                                        [STORE_READ_ONLY] = N_("read-only"),
                                        [STORE_NEWER] = N_("made by a newer lockstep"),
                                        [STORE_MEMORY] = N_("in memory only")};
    struct store *s = NULL;
    struct err e = {0};
    if (store_open(&s, NULL, &e) < 0) {
        found(f, HEALTH_FAIL, "nothing will be kept until this is mended", "%.500s", e.message);
        return;
    }
    enum store_mode mode = store_mode(s);
    if (store_check(s, &e) < 0)
        found(f, HEALTH_FAIL,
              "export what can be read with 'lockstep progress export', then move "
              "the file away",
              "%s: %.300s", store_file(s), e.message);
    else
        found(f, mode == STORE_WRITABLE && !store_notice(s)[0] ? HEALTH_OK : HEALTH_WARN,
              mode == STORE_WRITABLE ? "" : N_("progress is shown but cannot be saved"),
              "%s: %s, journal %s, learner %s%s%s", store_file(s), _(modes[mode]),
              store_journal_mode(s), store_learner(s), store_notice(s)[0] ? "; " : "",
              store_notice(s));
    store_close(s);
}

static void check_lessons(struct diagnosis *f)
{
    const char *dir = path_lessons();
    struct catalogue c = {0};
    struct err e = {0};
    if (!dir) {
        found(f, HEALTH_FAIL, "run 'make install', or start lockstep from its build folder",
              "the lessons were not found");
        return;
    }
    if (catalogue_read(&c, dir, NULL, &e) < 0) {
        found(f, HEALTH_FAIL, "install lockstep again", "%.500s", e.message);
        return;
    }
    if (c.nproblems)
        found(f, HEALTH_WARN, "'lockstep check all' tells more",
              "%s: %zu lessons, %zu not readable: %.300s", dir, c.nlessons, c.nproblems,
              c.problems[0].message);
    else
        found(f, c.nlessons ? HEALTH_OK : HEALTH_FAIL,
              c.nlessons ? "" : N_("install lockstep again"), "%s: %zu lessons", dir, c.nlessons);
    catalogue_fini(&c);
}

static const struct {
    const char *name;
    void (*run)(struct diagnosis *f);
} checks[] = {
    {N_("machine"), check_machine},   {N_("randomisation"), check_aslr},
    {N_("fsgsbase"), check_fsgsbase}, {N_("compiler"), check_compiler},
    {N_("probe"), check_probe},       {N_("engine"), check_engine},
    {N_("terminal"), check_terminal}, {N_("characters"), check_charset},
    {N_("language"), check_language}, {N_("store"), check_store},
    {N_("lessons"), check_lessons},   {N_("live"), check_live},
};
enum { NCHECKS = sizeof checks / sizeof checks[0] };

static void json_check(struct buf *out, const char *name, const struct diagnosis *f)
{
    buf_printf(out, "{\"name\":\"%s\",\"status\":\"%s\",\"detail\":", name,
               health_words[f->health]);
    buf_json(out, f->detail, strlen(f->detail));
    buf_puts(out, ",\"advice\":");
    buf_json(out, f->advice, strlen(f->advice));
    buf_puts(out, "}");
}

static void text_check(struct buf *out, const char *name, const struct diagnosis *f)
{
    utf8_pad(out, _(health_words[f->health]), -4);
    buf_puts(out, "  ");
    utf8_pad(out, _(name), -14);
    buf_printf(out, " %s\n", f->detail);
    if (f->health != HEALTH_OK && f->advice[0])
        buf_printf(out, "%22s-> %s\n", "", f->advice);
}

int cmd_doctor(const struct options *o)
{
    struct buf out = {0};
    int failed = 0;
    if (o->json)
        buf_puts(&out, "{\"schema\":\"lockstep.doctor/1\",\"checks\":[");
    for (int i = 0; i < NCHECKS && !signal_caught(); i++) {
        struct diagnosis f = {.advice = ""};
        checks[i].run(&f);
        failed |= f.health == HEALTH_FAIL;
        if (o->json) {
            buf_puts(&out, i ? "," : "");
            json_check(&out, checks[i].name, &f);
            continue;
        }
        text_check(&out, checks[i].name, &f);
        out_buf(&out);
    }
    if (o->json)
        buf_puts(&out, "]}\n");
    out_buf(&out);
    buf_fini(&out);
    if (signal_caught())
        return 128 + signal_caught();
    return failed ? err_exit_status(ERR_COMPILER) : 0;
}

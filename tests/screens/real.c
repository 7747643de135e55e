/* See real.h. */
#include "real.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

char home[256], program[512], lessons[512];

static void run_real(void *ctx)
{
    const struct command *c = ctx;
    char *argv[REAL_ARGUMENTS];
    memcpy(argv, c->argv, sizeof argv);
    setenv("HOME", home, 1);
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_CACHE_HOME");
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("XDG_RUNTIME_DIR");
    unsetenv("LOCKSTEP_DATA");
    unsetenv("NO_COLOR");
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("LOCKSTEP_LESSONS", lessons, 1);
    if (c->set[0])
        setenv(c->set[0], c->set[1], 1);
    execv(program, argv);
}

void open_command(struct tty *t, const struct command *c, const char *term, int cols, int rows)
{
    struct command copy = *c;
    tty_open(t, run_real, &copy, term, cols, rows);
    assert_true(tty_wait_frame(t));
}

void open_real(struct tty *t, const char *command, const char *argument, int cols, int rows)
{
    struct command c = {{"lockstep", command, argument, NULL}, {NULL}};
    open_command(t, &c, "xterm-256color", cols, rows);
}

/* Frames until the text stands on the screen. */
void keys(struct tty *t, const char *each)
{
    for (; *each; each++)
        tty_type(t, (char[]){*each, 0});
}

/* Processes whose parent is `pid`, at most n. */
int children(pid_t pid, pid_t *out, int n)
{
    char path[64];
    int count = 0, child;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
    FILE *f = fopen(path, "r");
    while (f && count < n && fscanf(f, "%d", &child) == 1)
        out[count++] = child;
    if (f)
        fclose(f);
    return count;
}

/* Until none of these lives; a zombie does not. */
void assert_gone(const pid_t *pids, int n)
{
    int64_t deadline = tty_now_ms() + TTY_DEADLINE_MS;
    for (int i = 0; i < n; i++)
        for (;;) {
            char path[64], state = 'X';
            snprintf(path, sizeof path, "/proc/%d/stat", (int)pids[i]);
            FILE *f = fopen(path, "r");
            if (f && fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
                state = 'X';
            if (f)
                fclose(f);
            if (state == 'X' || state == 'Z')
                break;
            if (tty_now_ms() > deadline)
                fail_msg("process %d was left behind", (int)pids[i]);
            poll(NULL, 0, 2000 / 1000);
        }
}

int make_home(void **state)
{
    (void)state;
    const char *tmp = getenv("TMPDIR"), *set = getenv("LOCKSTEP");
    snprintf(home, sizeof home, "%s/journey-XXXXXX", tmp ? tmp : "/tmp");
    snprintf(program, sizeof program, "%s", set ? set : "build/lockstep");
    set = getenv("LOCKSTEP_LESSONS");
    snprintf(lessons, sizeof lessons, "%s", set ? set : "lessons");
    if (!mkdtemp(home))
        return -1;
    if (access(program, X_OK) == 0)
        return 0;
    fprintf(stderr, "LOCKSTEP should name the program; there is no %s\n", program);
    return -1;
}

int drop_home(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        execlp("rm", "rm", "-rf", home, (char *)NULL);
        _exit(127);
    }
    return waitpid(child, NULL, 0) == child ? 0 : -1;
}

const char *write_program(const char *name, const char *text)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", home, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return path;
}

#include "keep.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STATUS_LEFT = 99, STATUS_TIME = 124, GRACE_S = 3 };

/* Kill the children of this process; returns how many there were. */
static int kill_children(int show)
{
    char path[64], list[4096] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *f = fopen(path, "r");
    if (!f)
        return 0;
    size_t nread = fread(list, 1, sizeof list - 1, f);
    list[nread] = '\0';
    fclose(f);
    int n = 0;
    for (char *s = list, *end; *s; s = end, n++) {
        pid_t pid = (pid_t)strtol(s, &end, 10);
        if (end == s || pid <= 0)
            break;
        if (show)
            printf("run: process %d was left running\n", (int)pid);
        kill(pid, SIGKILL);
        while (*end == ' ')
            end++;
    }
    return n;
}

static sigset_t keeper_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

/* Wait until no child is left or the deadline passed; the status of `pid` goes to *status. Returns
 * 1 when all are gone, 0 also when asked to stop. The signals of keeper_signals are blocked. */
static int reap(pid_t pid, int *status, int whole, time_t deadline_s)
{
    sigset_t set = keeper_signals();
    for (;;) {
        int st;
        pid_t got;
        while ((got = waitpid(-1, &st, WNOHANG)) > 0)
            if (got == pid)
                *status = st;
        if (got < 0 && errno == ECHILD)
            return 1;
        if (!whole && *status >= 0)
            return 0;
        struct timespec now, tick = {.tv_nsec = 50000000};
        clock_gettime(CLOCK_MONOTONIC, &now);
        int sig = sigtimedwait(&set, NULL, &tick);
        if (now.tv_sec >= deadline_s || sig == SIGTERM || sig == SIGINT)
            return 0;
    }
}

static time_t seconds_from_now(int s)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + s;
}

/* Signals are as a shell on a terminal has them, also when the runner was started by nohup or in
 * the background, where some are ignored, and that is inherited. */
_Noreturn static void exec_test(char *const *argv)
{
    sigset_t none;
    for (int s = 1; s < SIGRTMIN; s++)
        signal(s, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    execvp(argv[0], argv);
    printf("%s: %s\n", argv[0], strerror(errno));
    fflush(stdout);
    _exit(127);
}

_Noreturn void keep(char *const *argv, const char *log_path, int limit_s)
{
    sigset_t set = keeper_signals();
    sigprocmask(SIG_BLOCK, &set, NULL);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    int log = open(log_path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0644),
        nothing = open("/dev/null", O_RDONLY);
    if (log < 0 || nothing < 0)
        _exit(2);
    dup2(nothing, 0);
    dup2(log, 1);
    dup2(log, 2);
    pid_t pid = fork();
    if (pid == 0)
        exec_test(argv);
    int status = -1;
    int gone = reap(pid, &status, 0, seconds_from_now(limit_s));
    if (!gone)
        gone = status >= 0 && reap(pid, &status, 1, seconds_from_now(GRACE_S));
    int late = status < 0, left = 0;
    while (!gone) {
        left += kill_children(!late) > 0;
        gone = reap(pid, &status, 1, seconds_from_now(2));
    }
    if (late)
        printf("run: stopped, not done after %d seconds\n", limit_s);
    fflush(stdout);
    _exit(late                ? STATUS_TIME
          : left              ? STATUS_LEFT
          : WIFEXITED(status) ? WEXITSTATUS(status)
                              : 128 + WTERMSIG(status));
}

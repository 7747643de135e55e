/* alone [-p] COMMAND...: run it, and see that nothing it started is left when it has ended.
 * Descendants whose parent died come to us (subreaper), so none can hide, whatever session or group
 * it made. -p: its standard output is a pipe that nobody reads. Status: that of the command (128+n
 * for a signal); 98 when somebody was left. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DEADLINE_MS = 3000, LEFT_BEHIND = 98 };

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Tell of the children we have (by /proc) and end them. */
static void tell_and_kill(void)
{
    char path[64], line[512];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *f = fopen(path, "re");
    int pid;
    while (f && fscanf(f, "%d", &pid) == 1) {
        snprintf(path, sizeof path, "/proc/%d/stat", pid);
        FILE *s = fopen(path, "re");
        if (s && fgets(line, 100, s))
            fprintf(stderr, "alone: left behind: %s\n", line);
        if (s)
            fclose(s);
        kill(pid, SIGKILL);
    }
    if (f)
        fclose(f);
}

/* 1 when every descendant is gone before the deadline. */
static int all_gone(void)
{
    long end = now_ms() + DEADLINE_MS;
    struct timespec pause = {.tv_nsec = 5000000};
    while (now_ms() < end) {
        pid_t pid = waitpid(-1, NULL, WNOHANG);
        if (pid < 0 && errno == ECHILD)
            return 1;
        if (pid == 0)
            nanosleep(&pause, NULL);
    }
    return 0;
}

static void give_broken_pipe(void)
{
    int ends[2];
    if (pipe(ends) < 0)
        _exit(2);
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
}

int main(int argc, char **argv)
{
    int broken_pipe = argc > 1 && strcmp(argv[1], "-p") == 0;
    argv += broken_pipe;
    if (argc - broken_pipe < 2)
        return 2;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t child = fork();
    if (child == 0) {
        if (broken_pipe)
            give_broken_pipe();
        execvp(argv[1], argv + 1);
        fprintf(stderr, "alone: %s: %s\n", argv[1], strerror(errno));
        _exit(127);
    }
    signal(SIGINT, SIG_IGN); /* a terminal sends it to us too */
    signal(SIGTERM, SIG_IGN);
    int status = 0, ended = 0;
    while (!ended) {
        int s;
        pid_t pid = wait(&s);
        if (pid == child) {
            status = s;
            ended = 1;
        } else if (pid < 0 && errno != EINTR) {
            return 2;
        }
    }
    if (!all_gone()) {
        tell_and_kill();
        return LEFT_BEHIND;
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

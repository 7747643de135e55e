/* Processes: fork, ends, waiting, and the numbers of processes. */
#include "cell.h"

#include <signal.h>
#include <sys/wait.h>

static void wait_cell(const char *what, pid_t pid, int status)
{
    char text[64];
    if (WIFEXITED(status))
        snprintf(text, sizeof text, "%s exit %d", pid > 0 ? "pid" : "?", WEXITSTATUS(status));
    else if (WIFSIGNALED(status))
        snprintf(text, sizeof text, "%s signal %d", pid > 0 ? "pid" : "?", WTERMSIG(status));
    else if (WIFSTOPPED(status))
        snprintf(text, sizeof text, "%s stopped %d", pid > 0 ? "pid" : "?", WSTOPSIG(status));
    else if (WIFCONTINUED(status))
        snprintf(text, sizeof text, "%s continued", pid > 0 ? "pid" : "?");
    else
        snprintf(text, sizeof text, "?");
    cell_text(what, text);
}

static pid_t child_exits(int status)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(status);
    return pid;
}

/* A child that stays until it is killed. */
static pid_t child_stays(void)
{
    pid_t pid = fork();
    while (pid == 0)
        pause();
    return pid;
}

static void none(void)
{
    int status;
    siginfo_t info;
    cell_errno("no child: wait", wait(&status));
    cell_errno("no child: waitpid any", waitpid(-1, &status, 0));
    cell_errno("no child: waitpid any, WNOHANG", waitpid(-1, &status, WNOHANG));
    cell_errno("not a child: waitpid", waitpid(getpid(), &status, 0));
    cell_errno("no child: waitid", waitid(P_ALL, 0, &info, WEXITED));
    cell_errno("no child: waitid without what", waitid(P_ALL, 0, &info, 0));
    cell_errno("no child: waitpid, no such option", waitpid(-1, &status, 0x7f000000));
}

static void ends(void)
{
    int status = 0;
    pid_t pid = child_exits(0), got = wait(&status);
    cell_number("exit 0: wait gives its pid", got == pid);
    wait_cell("exit 0", got, status);
    pid = child_exits(256 + 7);
    got = waitpid(pid, &status, 0);
    cell_number("exit 263: waitpid gives its pid", got == pid);
    wait_cell("exit 263: the low 8 bits", got, status);
    cell_errno("waited for: waitpid again", waitpid(pid, &status, 0));
    pid = child_stays();
    cell_errno("running: waitpid WNOHANG", waitpid(pid, &status, WNOHANG));
    cell_errno("running: kill, no signal", kill(pid, 0));
    cell_errno("running: kill, no such signal", kill(pid, 1000));
    cell_errno("running: kill TERM", kill(pid, SIGTERM));
    got = waitpid(pid, &status, 0);
    wait_cell("killed by TERM", got, status);
    cell_errno("waited for: kill, no signal", kill(pid, 0));
    pid = child_stays();
    kill(pid, SIGKILL);
    got = wait(&status);
    wait_cell("killed by KILL", got, status);
    pid = fork();
    if (pid == 0)
        abort();
    got = wait(&status);
    wait_cell("abort", got, status);
    pid = fork();
    if (pid == 0) {
        atexit(abort); /* _exit runs no handler */
        _exit(3);
    }
    got = wait(&status);
    wait_cell("_exit past an exit handler", got, status);
    pid = fork();
    if (pid == 0)
        exit(4);
    got = wait(NULL);
    cell_number("wait without a status gives the pid", got == pid);
}

static void zombies(void)
{
    siginfo_t info;
    int status = 0;
    pid_t pid = child_exits(5);
    memset(&info, 0, sizeof info);
    cell_errno("waitid, WNOWAIT", waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
    cell_number("it has exited", info.si_code == CLD_EXITED);
    cell_number("its status", info.si_status);
    cell_number("its pid", info.si_pid == pid);
    cell_errno("a zombie: kill, no signal", kill(pid, 0));
    cell_errno("a zombie: kill TERM", kill(pid, SIGTERM));
    pid_t got = waitpid(pid, &status, WNOHANG);
    wait_cell("a zombie: waitpid WNOHANG", got, status);
    pid = child_stays();
    memset(&info, 0, sizeof info);
    cell_errno("running: waitid WNOHANG", waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG));
    cell_number("then: no pid", info.si_pid);
    kill(pid, SIGKILL);
    cell_errno("waitid of one killed", waitid(P_PID, (id_t)pid, &info, WEXITED));
    cell_number("it was killed", info.si_code == CLD_KILLED);
    cell_number("by signal", info.si_status);
}

static void stops(void)
{
    int status = 0;
    pid_t pid = child_stays();
    kill(pid, SIGSTOP);
    pid_t got = waitpid(pid, &status, WUNTRACED);
    wait_cell("stopped: waitpid WUNTRACED", got, status);
    cell_errno("stopped, told: waitpid WUNTRACED WNOHANG",
               waitpid(pid, &status, WUNTRACED | WNOHANG));
    kill(pid, SIGCONT);
    got = waitpid(pid, &status, WCONTINUED);
    wait_cell("continued: waitpid WCONTINUED", got, status);
    kill(pid, SIGSTOP);
    kill(pid, SIGKILL);
    do
        got = waitpid(pid, &status, 0);
    while (got == pid && !WIFSIGNALED(status));
    wait_cell("killed while stopped", got, status);
}

static int copied = 1;

static void copies(void)
{
    int status = 0, local = 1;
    pid_t me = getpid(), pid = fork();
    if (pid == 0) {
        copied = local = 2;
        _exit(getppid() == me && getpid() != me ? 0 : 1);
    }
    waitpid(pid, &status, 0);
    wait_cell("the child's parent is me", pid, status);
    cell_number("a variable the child changed", copied);
    cell_number("a local the child changed", local);
    cell_number("my pid stays", getpid() == me);
    pid = vfork();
    if (pid == 0)
        _exit(6);
    waitpid(pid, &status, 0);
    wait_cell("vfork", pid, status);
    pid = fork();
    if (pid == 0) {
        if (fork() == 0)
            _exit(1);
        wait(&status);
        _exit(WEXITSTATUS(status) + 1);
    }
    waitpid(pid, &status, 0);
    wait_cell("a grandchild's status, handed on", pid, status);
    cell_errno("a grandchild is not waited for: wait", wait(NULL));
}

static void groups(void)
{
    int status = 0;
    pid_t pid = child_stays();
    cell_number("its group is mine", getpgid(pid) == getpgrp());
    cell_errno("setpgid, a group of its own", setpgid(pid, pid));
    cell_number("its group is its own", getpgid(pid) == pid);
    cell_errno("kill of the group", kill(-pid, SIGTERM));
    pid_t got = waitpid(-pid, &status, 0);
    cell_number("waitpid of the group gives its pid", got == pid);
    wait_cell("killed with its group", got, status);
    cell_errno("no such process: kill", kill(pid, 0));
    cell_errno("no such process: getpgid", getpgid(pid));
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    none();
    ends();
    zombies();
    stops();
    copies();
    groups();
    return 0;
}

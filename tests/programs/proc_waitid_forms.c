// waitid with WNOWAIT leaves the child; with WNOHANG and nothing to tell it leaves si_pid 0.
// EXPECT complete
// EXPECT outcome "0 0\n1 5 1\n1 5 1\n-1\n" exit 0
// EXPECT no-findings
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static siginfo_t info;

static void show(pid_t child)
{
    printf("%d %d %d\n", info.si_pid == child, info.si_status, info.si_code == CLD_EXITED);
}

int main(void)
{
    int go[2];
    char c;
    if (pipe(go))
        return 2;
    pid_t child = fork();
    if (child == 0) {
        if (read(go[0], &c, 1) != 1)
            _exit(6);
        _exit(5);
    }
    int result = waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG);
    printf("%d %d\n", result, (int)info.si_pid);
    if (write(go[1], "g", 1) != 1)
        return 3;
    waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
    show(child);
    memset(&info, 0, sizeof info);
    waitid(P_PID, (id_t)child, &info, WEXITED);
    show(child);
    printf("%d\n", waitid(P_ALL, 0, &info, WEXITED));
    return 0;
}

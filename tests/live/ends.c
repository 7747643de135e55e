/* Processes that end in every way. Each tells the moment, as the clock of the machine has it, in
 * memory shared with the first one, which then prints it: "WHAT PID NANOSECONDS" a line. The moment
 * is the last before the call that does it, so whoever sees it sees it later. */
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long *when;

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static void nap(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&t, &t))
        ;
}

static void say(const char *what, pid_t pid, long long at)
{
    printf("%s %d %lld\n", what, (int)pid, at);
    fflush(stdout);
}

/* Waits, without reaping, until it has ended or stopped, so that the moment is in the memory. */
static void settle(pid_t pid, int how)
{
    siginfo_t info;
    waitid(P_PID, (id_t)pid, &info, how | WNOWAIT);
}

static void zombie(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        *when = now();
        _exit(3);
    }
    settle(pid, WEXITED);
    say("zombie", pid, *when);
    nap(400);
    waitpid(pid, NULL, 0);
}

static void killed(void)
{
    pid_t pid = fork();
    if (pid == 0)
        for (;;)
            pause();
    nap(100);
    long long at = now();
    kill(pid, SIGKILL);
    say("killed", pid, at);
    nap(400);
    waitpid(pid, NULL, 0);
}

static void stopped(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        *when = now();
        raise(SIGSTOP);
        _exit(4);
    }
    settle(pid, WSTOPPED);
    say("stopped", pid, *when);
    nap(400);
    kill(pid, SIGCONT);
    waitpid(pid, NULL, 0);
}

/* The child of a child that ends; it prints itself, once it has another parent. */
static void orphan(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        pid_t parent = getpid();
        if (fork() == 0) {
            nap(100);
            *when = now();
            kill(parent, SIGKILL);
            while (getppid() == parent)
                nap(1);
            say("orphan", getpid(), *when);
            nap(400);
            _exit(5);
        }
        for (;;)
            pause();
    }
    waitpid(pid, NULL, 0);
    nap(600);
}

int main(void)
{
    when = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    zombie();
    killed();
    stopped();
    orphan();
    return 6;
}

#include "guard.h"

#include "arena.h"
#include "keeper.h"

#include <asm/termbits.h>
#include <dirent.h>
#include <errno.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_LIVE     256               /* processes of one target, those that run free included */
#define LIBRARIES    0x700000000000ull /* above lie the libraries, below the program's own code */
#define API_CONTINUE 6                 /* of libseccomp: the kernel can let a stopped call go on */
/* Younger than the headers of many systems. */
#define SET_FLAGS    _IOW('!', 4, __u64)
#define SYNC_WAKE_UP 1

/* ---- the calls looked at ---- */
enum aim { AIM_BIRTH, AIM_EXEC, AIM_PROCESS, AIM_EVERYBODY, AIM_TERMINAL, AIM_TRACE };

/* CALL(name, what it aims at, which argument says whom, which other lets it pass unseen if 0) */
static const struct {
    const char *name;
    int aim, argument;
} calls[] = {
    {"fork", AIM_BIRTH, 0},
    {"vfork", AIM_BIRTH, 0},
    {"clone", AIM_BIRTH, 0},
    {"execve", AIM_EXEC, 0},
    {"execveat", AIM_EXEC, 0},
    {"kill", AIM_EVERYBODY, 0},
    {"tkill", AIM_PROCESS, 0},
    {"tgkill", AIM_PROCESS, 0},
    {"rt_sigqueueinfo", AIM_PROCESS, 0},
    {"rt_tgsigqueueinfo", AIM_PROCESS, 0},
    {"pidfd_open", AIM_PROCESS, 0},
    {"process_vm_writev", AIM_PROCESS, 0},
    {"prlimit64", AIM_PROCESS, 0},
    {"setpriority", AIM_PROCESS, 1},
    {"sched_setaffinity", AIM_PROCESS, 0},
    {"ptrace", AIM_TRACE, 1},
    {"ioctl", AIM_TERMINAL, 0},
};
enum { NCALLS = sizeof calls / sizeof *calls };

/* What changes a terminal, or types on it. */
static const unsigned long terminal_requests[] = {TCSETS,   TCSETSW, TCSETSF,    TCSETS2,  TCSETSW2,
                                                  TCSETSF2, TIOCSTI, TIOCSWINSZ, TIOCSCTTY};
enum { NREQUESTS = sizeof terminal_requests / sizeof *terminal_requests };

/* ---- in the target ---- */
/* Our own calls say so in an argument that the kernel does not look at. */
static int add_terminal_rules(scmp_filter_ctx filter, int number)
{
    int rc = 0;
    for (int i = 0; i < NREQUESTS && rc == 0; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_NOTIFY, number, 2,
                              SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, terminal_requests[i]),
                              SCMP_A5(SCMP_CMP_NE, ARENA_OWN_CALL, 0));
    return rc;
}

/* In a program that runs free threads come unlooked at, and what a process does to itself (pid 0)
 * is its own affair: the C library asks for its own limits whenever a program begins. */
static int add_rule(scmp_filter_ctx filter, int number, int i, int free)
{
    if (calls[i].aim == AIM_TERMINAL)
        return add_terminal_rules(filter, number);
    if (free && calls[i].aim == AIM_PROCESS)
        return seccomp_rule_add(filter, SCMP_ACT_NOTIFY, number, 2,
                                SCMP_CMP((unsigned)calls[i].argument, SCMP_CMP_NE, 0, 0),
                                SCMP_A5(SCMP_CMP_NE, ARENA_OWN_CALL, 0));
    if (free && number == SCMP_SYS(clone))
        return seccomp_rule_add(filter, SCMP_ACT_NOTIFY, number, 2,
                                SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0),
                                SCMP_A5(SCMP_CMP_NE, ARENA_OWN_CALL, 0));
    return seccomp_rule_add(filter, SCMP_ACT_NOTIFY, number, 1,
                            SCMP_A5(SCMP_CMP_NE, ARENA_OWN_CALL, 0));
}

static int add_rules(scmp_filter_ctx filter, int free)
{
    int rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    for (int i = 0; i < NCALLS && rc == 0; i++) {
        int number = seccomp_syscall_resolve_name(calls[i].name);
        if (number != __NR_SCMP_ERROR && !(free && calls[i].aim == AIM_EXEC))
            rc = add_rule(filter, number, i, free);
    }
    return rc;
}

static void send_descriptor(int line, int fd)
{
    char byte = 0;
    struct iovec v = {&byte, 1};
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {0};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
    m.msg_control = control;
    m.msg_controllen = sizeof control;
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(c), &fd, sizeof fd);
    if (sendmsg(line, &m, MSG_NOSIGNAL) < 0)
        _exit(70); /* the filter is in force, and nobody would answer */
}

static void install(int line, int free)
{
    scmp_filter_ctx filter =
        seccomp_api_get() >= API_CONTINUE ? seccomp_init(SCMP_ACT_ALLOW) : NULL;
    if (!filter)
        return;
    seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1); /* no slower than without a filter */
    if (add_rules(filter, free) == 0 && seccomp_load(filter) == 0) {
        int fd = seccomp_notify_fd(filter);
        send_descriptor(line, fd);
        close(fd);
    }
    seccomp_release(filter);
}

void guard_install(int line)
{
    install(line, 0);
}

void guard_install_free(int line)
{
    install(line, 1);
}

/* ---- in the keeper ---- */
int guard_take(int line)
{
    char byte;
    int fd = -1;
    struct iovec v = {&byte, 1};
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {0};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
    m.msg_control = control;
    m.msg_controllen = sizeof control;
    if (recvmsg(line, &m, MSG_CMSG_CLOEXEC) <= 0)
        return -1;
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    if (c && c->cmsg_type == SCM_RIGHTS)
        memcpy(&fd, CMSG_DATA(c), sizeof fd);
    /* The keeper answers on the caller's processor: waking another costs many times as much. */
    if (fd >= 0 && ioctl(fd, SET_FLAGS, SYNC_WAKE_UP) < 0)
        return fd; /* older than Linux 6.6: the same, slower */
    return fd;
}

static dev_t terminals[3];

void guard_note_terminals(void)
{
    struct stat st;
    for (int fd = 0; fd < 3; fd++)
        if (isatty(fd) && fstat(fd, &st) == 0)
            terminals[fd] = st.st_rdev;
}

static int is_our_terminal(pid_t pid, int fd)
{
    char path[64];
    struct stat st;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, fd);
    if (stat(path, &st) || !S_ISCHR(st.st_mode))
        return 0;
    for (int i = 0; i < 3; i++)
        if (terminals[i] && terminals[i] == st.st_rdev)
            return 1;
    return 0;
}

static int is_its_own(pid_t pid)
{
    return keeper_has(getpid(), pid);
}

/* Are all members of that group descendants? */
static int group_is_its_own(pid_t group)
{
    DIR *d = opendir("/proc");
    struct dirent *e;
    int own = 1;
    while (d && own && (e = readdir(d))) {
        pid_t pid = (pid_t)atoi(e->d_name);
        if (pid > 0 && getpgid(pid) == group)
            own = is_its_own(pid);
    }
    if (d)
        closedir(d);
    return own;
}

static int count_own(void)
{
    DIR *d = opendir("/proc");
    struct dirent *e;
    int n = 0;
    while (d && (e = readdir(d))) {
        pid_t pid = (pid_t)atoi(e->d_name);
        n += pid > 1 && is_its_own(pid);
    }
    if (d)
        closedir(d);
    return n;
}

/* One process more? Counting is slow, so not each time. */
static int birth(void)
{
    static int since, live;
    if (live + ++since > MAX_LIVE / 2) {
        live = count_own();
        since = 0;
    }
    return live >= MAX_LIVE ? EAGAIN : 0;
}

/* Is the process under the scheduler (and not a program that it started)? */
static int is_controlled(pid_t pid)
{
    uint32_t magic = 0;
    struct iovec local = {&magic, sizeof magic};
    struct iovec remote = {(void *)ARENA_ADDRESS, sizeof magic};
    return process_vm_readv(pid, &local, 1, &remote, 1, 0) == sizeof magic && magic == ARENA_MAGIC;
}

/* 0, or what it gets who would reach a process that is not its own: that there is none, if there is
 * none. */
static int reach(pid_t caller, pid_t whom)
{
    if (whom == 0 || whom == caller || is_its_own(whom))
        return 0;
    return kill(whom, 0) < 0 && errno == ESRCH ? ESRCH : EPERM;
}

/* 0 let it go on, else the error it gets. */
static int decide(int aim, pid_t caller, int64_t whom)
{
    switch (aim) {
    case AIM_BIRTH:
        return birth();
    case AIM_EVERYBODY: /* a free program knows its parent, but that is not one it may end */
        if (whom > 0 && whom != caller && is_controlled((pid_t)whom) && !is_controlled(caller))
            return EPERM;
        if (whom == -1)
            return EPERM;
        if (whom < 0)
            return group_is_its_own((pid_t)-whom) ? 0 : EPERM;
        return reach(caller, (pid_t)whom);
    case AIM_TRACE:
    case AIM_PROCESS:
        return reach(caller, (pid_t)whom);
    case AIM_TERMINAL:
        return is_our_terminal(caller, (int)whom) ? EPERM : 0;
    default:
        return 0;
    }
}

static const char *name_of(int number, int *aim, int *argument)
{
    for (int i = 0; i < NCALLS; i++)
        if (seccomp_syscall_resolve_name(calls[i].name) == number) {
            *aim = calls[i].aim;
            *argument = calls[i].argument;
            return calls[i].name;
        }
    return NULL;
}

int guard_answer(int guard, char *text, size_t n)
{
    struct seccomp_notif request = {0};
    if (ioctl(guard, SECCOMP_IOCTL_NOTIF_RECV, &request))
        return 0;
    struct seccomp_notif_resp answer = {.id = request.id};
    int aim = -1, argument = 0, error = EPERM;
    pid_t caller = (pid_t)request.pid;
    const char *name = name_of(request.data.nr, &aim, &argument);
    if (name && aim <= AIM_EVERYBODY && request.data.instruction_pointer < LIBRARIES &&
        is_controlled(caller)) {
        snprintf(text, n, "it calls %s past the C library, where lockstep cannot follow", name);
        return 1; /* it is to end in that call: with an answer it would go on before it is killed */
    }
    if (name)
        error = decide(aim, caller, (int)request.data.args[argument]);
    answer.error = -error;
    answer.flags = error == 0 ? SECCOMP_USER_NOTIF_FLAG_CONTINUE : 0;
    ioctl(guard, SECCOMP_IOCTL_NOTIF_SEND, &answer); /* fails when it was killed meanwhile */
    return 0;
}

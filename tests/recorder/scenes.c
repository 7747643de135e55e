/* What test_recorder.c runs with and without the recorder: one scene an argument. What is printed
 * must be the same with both. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static sem_t s;
static int pipes[2];

#define SAY(call)                                                                                  \
    do {                                                                                           \
        errno = 0;                                                                                 \
        long rc_ = (long)(call);                                                                   \
        printf("%s = %ld, %s\n", #call, rc_, strerror(errno));                                     \
    } while (0)

static struct timespec in_ms(clockid_t clock, long ms)
{
    struct timespec t;
    clock_gettime(clock, &t);
    t.tv_nsec += ms * 1000000;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

/* ---- results: of calls that succeed and of calls that fail ---- */
static void *give_back(void *p)
{
    return p;
}

static int give_int(void *p)
{
    return *(int *)p;
}

static void routine(void)
{
    printf("routine runs\n");
}

static void mutex_kind(int kind, int robust)
{
    pthread_mutexattr_t a;
    pthread_mutex_t x;
    pthread_mutexattr_init(&a);
    pthread_mutexattr_settype(&a, kind);
    if (robust)
        pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    SAY(pthread_mutex_init(&x, &a));
    SAY(pthread_mutex_lock(&x));
    if (kind != PTHREAD_MUTEX_NORMAL)
        SAY(pthread_mutex_lock(&x));
    SAY(pthread_mutex_trylock(&x));
    struct timespec t = in_ms(CLOCK_REALTIME, 2), u = in_ms(CLOCK_MONOTONIC, 2);
    SAY(pthread_mutex_timedlock(&x, &t));
    SAY(pthread_mutex_clocklock(&x, CLOCK_MONOTONIC, &u));
    for (int i = 0; i < 6; i++)
        if (kind != PTHREAD_MUTEX_NORMAL || i == 0)
            SAY(pthread_mutex_unlock(&x));
    SAY(pthread_mutex_destroy(&x));
}

static void *dies_with(void *p)
{
    pthread_mutex_lock(p);
    return NULL;
}

static void mutexes(void)
{
    pthread_mutexattr_t a;
    pthread_mutex_t x;
    pthread_t t;
    mutex_kind(PTHREAD_MUTEX_NORMAL, 0);
    mutex_kind(PTHREAD_MUTEX_RECURSIVE, 0);
    mutex_kind(PTHREAD_MUTEX_ERRORCHECK, 0);
    mutex_kind(PTHREAD_MUTEX_ERRORCHECK, 1);
    pthread_mutexattr_init(&a);
    pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&x, &a);
    pthread_create(&t, NULL, dies_with, &x);
    pthread_join(t, NULL);
    SAY(pthread_mutex_lock(&x)); /* EOWNERDEAD */
    SAY(pthread_mutex_unlock(&x));
    SAY(pthread_mutex_lock(&x)); /* ENOTRECOVERABLE */
    SAY(pthread_mutex_trylock(&x));
}

static void locks(void)
{
    pthread_spinlock_t l;
    pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
    mtx_t x;
    struct timespec t = in_ms(CLOCK_REALTIME, 2);
    pthread_spin_init(&l, 0);
    SAY(pthread_spin_lock(&l));
    SAY(pthread_spin_trylock(&l));
    SAY(pthread_spin_unlock(&l));
    SAY(pthread_rwlock_rdlock(&rw));
    SAY(pthread_rwlock_tryrdlock(&rw));
    SAY(pthread_rwlock_trywrlock(&rw));
    SAY(pthread_rwlock_timedwrlock(&rw, &t));
    SAY(pthread_rwlock_unlock(&rw));
    SAY(pthread_rwlock_unlock(&rw));
    SAY(pthread_rwlock_wrlock(&rw));
    SAY(pthread_rwlock_wrlock(&rw)); /* EDEADLK */
    SAY(pthread_rwlock_timedrdlock(&rw, &t));
    SAY(pthread_rwlock_unlock(&rw));
    SAY(mtx_init(&x, mtx_timed));
    SAY(mtx_lock(&x));
    SAY(mtx_trylock(&x));
    SAY(mtx_timedlock(&x, &t));
    SAY(mtx_unlock(&x));
    SAY(ftrylockfile(stderr));
    funlockfile(stderr);
}

static void waits(void)
{
    struct timespec t = in_ms(CLOCK_REALTIME, 2), u = in_ms(CLOCK_MONOTONIC, 2);
    pthread_barrier_t b;
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static once_flag flag = ONCE_FLAG_INIT;
    cnd_t cnd;
    mtx_t x;
    pthread_mutex_lock(&m);
    SAY(pthread_cond_timedwait(&c, &m, &t));
    SAY(pthread_cond_clockwait(&c, &m, CLOCK_MONOTONIC, &u));
    SAY(pthread_cond_signal(&c));
    SAY(pthread_cond_broadcast(&c));
    pthread_mutex_unlock(&m);
    cnd_init(&cnd);
    mtx_init(&x, mtx_plain);
    mtx_lock(&x);
    SAY(cnd_timedwait(&cnd, &x, &t));
    mtx_unlock(&x);
    sem_init(&s, 0, 1);
    SAY(sem_wait(&s));
    SAY(sem_trywait(&s));
    SAY(sem_timedwait(&s, &t));
    SAY(sem_clockwait(&s, CLOCK_MONOTONIC, &u));
    SAY(sem_post(&s));
    SAY(pthread_barrier_init(&b, NULL, 0));
    SAY(pthread_barrier_init(&b, NULL, 1));
    SAY(pthread_barrier_wait(&b));
    SAY(pthread_once(&once, routine));
    SAY(pthread_once(&once, routine));
    call_once(&flag, routine);
    call_once(&flag, routine);
}

static void threads(void)
{
    pthread_t t;
    thrd_t u;
    void *value;
    int n = 7, got = 0;
    pthread_attr_t a;
    struct timespec limit = in_ms(CLOCK_REALTIME, 2);
    SAY(pthread_create(&t, NULL, give_back, &n));
    SAY(pthread_join(t, &value));
    SAY(value == &n);
    SAY(pthread_join(pthread_self(), NULL)); /* EDEADLK */
    SAY(pthread_tryjoin_np(pthread_self(), NULL) == EBUSY);
    SAY(pthread_timedjoin_np(pthread_self(), NULL, &limit) != 0);
    SAY(thrd_create(&u, give_int, &n));
    SAY(thrd_join(u, &got));
    SAY(got);
    pthread_attr_init(&a);
    pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
    SAY(pthread_create(&t, &a, give_back, &n));
    SAY(pthread_setname_np(pthread_self(), "a name that is too long"));
    SAY(pthread_setname_np(pthread_self(), "boss"));
}

static void files(void)
{
    char b[16] = "";
    int pair[2], status;
    struct pollfd p;
    sigset_t none;
    struct timespec zero = {0, 1000};
    SAY(read(99, b, 1));
    SAY(write(99, b, 1));
    SAY(close(99));
    SAY(dup2(99, 98));
    SAY(pipe(pipes));
    SAY(write(pipes[1], "hello", 5));
    SAY(read(pipes[0], b, 3));
    SAY(fcntl(pipes[0], F_SETFL, O_NONBLOCK));
    SAY(read(pipes[0], b, 9));
    SAY(read(pipes[0], b, 9)); /* EAGAIN */
    p = (struct pollfd){pipes[0], POLLIN, 0};
    SAY(poll(&p, 1, 1));
    SAY(close(pipes[1]));
    SAY(read(pipes[0], b, 9)); /* the end */
    SAY(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    SAY(send(pair[0], "abc", 3, 0));
    SAY(recv(pair[1], b, 9, 0));
    SAY(accept(pair[0], NULL, NULL) < 0);
    SAY(close(pair[0]));
    signal(SIGPIPE, SIG_IGN);
    SAY(write(pair[1], b, 1)); /* EPIPE */
    sigemptyset(&none);
    SAY(sigtimedwait(&none, NULL, &zero));
    SAY(kill(getpid(), 0));
    SAY(kill(getpid(), 9999));
    SAY(waitpid(-1, &status, 0)); /* ECHILD */
    SAY(waitpid(-1, &status, 12345678));
    SAY(execl("/nowhere", "nowhere", (char *)NULL));
    SAY(execvp("/nowhere", (char *[]){"nowhere", NULL}));
    SAY(nanosleep(&(struct timespec){0, -1}, NULL));
    SAY(clock_nanosleep(CLOCK_MONOTONIC, 0, &zero, NULL));
    SAY(usleep(1));
    SAY(sched_yield());
}

static void children(void)
{
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        _exit(3);
    SAY(waitpid(pid, &status, 0) == pid);
    SAY(status);
    pid = vfork();
    if (pid == 0) {
        execlp("sh", "sh", "-c", "exit 4", (char *)NULL);
        _exit(9);
    }
    SAY(waitpid(pid, &status, 0) == pid);
    SAY(status);
    fflush(stdout);
    pid = fork();
    if (pid == 0)
        raise(SIGKILL);
    siginfo_t i;
    SAY(waitid(P_PID, (id_t)pid, &i, WEXITED));
    SAY(i.si_status);
    fflush(stdout);
    SAY(system("exit 5"));
}

static int results(void)
{
    mutexes();
    locks();
    waits();
    threads();
    files();
    children();
    return 0;
}

/* ---- order: who had the lock when ---- */
enum { TURNS = 3000 };
static unsigned char turns[TURNS];
static int nturns;

static void *takes_turns(void *p)
{
    for (int more = 1; more;) {
        pthread_mutex_lock(&m);
        more = nturns < TURNS;
        if (more)
            turns[nturns++] = (unsigned char)(long)p;
        pthread_mutex_unlock(&m);
        if (nturns % 7 == 0)
            sched_yield();
    }
    return NULL;
}

static int order(void)
{
    pthread_t t[3];
    for (long i = 0; i < 3; i++)
        pthread_create(&t[i], NULL, takes_turns, (void *)(i + 1));
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    for (int i = 0; i < TURNS; i++)
        putchar('0' + turns[i]);
    return 0;
}

/* ---- waiting: for a lock that main holds for 60 ms ---- */
static void *wants(void *p)
{
    (void)p;
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    return NULL;
}

static int waiting(void)
{
    pthread_t t;
    pthread_mutex_lock(&m);
    pthread_create(&t, NULL, wants, NULL);
    usleep(60000);
    pthread_mutex_unlock(&m);
    pthread_join(t, NULL);
    return 0;
}

/* ---- many threads: one after another, and at once ---- */
static int rows(void)
{
    pthread_t t;
    for (int i = 0; i < 3000; i++)
        if (pthread_create(&t, NULL, give_back, NULL) || pthread_join(t, NULL))
            return 1;
    return 0;
}

static atomic_int staying;

static void *stays(void *p)
{
    (void)p;
    staying++;
    sem_wait(&s);
    return NULL;
}

static int crowd(void)
{
    enum { MANY = 1100 };
    static pthread_t t[MANY];
    pthread_attr_t a;
    pthread_attr_init(&a);
    pthread_attr_setstacksize(&a, 65536);
    sem_init(&s, 0, 0);
    int n = 0;
    while (n < MANY && pthread_create(&t[n], &a, stays, NULL) == 0)
        n++;
    while (staying < n)
        sched_yield();
    for (int i = 0; i < n; i++)
        sem_post(&s);
    for (int i = 0; i < n; i++)
        pthread_join(t[i], NULL);
    printf("%d", n);
    return 0;
}

/* ---- ends: by pthread_exit, by cancellation in a wait, with a handler that locks ---- */
static void unlocks(void *p)
{
    pthread_mutex_unlock(p);
}

static void *waits_for_ever(void *p)
{
    (void)p;
    pthread_mutex_lock(&m);
    pthread_cleanup_push(unlocks, &m);
    sem_post(&s);
    for (;;)
        pthread_cond_wait(&c, &m);
    pthread_cleanup_pop(1);
    return NULL;
}

static void *exits(void *p)
{
    pthread_exit(p);
}

static int ends(void)
{
    pthread_t t;
    void *value;
    sem_init(&s, 0, 0);
    pthread_create(&t, NULL, exits, &m);
    pthread_join(t, &value);
    SAY(value == &m);
    pthread_create(&t, NULL, waits_for_ever, NULL);
    sem_wait(&s);
    pthread_mutex_lock(&m); /* it waits now */
    pthread_mutex_unlock(&m);
    SAY(pthread_cancel(t));
    SAY(pthread_join(t, &value));
    SAY(value == PTHREAD_CANCELED);
    SAY(pthread_mutex_trylock(&m));
    return 0;
}

/* ---- jump: out of a wait, from a signal handler ---- */
static sigjmp_buf back;

static void jumps(int sig)
{
    (void)sig;
    siglongjmp(back, 1);
}

static int jump(void)
{
    signal(SIGALRM, jumps);
    sem_init(&s, 0, 0);
    if (sigsetjmp(back, 1) == 0) {
        setitimer(ITIMER_REAL, &(struct itimerval){{0, 0}, {0, 20000}}, NULL);
        sem_wait(&s);
    }
    SAY(pthread_mutex_lock(&m));
    SAY(pthread_mutex_unlock(&m));
    return 0;
}

/* ---- storm: a handler that comes at any instruction, and does operations ---- */
static volatile sig_atomic_t handled;

static void posts(int sig)
{
    (void)sig;
    handled++;
    sem_post(&s);
}

static atomic_bool over;

static void *sends(void *p)
{
    while (!over)
        pthread_kill(*(pthread_t *)p, SIGALRM);
    return NULL;
}

static int storm(void)
{
    enum { LOOPS = 400000, ENOUGH = 2000 };
    pthread_t self = pthread_self(), t;
    int loops = 0;
    sem_init(&s, 0, 0);
    signal(SIGALRM, posts);
    pthread_create(&t, NULL, sends, &self);
    while (loops < LOOPS && handled < ENOUGH) {
        pthread_mutex_lock(&m);
        pthread_mutex_unlock(&m);
        if (++loops % 256 == 0)
            sched_yield();
    }
    signal(SIGALRM, SIG_IGN);
    over = true;
    pthread_join(t, NULL);
    printf("%d %d", loops, (int)handled);
    return 0;
}

/* ---- spin: until it is killed; children too ---- */
static void *locks_for_ever(void *p)
{
    (void)p;
    for (;;) {
        pthread_mutex_lock(&m);
        pthread_mutex_unlock(&m);
    }
    return p;
}

static void *makes_for_ever(void *p)
{
    (void)p;
    for (pthread_t t;;)
        if (pthread_create(&t, NULL, give_back, NULL) == 0)
            pthread_join(t, NULL);
    return p;
}

static int spin(void)
{
    pthread_t t;
    pthread_create(&t, NULL, locks_for_ever, NULL);
    pthread_create(&t, NULL, makes_for_ever, NULL);
    locks_for_ever(NULL);
    return 0;
}

/* ---- interrupted: waits that the host ends ---- */
static int interrupted(void)
{
    char b;
    struct pollfd p;
    sem_init(&s, 0, 0);
    pipe(pipes);
    p = (struct pollfd){pipes[0], POLLIN, 0};
    SAY(sem_wait(&s));
    SAY(read(pipes[0], &b, 1));
    SAY(nanosleep(&(struct timespec){1000, 0}, NULL));
    SAY(poll(&p, 1, -1));
    pthread_mutex_lock(&m);
    SAY(pthread_cond_wait(&c, &m)); /* as if woken */
    SAY(pthread_mutex_trylock(&m)); /* and the mutex is ours */
    SAY(pause());
    return 0;
}

/* ---- odd: nothing is left of what it came with ---- */
static int odd(void)
{
    printf("odd\n");
    fflush(stdout);
    for (int fd = 3; fd < 1000; fd++)
        close(fd);
    clearenv();
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    pid_t pid = fork();
    if (pid == 0) {
        pthread_mutex_lock(&m);
        _exit(2);
    }
    int status = 0;
    wait(&status);
    signal(47, jumps); /* the number is the program's from here on */
    return status >> 8;
}

static void *posts_and_locks(void *p)
{
    sem_post(&s);
    return locks_for_ever(p);
}

static int exec(void)
{
    pthread_t t;
    sem_init(&s, 0, 0);
    pthread_create(&t, NULL, posts_and_locks, NULL);
    sem_wait(&s);
    execl("/proc/self/exe", "scenes", "waiting", (char *)NULL);
    return 1;
}

/* ---- raw: a fork past the library ---- */
static int raw(void)
{
    int status = 0;
    pid_t pid = (pid_t)syscall(SYS_fork);
    for (int i = 0; i < (pid ? 1000 : 3000); i++) {
        pthread_mutex_lock(&m);
        pthread_mutex_unlock(&m);
    }
    if (pid == 0)
        _exit(6);
    waitpid(pid, &status, 0);
    return status >> 8;
}

/* ---- step: three operations, one a token ---- */
static int step(void)
{
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
    sched_yield();
    return 0;
}

/* ---- accesses ---- */
int counter, copy[4], source[4] = {1, 2, 3, 4};
atomic_int atom;

static void *counts(void *p)
{
    int own = 0;
    volatile int *inside = &own;
    for (int i = 0; i < 500; i++) {
        ++*inside;
        pthread_mutex_lock(&m);
        counter++;
        pthread_mutex_unlock(&m);
        atomic_fetch_add(&atom, 1);
    }
    memcpy(copy, source, sizeof copy);
    return p;
}

static int accesses(void)
{
    pthread_t t[2];
    int expected = 1000;
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, counts, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    SAY(atomic_compare_exchange_strong(&atom, &expected, 5));
    SAY(atomic_compare_exchange_strong(&atom, &expected, 6));
    SAY(atomic_load_explicit(&atom, memory_order_relaxed));
    printf("%d %d %p\n", counter, copy[3], (void *)&counter);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } scenes[] = {{"results", results},  {"order", order},
                  {"waiting", waiting},  {"rows", rows},
                  {"crowd", crowd},      {"ends", ends},
                  {"jump", jump},        {"storm", storm},
                  {"spin", spin},        {"interrupted", interrupted},
                  {"odd", odd},          {"exec", exec},
                  {"raw", raw},          {"step", step},
                  {"accesses", accesses}};
    for (unsigned i = 0; i < sizeof scenes / sizeof *scenes; i++)
        if (argc > 1 && strcmp(argv[1], scenes[i].name) == 0)
            return scenes[i].run();
    return 99;
}

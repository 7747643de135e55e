/* Random programs of several processes as C source. */
#include "random.h"

static const char *const texts[OP_COUNT] = {
#define OP(id, weight, steps, text) text,
#include OPS
#undef OP
};

static const char head[] =
    "#define _GNU_SOURCE\n"
    "#include <errno.h>\n"
    "#include <fcntl.h>\n"
    "#include <poll.h>\n"
    "#include <pthread.h>\n"
    "#include <semaphore.h>\n"
    "#include <signal.h>\n"
    "#include <stdatomic.h>\n"
    "#include <stdio.h>\n"
    "#include <stdlib.h>\n"
    "#include <sys/eventfd.h>\n"
    "#include <sys/mman.h>\n"
    "#include <sys/wait.h>\n"
    "#include <time.h>\n"
    "#include <unistd.h>\n"
    "#ifdef NOISE\n"
    "#include NOISE\n"
    "#define begin() alarm(4)\n" /* nothing is left behind where it is stuck */
    "#else\n"
    "#define noise()\n"
    "#define begin()\n"
    "#endif\n"
    "\n"
    "static struct shared {\n    atomic_int a, b;\n    int x, y, z;\n    sem_t t, u;\n"
    "    pthread_mutex_t m;\n};\nstatic __thread struct shared *s; /* no steps of their own */\n"
    "static __thread int p[2], q[2], e, mine, st;\n"
    "static __thread char c;\n"
    "static char much[40000];\n"
    "static __thread eventfd_t ev;\n"
    "static __thread struct pollfd pfd[2];\n"
    "static __thread pid_t kid[4], boss;\n"
    "static __thread sigset_t usr1, none, set;\n"
    "static const struct timespec soon = {0, 1000};\n"
    "static void handler(int sig) { (void)sig; atomic_fetch_add(&s->a, 10); }\n"
    "static void setup(int permits)\n{\n"
    "    pthread_mutexattr_t attr;\n"
    "    s = mmap(0, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);\n"
    "    pthread_mutexattr_init(&attr);\n"
    "    pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);\n"
    "    pthread_mutex_init(&s->m, &attr);\n"
    "    sem_init(&s->t, 1, permits);\n    sem_init(&s->u, 1, 1);\n"
    "    sigemptyset(&none);\n    sigemptyset(&usr1);\n    sigaddset(&usr1, SIGUSR1);\n"
    "    sigaction(SIGUSR1, &(struct sigaction){.sa_handler = handler, .sa_flags = permits ? "
    "SA_RESTART : 0}, 0);\n"
    "    boss = getpid();\n"
    "    if (pipe(p) || pipe(q))\n        exit(9);\n    e = eventfd(0, 0);\n}\n";

static void write_op(FILE *f, const struct one_op *op)
{
    static const char *const plain[] = {"x", "y", "z"}, *const atomics[] = {"a", "b", "a"},
                             *const pipes[] = {"p", "q"}, *const sems[] = {"t", "u", "t"};
    fputs("    noise();\n    ", f);
    for (const char *at = texts[op->kind]; *at; at++) {
        if (*at != '$') {
            fputc(*at, f);
            continue;
        }
        switch (*++at) {
        case 'v':
            fputs(plain[op->v], f);
            break;
        case 'a':
            fputs(atomics[op->v], f);
            break;
        case 'm':
            fputs(pipes[op->m], f);
            break;
        case 's':
            fputs(sems[op->v], f);
            break;
        default:
            fprintf(f, "%u", op->k);
        }
    }
    fputc('\n', f);
}

static void write_body(FILE *f, const struct random_program *p, int t)
{
    for (int i = 0; i < p->nops[t]; i++)
        write_op(f, &p->ops[t][i]);
}

static void write_child(FILE *f, const struct random_program *p, int k, int t)
{
    fprintf(f, "static void p%d_c%d(void)\n{\n    int r = 0;\n    begin();\n", k, t);
    write_body(f, p, t);
    fputs("    exit(r & 127);\n}\n", f);
}

static void write_main(FILE *f, const struct random_program *p, int k)
{
    fprintf(f, "static void p%d(void)\n{\n    int r = 0, w[4] = {0};\n    begin();\n", k);
    fprintf(f, "    setup(%d);\n", p->permits);
    for (int t = 1; t < p->nthreads; t++)
        fprintf(f, "    if ((kid[%d] = fork()) == 0)\n        p%d_c%d();\n", t, k, t);
    write_body(f, p, 0);
    for (int t = 1; t < p->nthreads; t++)
        fprintf(f, "    while (waitpid(kid[%d], &w[%d], 0) < 0 && errno == EINTR) ;\n", t, t);
    fputs("    printf(\"%d %d %d|%d %d|%d %d %d\\n\", r, w[1], w[2], atomic_load(&s->a), "
          "atomic_load(&s->b), s->x, s->y, s->z);\n}\n",
          f);
}

void program_write(FILE *f, const struct random_program *p, int n)
{
    fputs(head, f);
    for (int k = 0; k < n; k++) {
        fprintf(f, "\n/* seed %llu */\n", (unsigned long long)p[k].seed);
        for (int t = 1; t < p[k].nthreads; t++)
            write_child(f, &p[k], k, t);
        write_main(f, &p[k], k);
    }
    fputs("\nint main(int argc, char **argv)\n{\n    switch (argc > 1 ? atoi(argv[1]) : 0) {\n", f);
    for (int k = 0; k < n; k++)
        fprintf(f, "    case %d:\n        p%d();\n        break;\n", k, k);
    fputs("    }\n    return 0;\n}\n", f);
}

void program_print(FILE *f, const struct random_program *p)
{
    for (int t = 1; t < p->nthreads; t++)
        write_child(f, p, 0, t);
    write_main(f, p, 0);
}

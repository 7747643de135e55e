/* Random programs as C source. */
#include "random.h"

#include <string.h>

static const char *const texts[OP_COUNT] = {
#define OP(id, weight, steps, text) text,
#include "ops.def"
#undef OP
};

static const char head[] =
    "#define _GNU_SOURCE\n"
    "#include <assert.h>\n"
    "#include <errno.h>\n"
    "#include <pthread.h>\n"
    "#include <sched.h>\n"
    "#include <semaphore.h>\n"
    "#include <stdatomic.h>\n"
    "#include <stdio.h>\n"
    "#include <stdlib.h>\n"
    "#include <string.h>\n"
    "#include <time.h>\n"
    "#include <unistd.h>\n"
    "#ifdef NOISE\n"
    "#include NOISE\n"
    "#else\n"
    "#define noise()\n"
    "#endif\n"
    "\n"
    "static int x, y, z;\n"
    "static atomic_int a, b;\n"
    "static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, n = PTHREAD_MUTEX_INITIALIZER;\n"
    "static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;\n"
    "static pthread_cond_t c = PTHREAD_COND_INITIALIZER;\n"
    "static pthread_once_t once = PTHREAD_ONCE_INIT;\n"
    "static sem_t s, u;\n"
    "static pthread_barrier_t bar;\n"
    "static const struct timespec soon = {1, 0};\n"
    "static void first(void) { x = 1; }\n"
    "static pthread_mutex_t q = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP,\n"
    "                       e = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;\n"
    "static pthread_spinlock_t sl;\n"
    "static pthread_once_t slow = PTHREAD_ONCE_INIT, outer = PTHREAD_ONCE_INIT;\n"
    "static int *box, pair[2];\n"
    "static __thread int mine;\n"
    "static pthread_mutex_t *heap;\n"
    "static pthread_t one;\n"
    "static void second(void) { pthread_mutex_lock(&m); y++; pthread_mutex_unlock(&m); }\n"
    "static void third(void) { pthread_once(&once, first); z = 1; }\n"
    "static void give_back(void *lock) { pthread_mutex_unlock(lock); }\n"
    "static void count(void *place) { ++*(int *)place; }\n"
    "static void *helper(void *k) { x += (int)(long)k; return k; }\n";

static void write_op(FILE *f, const struct one_op *op)
{
    static const char *const plain[] = {"x", "y", "z"}, *const atomics[] = {"a", "b", "a"};
    static const char *const mutexes[] = {"m", "n"}, *const others[] = {"q", "e"},
                             *const sems[] = {"s", "u", "s"};
    fputs("    noise();\n    ", f);
    for (const char *p = texts[op->kind]; *p; p++) {
        if (*p != '$') {
            fputc(*p, f);
            continue;
        }
        switch (*++p) {
        case 'v':
            fputs(plain[op->v], f);
            break;
        case 'a':
            fputs(atomics[op->v], f);
            break;
        case 'm':
            fputs(mutexes[op->m], f);
            break;
        case 'o':
            fputs(others[op->m], f);
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

static void write_thread(FILE *f, const struct random_program *p, int k, int t)
{
    fprintf(
        f,
        "static void *p%d_t%d(void *arg)\n{\n    int r = 0, value = 0, wanted = 0, *place = arg;\n",
        k, t);
    write_body(f, p, t);
    fputs("    (void)place, (void)value, (void)wanted;\n    return (void *)(long)r;\n}\n", f);
}

static void write_main(FILE *f, const struct random_program *p, int k)
{
    fprintf(f,
            "static void *p%d(void)\n{\n    int r = 0, value = 0, wanted = 0, local = 0, "
            "*place = &local;\n    pthread_t t[4];\n    void *v[4] = {0};\n",
            k);
    fprintf(f,
            "    sem_init(&s, 0, %d);\n    sem_init(&u, 0, 1);\n    pthread_barrier_init(&bar, 0, "
            "%d);\n    pthread_spin_init(&sl, 0);\n    box = calloc(1, sizeof *box);\n    "
            "heap = calloc(1, sizeof *heap);\n",
            p->permits, p->barrier);
    for (int t = 1; t < p->nthreads; t++)
        fprintf(f, "    pthread_create(&t[%d], 0, p%d_t%d, place);\n%s", t, k, t,
                t == 1 ? "    one = t[1];\n" : "");
    if (p->detached && p->detached < p->nthreads)
        fprintf(f, "    pthread_detach(t[%d]);\n", p->detached);
    write_body(f, p, 0);
    for (int t = 1; t < p->nthreads && !p->leaves; t++)
        if (t != p->detached)
            fprintf(f, "    pthread_join(t[%d], &v[%d]);\n", t, t);
    fputs("    (void)value, (void)wanted, (void)t;\n", f);
    fputs("    printf(\"%d %ld %ld %ld|%d %d %d\\n\", r, (long)v[1], (long)v[2], (long)v[3], x, y, "
          "z);\n",
          f);
    fputs(p->leaves > 1 ? "    pthread_exit(0);\n}\n" : "    return 0;\n}\n", f);
}

void program_write(FILE *f, const struct random_program *p, int n)
{
    fputs(head, f);
    for (int k = 0; k < n; k++) {
        fprintf(f, "\n/* seed %llu */\n", (unsigned long long)p[k].seed);
        for (int t = 1; t < p[k].nthreads; t++)
            write_thread(f, &p[k], k, t);
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
        write_thread(f, p, 0, t);
    write_main(f, p, 0);
}

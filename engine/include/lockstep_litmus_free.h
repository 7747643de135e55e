/* lockstep_litmus_free.h: the threads of a litmus test on real processors, many times.
 *
 * A batch is LITMUS_INSTANCES copies of the test, each in cache lines of its own. The threads meet,
 * then each runs its part of every copy, in the same order; then the endings are counted. What
 * makes an ending likely differs from processor to processor, so batches differ: the order of the
 * copies, whether the threads meet at each of them, whose cache holds what, small delays.
 *
 *     PROGRAM RUNS SEED PROCESSOR...    thread i is kept on processor i of the list, in turns
 *
 * The counts go to descriptor 100, again and again, each time as lines that end with ".": "RUNS
 * UNCOUNTED NANOSECONDS", then "COUNT VALUE...". When descriptor 101 has come to its end it ends.
 */
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LITMUS_COUNTS = 100, LITMUS_STOP = 101, LITMUS_TABLE = 4096, LITMUS_FILL = 2048 };

struct litmus_ending {
    unsigned long long n;
    long long v[LITMUS_SEEN];
};

static struct litmus_ending litmus_table[LITMUS_TABLE];
static int litmus_endings;
static unsigned long long litmus_done, litmus_wanted, litmus_uncounted;
static unsigned long long litmus_began;
static int litmus_processors[LITMUS_THREADS], litmus_nprocessors;
static int litmus_order[LITMUS_INSTANCES];
static int litmus_over, litmus_way;
static unsigned litmus_seed;
static struct {
    _Alignas(128) unsigned n;
} litmus_met, litmus_gate[LITMUS_INSTANCES];

enum { WAY_MEET = 1, WAY_SHUFFLE = 2, WAY_TOUCH = 4, WAY_DELAY = 8, WAYS = 16 };

static unsigned long long litmus_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (unsigned long long)t.tv_sec * 1000000000ull + (unsigned long long)t.tv_nsec;
}

/* While waiting: whoever is waited for may need this processor. */
static void litmus_pause(unsigned long n)
{
    if (n > 4000 || (litmus_nprocessors < LITMUS_THREADS && n > 20))
        sched_yield();
#if defined(__x86_64__) || defined(__i386__)
    else
        __builtin_ia32_pause();
#endif
}

static unsigned litmus_random(unsigned *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* ---- meeting ---- */
static void litmus_meet(void)
{
    unsigned mine = __atomic_fetch_add(&litmus_met.n, 1u, __ATOMIC_SEQ_CST);
    unsigned all = (mine / LITMUS_THREADS + 1) * LITMUS_THREADS;
    for (unsigned long n = 0; (int)(__atomic_load_n(&litmus_met.n, __ATOMIC_SEQ_CST) - all) < 0;
         n++)
        litmus_pause(n);
}

static void litmus_meet_at(int i)
{
    __atomic_fetch_add(&litmus_gate[i].n, 1u, __ATOMIC_SEQ_CST);
    for (unsigned long n = 0; __atomic_load_n(&litmus_gate[i].n, __ATOMIC_SEQ_CST) < LITMUS_THREADS;
         n++)
        litmus_pause(n);
}

/* ---- counting ---- */
static void litmus_count(const long long *v)
{
    unsigned long long h = 1469598103934665603ull;
    for (int i = 0; i < LITMUS_SEEN; i++)
        h = (h ^ (unsigned long long)v[i]) * 1099511628211ull;
    unsigned at = (unsigned)(h >> 32) % LITMUS_TABLE;
    while (litmus_table[at].n && memcmp(litmus_table[at].v, v, sizeof litmus_table[at].v) != 0)
        at = (at + 1) % LITMUS_TABLE;
    if (!litmus_table[at].n && litmus_endings == LITMUS_FILL) {
        litmus_uncounted++;
        return;
    }
    litmus_endings += !litmus_table[at].n;
    memcpy(litmus_table[at].v, v, sizeof litmus_table[at].v);
    litmus_table[at].n++;
}

static void litmus_write(const char *s, size_t n)
{
    while (n) {
        ssize_t k = write(LITMUS_COUNTS, s, n);
        if (k <= 0)
            _exit(1); /* nobody reads */
        s += k;
        n -= (size_t)k;
    }
}

static void litmus_tell(void)
{
    char line[LITMUS_SEEN * 24 + 64];
    int n = snprintf(line, sizeof line, "%llu %llu %llu\n", litmus_done, litmus_uncounted,
                     litmus_now() - litmus_began);
    litmus_write(line, (size_t)n);
    for (int i = 0; i < LITMUS_TABLE; i++) {
        if (!litmus_table[i].n)
            continue;
        n = snprintf(line, sizeof line, "%llu", litmus_table[i].n);
        for (int k = 0; k < LITMUS_SEEN; k++)
            n += snprintf(line + n, sizeof line - (size_t)n, " %lld", litmus_table[i].v[k]);
        line[n++] = '\n';
        litmus_write(line, (size_t)n);
    }
    litmus_write(".\n", 2);
}

/* ---- batches: the first thread prepares and counts them ---- */
static void litmus_shuffle(unsigned *state)
{
    for (int i = LITMUS_INSTANCES - 1; i > 0; i--) {
        int k = (int)(litmus_random(state) % (unsigned)(i + 1)), t = litmus_order[i];
        litmus_order[i] = litmus_order[k];
        litmus_order[k] = t;
    }
}

static void litmus_prepare(int batch, unsigned *state)
{
    litmus_way = batch % WAYS;
    if (litmus_nprocessors < LITMUS_THREADS)
        litmus_way &= ~WAY_MEET; /* each meeting would cost a switch */
    for (int i = 0; i < LITMUS_INSTANCES; i++) {
        litmus_begin(i);
        litmus_gate[i].n = 0;
        litmus_order[i] = i;
    }
    if (litmus_way & WAY_SHUFFLE)
        litmus_shuffle(state);
}

static int litmus_stopped(void)
{
    struct pollfd p = {LITMUS_STOP, POLLIN, 0};
    return poll(&p, 1, 0) > 0;
}

static void litmus_collect(void)
{
    static unsigned long long told, looked;
    for (int i = 0; i < LITMUS_INSTANCES && litmus_done < litmus_wanted; i++, litmus_done++) {
        long long v[LITMUS_SEEN];
        litmus_state(i, v);
        litmus_count(v);
    }
    unsigned long long now = litmus_now();
    litmus_over = litmus_done >= litmus_wanted;
    if (now - looked > 5000000) {
        looked = now;
        litmus_over |= litmus_stopped();
    }
    if (now - told > 100000000 && !litmus_over) {
        told = now;
        litmus_tell();
    }
}

/* Bring lines of the copies into this processor's cache, some more than others. */
static void litmus_touch(unsigned *state)
{
    long long v[LITMUS_SEEN];
    for (int i = 0; i < LITMUS_INSTANCES; i++)
        if (litmus_random(state) & 1) {
            litmus_state(i, v);
            __asm__ volatile("" ::"r"(v) : "memory");
        }
}

static void litmus_delay(unsigned *state)
{
    for (unsigned n = litmus_random(state) % 32; n; n--)
        __asm__ volatile("");
}

static void litmus_batch(int thread, unsigned *state)
{
    int way = litmus_way, crowded = litmus_nprocessors < LITMUS_THREADS;
    if (way & WAY_TOUCH)
        litmus_touch(state);
    litmus_meet();
    for (int k = 0; k < LITMUS_INSTANCES; k++) {
        int i = litmus_order[k];
        if (way & WAY_MEET)
            litmus_meet_at(i);
        if (way & WAY_DELAY)
            litmus_delay(state);
        if (crowded && litmus_random(state) % 64 == 0)
            sched_yield();
        litmus_thread(thread, i);
    }
}

static void *litmus_start(void *arg)
{
    int thread = (int)(intptr_t)arg;
    unsigned state = (litmus_seed * 16u + (unsigned)thread) * 2654435761u + 1u;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(litmus_processors[thread], &set);
    sched_setaffinity(0, sizeof set, &set);
    for (int batch = 0;; batch++) {
        if (thread == 0)
            litmus_prepare(batch, &state);
        litmus_meet();
        litmus_batch(thread, &state);
        litmus_meet();
        if (thread == 0)
            litmus_collect();
        litmus_meet();
        if (litmus_over)
            return NULL;
    }
}

int main(int argc, char **argv)
{
    pthread_t threads[LITMUS_THREADS];
    if (argc < 4)
        return 2;
    litmus_wanted = strtoull(argv[1], NULL, 10);
    litmus_seed = (unsigned)strtoul(argv[2], NULL, 10);
    litmus_nprocessors = argc - 3 < LITMUS_THREADS ? argc - 3 : LITMUS_THREADS;
    for (int i = 0; i < LITMUS_THREADS; i++)
        litmus_processors[i] = atoi(argv[3 + i % litmus_nprocessors]);
    litmus_began = litmus_now();
    for (int i = 0; i < LITMUS_THREADS; i++)
        if (pthread_create(&threads[i], NULL, litmus_start, (void *)(intptr_t)i))
            return 3;
    for (int i = 0; i < LITMUS_THREADS; i++)
        pthread_join(threads[i], NULL);
    litmus_tell();
    return 0;
}

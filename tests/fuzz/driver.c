/* Runs a fuzz harness in the test run: mutates its samples, the same way each time.
 *
 *     fuzz_NAME [SECONDS [SEED]]    default 2 seconds, seed 1
 *     fuzz_NAME FILE...             these inputs once, to look at a crash again
 *
 * Samples are the files of tests/fuzz/corpus/NAME/ and, when there are none, random bytes. The same
 * harness runs under libFuzzer: clang -fsanitize=fuzzer,address without this file. An input that
 * crashes, or takes longer than ten seconds, is written beside the program as crash-NAME. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

enum {
    INPUT_BYTES = 8192,
    MAX_SAMPLES = 512,
    LEAST_INPUTS = 200,
    SLOW_S = 10,
    POOL_BYTES = 1 << 20
};

struct sample {
    uint8_t *data;
    size_t size;
};

static struct sample samples[MAX_SAMPLES];
static size_t nsamples;
static uint64_t state = 1;
static struct sample current; /* the input under test */
static char crash_path[600];

static uint32_t chance(uint32_t below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((state >> 33) % below);
}

static void add_sample(const char *path)
{
    static uint8_t pool[POOL_BYTES];
    static size_t used;
    FILE *f = nsamples < MAX_SAMPLES ? fopen(path, "rb") : NULL;
    if (!f)
        return;
    size_t left = sizeof pool - used;
    size_t n = fread(pool + used, 1, left < INPUT_BYTES ? left : INPUT_BYTES, f);
    fclose(f);
    samples[nsamples++] = (struct sample){pool + used, n};
    used += n;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_corpus(const char *name)
{
    char folder[256], path[600];
    struct dirent **list;
    snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s", name);
    int n = scandir(folder, &list, NULL, by_name);
    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
        if (list[i]->d_name[0] != '.')
            add_sample(path);
        free(list[i]);
    }
    if (n >= 0)
        free(list);
}

static size_t change_bytes(uint8_t *d, size_t n)
{
    static const uint8_t odd[] = {0,   1,   0x7f, 0x80, 0xff, '\n', '"', '\\',
                                  ':', '{', '}',  '`',  '-',  ' ',  '9', '='};
    for (uint32_t i = chance(4) + 1; n && i; i--) {
        uint8_t *p = &d[chance((uint32_t)n)];
        switch (chance(3)) {
        case 0:
            *p ^= (uint8_t)(1u << chance(8));
            break;
        case 1:
            *p = odd[chance(sizeof odd)];
            break;
        default:
            *p = (uint8_t)(*p + chance(35) - 17);
        }
    }
    return n;
}

static size_t remove_piece(uint8_t *d, size_t n)
{
    if (!n)
        return 0;
    size_t at = chance((uint32_t)n), len = chance((uint32_t)(n - at)) / (chance(4) + 1) + 1;
    memmove(d + at, d + at + len, n - at - len);
    return n - len;
}

/* Insert a piece of a sample, or of the input itself. */
static size_t insert_piece(uint8_t *d, size_t n)
{
    uint8_t piece[256];
    struct sample self = {d, n},
                  *from = nsamples && chance(2) ? &samples[chance((uint32_t)nsamples)] : &self;
    if (!from->size || n + sizeof piece > INPUT_BYTES)
        return n;
    size_t at = chance((uint32_t)from->size), len = from->size - at;
    len = chance((uint32_t)(len < sizeof piece ? len : sizeof piece)) + 1;
    memcpy(piece, from->data + at, len);
    at = chance((uint32_t)n + 1);
    memmove(d + at + len, d + at, n - at);
    memcpy(d + at, piece, len);
    return n + len;
}

static size_t random_input(uint8_t *d)
{
    size_t n = chance(200);
    for (size_t i = 0; i < n; i++)
        d[i] = (uint8_t)(chance(2) ? chance(256) : 32 + chance(95));
    return n;
}

static size_t next_input(uint8_t *d)
{
    static size_t (*const change[])(uint8_t *, size_t) = {change_bytes, change_bytes, remove_piece,
                                                          insert_piece};
    if (!nsamples || chance(50) == 0)
        return random_input(d);
    const struct sample *s = &samples[chance((uint32_t)nsamples)];
    size_t n = s->size;
    memcpy(d, s->data, n);
    for (uint32_t i = chance(6); i; i--)
        n = change[chance(4)](d, n);
    return n;
}

/* A copy of its own, so that reading past the end is seen. */
static void try_input(const uint8_t *d, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);
    if (!copy)
        abort();
    memcpy(copy, d, n);
    current = (struct sample){copy, n};
    alarm(SLOW_S);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
}

static void write_input(void)
{
    int fd = open(crash_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, current.data, current.size) != (ssize_t)current.size)
        return;
    static const char told[] = "input written to ";
    if (write(1, told, sizeof told - 1) < 0 || write(1, crash_path, strlen(crash_path)) < 0 ||
        write(1, "\n", 1) < 0)
        return;
    close(fd);
}

static void too_slow(int sig)
{
    (void)sig;
    write_input();
    abort();
}

/* The sanitiser's own hooks: abort() is reported too, and the input is kept before the end. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "handle_abort=1";
}
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    static uint8_t input[INPUT_BYTES];
    const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];
    if (strncmp(name, "fuzz_", 5) == 0)
        name += 5;
    snprintf(crash_path, sizeof crash_path, "%.*scrash-%s", slash ? (int)(slash - argv[0] + 1) : 0,
             argv[0], name);
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(write_input);
    signal(SIGALRM, too_slow);
    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    double seconds = argc > 1 ? atof(argv[1]) : 2;
    if (argc > 1 && seconds <= 0) {
        for (int i = 1; i < argc; i++)
            add_sample(argv[i]);
        for (size_t i = 0; i < nsamples; i++)
            try_input(samples[i].data, samples[i].size);
        return 0;
    }
    state = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    read_corpus(name);
    for (size_t i = 0; i < nsamples; i++)
        try_input(samples[i].data, samples[i].size);
    double end = now_s() + seconds;
    unsigned long n = 0;
    while (n < LEAST_INPUTS || now_s() < end) {
        try_input(input, next_input(input));
        n++;
    }
    printf("%lu inputs from %zu samples\n", n, nsamples);
    return 0;
}

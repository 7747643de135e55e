/* The beginning in a process: the real functions, the memory that the host named. */
#include "inside.h"
#include "plain.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

struct recorder *R;
static const uint64_t none = 0;
const volatile uint64_t *drag = &none;

static bool sound(const struct recorder *r, uint64_t bytes)
{
    return r->magic == RECORDER_MAGIC && r->version == RECORDER_VERSION &&
           r->ring >= RECORDER_RING_MIN && r->ring <= RECORDER_RING_MAX &&
           (r->ring & (r->ring - 1)) == 0 && r->bytes == RECORDER_BYTES(r->ring) &&
           r->bytes <= bytes;
}

static struct recorder *map(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    void *p = MAP_FAILED;
    uint64_t bytes = fstat(fd, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size : 0;
    if (bytes >= RECORDER_BYTES(RECORDER_RING_MIN))
        p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
    real.close(fd);
    if (p == MAP_FAILED)
        return NULL;
    if (sound(p, bytes))
        return p;
    munmap(p, bytes);
    return NULL;
}

static void begin(void)
{
    const char *path = getenv(RECORDER_ENV);
    struct recorder *r = path ? map(path) : NULL;
    if (!r)
        return;
    plain_check();
    R = r;
    process_begin();
    drag = (const volatile uint64_t *)&r->pace;
}

/* Whoever comes while it goes on and is not what it calls itself, a thread made by the constructor
 * of another library, waits for it. */
static int state; /* 0, 1 under way, 2 done */

bool map_done(void)
{
    return __atomic_load_n(&state, __ATOMIC_ACQUIRE) == 2;
}

void map_once(void)
{
    static __thread bool mapping;
    int expected = 0;
    if (!__atomic_compare_exchange_n(&state, &expected, 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        while (!mapping && __atomic_load_n(&state, __ATOMIC_ACQUIRE) != 2)
            syscall(SYS_sched_yield);
        return;
    }
    int keep = errno;
    mapping = true;
    real_find();
    begin();
    mapping = false;
    __atomic_store_n(&state, 2, __ATOMIC_RELEASE);
    errno = keep;
}

static void __attribute__((constructor(101))) start(void)
{
    map_once();
    begun(); /* the first thread begins */
}

uint64_t text_add(const char *text)
{
    size_t n = strnlen(text, 4095) + 1;
    uint32_t at = __atomic_load_n(&R->ntext, __ATOMIC_RELAXED);
    do {
        if (at > RECORDER_TEXT || RECORDER_TEXT - at < n) {
            __atomic_fetch_add(&R->lost_text, 1, __ATOMIC_RELAXED);
            return ~0ull;
        }
    } while (!__atomic_compare_exchange_n(&R->ntext, &at, at + (uint32_t)n, 0, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED));
    memcpy(R->text + at, text, n - 1);
    R->text[at + n - 1] = '\0';
    return at;
}

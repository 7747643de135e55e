/* What a program that runs free may take of the machine. The guard holds the number of processes;
 * here it is said, and a program that goes on all the same is ended. */
#include "live_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LOOK_NS 100000000ull

/* Half of what is free now, so that the machine stays usable. */
static uint64_t memory_limit(void)
{
    char line[256];
    unsigned long long kib = 0;
    FILE *f = fopen("/proc/meminfo", "re");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "MemAvailable: %llu kB", &kib) == 1)
            break;
    if (f)
        fclose(f);
    uint64_t half = kib * 1024 / 2;
    return half && half < LIVE_MEMORY_MAX ? half : LIVE_MEMORY_MAX;
}

void live_limits_begin(struct live *l)
{
    l->memory_limit = memory_limit();
}

static uint64_t private_bytes(struct live_child *c)
{
    char path[64], text[256];
    snprintf(path, sizeof path, "/proc/%" PRId32 "/statm", c->pid);
    return proc_read(&c->memory, path, text, sizeof text) > 0
               ? proc_parse_private_pages(text) * 4096
               : 0;
}

void live_limits_look(struct live *l)
{
    char why[128];
    if (l->now - l->looked_at_limits < LOOK_NS)
        return;
    l->looked_at_limits = l->now;
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < l->nchildren; i++)
        bytes += private_bytes(&l->children[i]);
    if (bytes > l->memory_limit) {
        snprintf(why, sizeof why, _("it takes more than %" PRIu64 " MiB of memory"),
                 l->memory_limit >> 20);
        live_give_up(l, why);
    } else if (l->nchildren > LIVE_BORN) {
        snprintf(why, sizeof why, _("more than %d of its processes live at once"), LIVE_BORN);
        live_give_up(l, why);
    } else if (l->nthreads >= LIVE_THREADS) {
        snprintf(why, sizeof why, _("more than %d of its threads live at once"), LIVE_THREADS);
        live_give_up(l, why);
    }
}

/* lockstep live: what its options mean, where several ways of running share them. */
#include "cmd_live.h"

#include "recorder.h"

#include <ctype.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSORS = 64 }; /* bits of a list */

/* -------- processors -------- */

static uint64_t usable(void)
{
    cpu_set_t set;
    uint64_t bits = 0;
    if (sched_getaffinity(0, sizeof set, &set) < 0)
        return ~0ull;
    for (int i = 0; i < PROCESSORS; i++)
        if (CPU_ISSET((size_t)i, &set))
            bits |= 1ull << i;
    return bits;
}

/* A set as a list: "0-3,6". */
static void spell_processors(uint64_t bits, char *out, size_t n)
{
    size_t used = 0;
    out[0] = 0;
    for (int i = 0; i < PROCESSORS && used < n; i++) {
        int from = i;
        if (!(bits >> i & 1))
            continue;
        while (i + 1 < PROCESSORS && bits >> (i + 1) & 1)
            i++;
        used += (size_t)snprintf(out + used, n - used, used ? ",%d" : "%d", from);
        if (i > from && used < n)
            used += (size_t)snprintf(out + used, n - used, "-%d", i);
    }
}

/* A number at *s, which is moved behind it; -1 if there is none. */
static long number_at(const char **s)
{
    char *end;
    if (!isdigit((unsigned char)**s))
        return -1;
    long n = strtol(*s, &end, 10);
    *s = end;
    return n;
}

/* One word of a list, as "2" or "2-3"; its processors in *out. */
static int parse_word(const char *word, size_t nword, uint64_t can, uint64_t *out, struct err *e)
{
    const char *s = word;
    long from = number_at(&s), to = from;
    char all[96];
    if (from >= 0 && *s == '-') {
        s++;
        to = number_at(&s);
    }
    if (from < 0 || to < 0 || s != word + nword)
        return err_set(e, ERR_USAGE,
                       "--processors: '%.*s' is no processor and no range; a list is as 0,2-3",
                       (int)nword, word);
    if (to < from)
        return err_set(e, ERR_USAGE, "--processors: '%.*s' ends before it begins", (int)nword,
                       word);
    spell_processors(can, all, sizeof all);
    for (long i = from; i <= to; i++) {
        if (i >= PROCESSORS || !(can >> i & 1))
            return err_set(e, ERR_USAGE, "--processors: there is no processor %ld to use here: %s",
                           i, all);
        *out |= 1ull << i;
    }
    return 0;
}

int live_processors(const char *list, uint64_t *out, struct err *e)
{
    uint64_t can = usable();
    *out = 0;
    for (const char *s = list; s;) {
        size_t n = strcspn(s, ",");
        int rc = parse_word(s, n, can, out, e);
        if (rc < 0)
            return rc;
        s = s[n] ? s + n + 1 : NULL;
    }
    return 0;
}

/* -------- all of a run -------- */

int live_options_of(const struct options *o, struct live_options *out, struct err *e)
{
    /* A yield costs next to nothing and changes little, so it comes often. */
    static const uint32_t one_in[] = {[NOISE_NONE] = 0, [NOISE_YIELD] = 4, [NOISE_SLEEP] = 16};
    *out = (struct live_options){.accesses = o->accesses,
                                 .noise = (uint32_t)o->noise,
                                 .noise_1_in = one_in[o->noise],
                                 .noise_us = o->noise == NOISE_SLEEP ? 1000 : 0,
                                 .seed = o->seed};
    return live_processors(o->processors, &out->processors, e);
}

/* -------- load -------- */

/* The counter is volatile, so that the loop stays one. */
_Noreturn static void be_busy(uint64_t processors)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int i = 0; i < PROCESSORS; i++)
        if (processors >> i & 1)
            CPU_SET((size_t)i, &set);
    if (processors && sched_setaffinity(0, sizeof set, &set) < 0)
        _exit(1);
    for (volatile unsigned long n = 0;;)
        n = n + 1;
}

static pid_t begin_one(uint64_t processors)
{
    pid_t us = getpid(), pid = fork();
    if (pid)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != us) /* it ended before it could be said */
        _exit(1);
    signal(SIGINT, SIG_IGN); /* Ctrl-C at the terminal is for us */
    signal(SIGTSTP, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    close_range(0, ~0u, 0);
    be_busy(processors);
}

int live_load_begin(struct live_load *l, uint64_t n, uint64_t processors, struct err *e)
{
    l->n = 0;
    if (n > LIVE_LOAD_MAX)
        return err_set(e, ERR_USAGE, "--load: at most %d processes", LIVE_LOAD_MAX);
    while ((uint64_t)l->n < n) {
        pid_t pid = begin_one(processors);
        if (pid < 0) {
            int why = errno;
            live_load_end(l);
            return err_set(e, ERR_NOMEM, "--load: process %d of %llu cannot be made: %s", l->n + 1,
                           (unsigned long long)n, strerror(why));
        }
        l->pid[l->n++] = pid;
    }
    return 0;
}

void live_load_end(struct live_load *l)
{
    for (int i = 0; i < l->n; i++)
        kill(l->pid[i], SIGKILL);
    for (int i = 0; i < l->n; i++)
        while (waitpid(l->pid[i], NULL, 0) < 0 && errno == EINTR)
            ;
    l->n = 0;
}

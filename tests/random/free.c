/* Free runs: the same program compiled as any other, run many times with random pauses. Whatever
 * it does must be among the outcomes that the search found. */
#include "random.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char noise[] = "#include <stdint.h>\n"
                            "#include <unistd.h>\n"
                            "static _Thread_local unsigned noise_seed;\n"
                            "static void noise(void)\n{\n"
                            "    if (!noise_seed)\n"
                            "        noise_seed = ((unsigned)getpid() * 2654435761u) ^ "
                            "(unsigned)((uintptr_t)&noise_seed >> 8);\n"
                            "    noise_seed = noise_seed * 1664525u + 1013904223u;\n"
                            "    if (noise_seed >> 30)\n"
                            "        usleep(noise_seed >> 16 & 127);\n"
                            "}\n";

int free_build(const struct tools *t, const char *name)
{
    char command[2048];
    snprintf(command, sizeof command, "%s/noise.h", t->folder);
    FILE *f = fopen(command, "w");
    if (!f)
        return -1;
    fputs(noise, f);
    fclose(f);
    snprintf(command, sizeof command,
             "cd '%s' && cc -w -pthread '-DNOISE=\"noise.h\"' -o %s.free %s.c", t->folder, name,
             name);
    return system(command);
}

struct outcome {
    char out[2048];
    int status, signal; /* -1, 0 when it did not end */
    bool stuck;
};

static void run_child(const struct tools *t, const char *name, int k, int to)
{
    char path[512], arg[16];
    snprintf(path, sizeof path, "%s/%s.free", t->folder, name);
    snprintf(arg, sizeof arg, "%d", k);
    dup2(to, 1);
    if (!freopen("/dev/null", "w", stderr))
        _exit(126);
    execl(path, path, arg, (char *)NULL);
    _exit(127);
}

/* Read what it prints until its end or for `ms` milliseconds; true at its end. */
static bool read_all(int from, char *out, size_t size, int ms)
{
    size_t n = 0;
    struct pollfd p = {.fd = from, .events = POLLIN};
    while (poll(&p, 1, ms) > 0) {
        ssize_t got = read(from, out + n, size - 1 - n);
        if (got <= 0)
            return true;
        n += (size_t)got;
        out[n] = '\0';
    }
    return false;
}

static void run_once(const struct tools *t, const char *name, int k, struct outcome *o)
{
    int ends[2], rc;
    *o = (struct outcome){.status = -1};
    if (pipe(ends))
        abort();
    pid_t pid = fork();
    if (pid == 0)
        run_child(t, name, k, ends[1]);
    close(ends[1]);
    o->stuck = !read_all(ends[0], o->out, sizeof o->out, 3000);
    if (o->stuck)
        kill(pid, SIGKILL);
    waitpid(pid, &rc, 0);
    close(ends[0]);
    if (o->stuck)
        return;
    if (WIFEXITED(rc))
        o->status = WEXITSTATUS(rc);
    else
        o->signal = WTERMSIG(rc);
}

static bool matches(json_t *a, const struct outcome *o)
{
    bool stuck = json_object_get(a, "deadlock") || json_object_get(a, "livelock");
    if (stuck || o->stuck)
        return stuck && o->stuck;
    json_t *exit = json_object_get(a, "exit"), *sig = json_object_get(a, "signal");
    if ((json_is_integer(exit) ? (int)json_integer_value(exit) : -1) != o->status)
        return false;
    if (json_is_integer(sig)) /* what was buffered is lost when a signal ends it */
        return json_integer_value(sig) == o->signal;
    return strcmp(json_string_value(json_object_get(a, "stdout")), o->out) == 0;
}

static bool explored(json_t *all, const struct outcome *o)
{
    size_t i;
    json_t *a;
    json_array_foreach (json_object_get(all, "outcomes"), i, a)
        if (matches(a, o))
            return true;
    return false;
}

/* Programs whose free runs may do anything at all: a misuse, or memory the processor may reorder.
 */
static bool is_undefined(json_t *all)
{
    size_t i;
    json_t *f;
    json_array_foreach (json_object_get(all, "findings"), i, f)
        if (strcmp(json_string_value(json_object_get(f, "kind")), "misuse") == 0)
            return true;
    return false;
}

int free_compare(const struct tools *t, const char *name, int k, json_t *all, char **at,
                 size_t *left)
{
    int stuck = 0, wrong = 0;
    if (is_undefined(all))
        return 0;
    for (int i = 0; i < t->native_runs && stuck < 2 && !wrong; i++) {
        struct outcome o;
        run_once(t, name, k, &o);
        stuck += o.stuck;
        if (explored(all, &o))
            continue;
        wrong++;
        int n = snprintf(*at, *left,
                         "a free run did what no schedule does: \"%.200s\" exit %d signal %d%s\n",
                         o.out, o.status, o.signal, o.stuck ? " stuck" : "");
        *at += (size_t)n < *left ? (size_t)n : *left - 1;
    }
    return wrong;
}

#include "proc.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the parsers ---- */
/* sscanf is too slow for what is read a thousand times a second. */
static int64_t number(const char **s)
{
    while (**s == ' ' || **s == '\t')
        ++*s;
    int negative = **s == '-';
    *s += negative;
    uint64_t n = 0;
    for (; **s >= '0' && **s <= '9'; ++*s)
        n = n * 10 + (uint64_t)(**s - '0');
    return negative ? -(int64_t)n : (int64_t)n;
}

static int is_number(const char *s)
{
    while (*s == ' ' || *s == '\t')
        s++;
    s += *s == '-';
    return *s >= '0' && *s <= '9';
}

static void skip(const char **s, int fields)
{
    for (; fields > 0; fields--) {
        while (**s == ' ')
            ++*s;
        while (**s && **s != ' ')
            ++*s;
    }
}

static void copy_name(char out[16], const char *s, size_t n)
{
    size_t i = 0;
    for (; i < n && i < 15; i++)
        out[i] = (unsigned char)s[i] < 0x20 || (unsigned char)s[i] >= 0x7f ? '?' : s[i];
    out[i] = '\0';
}

int proc_parse_stat(const char *text, struct proc_stat *out)
{
    const char *open = strchr(text, '('), *close = strrchr(text, ')');
    if (!is_number(text) || !open || !close || close < open || close[1] != ' ' || !close[2])
        return -1;
    *out = (struct proc_stat){0};
    const char *s = text;
    out->pid = (int32_t)number(&s);
    copy_name(out->comm, open + 1, (size_t)(close - open - 1));
    out->state = close[2];
    s = close + 3;
    if (!is_number(s))
        return -1;
    out->ppid = (int32_t)number(&s);
    out->pgrp = (int32_t)number(&s);
    out->session = (int32_t)number(&s);
    skip(&s, 13); /* to num_threads, the 20th of all */
    out->threads = (int)number(&s);
    skip(&s, 1);
    out->start = (uint64_t)number(&s);
    skip(&s, 16); /* to processor, the 39th */
    if (!is_number(s))
        return -1;
    out->processor = (int)number(&s);
    skip(&s, 12); /* to exit_code, the 52nd */
    out->exit_code = (int)number(&s);
    return 0;
}

int proc_parse_schedstat(const char *text, uint64_t *run_ns, uint64_t *ready_ns)
{
    const char *s = text;
    if (!is_number(s))
        return -1;
    uint64_t run = (uint64_t)number(&s);
    if (!is_number(s))
        return -1;
    *run_ns = run;
    *ready_ns = (uint64_t)number(&s);
    return 0;
}

int proc_parse_switches(const char *text, uint64_t *voluntary, uint64_t *involuntary)
{
    static const char first[] = "\nvoluntary_ctxt_switches:";
    static const char second[] = "\nnonvoluntary_ctxt_switches:";
    const char *a = strstr(text, first), *b = strstr(text, second);
    if (!a || !b || !is_number(a + sizeof first - 1) || !is_number(b + sizeof second - 1))
        return -1;
    a += sizeof first - 1;
    b += sizeof second - 1;
    *voluntary = (uint64_t)number(&a);
    *involuntary = (uint64_t)number(&b);
    return 0;
}

int32_t proc_parse_group(const char *text)
{
    static const char word[] = "\nTgid:";
    const char *s = strstr(text, word);
    if (!s || !is_number(s + sizeof word - 1))
        return -1;
    s += sizeof word - 1;
    return (int32_t)number(&s);
}

uint64_t proc_parse_private_pages(const char *text)
{
    const char *s = text;
    skip(&s, 1);
    int64_t in_memory = number(&s), shared = number(&s);
    return in_memory > shared ? (uint64_t)(in_memory - shared) : 0;
}

uint64_t proc_private_bytes(int32_t pid)
{
    struct proc_file file = PROC_CLOSED;
    char path[64], text[128];
    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    int n = proc_read(&file, path, text, sizeof text);
    proc_close(&file);
    return n > 0 ? proc_parse_private_pages(text) * 4096u : 0;
}

int64_t proc_parse_youngest(const char *text)
{
    const char *last = strrchr(text, ' ');
    if (!last || !is_number(last))
        return -1;
    return number(&last);
}

/* ---- files ---- */
static int may_open = 256, nopen;

void proc_keep_open(int max)
{
    may_open = max;
}

void proc_close(struct proc_file *f)
{
    if (f->fd < 0)
        return;
    close(f->fd);
    f->fd = -1;
    nopen--;
}

int proc_read(struct proc_file *f, const char *path, char *out, size_t n)
{
    int fd = f->fd >= 0 ? f->fd : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t got = pread(fd, out, n - 1, 0);
    out[got > 0 ? got : 0] = '\0';
    if (f->fd < 0 && got >= 0 && nopen < may_open) {
        f->fd = fd;
        nopen++;
    } else if (f->fd < 0) {
        close(fd);
    } else if (got < 0) {
        proc_close(f);
    }
    return (int)got;
}

int proc_list(const char *folder, int32_t *out, int max)
{
    DIR *d = opendir(folder);
    if (!d)
        return -1;
    int n = 0;
    for (struct dirent *e; n < max && (e = readdir(d));)
        if (*e->d_name >= '1' && *e->d_name <= '9')
            out[n++] = (int32_t)strtol(e->d_name, NULL, 10);
    closedir(d);
    return n;
}

int proc_ranges(int32_t pid, struct proc_range *out, int max)
{
    char line[512];
    snprintf(line, sizeof line, "/proc/%" PRId32 "/maps", pid);
    FILE *f = fopen(line, "re");
    if (!f)
        return -1;
    int n = 0;
    while (n < max && fgets(line, sizeof line, f)) {
        char *end;
        struct proc_range *r = &out[n];
        r->low = strtoull(line, &end, 16);
        if (*end != '-')
            continue; /* the rest of a long line */
        r->high = strtoull(end + 1, &end, 16);
        if (strlen(end) < 5)
            continue;
        r->shared = end[4] == 's';
        r->stack = strstr(end, "[stack]") != NULL;
        n++;
    }
    fclose(f);
    return n;
}

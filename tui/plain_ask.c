/* Prompts of plain mode. */
#include "plain.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* What was typed and not asked for yet. Not stdio's buffer, so that waiting and signals go
 * together: a signal that comes between a look at the flag and a read would be lost until the next
 * key. */
static struct buf typed;

static int wait_for(int fd, int ms)
{
    sigset_t ends, before;
    struct pollfd p[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
    struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
    int n = 0;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &ends, &before); /* but for the wait itself */
    if (!signal_caught())
        n = ppoll(p, 2, ms < 0 ? NULL : &t, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (signal_caught())
        return -1;
    return n > 0 && p[0].revents ? PLAIN_TYPED : PLAIN_ELSE;
}

int plain_wait(int fd, int ms)
{
    return typed.len && memchr(typed.data, '\n', typed.len) ? PLAIN_TYPED : wait_for(fd, ms);
}

/* 1, or 0 after a signal. */
static int wait_for_input(void)
{
    int got;
    do
        got = wait_for(-1, -1);
    while (got == PLAIN_ELSE);
    return got == PLAIN_TYPED;
}

/* Read some more. 0 at the end of input or after a signal. */
static int read_more(void)
{
    char block[1024];
    if (!wait_for_input())
        return 0;
    ssize_t n = read(STDIN_FILENO, block, sizeof block);
    if (n > 0)
        buf_add(&typed, block, (size_t)n);
    return n > 0 || (n < 0 && errno == EINTR);
}

static void take_line(size_t n, char **line, size_t *cap)
{
    if (*cap < n + 1) {
        *line = xrealloc(*line, n + 1, 1);
        *cap = n + 1;
    }
    memcpy(*line, typed.data, n);
    while (n > 0 && (*line)[n - 1] == '\r')
        n--;
    (*line)[n] = '\0';
}

int plain_ask(const char *prompt, char **line, size_t *cap)
{
    char *newline = NULL;
    fputs(prompt, stdout);
    if (out_flush() < 0)
        return 0;
    while (!typed.len || !(newline = memchr(typed.data, '\n', typed.len)))
        if (!read_more()) {
            putchar('\n');
            buf_fini(&typed);
            return 0;
        }
    size_t n = (size_t)(newline - typed.data);
    take_line(n, line, cap);
    memmove(typed.data, newline + 1, typed.len - n - 1);
    typed.len -= n + 1;
    if (!typed.len)
        buf_fini(&typed);
    return 1;
}

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

/* Wait for standard input with the signals blocked but for the wait itself. 1, or 0 when a signal
 * has come. */
static int wait_for_input(void)
{
    sigset_t ends, before;
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    int ready = 0;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &ends, &before);
    while (!signal_caught() && !ready)
        ready = ppoll(&p, 1, NULL, &before) > 0;
    sigprocmask(SIG_SETMASK, &before, NULL);
    return ready;
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

/* pty SCRIPT COMMAND...: a conversation with a program on a terminal of its own (80x24). The script
 * is a file of lines: `expect TEXT` waits until TEXT comes after what was expected before, `refuse
 * TEXT` fails if TEXT has come since the last expect, `send TEXT` types it, `hangup` closes the
 * terminal. C escapes \n \r \e \xNN are known. All that the program writes goes to standard output.
 * Status: that of the program (128+n for a signal); 99 when an expectation was not met in time. */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DEADLINE_MS = 30000, NOT_MET = 99, MAX_SEEN = 8 << 20 };

static char seen[MAX_SEEN];
static size_t nseen, matched; /* matched: end of the last expectation */
static int terminal;

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Read what comes within ms. 0 when the terminal is closed. */
static int listen_for(int ms)
{
    struct pollfd p = {.fd = terminal, .events = POLLIN};
    if (poll(&p, 1, ms) <= 0)
        return 1;
    ssize_t n = nseen < MAX_SEEN ? read(terminal, seen + nseen, MAX_SEEN - nseen) : -1;
    if (n <= 0)
        return n < 0 && errno == EINTR;
    if (write(STDOUT_FILENO, seen + nseen, (size_t)n) < 0)
        return 0;
    nseen += (size_t)n;
    return 1;
}

static void unescape(char *s)
{
    char *to = s;
    for (; *s; s++) {
        if (*s != '\\') {
            *to++ = *s;
            continue;
        }
        s++;
        if (*s == 'x') {
            char hex[3] = {s[1], s[1] ? s[2] : '\0', '\0'};
            *to++ = (char)strtol(hex, NULL, 16);
            s += 2;
        } else {
            *to++ = *s == 'n' ? '\n' : *s == 'r' ? '\r' : *s == 'e' ? '\033' : *s;
        }
    }
    *to = '\0';
}

static int expect(const char *text)
{
    long end = now_ms() + DEADLINE_MS;
    for (int open = 1;;) {
        char *at = memmem(seen + matched, nseen - matched, text, strlen(text));
        if (at) {
            matched = (size_t)(at - seen) + strlen(text);
            return 0;
        }
        if (!open || now_ms() >= end)
            break;
        open = listen_for(100);
    }
    fprintf(stderr, "pty: \"%s\" did not come\n", text);
    return -1;
}

static int refuse(const char *text)
{
    if (!memmem(seen + matched, nseen - matched, text, strlen(text)))
        return 0;
    fprintf(stderr, "pty: \"%s\" came\n", text);
    return -1;
}

static int perform(char *line)
{
    line[strcspn(line, "\n")] = '\0';
    char *text = line + strcspn(line, " ");
    if (*text)
        *text++ = '\0';
    unescape(text);
    if (strcmp(line, "expect") == 0)
        return expect(text);
    if (strcmp(line, "refuse") == 0)
        return refuse(text);
    if (strcmp(line, "send") == 0)
        return write(terminal, text, strlen(text)) == (ssize_t)strlen(text) ? 0 : -1;
    if (strcmp(line, "hangup") == 0)
        return close(terminal);
    if (!*line || *line == '#')
        return 0;
    fprintf(stderr, "pty: unknown line: %s\n", line);
    return -1;
}

static int end_of(pid_t child, int failed)
{
    long end = now_ms() + DEADLINE_MS;
    int status = 0;
    if (failed)
        kill(child, SIGKILL);
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (now_ms() >= end) {
            fputs("pty: the program does not end\n", stderr);
            kill(child, SIGKILL);
            failed = 1;
            end = now_ms() + DEADLINE_MS;
        }
        listen_for(20);
    }
    while (listen_for(0) && !failed && nseen < MAX_SEEN) {
        struct pollfd p = {.fd = terminal, .events = POLLIN};
        if (poll(&p, 1, 0) <= 0)
            break;
    }
    return failed ? NOT_MET : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int follow(const char *path)
{
    FILE *script = fopen(path, "re");
    char line[4096];
    int failed = !script;
    if (!script)
        fprintf(stderr, "pty: %s: %s\n", path, strerror(errno));
    while (!failed && fgets(line, sizeof line, script))
        failed = perform(line) < 0;
    if (script)
        fclose(script);
    return failed;
}

int main(int argc, char **argv)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    if (argc < 3)
        return 2;
    pid_t child = forkpty(&terminal, NULL, NULL, &size);
    if (child == 0) {
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    return child < 0 ? 2 : end_of(child, follow(argv[1]));
}

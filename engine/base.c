#include "base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct {
    int exit_status;
    const char *text;
} errors[ERR_COUNT] = {
    [ERR_NONE] = {0, N_("no error")},
#define ERR(name, exit_status, text) [ERR_##name] = {exit_status, text},
#include "err.def"
#undef ERR
};

static void (*restore_at_fatal)(void);

/* The translation of "" is the head of a catalogue. */
const char *translated(const char *text)
{
    return *text ? gettext(text) : text;
}

const char *translated_in(const char *key, const char *text)
{
    const char *found = gettext(key);
    return found == key ? text : found;
}

const char *err_text(int code)
{
    int c = abs(code);
    return c < ERR_COUNT ? _(errors[c].text) : _("unknown error");
}

int err_exit_status(int code)
{
    int c = abs(code);
    return c < ERR_COUNT ? errors[c].exit_status : 70;
}

int err_set(struct err *e, enum err_code code, const char *format, ...)
{
    if (e) {
        va_list ap;
        va_start(ap, format);
        e->code = (int)code;
        vsnprintf(e->message, sizeof e->message, _(format), ap);
        va_end(ap);
    }
    return -(int)code;
}

void base_at_fatal(void (*restore)(void))
{
    restore_at_fatal = restore;
}

void base_fatal(const char *format, ...)
{
    if (restore_at_fatal)
        restore_at_fatal();
    va_list ap;
    va_start(ap, format);
    fputs("lockstep: ", stderr);
    vfprintf(stderr, _(format), ap);
    fputc('\n', stderr);
    va_end(ap);
    exit(70);
}

void *xcalloc(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size ? size : 1);
    if (!p)
        base_fatal("out of memory (%zu x %zu bytes)", n, size);
    return p;
}

void *xrealloc(void *p, size_t n, size_t size)
{
    void *q = reallocarray(p, n ? n : 1, size ? size : 1);
    if (!q)
        base_fatal("out of memory (%zu x %zu bytes)", n, size);
    return q;
}

char *xstrdup(const char *s)
{
    size_t n = strlen(s) + 1;
    return memcpy(xcalloc(n, 1), s, n);
}

char *xasprintf(const char *format, ...)
{
    char *s;
    va_list ap;
    va_start(ap, format);
    int n = vasprintf(&s, format, ap);
    va_end(ap);
    if (n < 0)
        base_fatal("out of memory");
    return s;
}

static void buf_reserve(struct buf *b, size_t n)
{
    if (b->len + n + 1 <= b->cap)
        return;
    size_t cap = b->cap ? b->cap * 2 : 64;
    while (cap < b->len + n + 1)
        cap *= 2;
    b->data = xrealloc(b->data, cap, 1);
    b->cap = cap;
}

int64_t base_now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

double base_now_s(void)
{
    return (double)base_now_ns() / 1e9;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
    buf_reserve(b, n);
    if (n)
        memcpy(b->data + b->len, bytes, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, format, ap);
    va_end(ap);
    if (n > 0) {
        buf_reserve(b, (size_t)n);
        vsnprintf(b->data + b->len, (size_t)n + 1, format, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

const char *buf_text(const struct buf *b)
{
    return b->data ? b->data : "";
}

void buf_path(struct buf *b, const char *path)
{
    const char *home = getenv("HOME");
    size_t n = home ? strlen(home) : 0;
    int below = n > 1 && !strncmp(path, home, n) && path[n] == '/';
    buf_puts(b, below ? "~" : "");
    buf_puts(b, below ? path + n : path);
}

void buf_fini(struct buf *b)
{
    free(b->data);
    *b = (struct buf){0};
}

/* Length of the valid UTF-8 sequence at s (n bytes left), 0 if it is none. */
static size_t utf8_length(const unsigned char *s, size_t n)
{
    if (s[0] < 0x80)
        return 1;
    size_t len = s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : s[0] >= 0xe0 ? 3 : s[0] >= 0xc2 ? 2 : 0;
    if (!len || s[0] > 0xf4 || len > n)
        return 0;
    uint32_t c = s[0] & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3f);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return 0;
    return len;
}

void buf_json(struct buf *b, const char *s, size_t n)
{
    buf_add(b, "\"", 1);
    for (size_t i = 0; i < n;) {
        unsigned char c = (unsigned char)s[i];
        size_t len = utf8_length((const unsigned char *)s + i, n - i);
        if (len == 0) {
            buf_puts(b, "\xef\xbf\xbd");
            i++;
            continue;
        }
        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c == '\n')
            buf_puts(b, "\\n");
        else if (c == '\t')
            buf_puts(b, "\\t");
        else if (c < 0x20 || c == 0x7f)
            buf_printf(b, "\\u%04x", c);
        else
            buf_add(b, s + i, len);
        i += len;
    }
    buf_add(b, "\"", 1);
}

void buf_visible(struct buf *b, const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        unsigned char c = (unsigned char)s[i];
        size_t len = utf8_length((const unsigned char *)s + i, n - i);
        if (c == '\n')
            buf_puts(b, "\\n");
        else if (c == '\t')
            buf_puts(b, "\\t");
        else if (len == 0 || c < 0x20 || c == 0x7f ||
                 (len == 2 && c == 0xc2 && (unsigned char)s[i + 1] < 0xa0))
            buf_printf(b, "\\x%02x", c);
        else
            buf_add(b, s + i, len);
        i += len && !(len == 2 && c == 0xc2 && (unsigned char)s[i + 1] < 0xa0) ? len : 1;
    }
}

#include "text.h"

#include <string.h>

/* -------- bytes -------- */

static const struct {
    uint32_t first, last;
    const char *why;
} refused[] = {
    {0x00, 0x08, "a control character; remove it"},
    {0x0b, 0x0c, "a control character; remove it"},
    {0x0d, 0x0d, "a carriage return; save the file with Unix line ends"},
    {0x0e, 0x1f, "a control character; remove it"},
    {0x7f, 0x9f, "a control character; remove it"},
    {0x200b, 0x200f, "an invisible character; remove it"},
    {0x2028, 0x202e, "a character that changes lines or the direction of writing; remove it"},
    {0x2060, 0x206f, "an invisible character; remove it"},
    {0xfeff, 0xfeff, "a byte order mark; save the file as UTF-8 without it"},
};

/* Length of the UTF-8 sequence at s[0..n), its character in *c; 0 if it is none. */
static size_t utf8_decode(const char *s, size_t n, uint32_t *c)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)s;
    size_t len = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (len == 0 || len > n || p[0] > 0xf4)
        return 0;
    *c = len == 1 ? p[0] : p[0] & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        *c = *c << 6 | (p[i] & 0x3f);
    }
    return *c < least[len] || (*c >= 0xd800 && *c < 0xe000) || *c > 0x10ffff ? 0 : len;
}

size_t text_check(const char *s, size_t n, const char **what)
{
    for (size_t i = 0; i < n;) {
        uint32_t c = 0;
        size_t len = utf8_decode(s + i, n - i, &c);
        if (!len) {
            *what = "a byte that is not UTF-8; save the file as UTF-8";
            return i;
        }
        for (size_t k = 0; k < sizeof refused / sizeof refused[0]; k++)
            if (c >= refused[k].first && c <= refused[k].last) {
                *what = refused[k].why;
                return i;
            }
        i += len;
    }
    return n;
}

/* -------- styled text -------- */

void text_begin(struct text_builder *b, struct pool *mem)
{
    *b = (struct text_builder){.mem = mem};
}

void text_fini(struct text_builder *b)
{
    buf_fini(&b->bytes);
    *b = (struct text_builder){.mem = b->mem};
}

static enum lesson_style style_now(const struct text_builder *b)
{
    return b->code       ? STYLE_CODE
           : b->strong   ? STYLE_STRONG
           : b->emphasis ? STYLE_EMPHASIS
                         : STYLE_PLAIN;
}

static void add(struct text_builder *b, const char *s, size_t n)
{
    if (n == 0)
        return;
    enum lesson_style style = style_now(b);
    struct lesson_run *last = b->nruns ? &b->runs[b->nruns - 1] : NULL;
    if (!last || last->style != style) {
        last = pool_push(b->mem, &b->runs, &b->nruns, sizeof *last);
        *last = (struct lesson_run){.start = b->bytes.len, .style = style};
    }
    last->n += n;
    buf_add(&b->bytes, s, n);
}

int text_span(struct text_builder *b, MD_SPANTYPE type, int enter, const char **what)
{
    int by = enter ? 1 : -1;
    switch (type) {
    case MD_SPAN_EM:
        b->emphasis += by;
        return 0;
    case MD_SPAN_STRONG:
        b->strong += by;
        return 0;
    case MD_SPAN_CODE:
        b->code += by;
        return 0;
    default:
        *what = "a link or an image, which a terminal cannot follow; write it out as text";
        return -ERR_DATA;
    }
}

static int add_entity(struct text_builder *b, const char *s, size_t n, const char **what)
{
    static const struct {
        const char *entity, *text;
    } known[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&nbsp;", " "}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strlen(known[i].entity) == n && !memcmp(known[i].entity, s, n)) {
            add(b, known[i].text, strlen(known[i].text));
            return 0;
        }
    *what = "an entity that is not known here; write the character itself";
    return -ERR_DATA;
}

int text_chunk(struct text_builder *b, MD_TEXTTYPE type, const char *s, size_t n, const char **what)
{
    switch (type) {
    case MD_TEXT_BR:
        add(b, "\n", 1);
        return 0;
    case MD_TEXT_SOFTBR:
        add(b, " ", 1);
        return 0;
    case MD_TEXT_ENTITY:
        return add_entity(b, s, n, what);
    default:
        break;
    }
    while (n) { /* a tab is a blank in running text */
        const char *tab = memchr(s, '\t', n);
        size_t plain = tab ? (size_t)(tab - s) : n;
        add(b, s, plain);
        if (tab)
            add(b, " ", 1);
        s += plain + (tab != NULL);
        n -= plain + (tab != NULL);
    }
    return 0;
}

struct lesson_text text_take(struct text_builder *b)
{
    struct lesson_text t = {.text = pool_strndup(b->mem, b->bytes.data, b->bytes.len),
                            .runs = b->runs,
                            .nruns = b->nruns};
    text_fini(b);
    return t;
}

/* -------- one line of Markdown -------- */

/* What stands before the line, so that it is a paragraph whatever it begins with ("1.", "#"). */
static const char guard[] = "x ";
enum { GUARD = sizeof guard - 1 };

struct inline_parse {
    struct text_builder b;
    const char **what;
    int bad; /* md4c does not pass on what every callback returns */
};

static int on_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    (void)detail;
    struct inline_parse *p = ctx;
    if (type == MD_BLOCK_DOC || type == MD_BLOCK_P)
        return 0;
    *p->what = "more than one paragraph; keep to running text here";
    return p->bad = 1;
}

static int on_enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    (void)detail;
    struct inline_parse *p = ctx;
    p->bad |= text_span(&p->b, type, 1, p->what) != 0;
    return p->bad;
}

static int on_leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    (void)detail;
    struct inline_parse *p = ctx;
    p->bad |= text_span(&p->b, type, 0, p->what) != 0;
    return p->bad;
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *s, MD_SIZE n, void *ctx)
{
    struct inline_parse *p = ctx;
    p->bad |= text_chunk(&p->b, type, s, n, p->what) != 0;
    return p->bad;
}

static void drop_guard(struct lesson_text *t)
{
    if (strncmp(t->text, guard, GUARD) != 0)
        return;
    t->text += GUARD;
    struct lesson_run *first = &t->runs[0];
    first->n -= GUARD; /* the guard is plain, so the first run holds all of it */
    if (first->n == 0) {
        t->runs++;
        t->nruns--;
    }
    for (size_t i = 0; i < t->nruns; i++)
        if (t->runs[i].start)
            t->runs[i].start -= GUARD;
}

int text_inline(struct pool *mem, const char *s, size_t n, struct lesson_text *out,
                const char **what)
{
    struct inline_parse p = {.what = what};
    struct buf line = {0};
    text_begin(&p.b, mem);
    buf_add(&line, guard, GUARD);
    buf_add(&line, s, n);
    MD_PARSER parser = {.flags = MD_FLAG_COLLAPSEWHITESPACE | MD_FLAG_NOHTML,
                        .enter_block = on_block,
                        .leave_block = on_block,
                        .enter_span = on_enter_span,
                        .leave_span = on_leave_span,
                        .text = on_text};
    *what = "text that cannot be read";
    int bad = md_parse(line.data, (MD_SIZE)line.len, &parser, &p) || p.bad;
    if (bad) {
        text_fini(&p.b);
    } else {
        *out = text_take(&p.b);
        drop_guard(out);
    }
    buf_fini(&line);
    return bad ? -ERR_DATA : 0;
}

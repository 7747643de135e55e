#include "document.h"
#include "text.h"

#include <ctype.h>
#include <string.h>

enum { MAX_DEPTH = 4 }; /* of lists */

/* A list being read. */
struct list {
    int ordered, number;
};

struct document {
    struct reader *r;
    struct lesson *l;
    int line; /* of the last pointer md4c showed */
    struct text_builder text;
    int in_text, text_line; /* a paragraph, heading or item is open */
    enum lesson_block_kind text_kind;
    int heading; /* its level; 0 outside */
    struct list lists[MAX_DEPTH];
    int depth, first_in_item; /* no text of the item was closed yet */
    int in_code;
    struct buf code;
    char *code_word, *code_argument;
    int code_line;
};

/* md4c points into the source nearly always; where it does not, the last line seen stands. */
static void see(struct document *d, const char *p)
{
    int line = p ? reader_line(d->r, p) : 0;
    if (line)
        d->line = line;
}

static int refuse(struct document *d, const char *what)
{
    return reader_fail(d->r, d->line, "%s", what);
}

/* -------- sections and blocks -------- */

static struct lesson_block *block_add(struct document *d, enum lesson_block_kind kind, int line)
{
    if (d->l->nsections == 0) {
        reader_fail(d->r, line, "text before the first section; begin with `## Title`");
        return NULL;
    }
    struct lesson_section *s = &d->l->sections[d->l->nsections - 1];
    struct lesson_block *b = pool_push(d->r->mem, &s->blocks, &s->nblocks, sizeof *b);
    b->kind = kind;
    b->line = line;
    b->text.text = b->code = b->language = "";
    return b;
}

static int section_add(struct document *d, struct lesson_text title)
{
    if (!*title.text)
        return reader_fail(d->r, d->text_line, "a section needs a title");
    struct lesson_section *s = pool_push(d->r->mem, &d->l->sections, &d->l->nsections, sizeof *s);
    s->title = title.text;
    s->line = d->text_line;
    return 0;
}

/* -------- running text -------- */

static void text_open(struct document *d, enum lesson_block_kind kind)
{
    text_begin(&d->text, d->r->mem);
    d->in_text = 1;
    d->text_kind = kind;
    d->text_line = 0;
}

static int text_close(struct document *d)
{
    if (!d->in_text)
        return 0;
    d->in_text = 0;
    struct lesson_text text = text_take(&d->text);
    if (d->text_line == 0)
        d->text_line = d->line;
    if (d->heading == 2)
        return section_add(d, text);
    if (!*text.text)
        return 0;
    struct lesson_block *b = block_add(d, d->text_kind, d->text_line);
    if (!b)
        return -ERR_DATA;
    b->text = text;
    b->depth = d->depth;
    if (d->text_kind == LESSON_ITEM) {
        const struct list *list = &d->lists[d->depth - 1];
        b->number = list->ordered ? list->number : 0;
        d->first_in_item = 0;
    }
    return 0;
}

static int heading_open(struct document *d, unsigned level)
{
    if (level == 1)
        return refuse(d, "a heading of the first level; the title stands in the front matter, "
                         "sections begin with `## `");
    if (level == 2 && d->depth)
        return refuse(d, "a section inside a list; begin `## ` at the margin");
    d->heading = (int)level;
    text_open(d, LESSON_HEADING);
    return 0;
}

/* -------- lists -------- */

static int list_open(struct document *d, int ordered, int start)
{
    if (text_close(d) != 0)
        return -ERR_DATA;
    if (d->depth == MAX_DEPTH)
        return refuse(d, "lists nested more than four deep");
    d->lists[d->depth++] = (struct list){.ordered = ordered, .number = start - 1};
    return 0;
}

static int item_open(struct document *d)
{
    d->lists[d->depth - 1].number++;
    d->first_in_item = 1;
    text_open(d, LESSON_ITEM);
    return 0;
}

/* A paragraph: of an item, its first one is the item's own text. */
static int paragraph_open(struct document *d)
{
    if (d->depth && d->first_in_item && d->in_text)
        return 0;
    text_open(d, LESSON_PARAGRAPH);
    return 0;
}

/* -------- code and fences -------- */

static int code_open(struct document *d, const MD_BLOCK_CODE_DETAIL *detail)
{
    if (text_close(d) != 0)
        return -ERR_DATA;
    see(d, detail->info.text);
    const char *info = detail->info.text;
    size_t n = detail->info.size, word = 0;
    while (word < n && !isspace((unsigned char)info[word]))
        word++;
    size_t argument = word;
    while (argument < n && isspace((unsigned char)info[argument]))
        argument++;
    d->code_word = pool_strndup(d->r->mem, info, word);
    d->code_argument = pool_strndup(d->r->mem, info + argument, n - argument);
    d->code_line = detail->info.text ? d->line : 0;
    d->in_code = 1;
    return 0;
}

static void code_chunk(struct document *d, const char *s, size_t n)
{
    see(d, s);
    if (d->code_line == 0 && reader_line(d->r, s))
        d->code_line = d->line - 1; /* the fence stands above the first line */
    for (size_t i = 0; i < n; i++)
        if (s[i] == '\t')
            buf_puts(&d->code, "    ");
        else
            buf_add(&d->code, s + i, 1);
}

static int is_language(const char *word)
{
    static const char *const known[] = {"", "c", "text", "sh", "python", "output"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (!strcmp(known[i], word))
            return 1;
    return 0;
}

static int code_close(struct document *d)
{
    d->in_code = 0;
    if (d->code_line == 0) /* nothing in it points anywhere */
        d->code_line = d->line;
    struct lesson_block *b = block_add(d, LESSON_CODE, d->code_line);
    if (!b)
        return -ERR_DATA;
    int rc = fence_parse(d->r, d->code_word, d->code_argument, d->code.data, d->code.len,
                         d->code_line, b);
    if (rc == 1 && !is_language(d->code_word))
        rc =
            reader_fail(d->r, d->code_line,
                        "```%.40s is no block of a lesson; the blocks are program, step, question, "
                        "challenge, recap, claims, and c, text, sh, python, output for code",
                        d->code_word);
    if (rc == 1) {
        size_t n = d->code.len;
        b->code =
            pool_strndup(d->r->mem, d->code.data, n && d->code.data[n - 1] == '\n' ? n - 1 : n);
        b->language = d->code_word;
        rc = 0;
    }
    d->code.len = 0;
    return rc;
}

/* -------- md4c's callbacks: non-zero stops -------- */

static int on_enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    struct document *d = ctx;
    switch (type) {
    case MD_BLOCK_DOC:
        return 0;
    case MD_BLOCK_P:
        return paragraph_open(d);
    case MD_BLOCK_H:
        return text_close(d) || heading_open(d, ((MD_BLOCK_H_DETAIL *)detail)->level);
    case MD_BLOCK_UL:
        return list_open(d, 0, 1);
    case MD_BLOCK_OL:
        return list_open(d, 1, (int)((MD_BLOCK_OL_DETAIL *)detail)->start);
    case MD_BLOCK_LI:
        return item_open(d);
    case MD_BLOCK_CODE:
        return code_open(d, detail);
    case MD_BLOCK_QUOTE:
        return refuse(d, "a quotation (`>`), which lessons do not have; write a paragraph");
    case MD_BLOCK_HR:
        return refuse(d, "a rule (`---`), which lessons do not have; begin a section with `## `");
    default:
        return refuse(d, "a kind of block that lessons do not have");
    }
}

static int on_leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    (void)detail;
    struct document *d = ctx;
    int rc = 0;
    switch (type) {
    case MD_BLOCK_P:
    case MD_BLOCK_LI:
        return text_close(d);
    case MD_BLOCK_H:
        rc = text_close(d);
        d->heading = 0;
        return rc;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        d->depth--;
        d->first_in_item = 0;
        return 0;
    case MD_BLOCK_CODE:
        return code_close(d);
    default:
        return 0;
    }
}

static int span(struct document *d, MD_SPANTYPE type, int enter)
{
    const char *what = "";
    if (!d->in_text)
        text_open(d, LESSON_PARAGRAPH);
    return text_span(&d->text, type, enter, &what) ? refuse(d, what) : 0;
}

static int on_enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    (void)detail;
    return span(ctx, type, 1);
}

static int on_leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    (void)detail;
    return span(ctx, type, 0);
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *s, MD_SIZE n, void *ctx)
{
    struct document *d = ctx;
    const char *what = "";
    if (d->in_code) {
        code_chunk(d, s, n);
        return 0;
    }
    if (!d->in_text) /* text of a tight item after a list inside it */
        text_open(d, LESSON_PARAGRAPH);
    see(d, s);
    if (d->text_line == 0)
        d->text_line = d->line;
    return text_chunk(&d->text, type, s, n, &what) ? refuse(d, what) : 0;
}

int document_parse(struct reader *r, size_t body, struct lesson *l)
{
    struct document d = {.r = r, .l = l, .line = reader_line(r, r->src + body)};
    MD_PARSER parser = {.flags = MD_FLAG_COLLAPSEWHITESPACE | MD_FLAG_NOHTML |
                                 MD_FLAG_NOINDENTEDCODEBLOCKS,
                        .enter_block = on_enter_block,
                        .leave_block = on_leave_block,
                        .enter_span = on_enter_span,
                        .leave_span = on_leave_span,
                        .text = on_text};
    text_begin(&d.text, r->mem);
    int bad = md_parse(r->src + body, (MD_SIZE)(r->nsrc - body), &parser, &d);
    text_fini(&d.text);
    buf_fini(&d.code);
    if (bad || r->failed) /* md4c does not pass on what every callback returns */
        return reader_fail(r, d.line, "text that cannot be read as Markdown");
    return l->nsections
               ? 0
               : reader_fail(r, d.line, "a lesson without a section; begin one with `## Title`");
}

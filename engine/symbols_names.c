/* struct names over the symbols: addresses to words, code to places. Called for every row on the
 * screen: binary searches in tables made beforehand, no allocation but for types met first. */
#include <string.h>

#include "event.h"
#include "symbols_internal.h"

enum { MAX_STRING = 32, MAX_LITERAL = 24 };

static struct found found_global(const struct symbols *s, uint64_t link_addr)
{
    size_t low = 0, high = s->nby_addr;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->globals[s->by_addr[mid]].addr <= link_addr)
            low = mid + 1;
        else
            high = mid;
    }
    for (int tries = 0; low > 0 && tries < 4; tries++) {
        const struct global *g = &s->globals[s->by_addr[--low]];
        uint64_t offset = link_addr - g->addr;
        if (offset < (g->size ? g->size : 1))
            return (struct found){.kind = FOUND_GLOBAL,
                                  .offset = offset,
                                  .type = g->type,
                                  .size = g->size,
                                  .function = g->function,
                                  .name = g->name};
    }
    return (struct found){.kind = FOUND_NONE};
}

static struct found found_thread_local(const struct symbols *s, uint64_t addr)
{
    for (size_t i = 0; i < s->ntls; i++) {
        uint64_t at = addr - sym_tls_block(s, s->tls[i].thread_pointer);
        for (size_t j = 0; at < s->file.tls_size && j < s->nglobals; j++) {
            const struct global *g = &s->globals[j];
            if (g->kind == GLOBAL_TLS && at >= g->addr && at - g->addr < (g->size ? g->size : 1))
                return (struct found){.kind = FOUND_TLS,
                                      .offset = at - g->addr,
                                      .type = g->type,
                                      .size = g->size,
                                      .function = g->function,
                                      .name = g->name,
                                      .task = s->tls[i].task};
        }
    }
    return (struct found){.kind = FOUND_NONE};
}

static struct found found_place(const struct stack_place *p, uint64_t addr)
{
    return (struct found){.kind = FOUND_LOCAL,
                          .offset = addr - p->low,
                          .type = p->type,
                          .size = p->high - p->low,
                          .function = p->function,
                          .name = p->name,
                          .task = p->task};
}

/* The locals of the frame being shown are called by their bare names. */
static const struct stack_place *own_place(const struct symbols *s, uint64_t addr)
{
    addr &= PLACE_ADDRESS;
    for (size_t i = 0; i < s->nframe_places; i++)
        if (addr >= s->frame_places[i].low && addr < s->frame_places[i].high)
            return &s->frame_places[i];
    return NULL;
}

/* The thing at a place: an address that carries the process whose memory it is. */
static struct found find_place(struct symbols *s, uint64_t addr)
{
    uint64_t at = addr & PLACE_ADDRESS;
    if (sym_elf_segment(&s->file, at - s->bias))
        return found_global(s, at - s->bias);
    const struct block *b = sym_heap_at(&s->heap, addr);
    if (b)
        return (struct found){.kind = FOUND_HEAP,
                              .offset = addr - b->low,
                              .type = b->type,
                              .size = b->high - b->low,
                              .name = sym_block_word(b),
                              .is_shared = b->is_shared,
                              .number = b->number};
    const struct stack_place *p = own_place(s, addr);
    if (!p)
        p = sym_stacks_place_at(&s->stacks, addr);
    if (p)
        return found_place(p, addr);
    const struct stack *stack = sym_stacks_at(&s->stacks, addr);
    if (stack)
        return (struct found){
            .kind = FOUND_STACK, .offset = stack->high - addr, .task = stack->task};
    return found_thread_local(s, addr);
}

struct found sym_find_object(struct symbols *s, uint64_t addr)
{
    struct found f = find_place(s, addr | s->tag);
    return f.kind == FOUND_NONE && s->tag ? find_place(s, addr) : f;
}

static void spell_task(unsigned task, const char *after, struct text *out)
{
    sym_text_c(out, 'T');
    sym_text_u(out, task);
    sym_text_s(out, after);
}

/* "counter", "next.id" (a static), "main.args", "T1:inc.t", "heap#2". */
static void spell_root(const struct found *f, struct text *out)
{
    if (f->kind == FOUND_HEAP) {
        sym_text_s(out, f->name);
        sym_text_c(out, '#');
        sym_text_u(out, f->number);
        return;
    }
    int is_main = f->function && strcmp(f->function, "main") == 0;
    if (f->kind == FOUND_TLS || (f->kind == FOUND_LOCAL && f->function && !is_main))
        spell_task(f->task, ":", out);
    if (f->function && *f->function) {
        sym_text_s(out, f->function);
        sym_text_c(out, '.');
    }
    sym_text_s(out, f->name);
}

static void spell_offset(uint64_t offset, struct text *out)
{
    if (offset == 0)
        return;
    sym_text_c(out, '+');
    sym_text_u(out, offset);
}

/* struct { int n; char text[]; }: what is behind it in its block belongs to the last member. */
static int is_open_ended(struct symbols *s, struct type *t)
{
    t = sym_type_strip(s, t);
    sym_type_load_members(s, t);
    if (t->kind != TYPE_STRUCT || t->nmembers == 0)
        return 0;
    struct type *last = sym_type_strip(s, t->members[t->nmembers - 1].type);
    return last->kind == TYPE_ARRAY && sym_type_size(s, last) == 0;
}

/* A block larger than its type is an array of it. */
static struct type *spell_part(struct symbols *s, const struct found *f, uint64_t size,
                               enum path_rule rule, struct text *out)
{
    uint64_t offset = f->offset;
    if (!f->type) {
        spell_offset(offset, out);
        return NULL;
    }
    uint64_t element = sym_type_size(s, f->type);
    if (f->kind == FOUND_HEAP && element && f->size >= 2 * element && !is_open_ended(s, f->type)) {
        sym_text_c(out, '[');
        sym_text_u(out, offset / element);
        sym_text_c(out, ']');
        offset %= element;
    }
    return sym_path_spell(s, f->type, offset, size, rule, out);
}

int sym_code_spell(struct symbols *s, uint64_t addr, struct text *out)
{
    uint64_t at = addr - s->bias;
    if (!sym_elf_is_code(&s->file, at))
        return 0;
    const struct function *f = sym_function_outer(s, sym_function_at(s, at));
    const struct elf_symbol *e = f ? NULL : sym_elf_symbol_at(s->file.code, s->file.ncode, at);
    if (!f && !e)
        return 0;
    uint64_t low = f ? f->low : e->low;
    sym_text_s(out, f ? f->name : e->name);
    if (at > low) {
        sym_text_c(out, '+');
        sym_text_hex(out, at - low);
    }
    return 1;
}

/* Text of the program: printable, and ended within reach. */
static int literal_spell(struct symbols *s, uint64_t addr, struct text *out)
{
    unsigned char c;
    uint64_t at = addr - s->bias;
    if (s->file.rodata_low == s->file.rodata_high || at < s->file.rodata_low ||
        at >= s->file.rodata_high)
        return 0;
    for (uint64_t i = 0; i < 4096; i++) {
        if (sym_elf_constant(&s->file, at + i, &c, 1) != 1)
            return 0;
        if (c == 0)
            return i > 0 && sym_string_spell(s, NULL, addr, MAX_LITERAL, out);
        if (c < 0x20 && c != '\n' && c != '\t' && c != '\r' && c != 0x1b)
            return 0;
    }
    return 0;
}

static int data_symbol_spell(struct symbols *s, uint64_t addr, struct text *out)
{
    uint64_t at = addr - s->bias;
    const struct elf_symbol *e = sym_elf_symbol_at(s->file.data, s->file.ndata, at);
    if (!e)
        return 0;
    const char *version = strchr(e->name, '@');
    sym_text_n(out, e->name, version ? (size_t)(version - e->name) : strlen(e->name));
    spell_offset(at - e->low, out);
    return 1;
}

static void names_object(void *ctx, uint64_t addr, uint32_t size, char *out, size_t n)
{
    struct symbols *s = ctx;
    struct text t;
    sym_text_init(&t, out, n);
    struct found f = find_place(s, addr);
    if (addr >> PLACE_BITS < MAX_PROCESSES)
        addr &= PLACE_ADDRESS;
    if (f.kind == FOUND_STACK) {
        spell_task(f.task, "'s stack+", &t);
        sym_text_hex(&t, f.offset);
    } else if (f.kind != FOUND_NONE) {
        spell_root(&f, &t);
        spell_part(s, &f, size, PATH_DEEP, &t);
    } else if (!sym_code_spell(s, addr, &t) && !literal_spell(s, addr, &t) &&
               !data_symbol_spell(s, addr, &t)) {
        sym_text_hex(&t, addr);
    }
    sym_text_ellipsis(&t);
}

int sym_pointer_spell(struct symbols *s, uint64_t addr, uint64_t size, struct text *out)
{
    struct found f = sym_find_object(s, addr);
    if (f.kind == FOUND_STACK)
        return 0;
    if (f.kind == FOUND_NONE)
        return sym_code_spell(s, addr, out) || literal_spell(s, addr, out);
    if (f.kind == FOUND_LOCAL && own_place(s, addr))
        f.function = NULL;
    if (f.kind != FOUND_HEAP || f.offset)
        sym_text_c(out, '&');
    spell_root(&f, out);
    if (f.kind != FOUND_HEAP || f.offset)
        spell_part(s, &f, size, PATH_SHALLOW, out);
    return 1;
}

/* As many of n bytes as can be read: all at once, or to the end of the page. */
static size_t read_some(struct symbols *s, const struct memory *m, uint64_t addr,
                        unsigned char *out, size_t n)
{
    size_t done = 0;
    if (symbols_read(s, m, addr, out, n) == 0)
        return n;
    while (done < n && symbols_read(s, m, addr + done, out + done, 1) == 0)
        done++;
    return done;
}

int sym_string_spell(struct symbols *s, const struct memory *m, uint64_t addr, size_t max,
                     struct text *out)
{
    unsigned char c[MAX_STRING + 1];
    size_t n = 0;
    if (max > MAX_STRING)
        max = MAX_STRING;
    size_t got = read_some(s, m, addr, c, max + 1);
    if (got == 0)
        return 0;
    while (n < got && c[n] != 0)
        n++;
    sym_text_c(out, '"');
    for (size_t i = 0; i < n && i < max; i++)
        sym_text_escaped(out, c[i], '"');
    sym_text_s(out, n > max ? "\"..." : "\"");
    return 1;
}

static void names_place(void *ctx, uint64_t pc, struct place *out)
{
    const struct symbols *s = ctx;
    uint64_t at = pc - s->bias;
    const struct row *row = sym_lines_at(s, at);
    const struct function *f = sym_function_at(s, at);
    const struct elf_symbol *e = NULL;
    if (!f && sym_elf_is_code(&s->file, at))
        e = sym_elf_symbol_at(s->file.code, s->file.ncode, at);
    *out = (struct place){.file = row ? s->lines.sources[row->file].given : "",
                          .function = f   ? f->name
                                      : e ? e->name
                                          : "",
                          .line = row ? (int)row->line : 0};
}

static int64_t sign_extend(uint64_t value, uint32_t size)
{
    if (size == 0 || size >= 8)
        return (int64_t)value;
    unsigned shift = 64 - 8 * size;
    return (int64_t)(value << shift) >> shift;
}

static void names_value(void *ctx, uint64_t addr, uint32_t size, uint64_t value, char *out,
                        size_t n)
{
    struct symbols *s = ctx;
    struct text t, ignored;
    char scratch[8];
    struct type *type = NULL;
    sym_text_init(&t, out, n);
    sym_text_init(&ignored, scratch, sizeof scratch);
    struct found f = find_place(s, addr);
    if (f.type)
        type = spell_part(s, &f, size, PATH_DEEP, &ignored);
    if (type && !type->opaque && sym_type_size(s, type) == size && size <= 8 &&
        (type->kind == TYPE_BASE || type->kind == TYPE_POINTER || type->kind == TYPE_ENUM)) {
        struct scene scene = {.s = s};
        uint8_t raw[8];
        memcpy(raw, &value, 8);
        sym_scalar_spell(&scene, type, raw, size, &t);
    } else {
        sym_text_i(&t, sign_extend(value, size));
    }
    sym_text_ellipsis(&t);
}

static int names_is_private(void *ctx, uint64_t addr)
{
    struct symbols *s = ctx;
    struct found f = find_place(s, addr);
    return f.kind != FOUND_NONE && !(f.kind == FOUND_HEAP && f.is_shared);
}

const struct names symbols_names_template = {.object = names_object,
                                             .place = names_place,
                                             .value = names_value,
                                             .is_private = names_is_private};

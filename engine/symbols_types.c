/* Types, made from their DIEs when first needed and kept: each step is taken on demand, so that
 * types that refer to themselves, honestly or by damage, need no recursion. */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "symbols_internal.h"

enum { MAX_MEMBERS = 4096, MAX_DIMENSIONS = 16 };

static const struct {
    int tag;
    enum type_kind kind;
} kinds[] = {
    {DW_TAG_base_type, TYPE_BASE},         {DW_TAG_pointer_type, TYPE_POINTER},
    {DW_TAG_reference_type, TYPE_POINTER}, {DW_TAG_rvalue_reference_type, TYPE_POINTER},
    {DW_TAG_array_type, TYPE_ARRAY},       {DW_TAG_structure_type, TYPE_STRUCT},
    {DW_TAG_class_type, TYPE_STRUCT},      {DW_TAG_union_type, TYPE_UNION},
    {DW_TAG_enumeration_type, TYPE_ENUM},  {DW_TAG_subroutine_type, TYPE_FUNCTION},
    {DW_TAG_typedef, TYPE_TYPEDEF},        {DW_TAG_const_type, TYPE_CONST},
    {DW_TAG_volatile_type, TYPE_VOLATILE}, {DW_TAG_atomic_type, TYPE_ATOMIC},
    {DW_TAG_restrict_type, TYPE_RESTRICT}, {DW_TAG_unspecified_type, TYPE_VOID},
};

/* Types whose inside is the library's business. What they hold is shown from the engine's own
 * books, which are keyed by address. */
static const struct {
    const char *name, *word;
} opaque[] = {
    {"pthread_mutex_t", "mutex"},
    {"mtx_t", "mutex"},
    {"pthread_cond_t", "condition"},
    {"cnd_t", "condition"},
    {"sem_t", "semaphore"},
    {"pthread_barrier_t", "barrier"},
    {"pthread_rwlock_t", "rwlock"},
    {"pthread_spinlock_t", "spin lock"},
    {"pthread_once_t", "once"},
    {"once_flag", "once"},
    {"pthread_attr_t", "thread attributes"},
    {"pthread_mutexattr_t", "mutex attributes"},
    {"pthread_condattr_t", "condition attributes"},
    {"pthread_rwlockattr_t", "rwlock attributes"},
    {"pthread_barrierattr_t", "barrier attributes"},
    {"FILE", "stream"},
    {"_IO_FILE", "stream"},
    {"sigset_t", "signal set"},
    {"__sigset_t", "signal set"},
    {"cpu_set_t", "processor set"},
    {"fd_set", "descriptor set"},
    {"jmp_buf", "jump buffer"},
    {"sigjmp_buf", "jump buffer"},
    {"__jmp_buf_tag", "jump buffer"},
    {"va_list", "argument list"},
    {"__builtin_va_list", "argument list"},
    {"__gnuc_va_list", "argument list"},
    {"__va_list_tag", "argument list"},
    {"DIR", "directory"},
    {"__dirstream", "directory"},
};

const char *sym_type_opaque_word(const char *name)
{
    for (size_t i = 0; name && i < sizeof opaque / sizeof *opaque; i++)
        if (strcmp(name, opaque[i].name) == 0)
            return opaque[i].word;
    return NULL;
}

static enum type_kind kind_of(Dwarf_Die *die)
{
    int tag = dwarf_tag(die);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].tag == tag)
            return kinds[i].kind;
    return TYPE_UNKNOWN;
}

static struct type *new_type(struct symbols *s, enum type_kind kind)
{
    struct type *t = sym_arena_get(&s->arena, sizeof *t);
    t->kind = kind;
    return t;
}

static struct type *unknown(struct symbols *s)
{
    if (!s->type_unknown) {
        s->type_unknown = new_type(s, TYPE_UNKNOWN);
        s->type_unknown->size_known = 1;
    }
    return s->type_unknown;
}

static struct type *no_type(struct symbols *s)
{
    if (!s->type_void) {
        s->type_void = new_type(s, TYPE_VOID);
        s->type_void->name = "void";
        s->type_void->size_known = 1;
    }
    return s->type_void;
}

/* Elements of one dimension when the DIE says a fixed number. */
static void fixed_count(Dwarf_Die *range, struct type *t)
{
    uint64_t count = sym_die_udata(range, DW_AT_count, UINT64_MAX);
    uint64_t upper = sym_die_udata(range, DW_AT_upper_bound, UINT64_MAX);
    uint64_t lower = sym_die_udata(range, DW_AT_lower_bound, 0);
    if (count == UINT64_MAX &&
        (upper == UINT64_MAX || upper < lower || upper - lower >= UINT32_MAX))
        return;
    t->count = count != UINT64_MAX ? count : upper - lower + 1;
    t->count_known = 1;
}

/* int a[2][3]: one DIE, a dimension per child; we want an array of arrays. Each
 * keeps its subrange, so that a variable length can be computed from it. */
static void load_dimensions(struct symbols *s, struct type *t)
{
    Dwarf_Die child, *die = &t->die;
    int n = 0;
    if (dwarf_child(die, &child) == 0) {
        do {
            if (dwarf_tag(&child) != DW_TAG_subrange_type || n >= MAX_DIMENSIONS)
                continue;
            if (n++) {
                t->of = new_type(s, TYPE_ARRAY);
                t->of_known = 1;
                t = t->of;
            }
            t->range = child;
            t->has_range = 1;
            fixed_count(&child, t);
        } while (sym_die_next(s, &child));
    }
    t->of = sym_type_of_attr(s, die);
    t->of_known = 1;
}

/* A declaration may stand for a type kept in a section of its own. */
static void follow_signature(Dwarf_Die *die)
{
    Dwarf_Attribute attr;
    Dwarf_Die whole;
    if (dwarf_attr(die, DW_AT_signature, &attr) && dwarf_formref_die(&attr, &whole))
        *die = whole;
}

struct type *sym_type_of_die(struct symbols *s, Dwarf_Die *die)
{
    size_t slot = ((uintptr_t)die->addr >> 2) % TYPE_HASH;
    for (struct type *t = s->types[slot]; t; t = t->next_hash)
        if (t->key == die->addr)
            return t;
    enum type_kind kind = kind_of(die);
    if (kind == TYPE_UNKNOWN)
        return unknown(s);
    struct type *t = new_type(s, kind);
    t->key = die->addr;
    t->die = *die;
    follow_signature(&t->die);
    t->next_hash = s->types[slot];
    s->types[slot] = t;
    t->name = symbols_name(s, sym_die_name(&t->die));
    t->opaque = sym_type_opaque_word(t->name);
    if (kind == TYPE_BASE)
        t->encoding = (uint8_t)sym_die_udata(&t->die, DW_AT_encoding, 0);
    uint64_t size = sym_die_udata(&t->die, DW_AT_byte_size, UINT64_MAX);
    if (size == UINT64_MAX && (kind == TYPE_POINTER))
        size = 8;
    if (size != UINT64_MAX) {
        t->size = size;
        t->size_known = 1;
    }
    return t;
}

struct type *sym_type_of_attr(struct symbols *s, Dwarf_Die *die)
{
    Dwarf_Attribute attr;
    Dwarf_Die of;
    if (!dwarf_attr_integrate(die, DW_AT_type, &attr))
        return no_type(s);
    return dwarf_formref_die(&attr, &of) ? sym_type_of_die(s, &of) : unknown(s);
}

struct type *sym_type_of(struct symbols *s, struct type *t)
{
    if (t->of_known)
        return t->of;
    t->of_known = 1;
    t->of = unknown(s);
    if (t->kind == TYPE_ARRAY)
        load_dimensions(s, t);
    else if (t->kind != TYPE_UNKNOWN && t->kind != TYPE_VOID)
        t->of = sym_type_of_attr(s, &t->die);
    return t->of;
}

struct type *sym_type_strip(struct symbols *s, struct type *t)
{
    for (int i = 0; i < MAX_CHAIN; i++) {
        if (t->kind < TYPE_TYPEDEF || t->opaque)
            return t;
        t = sym_type_of(s, t);
    }
    return unknown(s);
}

/* Element sizes multiply; a product that does not fit is damage. */
static uint64_t size_at(struct symbols *s, struct type *t, int depth)
{
    if (t->size_known)
        return t->size;
    if (depth > MAX_CHAIN)
        return 0;
    uint64_t size = 0;
    if (t->kind >= TYPE_TYPEDEF || (t->kind == TYPE_ENUM)) {
        size = size_at(s, sym_type_of(s, t), depth + 1);
    } else if (t->kind == TYPE_ARRAY) {
        uint64_t element = size_at(s, sym_type_of(s, t), depth + 1);
        if (t->count_known && __builtin_mul_overflow(element, t->count, &size))
            size = 0;
    }
    t->size = size;
    t->size_known = 1;
    return size;
}

uint64_t sym_type_size(struct symbols *s, struct type *t)
{
    return size_at(s, t, 0);
}

/* A bit-field in bits from the beginning of the struct: DWARF 5 says so itself, older ones
 * count from the most significant end of the storage unit. */
static void load_bits(struct symbols *s, Dwarf_Die *die, struct member *m)
{
    uint64_t bits = sym_die_udata(die, DW_AT_bit_size, 0);
    if (bits == 0 || bits > 64)
        return;
    uint64_t at = sym_die_udata(die, DW_AT_data_bit_offset, UINT64_MAX);
    uint64_t old = sym_die_udata(die, DW_AT_bit_offset, UINT64_MAX);
    if (at == UINT64_MAX && old != UINT64_MAX) {
        uint64_t storage = sym_die_udata(die, DW_AT_byte_size, 0);
        if (!storage)
            storage = sym_type_size(s, m->type);
        at = m->offset * 8 + storage * 8 - old - bits;
    } else if (at == UINT64_MAX) {
        at = m->offset * 8;
    }
    m->offset = at / 8;
    m->bit_offset = (uint32_t)(at % 8);
    m->bit_size = (uint32_t)bits;
}

/* Old compilers say the offset of a member as an expression: DW_OP_plus_uconst n. */
static uint64_t member_offset(Dwarf_Die *die)
{
    Dwarf_Attribute attr;
    Dwarf_Op *ops;
    size_t nops;
    Dwarf_Word value;
    if (!dwarf_attr_integrate(die, DW_AT_data_member_location, &attr))
        return 0;
    if (dwarf_formudata(&attr, &value) == 0)
        return value;
    if (dwarf_getlocation(&attr, &ops, &nops) == 0 && nops == 1 && ops[0].atom == DW_OP_plus_uconst)
        return ops[0].number;
    return 0;
}

static void add_member(struct symbols *s, struct type *t, Dwarf_Die *die, size_t *cap)
{
    if (t->nmembers >= MAX_MEMBERS || sym_die_flag(die, DW_AT_declaration))
        return;
    t->members = sym_grow(t->members, t->nmembers, cap, sizeof *t->members);
    struct member *m = &t->members[t->nmembers++];
    *m = (struct member){.die = *die, .name = symbols_name(s, sym_die_name(die))};
    m->type = sym_type_of_attr(s, die);
    m->offset = member_offset(die);
    load_bits(s, die, m);
}

static void add_enumerator(struct symbols *s, struct type *t, Dwarf_Die *die, size_t *cap)
{
    Dwarf_Attribute attr;
    Dwarf_Sword value = 0;
    const char *name = sym_die_name(die);
    if (t->nenumerators >= MAX_MEMBERS || !name || !dwarf_attr(die, DW_AT_const_value, &attr))
        return;
    if (dwarf_formsdata(&attr, &value) != 0)
        return;
    t->enumerators = sym_grow(t->enumerators, t->nenumerators, cap, sizeof *t->enumerators);
    t->enumerators[t->nenumerators++] = (struct enumerator){symbols_name(s, name), value};
}

/* Arrays that grew go to the arena, so that nobody has to free them. */
static void *keep(struct symbols *s, void *array, size_t nbytes)
{
    void *copy = sym_arena_get(&s->arena, nbytes);
    if (nbytes)
        memcpy(copy, array, nbytes);
    free(array);
    return copy;
}

/* A struct of a system header all of whose members hide behind an underscore. */
static int hides(struct type *t)
{
    if (t->nmembers < 2)
        return 0;
    for (uint32_t i = 0; i < t->nmembers; i++)
        if (!t->members[i].name || t->members[i].name[0] != '_')
            return 0;
    const char *file = dwarf_decl_file(&t->die);
    return file && strncmp(file, "/usr/", 5) == 0;
}

void sym_type_load_members(struct symbols *s, struct type *t)
{
    Dwarf_Die child;
    size_t cap_members = 0, cap_enumerators = 0;
    if (t->members_known)
        return;
    t->members_known = 1;
    if (t->kind != TYPE_STRUCT && t->kind != TYPE_UNION && t->kind != TYPE_ENUM)
        return;
    symbols_fresh_budget(s);
    if (dwarf_child(&t->die, &child) != 0)
        return;
    do {
        int tag = dwarf_tag(&child);
        if (tag == DW_TAG_member)
            add_member(s, t, &child, &cap_members);
        else if (tag == DW_TAG_enumerator)
            add_enumerator(s, t, &child, &cap_enumerators);
    } while (sym_die_next(s, &child));
    t->members = keep(s, t->members, t->nmembers * sizeof *t->members);
    t->enumerators = keep(s, t->enumerators, t->nenumerators * sizeof *t->enumerators);
    if (!t->opaque && hides(t))
        t->opaque = t->name ? t->name : "opaque";
}

int sym_type_is_char(struct symbols *s, struct type *t)
{
    t = sym_type_strip(s, t);
    return t->kind == TYPE_BASE && t->size_known && t->size == 1 && t->name &&
           strcmp(t->name, "char") == 0;
}

/* Types as C writes them. The declarator grows from the inside out: "*p", "(*p)(int)", and the base
 * type goes before it at the end. */
#include <dwarf.h>
#include <string.h>

#include "symbols_internal.h"

enum { MAX_DECLARATOR = 160, MAX_PARAMETERS = 8 };

static void spell(struct symbols *s, struct type *t, const char *inner, struct text *out,
                  int depth);

static const char *word_of(enum type_kind kind)
{
    switch (kind) {
    case TYPE_STRUCT:
        return "struct ";
    case TYPE_UNION:
        return "union ";
    case TYPE_ENUM:
        return "enum ";
    default:
        return "";
    }
}

/* Compilers differ in how they call the types that have several names; one way is enough here. */
static const char *const renamed[][2] = {
    {"long int", "long"},
    {"long unsigned int", "unsigned long"},
    {"long long int", "long long"},
    {"long long unsigned int", "unsigned long long"},
    {"short int", "short"},
    {"short unsigned int", "unsigned short"},
    {"_Bool", "bool"},
    {"complex", "complex double"},
};

static const char *common_name(const char *name)
{
    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
        if (strcmp(name, renamed[i][0]) == 0)
            return renamed[i][1];
    return name;
}

static void spell_named(struct type *t, const char *inner, struct text *out)
{
    const char *name = t->name ? t->name : t->kind == TYPE_UNKNOWN ? "?" : "{...}";
    sym_text_s(out, word_of(t->kind));
    sym_text_s(out, t->kind == TYPE_BASE ? common_name(name) : name);
    if (*inner && *inner != '[')
        sym_text_c(out, ' ');
    sym_text_s(out, inner);
}

static void spell_function(struct symbols *s, struct type *t, const char *inner, struct text *out,
                           int depth)
{
    Dwarf_Die child;
    int n = 0;
    sym_text_s(out, inner);
    sym_text_c(out, '(');
    if (dwarf_child(&t->die, &child) == 0) {
        do {
            int tag = dwarf_tag(&child);
            if (tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters)
                continue;
            sym_text_s(out, n++ ? ", " : "");
            if (tag == DW_TAG_unspecified_parameters || n > MAX_PARAMETERS)
                sym_text_s(out, "...");
            else
                spell(s, sym_type_of_attr(s, &child), "", out, depth + 4);
        } while (n <= MAX_PARAMETERS && sym_die_next(s, &child));
    }
    sym_text_s(out, n ? ")" : "void)");
}

static void spell_pointer(struct symbols *s, struct type *t, const char *inner, struct text *d)
{
    enum type_kind to = sym_type_of(s, t)->kind;
    int wrap = to == TYPE_ARRAY || to == TYPE_FUNCTION;
    sym_text_s(d, wrap ? "(" : "");
    sym_text_s(d, dwarf_tag(&t->die) == DW_TAG_pointer_type ? "*" : "&");
    sym_text_s(d, inner);
    sym_text_s(d, wrap ? ")" : "");
}

static const struct {
    enum type_kind kind;
    const char *word;
} qualifiers[] = {{TYPE_CONST, "const"},
                  {TYPE_VOLATILE, "volatile"},
                  {TYPE_ATOMIC, "_Atomic"},
                  {TYPE_RESTRICT, "restrict"}};

static int is_qualifier(enum type_kind kind)
{
    return kind > TYPE_TYPEDEF;
}

/* All qualifiers of a type in one order, whatever the compiler wrote; returns what is qualified. */
static struct type *gather(struct symbols *s, struct type *t, struct text *words)
{
    unsigned seen = 0;
    for (int i = 0; i < MAX_CHAIN && is_qualifier(t->kind); i++) {
        seen |= 1u << t->kind;
        t = sym_type_of(s, t);
    }
    for (size_t i = 0; i < sizeof qualifiers / sizeof *qualifiers; i++)
        if (seen >> qualifiers[i].kind & 1) {
            sym_text_s(words, words->len ? " " : "");
            sym_text_s(words, qualifiers[i].word);
        }
    return t;
}

/* "int *const p", but "const int x". */
static void spell_qualified(struct symbols *s, struct type *t, const char *inner, struct text *out,
                            int depth)
{
    char words[48], declarator[MAX_DECLARATOR];
    struct text w, d;
    sym_text_init(&w, words, sizeof words);
    sym_text_init(&d, declarator, sizeof declarator);
    t = gather(s, t, &w);
    int after = t->kind == TYPE_POINTER;
    sym_text_s(after ? &d : out, words);
    if (!after || *inner)
        sym_text_c(after ? &d : out, ' ');
    sym_text_s(&d, inner);
    spell(s, t, declarator, out, depth + 1);
}

static void spell_array(struct symbols *s, struct type *t, const char *inner, struct text *d)
{
    sym_type_of(s, t);
    sym_text_s(d, inner);
    sym_text_c(d, '[');
    if (t->count_known)
        sym_text_u(d, t->count);
    sym_text_c(d, ']');
}

static void spell(struct symbols *s, struct type *t, const char *inner, struct text *out, int depth)
{
    char declarator[MAX_DECLARATOR];
    struct text d;
    sym_text_init(&d, declarator, sizeof declarator);
    if (depth > MAX_CHAIN) {
        sym_text_s(out, "...");
    } else if (is_qualifier(t->kind)) {
        spell_qualified(s, t, inner, out, depth);
    } else if (t->kind != TYPE_POINTER && t->kind != TYPE_ARRAY && t->kind != TYPE_FUNCTION) {
        spell_named(t, inner, out);
    } else {
        if (t->kind == TYPE_POINTER)
            spell_pointer(s, t, inner, &d);
        else if (t->kind == TYPE_ARRAY)
            spell_array(s, t, inner, &d);
        else
            spell_function(s, t, inner, &d, depth);
        spell(s, sym_type_of(s, t), declarator, out, depth + 1);
    }
}

void sym_type_spell(struct symbols *s, struct type *t, char *out, size_t n)
{
    struct text text;
    sym_text_init(&text, out, n);
    spell(s, t, "", &text, 0);
    sym_text_ellipsis(&text);
}

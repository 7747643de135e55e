/* Types as C writes them. The declarator grows from the inside out: "*p", "(*p)(int)", and the base
 * type goes before it at the end. */
#include <dwarf.h>
#include <stdio.h>
#include <string.h>

#include "symbols_internal.h"

enum { MAX_DECLARATOR = 160, MAX_PARAMETERS = 8 };

static void spell(struct symbols *s, struct type *t, const char *inner, char *out, size_t n,
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

static void spell_named(struct type *t, const char *inner, char *out, size_t n)
{
    const char *name = t->name ? t->name : t->kind == TYPE_UNKNOWN ? "?" : "{...}";
    struct text text;
    text_init(&text, out, n);
    text_s(&text, word_of(t->kind));
    text_s(&text, t->kind == TYPE_BASE ? common_name(name) : name);
    if (*inner && *inner != '[')
        text_c(&text, ' ');
    text_s(&text, inner);
    text_ellipsis(&text);
}

static void spell_parameters(struct symbols *s, struct type *t, struct text *out, int depth)
{
    Dwarf_Die child;
    int n = 0;
    text_c(out, '(');
    if (dwarf_child(&t->die, &child) == 0) {
        do {
            char one[64];
            int tag = dwarf_tag(&child);
            if (n >= MAX_PARAMETERS)
                break;
            if (tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters)
                continue;
            text_s(out, n++ ? ", " : "");
            if (tag == DW_TAG_unspecified_parameters) {
                text_s(out, "...");
                continue;
            }
            spell(s, type_of_attr(s, &child), "", one, sizeof one, depth + 1);
            text_s(out, one);
        } while (dwarf_siblingof(&child, &child) == 0);
    }
    text_s(out, n ? ")" : "void)");
}

static void spell_pointer(struct symbols *s, struct type *t, const char *inner, struct text *d)
{
    enum type_kind to = type_of(s, t)->kind;
    int wrap = to == TYPE_ARRAY || to == TYPE_FUNCTION;
    text_s(d, wrap ? "(" : "");
    text_s(d, dwarf_tag(&t->die) == DW_TAG_pointer_type ? "*" : "&");
    text_s(d, inner);
    text_s(d, wrap ? ")" : "");
}

static const char *qualifier(enum type_kind kind)
{
    switch (kind) {
    case TYPE_CONST:
        return "const";
    case TYPE_VOLATILE:
        return "volatile";
    case TYPE_ATOMIC:
        return "_Atomic";
    case TYPE_RESTRICT:
        return "restrict";
    default:
        return NULL;
    }
}

/* "int *const p", but "const int x": where the words go depends on what is qualified in the end. */
static int qualifies_pointer(struct symbols *s, struct type *t)
{
    for (int i = 0; i < MAX_CHAIN && qualifier(t->kind); i++)
        t = type_of(s, t);
    return t->kind == TYPE_POINTER;
}

static void spell_array(struct symbols *s, struct type *t, const char *inner, struct text *d)
{
    type_of(s, t);
    text_s(d, inner);
    text_c(d, '[');
    if (t->count_known)
        text_u(d, t->count);
    text_c(d, ']');
}

static void spell(struct symbols *s, struct type *t, const char *inner, char *out, size_t n,
                  int depth)
{
    char declarator[MAX_DECLARATOR];
    struct text d;
    const char *word = qualifier(t->kind);
    text_init(&d, declarator, sizeof declarator);
    if (depth > 12) {
        snprintf(out, n, "...");
        return;
    }
    if (t->kind == TYPE_POINTER)
        spell_pointer(s, t, inner, &d);
    else if (t->kind == TYPE_ARRAY)
        spell_array(s, t, inner, &d);
    else if (t->kind == TYPE_FUNCTION) {
        text_s(&d, inner);
        spell_parameters(s, t, &d, depth);
    } else if (word) {
        int after = qualifies_pointer(s, t);
        text_s(&d, after ? word : "");
        text_s(&d, after && *inner ? " " : "");
        text_s(&d, inner);
    } else {
        spell_named(t, inner, out, n);
        return;
    }
    if (word && !qualifies_pointer(s, t) && n > strlen(word) + 2) {
        size_t used = (size_t)snprintf(out, n, "%s ", word);
        out += used;
        n -= used;
    }
    spell(s, type_of(s, t), declarator, out, n, depth + 1);
}

void type_spell(struct symbols *s, struct type *t, char *out, size_t n)
{
    spell(s, t, "", out, n, 0);
}

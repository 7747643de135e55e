/* Types of C as the DWARF tells them, each made once, when it is first asked for. Types refer to
 * each other and to themselves; every step from one to the next is taken on demand, and chains have
 * a limit, so that damage cannot send us round. Owned by the symbols, freed with them. */
#ifndef LOCKSTEP_SYMBOLS_TYPES_H
#define LOCKSTEP_SYMBOLS_TYPES_H

#include <elfutils/libdw.h>

#include "symbols.h"

enum type_kind {
    TYPE_UNKNOWN,
    TYPE_VOID,
    TYPE_BASE,
    TYPE_POINTER, /* references too */
    TYPE_ARRAY,
    TYPE_STRUCT,
    TYPE_UNION,
    TYPE_ENUM,
    TYPE_FUNCTION,
    TYPE_TYPEDEF, /* this one and the following are peeled by sym_type_strip */
    TYPE_CONST,
    TYPE_VOLATILE,
    TYPE_ATOMIC,
    TYPE_RESTRICT
};

struct member {
    const char *name; /* NULL: anonymous struct or union, whose members are reached without a dot */
    Dwarf_Die die;
    struct type *type;
    uint64_t offset;               /* bytes; of the storage for a bit-field */
    uint32_t bit_offset, bit_size; /* bit-field: bit_size > 0, bit_offset from `offset` */
};

struct enumerator {
    const char *name;
    int64_t value;
};

struct type {
    enum type_kind kind;
    const void *key; /* the DIE it was asked for by; `die` is elsewhere when that only declares */
    Dwarf_Die die;
    const char *name;   /* tag or name; NULL if it has none */
    const char *opaque; /* "mutex": a library's own, never looked into; else NULL */
    struct type *of;    /* valid once of_known; element, pointee, aliased or returned type */
    uint64_t size;      /* valid once size_known */
    uint64_t count;     /* array: elements, valid if count_known */
    Dwarf_Die range;    /* array: its dimension, if has_range */
    uint8_t of_known, size_known, count_known, members_known, has_range;
    uint8_t encoding; /* DW_ATE_* of a base type */
    struct member *members;
    uint32_t nmembers;
    struct enumerator *enumerators;
    uint32_t nenumerators;
    struct type *next_hash;
};

/* The type at a DIE, made once; never NULL. */
struct type *sym_type_of_die(struct symbols *s, Dwarf_Die *die);
/* The type named by DW_AT_type of a DIE (through its abstract origin); void if there is none. */
struct type *sym_type_of_attr(struct symbols *s, Dwarf_Die *die);
/* Element, pointee, aliased type; never NULL. */
struct type *sym_type_of(struct symbols *s, struct type *t);
/* Without typedef and qualifiers, except that an opaque typedef stays. */
struct type *sym_type_strip(struct symbols *s, struct type *t);
/* Bytes; 0 if unknown or dynamic. */
uint64_t sym_type_size(struct symbols *s, struct type *t);
/* Fill members (struct, union) or enumerators once. */
void sym_type_load_members(struct symbols *s, struct type *t);
int sym_type_is_char(struct symbols *s, struct type *t);
/* The type as written in C: "struct node *", "void *(*)(void *)", "int[4]". */
void sym_type_spell(struct symbols *s, struct type *t, char *out, size_t n);
/* The word for a type of the thread library and the like ("mutex"), or NULL. */
const char *sym_type_opaque_word(const char *name);

#endif

/* The stack machine of DWARF expressions, shared by the evaluator (symbols_eval.c) and the
 * operations (symbols_ops.c). */
#ifndef LOCKSTEP_SYMBOLS_MACHINE_H
#define LOCKSTEP_SYMBOLS_MACHINE_H

#include "symbols_internal.h"

enum { MACHINE_STACK = 64, MAX_OPS = 1000, MAX_NESTING = 6 };

struct machine {
    const struct scene *c;
    Dwarf_Attribute *attr; /* where the operations came from; NULL for frame information */
    const Dwarf_Op *ops;
    size_t nops, at; /* at: the next one */
    uint64_t stack[MACHINE_STACK];
    size_t depth;
    struct location *out;
    int stopped; /* out->kind is final */
};

/* Carry out one operation. Registers that were not given and memory that cannot be read stop the
 * machine with a reason, not with a guess. */
void sym_machine_step(struct machine *x, const Dwarf_Op *op);
/* The result is these bytes. */
void sym_location_hold(struct location *out, const void *bytes, size_t n);

#endif

/* Lines, functions, variables and types of a program, from its DWARF (libdw).
 *
 * Reading only: a target is looked at through a `struct memory`, never written. Addresses are
 * run-time addresses; the load bias is given once (controlled runs have no ASLR). Addresses of
 * events, stacks and blocks carry the process whose memory they are (names.h); memory is read
 * without that. Blocks on disk reads only. Not thread-safe. */
#ifndef LOCKSTEP_SYMBOLS_H
#define LOCKSTEP_SYMBOLS_H

#include "base.h"
#include "names.h"

/* Reads n bytes of the target at addr into out; 0, or -1 if they cannot be read. */
struct memory {
    void *ctx;
    int (*read)(void *ctx, uint64_t addr, void *out, size_t n);
};

/* Where a stopped task stands: registers as they are in the program's function, right after its
 * call into the probe would return. */
struct regs {
    uint64_t pc; /* return address; look up pc - 1 */
    uint64_t sp;
    uint64_t bp; /* frame pointer register */
};

struct frame {
    struct place place;
    uint64_t pc;  /* return address in this frame (innermost: regs.pc) */
    uint64_t cfa; /* canonical frame address; identifies the frame */
};

/* A variable as shown: one row; children are rows with depth > 0 right after their parent. */
struct variable {
    char name[64];
    char type[64];   /* "int", "struct node *" */
    char value[160]; /* "3", "{head = 0x0, n = 2}", "\"abc\"", "<optimized out>", "<unreadable>" */
    uint64_t addr;   /* 0 if it has none (a register, a constant) */
    uint32_t size;
    int depth;
    int line; /* where it is declared; 0 unknown */
};

struct symbols;

/* Open the ELF file at path, loaded at `bias` (a non-PIE always at 0). -ERR_OPEN,
 * -ERR_NOT_A_PROGRAM. A file without DWARF opens; places are then unknown. */
int symbols_open(struct symbols **out, const char *path, uint64_t bias, struct err *e);
void symbols_close(struct symbols *s);

/* A struct names over these symbols. Heap blocks, stacks and thread-local places are spelled from
 * what is told below. Borrowed; lives as long as s. How objects are spelled:
 *   counter  buf[3]  buf[2..5]  table[2].name[0]  q.head  bits.{a,b}  counter+1 (inside it)
 *   next.id (a static of function next)  main.args[0].n  T1:inc.t (a local of any other function)
 *   T1:last (thread-local)  heap#2+8  heap#2.next  heap#3[4].x  T1's stack+0x20
 *   inc+0x12 (code)  "text" (a literal)  0x7fff12345678 (nothing known)
 * object: below a microsecond, allocates only for types met first; place: no allocation at all. A
 * place without line information has the function of the symbol table, if any. */
const struct names *symbols_names(struct symbols *s);

/* Tell where the stack of a task lies, so that its locals get names: "T1's stack+0x20" at worst,
 * counted from the end where the stack begins (high). high <= low forgets it. */
void symbols_set_stack(struct symbols *s, unsigned task, uint64_t low, uint64_t high);
/* Tell of a heap block (EV_ALLOC); a later one at the same address replaces it. Blocks are named
 * heap#1, heap#2 … in the order told. `pc`: who allocated it. */
void symbols_add_block(struct symbols *s, uint64_t addr, uint64_t size, unsigned task, uint64_t pc);
/* Tell of something else that has an address: a pipe, a mapping. It is named by the word (n bytes)
 * and its number: "pipe#1". `shared`: it belongs to no one process. */
void symbols_add_named(struct symbols *s, uint64_t addr, uint64_t size, const char *word, size_t n,
                       int shared);
/* Whether something was told of this address. */
int symbols_has_block(struct symbols *s, uint64_t addr);
/* Tell that process `to` was forked from `from`: it has copies of its blocks. */
void symbols_fork_blocks(struct symbols *s, unsigned from, unsigned to);
void symbols_clear_blocks(struct symbols *s);
/* Tell whose memory the struct memory of the functions below is: pointers are followed there. */
void symbols_set_process(struct symbols *s, unsigned process);
/* Learn what the blocks hold from the pointers in globals and told frames, so that places in them
 * are spelled by type: "heap#2.next", "heap#3[4]" instead of "heap#2+8". What was learnt stays
 * until the block is replaced or cleared. Optional; some microseconds a variable. */
void symbols_learn_blocks(struct symbols *s, const struct memory *m);
/* Tell of the live frames of a stopped task, so that places on its stack get the names of the
 * locals there ("main.args[0].n"). Optional; replaces what was told of this task. */
void symbols_set_frames(struct symbols *s, unsigned task, const struct regs *r,
                        const struct memory *m);

/* Tell the thread pointer (FS base) of a task, so that its thread-local variables have names
 * ("T1:errno_copy") and values. Optional. */
void symbols_set_thread_pointer(struct symbols *s, unsigned task, uint64_t thread_pointer);
/* Tell of another file of the target (the probe, a library) loaded at `bias`: call stacks are then
 * followed through it (a callback of qsort). Its functions and variables are never shown.
 * -ERR_OPEN, -ERR_NOT_A_PROGRAM. Optional; told once. */
int symbols_add_library(struct symbols *s, const char *path, uint64_t bias, struct err *e);

/* The call stack of a task, innermost first; at most max frames; returns how many (>= 0). Uses CFI;
 * stops at the start routine or main. */
int symbols_frames(struct symbols *s, const struct regs *r, const struct memory *m,
                   struct frame *out, int max);

/* The locals and parameters of frame `index` of that stack in scope at its pc, values by type
 * (integers, characters, enums by name, pointers with what they point at: &name or "text", arrays
 * shortened, structs and unions). Structs and arrays also as child rows, to depth 2. Returns the
 * number of rows written (<= max). A value that cannot be read says so; never an error. Left out:
 * what is not declared yet at that line, or whose initialiser is being evaluated, and what an inner
 * variable of the same name hides. Objects of the thread library are not looked into: their type is
 * a word ("mutex"), their value is empty. Pointers to other locals of the frame are "&name". */
int symbols_locals(struct symbols *s, const struct regs *r, const struct memory *m, int index,
                   struct variable *out, int max);

/* The program's own global and file-static variables (no libc), in the order of declaration. */
int symbols_globals(struct symbols *s, const struct memory *m, struct variable *out, int max);

/* Run-time address of a function or global by name; 0 if there is none. */
uint64_t symbols_address(struct symbols *s, const char *name);

/* Source files of the program as DWARF names them, resolved to absolute paths when that file
 * exists. Returns the count; *out is borrowed. */
int symbols_files(struct symbols *s, const char *const **out);

/* The path of symbols_files for a place.file; NULL if there is no such source. Borrowed. */
const char *symbols_file_path(struct symbols *s, const char *file);

/* 1 if `line` of `file` has code of its own. `file`: a place.file, one of symbols_files, or the end
 * of either ("counter.c"). */
int symbols_line_has_code(struct symbols *s, const char *file, int line);

#endif

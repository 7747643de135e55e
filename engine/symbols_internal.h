/* What the files of engine/symbols share; their names begin with sym_. Nobody else includes this.
 *
 * Addresses are of two kinds: "link" addresses, as the ELF file and its DWARF have them, and
 * run-time addresses (link + bias). Tables hold link addresses; names say which where it is not
 * obvious. Everything read from the file is hostile until checked: sizes and offsets are bounded,
 * chains have a limit, walks have a budget. Not thread-safe. */
#ifndef LOCKSTEP_SYMBOLS_INTERNAL_H
#define LOCKSTEP_SYMBOLS_INTERNAL_H

#include <elfutils/libdw.h>
#include <gelf.h>

#include "symbols.h"
#include "symbols_text.h"
#include "symbols_types.h"

enum {
    MAX_REGS = 33,     /* DWARF register numbers we follow */
    MAX_CHAIN = 24,    /* typedef of typedef of …: longer is damage */
    MAX_DEPTH = 48,    /* nesting of blocks in a function */
    MAX_LOCALS = 256,  /* variables looked at in one frame */
    MAX_UNWIND = 2048, /* frames of a stack; longer recursion is cut */
    VALUE_BYTES = 64   /* values held outside memory: registers, constants */
};

/* ---- memory that lives as long as the symbols ---- */

struct arena {
    struct arena_chunk *chunks;
};
void *sym_arena_get(struct arena *a, size_t n); /* zeroed, aligned for anything */
void sym_arena_fini(struct arena *a);
/* Copy of a name of the file, safe to show: control characters become '?'. NULL stays NULL. */
const char *sym_arena_name(struct arena *a, const char *s);
/* The same for a string inside the DWARF sections, whose address tells it: copied only once. */
const char *symbols_name(struct symbols *s, const char *raw);
/* Count n bytes of work on DIEs; 0 when there was too much of it: damage that would make us loop.
 */
int symbols_charge(struct symbols *s, uint64_t n);
/* A new allowance for what is done on demand after opening. */
void symbols_fresh_budget(struct symbols *s);
void sym_libraries_fini(struct symbols *s);
/* Where the program's thread-local block of a task lies. */
uint64_t sym_tls_block(const struct symbols *s, uint64_t thread_pointer);

/* Make room for one more element in a growing array; returns the array. */
void *sym_grow(void *array, size_t n, size_t *cap, size_t size);

/* ---- the file ---- */

struct segment { /* a PT_LOAD */
    uint64_t low, high, offset, nfile;
    int writable, executable;
};

struct elf_symbol {
    uint64_t low, high;
    const char *name;
};

struct elf_file {
    char *image; /* the whole file, read at once: it may be rewritten while we look */
    size_t nimage;
    Elf *elf;
    unsigned machine;
    int fixed;      /* no PIE: it lies where it says */
    uint64_t entry; /* where the start-up code begins */
    struct segment *segments;
    size_t nsegments;
    uint64_t tls_size, tls_align; /* PT_TLS */
    uint64_t rodata_low, rodata_high;
    struct elf_symbol *code, *data; /* sorted by low */
    size_t ncode, ndata;
};

int sym_elf_file_open(struct elf_file *f, struct arena *a, const char *path, struct err *e);
void sym_elf_file_close(struct elf_file *f);
/* The segment that holds a link address, NULL if none. */
const struct segment *sym_elf_segment(const struct elf_file *f, uint64_t addr);
int sym_elf_is_code(const struct elf_file *f, uint64_t addr);
/* Bytes of a segment that cannot be written, straight from the file; how many of n could be read.
 */
size_t sym_elf_constant(const struct elf_file *f, uint64_t addr, void *out, size_t n);
const struct elf_symbol *sym_elf_symbol_at(const struct elf_symbol *table, size_t n, uint64_t addr);

/* ---- lines ---- */

struct row {
    uint64_t addr;
    uint32_t line; /* 0: nothing known from here on */
    uint32_t file;
};

struct source {
    const char *given;  /* as given to the compiler */
    const char *joined; /* with the directory of the compilation */
    const char *path;   /* absolute when that file exists, else `joined` */
    uint8_t *has_code;  /* bit per line */
    uint32_t nlines;
    int is_unit; /* the main file of a compilation */
};

struct line_table {
    struct row *rows;
    size_t nrows, cap_rows;
    struct source *sources;
    size_t nsources, cap_sources;
    const char **files; /* for symbols_files */
    int nfiles;
};

void sym_lines_load_unit(struct symbols *s, Dwarf_Die *unit);
void sym_lines_finish(struct symbols *s);
void sym_lines_fini(struct line_table *t);
const struct row *sym_lines_at(const struct symbols *s, uint64_t link_pc);

/* ---- functions and variables ---- */

struct function {
    const char *name;
    uint64_t low; /* entry; link */
    Dwarf_Die die;
    uint32_t outer; /* inlined: index of the function it was inlined into (at any depth) */
    int is_inlined;
};

struct span { /* sorted, disjoint */
    uint64_t low, high;
    uint32_t function;
    uint32_t depth;
};

enum global_kind { GLOBAL_MEMORY, GLOBAL_TLS, GLOBAL_CONSTANT };

struct global {
    const char *name;
    const char *function; /* of a static inside a function, else NULL */
    enum global_kind kind;
    uint64_t addr; /* link; TLS: offset in the block */
    uint64_t size;
    struct type *type;
    Dwarf_Die die;
    uint32_t unit, order;
    int line;
};

void sym_units_load(struct symbols *s);
/* Function at a link address; innermost inlined one. NULL if unknown. */
const struct function *sym_function_at(const struct symbols *s, uint64_t link_pc);
/* The function whose code it is: never an inlined one. */
const struct function *sym_function_outer(const struct symbols *s, const struct function *f);
/* The next sibling into *die; 0 at the end, on damage, and when the budget is spent. */
int sym_die_next(struct symbols *s, Dwarf_Die *die);
int sym_die_has_pc(Dwarf_Die *die, uint64_t link_pc);
int sym_die_flag(Dwarf_Die *die, unsigned name);
const char *sym_die_name(Dwarf_Die *die);
/* An unsigned attribute, or `otherwise`. */
uint64_t sym_die_udata(Dwarf_Die *die, unsigned name, uint64_t otherwise);

/* ---- frames and expressions ---- */

struct arch {
    unsigned machine;
    unsigned sp, bp, ra, nregs;
};
/* NULL if the machine is unknown. */
const struct arch *sym_arch_of(unsigned machine);

struct frame_state {
    uint64_t pc;  /* run-time return address */
    uint64_t cfa; /* 0: unknown */
    uint64_t reg[MAX_REGS];
    uint64_t known; /* bit per register */
};

enum location_kind {
    LOCATION_GONE,       /* optimised out */
    LOCATION_MEMORY,     /* at addr */
    LOCATION_VALUE,      /* bytes[0..n) */
    LOCATION_TLS,        /* addr: offset in the thread-local block */
    LOCATION_REGISTER,   /* in a register that we were not given */
    LOCATION_UNREADABLE, /* needs memory that cannot be read */
    LOCATION_BAD         /* damaged or not understood */
};

struct location {
    enum location_kind kind;
    uint64_t addr; /* run-time */
    size_t n;
    uint8_t bytes[VALUE_BYTES];
};

/* Where an expression is evaluated. m, frame and function may be NULL. */
struct scene {
    struct symbols *s;
    const struct memory *m;
    const struct frame_state *frame;
    const struct function *function; /* gives the frame base */
    int depth;
};

/* Evaluate the location attribute `name` (DW_AT_location …) of a DIE in a scene. A
 * DW_AT_const_value counts as a value when there is no location. */
void sym_eval_variable(const struct scene *c, Dwarf_Die *die, struct location *out);
void sym_eval_attr(const struct scene *c, Dwarf_Attribute *attr, struct location *out);
/* attr: where ops came from, NULL for CFI. */
void sym_eval_ops(const struct scene *c, Dwarf_Attribute *attr, const Dwarf_Op *ops, size_t nops,
                  struct location *out);
/* Number of elements of an array in a scene (variable length ones are computed). 0 with *known 0
 * if it cannot be told. */
uint64_t sym_array_count(const struct scene *c, struct type *array, int *known);

/* Reads through m, or constants straight from the file. 0, or -1. */
int symbols_read(struct symbols *s, const struct memory *m, uint64_t addr, void *out, size_t n);

/* Frame `index` of a stack, innermost first, counting the program's own frames only. */
int sym_frame_find(struct symbols *s, const struct regs *r, const struct memory *m, int index,
                   struct frame_state *out);
/* Visit the program's frames of a stack until visit returns non-zero. */
void sym_frames_walk(struct symbols *s, const struct regs *r, const struct memory *m,
                     int (*visit)(void *ctx, const struct frame_state *f), void *ctx);

/* ---- locals ---- */

struct local {
    const char *name;
    Dwarf_Die die;
    struct type *type;
    struct location where;
    uint32_t block; /* nesting of its block; parameters and outermost variables 0 */
    int line;
    int is_list; /* its place changes with the pc */
    int is_parameter;
    int is_inlined; /* of a function inlined here: its lines are elsewhere */
};

/* Variables of the blocks around the pc of a frame, parameters first, outer before inner. */
int sym_locals_collect(const struct scene *c, struct local *out, int max);

/* ---- names ---- */

struct block { /* of the heap; run-time addresses */
    uint64_t low, high;
    uint32_t number;
    int is_shared;     /* of no one process */
    const char *word;  /* "pipe"; NULL: of the heap */
    struct type *type; /* what pointers to it say; NULL unknown */
};

struct heap {
    struct block *sorted; /* disjoint, by low */
    size_t nsorted, cap;
    struct block recent[32]; /* newest last, not merged yet; wins over sorted */
    size_t nrecent;
    uint32_t count;
    struct { /* blocks that are not of the heap are counted by their word */
        char word[24];
        uint32_t count;
    } words[16];
    uint32_t nwords;
};

struct stack {
    uint64_t low, high;
    unsigned task;
};

struct stack_place { /* a local in a told frame; run-time addresses */
    uint64_t low, high;
    unsigned task;
    const char *function, *name;
    struct type *type;
};

struct stacks {
    struct stack *stacks; /* by low */
    size_t nstacks, cap_stacks;
    struct stack_place *places; /* by low once sorted */
    size_t nplaces, cap_places;
    int sorted;
};

struct tls_base {
    unsigned task;
    uint64_t thread_pointer;
};

/* A named thing found at an address. */
struct found {
    enum { FOUND_NONE, FOUND_GLOBAL, FOUND_LOCAL, FOUND_HEAP, FOUND_TLS, FOUND_STACK } kind;
    uint64_t offset;   /* of the address in it */
    struct type *type; /* NULL unknown */
    uint64_t size;
    const char *function, *name;
    unsigned task;
    uint32_t number; /* heap */
    int is_shared;   /* heap: of no process */
};

void sym_heap_fini(struct heap *h);
struct block *sym_heap_at(struct heap *h, uint64_t addr);
const char *sym_block_word(const struct block *b); /* "heap" */
void sym_stacks_fini(struct stacks *t);
const struct stack *sym_stacks_at(const struct stacks *t, uint64_t addr);
const struct stack_place *sym_stacks_place_at(struct stacks *t, uint64_t addr);

/* What a pointer in the memory of the process told with symbols_set_process points at. */
struct found sym_find_object(struct symbols *s, uint64_t addr);

/* How far a path goes into an object. */
enum path_rule {
    PATH_DEEP,   /* to the smallest part that holds all `size` bytes: for accesses */
    PATH_SHALLOW /* to the largest part of `size` bytes that begins there: for pointers */
};
/* Append ".head", "[3].name" … for the part of an object of type t at `offset`; returns the type of
 * that part, NULL if it is inside a part or padding (then "+4" is appended). */
struct type *sym_path_spell(struct symbols *s, struct type *t, uint64_t offset, uint64_t size,
                            enum path_rule rule, struct text *out);
/* Spell what lies at a run-time address the way a pointer to `size` bytes (0 unknown) means it,
 * with
 * '&' where C would have it. 0 if nothing is known there (nothing appended). */
int sym_pointer_spell(struct symbols *s, uint64_t addr, uint64_t size, struct text *out);
/* "inc", "inc+0x4" for a code address; 0 if it is none of the program's. */
int sym_code_spell(struct symbols *s, uint64_t addr, struct text *out);
/* Append a quoted, shortened copy of the NUL-terminated text at addr. 0 if it cannot be read. */
int sym_string_spell(struct symbols *s, const struct memory *m, uint64_t addr, size_t max,
                     struct text *out);
extern const struct names symbols_names_template;

/* ---- values ---- */

/* A value to show: held[0..n) when held is set, else in memory at addr (run-time). */
struct value {
    struct type *type;
    uint64_t addr;
    const uint8_t *held;
    size_t n;
    uint32_t bit_offset, bit_size;
};

void sym_value_spell(const struct scene *c, const struct value *v, struct text *out);
/* Bytes of a part of v; 0, or -1 if they cannot be read. */
int sym_value_bytes(const struct scene *c, const struct value *v, uint64_t offset, void *out,
                    size_t n);
/* A base type, enum or pointer whose bytes are there; raw holds n bytes. */
void sym_scalar_spell(const struct scene *c, struct type *t, const uint8_t *raw, size_t n,
                      struct text *out);
/* The value of member i, or element i, of an aggregate. */
struct value sym_value_member(const struct scene *c, const struct value *v, const struct member *m);
struct value sym_value_element(const struct scene *c, const struct value *v, uint64_t i);

/* ---- all of it ---- */

enum { TYPE_HASH = 1024, NAME_HASH = 2048 };

struct symbols {
    char *path;
    uint64_t bias;
    struct arena arena;
    struct elf_file file;
    const struct arch *arch;
    Dwarf *dwarf;              /* NULL: none */
    Dwarf_CFI *eh, *debug;     /* .eh_frame, .debug_frame; NULL if none */
    struct library *libraries; /* other files to unwind through */
    size_t nlibraries;
    uint64_t budget; /* bytes of DIEs that may still be walked when the file is opened */
    struct line_table lines;
    struct function *functions;
    size_t nfunctions, cap_functions;
    struct span *spans;
    size_t nspans, cap_spans;
    struct global *globals; /* in order of declaration */
    size_t nglobals, cap_globals;
    uint32_t *by_addr; /* globals in memory, by address */
    size_t nby_addr;
    struct type *types[TYPE_HASH];
    struct type *type_void, *type_unknown;
    struct interned *interned[NAME_HASH];
    struct heap heap;
    struct stacks stacks;
    uint64_t tag; /* of the process whose memory is looked at */
    struct tls_base *tls;
    size_t ntls, cap_tls;
    /* While the locals of a frame are shown: its own places, named without the function. */
    const struct stack_place *frame_places;
    size_t nframe_places;
    struct names names;
};

#endif

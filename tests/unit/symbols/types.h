/* Shared by the files of the symbols fixture. */
#ifndef SYMBOLS_TYPES_H
#define SYMBOLS_TYPES_H

/* Stop for the tracer; the program counter is then right behind, like a return address. */
#if defined __x86_64__
#define STOP() __asm__ volatile("int3" ::: "memory")
#else
#define STOP() __asm__ volatile("brk #0; nop" ::: "memory")
#endif
/* The compiler must keep what p points to, in memory. */
#define USE(p) __asm__ volatile("" ::"r"(p) : "memory")

int other_file(int n);

#endif

/* In a program built to have every access noted, the note in place of the call that would make it:
 * a file for the assembler, read before the compiler's own output, in which `call` is a macro. A
 * call of __tsan_read4 and its kin becomes the entry of the ring, written right there; all other
 * calls stay what they are. The call costs more than all else: without it a noted program runs two
 * to three times as fast.
 *
 * For gcc, which hands its output to the GNU assembler. clang makes objects by itself; its programs
 * call the hooks (engine/recorder/memory.c), which do the same. */
#ifndef LOCKSTEP_INLINE_NOTE_H
#define LOCKSTEP_INLINE_NOTE_H

/* Write that file. 0, or -1 with errno. */
int inline_note_write(const char *path);

#endif

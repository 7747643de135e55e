/* Private to live_say.c, live_words.c: names and words of what is known of a live run. All append.
 */
#ifndef LOCKSTEP_LIVE_WORDS_H
#define LOCKSTEP_LIVE_WORDS_H

#include "explain_private.h"
#include "live_inside.h"

/* names: as of the program, NULL: addresses only. */
struct spelling live_spelling(const struct names *names);
/* There is more than one process, so tasks and places are told apart by it. */
int live_several(const struct live_model *m);
/* "P1" */
void live_word_process(const struct live_model *m, uint32_t process, struct buf *out);
/* "T3": a task that may have been forgotten, by its number. */
void live_word_number(const struct live_model *m, uint64_t number, struct buf *out);
/* "P1", "any child": whom a wait for `pid` is for. */
void live_word_pid(const struct live_model *m, int64_t pid, struct buf *out);
/* " (counter.c:12)", or nothing. */
void live_word_place(const struct spelling *s, uint64_t pc, struct buf *out);
/* "m", "m in P1", "pipe:[77]" */
void live_word_addr(const struct live_model *m, const struct spelling *s, uint32_t process,
                    uint64_t addr, struct buf *out);
/* "1.200 ms" */
void live_word_duration(uint64_t ns, struct buf *out);
/* What a task of `process` waits for: "waits for m"; what it did, or could not: "locks m". */
void live_words_wait(const struct live_model *m, const struct spelling *s, uint32_t process,
                     const struct live_event *e, struct buf *out);
void live_words_done(const struct live_model *m, const struct spelling *s, uint32_t process,
                     const struct live_event *e, struct buf *out);

#endif

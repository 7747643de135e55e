/* lockstep.h: what a program may tell lockstep. All of it is optional.
 *
 * Without lockstep the program builds and runs all the same: the first alternative is taken,
 * assumptions are not looked at, the rest does nothing. `lockstep run`, `lockstep explore` and
 * `lockstep cc` find this header by themselves; for another compiler, copy it beside the
 * program. */
#ifndef LOCKSTEP_H
#define LOCKSTEP_H

#ifdef __cplusplus
extern "C" {
#endif

/* A number from 0 to n - 1 (n from 1 to 256): a search tries each, a learner chooses. */
extern int lockstep_choose(int n) __attribute__((weak));

/* Only executions in which `condition` holds count. One in which it does not is abandoned: it is
 * counted apart and is no outcome. What the other tasks do until nobody can go on still counts. */
extern void lockstep_assume(int condition) __attribute__((weak));

/* Between begin and end no other task moves. To wait in between for another task is a mistake, and
 * is said. Pairs may be nested. */
extern void lockstep_atomic_begin(void) __attribute__((weak));
extern void lockstep_atomic_end(void) __attribute__((weak));

/* A line in the trace, as of printf; no output of the program. */
extern void lockstep_note(const char *format, ...) __attribute__((weak, format(printf, 1, 2)));

#ifdef __cplusplus
}
#endif

/* A call of what is not there is left out. */
#define lockstep_choose(n)         (lockstep_choose ? lockstep_choose(n) : ((void)(n), 0))
#define lockstep_assume(condition) (lockstep_assume ? lockstep_assume(!!(condition)) : (void)0)
#define lockstep_atomic_begin()    (lockstep_atomic_begin ? lockstep_atomic_begin() : (void)0)
#define lockstep_atomic_end()      (lockstep_atomic_end ? lockstep_atomic_end() : (void)0)
#define lockstep_note(...)         (lockstep_note ? lockstep_note(__VA_ARGS__) : (void)0)

#endif

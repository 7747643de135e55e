/* The keeper: a process between lockstep and a target, there for one thing, that nothing the target
 * starts outlives it or lockstep. It is the subreaper of all that descends from the target,
 * whatever session or group that made for itself, and ends when lockstep lets go of it or is gone,
 * also by SIGKILL: then it first ends every descendant. It has not our terminal, so the target has
 * it not either. */
#ifndef LOCKSTEP_KEEPER_H
#define LOCKSTEP_KEEPER_H

#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

struct keeper {
    pid_t pid; /* 0: none */
    int line;  /* readable when it has news; the keeper ends when it is closed */
};

enum keeper_news { KEEPER_STARTED, KEEPER_ENDED, KEEPER_REFUSED, KEEPER_ORPHAN, KEEPER_EMPTY };
struct keeper_message {
    int news;      /* enum keeper_news */
    int value;     /* STARTED: the target's pid; ENDED, ORPHAN: the wait status */
    pid_t pid;     /* ORPHAN: whose; told only where it lingers, and not if many end at once */
    int64_t at_ns; /* ENDED: when that was seen, by CLOCK_MONOTONIC */
    struct rusage usage; /* ENDED: of the target and of what it waited for */
    char text[200];      /* REFUSED: what the program did */
};

/* Becomes the program; must not return. `guard` is the socket for guard_install(). */
typedef void become_fn(void *ctx, int guard);
/* Fork a keeper, and from it a child that calls become(ctx). In both, the two descriptors `keep`
 * are 100 and 101, 0 to 2 lead to /dev/null (with LOCKSTEP_DEBUG set, 2 stays), and all others are
 * closed or will be at exec. Blocks until the child exists. 0 with *k and *pid filled, or a
 * negative errno. */
int keeper_start(struct keeper *k, const int keep[2], become_fn *become, void *ctx, pid_t *pid);
/* The same for a program that runs free and is looked at: the second of `keep` is a terminal, which
 * becomes that of the program's session, with the program in the foreground, as a shell does it;
 * and what the program leaves behind lives on until it ends by itself, which KEEPER_EMPTY tells, or
 * the keeper does. */
int keeper_start_free(struct keeper *k, const int keep[2], become_fn *become, void *ctx,
                      pid_t *pid);
/* End everything without waiting for it; keeper_end is still to be called. */
void keeper_hurry(struct keeper *k);
/* The next message, without waiting. 1 with *m filled, 0 none, -1 the keeper is gone. */
int keeper_hear(struct keeper *k, struct keeper_message *m);
/* End everything; returns when it is done. *k may be zero. */
void keeper_end(struct keeper *k);
/* Does `pid` descend from `keeper`? */
int keeper_has(pid_t keeper, pid_t pid);

#endif

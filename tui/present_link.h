/* The notes' end of the socket: finds a presentation, follows it, asks it to go on. */
#ifndef LOCKSTEP_PRESENT_LINK_H
#define LOCKSTEP_PRESENT_LINK_H

#include "present_wire.h"

enum link_event {
    LINK_NOTHING,
    LINK_BEGAN, /* connected to link->pid */
    LINK_NEWS,  /* link->state is another one */
    LINK_ENDED  /* the presentation is gone; the last state stays */
};

struct present_link {
    int folder;   /* -1: none */
    int wanted;   /* pid that was asked for; 0: the newest */
    int fd, pid;  /* -1, 0: not connected */
    int others;   /* presentations there are beside it */
    int had;      /* a state was received */
    int64_t last; /* ms of the last look for one */
    struct buf in;
    struct wire_state state;
    char *trouble; /* why it cannot be followed; NULL */
};

enum { LINK_AGAIN_MS = 500 };

/* pid 0: the newest. Errors of socket_folder: *l can be used all the same, and tries again. */
int link_init(struct present_link *l, int pid, struct err *e);
void link_fini(struct present_link *l);
/* Look for a presentation when there is none, take what came. Does not block. */
enum link_event link_look(struct present_link *l, int64_t now_ms);
/* Ask for a key of the presentation. 0; -1 not connected, or it must not be asked for. */
int link_ask(struct present_link *l, int key);
/* Follow another one of those that run. 0 when there is no other. */
int link_other(struct present_link *l);

/* Minutes gone, and behind the plan, at now_ms of the monotonic clock. */
int link_minutes(const struct wire_state *s, int64_t now_ms, int *behind, int *early);

#endif

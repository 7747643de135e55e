/* Programs that run free, made up: models filled look by look behind the port of the live screen,
 * so that it can be tested without a program. What is done to them is written down. */
#ifndef LOCKSTEP_TESTS_STAGE_H
#define LOCKSTEP_TESTS_STAGE_H

#include "live_port.h"

enum scene {
    SCENE_NEW,       /* nothing was seen yet */
    SCENE_RUNNING,   /* main joins T1; T1 and T2 run */
    SCENE_CONTENDED, /* T1 has m, T2 and T3 wait for it */
    SCENE_QUEUE,     /* a producer, three consumers, a bounded queue */
    SCENE_FAMILY,    /* a zombie, an orphan, one stopped, one killed, one of another program */
    SCENE_CROWD,     /* 64 threads, 58 of which wait all the time */
    SCENE_HANG,      /* T1 has a and wants b, T2 has b and wants a */
    SCENES
};

struct stage {
    enum scene scene;
    struct live_model model;
    struct names names;
    uint64_t now;      /* ns */
    int ended, status; /* as the port says */
    const char *why, *notes;
    struct buf output;
    struct buf log; /* what was done: "signal P0 T- 15\n", "pace 1000000\n", "type hello\n" ... */
    int refuses;    /* what is asked for fails */
    struct port steps; /* what `control` gives; ops NULL: it fails */
    struct variable globals[4];
    int nglobals;
};

/* A stage after `ns` of its scene, looked at every 10 ms. Free with stage_free after the screen. */
struct stage *stage_new(enum scene scene, uint64_t ns);
struct live_port stage_port(struct stage *s);
/* Let it go on for so long. The screen sees it at its next look. */
void stage_go(struct stage *s, uint64_t ns);
/* It ends with that wait status; its processes, too. */
void stage_end(struct stage *s, int status);
void stage_free(struct stage *s);

#endif

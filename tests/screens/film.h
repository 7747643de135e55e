/* Recorded executions of several processes, made by hand, behind the port of a session: they can be
 * looked at from end to end, and not be changed. */
#ifndef LOCKSTEP_TESTS_FILM_H
#define LOCKSTEP_TESTS_FILM_H

#include "port.h"

enum film {
    FILM_FAMILY, /* a child ends with status 3 and is a zombie until it is waited for */
    FILM_ORPHAN, /* a child ends before its own child, which has another parent then */
    FILM_PIPE,   /* a child fills a pipe, its parent waits for it: a deadlock */
    FILMS
};

struct port film_port(enum film film);

#endif

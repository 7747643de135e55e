/* The sentences of pipes, sockets and message queues. */
#include "explain_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

static enum object_class class_of(const struct say *s)
{
    const struct world_object *o = world_object(s->w, s->e->addr);
    return o ? o->class : OBJ_NONE;
}

/* "pipe#1", or the number of the descriptor when nothing is known of it. */
static const char *channel(const struct say *s, char scratch[32])
{
    if (s->e->addr)
        return s->object;
    snprintf(scratch, 32, "descriptor %" PRIu64, s->e->a);
    return scratch;
}

static void say_call_fails(struct say *s, const char *what, const char *why)
{
    char scratch[32];
    say(s, "%s tries to %s: the call fails with %s%s.", s->task, what,
        spell_error(s->e->result, scratch), why);
}

void say_pipe(struct say *s)
{
    if (s->e->result != 0) {
        say_call_fails(s, "make a pipe or the like", "");
        return;
    }
    switch (class_of(s)) {
    case OBJ_PIPE:
        say(s, "%s makes %s: descriptor %" PRIu64 " reads from it, %" PRIu64 " writes to it.",
            s->task, s->object, s->e->a, s->e->b);
        break;
    case OBJ_SOCKET:
        say(s,
            "%s makes %s: what is written to descriptor %" PRIu64 " is read from %" PRIu64
            ", and the other way round.",
            s->task, s->object, s->e->a, s->e->b);
        break;
    default:
        say(s, "%s makes %s, descriptor %" PRIu64 ".", s->task, s->object, s->e->a);
    }
}

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/* "5 bytes are in it now." */
static void say_left(struct say *s)
{
    const struct world_object *o = world_object(s->w, s->e->addr);
    if (!o || !object_is_channel(o->class) || o->class == OBJ_EVENTFD || o->count == 0)
        return;
    if (o->limit)
        say(s, "%" PRId64 " of %" PRId64 " bytes are in it now.", o->count, o->limit);
    else
        say(s, "%" PRId64 " byte%s in it now.", o->count, o->count == 1 ? " is" : "s are");
}

static void say_end_of_file(struct say *s, const char *what)
{
    say(s, "%s reads from %s and finds the end%s.", s->task, what,
        s->e->addr && !world_ends(s->w, s->e->addr, 1)
            ? ": it is empty, and nobody has it open for writing any more"
            : "");
}

void say_fd_read(struct say *s)
{
    char scratch[32], what[NAME_BYTES + 32];
    const char *from = channel(s, scratch);
    struct buf text = {0};
    add_content(&text, s->t, s->e);
    if (s->e->result != 0) {
        snprintf(what, sizeof what, "read from %s", from);
        say_call_fails(s, what, s->e->result == EAGAIN ? ": it is empty" : "");
        buf_fini(&text);
        return;
    }
    if (is_accept(s->t, s->e)) {
        say(s, "%s accepts a connection at %s: descriptor %u talks to the other side.", s->task,
            from, s->e->size);
    } else if (s->e->size == 0 && s->e->b != 0) {
        say_end_of_file(s, from);
    } else {
        say(s, "%s reads %u byte%s from %s%s%s.", s->task, s->e->size, plural(s->e->size), from,
            text.len ? ": " : "", text.len ? text.data : "");
        say_left(s);
    }
    say_waited(s);
    buf_fini(&text);
}

void say_fd_write(struct say *s)
{
    char scratch[32], what[NAME_BYTES + 32];
    const char *to = channel(s, scratch);
    struct buf text = {0};
    if (s->e->result != 0) {
        snprintf(what, sizeof what, "write to %s", to);
        say_call_fails(s, what,
                       s->e->result == EPIPE    ? ": nobody has it open for reading any more"
                       : s->e->result == EAGAIN ? ": it is full"
                                                : "");
        return;
    }
    add_content(&text, s->t, s->e);
    if (s->e->size < s->e->b)
        say(s, "%s writes %u of %" PRIu64 " bytes to %s: there is no room for more.", s->task,
            s->e->size, s->e->b, to);
    else
        say(s, "%s writes %u byte%s to %s%s%s.", s->task, s->e->size, plural(s->e->size), to,
            text.len ? ": " : "", text.len ? text.data : "");
    say_left(s);
    say_waited(s);
    buf_fini(&text);
}

void say_fd_close(struct say *s)
{
    char what[64];
    if (s->e->result != 0) {
        snprintf(what, sizeof what, "close descriptor %" PRIu64, s->e->a);
        say_call_fails(s, what, "");
        return;
    }
    if (!s->e->addr) {
        say(s, "%s closes descriptor %" PRIu64 ".", s->task, s->e->a);
        return;
    }
    const char *end = s->end_reads && s->end_writes ? ""
                      : s->end_reads                ? "the end for reading of "
                      : s->end_writes               ? "the end for writing of "
                                                    : "";
    say(s, "%s closes descriptor %" PRIu64 ", %s%s.", s->task, s->e->a, end, s->object);
    if (s->end_writes && !world_ends(s->w, s->e->addr, 1))
        say(s, "Nobody can write to it any more: whoever reads it empty finds the end.");
    else if (s->end_reads && !world_ends(s->w, s->e->addr, 0))
        say(s, "Nobody can read from it any more: whoever writes to it gets SIGPIPE.");
}

/* What a descriptor of the stepping task's process stands for; 0 unknown. */
static uint64_t object_of_fd(const struct say *s, uint64_t number)
{
    for (uint32_t i = 0; i < s->w->nfds; i++)
        if (s->w->fds[i].process == s->e->process && (uint64_t)s->w->fds[i].number == number)
            return s->w->fds[i].addr;
    return 0;
}

void say_fd_dup(struct say *s)
{
    char what[64], object[NAME_BYTES];
    uint64_t addr = object_of_fd(s, s->e->b);
    spell_object(s->names, addr, 0, object);
    if (s->e->result != 0 || (int64_t)s->e->b < 0) {
        snprintf(what, sizeof what, "duplicate descriptor %" PRIu64, s->e->a);
        say(s, "%s tries to %s: the call fails.", s->task, what);
        return;
    }
    say(s, "%s makes descriptor %" PRIu64 " a second name of %" PRIu64 "%s%s.", s->task, s->e->b,
        s->e->a, addr ? ": " : "", addr ? object : "");
}

void say_poll(struct say *s)
{
    if (s->e->result != 0)
        say_call_fails(s, "wait for its descriptors", "");
    else if (s->e->a == 0)
        say(s, "%s looks at its descriptors: none is ready.", s->task);
    else
        say(s, "%s looks at its descriptors: %" PRIu64 " %s ready.", s->task, s->e->a,
            s->e->a == 1 ? "is" : "are");
    say_waited(s);
}

void say_queue(struct say *s)
{
    char what[NAME_BYTES + 32];
    int sends = s->e->kind == EV_MQ_SEND;
    if (s->e->result != 0) {
        snprintf(what, sizeof what, "%s %s", sends ? "send a message to" : "take a message from",
                 s->object);
        say_call_fails(s, what, "");
        return;
    }
    say(s, "%s %s a message of %u byte%s, priority %" PRIu64 ", %s %s; %" PRIu64 " %s in it now.",
        s->task, sends ? "sends" : "takes", s->e->size, plural(s->e->size), s->e->b,
        sends ? "to" : "from", s->object, s->e->a, s->e->a == 1 ? "is" : "are");
    say_waited(s);
}

/* ---- waiting ---- */

/* Who could end the wait: the processes that have the other end open. */
static void say_other_ends(struct say *s, const struct waiting *x, int writing)
{
    uint64_t set = world_ends(s->w, x->k->blocked_addr, writing);
    const char *verb = writing ? "write to" : "read from";
    char who[256];
    spell_processes(set, who, sizeof who);
    if (!set)
        return;
    if (set == 1ull << x->k->process && s->names->forked)
        say(s, "Only %s itself has it open to %s it.", who, writing ? "write to" : "read from");
    else if (s->names->forked)
        say(s, "%s could %s it.", who, verb);
}

void say_read_wait(struct say *s, const struct waiting *x)
{
    if (x->k->pending.a == EV_MQ_RECEIVE) {
        say(s, "%s waits since step %u: there is no message in %s.", x->who, x->k->blocked_since,
            x->object);
        return;
    }
    say(s, "%s waits since step %u: there is nothing to read in %s, and somebody may still write.",
        x->who, x->k->blocked_since, x->object);
    say_other_ends(s, x, 1);
}

void say_write_wait(struct say *s, const struct waiting *x)
{
    if (x->o && object_is_channel(x->o->class) && x->o->count > 0)
        say(s, "%s waits since step %u: %s is full (%" PRId64 " bytes) until somebody reads.",
            x->who, x->k->blocked_since, x->object, x->o->count);
    else
        say(s, "%s waits since step %u: %s is full until somebody takes something out of it.",
            x->who, x->k->blocked_since, x->object);
    say_other_ends(s, x, 0);
}

void say_poll_wait(struct say *s, const struct waiting *x)
{
    say(s, "%s waits since step %u until one of its descriptors is ready.", x->who,
        x->k->blocked_since);
}

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
    snprintf(scratch, 32, _("descriptor %" PRIu64), s->e->a);
    return scratch;
}

void say_pipe(struct say *s)
{
    if (s->e->result != 0) {
        say(s, "%s tries to make a pipe or the like: the call fails with %s.", s->task, s->error);
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

/* "5 bytes are in it now." */
static void say_left(struct say *s)
{
    const struct world_object *o = world_object(s->w, s->e->addr);
    if (!o || !object_is_channel(o->class) || o->class == OBJ_EVENTFD || o->count == 0)
        return;
    if (o->limit)
        say(s, "%" PRId64 " of %" PRId64 " bytes are in it now.", o->count, o->limit);
    else
        say(s,
            ngettext("%" PRId64 " byte is in it now.", "%" PRId64 " bytes are in it now.",
                     (unsigned long)o->count),
            o->count);
}

static void say_end_of_file(struct say *s, const char *what)
{
    if (s->e->addr && !world_ends(s->w, s->e->addr, 1))
        say(s,
            "%s reads from %s and finds the end: it is empty, and nobody has it open for writing "
            "any more.",
            s->task, what);
    else
        say(s, "%s reads from %s and finds the end.", s->task, what);
}

void say_fd_read(struct say *s)
{
    char scratch[32];
    const char *from = channel(s, scratch);
    struct buf text = {0};
    add_content(&text, s->t, s->e);
    if (s->e->result != 0) {
        say(s,
            s->e->result == EAGAIN
                ? N_("%s tries to read from %s: the call fails with %s: it is empty.")
                : N_("%s tries to read from %s: the call fails with %s."),
            s->task, from, s->error);
        buf_fini(&text);
        return;
    }
    if (is_accept(s->t, s->e)) {
        say(s, "%s accepts a connection at %s: descriptor %u talks to the other side.", s->task,
            from, s->e->size);
    } else if (s->e->size == 0 && s->e->b != 0) {
        say_end_of_file(s, from);
    } else {
        if (text.len)
            say(s,
                ngettext("%s reads %u byte from %s: %s.", "%s reads %u bytes from %s: %s.",
                         s->e->size),
                s->task, s->e->size, from, text.data);
        else
            say(s, ngettext("%s reads %u byte from %s.", "%s reads %u bytes from %s.", s->e->size),
                s->task, s->e->size, from);
        say_left(s);
    }
    say_waited(s);
    buf_fini(&text);
}

void say_fd_write(struct say *s)
{
    char scratch[32];
    const char *to = channel(s, scratch);
    struct buf text = {0};
    if (s->e->result != 0) {
        say(s,
            s->e->result == EPIPE
                ? N_("%s tries to write to %s: the call fails with %s: nobody has "
                     "it open for reading any more.")
            : s->e->result == EAGAIN ? N_("%s tries to write to %s: the call fails with %s: it is "
                                          "full.")
                                     : N_("%s tries to write to %s: the call fails with %s."),
            s->task, to, s->error);
        return;
    }
    add_content(&text, s->t, s->e);
    if (s->e->size < s->e->b)
        say(s, "%s writes %u of %" PRIu64 " bytes to %s: there is no room for more.", s->task,
            s->e->size, s->e->b, to);
    else if (text.len)
        say(s,
            ngettext("%s writes %u byte to %s: %s.", "%s writes %u bytes to %s: %s.", s->e->size),
            s->task, s->e->size, to, text.data);
    else
        say(s, ngettext("%s writes %u byte to %s.", "%s writes %u bytes to %s.", s->e->size),
            s->task, s->e->size, to);
    say_left(s);
    say_waited(s);
    buf_fini(&text);
}

void say_fd_close(struct say *s)
{
    if (s->e->result != 0) {
        say(s, "%s tries to close descriptor %" PRIu64 ": the call fails with %s.", s->task,
            s->e->a, s->error);
        return;
    }
    if (!s->e->addr) {
        say(s, "%s closes descriptor %" PRIu64 ".", s->task, s->e->a);
        return;
    }
    say(s,
        s->end_reads && !s->end_writes
            ? N_("%s closes descriptor %" PRIu64 ", the end for reading of %s.")
        : s->end_writes && !s->end_reads
            ? N_("%s closes descriptor %" PRIu64 ", the end for writing of %s.")
            : N_("%s closes descriptor %" PRIu64 ", %s."),
        s->task, s->e->a, s->object);
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
    char object[NAME_BYTES];
    uint64_t addr = object_of_fd(s, s->e->b);
    spell_object(s->names, addr, 0, object);
    if (s->e->result != 0 || (int64_t)s->e->b < 0) {
        say(s, "%s tries to duplicate descriptor %" PRIu64 ": the call fails.", s->task, s->e->a);
        return;
    }
    if (addr)
        say(s, "%s makes descriptor %" PRIu64 " a second name of %" PRIu64 ": %s.", s->task,
            s->e->b, s->e->a, object);
    else
        say(s, "%s makes descriptor %" PRIu64 " a second name of %" PRIu64 ".", s->task, s->e->b,
            s->e->a);
}

void say_poll(struct say *s)
{
    if (s->e->result != 0)
        say(s, "%s tries to wait for its descriptors: the call fails with %s.", s->task, s->error);
    else if (s->e->a == 0)
        say(s, "%s looks at its descriptors: none is ready.", s->task);
    else
        say(s,
            ngettext("%s looks at its descriptors: %" PRIu64 " is ready.",
                     "%s looks at its descriptors: %" PRIu64 " are ready.", s->e->a),
            s->task, s->e->a);
    say_waited(s);
}

void say_queue(struct say *s)
{
    int sends = s->e->kind == EV_MQ_SEND;
    char bytes[48];
    if (s->e->result != 0) {
        say(s,
            sends ? N_("%s tries to send a message to %s: the call fails with %s.")
                  : N_("%s tries to take a message from %s: the call fails with %s."),
            s->task, s->object, s->error);
        return;
    }
    snprintf(bytes, sizeof bytes, ngettext("%u byte", "%u bytes", s->e->size), s->e->size);
    if (sends)
        say(s,
            ngettext(
                "%s sends a message of %s, priority %" PRIu64 ", to %s; %" PRIu64 " is in it now.",
                "%s sends a message of %s, priority %" PRIu64 ", to %s; %" PRIu64 " are in it now.",
                s->e->a),
            s->task, bytes, s->e->b, s->object, s->e->a);
    else
        say(s,
            ngettext("%s takes a message of %s, priority %" PRIu64 ", from %s; %" PRIu64
                     " is in it now.",
                     "%s takes a message of %s, priority %" PRIu64 ", from %s; %" PRIu64
                     " are in it now.",
                     s->e->a),
            s->task, bytes, s->e->b, s->object, s->e->a);
    say_waited(s);
}

/* ---- waiting ---- */

/* Who could end the wait: the processes that have the other end open. */
static void say_other_ends(struct say *s, const struct waiting *x, int writing)
{
    uint64_t set = world_ends(s->w, x->k->blocked_addr, writing);
    char who[256];
    spell_processes(set, who, sizeof who);
    if (!set)
        return;
    if (set == 1ull << x->k->process && s->names->forked)
        say(s,
            writing ? N_("Only %s itself has it open to write to it.")
                    : N_("Only %s itself has it open to read from it."),
            who);
    else if (s->names->forked)
        say(s, writing ? N_("%s could write to it.") : N_("%s could read from it."), who);
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

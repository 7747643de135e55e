/* Who has which ends of pipes open. To close one of several copies of an end changes nothing that
 * anybody could see, so such a close depends on nothing; the last one does. What is kept here is
 * only used for that, and only while the program makes its descriptors in ways that are followed
 * here: otherwise every close counts as one that may be seen. */
#include "fd.h"

static unsigned end_at(const struct process *p, int fd)
{
    return fd >= 0 && fd < FD_ENDS ? p->fd_ends[fd] : 0;
}

static uint16_t *count_of(unsigned end)
{
    return &S->fd_objects[(end - 1) / 2].ends[(end - 1) % 2];
}

static void set_end(struct process *p, int fd, unsigned end)
{
    if (fd < 0)
        return;
    if (fd >= FD_ENDS) {
        S->fd_counted = false;
        return;
    }
    if (p->fd_ends[fd])
        --*count_of(p->fd_ends[fd]);
    p->fd_ends[fd] = (uint8_t)end;
    if (end)
        ++*count_of(end);
}

void ends_begin(struct process *p)
{
    S->fd_counted = !S->fd_uncountable;
    memset(p->fd_ends, 0, sizeof p->fd_ends);
}

void ends_unknown(void)
{
    S->fd_counted = false;
    if (S->fd_uncountable)
        return;
    S->fd_uncountable = true;
    if (S->searching && S->nfd_objects) /* what was left out so far is needed */
        begin_again();
}

void ends_pipe(unsigned k, const int fds[2])
{
    S->fd_objects[k].ends[0] = S->fd_objects[k].ends[1] = 0;
    set_end(OWN, fds[0], 2 * k + 1);
    set_end(OWN, fds[1], 2 * k + 2);
}

void ends_copy(int from, int to)
{
    if (from != to)
        set_end(OWN, to, end_at(OWN, from));
}

void ends_close(int fd)
{
    set_end(OWN, fd, 0);
}

void ends_fork(const struct process *from, struct process *p)
{
    memset(p->fd_ends, 0, sizeof p->fd_ends);
    for (int fd = 0; fd < FD_ENDS && S->fd_counted; fd++)
        if (from->fd_ends[fd])
            set_end(p, fd, from->fd_ends[fd]);
}

void ends_process_over(struct process *p)
{
    for (int fd = 0; fd < FD_ENDS && S->fd_counted; fd++)
        set_end(p, fd, 0);
}

/* What the end of the process does to each pipe it has open: per pipe one of the two modes. */
static unsigned modes_at_end(const struct process *p, uint8_t mode[MAX_FD_OBJECTS])
{
    uint16_t own[MAX_FD_OBJECTS][2] = {{0}};
    unsigned n = 0;
    for (int fd = 0; fd < FD_ENDS; fd++)
        if (p->fd_ends[fd])
            own[(p->fd_ends[fd] - 1) / 2][(p->fd_ends[fd] - 1) % 2]++;
    for (unsigned k = 0; k < S->nfd_objects; k++) {
        mode[k] = 0;
        if (!own[k][0] && !own[k][1])
            continue;
        bool last = (own[k][0] && own[k][0] == S->fd_objects[k].ends[0]) ||
                    (own[k][1] && own[k][1] == S->fd_objects[k].ends[1]);
        mode[k] = last ? M_FDLAST : M_FDCLOSE;
        n++;
    }
    return n;
}

static void reach_each_end(struct op *op, const struct process *p)
{
    uint8_t mode[MAX_FD_OBJECTS];
    unsigned at = 0, n = modes_at_end(p, mode);
    while (at < op->nreach && !(op->reach[at].addr == OBJ_FDS && op->reach[at].mode == M_FDEND))
        at++;
    if (at == op->nreach || op->nreach - 1 + n > REACH_MAX)
        return;
    op->reach[at] = op->reach[--op->nreach];
    for (unsigned k = 0; k < S->nfd_objects; k++)
        if (mode[k])
            op_reach(op, OBJ_FD(k), 0, mode[k]);
}

static bool is_pipe(uint64_t object)
{
    uint64_t k = object - OBJ_FD(0);
    return k < S->nfd_objects && (S->fd_objects[k].ends[0] || S->fd_objects[k].ends[1]);
}

/* *op is made now: is what it closes the last of its kind? */
void ends_amend(struct op *op)
{
    const struct process *p = OWN;
    if (!S->fd_counted)
        return;
    if (op->kind == EV_FD_CLOSE) {
        unsigned end = op->addr2 ? end_at(p, (int)op->addr2 - 1) : 0;
        if (end && op->reach[0].addr == OBJ_FD((end - 1) / 2))
            op->reach[0].mode = *count_of(end) > 1 ? M_FDCLOSE : M_FDLAST;
    } else if (op->kind == EV_FD_DUP) {
        unsigned to = op->addr2 ? end_at(p, (int)op->addr2 - 1) : 0;
        if (op->nreach && op->addr2 && to)
            op->reach[0].mode = M_FDLAST;
        else if (op->nreach && !op->addr2 && is_pipe(op->reach[0].addr))
            op->reach[0].mode = M_FDCLOSE;
    } else if (op->kind == EV_EXIT || op->kind == EV_ABORT || op->kind == EV_SIGNAL ||
               (op->kind == EV_END && p->live == 1)) {
        reach_each_end(op, p);
    }
}

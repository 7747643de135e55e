/* System V semaphores and message queues. A semaphore of a set is an object of its own, at a place
 * of its own: an operation on several waits until it can be made on all, and reaches each. */
#include "ipc.h"

#include <limits.h>
#include <stdarg.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

#define SETS          32
#define SEMAPHORES    32 /* of a set */
#define MOST          4  /* semaphores of one operation */
#define VALUE_MAX     32767
#define QUEUES_SYSV   32
#define MESSAGES      512
#define MESSAGE_BYTES 8192
#define QUEUE_BYTES   16384

struct removal {
    bool done;
    uint16_t by;
    uint32_t clock; /* of who did it, then */
};
static struct set {
    key_t key;
    struct removal removed;
    unsigned n;
    int mode;
    uint64_t at; /* of its semaphores, PLACE bytes each, and of the set itself behind them */
    uint16_t value[SEMAPHORES];
    int last_pid[SEMAPHORES];
    int16_t undo[MAX_PROCESSES][SEMAPHORES];
} sets[SETS];
#define PLACE 64
static struct want { /* what a task stands before */
    unsigned set, n;
    struct sembuf op[MOST];
} wants[MAX_TASKS];
static unsigned nsets;

static struct message {
    long type;
    size_t size;
    uint16_t next; /* + 1; 0 none */
    char text[MESSAGE_BYTES];
} messages[MESSAGES];
static struct line {
    key_t key;
    struct removal removed;
    uint64_t at;
    size_t bytes;
    unsigned n;
    uint16_t first, last; /* + 1 */
    int mode, last_sender, last_receiver;
} lines[QUEUES_SYSV];
static unsigned nlines;
static uint16_t free_message; /* + 1: given back */
static unsigned nmessages;    /* ever used in this execution */

static void begin(void)
{
    static uint32_t stamp;
    if (stamp == S->stamp)
        return;
    stamp = S->stamp;
    nsets = nlines = nmessages = 0;
    free_message = 0;
}

static int told(int result)
{
    ipc_tell(result < 0 ? errno : 0);
    return result;
}

/* ---- removing ---- */
static void remove_it(struct removal *r)
{
    *r = (struct removal){true, (uint16_t)S->cur_id, S->cur->vc[S->cur_id]};
    sync_tick();
    spin_effect(S->cur);
}

/* The call finds it gone. Who was waiting in it is told so; who calls afterwards finds nothing. Of
 * a task that stands before its call and is not surely later nobody can tell which it is. */
static int removed_error(const struct removal *r, bool waits)
{
    static const uint16_t both[2] = {0, 1};
    bool later = r->by == S->cur_id || S->cur->vc[r->by] >= r->clock;
    return waits && !later && sched_alternative(both, 2) == 0 ? EIDRM : EINVAL;
}

/* ---- sets of semaphores ---- */
static uint64_t place_of_semaphore(const struct set *s, unsigned i)
{
    return s->at + (uint64_t)i * PLACE;
}

static uint64_t place_of_set(const struct set *s)
{
    return place_of_semaphore(s, s->n);
}

static struct set *set_of(int id)
{
    begin();
    if (id >= 0 && (unsigned)id < nsets)
        return &sets[id];
    errno = EINVAL;
    return NULL;
}

static int make_set(key_t key, int n, int flags)
{
    if (n <= 0)
        return ipc_fail(EINVAL);
    if (n > SEMAPHORES)
        control_refuse("it makes a set of more than 32 semaphores (semget), which this version of "
                       "lockstep cannot follow");
    uint64_t at = nsets < SETS ? ipc_place(((uint64_t)n + 1) * PLACE) : 0;
    if (!at)
        return ipc_fail(ENOSPC);
    struct set *s = &sets[nsets++];
    memset(s, 0, sizeof *s);
    s->key = key;
    s->n = (unsigned)n;
    s->mode = flags & 0777;
    s->at = at;
    for (unsigned i = 0; i < s->n; i++) {
        object_fresh(object_at(place_of_semaphore(s, i), C_SEM), C_SEM);
        ipc_call_it(place_of_semaphore(s, i), "semaphore");
    }
    return (int)(s - sets);
}

static int get_set(key_t key, int n, int flags)
{
    begin();
    for (unsigned i = 0; i < nsets && key != IPC_PRIVATE; i++) {
        if (sets[i].removed.done || sets[i].key != key)
            continue;
        if ((flags & IPC_CREAT) && (flags & IPC_EXCL))
            return ipc_fail(EEXIST);
        return n > (int)sets[i].n ? ipc_fail(EINVAL) : (int)i;
    }
    return key != IPC_PRIVATE && !(flags & IPC_CREAT) ? ipc_fail(ENOENT) : make_set(key, n, flags);
}

EXPORT int semget(key_t key, int n, int flags)
{
    if (!controlled)
        return REAL(semget)(key, n, flags);
    ipc_name_step("semget", HERE);
    return told(get_set(key, n, flags));
}

/* ---- semop ---- */
/* 0 when all of it can be done, else what stands against it: EAGAIN, ERANGE. The values
 * afterwards are in value[]. */
static int try_all(const struct set *s, const struct want *w, uint16_t *value)
{
    memcpy(value, s->value, s->n * sizeof *value);
    for (unsigned i = 0; i < w->n; i++) {
        int now = value[w->op[i].sem_num] + w->op[i].sem_op;
        if (w->op[i].sem_op == 0 ? value[w->op[i].sem_num] != 0 : now < 0)
            return EAGAIN;
        if (now > VALUE_MAX)
            return ERANGE;
        value[w->op[i].sem_num] = (uint16_t)now;
    }
    return 0;
}

static bool set_ready(const struct task *t)
{
    const struct want *w = &wants[task_id(t)];
    uint16_t value[SEMAPHORES];
    return sets[w->set].removed.done || try_all(&sets[w->set], w, value) != EAGAIN;
}

static unsigned mode_of(const struct sembuf *op, bool waits)
{
    return !waits || op->sem_op == 0 ? M_QLOOK
           : op->sem_op > 0          ? M_QPUT
           : op->sem_op == -1        ? M_QGET
                                     : M_QPICK;
}

static unsigned kind_of(const struct want *w, bool waits)
{
    if (w->n != 1 || w->op[0].sem_op == 0)
        return EV_CALL;
    return w->op[0].sem_op > 0 ? EV_SEM_POST : waits ? EV_SEM_WAIT : EV_SEM_TRYWAIT;
}

static bool stand_before(const struct set *s, const struct want *w, bool waits, struct here h)
{
    struct op op = op_make(kind_of(w, waits), h);
    op.addr = place_of_semaphore(s, w->op[0].sem_num);
    for (unsigned i = 0; i < w->n; i++)
        op_reach(&op, place_of_semaphore(s, w->op[i].sem_num), 0, mode_of(&w->op[i], waits));
    op_reach(&op, place_of_set(s), 0, M_FDUSE);
    op.wait = waits ? WAIT_SYSV : WAIT_NONE;
    op.interruptible = ALWAYS_EINTR;
    return step(&op);
}

static void order_semaphore(const struct set *s, const struct sembuf *op)
{
    struct object *o = object_at(place_of_semaphore(s, op->sem_num), C_SEM);
    if (op->sem_op <= 0) {
        sync_acquire(o);
        sync_acquire_read(o);
        sync_release_read(o);
    } else {
        sync_release_join(o);
    }
    o->count = s->value[op->sem_num];
    order_amend(&o->f, mode_of(op, true));
    if (op->sem_op) {
        spin_effect(S->cur);
        spin_changed(o->addr, 1);
    }
}

static void tell_set(const struct set *s, const struct want *w, int error)
{
    struct event *e = ipc_tell(error);
    if (!e)
        return;
    if (e->kind == EV_CALL)
        record_text(e, "semop", 5);
    else
        e->a = s->value[w->op[0].sem_num];
}

static int operate(struct set *s, const struct want *w, bool waits)
{
    uint16_t value[SEMAPHORES];
    int error = s->removed.done ? removed_error(&s->removed, waits) : try_all(s, w, value);
    if (!error) {
        memcpy(s->value, value, s->n * sizeof *value);
        for (unsigned i = 0; i < w->n; i++) {
            order_semaphore(s, &w->op[i]);
            s->last_pid[w->op[i].sem_num] = OWN->pid;
            if (w->op[i].sem_flg & SEM_UNDO)
                s->undo[S->cur->process][w->op[i].sem_num] =
                    (int16_t)(s->undo[S->cur->process][w->op[i].sem_num] - w->op[i].sem_op);
        }
    }
    tell_set(s, w, error);
    return error ? ipc_fail(error) : 0;
}

static int sem_operate(int id, const struct sembuf *ops, size_t n, bool limited, struct here h)
{
    if (n == 0)
        return ipc_fail(EINVAL);
    struct set *s = set_of(id);
    if (!s)
        return -1;
    if (n > MOST)
        control_refuse("it changes more than four semaphores in one semop, which this version of "
                       "lockstep cannot follow");
    struct want *w = &wants[S->cur_id];
    w->set = (unsigned)id;
    w->n = (unsigned)n;
    bool waits = !limited;
    for (unsigned i = 0; i < w->n; i++) {
        w->op[i] = ops[i];
        if (ops[i].sem_num >= s->n)
            return ipc_fail(EFBIG);
        waits &= !(ops[i].sem_flg & IPC_NOWAIT);
    }
    struct want mine = *w; /* a handler may make an operation of its own */
    if (!stand_before(s, &mine, waits, h))
        return ipc_fail(EINTR);
    return operate(s, &mine, waits);
}

EXPORT int semop(int id, struct sembuf *ops, size_t n)
{
    return controlled ? sem_operate(id, ops, n, false, HERE) : REAL(semop)(id, ops, n);
}

EXPORT int semtimedop(int id, struct sembuf *ops, size_t n, const struct timespec *limit)
{
    if (!controlled)
        return REAL(semtimedop)(id, ops, n, limit);
    if (limit && (limit->tv_sec < 0 || limit->tv_nsec < 0 || limit->tv_nsec > 999999999))
        return ipc_fail(EINVAL);
    return sem_operate(id, ops, n, limit != NULL, HERE);
}

/* ---- semctl ---- */
union argument {
    int value;
    struct semid_ds *state;
    unsigned short *array;
};

static void set_value(struct set *s, unsigned i, unsigned value)
{
    struct object *o = object_at(place_of_semaphore(s, i), C_SEM);
    s->value[i] = (uint16_t)value;
    s->last_pid[i] = OWN->pid;
    for (unsigned p = 0; p < MAX_PROCESSES; p++)
        s->undo[p][i] = 0;
    o->count = value;
    sync_release_join(o);
    spin_effect(S->cur);
    spin_changed(o->addr, 1);
}

static int count_waiting(const struct set *s, unsigned i, bool for_zero)
{
    int n = 0;
    for (unsigned t = 0; t < S->ntasks; t++) {
        const struct want *w = &wants[t];
        if (S->tasks[t].ended || S->tasks[t].op.wait != WAIT_SYSV || &sets[w->set] != s ||
            sched_enabled(&S->tasks[t]))
            continue;
        for (unsigned k = 0; k < w->n; k++)
            n += w->op[k].sem_num == i && (w->op[k].sem_op == 0) == for_zero;
    }
    return n;
}

static int set_all(struct set *s, const unsigned short *value)
{
    for (unsigned i = 0; i < s->n; i++)
        if (value[i] > VALUE_MAX)
            return ipc_fail(ERANGE);
    for (unsigned i = 0; i < s->n; i++)
        set_value(s, i, value[i]);
    return 0;
}

static int get_all(const struct set *s, unsigned short *value)
{
    snapshot_touch((uint64_t)(uintptr_t)value, s->n * sizeof *value);
    memcpy(value, s->value, s->n * sizeof *value);
    return 0;
}

static int tell_state(const struct set *s, struct semid_ds *out)
{
    snapshot_touch((uint64_t)(uintptr_t)out, sizeof *out);
    memset(out, 0, sizeof *out);
    out->sem_perm.__key = s->key;
    out->sem_perm.mode = (mode_t)s->mode;
    out->sem_nsems = s->n;
    return 0;
}

static int control_one(struct set *s, unsigned i, int what, union argument arg)
{
    switch (what) {
    case GETVAL:
        return s->value[i];
    case GETPID:
        return s->last_pid[i];
    case GETNCNT:
    case GETZCNT:
        return count_waiting(s, i, what == GETZCNT);
    default:
        if (arg.value < 0 || arg.value > VALUE_MAX)
            return ipc_fail(ERANGE);
        set_value(s, i, (unsigned)arg.value);
        return 0;
    }
}

static int control_all(struct set *s, int what, union argument arg)
{
    switch (what) {
    case GETALL:
        return get_all(s, arg.array);
    case SETALL:
        return set_all(s, arg.array);
    case IPC_STAT:
        return tell_state(s, arg.state);
    case IPC_RMID:
        remove_it(&s->removed);
        return 0;
    case IPC_SET:
        return 0;
    default:
        return ipc_fail(EINVAL);
    }
}

static int control_set(int id, int number, int what, union argument arg, struct here h)
{
    struct set *s = set_of(id);
    bool one =
        what == GETVAL || what == SETVAL || what == GETPID || what == GETNCNT || what == GETZCNT;
    if (!s)
        return -1;
    if (one && (number < 0 || (unsigned)number >= s->n))
        return ipc_fail(EINVAL);
    struct op op = op_make(EV_CALL, h);
    if (one)
        op_reach(&op, place_of_semaphore(s, (unsigned)number), 0, M_QLOOK);
    op_reach(&op, place_of_set(s), 0, one ? M_FDUSE : M_FDEND);
    step(&op);
    record_text(record_step_event(), "semctl", 6);
    if (s->removed.done)
        return told(ipc_fail(EINVAL));
    return told(one ? control_one(s, (unsigned)number, what, arg) : control_all(s, what, arg));
}

EXPORT int semctl(int id, int number, int what, ...)
{
    va_list ap;
    va_start(ap, what);
    union argument arg = va_arg(ap, union argument);
    va_end(ap);
    return controlled ? control_set(id, number, what, arg, HERE)
                      : REAL(semctl)(id, number, what, arg);
}

/* ---- the end of a process: SEM_UNDO ---- */
void sysv_reach_end(struct op *op)
{
    begin();
    for (unsigned k = 0; k < nsets; k++)
        for (unsigned i = 0; i < sets[k].n && op->nreach < REACH_MAX - 4; i++)
            if (!sets[k].removed.done && sets[k].undo[S->cur->process][i])
                op_reach(op, place_of_semaphore(&sets[k], i), 0, M_QPUT);
}

void sysv_process_end(unsigned process)
{
    begin();
    for (unsigned k = 0; k < nsets; k++)
        for (unsigned i = 0; i < sets[k].n; i++) {
            struct set *s = &sets[k];
            struct object *o = object_at(place_of_semaphore(s, i), C_SEM);
            if (s->removed.done || !s->undo[process][i])
                continue;
            int value = s->value[i] + s->undo[process][i];
            s->undo[process][i] = 0;
            s->value[i] = (uint16_t)(value < 0 ? 0 : value > VALUE_MAX ? VALUE_MAX : value);
            o->count = s->value[i];
            sync_release_join(o);
            spin_changed(o->addr, 1);
        }
}

/* ---- message queues ---- */
static struct line *line_of(int id)
{
    begin();
    if (id >= 0 && (unsigned)id < nlines)
        return &lines[id];
    errno = EINVAL;
    return NULL;
}

static int make_line(key_t key, int flags)
{
    uint64_t at = nlines < QUEUES_SYSV ? ipc_place(1) : 0;
    if (!at)
        return ipc_fail(ENOSPC);
    lines[nlines] = (struct line){.key = key, .at = at, .mode = flags & 0777};
    object_fresh(object_at(at, C_QUEUE), C_QUEUE);
    ipc_call_it(at, "queue");
    return (int)nlines++;
}

static int get_line(key_t key, int flags)
{
    begin();
    for (unsigned i = 0; i < nlines && key != IPC_PRIVATE; i++)
        if (!lines[i].removed.done && lines[i].key == key)
            return (flags & IPC_CREAT) && (flags & IPC_EXCL) ? ipc_fail(EEXIST) : (int)i;
    return key != IPC_PRIVATE && !(flags & IPC_CREAT) ? ipc_fail(ENOENT) : make_line(key, flags);
}

EXPORT int msgget(key_t key, int flags)
{
    if (!controlled)
        return REAL(msgget)(key, flags);
    ipc_name_step("msgget", HERE);
    return told(get_line(key, flags));
}

static bool fits(const struct line *l, size_t n)
{
    return l->bytes + n <= QUEUE_BYTES && (free_message || nmessages < MESSAGES);
}

/* Where the link to the message lies that a receive asks for; NULL: there is none. */
static uint16_t *find_message(struct line *l, long type, int flags)
{
    uint16_t *best = NULL;
    for (uint16_t *link = &l->first; *link; link = &messages[*link - 1].next) {
        long is = messages[*link - 1].type;
        if (type == 0 || (type > 0 && (is == type) == !(flags & MSG_EXCEPT)))
            return link;
        if (type < 0 && is <= -type && (!best || is < messages[*best - 1].type))
            best = link;
    }
    return best;
}

static bool line_ready(const struct task *t)
{
    struct line *l = &lines[(t->op.addr2 >> 32)];
    if (l->removed.done)
        return true;
    if (t->op.kind == EV_MQ_SEND)
        return fits(l, t->op.size);
    return find_message(l, (int32_t)t->op.addr2, (int)t->op.size) != NULL;
}

bool sysv_ready(const struct task *t)
{
    return t->op.kind == EV_MQ_SEND || t->op.kind == EV_MQ_RECEIVE ? line_ready(t) : set_ready(t);
}

/* asked: the bytes to send, or the flags of a receive. */
static bool stand_at_line(unsigned kind, const struct line *l, long type, size_t asked, bool waits,
                          struct here h)
{
    struct op op = op_make(kind, h);
    op.addr = l->at;
    op.addr2 = (uint64_t)(l - lines) << 32 | (uint32_t)type;
    op.size = (uint32_t)asked;
    op_reach(&op, l->at, 0,
             !waits               ? M_QLOOK
             : kind == EV_MQ_SEND ? M_QPUT
             : type               ? M_QPICK
                                  : M_QGET);
    op.wait = waits ? WAIT_SYSV : WAIT_NONE;
    op.cancel_point = true;
    op.interruptible = ALWAYS_EINTR;
    return step(&op);
}

static void tell_line(const struct line *l, size_t size, long type, int error)
{
    struct event *e = ipc_tell(error);
    if (e) {
        e->addr2 = 0;
        e->a = l->n;
        e->b = (uint64_t)type;
        e->size = (uint32_t)size;
    }
}

static void line_changed(const struct line *l, unsigned mode)
{
    struct object *o = object_at(l->at, C_QUEUE);
    order_amend(&o->f, mode);
    spin_effect(S->cur);
    spin_changed(o->addr, 1);
    if (mode == M_QPUT) {
        sync_acquire_read(o);
        sync_release_join(o);
    } else {
        sync_acquire(o);
        sync_release_read(o);
    }
}

static uint16_t take_message(void)
{
    uint16_t i = free_message;
    if (!i)
        return (uint16_t)++nmessages;
    free_message = messages[i - 1].next;
    return i;
}

static void append(struct line *l, long type, const char *text, size_t n)
{
    uint16_t i = take_message();
    struct message *m = &messages[i - 1];
    m->type = type;
    m->size = n;
    m->next = 0;
    memcpy(m->text, text, n);
    uint16_t *link = &l->first;
    while (*link)
        link = &messages[*link - 1].next;
    *link = i;
    l->n++;
    l->bytes += n;
}

static int send_message(int id, const long *message, size_t n, int flags, struct here h)
{
    struct line *l = line_of(id);
    if (!l)
        return -1;
    long type = *message;
    if (type < 1 || n > MESSAGE_BYTES)
        return ipc_fail(EINVAL);
    if (!stand_at_line(EV_MQ_SEND, l, 0, n, !(flags & IPC_NOWAIT), h))
        return ipc_fail(EINTR);
    int error = l->removed.done ? removed_error(&l->removed, !(flags & IPC_NOWAIT))
                : !fits(l, n)   ? EAGAIN
                                : 0;
    if (!error) {
        append(l, type, (const char *)(message + 1), n);
        l->last_sender = OWN->pid;
        line_changed(l, M_QPUT);
    }
    tell_line(l, n, type, error);
    return error ? ipc_fail(error) : 0;
}

EXPORT int msgsnd(int id, const void *message, size_t n, int flags)
{
    return controlled ? send_message(id, message, n, flags, HERE)
                      : REAL(msgsnd)(id, message, n, flags);
}

static size_t take(struct line *l, uint16_t *link, long *to, size_t room)
{
    uint16_t i = *link;
    struct message *m = &messages[i - 1];
    size_t n = m->size < room ? m->size : room;
    *link = m->next;
    m->next = free_message;
    free_message = i;
    l->n--;
    l->bytes -= m->size;
    snapshot_touch((uint64_t)(uintptr_t)to, sizeof *to + n);
    *to = m->type;
    memcpy(to + 1, m->text, n);
    return n;
}

static ssize_t receive_message(int id, long *to, size_t n, long type, int flags, struct here h)
{
    struct line *l = line_of(id);
    if (!l)
        return -1;
    if (n > SSIZE_MAX)
        return ipc_fail(EINVAL);
    if (!stand_at_line(EV_MQ_RECEIVE, l, type, (unsigned)flags, !(flags & IPC_NOWAIT), h))
        return ipc_fail(EINTR);
    uint16_t *link = l->removed.done ? NULL : find_message(l, type, flags);
    bool waits = !(flags & IPC_NOWAIT);
    int error = l->removed.done ? removed_error(&l->removed, waits)
                : !link         ? ENOMSG
                : messages[*link - 1].size > n && !(flags & MSG_NOERROR) ? E2BIG
                                                                         : 0;
    if (error) {
        tell_line(l, 0, 0, error);
        return ipc_fail(error);
    }
    size_t got = take(l, link, to, n);
    l->last_receiver = OWN->pid;
    line_changed(l, M_QPICK);
    tell_line(l, got, *to, 0);
    return (ssize_t)got;
}

EXPORT ssize_t msgrcv(int id, void *to, size_t n, long type, int flags)
{
    return controlled ? receive_message(id, to, n, type, flags, HERE)
                      : REAL(msgrcv)(id, to, n, type, flags);
}

static int tell_line_state(const struct line *l, struct msqid_ds *out)
{
    snapshot_touch((uint64_t)(uintptr_t)out, sizeof *out);
    memset(out, 0, sizeof *out);
    out->msg_perm.__key = l->key;
    out->msg_perm.mode = (mode_t)l->mode;
    out->msg_qnum = l->n;
    out->__msg_cbytes = l->bytes;
    out->msg_qbytes = QUEUE_BYTES;
    out->msg_lspid = l->last_sender;
    out->msg_lrpid = l->last_receiver;
    return 0;
}

static int control_line(int id, int what, struct msqid_ds *state, struct here h)
{
    struct line *l = line_of(id);
    if (!l)
        return -1;
    struct op op = op_make(EV_CALL, h);
    op_reach(&op, l->at, 0, M_QLOOK);
    step(&op);
    record_text(record_step_event(), "msgctl", 6);
    if (l->removed.done)
        return told(ipc_fail(EINVAL));
    switch (what) {
    case IPC_STAT:
        return tell_line_state(l, state);
    case IPC_RMID:
        remove_it(&l->removed);
        return 0;
    case IPC_SET:
        return 0;
    default:
        return told(ipc_fail(EINVAL));
    }
}

EXPORT int msgctl(int id, int what, struct msqid_ds *state)
{
    return controlled ? control_line(id, what, state, HERE) : REAL(msgctl)(id, what, state);
}

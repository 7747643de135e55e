/* POSIX message queues. A queue is a table of messages, the most urgent first, the older first
 * among equals; a descriptor of one is a real one, of an empty file, so that numbers, close, dup
 * and fork are the kernel's. Limits are those of Linux for an ordinary user: 10 messages of 8192
 * bytes. */
#include "ipc.h"
#include "model.h"

#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_MESSAGES 10
#define MOST_BYTES    8192
#define PRIORITIES    32768
#define OPENED        256

struct message {
    unsigned priority;
    size_t size;
    char text[MOST_BYTES];
};
static struct queue {
    char name[NAME_MAX + 1];
    bool linked;
    long maxmsg, msgsize;
    unsigned n;
    uint8_t order[MOST_MESSAGES]; /* the first n: messages as they will be taken, then free ones */
    struct message messages[MOST_MESSAGES];
    bool notifies; /* the registration of process `notified` */
    unsigned notified;
    struct sigevent event;
} queues[MAX_QUEUES];
static struct opened { /* an open description */
    dev_t device;
    ino_t inode;
    unsigned queue;
    int access, flags;
} opened[OPENED];
static unsigned nqueues, nopened;
static bool notifications; /* this program asks for some */

static void begin(void)
{
    static uint32_t stamp;
    if (stamp != S->stamp)
        nqueues = nopened = 0;
    stamp = S->stamp;
}

/* ---- opening ---- */
/* The name behind its slash; NULL with errno set. */
static const char *plain_name(const char *name)
{
    if (*name != '/')
        errno = EINVAL;
    else if (strlen(name + 1) > NAME_MAX)
        errno = ENAMETOOLONG;
    else if (strchr(name + 1, '/'))
        errno = EACCES;
    else if (!name[1])
        errno = ENOENT;
    else
        return name + 1;
    return NULL;
}

static struct queue *find_linked(const char *name)
{
    begin();
    for (unsigned i = 0; i < nqueues; i++)
        if (queues[i].linked && !strcmp(queues[i].name, name))
            return &queues[i];
    return NULL;
}

static bool is_valid(const struct mq_attr *a)
{
    return a->mq_maxmsg > 0 && a->mq_maxmsg <= MOST_MESSAGES && a->mq_msgsize > 0 &&
           a->mq_msgsize <= MOST_BYTES;
}

static struct queue *make_queue(const char *name, const struct mq_attr *a)
{
    unsigned k = nqueues++;
    struct queue *q = &queues[k];
    memcpy(q->name, name, strlen(name) + 1);
    q->linked = true;
    q->maxmsg = a ? a->mq_maxmsg : MOST_MESSAGES;
    q->msgsize = a ? a->mq_msgsize : MOST_BYTES;
    q->n = 0;
    for (unsigned i = 0; i < MOST_MESSAGES; i++)
        q->order[i] = (uint8_t)i;
    q->notifies = false;
    object_fresh(object_at(OBJ_QUEUE(k), C_QUEUE), C_QUEUE);
    ipc_call_it(OBJ_QUEUE(k), "queue");
    return q;
}

/* NULL with errno set. */
static struct queue *open_now(const char *name, int flags, const struct mq_attr *a)
{
    struct queue *q = find_linked(name);
    int error = q && (flags & O_CREAT) && (flags & O_EXCL) ? EEXIST
                : q                                        ? 0
                : !(flags & O_CREAT)                       ? ENOENT
                : a && !is_valid(a)                        ? EINVAL
                : nqueues == MAX_QUEUES                    ? ENOSPC
                                                           : 0;
    if (error) {
        errno = error;
        return NULL;
    }
    return q ? q : make_queue(name, a);
}

static int describe(const struct queue *q, int flags)
{
    struct stat st;
    if (nopened == OPENED)
        return ipc_fail(ENFILE);
    int fd = memfd_create("queue", MFD_CLOEXEC);
    if (fd < 0 || fstat(fd, &st))
        return -1;
    opened[nopened++] = (struct opened){st.st_dev, st.st_ino, (unsigned)(q - queues),
                                        flags & O_ACCMODE, flags & O_NONBLOCK};
    S->fd_epoch++;
    return fd;
}

static mqd_t open_queue(const char *name, int flags, const struct mq_attr *a, struct here h)
{
    const char *plain = plain_name(name);
    if (!plain)
        return -1;
    ipc_name_step("mq_open", h);
    struct queue *q = open_now(plain, flags, a);
    int fd = q ? describe(q, flags) : -1;
    ipc_tell(fd < 0 ? errno : 0);
    return fd;
}

EXPORT mqd_t mq_open(const char *name, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
    struct mq_attr *a = flags & O_CREAT ? va_arg(ap, struct mq_attr *) : NULL;
    va_end(ap);
    return controlled ? open_queue(name, flags, a, HERE) : REAL(mq_open)(name, flags, mode, a);
}

/* As a program built with _FORTIFY_SOURCE calls it. */
mqd_t __mq_open_2(const char *name, int flags);
EXPORT mqd_t __mq_open_2(const char *name, int flags)
{
    return controlled ? open_queue(name, flags, NULL, HERE) : REAL(__mq_open_2)(name, flags);
}

/* NULL with errno set. */
static struct opened *of_descriptor(mqd_t fd)
{
    struct stat st;
    begin();
    if (fstat(fd, &st) == 0)
        for (unsigned i = 0; i < nopened; i++)
            if (opened[i].inode == st.st_ino && opened[i].device == st.st_dev)
                return &opened[i];
    errno = EBADF;
    return NULL;
}

EXPORT int mq_close(mqd_t fd)
{
    if (!controlled)
        return REAL(mq_close)(fd);
    const struct opened *o = of_descriptor(fd);
    if (!o)
        return -1;
    ipc_name_step("mq_close", HERE);
    struct queue *q = &queues[o->queue];
    if (q->notifies && q->notified == S->cur->process)
        q->notifies = false;
    S->fd_epoch++;
    int result = REAL(close)(fd);
    ipc_tell(result ? errno : 0);
    return result;
}

EXPORT int mq_unlink(const char *name)
{
    if (!controlled)
        return REAL(mq_unlink)(name);
    const char *plain = plain_name(name);
    if (!plain)
        return -1;
    ipc_name_step("mq_unlink", HERE);
    struct queue *q = find_linked(plain);
    ipc_tell(q ? 0 : ENOENT);
    if (!q)
        return ipc_fail(ENOENT);
    q->linked = false;
    return 0;
}

/* ---- sending and receiving ---- */
bool queue_ready(const struct task *t)
{
    const struct queue *q = &queues[t->op.addr - OBJ_QUEUE(0)];
    return t->op.kind == EV_MQ_RECEIVE ? q->n > 0 : q->n < q->maxmsg;
}

static struct object *object_of(const struct queue *q)
{
    return object_at(OBJ_QUEUE((unsigned)(q - queues)), C_QUEUE);
}

/* The running task stands before the call. With patience it waits; with a time limit it may find
 * nothing whenever it would wait. False: interrupted. */
static bool stand_before(unsigned kind, const struct queue *q, bool patient, bool limited,
                         struct here h)
{
    struct op op = op_make(kind, h);
    bool waits = patient && !limited;
    op.addr = OBJ_QUEUE((unsigned)(q - queues));
    op_reach(&op, op.addr, 0, !waits ? M_QLOOK : kind == EV_MQ_SEND ? M_QPUT : M_QGET);
    op.wait = waits ? WAIT_QUEUE : WAIT_NONE;
    op.cancel_point = true;
    op.interruptible = 1;
    if (limited) {
        timeout_reach(&op);
        adverse_hears(&op, ADVERSE_EINTR);
    }
    for (unsigned p = 0; notifications && p < S->nprocesses && op.nreach < REACH_MAX - 1; p++)
        op_reach(&op, OBJ_SIGNALS(p), 0, M_SEND);
    return step(&op);
}

static void tell_message(const struct queue *q, size_t size, unsigned priority, int error)
{
    struct event *e = ipc_tell(error);
    if (e) {
        e->a = q->n;
        e->b = priority;
        e->size = (uint32_t)size;
    }
}

static int would_wait(const struct queue *q, bool patient, const struct timespec *until,
                      struct here h)
{
    int error = patient ? ETIMEDOUT : EAGAIN;
    tell_message(q, 0, 0, error);
    if (patient && adverse_instead(ADVERSE_EINTR))
        error = EINTR;
    else if (patient)
        timeout_happens(until, h.pc);
    tell_message(q, 0, 0, error);
    return ipc_fail(error);
}

/* The running task's call has changed the queue. */
static void changed(const struct queue *q, unsigned mode)
{
    struct object *o = object_of(q);
    order_amend(&o->f, mode);
    spin_effect(S->cur);
    spin_changed(o->addr, 1);
}

/* A message came to an empty queue and nobody waits for it there: who asked for that is told, once.
 */
static void notify(struct queue *q, struct here h)
{
    if (!q->notifies)
        return;
    for (unsigned i = 0; i < S->ntasks; i++) {
        const struct task *t = &S->tasks[i];
        if (!t->ended && t->op.wait == WAIT_QUEUE && t->op.kind == EV_MQ_RECEIVE && t != S->cur &&
            t->op.addr == object_of(q)->addr)
            return;
    }
    q->notifies = false;
    if (q->event.sigev_notify == SIGEV_SIGNAL)
        signal_from_kernel(q->notified, NULL, q->event.sigev_signo, SI_MESGQ,
                           (uint64_t)(uintptr_t)q->event.sigev_value.sival_ptr);
    else if (q->event.sigev_notify == SIGEV_THREAD && q->notified == S->cur->process)
        thread_from_event(&q->event, h);
    else if (q->event.sigev_notify == SIGEV_THREAD)
        control_refuse("a message from another process is to begin a thread (mq_notify with "
                       "SIGEV_THREAD), which this version of lockstep cannot do");
}

static void insert(struct queue *q, const char *text, size_t n, unsigned priority)
{
    unsigned at = q->n, slot = q->order[q->n];
    while (at > 0 && q->messages[q->order[at - 1]].priority < priority)
        at--;
    memmove(&q->order[at + 1], &q->order[at], q->n - at);
    q->order[at] = (uint8_t)slot;
    q->n++;
    q->messages[slot].priority = priority;
    q->messages[slot].size = n;
    memcpy(q->messages[slot].text, text, n);
}

static int check_limit(const struct timespec *until)
{
    return until && (until->tv_sec < 0 || until->tv_nsec < 0 || until->tv_nsec > 999999999);
}

static int send_message(mqd_t fd, const char *text, size_t n, unsigned priority,
                        const struct timespec *until, struct here h)
{
    const struct opened *o = of_descriptor(fd);
    if (priority >= PRIORITIES || check_limit(until))
        return ipc_fail(EINVAL);
    if (!o || o->access == O_RDONLY)
        return ipc_fail(EBADF);
    struct queue *q = &queues[o->queue];
    bool patient = !o->flags;
    if (n > (size_t)q->msgsize)
        return ipc_fail(EMSGSIZE);
    if (!stand_before(EV_MQ_SEND, q, patient, until != NULL, h))
        return ipc_fail(EINTR);
    if (q->n >= q->maxmsg)
        return would_wait(q, patient, until, h);
    insert(q, text, n, priority);
    changed(q, M_QPUT);
    sync_acquire_read(object_of(q));
    sync_release_join(object_of(q));
    tell_message(q, n, priority, 0);
    if (q->n == 1)
        notify(q, h);
    return 0;
}

static size_t take(struct queue *q, char *to, unsigned *priority)
{
    uint8_t slot = q->order[0];
    const struct message *m = &q->messages[slot];
    memmove(&q->order[0], &q->order[1], --q->n);
    q->order[q->n] = slot;
    snapshot_touch((uint64_t)(uintptr_t)to, m->size);
    memcpy(to, m->text, m->size);
    *priority = m->priority;
    return m->size;
}

static ssize_t receive_message(mqd_t fd, char *to, size_t n, unsigned *priority,
                               const struct timespec *until, struct here h)
{
    const struct opened *o = of_descriptor(fd);
    if (check_limit(until))
        return ipc_fail(EINVAL);
    if (!o || o->access == O_WRONLY)
        return ipc_fail(EBADF);
    struct queue *q = &queues[o->queue];
    bool patient = !o->flags;
    if (n < (size_t)q->msgsize)
        return ipc_fail(EMSGSIZE);
    if (!stand_before(EV_MQ_RECEIVE, q, patient, until != NULL, h))
        return ipc_fail(EINTR);
    if (q->n == 0)
        return would_wait(q, patient, until, h);
    unsigned urgent;
    size_t got = take(q, to, &urgent);
    changed(q, M_QGET);
    sync_acquire(object_of(q));
    sync_release_read(object_of(q));
    tell_message(q, got, urgent, 0);
    if (priority)
        *priority = urgent;
    return (ssize_t)got;
}

EXPORT int mq_send(mqd_t fd, const char *text, size_t n, unsigned priority)
{
    return controlled ? send_message(fd, text, n, priority, NULL, HERE)
                      : REAL(mq_send)(fd, text, n, priority);
}

EXPORT int mq_timedsend(mqd_t fd, const char *text, size_t n, unsigned priority,
                        const struct timespec *until)
{
    return controlled ? send_message(fd, text, n, priority, until, HERE)
                      : REAL(mq_timedsend)(fd, text, n, priority, until);
}

EXPORT ssize_t mq_receive(mqd_t fd, char *to, size_t n, unsigned *priority)
{
    return controlled ? receive_message(fd, to, n, priority, NULL, HERE)
                      : REAL(mq_receive)(fd, to, n, priority);
}

EXPORT ssize_t mq_timedreceive(mqd_t fd, char *restrict to, size_t n, unsigned *restrict priority,
                               const struct timespec *restrict until)
{
    return controlled ? receive_message(fd, to, n, priority, until, HERE)
                      : REAL(mq_timedreceive)(fd, to, n, priority, until);
}

/* ---- looking and asking ---- */
static void look_step(const struct queue *q, const char *call, struct here h)
{
    struct op op = op_make(EV_CALL, h);
    op.addr = OBJ_QUEUE((unsigned)(q - queues));
    op_reach(&op, op.addr, 0, M_QLOOK);
    step(&op);
    record_text(record_step_event(), call, strlen(call));
}

static int attributes(const char *call, mqd_t fd, const struct mq_attr *new, struct mq_attr *old,
                      struct here h)
{
    struct opened *o = of_descriptor(fd);
    if (new &&new->mq_flags & ~(long)O_NONBLOCK)
        return ipc_fail(EINVAL);
    if (!o)
        return -1;
    const struct queue *q = &queues[o->queue];
    look_step(q, call, h);
    if (old) {
        memset(old, 0, sizeof *old);
        old->mq_flags = o->flags;
        old->mq_maxmsg = q->maxmsg;
        old->mq_msgsize = q->msgsize;
        old->mq_curmsgs = q->n;
    }
    if (new)
        o->flags = (int)new->mq_flags;
    return 0;
}

EXPORT int mq_getattr(mqd_t fd, struct mq_attr *a)
{
    return controlled ? attributes("mq_getattr", fd, NULL, a, HERE) : REAL(mq_getattr)(fd, a);
}

EXPORT int mq_setattr(mqd_t fd, const struct mq_attr *restrict new, struct mq_attr *restrict old)
{
    return controlled ? attributes("mq_setattr", fd, new, old, HERE)
                      : REAL(mq_setattr)(fd, new, old);
}

/* From the first registration on, a message may send a signal. */
static void notifications_used(void)
{
    if (notifications)
        return;
    notifications = true;
    signals_used();
    begin_again();
}

static bool is_valid_event(const struct sigevent *event)
{
    return event->sigev_notify == SIGEV_NONE || event->sigev_notify == SIGEV_THREAD ||
           (event->sigev_notify == SIGEV_SIGNAL && event->sigev_signo >= 0 &&
            event->sigev_signo <= 64);
}

EXPORT int mq_notify(mqd_t fd, const struct sigevent *event)
{
    if (!controlled)
        return REAL(mq_notify)(fd, event);
    const struct opened *o = of_descriptor(fd);
    if (event && !is_valid_event(event))
        return ipc_fail(EINVAL);
    if (!o)
        return -1;
    if (event)
        notifications_used();
    struct queue *q = &queues[o->queue];
    look_step(q, "mq_notify", HERE);
    if (event && q->notifies) {
        ipc_tell(EBUSY);
        return ipc_fail(EBUSY);
    }
    if (event) {
        q->notifies = true;
        q->notified = S->cur->process;
        q->event = *event;
    } else if (q->notified == S->cur->process) {
        q->notifies = false;
    }
    return 0;
}

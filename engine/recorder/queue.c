/* POSIX message queues. */
#include "fd.h"

struct message {
    struct fd queue;
    int fd;
    uint64_t pc;
    struct mq_attr attr;
    bool waits;
    struct wait w;
};

static bool begin(struct message *m, mqd_t q, uint64_t pc)
{
    if (!ready())
        return false;
    int keep = errno;
    m->queue = fd_of_queue((int)q);
    m->fd = (int)q;
    m->pc = pc;
    if (mq_getattr(q, &m->attr))
        m->attr = (struct mq_attr){0};
    errno = keep;
    return true;
}

static void note_message(const struct message *m, unsigned kind, int error, size_t bytes, long now)
{
    note_more(kind, arg_of(error), m->queue.addr, m->pc, (unsigned)m->fd & 0xffff,
              (uint64_t)(uint32_t)bytes | (uint64_t)(uint32_t)(now < 0 ? 0 : now) << 32);
}

static bool send_begin(struct message *m, mqd_t q, size_t bytes, uint64_t pc)
{
    if (!begin(m, q, pc))
        return false;
    int keep = errno;
    m->waits = m->attr.mq_curmsgs >= m->attr.mq_maxmsg;
    note_message(m, EV_MQ_SEND, 0, bytes, m->attr.mq_curmsgs + !m->waits);
    if (m->waits)
        wait_begin(&m->w, EV_MQ_SEND, m->queue.addr, pc, (unsigned)m->fd & 0xffff);
    errno = keep;
    return true;
}

static int send_end(struct message *m, int rc)
{
    int error = errno;
    if (m->waits) {
        wait_end(&m->w);
        note_now(REC_GO, 0, m->queue.addr, m->pc, 0);
    }
    if (rc)
        note_message(m, EV_MQ_SEND, error, 0, m->attr.mq_curmsgs);
    errno = error;
    return rc;
}

static bool receive_begin(struct message *m, mqd_t q, uint64_t pc)
{
    if (!begin(m, q, pc))
        return false;
    m->waits = m->attr.mq_curmsgs == 0;
    if (m->waits)
        wait_begin(&m->w, EV_MQ_RECEIVE, m->queue.addr, pc, (unsigned)m->fd & 0xffff);
    return true;
}

static ssize_t receive_end(struct message *m, ssize_t got)
{
    int error = errno;
    if (m->waits)
        wait_end(&m->w);
    note_message(m, EV_MQ_RECEIVE, got < 0 ? error : 0, got < 0 ? 0 : (size_t)got,
                 m->attr.mq_curmsgs - (got >= 0));
    errno = error;
    return got;
}

EXPORT int mq_send(mqd_t q, const char *from, size_t n, unsigned priority)
{
    struct message m;
    if (!send_begin(&m, q, n, HERE))
        return real.mq_send(q, from, n, priority);
    return send_end(&m, real.mq_send(q, from, n, priority));
}

EXPORT int mq_timedsend(mqd_t q, const char *from, size_t n, unsigned priority,
                        const struct timespec *limit)
{
    struct message m;
    if (!send_begin(&m, q, n, HERE))
        return real.mq_timedsend(q, from, n, priority, limit);
    return send_end(&m, real.mq_timedsend(q, from, n, priority, limit));
}

EXPORT ssize_t mq_receive(mqd_t q, char *to, size_t n, unsigned *priority)
{
    struct message m;
    if (!receive_begin(&m, q, HERE))
        return real.mq_receive(q, to, n, priority);
    return receive_end(&m, real.mq_receive(q, to, n, priority));
}

EXPORT ssize_t mq_timedreceive(mqd_t q, char *restrict to, size_t n, unsigned *restrict priority,
                               const struct timespec *restrict limit)
{
    struct message m;
    if (!receive_begin(&m, q, HERE))
        return real.mq_timedreceive(q, to, n, priority, limit);
    return receive_end(&m, real.mq_timedreceive(q, to, n, priority, limit));
}

EXPORT int mq_close(mqd_t q)
{
    begun();
    fd_forget((unsigned)q, (unsigned)q);
    int rc = real.mq_close(q);
    fd_forget((unsigned)q, (unsigned)q);
    return rc;
}

/* Seeking in a trace: the current world, and copies of earlier ones to start from.
 *
 * A keyframe is taken when the fold has passed enough events since the last one: at least
 * SPACING_EVENTS (bounds the cost of one step back to some 0.1 ms), and so many that keyframes cost
 * at most BYTES_PER_EVENT for each event of the trace (an event itself has 72). */
#include "world_fold.h"

#include <stdlib.h>
#include <string.h>

enum { SPACING_EVENTS = 2048, BYTES_PER_EVENT = 32 };

struct keyframe {
    size_t folded; /* events folded */
    size_t nbytes; /* of the copies */
    struct world w;
};

struct world_view {
    const struct trace *trace;
    struct addr_index index;
    struct world now;
    size_t folded;           /* events of the trace folded into `now` */
    size_t cuts_seen;        /* of trace->cuts */
    struct keyframe *frames; /* by rising `folded`; those after `now` are valid too */
    size_t nframes, cap_frames;
};

static size_t world_bytes(const struct world *w)
{
    return w->ntasks * sizeof *w->tasks + w->nobjects * sizeof *w->objects +
           w->nprocesses * sizeof *w->processes + w->nfds * sizeof *w->fds;
}

/* Copy src into dst, whose arrays hold enough room. */
static void copy_world(struct world *dst, const struct world *src)
{
    struct world_task *tasks = dst->tasks;
    struct world_object *objects = dst->objects;
    struct world_process *processes = dst->processes;
    struct world_fd *fds = dst->fds;
    uint32_t cap = dst->cap_objects, cap_fds = dst->cap_fds;
    if (src->ntasks)
        memcpy(tasks, src->tasks, src->ntasks * sizeof *tasks);
    if (src->nobjects)
        memcpy(objects, src->objects, src->nobjects * sizeof *objects);
    memcpy(processes, src->processes, src->nprocesses * sizeof *processes);
    if (src->nfds)
        memcpy(fds, src->fds, src->nfds * sizeof *fds);
    *dst = *src;
    dst->tasks = tasks;
    dst->objects = objects;
    dst->cap_objects = cap;
    dst->processes = processes;
    dst->fds = fds;
    dst->cap_fds = cap_fds;
}

static void drop_frames(struct world_view *v, size_t folded)
{
    while (v->nframes && v->frames[v->nframes - 1].folded > folded)
        world_fini(&v->frames[--v->nframes].w);
}

static void take_frame(struct world_view *v)
{
    if (v->nframes == v->cap_frames) {
        v->cap_frames = v->cap_frames ? 2 * v->cap_frames : 16;
        v->frames = xrealloc(v->frames, v->cap_frames, sizeof *v->frames);
    }
    struct keyframe *k = &v->frames[v->nframes++];
    *k = (struct keyframe){.folded = v->folded, .nbytes = world_bytes(&v->now)};
    k->w.tasks = xcalloc(v->now.ntasks, sizeof *k->w.tasks);
    k->w.objects = xcalloc(v->now.nobjects, sizeof *k->w.objects);
    k->w.cap_objects = v->now.nobjects;
    k->w.processes = xcalloc(v->now.nprocesses, sizeof *k->w.processes);
    k->w.fds = xcalloc(v->now.nfds, sizeof *k->w.fds);
    k->w.cap_fds = v->now.nfds;
    copy_world(&k->w, &v->now);
}

static int frame_is_due(const struct world_view *v)
{
    const struct keyframe *last = v->nframes ? &v->frames[v->nframes - 1] : NULL;
    size_t from = last ? last->folded : 0;
    if (v->folded < from + SPACING_EVENTS)
        return 0;
    return world_bytes(&v->now) / BYTES_PER_EVENT <= v->folded - from;
}

/* Number of frames with at most `folded` events. */
static size_t frames_until(const struct world_view *v, size_t folded)
{
    size_t low = 0, high = v->nframes;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (v->frames[mid].folded <= folded)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static void rewind_to_start(struct world_view *v)
{
    world_begin(&v->now);
    v->folded = 0;
}

/* Go to the nearest place at or before `folded` from which to fold on. */
static void jump(struct world_view *v, size_t folded)
{
    size_t n = frames_until(v, folded);
    size_t from = n ? v->frames[n - 1].folded : 0;
    if (v->folded <= folded && v->folded >= from)
        return;
    if (n == 0) {
        rewind_to_start(v);
        return;
    }
    copy_world(&v->now, &v->frames[n - 1].w);
    v->folded = from;
}

static void fold_until(struct world_view *v, size_t folded)
{
    while (v->folded < folded) {
        world_fold(&v->now, &v->index, v->trace, &v->trace->events[v->folded++]);
        if (frame_is_due(v))
            take_frame(v);
    }
}

/* Drop what the truncations since the last call made stale. */
static void notice_cuts(struct world_view *v)
{
    const struct trace *t = v->trace;
    size_t least = SIZE_MAX;
    if (v->cuts_seen > t->ncuts) /* another trace lives here now */
        least = 0;
    for (; v->cuts_seen < t->ncuts; v->cuts_seen++)
        if (t->cuts[v->cuts_seen] < least)
            least = t->cuts[v->cuts_seen];
    v->cuts_seen = t->ncuts;
    if (least >= v->folded && (!v->nframes || v->frames[v->nframes - 1].folded <= least))
        return;
    drop_frames(v, least);
    if (v->folded > least)
        jump(v, least);
    addr_index_truncate(&v->index, v->now.nobjects);
}

struct world_view *world_view_new(const struct trace *t)
{
    struct world_view *v = xcalloc(1, sizeof *v);
    v->trace = t;
    v->cuts_seen = t->ncuts;
    world_init(&v->now, &v->index);
    fold_until(v, t->nevents);
    return v;
}

void world_view_free(struct world_view *v)
{
    if (!v)
        return;
    world_view_reset(v);
    free(v->frames);
    world_fini(&v->now);
    addr_index_fini(&v->index);
    free(v);
}

const struct world *world_at(struct world_view *v, uint32_t step)
{
    notice_cuts(v);
    size_t folded = trace_step_end(v->trace, step);
    jump(v, folded);
    fold_until(v, folded);
    return &v->now;
}

void world_view_reset(struct world_view *v)
{
    drop_frames(v, 0);
    rewind_to_start(v);
    addr_index_truncate(&v->index, 0);
    v->cuts_seen = v->trace->ncuts;
}

const struct trace *world_view_trace(const struct world_view *v)
{
    return v->trace;
}

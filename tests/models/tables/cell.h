/* One line of a table: what was called in which state, and what came of it. */
#ifndef CELL_H
#define CELL_H

#define _GNU_SOURCE

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* By number, not by name, only where a program must fail to compile otherwise. */
static const char *error_name(int e)
{
    static char other[32];
    const char *name = strerrorname_np(e);
    if (name)
        return name;
    snprintf(other, sizeof other, "%d", e);
    return other;
}

/* A call that returns its error. */
static inline void cell(const char *what, int result)
{
    printf("%s = %s\n", what, result < 0 ? "negative" : error_name(result));
}

/* A call that returns -1 and leaves its error in errno, or something else that is a success. */
static inline void cell_errno(const char *what, long result)
{
    int e = errno;
    if (result == -1)
        printf("%s = %s\n", what, error_name(e));
    else
        printf("%s = %ld\n", what, result);
}

static inline void cell_number(const char *what, long n)
{
    printf("%s = %ld\n", what, n);
}

static inline void cell_text(const char *what, const char *text)
{
    printf("%s = %s\n", what, text);
}

/* A table of rows (calls) and columns (kinds of an object): a result goes to its row in the present
 * column; cells that were not filled are left out of the standard. */
enum { GRID_ROWS = 120, GRID_COLUMNS = 16 };
static struct {
    const char *name;
    char result[GRID_COLUMNS][16];
} grid[GRID_ROWS];
static int grid_column;

static inline void put(const char *row, int result)
{
    int i = 0;
    while (i < GRID_ROWS - 1 && grid[i].name && strcmp(grid[i].name, row) != 0)
        i++;
    grid[i].name = row;
    snprintf(grid[i].result[grid_column], sizeof grid[i].result[0], "%s", error_name(result));
}

static inline void grid_print(int columns)
{
    for (int i = 0; i < GRID_ROWS && grid[i].name; i++) {
        printf("%-46s =", grid[i].name);
        for (int c = 0; c < columns; c++)
            printf(" %-9s", grid[i].result[c][0] ? grid[i].result[c] : "-");
        printf("\n");
    }
}

/* Deadlines: one that has passed on every clock, one that is none. */
static const struct timespec past = {.tv_sec = 0, .tv_nsec = 1};
static const struct timespec below = {.tv_sec = 0, .tv_nsec = -1};
static const struct timespec above = {.tv_sec = 0, .tv_nsec = 1000000000};

/* Another task that brings an object into a state, keeps it there while main makes its calls, and
 * takes it back. */
struct other {
    pthread_t thread;
    sem_t ready, go;
    void (*begin)(void *), (*end)(void *);
    void *arg;
};

static inline void *other_run(void *p)
{
    struct other *o = p;
    o->begin(o->arg);
    sem_post(&o->ready);
    sem_wait(&o->go);
    if (o->end)
        o->end(o->arg);
    return NULL;
}

static inline void other_begin(struct other *o, void (*begin)(void *), void (*end)(void *),
                               void *arg)
{
    o->begin = begin;
    o->end = end;
    o->arg = arg;
    sem_init(&o->ready, 0, 0);
    sem_init(&o->go, 0, 0);
    pthread_create(&o->thread, NULL, other_run, o);
    sem_wait(&o->ready);
}

static inline void other_end(struct other *o)
{
    sem_post(&o->go);
    pthread_join(o->thread, NULL);
}

#endif

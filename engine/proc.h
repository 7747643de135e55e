/* What /proc says of processes and threads. The parsers are pure: names may hold anything, also
 * spaces, brackets and line ends. */
#ifndef LOCKSTEP_PROC_H
#define LOCKSTEP_PROC_H

#include <stddef.h>
#include <stdint.h>

struct proc_stat {
    int32_t pid, ppid, pgrp, session;
    char comm[16]; /* safe to show */
    char state;    /* R S D T t Z X ... */
    int threads;   /* of the process, 0 when it is being taken away */
    int processor;
    int exit_code;  /* a wait status, right only of a zombie one may ask about; else 0 */
    uint64_t start; /* ticks of the clock after the start of the machine: tells pids used again */
};

/* /proc/PID/stat or /proc/PID/task/TID/stat, NUL-terminated. 0, or -1 if it is none. */
int proc_parse_stat(const char *text, struct proc_stat *out);
/* .../schedstat: ns on a processor, ns ready without one. 0, or -1. */
int proc_parse_schedstat(const char *text, uint64_t *run_ns, uint64_t *ready_ns);
/* .../status: context switches. 0, or -1. */
int proc_parse_switches(const char *text, uint64_t *voluntary, uint64_t *involuntary);
/* .../status: the process a thread belongs to; -1 if it is none. */
int32_t proc_parse_group(const char *text);
/* .../statm: pages that are in memory and not shared. */
uint64_t proc_parse_private_pages(const char *text);
/* Bytes of a process that are in memory and not shared; 0 if it is gone. */
uint64_t proc_private_bytes(int32_t pid);
/* /proc/loadavg: the youngest pid or thread id there is; births raise it. -1 if it is none. */
int64_t proc_parse_youngest(const char *text);

/* A file of /proc that is read again and again: it stays open while there are few such. Begins as
 * PROC_CLOSED. */
struct proc_file {
    int fd;
};
#define PROC_CLOSED ((struct proc_file){-1})
/* Read it from its beginning; at most n - 1 bytes, NUL-terminated. The path is asked for when it
 * must be opened. How many bytes, -1 if it is gone. */
int proc_read(struct proc_file *f, const char *path, char *out, size_t n);
void proc_close(struct proc_file *f);
/* How many may stay open; before the first. */
void proc_keep_open(int max);

/* The names in a folder that are numbers, ascending as the kernel gives them; at most max. How
 * many, -1 if it is gone. */
int proc_list(const char *folder, int32_t *out, int max);

/* Where an address lies in the memory of a process. */
struct proc_range {
    uint64_t low, high;
    int shared; /* it is the same memory in the children of a fork */
    int stack;  /* the first thread's */
};
/* /proc/PID/maps: ranges by address; at most max. How many, -1 if it is gone. Slow. */
int proc_ranges(int32_t pid, struct proc_range *out, int max);

#endif

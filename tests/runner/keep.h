/* The keeper of one test: a process that runs it, waits, and leaves nothing behind. */
#ifndef RUNNER_KEEP_H
#define RUNNER_KEEP_H

/* Run argv in a process group of its own, its output in the file log_path, its input empty.
 * Whatever it started and did not end comes to this process (it is a subreaper) and is killed after
 * a short grace, or all of it when limit_s seconds have passed or SIGTERM comes. Ends the calling
 * process: with the status of the test (128 + n for a signal), 99 when it left processes, 124 when
 * its time was over; the log then says so. */
_Noreturn void keep(char *const *argv, const char *log_path, int limit_s);

#endif

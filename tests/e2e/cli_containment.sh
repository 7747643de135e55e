#!/bin/sh
# shellcheck disable=SC1091,SC2154 # contain.inc sets out, err, work, top
# Programs that reach beyond themselves: they end with a word about it, and nothing of them is left.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/contain.inc"

damaged='it wrote over the memory that lockstep shares with it'
# shellcheck disable=SC2086 # words are wanted
for command in 'explore --seconds 10' 'run --plain'; do
    # wild writes
    contained 69 "$damaged" wild_maps.c $command
    contained 69 "$damaged" wild_arena.c $command
    contained 69 "$damaged" wild_counts.c $command
    contained 1 crash wild_stacks.c $command
    contained 1 crash unmap_all.c $command
    contained 70 'signal 11' unmap_raw.c $command
    contained 0 '2 refused' protect_arena.c $command
    contained 70 'signal 11' protect_raw.c $command
    # descriptors
    contained 0 'still here' close_all.c $command
    contained 0 'status 0' close_raw.c $command
    contained 0 many descriptors.c $command
    # other processes
    contained 0 '-1 -1 -1 -1' kill_parent.c $command
    contained 1 SIGTERM group.c $command
    for program in kill_raw kill_all_raw group_raw stop_raw; do
        contained 69 'it calls kill past the C library' $program.c $command
    done
    contained 69 'it calls fork past the C library' fork_raw.c $command
    contained 69 'it calls clone past the C library' clone_raw.c $command
    contained 69 'it calls execve past the C library' exec_raw.c $command
    contained 69 'past the C library' escape_raw.c $command
    contained 70 'status 3' exit_raw.c $command
    contained 1 'waits since' daemonise.c $command
    contained 1 'is stopped' stop.c $command
    # the terminal
    contained 0 'no terminal, 0 set' terminal.c $command
done
# programs that run free
contained 4 'ran free' shell_daemon.c explore --seconds 10
contained 0 'runs on its own' shell_daemon.c run --plain
contained 4 alive shell_kill.c explore --seconds 10
contained 0 'Operation not permitted' shell_kill.c run --plain
# every address there is
contained 4 'cut at the limit of steps' wild_walk.c explore --seconds 20
contained 4 'cut at' wild_probe.c explore --seconds 10

done_testing

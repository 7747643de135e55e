#!/bin/sh
# shellcheck disable=SC1091,SC2154 # contain.inc sets out, err, work, top
# Programs that take too much, or never end: the limits hold, and say so.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/contain.inc"

# bombs
contained 4 'cut at 20000 steps' fork_bomb.c explore --seconds 20
contained 0 EAGAIN fork_bomb.c run --plain
contained 4 'cut at 20000 steps' thread_bomb.c explore --seconds 20
contained 0 EAGAIN thread_bomb.c run --plain
contained 4 'Not complete' shell_bomb.c explore --seconds 2
# shellcheck disable=SC2086 # words are wanted
for command in 'explore --seconds 20' 'run --plain'; do
    # loops without a step
    contained 1 'livelock' loop_child.c $command
    contained 1 'loop_deaf.c:12' loop_deaf.c $command
    contained 1 'loop_handler.c:5' loop_handler.c $command
    contained 1 'loop_atexit.c:4' loop_atexit.c $command
    # output
    contained "$([ "$command" = 'run --plain' ] && echo 0 || echo 4)" 'cut' output.c $command
    # memory
    contained 0 'and no more' memory.c $command
    contained 0 'and no more' memory_map.c $command
    contained 69 'it takes more than 3072 MiB of memory' memory_raw.c $command
    contained 1 'the stack is full' memory_stack.c $command
    # files
    contained 0 '16: File too large' file.c $command
    contained 1 SIGXFSZ file_signal.c $command
done
contained 4 '64 MiB of output' output_once.c explore --seconds 20
# before main
contained 69 'it does not come to its main' loop_constructor.c explore --seconds 20
contained 69 'it does not come to its main' loop_static.cc run --plain

done_testing

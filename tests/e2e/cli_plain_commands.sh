#!/bin/sh
# shellcheck disable=SC1091,SC2154,SC2034 # cli.inc sets out, err, work, top
# Every command of every prompt of plain mode answers something; whatever is typed does no harm; a
# save is noticed; Ctrl-C and the end of input lead out.
. "${LOCKSTEP_TOP:-$PWD}/tests/e2e/cli.inc"
tool pty
LC_ALL=C.UTF-8
EDITOR=true
export LC_ALL EDITOR
cp "$top/lessons/race/lost-update/"*.c .

# typed LINE...: a script that types them, one a prompt
typed() {
    for line in "$@"; do printf 'expect ? or q > \nsend %s\\n\n' "$line"; done
}

# words PROMPT EXCEPT...: the commands of a prompt
words() {
    prompt=$1
    shift
    # shellcheck disable=SC2046 # words are wanted
    sed -n -e "s/^COMMAND(${prompt}_[a-z]*, \"[^\"]*\", \"\([a-z][a-z]*\)\".*/\1/p" \
        "$top/tui/plain_talk.def" | grep -vxF -e nothing $(printf -- '-e %s ' "$@")
}

# answers NAME PROMPT "EXCEPT..." LINE...: at the prompt that the lines lead to, after each command
# something stands before the next prompt
answers() {
    name=$1 prompt=$2 except=$3
    shift 3
    # shellcheck disable=SC2046,SC2086 # words are wanted
    { typed "$@" && typed $(words "$prompt" $except) exit; } >script
    LOCKSTEP_DATA=$work/$name
    export LOCKSTEP_DATA
    if [ "$name" = home ]; then
        run 0 "$work/pty" script "$work/alone" lockstep --plain
    else
        run 0 "$work/pty" script "$work/alone" lockstep learn --plain race/lost-update
    fi
    tr -d '\r' <"$out" | awk '
        / or q > / && asked { print "no answer: " asked }
        { asked = "" }
        / or q > ./ { asked = $0 }' >silent
    [ -s silent ] && fail "$name: $(cat silent)"
    [ -n "$(words "$prompt" nothing)" ] || fail "$name: no commands"
}

answers home home 'nothing'
answers question question 'nothing'
answers answered answered 'repeat' '' 3 3
answers section section 'nothing' ''
answers offer offer 'next' '' 4
answers step step 'nothing' '' 4 '' 1
answers break break 'next' '' 8
answers find find 'next' '' 9
answers fix fix 'next watch' '' 10 ''

# garbage: bytes of all kinds but those that a terminal takes for itself
awk 'BEGIN {
    seed = 7
    for (i = 0; i < 400; i++) {
        line = "expect ? or q > \nsend "
        seed = (seed * 1103515 + 12345) % 2147483648
        n = int(seed / 65536) % 60 + 2
        for (k = 0; k < n; k++) {
            seed = (seed * 1103515 + 12345) % 2147483648
            byte = int(seed / 65536) % 223 + 32
            if (byte == 127) byte = 33
            line = line sprintf("\\x%02x", byte)
        }
        print line "\\n"
    }
    print "expect ? or q > \nsend exit\\n"
}' >script
LOCKSTEP_DATA=$work/garbage
run 0 "$work/pty" script "$work/alone" lockstep run --plain counter.c
grep -q 'is no command here' "$out" || fail 'nothing was refused'
awk 'BEGIN { for (i = 0; i < 3000; i++) line = line "a"; print "expect ? or q > \nsend " line "\\n"
    print "expect ? or q > \nsend search " line "\\n\nexpect ? or q > \nsend exit\\n" }' >script
run 0 "$work/pty" script "$work/alone" lockstep run --plain counter.c

# saved by another program while we wait
{
    typed '' 10 watch
    printf 'expect Enter stops waiting.\nexpect Right. Your program keeps\n'
    typed exit
} >script
LOCKSTEP_DATA=$work/watch
mine=$work/watch/work/race/lost-update/counter.c
(
    i=0
    while ! grep -q 'Enter stops waiting' "$out" 2>/dev/null && [ $i -lt 300 ]; do
        sleep 0.1
        i=$((i + 1))
    done
    cp "$work/fixed.c" "$mine"
) &
: >"$out"
run 0 "$work/pty" script "$work/alone" lockstep learn --plain race/lost-update
wait

# chosen by itself, and said once
printf 'expect since ACCESSIBLE is set\nrefuse since ACCESSIBLE\nexpect ? or q > \nsend q\\n\n' >script
run 0 env ACCESSIBLE=1 "$work/pty" script "$work/alone" lockstep
printf 'expect this terminal cannot\nexpect ? or q > \nsend q\\n\n' >script
run 0 env TERM=dumb "$work/pty" script "$work/alone" lockstep
printf 'refuse Lines in place\nexpect ? or q > \nsend q\\n\n' >script
run 0 "$work/pty" script "$work/alone" lockstep --plain

# Ctrl-C at a prompt leaves; the end of input, too
printf 'expect ? or q > \nsend \\x03\n' >script
run 130 "$work/pty" script "$work/alone" lockstep learn --plain race/lost-update
printf 'expect ? or q > \nsend \\x04\n' >script
run 0 "$work/pty" script "$work/alone" lockstep learn --plain race/lost-update

done_testing

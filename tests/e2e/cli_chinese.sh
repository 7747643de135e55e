#!/bin/sh
# The interface in Chinese: which settings of the environment ask for it, where it shows, and that what
# scripts read stays as it is.
# shellcheck disable=SC1091,SC2154 # cli.inc sets out, err, work
. "$(dirname "$0")/cli.inc"
unset LC_ALL LC_MESSAGES LC_CTYPE LANG LANGUAGE
counter_source 1 ';' ';' >race.c

[ -d "${LOCKSTEP_BUILD:-$top/build}/locale/zh_CN" ] || { echo "built without catalogues"; exit 77; }

# Which language: LANG, whether that locale is installed or not; LANGUAGE; never under the locale C,
# and not where the characters are not UTF-8.
for how in LANG=zh_CN.UTF-8 LC_ALL=zh_CN.UTF-8 LANG=zh_CN.utf8 'LANG=C.UTF-8 LANGUAGE=zh_CN' 'LC_ALL=C.UTF-8 LANGUAGE=xx:zh_CN'; do
    # shellcheck disable=SC2086 # several settings
    run 0 env $how lockstep --help
    has "$out" 用法
    hasnot "$out" Usage
done
for how in LANG=C LC_ALL=C LANG=C.UTF-8 'LANG=C LANGUAGE=zh_CN' 'LC_ALL=POSIX LANGUAGE=zh_CN' LANG=zh_CN \
    'LANG=zh_CN.UTF-8 LANGUAGE=en' 'LANG=zh_CN.UTF-8 LC_ALL=C.UTF-8'; do
    # shellcheck disable=SC2086
    run 0 env $how lockstep --help
    has "$out" Usage
    hasnot "$out" 用法
done

# Every command has its help; options and operands are not translated.
for command in learn run explore live replay lessons check progress cc doctor present; do
    run 0 env LANG=zh_CN.UTF-8 lockstep "$command" --help
    has "$out" "用法：lockstep $command"
done
run 0 env LANG=zh_CN.UTF-8 lockstep explore --help
has "$out" "--strategy=dpor|dfs|random"

# Errors, reports, lines.
run 2 env LANG=zh_CN.UTF-8 lockstep explroe race.c
has "$err" '没有命令“explroe”；是不是“explore”？'
run 66 env LANG=zh_CN.UTF-8 lockstep run --plain nowhere.c
has "$err" 无法打开
run 1 env LANG=zh_CN.UTF-8 lockstep explore race.c
has "$out" 完整：每个调度都已覆盖。
has "$out" 没有先后次序
has "$out" "lockstep replay ls1:"
hasnot "$out" "data race"
run 0 env LANG=zh_CN.UTF-8 lockstep lessons
has "$out" 未学
run 0 env LANG=zh_CN.UTF-8 lockstep progress
has "$out" 学习进度
run 0 env LANG=zh_CN.UTF-8 lockstep doctor
has "$out" 编译器
run 0 env LANG=zh_CN.UTF-8 lockstep live --plain race.c
has "$out" 开始

# --plain narrates in Chinese; operations keep their words, and columns their places.
run 1 env LANG=zh_CN.UTF-8 lockstep run --plain --choose 0,0,1,1,2,2,1,2 race.c
has "$out" 程序
grep -Eq '^ +[0-9]+  T[0-9] +P0   race\.c:[0-9]+ +(read|write|create|join|start|end|output|exit)' "$out" ||
    fail "no line of a step as the contract has it"
printf 'l\nq\n' >answers
run 0 env LANG=zh_CN.UTF-8 lockstep --plain <answers
has "$out" 单元

# What scripts read is the same, byte for byte, but for how long it took.
same_json() {
    wanted=$1
    shift
    run "$wanted" env LC_ALL=C.UTF-8 "$@"
    sed 's/"seconds":[0-9.e+-]*//g' "$out" >english
    run "$wanted" env LANG=zh_CN.UTF-8 "$@"
    sed 's/"seconds":[0-9.e+-]*//g' "$out" >chinese
    cmp english chinese || fail "not the same in Chinese: $*"
    if LC_ALL=C grep -q "$(printf '\344\270')" chinese; then fail "Chinese in the JSON of: $*"; fi
}
same_json 1 lockstep explore --json race.c
same_json 1 lockstep run --json --choose 0,0,1,1,2,2,1,2 race.c
same_json 0 lockstep lessons --json
same_json 0 lockstep progress --json
same_json 0 lockstep progress --csv
cp "$top/tests/programs/philosophers.c" .
same_json 1 lockstep explore --json --first philosophers.c
lockstep explore --json --first race.c >first 2>/dev/null
token=$(sed -n 's/.*"findings":.*"schedule":"\(ls1:[^"]*\)".*/\1/p' first)
is "a token" "${token%%:*}" ls1
same_json 1 lockstep replay --json "$token" race.c

# What differs from run to run holds nothing but ASCII at least.
for json in '0 doctor --json' '0 live --json race.c' '1 live --runs 20 --json race.c' '0 live --time --repeat 2 --json race.c'; do
    # shellcheck disable=SC2086
    run "${json%% *}" env LANG=zh_CN.UTF-8 lockstep ${json#* }
    has "$out" '"schema"'
    if LC_ALL=C grep -q '[^ -~]' "$out"; then fail "more than ASCII in lockstep $json"; fi
done

# On a terminal: the screens, and wide characters typed and rubbed out.
if command -v tmux >/dev/null 2>&1; then
    socket=chinese-$$
    screen() {
        tmux -L "$socket" capture-pane -p >"$out" 2>"$err"
    }
    # wait_for TEXT: until the screen shows it
    wait_for() {
        i=0
        until screen && grep -qF -e "$1" "$out"; do
            i=$((i + 1))
            [ "$i" -lt 200 ] || {
                fail "the screen never shows '$1'"
                return
            }
            sleep 0.1
        done
    }
    TMUX='' tmux -u -L "$socket" -f /dev/null new-session -d -x 80 -y 24 \
        "env LANG=zh_CN.UTF-8 TERM=screen-256color LOCKSTEP_LESSONS='$LOCKSTEP_LESSONS' '$LOCKSTEP'" 2>"$err" || fail "no tmux"
    wait_for 还需
    wait_for 帮助
    tmux -L "$socket" send-keys /
    wait_for 搜索课程
    tmux -L "$socket" send-keys -l 线程锁
    wait_for '搜索课程 线程锁'
    tmux -L "$socket" send-keys BSpace
    wait_for '搜索课程 线程'
    is "the column of the cursor" "$(tmux -L "$socket" display-message -p '#{cursor_x}')" 14
    tmux -L "$socket" send-keys Escape
    wait_for 帮助
    tmux -L "$socket" send-keys '?'
    wait_for 打开这一课
    # The Linux console has no Chinese; who sets LANGUAGE knows better.
    tmux -L "$socket" new-window "env TERM=linux LANG=zh_CN.UTF-8 '$LOCKSTEP' cc --help; read -r x"
    wait_for 'Usage: lockstep'
    tmux -L "$socket" new-window "env TERM=linux LANG=zh_CN.UTF-8 LANGUAGE=zh_CN '$LOCKSTEP' cc --help; read -r x"
    wait_for '用法：lockstep'
    tmux -L "$socket" kill-server
fi

done_testing

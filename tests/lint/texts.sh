#!/bin/sh
# Texts that people read go through gettext: a literal of several words that is shown, or put together
# to be shown, stands in _(), N_(), C_() or ngettext(), or in a call that translates its format. What
# is no text for people (JSON, file formats, shell commands) is excused below, by file or by line.
set -u
cd "$(dirname "$0")/../.." || exit 2

# Files that write what programs read, or English on purpose.
excused='engine/.*_json\.c|engine/recording.*|engine/keeper.*|engine/program.*|engine/free_.*|engine/litmus_say\.c|engine/inline_note.*|engine/live_start\.c|tui/timing_json\.c|tui/term\.c|tui/keys\.c|data/store_.*'

# Lines of the calls that show or spell, with the lines they go on in; then those with a literal that
# holds a word of two letters and a blank, or a word at all that is drawn.
for f in tui/*.c engine/explain*.c engine/live*.c engine/litmus_say.c engine/litmus_report.c engine/outcome_map.c engine/schedule_tree.c engine/compare.c engine/minimise.c engine/wait_for.c engine/happens_before.c lessons/*.c; do
    [ -f "$f" ] || continue
    printf '%s\n' "$f" | grep -Eq "^($excused)\$" && continue
    awk -v file="$f" '
    function flush() {
        if (call == "") return
        text = call
        # what is translated, and what is no text
        while (match(text, /(_|N_|ngettext|C_)\(([^()"]|"([^"\\]|\\.)*"|PRI[a-z0-9]+|[ \n])*/)) text = substr(text, 1, RSTART - 1) " " substr(text, RSTART + RLENGTH)
        if (text !~ /TEXTS: none/)
            while (match(text, /"([^"\\]|\\.)*"/)) {
                s = substr(text, RSTART, RLENGTH)
                text = substr(text, RSTART + RLENGTH)
                t = s
                gsub(/%[-+ #0-9.*]*(hh|h|ll|l|z|j)?[a-zA-Z]/, "", t)
                gsub(/\\./, "", t)
                if (t ~ /[A-Za-z][a-z]+ [A-Za-z(]/ || t ~ /[a-z][a-z]+:? ?"/ && t ~ /[ ,;:.]/ && t ~ /[a-z][a-z][a-z]/)
                    if (t !~ /^"(%s)?[,{]*[{,]["]|^"["],|^"lockstep: (live: )?%?"|^"\/?[a-z.]*\/|schema/ && s !~ /\\"[a-z_]+\\":|^"%s\/|^" --version|^"bind |\/dev\/null"$|^"int main|^"lockstep-present %d|\.sock"$|^"[`]?lockstep (replay )?"$|^" min"$|^",/ && s !~ /^"step  task  process/ && !(file ~ /_find|find_/ && s ~ /^"step %u(; switches)?"$/)) {
                        print file ":" line ": not translated: " s
                        found = 1
                    }
            }
        call = ""
    }
    {
        l = $0
        sub(/\/\*.*\*\//, "", l)
    }
    call == "" && l ~ /(buf_printf|buf_puts|snprintf|canvas_text|canvas_printf|canvas_fit|bar_title|panel_box|panel_head|list_clear|list_add|step_say|edit_draw|message_draw|fprintf|printf|puts|xasprintf)\(/ {
        line = NR
        call = l
        if (l ~ /;[ \t]*$/) flush()
        next
    }
    call != "" {
        call = call "\n" l
        if (l ~ /[;{][ \t]*$/) flush()
    }
    END { exit found }' "$f" || status=1
done
exit "${status:-0}"

#!/bin/sh
# Holds the arrows between the folders: who may include whose headers. No output when all is well.
#   tui -> lessons, engine, data;  lessons -> engine;  data -> engine/base.h;  engine -> itself
# The probe and the recorder, which live in other programs, share with the host only the headers named
# below.
set -u
cd "$(dirname "$0")/../.." || exit 2

found=$(mktemp) || exit 2
trap 'rm -f "$found"' EXIT INT TERM

# The folder a header lies in, as seen from a file: its own first, then the -I folders.
folder_of() { # header, folder of the file
    case $1 in
    probe/*) [ -f "engine/$1" ] && echo engine/probe && return ;;
    ../*)
        case $2 in engine/?*) [ -f "engine/${1#../}" ] && echo engine && return ;; esac
        echo "a path upwards" && return
        ;;
    esac
    for folder in "$2" engine data lessons tui; do
        if [ -f "$folder/$1" ]; then
            echo "$folder"
            return
        fi
    done
    echo nowhere
}

allowed() { # folder of the file, folder of the header, header
    case "$1 $2 ${3#../}" in
    "engine/probe engine/probe "*) return 0 ;;
    "engine/probe engine event.h" | "engine/probe engine event.def" | "engine/probe engine finding.def") return 0 ;;
    "engine/probe engine arena.h") return 0 ;;
    "engine/recorder engine/recorder "* | "engine/recorder engine recorder.h" | "engine/recorder engine event.h") return 0 ;;
    "engine/probe "* | "engine/recorder "*) return 1 ;;
    "engine engine "* | "data data "* | "lessons lessons "* | "tui tui "*) return 0 ;;
    "data engine base.h" | "data engine err.def") return 0 ;;
    "lessons engine "*) return 0 ;;
    "tui engine "* | "tui data "* | "tui lessons "*) return 0 ;;
    esac
    return 1
}

for file in engine/*.[ch] engine/probe/*.[chS] engine/recorder/*.[chS] data/*.[ch] lessons/*.[ch] tui/*.[ch]; do
    [ -f "$file" ] || continue
    here=${file%/*}
    sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' "$file" | while read -r header; do
        there=$(folder_of "$header" "$here")
        allowed "$here" "$there" "$header" || echo "$file: includes \"$header\" of $there, against the arrows"
    done
    case $here in tui) ;; *)
        grep -nE '#[[:space:]]*include[[:space:]]*<(n?curses|ncursesw/|term\.h|termcap)' "$file" | sed "s|^|$file: curses outside tui: |"
        ;;
    esac
    case $here in data) ;; *)
        grep -nE '#[[:space:]]*include[[:space:]]*<sqlite3' "$file" | sed "s|^|$file: SQLite outside data: |"
        ;;
    esac
done >"$found"
cat "$found"
[ ! -s "$found" ]

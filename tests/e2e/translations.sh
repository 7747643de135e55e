#!/bin/sh
# The translations: every text of the sources is in them, translated, with the same conversions and the
# same words in braces; and every text of the sources that people read can be translated.
set -u
top=${LOCKSTEP_TOP:-$PWD}
work=$(mktemp -d "${TMPDIR:-/tmp}/texts-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
cd "$top" || exit 1
for tool in xgettext msgcmp msgfmt msgattrib make; do
    command -v "$tool" >/dev/null || { echo "$tool is not here"; exit 77; }
done
failures=0
fail() {
    echo "FAIL: $*"
    failures=$((failures + 1))
}

make -s --no-print-directory B="$work" "$work/lockstep.pot" >"$work/log" 2>&1 || fail "no template: $(cat "$work/log")"
for po in po/*.po; do
    # What is untranslated or fuzzy is said by name.
    msgcmp "$po" "$work/lockstep.pot" >"$work/log" 2>&1 || fail "$po: $(grep -v '^msgcmp' "$work/log" | head -40)"
    msgfmt --check -o /dev/null "$po" 2>"$work/log" || fail "$po: $(cat "$work/log")"
    msgattrib --only-fuzzy --no-obsolete "$po" >"$work/fuzzy"
    [ ! -s "$work/fuzzy" ] || fail "$po has guesses that nobody confirmed: $(grep -c '^msgid' "$work/fuzzy")"
    # Templates: {o} is a word the program fills in.
    msgattrib --no-wrap --no-obsolete "$po" | awk -v po="$po" '
        function words(s,  n, list, i, j, t, r) {
            n = 0
            while (match(s, /\{[^{} ]+( [ab])?\}/)) {
                list[++n] = substr(s, RSTART, RLENGTH)
                s = substr(s, RSTART + RLENGTH)
            }
            for (i = 1; i < n; i++)
                for (j = i + 1; j <= n; j++)
                    if (list[j] < list[i]) { t = list[i]; list[i] = list[j]; list[j] = t }
            r = ""
            for (i = 1; i <= n; i++) r = r list[i]
            return r
        }
        /^msgid "/ { id = $0 }
        /^msgstr(\[0\])? "/ && id ~ /[{]/ {
            if (words(substr(id, 7)) != words($0)) { print po ": " id " -- " $0; bad = 1 }
        }
        END { exit bad }' >"$work/log" || fail "other words in braces: $(cat "$work/log")"
done

sh tests/lint/texts.sh >"$work/log" || fail "texts that cannot be translated: $(cat "$work/log")"
[ "$failures" = 0 ]

#include "show.h"

#include <stdio.h>
#include <string.h>

void show_text(const struct canvas *c, struct buf *out)
{
    for (int y = 0; y < c->rows; y++) {
        size_t keep = out->len;
        for (int x = 0; x < c->cols; x++) {
            const struct cell *cell = canvas_at(c, x, y);
            char bytes[8];
            mbstate_t state = {0};
            if (!cell->ch)
                continue;
            size_t n = wcrtomb(bytes, cell->ch, &state);
            buf_add(out, n == (size_t)-1 ? "?" : bytes, n == (size_t)-1 ? 1 : n);
            if (cell->ch != L' ')
                keep = out->len;
        }
        out->len = keep;
        buf_puts(out, "\n");
    }
}

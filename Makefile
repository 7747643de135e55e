# lockstep: see README.md. Targets: all check bench lint asan golden install uninstall clean
CC ?= cc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
B ?= build
PKGS = ncursesw sqlite3 libdw libelf md4c jansson
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
       -Wundef -Wvla -Wformat=2 -Wcast-qual -Wwrite-strings -fno-common
ifdef CI
WARN += -Werror
endif
STD = -std=c17 -D_GNU_SOURCE
INC = -Iengine -Idata -Ilessons -Itui
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null)
ALL_CFLAGS = $(STD) $(WARN) $(INC) $(PKG_CFLAGS) $(CFLAGS) -MMD -MP
DEFS = -DLOCKSTEP_PREFIX='"$(PREFIX)"'

PROBE_SRC := $(wildcard engine/probe/*.c)
PROBE_ASM := $(wildcard engine/probe/*.S)
LIB_SRC := $(wildcard engine/*.c data/*.c lessons/*.c)
TUI_SRC := $(wildcard tui/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o)
TUI_OBJ := $(TUI_SRC:%.c=$(B)/%.o)
PROBE_OBJ := $(PROBE_SRC:%.c=$(B)/%.o) $(PROBE_ASM:%.S=$(B)/%.o)
UNIT_SRC := $(wildcard tests/unit/*.c)
UNIT_BIN := $(UNIT_SRC:%.c=$(B)/%)

all: $(B)/lockstep $(B)/liblockstep-probe.so

$(B)/lockstep: $(TUI_OBJ) $(B)/liblockstep.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lpthread
$(B)/liblockstep.a: $(LIB_OBJ)
	@rm -f $@
	ar rcs $@ $^
$(B)/liblockstep-probe.so: $(PROBE_OBJ) engine/probe/probe.map
	$(CC) $(CFLAGS) -shared -Wl,-z,now -Wl,-soname,liblockstep-probe.so -o $@ $(PROBE_OBJ) -ldl -lpthread
$(B)/engine/probe/%.o: engine/probe/%.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) -Iengine $(CFLAGS) -O2 -fPIC -fno-builtin -fno-stack-protector -ftls-model=initial-exec -MMD -MP -c -o $@ $<
$(B)/engine/probe/%.o: engine/probe/%.S
	@mkdir -p $(@D)
	$(CC) -fPIC -c -o $@ $<
$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(DEFS) -c -o $@ $<
# a unit test: tests/unit/NAME.c, linked with the host side and cmocka
$(B)/tests/unit/%: tests/unit/%.c $(B)/liblockstep.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(B)/liblockstep.a $(PKG_LIBS) -lcmocka -lpthread

unit: $(UNIT_BIN)
	@for t in $(UNIT_BIN); do $$t || exit 1; done

clean:
	rm -rf $(B)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
.PHONY: all unit clean

# lockstep: see README.md. Targets: all check bench lint asan golden calls pot po install uninstall clean.
# Variables: B the build folder, PREFIX, DESTDIR, CC, CFLAGS, LDFLAGS; CI set makes warnings errors;
# T=name selects tests (make check T=counter); V=1 shows the commands; NLS=no builds without msgfmt,
# in English only.
CC ?= cc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
B ?= build
ifndef V
Q = @echo "  $@";
endif
PKGS = ncursesw sqlite3 libdw libelf md4c jansson libseccomp
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
       -Wundef -Wvla -Wformat=2 -Wcast-qual -Wwrite-strings -fno-common
ifdef CI
WERROR = -Werror
endif
STD = -std=c17 -D_GNU_SOURCE
INC = -Iengine -Idata -Ilessons -Itui
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lm
# No path of the machine in what is built: the same sources give the same bytes anywhere.
REPRODUCIBLE = "-ffile-prefix-map=$$PWD=."
DEFS = -DLOCKSTEP_PREFIX='"$(PREFIX)"'
HOST_FLAGS = $(STD) $(WARN) $(WERROR) $(INC) $(PKG_CFLAGS) $(DEFS) $(REPRODUCIBLE) -MMD -MP
ALL_CFLAGS = $(HOST_FLAGS) $(CFLAGS)
# The probe lives inside other programs: no sanitiser, no stack protector, no calls made up by the
# compiler, whatever CFLAGS says.
# __NO_INLINE__: the library's headers must not define what the probe defines.
PROBE_FLAGS = $(STD) $(WARN) $(WERROR) -Iengine $(REPRODUCIBLE) -MMD -MP $(filter-out -fsanitize% -O%,$(CFLAGS)) \
              -O2 -fPIC -fno-builtin -D__NO_INLINE__ -fno-stack-protector -ftls-model=initial-exec $(KEEP_REGISTERS)
# The registers that calls preserve still hold what the program has there when its state is compared
# (engine/probe/spin.c). A compiler that cannot leave them alone makes a probe that may take
# loops of optimised programs for waiting ones.
FIXED = -ffixed-rbx -ffixed-r12 -ffixed-r13 -ffixed-r14 -ffixed-r15 -DREGISTERS_KEPT
KEEP_REGISTERS := $(shell echo 'int x;' | $(CC) $(FIXED) -x c -c -o /dev/null - 2>/dev/null && echo '$(FIXED)')
SANITIZE = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

PROBE_SRC := $(wildcard engine/probe/*.c)
PROBE_ASM := $(wildcard engine/probe/*.S)
RECORDER_SRC := $(wildcard engine/recorder/*.c)
LIB_SRC := $(wildcard engine/*.c data/*.c lessons/*.c)
TUI_SRC := $(wildcard tui/*.c)
UNIT_SRC := $(wildcard tests/unit/test_*.c)
SCREEN_SRC := $(wildcard tests/screens/test_*.c)
FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)
BENCH_SRC := $(wildcard tests/bench/bench_*.c)
# What programs may include.
HEADERS := $(patsubst engine/include/%,$(B)/include/lockstep/%,$(wildcard engine/include/*.h))
RECORDER_OBJ := $(RECORDER_SRC:%.c=$(B)/%.o)
PROBE_OBJ := $(PROBE_SRC:%.c=$(B)/%.o) $(PROBE_ASM:%.S=$(B)/%.o)
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o)
TUI_OBJ := $(TUI_SRC:%.c=$(B)/%.o)
UNIT_BIN := $(UNIT_SRC:%.c=$(B)/%)
SCREEN_BIN := $(SCREEN_SRC:%.c=$(B)/%)
FUZZ_BIN := $(FUZZ_SRC:%.c=$(B)/%)
BENCH_BIN := $(BENCH_SRC:%.c=$(B)/%)
# Files in tests/unit, tests/screens and tests/bench that are no tests: linked into every one there.
SCREEN_HELP := $(filter-out $(SCREEN_SRC),$(wildcard tests/screens/*.c))
BENCH_HELP := $(filter-out $(BENCH_SRC),$(wildcard tests/bench/*.c))
UNIT_HELP := $(filter-out $(UNIT_SRC),$(wildcard tests/unit/*.c))
# The texts in other languages: po/LANGUAGE.po each.
MSGFMT ?= msgfmt
LANGUAGES := $(patsubst po/%.po,%,$(wildcard po/*.po))
ifneq ($(NLS),no)
CATALOGUES := $(LANGUAGES:%=$(B)/locale/%/LC_MESSAGES/lockstep.mo)
endif
# The same host side once more with the sanitisers, under $(B)/asan.
A = $(B)/asan
ASAN_LIB_OBJ := $(LIB_SRC:%.c=$(B)/asan/%.o)
ASAN_TUI_OBJ := $(TUI_SRC:%.c=$(B)/asan/%.o)
ASAN_UNIT_BIN := $(UNIT_SRC:%.c=$(B)/asan/%)
ASAN_SCREEN_BIN := $(SCREEN_SRC:%.c=$(B)/asan/%)

all: $(B)/lockstep $(B)/liblockstep-probe.so $(B)/liblockstep-recorder.so $(B)/lockstep-cc $(B)/lockstep-c++ $(HEADERS) $(CATALOGUES)

# The program, its two archives, the probe.
$(B)/lockstep: $(B)/tui/main.o $(B)/libtui.a $(B)/liblockstep.a
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lpthread
$(B)/libtui.a: $(filter-out $(B)/tui/main.o,$(TUI_OBJ))
	@rm -f $@
	@ar rcsD $@ $^
$(B)/liblockstep.a: $(LIB_OBJ)
	@rm -f $@
	@ar rcsD $@ $^
$(B)/liblockstep-probe.so: $(PROBE_OBJ)
	$(Q)$(CC) $(filter-out -fsanitize%,$(CFLAGS)) -shared -Wl,-z,now -Wl,-soname,liblockstep-probe.so -o $@ $(PROBE_OBJ) -ldl -lpthread
# Also inside other programs, which run free.
$(B)/liblockstep-recorder.so: $(RECORDER_OBJ)
	$(Q)$(CC) $(filter-out -fsanitize%,$(CFLAGS)) -shared -Wl,-z,now -Wl,-soname,liblockstep-recorder.so -o $@ $(RECORDER_OBJ) -ldl -lpthread
# The compiler by one word, for builds that want that, and the headers for programs.
$(B)/lockstep-cc $(B)/lockstep-c++: $(B)/lockstep
	@ln -sf lockstep $@
$(B)/include/lockstep/%.h: engine/include/%.h
	@mkdir -p $(@D)
	@cp $< $@
$(B)/engine/probe/%.o: engine/probe/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(PROBE_FLAGS) -c -o $@ $<
$(B)/engine/recorder/%.o: engine/recorder/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(STD) $(WARN) $(WERROR) -Iengine $(REPRODUCIBLE) -MMD -MP $(filter-out -fsanitize% -O%,$(CFLAGS)) -O2 -fPIC -fvisibility=hidden -fno-builtin -D__NO_INLINE__ -fno-stack-protector -ftls-model=initial-exec -c -o $@ $<
$(B)/engine/probe/%.o: engine/probe/%.S
	@mkdir -p $(@D)
	$(Q)$(CC) -Iengine $(REPRODUCIBLE) -MMD -MP -fPIC -c -o $@ $<
$(B)/%.o: %.c $(B)/prefix
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<
# Holds PREFIX; newer than the objects when it changed, so that they are compiled again.
$(B)/prefix: FORCE
	@mkdir -p $(@D)
	@[ "$$(cat $@ 2>/dev/null)" = '$(PREFIX)' ] || printf '%s\n' '$(PREFIX)' >$@

# The catalogues of texts.
$(B)/locale/%/LC_MESSAGES/lockstep.mo: po/%.po
	@mkdir -p $(@D)
	@command -v $(MSGFMT) >/dev/null || { echo '$(MSGFMT) is missing: install gettext, or run make NLS=no to build in English only' >&2; exit 1; }
	$(Q)$(MSGFMT) --check -o $@ $<
# What can be translated, from the sources: every file with texts, functions and tables. See
# docs/translating.md.
XGETTEXT = xgettext --language=C --from-code=UTF-8 --add-comments=TRANSLATORS --add-location=file \
           --package-name=lockstep --copyright-holder='the authors of lockstep' --output=$@
TEXTS_IN = --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=ngettext:1,2 --keyword=T_ --keyword=TN_:1,2 --keyword=err_set:3 --keyword=base_fatal:1 --keyword=say:2 --keyword=view_say:3 --keyword=found:3 \
           --flag=ngettext:1:pass-c-format --flag=ngettext:2:pass-c-format --flag=T_:1:pass-c-format --flag=TN_:1:pass-c-format --flag=TN_:2:pass-c-format --flag=_:1:pass-c-format --flag=N_:1:pass-c-format \
           --flag=err_set:3:c-format --flag=base_fatal:1:c-format --flag=say:2:c-format --flag=view_say:3:c-format \
           --keyword=ERR:3 --keyword=FINDING:3 --keyword=SCREEN:2 --keyword=KEY:3 --keyword=COMMAND:8 --keyword=OPTION:7
# Macros with two texts take a second pass.
SECOND_TEXTS_IN = --keyword --keyword=found:4 --flag=found:4:c-format --keyword=KEY:5 --keyword=COMMAND:9 --keyword=FINDING:2
TEXT_FILES = $(sort $(wildcard engine/*.c data/*.c lessons/*.c tui/*.c engine/*.def data/*.def lessons/*.def tui/*.def))
$(B)/lockstep.pot: $(TEXT_FILES) Makefile
	@mkdir -p $(@D)
	$(Q)$(XGETTEXT) --keyword $(TEXTS_IN) $(TEXT_FILES) 2>$@.log && \
	    $(XGETTEXT) --join-existing $(SECOND_TEXTS_IN) tui/cmd_doctor.c $(filter %.def,$(TEXT_FILES)) 2>>$@.log || { cat $@.log; exit 1; }
	@sed '/Empty msgid/,+2d' $@.log
pot: $(B)/lockstep.pot
# Bring the translations up to date with the sources; new texts are empty there.
po: $(B)/lockstep.pot
	@for l in $(LANGUAGES); do msgmerge --quiet --update --backup=none --no-fuzzy-matching --add-location=file po/$$l.po $(B)/lockstep.pot || exit 1; msgfmt --statistics -o /dev/null po/$$l.po; done

# With the sanitisers.
asan: $(A)/lockstep $(A)/liblockstep-probe.so $(A)/liblockstep-recorder.so $(ASAN_UNIT_BIN) $(ASAN_SCREEN_BIN)
$(A)/lockstep: $(A)/tui/main.o $(A)/libtui.a $(A)/liblockstep.a
	$(Q)$(CC) $(SANITIZE) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lpthread
$(A)/libtui.a: $(filter-out $(A)/tui/main.o,$(ASAN_TUI_OBJ))
	@rm -f $@
	@ar rcsD $@ $^
$(A)/liblockstep.a: $(ASAN_LIB_OBJ)
	@rm -f $@
	@ar rcsD $@ $^
$(A)/liblockstep-%.so: $(B)/liblockstep-%.so
	@mkdir -p $(@D)
	@cp $< $@
$(A)/%.o: %.c $(B)/prefix
	@mkdir -p $(@D)
	$(Q)$(CC) $(HOST_FLAGS) $(SANITIZE) -c -o $@ $<

# Tests: tests/unit/test_NAME.c and tests/screens/test_NAME.c are one cmocka program each. A unit
# test is linked with the interface only when it includes a header of tui/, so that tests of the
# engine build while the interface does not.
TUI_HEADERS := $(notdir $(wildcard tui/*.h))
UNIT_TUI := $(if $(TUI_HEADERS),$(if $(UNIT_SRC),$(shell grep -lF $(TUI_HEADERS:%=-e '"%"') $(UNIT_SRC))))
$(UNIT_TUI:%.c=$(B)/%): $(B)/libtui.a
$(UNIT_TUI:%.c=$(B)/%): TUI_LIB = $(B)/libtui.a
$(UNIT_TUI:%.c=$(A)/%): $(A)/libtui.a
$(UNIT_TUI:%.c=$(A)/%): TUI_LIB = $(A)/libtui.a
VTERM_FLAGS = $(shell pkg-config --cflags --libs vterm 2>/dev/null)

$(B)/tests/unit/test_%: tests/unit/test_%.c $(UNIT_HELP:%.c=$(B)/%.o) $(B)/liblockstep.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(UNIT_HELP:%.c=$(B)/%.o) $(TUI_LIB) $(B)/liblockstep.a $(PKG_LIBS) -lcmocka -lm -lpthread
$(A)/tests/unit/test_%: tests/unit/test_%.c $(UNIT_HELP:%.c=$(A)/%.o) $(A)/liblockstep.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(HOST_FLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $< $(UNIT_HELP:%.c=$(A)/%.o) $(TUI_LIB) $(A)/liblockstep.a $(PKG_LIBS) -lcmocka -lm -lpthread
$(B)/tests/screens/test_%: tests/screens/test_%.c $(SCREEN_HELP:%.c=$(B)/%.o) $(B)/libtui.a $(B)/liblockstep.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests/screens $(LDFLAGS) -o $@ $< $(SCREEN_HELP:%.c=$(B)/%.o) $(B)/libtui.a $(B)/liblockstep.a $(PKG_LIBS) $(VTERM_FLAGS) -lcmocka -lutil -lpthread
$(A)/tests/screens/test_%: tests/screens/test_%.c $(SCREEN_HELP:%.c=$(A)/%.o) $(A)/libtui.a $(A)/liblockstep.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(HOST_FLAGS) $(SANITIZE) -Itests/screens $(LDFLAGS) -o $@ $< $(SCREEN_HELP:%.c=$(A)/%.o) $(A)/libtui.a $(A)/liblockstep.a $(PKG_LIBS) $(VTERM_FLAGS) -lcmocka -lutil -lpthread
# Fuzz harnesses run in the test run with a small driver of ours, always with the sanitisers.
$(B)/tests/fuzz/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/driver.c $(A)/libtui.a $(A)/liblockstep.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(HOST_FLAGS) $(SANITIZE) $(LDFLAGS) -o $@ $< tests/fuzz/driver.c $(A)/libtui.a $(A)/liblockstep.a $(PKG_LIBS) -lpthread
EXPECT_OBJ = $(B)/tests/expect/expect.o $(B)/tests/expect/header.o $(B)/engine/base.o
$(B)/tests/expect/expect: $(EXPECT_OBJ)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)
MODELS_OBJ = $(B)/tests/models/models.o $(B)/engine/base.o
$(B)/tests/models/models: $(MODELS_OBJ)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)
DIFFERENTIAL_OBJ = $(B)/tests/differential/differential.o $(B)/tests/expect/header.o $(B)/liblockstep.a
$(B)/tests/differential/differential: $(DIFFERENTIAL_OBJ) $(B)/tests/differential/noise.o
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(DIFFERENTIAL_OBJ) $(PKG_LIBS) -lpthread
REPLAY_OBJ = $(B)/tests/replay/replay.o $(B)/tests/expect/header.o $(B)/liblockstep.a
$(B)/tests/replay/replay: $(REPLAY_OBJ)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS) -lpthread
CALLS_OBJ = $(B)/tests/calls/calls.o $(B)/engine/base.o
$(B)/tests/calls/calls: $(CALLS_OBJ)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(PKG_LIBS)
RUNNER_OBJ = $(B)/tests/runner/run.o $(B)/tests/runner/keep.o
$(B)/tests/run: $(RUNNER_OBJ)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
$(B)/tests/bench/bench_%: tests/bench/bench_%.c $(BENCH_HELP:%.c=$(B)/%.o) $(B)/libtui.a $(B)/liblockstep.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(BENCH_HELP:%.c=$(B)/%.o) $(B)/libtui.a $(B)/liblockstep.a $(PKG_LIBS) -lutil -lpthread

check-build: all asan $(UNIT_BIN) screens fuzz $(B)/tests/run $(B)/tests/expect/expect $(B)/tests/calls/calls $(B)/tests/models/models $(B)/tests/differential/differential $(B)/tests/replay/replay
check: check-build
	@$(B)/tests/run -B $(B) $(if $(T),-T '$(T)')
# The unit tests alone, without the runner.
unit: $(UNIT_BIN)
	@for t in $(UNIT_BIN); do $$t || exit 1; done
screens: $(SCREEN_BIN)
fuzz: $(FUZZ_BIN)
# Write the expected screens anew; read the diff afterwards.
golden: all screens $(B)/tests/run
	LOCKSTEP_GOLDEN=1 $(B)/tests/run -B $(B) -T screen/
	@git --no-pager diff --stat -- tests/screens 2>/dev/null || true
# The page of all calls, made from their table.
calls: $(B)/tests/calls/calls
	$(Q)$< --markdown >docs/calls.md
bench: all $(BENCH_BIN)
	@B='$(B)' sh tests/bench/run.sh
lint:
	@B='$(B)' CC='$(CC)' FLAGS='$(STD) $(INC) $(PKG_CFLAGS)' WARN='$(WARN)' PROBE='$(STD) -Iengine' sh tests/lint/run.sh

# Installed: bin/lockstep, bin/lockstep-cc, bin/lockstep-c++, lib/lockstep/liblockstep-{probe,recorder}.so,
# include/lockstep/lockstep.h, share/lockstep/lessons, share/locale/*/LC_MESSAGES/lockstep.mo, share/man/man1.
LESSON_FILES = lessons/units $(shell find lessons -mindepth 2 -type f ! -name '.*' | LC_ALL=C sort)
install: all
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/lib/lockstep' '$(DESTDIR)$(PREFIX)/share/man/man1' '$(DESTDIR)$(PREFIX)/share/lockstep'
	install -m 755 $(B)/lockstep '$(DESTDIR)$(PREFIX)/bin/lockstep'
	ln -sf lockstep '$(DESTDIR)$(PREFIX)/bin/lockstep-cc'
	ln -sf lockstep '$(DESTDIR)$(PREFIX)/bin/lockstep-c++'
	install -d '$(DESTDIR)$(PREFIX)/include/lockstep'
	install -m 644 engine/include/*.h '$(DESTDIR)$(PREFIX)/include/lockstep'
	install -m 755 $(B)/liblockstep-probe.so $(B)/liblockstep-recorder.so '$(DESTDIR)$(PREFIX)/lib/lockstep'
	rm -rf '$(DESTDIR)$(PREFIX)/share/lockstep/lessons'
	@for f in $(LESSON_FILES); do \
	    install -d "$(DESTDIR)$(PREFIX)/share/lockstep/$${f%/*}" && \
	    install -m 644 "$$f" "$(DESTDIR)$(PREFIX)/share/lockstep/$$f" || exit 1; \
	done
	@for l in $(if $(CATALOGUES),$(LANGUAGES)); do \
	    install -d "$(DESTDIR)$(PREFIX)/share/locale/$$l/LC_MESSAGES" && \
	    install -m 644 "$(B)/locale/$$l/LC_MESSAGES/lockstep.mo" "$(DESTDIR)$(PREFIX)/share/locale/$$l/LC_MESSAGES/lockstep.mo" || exit 1; \
	done
	install -m 644 docs/lockstep.1 '$(DESTDIR)$(PREFIX)/share/man/man1/lockstep.1'
uninstall:
	rm -f '$(DESTDIR)$(PREFIX)/bin/lockstep' '$(DESTDIR)$(PREFIX)/bin/lockstep-cc' '$(DESTDIR)$(PREFIX)/bin/lockstep-c++' '$(DESTDIR)$(PREFIX)/share/man/man1/lockstep.1'
	rm -f $(LANGUAGES:%='$(DESTDIR)$(PREFIX)/share/locale/%/LC_MESSAGES/lockstep.mo')
	rm -rf '$(DESTDIR)$(PREFIX)/lib/lockstep' '$(DESTDIR)$(PREFIX)/include/lockstep' '$(DESTDIR)$(PREFIX)/share/lockstep'

clean:
	rm -rf $(B)

-include $(wildcard $(B)/*/*.d $(B)/*/*/*.d $(B)/*/*/*/*.d)
FORCE:
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all asan unit screens fuzz check-build check golden calls pot po bench lint install uninstall clean FORCE

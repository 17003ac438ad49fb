# kb. `make` builds, `make test` installs what is missing and runs every test.

# None of make's own rules: cmd/new.c is not the source of the folder cmd/new.
MAKEFLAGS += --no-builtin-rules
CC ?= cc
BUILD ?= build
PREFIX ?= /usr/local
VERSION := 0.1.0
DATE := November 22, 2026

PACKAGES := libgit2 libcrypto zlib yaml-0.1 libcmark-gfm libxml-2.0 icu-uc icu-i18n libpcre2-8 jansson libxxhash
CFLAGS ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
ifdef DEVELOPER
WARNINGS += -Werror
endif
ifeq ($(SANITIZE),thread)
BUILD := build/thread
CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=thread
else ifdef SANITIZE
BUILD := build/sanitize
CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
CFLAGS += -DKB_ARENA_DEBUG
endif
ifdef FUZZ
BUILD := build/fuzz
CC := clang-14
# C11 does not let 0 be added to NULL; later C and all compilers do.
CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize=pointer-overflow -fno-sanitize-recover=all -DKB_ARENA_DEBUG
endif

# Without the development packages `make deps` must still run.
pkg = $(shell pkg-config $(1) $(PACKAGES) 2>/dev/null)
CPPFLAGS += -D_GNU_SOURCE -DKB_VERSION='"$(VERSION)"' -Iinclude -I$(BUILD) $(call pkg,--cflags)
ALL_CFLAGS = -std=c11 -pthread $(WARNINGS) $(CPPFLAGS) $(CFLAGS)
# Linked into the program where there is such a library: kb and cmark-gfm call its functions
# for each node, and finding shared ones takes a twentieth of the time of a publish.
CMARK := $(wildcard $(addprefix $(shell pkg-config --variable=libdir libcmark-gfm 2>/dev/null)/,\
	libcmark-gfm-extensions.a libcmark-gfm.a))
LIBS = $(if $(CMARK),$(CMARK),-lcmark-gfm-extensions -lcmark-gfm) \
	$(filter-out -lcmark-gfm%,$(call pkg,--libs)) -lgumbo -lstemmer -ldl -lm -pthread

LIB_SRC := $(sort $(wildcard src/*/*.c))
CMD_SRC := $(sort $(wildcard cmd/*.c))
COMMANDS := $(sort $(patsubst docs/man/kb-%.md,%,$(wildcard docs/man/kb-*.md)))
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o) $(BUILD)/embed.o $(BUILD)/build_id.o
CMD_OBJ := $(CMD_SRC:%.c=$(BUILD)/%.o)
UNITS := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/unit/%)
FUZZ_TARGETS := $(filter-out replay,$(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/*.c))))
# Programs that the other suites use, and a library to preload.
TOOL_SRC := $(filter-out tests/tools/fault.c,$(wildcard tests/tools/*.c))
TOOLS := $(TOOL_SRC:tests/%.c=$(BUILD)/%) $(BUILD)/tools/fault.so

# Folders built into the program, as PREFIX=FOLDER; see tools/embed.
EMBED := schemas=schemas theme=src/site/theme rules=docs/rules man=docs/man init=cmd/init \
	new=cmd/new stemmers=build/stemmers data=src/site/data looks=src/site/looks
EMBED_FILES := $(shell find $(foreach e,$(EMBED),$(lastword $(subst =, ,$(e)))) -type f 2>/dev/null)

# What `kb --version` says of the libraries.
LIBRARIES = $(shell for p in $(PACKAGES); do \
	echo "$$p $$(pkg-config --modversion $$p 2>/dev/null),"; done | sort -f | tr '\n' ' ' | sed 's/, $$//')

# What `kb init` writes into CI files: where this source is, and which version it is. A clone
# knows; an archive is told by UPSTREAM, and has the version's tag.
CLONE = $(if $(wildcard .git),git -C .,false)
UPSTREAM ?= $(filter https://%,$(shell $(CLONE) config remote.origin.url 2>/dev/null))
REVISION ?= $(or $(shell $(CLONE) rev-parse HEAD 2>/dev/null),v$(VERSION))

all: $(BUILD)/libkb.a $(if $(CMD_SRC),$(BUILD)/kb)

$(BUILD)/kb: $(CMD_OBJ) $(BUILD)/libkb.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/libkb.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Stemmers for browsers.
build/stemmers/base.js:
	tools/stemmers build/stemmers

$(BUILD)/embed.c: build/stemmers/base.js tools/embed $(EMBED_FILES) $(foreach e,$(EMBED),$(wildcard $(lastword $(subst =, ,$(e)))))
	@mkdir -p $(@D)
	tools/embed $(EMBED) >$@.tmp && mv $@.tmp $@

# What the library was made from, in a word: facts that another one kept are not read.
$(BUILD)/build_id.c: $(LIB_SRC) $(wildcard include/kb/*) $(BUILD)/embed.c
	@mkdir -p $(@D)
	cat $^ | sha256sum | sed 's/\(.*\) .*/#include "kb\/build.h"\nconst char *kb_build_id(void) { return "\1"; }/' >$@

$(BUILD)/build_id.o: $(BUILD)/build_id.c
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/embed.o: $(BUILD)/embed.c
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/unit/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests/unit -MMD -MP -c -o $@ $<

$(BUILD)/unit/%: $(BUILD)/unit/%.o $(BUILD)/libkb.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(BUILD)/libkb.a -lcmocka $(LIBS)

# Each target of tests/fuzz alone with libFuzzer (FUZZ=1), and all of them in one program that
# runs the inputs that are kept.
$(BUILD)/target/%: tests/fuzz/%.c $(BUILD)/libkb.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Isrc -fsanitize=fuzzer -MMD -MP -o $@ $< $(BUILD)/libkb.a $(LIBS)

$(BUILD)/replay.d/%.o: tests/fuzz/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Isrc -DLLVMFuzzerTestOneInput=target_$* \
		-D'FUZZ_TARGETS=$(foreach t,$(FUZZ_TARGETS),X($(t)))' -MMD -MP -c -o $@ $<

$(BUILD)/replay.d/replay.o: $(FUZZ_TARGETS:%=tests/fuzz/%.c)

$(BUILD)/replay: $(patsubst %,$(BUILD)/replay.d/%.o,$(FUZZ_TARGETS) replay) $(BUILD)/libkb.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/tools/%.so: tests/tools/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 $(WARNINGS) -D_GNU_SOURCE -O2 -fPIC -shared -o $@ $< -ldl -pthread

$(BUILD)/tools/%: tests/tools/%.c $(BUILD)/libkb.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(BUILD)/libkb.a $(LIBS)

$(BUILD)/bench/%: bench/%.c $(BUILD)/libkb.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(BUILD)/libkb.a $(LIBS)

$(BUILD)/cmd/init.o: CPPFLAGS += -DKB_UPSTREAM='"$(UPSTREAM)"' -DKB_REVISION='"$(REVISION)"'

$(BUILD)/cmd/%.o: CPPFLAGS += -DKB_DATE='"$(DATE)"' -DKB_LIBRARIES='"$(LIBRARIES)"'

unit: $(UNITS) check-layers check-circles check-headers
	@set -e; for t in $(UNITS); do CMOCKA_MESSAGE_OUTPUT=stdout $$t >$$t.log 2>&1 || { cat $$t.log; exit 1; }; done

check-layers:
	@tools/check-layers

check-circles: $(LIB_OBJ) $(CMD_OBJ)
	@tools/check-circles $(BUILD) $^

# Each public header compiles alone, in a program that asks for standard C.
check-headers:
	@for h in include/kb/*.h; do \
		echo "#include \"kb/$$(basename $$h)\"" | \
		$(CC) -std=c11 $(WARNINGS) -Iinclude -fsyntax-only -x c - || exit 1; done

cli: all
	tests/run cli golden

test:
	@tools/install-deps
	@$(MAKE) --no-print-directory -s all units
	@tests/run

# DuckDB, ClickHouse and PostgreSQL count a log with 'kb stats sql', and kb compares.
test-engines:
	@tools/install-deps engines
	@$(MAKE) --no-print-directory -s all
	@ENGINES='duckdb clickhouse postgresql' tests/run engines

# The whole suite under AddressSanitizer (leaks too) and UndefinedBehaviorSanitizer, the
# commands that use threads under ThreadSanitizer, the units under valgrind: one after the
# other, and all of them, although one may fail.
sanitize:
	@tools/install-deps sanitize
	@$(MAKE) --no-print-directory -k sanitize-address sanitize-threads sanitize-units

# SUITES of tests/run; default: all.
sanitize-address:
	@$(MAKE) --no-print-directory -s SANITIZE=1 all units
	@BUILD=build/sanitize tests/run $(SUITES)

sanitize-threads:
	@$(MAKE) --no-print-directory -s SANITIZE=thread all
	@tests/threads build/thread/kb

sanitize-units:
	@$(MAKE) --no-print-directory -s units
	@tests/valgrind $(UNITS)

# What gcc's and clang's analyzers, clang-tidy and cppcheck find in the sources, or in FILES.
tidy:
	@tools/install-deps tidy
	@$(MAKE) --no-print-directory -s $(BUILD)/embed.c
	@tools/tidy $(ALL_CFLAGS) -DKB_DATE='""' -DKB_LIBRARIES='""' -DKB_UPSTREAM='""' \
		-DKB_REVISION='""' -- $(or $(FILES),$(LIB_SRC) $(CMD_SRC))

# Looks for inputs that break something: SECONDS for each target, or for TARGET alone.
SECONDS ?= 60
fuzz:
	@tools/install-deps fuzz
	@$(MAKE) --no-print-directory -s FUZZ=1 $(FUZZ_TARGETS:%=build/fuzz/target/%)
	@tests/fuzz/run $(SECONDS) $(or $(TARGET),$(FUZZ_TARGETS))

# Lets one call of the system after another fail in each command that writes: RUNS of each
# command, chosen with SEED (minutes), or all with RUNS=0 (hours).
fault:
	@tools/install-deps
	@$(MAKE) --no-print-directory -s all units
	@tests/fault --runs $(or $(RUNS),150) --seed '$(SEED)'

# Looks for what a site or command shows to readers that it must not reach, in DOCUMENTS
# documents that a grammar makes from SEED.
leak: all
	KB=$(BUILD)/kb tests/tools/leak.py --documents $(or $(DOCUMENTS),20000) --seed $(or $(SEED),1)

# Edits a help center at random, until each kind of edit was made EACH times, and compares
# each publish with a clean one.
property: all
	KB=$(BUILD)/kb tests/tools/property.py --rounds 0 --each $(or $(EACH),200) --seed $(or $(SEED),1)

# What is measured, each beside what it is compared with; see bench/. Never a test.
bench: all
	@tools/install-deps bench
	@bench/table $(SIZES)

# Inputs of strangers, all of them, and a hundred repositories with many things wrong.
hostile: all
	tests/hostile --all

deps:
	@tools/install-deps build

# The example help center, published for both audiences.
demo: deps
	@$(MAKE) --no-print-directory -s all
	@tools/demo $(BUILD)/kb $(BUILD)/demo

units: $(UNITS) $(BUILD)/replay $(TOOLS)

# Completions are part of the source, so that packages need not run kb to have them.
completions: $(BUILD)/kb
	$(BUILD)/kb help --completion bash >completions/kb
	$(BUILD)/kb help --completion zsh >completions/_kb
	$(BUILD)/kb help --completion fish >completions/kb.fish

man: $(BUILD)/kb
	@mkdir -p $(BUILD)/man
	$(BUILD)/kb help --man >$(BUILD)/man/kb.1
	for c in $(COMMANDS); do $(BUILD)/kb help --man $$c >$(BUILD)/man/kb-$$c.1; done

install: all man
	tools/install '$(DESTDIR)$(PREFIX)' $(BUILD)
	sed -e 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|; s|@REQUIRES@|$(PACKAGES)|' \
		tools/kb.pc.in >'$(DESTDIR)$(PREFIX)/lib/pkgconfig/kb.pc'

uninstall:
	tools/install --remove '$(DESTDIR)$(PREFIX)'

dist:
	@mkdir -p $(BUILD)
	git archive --prefix=kb-$(VERSION)/ -o $(BUILD)/kb-$(VERSION).tar.gz HEAD
	@echo $(BUILD)/kb-$(VERSION).tar.gz

# Another version of clang-format breaks lines in other places.
CLANG_FORMAT ?= clang-format-14
FORMATTED := $(LIB_SRC) $(CMD_SRC) $(wildcard */kb/*.h src/*/*.h cmd/*.h tests/unit/*.[ch] \
	tests/fuzz/*.[ch])

format-check:
	@$(CLANG_FORMAT) --dry-run -Werror $(FORMATTED)
	@tools/check-style $(FORMATTED)

format:
	@tools/check-style --fix $(FORMATTED)
	@$(CLANG_FORMAT) -i $(FORMATTED)

clean:
	rm -rf $(BUILD)

-include $(LIB_OBJ:.o=.d) $(CMD_OBJ:.o=.d) $(UNITS:=.d)
-include $(FUZZ_TARGETS:%=$(BUILD)/target/%.d) $(FUZZ_TARGETS:%=$(BUILD)/replay.d/%.d)

.SECONDARY: $(UNITS:=.o)

.PHONY: all hostile sanitize-address sanitize-threads sanitize-units unit units check-layers check-circles check-headers cli test test-engines sanitize tidy fuzz fault leak property bench deps demo completions \
	man install uninstall dist format format-check clean
.DELETE_ON_ERROR:

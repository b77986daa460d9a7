# facteur.  README says how to begin; doc/house.md how this file works.

include conf-cc
HOME_DIR := $(shell head -n 1 conf-home)
B ?= build
DESTDIR ?=

# A file with a hyphen is a program, any other a module of the one archive.
# The programs named here need a library that exists for glibc only.
LARGE = mx-send auth-check mail-user tls-wrap dnsbl-check sender-check
LIBS_mx-send = -lcares -lidn2
LIBS_dnsbl-check = -lcares
LIBS_sender-check = -lcares -lidn2
LIBS_auth-check = -lcrypt -l:libnettle.a
LIBS_mail-user = -lcrypt -l:libnettle.a
LIBS_tls-wrap = -lssl -lcrypto
OWFAT = /usr/lib/libowfat.a

# OpenSSL, and libowfat, whose licence excludes it, never meet: src/tls/wrap_*.c are of tls-wrap
# only, which is not linked with libowfat.
APART = tls-wrap

SOURCES := $(wildcard src/*/*.c)
SCRIPTS := $(wildcard src/*/*-*.sh)
PROGRAMS := $(foreach f,$(SOURCES),$(if $(findstring -,$(notdir $f)),$f))
MODULES := $(filter-out $(PROGRAMS),$(SOURCES))
NAMES := $(notdir $(PROGRAMS:.c=))
SMALL := $(filter-out $(LARGE),$(NAMES))
TEMPLATES := $(shell find service -type f)
TEST_SOURCES := $(wildcard tests/*/*_test.c)
TEST_SCRIPTS := $(wildcard tests/*/*_test.sh)
FUZZ_SOURCES := $(wildcard tests/fuzz/*_fuzz.c)
TESTS := $(patsubst tests/%.c,$B/tests/%,$(TEST_SOURCES) $(FUZZ_SOURCES)) \
	$(patsubst tests/%.sh,$B/tests/%,$(TEST_SCRIPTS)) \
	$(patsubst tests/%,$B/tests/%,$(wildcard tests/*/*.py) \
	$(filter-out %_test.sh,$(wildcard tests/*/*.sh)))

all: $(addprefix $B/bin/,$(NAMES) $(notdir $(SCRIPTS:.sh=))) \
	$(addprefix $B/share/,$(TEMPLATES))

-include $(wildcard $B/small/*/*.d $B/large/*/*.d $B/test/*/*.d $B/tests/*/*.d)

$(SOURCES) $(TEST_SOURCES) $(FUZZ_SOURCES): | $B/.dependencies

$B/.dependencies: tests/dependencies
	@mkdir -p $B
	tests/dependencies check build
	@touch $@

$B/small/%.o: src/%.c conf-cc conf-home
	@mkdir -p $(@D)
	$(CC_SMALL) $(CFLAGS) $(CPPFLAGS) -DCONF_HOME='"$(HOME_DIR)"' -Isrc -MMD -MP -c -o $@ $<

$B/large/%.o: src/%.c conf-cc conf-home
	@mkdir -p $(@D)
	$(CC_LARGE) $(CFLAGS) $(CPPFLAGS) -DCONF_HOME='"$(HOME_DIR)"' -Isrc -MMD -MP -c -o $@ $<

$B/small.a: $(patsubst src/%.c,$B/small/%.o,$(filter-out src/tls/wrap_%,$(MODULES)))
$B/large.a: $(MODULES:src/%.c=$B/large/%.o)
$B/small.a $B/large.a:
	rm -f $@ && ar rcs $@ $^

define program
$B/bin/$(notdir $1): $B/$2/$(1:src/%=%).o $B/$2.a
	@mkdir -p $$(@D)
	$$($3) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ $(if $(filter $(notdir $1),$(APART)),,$$(OWFAT)) \
		$$(LIBS_$(notdir $1))
endef
$(foreach p,$(PROGRAMS:.c=),$(if $(filter $(notdir $p),$(LARGE)),\
	$(eval $(call program,$p,large,LD_LARGE)),\
	$(eval $(call program,$p,small,LD_SMALL))))

define script
$B/bin/$(basename $(notdir $1)): $1
	@mkdir -p $$(@D)
	sh -n $1 && install -m 755 $1 $$@
endef
$(foreach s,$(SCRIPTS),$(eval $(call script,$s)))

$B/share/%: %
	@mkdir -p $(@D)
	cp -p $< $@

# Unit tests and fuzz targets run with the sanitizers, whatever the programs are built with.
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CC_TEST = gcc
CFLAGS_TEST = -O1 -g -Wall -Wextra $(SANITIZE)
COMPILE_TEST = $(CC_TEST) $(CFLAGS_TEST) $(CPPFLAGS) -U_FORTIFY_SOURCE \
	-DCONF_HOME='"$(HOME_DIR)"' -Isrc -MMD -MP
LIBS_TEST = $B/test.a $(OWFAT) -lcares -lcrypt -lnettle -lidn2
FUZZ_MAIN = tests/fuzz/replay.c

$B/test/%.o: src/%.c conf-cc conf-home
	@mkdir -p $(@D)
	$(COMPILE_TEST) -c -o $@ $<

$B/test.a: $(MODULES:src/%.c=$B/test/%.o)
	rm -f $@ && ar rcs $@ $^

$B/tests/%_test: tests/%_test.c $B/test.a
	@mkdir -p $(@D)
	$(COMPILE_TEST) -MF $@.d -o $@ $< $(LIBS_TEST) -latf-c

# Without libFuzzer a target replays its corpus, and mutations of it.
$B/tests/fuzz/%_fuzz: tests/fuzz/%_fuzz.c tests/fuzz/replay.c $B/test.a
	@mkdir -p $(@D)
	$(COMPILE_TEST) -MF $@.d -o $@ $< $(FUZZ_MAIN) $(LIBS_TEST)

$B/tests/%_test: tests/%_test.sh
	@mkdir -p $(@D)
	sh -n $< && install -m 755 $< $@

# What the tests play the rest of the world with stands beside them.
$B/tests/%.py: tests/%.py
	@mkdir -p $(@D)
	install -m 755 $< $@

$B/tests/%.sh: tests/%.sh
	@mkdir -p $(@D)
	sh -n $< && install -m 644 $< $@

install: all
	install -d $(DESTDIR)$(HOME_DIR)/bin $(DESTDIR)$(HOME_DIR)/share
	install -m 755 $B/bin/* $(DESTDIR)$(HOME_DIR)/bin
	cp -R $B/share/service $(DESTDIR)$(HOME_DIR)/share
	for page in doc/*.[578]; do install -D -m 644 $$page \
		$(DESTDIR)$(HOME_DIR)/share/man/man$${page##*.}/$${page#doc/} || exit 1; done

# What was made of a test that is no more would still be run.
tests: all $(TESTS)
	rm -f $(filter-out $(TESTS),$(wildcard $B/tests/*/*_test $B/tests/*/*_fuzz))

check:
	tests/dependencies install build check
	$(MAKE) tests
	tests/run $B

demo:
	tests/dependencies install build demo
	$(MAKE) all
	tests/demo $B

run:
	tests/dependencies install build demo
	$(MAKE) all
	tests/demo -r $B

BENCH_PROGRAMS := $(wildcard tests/bench/*-*.c)
BENCH_MODULES := $(filter-out $(BENCH_PROGRAMS),$(wildcard tests/bench/*.c))

$B/bench/%: tests/bench/%.c $(BENCH_MODULES) $(wildcard tests/bench/*.h)
	@mkdir -p $(@D)
	$(CC_LARGE) $(CFLAGS) $(CPPFLAGS) -o $@ $< $(if $(findstring tls-,$@),-lssl -lcrypto,$(BENCH_MODULES))

bench:
	tests/dependencies install build bench
	$(MAKE) all $(BENCH_PROGRAMS:tests/%.c=$B/%)
	tests/bench/run $B

# Variants, each built in a folder of its own.  The programs with the sanitizers:
GLIBC = CC_SMALL=gcc LD_SMALL=gcc
sanitize:
	tests/dependencies install build check
	$(MAKE) B=$B/sanitize $(GLIBC) CFLAGS='$(CFLAGS_TEST) -U_FORTIFY_SOURCE' tests
	tests/run $B/sanitize

# The programs under valgrind, which also knows of what was never set:
valgrind:
	tests/dependencies install build check
	$(MAKE) B=$B/valgrind $(GLIBC) CFLAGS='-O1 -g -Wall -Wextra' tests
	tests/valgrind $B/valgrind

# Which lines the tests run through, FILE.gcov in the folder coverage:
coverage:
	tests/dependencies install build check
	$(MAKE) B=$B/coverage $(GLIBC) CFLAGS='-O0 -g --coverage' CFLAGS_TEST='-O0 -g --coverage' tests
	tests/coverage $B/coverage

# libFuzzer on each target, FUZZ_SECONDS long:
fuzz:
	tests/dependencies install build fuzz
	$(MAKE) B=$B/fuzz CC_TEST=clang FUZZ_MAIN=-fsanitize=fuzzer \
		CFLAGS_TEST='-O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link' fuzz-targets
	tests/fuzz/run $B/fuzz

fuzz-targets: $(patsubst tests/%.c,$B/tests/%,$(FUZZ_SOURCES))

format:
	clang-format -i src/*/*.[ch] tests/*/*.c

clean:
	rm -rf $B

.PHONY: all install tests check demo run bench sanitize valgrind coverage fuzz fuzz-targets \
	format clean
.DELETE_ON_ERROR:

# facteur.  README says how to begin; doc/house.md how this file works.

include conf-cc
HOME_DIR := $(shell head -n 1 conf-home)
B ?= build
DESTDIR ?=

# A file with a hyphen is a program, any other a module of the one archive.
# The programs named here need a library that exists for glibc only.
LARGE = mx-send auth-check mail-user
LIBS_mx-send = -lcares
LIBS_auth-check = -lcrypt
LIBS_mail-user = -lcrypt
OWFAT = /usr/lib/libowfat.a

SOURCES := $(wildcard src/*/*.c)
SCRIPTS := $(wildcard src/*/*-*.sh)
PROGRAMS := $(foreach f,$(SOURCES),$(if $(findstring -,$(notdir $f)),$f))
MODULES := $(filter-out $(PROGRAMS),$(SOURCES))
NAMES := $(notdir $(PROGRAMS:.c=))
SMALL := $(filter-out $(LARGE),$(NAMES))
TEMPLATES := $(shell find service -type f)
TEST_SOURCES := $(wildcard tests/*/*_test.c)
TEST_SCRIPTS := $(wildcard tests/*/*_test.sh)
TESTS := $(patsubst tests/%.c,$B/tests/%,$(TEST_SOURCES)) \
	$(patsubst tests/%.sh,$B/tests/%,$(TEST_SCRIPTS)) \
	$(patsubst tests/%,$B/tests/%,$(wildcard tests/*/*.py))

all: $(addprefix $B/bin/,$(NAMES) $(notdir $(SCRIPTS:.sh=))) \
	$(addprefix $B/share/,$(TEMPLATES))

-include $(wildcard $B/small/*/*.d $B/large/*/*.d $B/tests/*/*.d)

$(SOURCES) $(TEST_SOURCES): | $B/.dependencies

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

$B/small.a: $(MODULES:src/%.c=$B/small/%.o)
$B/large.a: $(MODULES:src/%.c=$B/large/%.o)
$B/small.a $B/large.a:
	rm -f $@ && ar rcs $@ $^

define program
$B/bin/$(notdir $1): $B/$2/$(1:src/%=%).o $B/$2.a
	@mkdir -p $$(@D)
	$$($3) $$(CFLAGS) $$(LDFLAGS) -o $$@ $$^ $$(OWFAT) $$(LIBS_$(notdir $1))
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

# Tests: atf-c programs are linked with glibc, which sanitizers and valgrind know.
$B/tests/%_test: tests/%_test.c $B/large.a
	@mkdir -p $(@D)
	$(CC_LARGE) $(CFLAGS) $(CPPFLAGS) -Isrc -MMD -MP -MF $@.d -o $@ $< $B/large.a $(OWFAT) -lcares -lcrypt -latf-c

$B/tests/%_test: tests/%_test.sh
	@mkdir -p $(@D)
	sh -n $< && install -m 755 $< $@

# What the tests play the rest of the world with stands beside them.
$B/tests/%.py: tests/%.py
	@mkdir -p $(@D)
	install -m 755 $< $@

install: all
	install -d $(DESTDIR)$(HOME_DIR)/bin $(DESTDIR)$(HOME_DIR)/share
	install -m 755 $B/bin/* $(DESTDIR)$(HOME_DIR)/bin
	cp -R $B/share/service $(DESTDIR)$(HOME_DIR)/share
	install -d $(DESTDIR)$(HOME_DIR)/share/man/man5 $(DESTDIR)$(HOME_DIR)/share/man/man7 \
		$(DESTDIR)$(HOME_DIR)/share/man/man8
	for n in 5 7 8; do \
		install -m 644 doc/*.$$n $(DESTDIR)$(HOME_DIR)/share/man/man$$n || exit 1; done

tests: all $(TESTS)

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

bench:
	tests/dependencies install build bench
	$(MAKE) all
	tests/bench/run $B

# The same programs for glibc with the sanitizers, or with coverage counters.
SANITIZE = -fsanitize=address,undefined -fno-omit-frame-pointer
sanitize:
	$(MAKE) B=$B/sanitize CC_SMALL=gcc LD_SMALL=gcc CFLAGS='-O1 -g -Wall -Wextra $(SANITIZE)' tests
	tests/run $B/sanitize

coverage:
	$(MAKE) B=$B/coverage CC_SMALL=gcc LD_SMALL=gcc CFLAGS='-O0 -g -Wall -Wextra --coverage' tests
	tests/run $B/coverage
	cd $B/coverage && gcov -r -s ../.. $$(find . -name '*.gcda')

format:
	clang-format -i src/*/*.[ch] tests/*/*.c

clean:
	rm -rf $B

.PHONY: all install tests check demo run bench sanitize coverage format clean
.DELETE_ON_ERROR:

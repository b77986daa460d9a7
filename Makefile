# facteur.  README says how to begin, make help what there is to make, doc/house.md how this
# file works.

include conf-cc
HOME_DIR := $(shell head -n 1 conf-home)
B ?= build
DESTDIR ?=

# A file with a hyphen is a program, any other a module of the one archive.
# The programs named here need a library that exists for glibc only.
LARGE = mx-send mx-route auth-check mail-user tls-wrap dnsbl-check sender-check dns-serve dmarc-report dns-ask
LARGE += sts-fetch tls-report https-post
LIBS_mx-send = -lcares -lidn2 -l:libnettle.a
LIBS_mx-route = -lcares -lidn2
LIBS_dnsbl-check = -lcares
LIBS_dns-serve = -lcares
LIBS_dns-ask = -lcares -lidn2
LIBS_dmarc-report = -lz
LIBS_origin-check = $(LINK_HOGWEED)
LIBS_sender-check = -lcares -lidn2
LIBS_auth-check = -lcrypt -l:libnettle.a
LIBS_mail-user = -lcrypt -l:libnettle.a
LIBS_sts-fetch = -lcurl -lcares
LIBS_https-post = -lcurl
LIBS_tls-report = -lz
LIBS_tls-wrap = $(LINK_OPENSSL) -lssl -lcrypto
LIBS_dkim-serve = $(LINK_HOGWEED)
LIBS_local-deliver = $(LINK_HOGWEED)
LIBS_mailbox-check = $(LINK_HOGWEED)
LIBS_dkim-sign = $(LINK_HOGWEED)
LIBS_dkim-key = $(LINK_HOGWEED)
OWFAT = /usr/lib/libowfat.a

# OpenSSL, and libowfat, whose licence excludes it, never meet: src/tls/wrap_*.c are of tls-wrap
# only, which is not linked with libowfat.
APART = tls-wrap sts-fetch https-post

# Other names of mail-submit, by which programs call it.
LINKS = sendmail mailq newaliases

SOURCES := $(wildcard src/*/*.c)
SCRIPTS := $(wildcard src/*/*-*.sh)
PROGRAMS := $(foreach f,$(SOURCES),$(if $(findstring -,$(notdir $f)),$f))
MODULES := $(filter-out $(PROGRAMS),$(SOURCES))
NAMES := $(notdir $(PROGRAMS:.c=))
SMALL := $(filter-out $(LARGE),$(NAMES))
# Rooms without a program, for another one: see doc/house.md.
ANNEXES = turns finding spf control onward sasl dmarc
# The modules that programs of that kind may use: those of lib/, of annexes and of their rooms.
modules = $(filter src/lib/% $(ANNEXES:%=src/%/%) $(foreach p,$1,$(dir $(filter %/$p.c,$(PROGRAMS)))%),$(MODULES))
SMALL_MODULES := $(filter-out src/tls/wrap_%,$(call modules,$(SMALL)))
LARGE_MODULES := $(call modules,$(LARGE))
TEMPLATES := $(shell find service -type f)
TEST_SOURCES := $(wildcard tests/*/*_test.c)
TEST_SCRIPTS := $(wildcard tests/*/*_test.sh)
FUZZ_SOURCES := $(wildcard tests/fuzz/*_fuzz.c)
TESTS := $(patsubst tests/%.c,$B/tests/%,$(TEST_SOURCES) $(FUZZ_SOURCES)) \
	$(patsubst tests/%.sh,$B/tests/%,$(TEST_SCRIPTS)) \
	$(patsubst tests/%,$B/tests/%,$(wildcard tests/*/*.py) \
	$(filter-out %_test.sh,$(wildcard tests/*/*.sh)))

all: ## build everything into build/, or B=FOLDER (the default)
all: $(addprefix $B/bin/,$(NAMES) $(notdir $(SCRIPTS:.sh=)) $(LINKS)) \
	$(addprefix $B/share/,$(TEMPLATES) completion/facteur.bash completion/_facteur)

-include $(wildcard $B/small/*/*.d $B/large/*/*.d $B/test/*/*.d $B/tests/*/*.d)

$(SOURCES) $(TEST_SOURCES) $(FUZZ_SOURCES): | $B/.dependencies

$B/.dependencies: tests/dependencies
	@mkdir -p $B
	tests/dependencies check build
	@touch $@

# What a compiler or linker says is kept in FILE.said, which a test wants to be empty.
said = 2>$1.said; code=$$?; cat $1.said >&2; exit $$code

$B/small/%.o: src/%.c conf-cc conf-home
	@mkdir -p $(@D)
	$(CC_SMALL) $(CFLAGS) $(CPPFLAGS) -DCONF_HOME='"$(HOME_DIR)"' -Isrc -MMD -MP -c -o $@ $< \
		$(call said,$@)

$B/large/%.o: src/%.c conf-cc conf-home
	@mkdir -p $(@D)
	$(CC_LARGE) $(CFLAGS) $(CPPFLAGS) -DCONF_HOME='"$(HOME_DIR)"' -Isrc -MMD -MP -c -o $@ $< \
		$(call said,$@)

$B/small.a: $(SMALL_MODULES:src/%.c=$B/small/%.o)
$B/large.a: $(LARGE_MODULES:src/%.c=$B/large/%.o)
$B/small.a $B/large.a:
	rm -f $@ && ar rcs $@ $^

# What each program says to -h, made of its man page, and to -V; lib/manners.  The file is written
# anew only when the version is another one.
VERSION ?= $(shell git log -1 --format=%cd --date=format:%Y.%-m.%-d 2>/dev/null || echo "without a name")
COMMIT := $(shell git rev-parse --short=12 HEAD 2>/dev/null)
version = 'facteur $(VERSION)$(if $(COMMIT), (commit $(COMMIT)))'
# (A copy without its history stays what it was.)
kept = $(if $(COMMIT),,$(if $(filter file,$(origin VERSION)),$(wildcard $B/version)))
$(if $(kept),,$(shell mkdir -p $B && { echo $(version) | cmp -s - $B/version || echo $(version) >$B/version; }))

$B/version: ;

$B/help/%.txt: doc/%.8 doc/help.awk
	@mkdir -p $(@D)
	awk -f doc/help.awk $< >$@

$B/help/%.o: $B/help/%.txt
	printf '%s\n' '.section .rodata' '.globl manners_name, manners_help, manners_help_end' \
		'manners_name: .asciz "$*"' 'manners_help: .incbin "$<"' manners_help_end: \
		'.section .note.GNU-stack,"",@progbits' | $(CC_LARGE) -c -x assembler -o $@ -

$B/version.o: $B/version
	printf '%s\n' '.section .rodata' '.globl manners_version, manners_version_end' \
		'manners_version: .incbin "$<"' manners_version_end: \
		'.section .note.GNU-stack,"",@progbits' | $(CC_LARGE) -c -x assembler -o $@ -

# The beginning of a script, for the same.
$B/help/%.sh: $B/help/%.txt $B/version
	{ echo 'case $$#$$1 in'; echo "1-h) cat <<'-h'"; cat $<; echo -h; echo 'exit ;;'; \
		echo "1-V) echo '$* $$(cat $B/version)'; exit ;;"; echo esac; } >$@
.PRECIOUS: $B/help/%.txt $B/help/%.o $B/help/%.sh

define program
$B/bin/$(notdir $1): $B/$2/$(1:src/%=%).o $B/help/$(notdir $1).o $B/version.o $B/$2.a
	@mkdir -p $$(@D)
	$$($3) $$(CFLAGS) $$(LDFLAGS) -Wl,--wrap=main -o $$@ $$^ $(if $(filter $(notdir $1),$(APART)),,$$(OWFAT)) \
		$$(LIBS_$(notdir $1)) $$(call said,$B/$2/$(1:src/%=%))
endef
$(foreach p,$(PROGRAMS:.c=),$(if $(filter $(notdir $p),$(LARGE)),\
	$(eval $(call program,$p,large,LD_LARGE)),\
	$(eval $(call program,$p,small,LD_SMALL))))

# A script is one file at run time: where it says ". ./PART.sh", the part beside it is put in.
define script
$B/bin/$(basename $(notdir $1)): $1 $B/help/$(basename $(notdir $1)).sh $(filter-out $(SCRIPTS),$(wildcard $(dir $1)*.sh))
	@mkdir -p $$(@D)
	awk 'NR == 3 { while ((getline line <"$B/help/$(basename $(notdir $1)).sh") > 0) print line } \
		!/^\. \.\// { print; next } \
		{ part = "$(dir $1)" substr($$$$2, 3); while ((r = getline <part) > 0) print } \
		r < 0 { print "no part " part >"/dev/stderr"; exit 1 }' $1 >$$@
	sh -n $$@ && chmod 755 $$@
endef
$(foreach s,$(SCRIPTS),$(eval $(call script,$s)))

$(LINKS:%=$B/bin/%): $B/bin/mail-submit
	ln -sf mail-submit $@

# Completion in shells, of the same.
HELP := $(patsubst doc/%.8,$B/help/%.txt,$(sort $(wildcard doc/*-*.8)))
$B/share/completion/facteur.bash: shell_name = bash
$B/share/completion/_facteur: shell_name = zsh
$B/share/completion/facteur.bash $B/share/completion/_facteur: $(HELP) doc/completion.awk
	@mkdir -p $(@D)
	awk -v shell=$(shell_name) -f doc/completion.awk $(HELP) >$@

$B/share/%: %
	@mkdir -p $(@D)
	cp -p $< $@

# Unit tests and fuzz targets run with the sanitizers, whatever the programs are built with;
# -g1 gives their reports lines, in three quarters of the time that -g takes.  A shared libubsan
# knows nothing of log_path, where tests/run looks, beside AddressSanitizer.
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
CC_TEST = gcc
CFLAGS_TEST = -O1 -g1 -Wall -Wextra $(SANITIZE) -static-libasan -static-libubsan
COMPILE_TEST = $(CC_TEST) $(CFLAGS_TEST) $(CPPFLAGS) -U_FORTIFY_SOURCE \
	-DCONF_HOME='"$(HOME_DIR)"' -Isrc -MMD -MP
LIBS_TEST = $B/test.a $(OWFAT) -lcares -lcrypt -lhogweed -lgmp -lnettle -lidn2 -lz
FUZZ_MAIN = $B/tests/fuzz/replay.o

$B/test/%.o: src/%.c conf-cc conf-home
	@mkdir -p $(@D)
	$(COMPILE_TEST) -c -o $@ $< $(call said,$@)

$B/test.a: $(MODULES:src/%.c=$B/test/%.o)
	rm -f $@ && ar rcs $@ $^

$B/tests/%_test: tests/%_test.c $B/test.a
	@mkdir -p $(@D)
	$(COMPILE_TEST) -MF $@.d -o $@ $< $(LIBS_TEST) -latf-c $(call said,$@)

# Without libFuzzer a target replays its corpus, and mutations of it.
$B/tests/fuzz/%_fuzz: tests/fuzz/%_fuzz.c $(filter %.o,$(FUZZ_MAIN)) $B/test.a
	@mkdir -p $(@D)
	$(COMPILE_TEST) -MF $@.d -o $@ $< $(FUZZ_MAIN) $(LIBS_TEST) $(call said,$@)

$B/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(COMPILE_TEST) -c -o $@ $< $(call said,$@)

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

install: all ## install into the folder that conf-home names, below DESTDIR
	install -d $(DESTDIR)$(HOME_DIR)/bin $(DESTDIR)$(HOME_DIR)/share
	install -m 755 $B/bin/*-* $(DESTDIR)$(HOME_DIR)/bin
	for name in $(LINKS); do ln -sf mail-submit $(DESTDIR)$(HOME_DIR)/bin/$$name || exit 1; done
	cp -R $B/share/service $B/share/completion $(DESTDIR)$(HOME_DIR)/share
	for page in doc/*.[578]; do install -D -m 644 $$page \
		$(DESTDIR)$(HOME_DIR)/share/man/man$${page##*.}/$${page#doc/} || exit 1; done

# What was made of a test that is no more would still be run.
tests: all $(TESTS) ## build the tests too; tests/run build ROOM/NAME_test runs one
	rm -f $(filter-out $(TESTS),$(wildcard $B/tests/*/*_test $B/tests/*/*_fuzz))

check: ## install what the tests need, build and run them all
	tests/dependencies install build check
	$(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)) tests
	tests/run $B

demo: ## build, run a whole system in a private folder, show the paths of its mail
	tests/dependencies install build demo
	$(MAKE) all
	tests/demo $B

run: ## the same system, left running until Ctrl-C
	tests/dependencies install build demo
	$(MAKE) all
	tests/demo -r $B

BENCH_PROGRAMS := $(wildcard tests/bench/*-*.c)
BENCH_MODULES := $(filter-out $(BENCH_PROGRAMS),$(wildcard tests/bench/*.c))

$B/bench/%: tests/bench/%.c $(BENCH_MODULES) $(wildcard tests/bench/*.h)
	@mkdir -p $(@D)
	$(CC_LARGE) $(CFLAGS) $(CPPFLAGS) -o $@ $< $(if $(findstring tls-,$@),-lssl -lcrypto,$(BENCH_MODULES))

bench: ## measure the speed
	tests/dependencies install build bench
	$(MAKE) all $(BENCH_PROGRAMS:tests/%.c=$B/%)
	tests/bench/run $B

# Variants, each built in a folder of its own.  The programs with the sanitizers:
GLIBC = CC_SMALL=gcc LD_SMALL=gcc LINK_OPENSSL=
sanitize: ## run the tests with AddressSanitizer and UBSan in the programs
	tests/dependencies install build check
	$(MAKE) B=$B/sanitize $(GLIBC) CFLAGS='$(CFLAGS_TEST) -U_FORTIFY_SOURCE' tests
	tests/run $B/sanitize

# The programs under valgrind, which also knows of what was never set:
valgrind: ## run the tests with the programs under valgrind
	tests/dependencies install build check
	$(MAKE) B=$B/valgrind $(GLIBC) CFLAGS='-O1 -g -Wall -Wextra' tests
	tests/valgrind $B/valgrind

# Which lines the tests run through, FILE.gcov in the folder coverage:
coverage: ## tell which lines the tests run through
	tests/dependencies install build check
	$(MAKE) B=$B/coverage $(GLIBC) CFLAGS='-O0 -g --coverage -Wno-cpp' CFLAGS_TEST='-O0 -g --coverage' tests
	tests/coverage $B/coverage

# libFuzzer on each target, FUZZ_SECONDS long:
fuzz: ## run each fuzz target for FUZZ_SECONDS under libFuzzer
	tests/dependencies install build fuzz
	$(MAKE) B=$B/fuzz CC_TEST=clang FUZZ_MAIN=-fsanitize=fuzzer \
		CFLAGS_TEST='-O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link' fuzz-targets
	tests/fuzz/run $B/fuzz

fuzz-targets: $(patsubst tests/%.c,$B/tests/%,$(FUZZ_SOURCES))

format: ## let clang-format write the C files anew
	clang-format -i src/*/*.[ch] tests/*/*.c

map: ## write doc/modules.md anew, the list of all programs and modules
	tests/map >doc/modules.md.new
	mv doc/modules.md.new doc/modules.md

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.* ## \(.*\)/\1 \2/p' $(firstword $(MAKEFILE_LIST)) | \
		while read -r target what; do printf '    make %-10s%s\n' "$$target" "$$what"; done

clean: ## remove build/, or B=FOLDER
	rm -rf $B

.PHONY: all install tests check demo run bench sanitize valgrind coverage fuzz fuzz-targets \
	format map help clean
.DELETE_ON_ERROR:

#! /usr/bin/env atf-sh
# tests/dependencies, with a dpkg-query, an apt-get and a sudo that write down what they are asked.

# tools SUDO: what is in PATH before the system's; may we become root?
tools()
{
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	mkdir -p tools
	for tool in apt-get env; do
		printf '#!/bin/sh\necho "%s $*" >>%s\n' $tool "$PWD/asked" >tools/$tool
	done
	printf '#!/bin/sh\ncase $* in *s6) exit 1 ;; esac\necho install ok installed\n' >tools/dpkg-query
	printf '#!/bin/sh\n[ "$1" != -n ] || exit %s\nexec "$@"\n' "$1" >tools/sudo
	printf '#!/bin/sh\necho 1000\n' >tools/id
	chmod 755 tools/*
	PATH=$PWD/tools:$PATH
}

atf_test_case who_may_not_install_is_told_what_root_must_do
who_may_not_install_is_told_what_root_must_do_body()
{
	tools 1
	for verb in install check; do
		atf_check -s exit:1 -e inline:'missing packages; as root, install them with:\n    apt-get install --no-install-recommends s6\n' \
		    timeout 10 "$FACTEUR_SOURCE/tests/dependencies" $verb demo
	done
	atf_check test ! -e asked
}

atf_test_case who_may_install_does
who_may_install_does_body()
{
	tools 0
	atf_check -o inline:'installing: s6\n' "$FACTEUR_SOURCE/tests/dependencies" install demo
	atf_check -o match:'apt-get update' -o match:'apt-get install -y .*s6' cat asked
}

atf_init_test_cases()
{
	atf_add_test_case who_may_not_install_is_told_what_root_must_do
	atf_add_test_case who_may_install_does
}

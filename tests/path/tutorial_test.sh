#! /usr/bin/env atf-sh
# doc/tutorial.md, command by command, on a machine that is a view of this one: a root folder, users,
# a network and processes of its own, with a DNS and a large provider at the other end of a cable.

here=$(cd "$(atf_get_srcdir)" && pwd)
build=$(cd "$here/../.." && pwd)
. "$here/../lib/sanitizer.sh"

# commands: those of the page, a script; a comment "meanwhile: WHAT" becomes a command
commands()
{
	awk '
	/^```sh$/ { on = 1; next }
	/^```$/ { on = 0; next }
	on { print; next }
	/^(    |\t|```)/ { print "a_command_that_is_not_in_a_block_of_sh: " $0; next }
	match($0, /<!-- meanwhile: [^>]* -->/) { print "meanwhile", substr($0, RSTART + 16, RLENGTH - 20) }
	' "$FACTEUR_SOURCE/doc/tutorial.md"
}

# words SED-ADDRESS: the first words of the commands there, in which lines with \ are joined
words()
{
	sed -e ':a' -e '/\\$/{N;s/\\\n//;ba' -e '}' script | sed -n "$1s/^\([a-z-]*\).*/\1/p" | sort -u
}

atf_test_case every_command_works
every_command_works_head()
{
	atf_set require.user root
	atf_set require.progs 's6-svscan tcpserver unshare nsenter ip busybox swaks curl openssl useradd update-alternatives'
	atf_set timeout 200
}
every_command_works_body()
{
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	[ "$(head -n 1 "$FACTEUR_SOURCE/conf-home")" = /var/facteur ] || atf_skip "conf-home is not /var/facteur"
	/usr/bin/python3 -c 'import aiosmtpd, dkim, DNS, spf' || atf_skip "python3-spf, -dkim, -aiosmtpd are missing"
	! sanitized "$build/bin/mail-user" || atf_skip "its shells forget what a sanitizer was told"
	unshare -mnp --fork true 2>/dev/null || atf_skip "no namespaces of our own"
	commands >script
	# what does not run as it stands has a stand-in, and nothing else has
	printf '%s\n' apt-get certbot git make systemctl >expected
	words '/ #\*$/' >marked
	atf_check -o file:expected cat marked
	words '/ #\*$/!' >plain
	atf_check -s exit:1 grep -Fxf expected plain
	export work="$PWD" build FACTEUR_SOURCE
	timeout -k 5 170 unshare -mnp --fork --kill-child bash "$here/tutorial.sh" view >said 2>&1
	! grep -q '^there can be no view' said || atf_skip "no view of the root folder can be made here"
	[ "$(tail -n 1 said)" = 'the page is done' ] || {
		cat said
		atf_fail "$(tail -n 1 said)"
	}
}

atf_init_test_cases()
{
	atf_add_test_case every_command_works
}

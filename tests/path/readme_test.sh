#! /usr/bin/env atf-sh
# README's five minutes, as they stand there: pasted at once, by an ordinary user; and its demo.

system_source=$(atf_get_srcdir)
build=$(cd "$system_source/../.." && pwd)
. "$system_source/system.sh"

atf_test_case five_minutes_are_enough cleanup
five_minutes_are_enough_head()
{
	atf_set require.progs 's6-svscan tcpserver openssl swaks curl setpriv python3'
	atf_set timeout 120
}
five_minutes_are_enough_body()
{
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	chmod 755 .
	mkdir place
	[ "$(id -u)" != 0 ] || chown nobody:nogroup place
	base=$(free_base)
	# what is other here: where it was built, the folder, the ports, and how long it takes
	sed -n '/^and for a system of your own/,/^As root/s/^    //p' "$FACTEUR_SOURCE/README" >block
	atf_check -o inline:'make\nPATH=$PWD/build/bin:$PATH\n' head -n 2 block
	sed -e 1,2d -e "s|/tmp/mail|$PWD/place/mail|g" -e "s/20000/$base/; s/20025/$((base + 25))/; s/20110/$((base + 110))/" \
	    -e "s/; sleep 1\$/; until mail-path -r me@example.test | grep -q 'is delivered'; do sleep 0.2; done/" \
	    block >commands
	[ "$(wc -l <commands)" -ge 9 ] || atf_fail "README has another block"
	chmod 644 commands
	HOME=$PWD/place TMPDIR=$PWD/place PATH=$bin:$PATH:/usr/sbin become_user bash -e commands >said 2>err &
	echo $! >world.pid
	wait $! || atf_fail "$(cat said err)"
	rm world.pid
	# it was delivered, its path is shown, and its reader gets it
	atf_check -o match:'is delivered, local: 2.0.0' -o match:'^Delivered-To: me@example.test' \
	    -o match:'^This is a test mailing' cat said
}
five_minutes_are_enough_cleanup()
{
	[ ! -s world.pid ] || kill "$(cat world.pid)" 2>/dev/null
	[ ! -d place/mail/service ] || as_user s6-svscanctl -t "$PWD/place/mail/service" 2>/dev/null || true
}

# What make demo runs, but for the packages and the build.
atf_test_case the_demo_goes_its_way
the_demo_goes_its_way_head()
{
	atf_set require.progs 's6-svscan tcpserver openssl swaks curl setpriv python3 dnsmasq mpop'
	atf_set timeout 200
}
the_demo_goes_its_way_body()
{
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	chmod 755 .
	mkdir -m 1777 place
	atf_check -o match:'^    ok: ' -o match:'Everything went its way' -o not-match:FAILED -e ignore \
	    env TMPDIR="$PWD/place" "$FACTEUR_SOURCE/tests/demo" "$build"
	atf_check -o empty ls place
}

atf_init_test_cases()
{
	atf_add_test_case five_minutes_are_enough
	atf_add_test_case the_demo_goes_its_way
}

#! /usr/bin/env atf-sh
# Lists in the DNS, played by dnsmasq.
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"

home()
{
	[ -x /usr/sbin/dnsmasq ] || atf_skip "no dnsmasq-base"
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME TCPREMOTEIP=192.0.2.1
	unset RELAYCLIENT AUTHUSER
	mkdir -p home/control home/state/dnsbl
}

# of ::ffff:7f00:2 and ::ffff:7f00:1, behind their last half byte
mapped=0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0
v6=1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2

# with_lists COMMAND: run it while the lists are served
with_lists()
{
	cat >script <<-END
	echo "127.0.0.1:\$DNS" >home/control/resolvers
	$1
	END
	"$(atf_get_srcdir)/../send/play.py" dns=--local=/test/ \
	    dns=--host-record=2.0.0.127.bl.test,127.0.0.2 \
	    dns=--host-record=2.0.0.127.grey.test,127.0.0.2 \
	    dns=--host-record=2.0.0.127.good.test,127.0.0.2 \
	    dns=--host-record=2.0.0.127.broken.test,127.0.0.2 \
	    dns=--host-record=2.$mapped.six.test,127.0.0.2 \
	    dns=--host-record=$v6.six.test,127.0.0.2 \
	    dns=--host-record=2.$mapped.all.test,127.0.0.2 \
	    dns=--host-record=1.$mapped.all.test,127.0.0.2 \
	    dns=--host-record=$v6.all.test,127.0.0.2 \
	    dns=--host-record=2.0.0.127.k3y.bl.test,127.0.0.9 \
	    dns=--host-record=1.2.0.192.k3y.bl.test,127.0.0.9 \
	    dns=--txt-record=1.2.0.192.k3y.bl.test,"see k3y.bl.test" \
	    dns=--host-record=1.2.0.192.ended.test,127.0.0.2 \
	    dns=--address=/world.test/127.0.0.2 \
	    dns=--host-record=1.2.0.192.bl.test,127.0.0.2 \
	    dns=--txt-record=1.2.0.192.bl.test,"seen to send spam" \
	    dns=--host-record=$v6.bl.test,127.0.0.4 \
	    dns=--host-record=1.2.0.192.grey.test,127.0.0.3 \
	    dns=--host-record=1.2.0.192.good.test,127.0.5.1 \
	    dns=--host-record=1.2.0.192.broken.test,127.255.255.254 \
	    dns=--host-record=1.2.0.192.parked.test,198.51.100.1 \
	    -- sh script
}

# answer OPTION...: to a recipient
cat_requests()
{
	printf '%s\n' 'helo a' 'mail a@b.test' 'rcpt c@here.test'
}

atf_test_case who_is_listed_is_refused_with_the_words_of_the_list
who_is_listed_is_refused_with_the_words_of_the_list_body()
{
	home
	cat_requests >requests
	with_lists 'dnsbl-check bl.test <requests >answers 2>log'
	atf_check -o inline:'K\nK\nD550 5.7.1 192.0.2.1 is listed by bl.test: seen to send spam\n' \
	    cat answers
	atf_check -o inline:'at=dnsbl-check event=listed client=192.0.2.1 score=1 lists=bl.test\n' cat log
	with_lists 'TCPREMOTEIP=2001:db8::1 dnsbl-check bl.test <requests >answers 2>log'
	atf_check -o match:'^D550 5.7.1 2001:db8::1 is listed by bl.test$' cat answers
	with_lists 'TCPREMOTEIP=::ffff:192.0.2.1 dnsbl-check bl.test <requests >answers 2>log'
	atf_check -o match:'^D550 5.7.1 ::ffff:192.0.2.1 is listed' cat answers
	for ip in 192.0.2.2 2001:db8::2 nonsense; do
		with_lists "TCPREMOTEIP=$ip dnsbl-check bl.test <requests >answers 2>log"
		atf_check -o inline:'K\nK\nK\n' cat answers
	done
	atf_check test ! -s log
}

atf_test_case scores_add_up
scores_add_up_body()
{
	home
	while IFS='|' read -r options expected; do
		with_lists "printf '%s\n' 'rcpt a@here.test' | dnsbl-check $options 2>log |
		    cut -c 1-10 >answers"
		atf_check_equal "$options: $expected" "$options: $(cat answers)"
	done <<-'EOF'
		bl.test:2 grey.test:3|D550 5.7.1
		-t 5 bl.test:2 grey.test:3|D550 5.7.1
		-t 6 bl.test:2 grey.test:3|K
		bl.test:2 good.test:-2|K
		bl.test:3 good.test:-2|D550 5.7.1
		-t 2 bl.test:3 good.test:-2|K
		good.test:-5|K
		broken.test|K
		parked.test|K
		bl.test:1:127.0.0.3|K
		bl.test:1:127.0.0.3,127.0.0.2|D550 5.7.1
		bl.test:1:127.0.0.0/24|D550 5.7.1
		none.test|K
	EOF
}

# RFC 5782, 5: what is no list any more refuses nobody, and is not asked for an hour
atf_test_case a_list_that_is_out_of_order_is_passed_over
a_list_that_is_out_of_order_is_passed_over_body()
{
	home
	cat_requests >requests
	with_lists 'for i in 1 2 3; do
	    dnsbl-check ended.test world.test parked.test grey.test <requests >answers 2>>log
	done'
	atf_check -o match:'^D550 5.7.1 192.0.2.1 is listed by grey.test$' cat answers
	atf_check -o inline:'at=dnsbl-check event=outoforder list=ended.test reason="it does not list 127.0.0.2"
at=dnsbl-check event=outoforder list=parked.test reason="it does not list 127.0.0.2"
at=dnsbl-check event=outoforder list=world.test reason="it lists 127.0.0.1"
' sh -c 'grep outoforder log | sort'
	atf_check -o inline:'3\n' grep -c 'event=listed.*lists=grey.test$' log
	# each by itself where the table can't be kept
	rm -r home/state
	with_lists 'dnsbl-check world.test <requests >answers 2>log'
	atf_check -o inline:'K\nK\nK\n' cat answers
	atf_check -o match:'unable to open state/dnsbl/table' -o match:outoforder cat log
}

atf_test_case a_list_may_have_ipv6_addresses_only
a_list_may_have_ipv6_addresses_only_body()
{
	home
	cat_requests >requests
	with_lists 'TCPREMOTEIP=2001:db8::1 dnsbl-check six.test <requests >answers 2>log'
	atf_check -o match:'^D550 5.7.1 2001:db8::1 is listed by six.test$' cat answers
	atf_check -o not-match:outoforder cat log
	with_lists 'TCPREMOTEIP=2001:db8::1 dnsbl-check all.test <requests >answers 2>log'
	atf_check -o inline:'K\nK\nK\n' cat answers
	atf_check -o match:'list=all.test reason="it lists 127.0.0.1"' cat log
}

atf_test_case a_private_key_is_never_shown
a_private_key_is_never_shown_body()
{
	home
	cat_requests >requests
	echo k3y.bl.test=bl.test:2 >home/control/dnsbl
	with_lists 'dnsbl-check <requests >answers 2>log'
	atf_check -o inline:'K\nK\nD550 5.7.1 192.0.2.1 is listed by bl.test\n' cat answers
	atf_check -o inline:'at=dnsbl-check event=listed client=192.0.2.1 score=2 lists=bl.test\n' cat log
	echo k3y.bl.test=bl.test:2:127.0.0.8 >home/control/dnsbl
	with_lists 'dnsbl-check <requests >answers 2>log'
	atf_check -o inline:'K\nK\nK\n' cat answers
	echo k3y.none.example=dead.example >home/control/dnsbl
	with_lists 'dnsbl-check <requests >answers 2>log'
	atf_check -o inline:'at=dnsbl-check event=unanswered list=dead.example client=192.0.2.1\n' cat log
	echo k3y.bl.test=bl.test:x >home/control/dnsbl
	atf_check -s exit:111 -e not-match:k3y -e match:'not ZONE' dnsbl-check
}

atf_test_case lists_come_from_control_too
lists_come_from_control_too_body()
{
	home
	printf '%s\n' '# comment' bl.test:4 good.test:-1 >home/control/dnsbl
	cat_requests >requests
	with_lists 'dnsbl-check <requests >answers 2>log'
	atf_check -o match:'^D550 5.7.1' cat answers
	atf_check -o match:'score=3 lists=bl.test,good.test' cat log
	echo 4 >home/control/dnsblscore
	with_lists 'dnsbl-check <requests >answers 2>log'
	atf_check -o inline:'K\nK\nK\n' cat answers
	with_lists 'dnsbl-check grey.test <requests >answers 2>log'
	atf_check -o match:'^D550 5.7.1 192.0.2.1 is listed by bl.test' cat answers
}

atf_test_case a_dead_list_refuses_nothing_and_does_not_hold_up
a_dead_list_refuses_nothing_and_does_not_hold_up_head()
{
	atf_set require.progs python3
}
a_dead_list_refuses_nothing_and_does_not_hold_up_body()
{
	home
	cat_requests >requests
	# not a zone of this server, which refuses, and one that answers all the same
	with_lists 'dnsbl-check dead.example bl.test <requests >answers 2>log'
	atf_check -o match:'^D550 5.7.1' cat answers
	atf_check -o match:'event=unanswered list=dead.example client=192.0.2.1' cat log
	with_lists 'dnsbl-check dead.example <requests >answers 2>log'
	atf_check -o inline:'K\nK\nK\n' cat answers
	# a server that says nothing
	cat >silent <<-'END'
		import socket, subprocess, sys, time
		s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		s.bind(("127.0.0.1", 0))
		with open("home/control/resolvers", "w") as f:
		    print("127.0.0.1:%d" % s.getsockname()[1], file=f)
		began = time.time()
		r = subprocess.run(["dnsbl-check", "-s", "1", "bl.test"], stdin=open("requests"))
		sys.exit(r.returncode or time.time() - began > 3)
	END
	atf_check -o inline:'K\nK\nK\n' -e match:'event=unanswered list=bl.test' python3 silent
}

atf_test_case our_own_clients_and_complaints_are_not_judged
our_own_clients_and_complaints_are_not_judged_body()
{
	home
	cat_requests >requests
	for who in RELAYCLIENT= AUTHUSER=bob@here.test; do
		with_lists "env $who dnsbl-check bl.test <requests >answers 2>log"
		atf_check -o inline:'K\nK\nK\n' cat answers
	done
	printf '%s\n' 'rcpt Postmaster@here.test' 'rcpt abuse@here.test' >requests
	with_lists 'dnsbl-check bl.test <requests >answers 2>log'
	atf_check -o inline:'K\nK\n' cat answers
	echo 192.0.2.0/24 >home/control/relayclients
	cat_requests >requests
	with_lists 'dnsbl-check bl.test <requests >answers 2>log'
	atf_check -o inline:'K\nK\nK\n' cat answers
}

atf_test_case what_is_misspelt_is_not_passed_over
what_is_misspelt_is_not_passed_over_body()
{
	home
	for wrong in '' a..b bl.test:x bl.test:1001 bl.test:1:x bl.test:1:127.0.0.1/24 '[127.0.0.1]' \
	    bl.test:1:127.0.0.1,; do
		atf_check -s exit:111 -e match:'not ZONE=NAME:SCORE' dnsbl-check "$wrong"
	done
	for wrong in '-s 0' '-s 31' '-t 0' '-t x' '-x'; do
		atf_check -s exit:111 -e match:usage dnsbl-check $wrong
	done
	echo 'bl.test 4' >home/control/dnsbl
	atf_check -s exit:111 -e match:'control/dnsbl: not ZONE' dnsbl-check
}

# Debian's rblsmtpd in the chain, for IPv4: the client it lists meets its words in place of ours.
atf_test_case rblsmtpd_fits_into_the_chain
rblsmtpd_fits_into_the_chain_head()
{
	atf_set require.progs 'rblsmtpd tcpserver python3'
}
rblsmtpd_fits_into_the_chain_body()
{
	home
	echo mx.test >home/control/me
	mkdir -p home/queue
	# RBLSMTPD in the environment, as from tcprules, stands for the answer of a list
	printf 'EHLO a\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@here.test>\r\nQUIT\r\n' >talk
	atf_check -o match:'^220 rblsmtpd.local' -o match:'^553 listed' -o not-match:'220 mx.test' \
	    -e ignore env RBLSMTPD=-listed rblsmtpd -b -t 5 smtp-recv true <talk
	atf_check -o match:'^451 listed' -e ignore \
	    env RBLSMTPD=listed rblsmtpd -t 5 smtp-recv true <talk
	# not listed: the session is ours
	atf_check -o match:'^220 mx.test' -o match:'^250 2.1.5' -e ignore \
	    env RBLSMTPD= rblsmtpd -t 5 smtp-recv true <talk
	# no RBLSMTPD: it asks the DNS, and serves who is not listed
	atf_check -o match:'^220 mx.test' -e ignore \
	    env -u RBLSMTPD DNSCACHEIP=127.0.0.1 TCPREMOTEIP=2001:db8::1 \
	    rblsmtpd -t 5 -r bl.test smtp-recv true <talk
}

# It asks port 53 only, so dnsmasq gets that of a loopback address of its own.
atf_test_case rblsmtpd_asks_the_dns cleanup
rblsmtpd_asks_the_dns_head()
{
	atf_set require.progs 'rblsmtpd tcpserver python3'
	atf_set require.user root
}
rblsmtpd_asks_the_dns_body()
{
	home
	echo mx.test >home/control/me
	mkdir -p home/queue
	ip=127.$((20 + $$ % 200)).$((20 + $$ / 200 % 200)).53
	/usr/sbin/dnsmasq -k -C /dev/null -u root -h -R -z -p 53 -a "$ip" --local=/test/ --pid-file= \
	    --host-record=1.2.0.192.bl.test,127.0.0.2 \
	    --txt-record=1.2.0.192.bl.test,"seen to send spam" 2>dns.err &
	echo $! >dns.pid
	export DNSCACHEIP="$ip"
	unset RBLSMTPD
	listed()
	{
		printf 'QUIT\r\n' | TCPREMOTEIP=192.0.2.1 rblsmtpd -b -t 5 -r bl.test smtp-recv true 2>log |
		    grep -q '^220 rblsmtpd.local'
	}
	knows()
	{
		kill -0 "$(cat dns.pid)" || atf_skip "no DNS server on $ip: $(cat dns.err)"
		listed
	}
	until_true knows
	printf '%s\r\n' 'EHLO a' 'MAIL FROM:<a@b.test>' 'RCPT TO:<c@here.test>' QUIT >talk
	atf_check -o match:'^553 seen to send spam' -o not-match:'220 mx.test' -e match:'192.0.2.1' \
	    env TCPREMOTEIP=192.0.2.1 rblsmtpd -b -t 5 -r bl.test smtp-recv true <talk
	atf_check -o match:'^220 mx.test' -o match:'^250 2.1.5' -e ignore \
	    env TCPREMOTEIP=192.0.2.2 rblsmtpd -b -t 5 -r bl.test smtp-recv true <talk
	# a client of IPv6 passes: that is what dnsbl-check is for, which may follow in the chain
	atf_check -o match:'^220 mx.test' -e ignore \
	    env TCPREMOTEIP=2001:db8::1 rblsmtpd -b -t 5 -r bl.test smtp-recv true <talk
}
rblsmtpd_asks_the_dns_cleanup()
{
	[ ! -s dns.pid ] || kill "$(cat dns.pid)" 2>/dev/null || :
}

atf_init_test_cases()
{
	atf_add_test_case who_is_listed_is_refused_with_the_words_of_the_list
	atf_add_test_case scores_add_up
	atf_add_test_case a_list_that_is_out_of_order_is_passed_over
	atf_add_test_case a_list_may_have_ipv6_addresses_only
	atf_add_test_case a_private_key_is_never_shown
	atf_add_test_case lists_come_from_control_too
	atf_add_test_case a_dead_list_refuses_nothing_and_does_not_hold_up
	atf_add_test_case our_own_clients_and_complaints_are_not_judged
	atf_add_test_case what_is_misspelt_is_not_passed_over
	atf_add_test_case rblsmtpd_asks_the_dns
	atf_add_test_case rblsmtpd_fits_into_the_chain
}

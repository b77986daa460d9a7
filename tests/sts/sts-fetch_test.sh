#! /usr/bin/env atf-sh
# sts-fetch, with a DNS (dnsmasq), web servers and an authority of its own.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"
. "$(atf_get_srcdir)/world.sh"

atf_test_case a_policy_is_fetched_and_kept cleanup
a_policy_is_fetched_and_kept_body()
{
	begin
	policy enforce mx.to.test
	atf_check -o match:'^policy - $' -o match:'^sts1 [0-9]* 1$' -o match:'^mx: mx.to.test$' \
	    -e match:'event=fetched domain=to.test id=1 mode=enforce max-age=86400' sts-fetch To.test
	atf_check -o inline:'mta-sts.to.test mta-sts.to.test GET /.well-known/mta-sts.txt HTTP/1.1\n' cat requests
	atf_check -o match:'^mode: enforce' cat state/sts/to.test
	# it has not changed: nobody asks for it, and the web server may be away
	end_web
	atf_check -o match:'^policy - $' -o match:'^mode: enforce$' sts-fetch to.test
	# it has, and can't be had: the last good one counts
	record to.test 'v=STSv1; id=2'
	atf_check -o match:'^policy sts-policy-fetch-error .*onnect' -o match:'^sts1 [0-9]* 1$' \
	    -e match:'event=failed domain=to.test result=sts-policy-fetch-error .* kept=1' sts-fetch to.test
	begin_web
	policy testing mx2.to.test
	atf_check -o match:'^sts1 [0-9]* 2$' -o match:'^mode: testing$' -e ignore sts-fetch to.test
	# there is no record any more: that is no reason to forget it
	record to.test 'v=spf1 -all'
	atf_check -o match:'^sts1 [0-9]* 2$' sts-fetch to.test
	# its time is over
	sed -i 's/^sts1 [0-9]*/sts1 1000000000/' state/sts/to.test
	atf_check -s exit:100 -o inline:'none - \n' sts-fetch to.test
	atf_check test ! -e state/sts/to.test
}
a_policy_is_fetched_and_kept_cleanup()
{
	end
}

# refuses RESULT TEXT
refuses()
{
	atf_check -s exit:111 -o match:"^none $1 .*$2" -e match:"event=failed .*result=$1" sts-fetch to.test
	atf_check -o empty ls state/sts
}

atf_test_case what_is_wrong_is_told cleanup
what_is_wrong_is_told_body()
{
	begin
	for answer in '404 text/plain' '301 text/plain' '200 text/html' '500 text/plain'; do
		{ echo "$answer"; policy_text enforce mx.to.test; } >web
		refuses sts-policy-fetch-error 'the web server'
	done
	for word in big cut; do
		echo $word >web
		refuses sts-policy-fetch-error .
	done
	for text in 'version: STSv2' 'nonsense' 'version: STSv1\nmode: enforce\nmax_age: 1'; do
		printf "200 text/plain\n$text" >web
		refuses sts-policy-invalid 'it'
	done
	policy enforce mx.to.test
	# not for this name, not by this authority
	atf_check -s exit:111 -o match:'^none sts-webpki-invalid' -e ignore sts-fetch other.test
	cp other.pem authority.pem
	refuses sts-webpki-invalid .
	echo nowhere >control/cafile
	atf_check -s exit:100 -o match:'^none - ' -e match:event=failed sts-fetch to.test
}
what_is_wrong_is_told_cleanup()
{
	end
}

atf_test_case without_a_sound_record_nothing_is_fetched cleanup
without_a_sound_record_nothing_is_fetched_body()
{
	begin
	policy enforce mx.to.test
	for text in 'v=STSv1; id=a-b' 'v=STSv1;' 'v=STSv2; id=1' 'hello'; do
		record to.test "$text"
		atf_check -s exit:100 -o inline:'none - \n' sts-fetch to.test
	done
	record to.test 'v=STSv1; id=1' 'v=STSv1; id=2'
	atf_check -s exit:100 -o inline:'none - \n' sts-fetch to.test
	atf_check -s exit:100 -o inline:'none - \n' sts-fetch nobody.test
	atf_check test ! -e requests
	for name in '' . .. ../x.test a/b.test '[127.0.0.1]' test; do
		atf_check -s exit:111 -e match:'not a domain' sts-fetch "$name"
	done
	# others' records beside it, and in several strings
	record to.test 'v=spf1 -all' 'v=STSv1; id=1;'
	atf_check -o match:'^policy - $' -e ignore sts-fetch to.test
}
without_a_sound_record_nothing_is_fetched_cleanup()
{
	end
}

atf_test_case one_that_hangs_holds_up_nobody_else cleanup
one_that_hangs_holds_up_nobody_else_body()
{
	begin
	echo hang >web
	serve
	./ask 7:to.test, >hanging &
	until_true '[ -s requests ]'
	policy enforce mx.to.test
	record new.test 'v=STSv1; id=7'
	atf_check -o match:'^policy - $' -o match:'^sts1 [0-9]* 7$' ./ask 8:new.test,
	atf_check -o match:'^none - $' ./ask 11:nobody.test,
	atf_check test ! -s hanging
	# many ask the same: one fetches
	rm requests
	record many.test 'v=STSv1; id=7'
	for i in 1 2 3 4 5; do
		./ask 9:many.test, >many.$i &
		asking="$asking $!"
	done
	wait $asking
	for i in 1 2 3 4 5; do
		atf_check -o match:'^mode: enforce$' cat many.$i
	done
	atf_check -o inline:'1\n' grep -c . requests
	# nonsense ends a connection, and nothing else
	atf_check -o empty ./ask hello
	atf_check -o empty ./ask 7:a/../bc,
	atf_check -o match:'^policy' ./ask 8:new.test,
}
one_that_hangs_holds_up_nobody_else_cleanup()
{
	end
}

atf_test_case policies_are_fetched_anew_before_they_end cleanup
policies_are_fetched_anew_before_they_end_body()
{
	begin
	policy enforce mx.to.test
	atf_check -o ignore -e ignore sts-fetch to.test
	record new.test 'v=STSv1; id=1'
	atf_check -o ignore -e ignore sts-fetch new.test
	# half of its time is over; the other one's is too, but nobody has asked for that lately
	sed -i "s/^sts1 [0-9]*/sts1 $(($(date +%s) - 50000))/" state/sts/*.test
	touch -a -d '40 days ago' state/sts/new.test
	rm requests
	serve
	until_true '[ "$(sed -n "s/^sts1 \([0-9]*\) .*/\1/p" state/sts/to.test)" -gt $(($(date +%s) - 1000)) ]'
	atf_check -o inline:'mta-sts.to.test mta-sts.to.test GET /.well-known/mta-sts.txt HTTP/1.1\n' cat requests
}
policies_are_fetched_anew_before_they_end_cleanup()
{
	end
}

atf_test_case what_can_not_be_kept_is_fetched_each_time cleanup
what_can_not_be_kept_is_fetched_each_time_body()
{
	begin
	policy enforce mx.to.test
	mkdir state/sts/.new
	serve
	for i in 1 2; do
		atf_check -o match:'^mode: enforce$' ./ask 7:to.test,
	done
	rmdir state/sts/.new
	atf_check -o match:'^mode: enforce$' ./ask 7:to.test,
	atf_check test -e state/sts/to.test
}
what_can_not_be_kept_is_fetched_each_time_cleanup()
{
	end
}

# mx-send and mx-route ask the service; without it they see what it has kept.
atf_test_case the_way_of_mail_is_judged_by_it cleanup
the_way_of_mail_is_judged_by_it_body()
{
	printf '%s\n' mx-host=to.test,mx.to.test,10 mx-host=to.test,mx.else.test,20 \
	    host-record=mx.to.test,mx.else.test,127.9.0.2 >more.options
	begin
	: >control/neverto
	echo 2525 >control/mxport
	policy enforce '*.to.test'
	atf_check -s ignore -o match:'TLS: may' -o not-match:verify mx-route x@to.test
	serve
	atf_check -s ignore -o match:'TLS: verify, .*the MTA-STS policy of to.test' \
	    -o match:'MTA-STS: enforce, id 1$' \
	    -o match:'mx.else.test is not in the MTA-STS policy of to.test' mx-route x@to.test
	kill "$(cat sts.pid)"
	atf_check -s ignore -o match:'TLS: verify, .*the MTA-STS policy of to.test' mx-route x@to.test
	# one that changes its mind
	serve
	policy none '*.to.test'
	record to.test 'v=STSv1; id=2'
	atf_check -s ignore -o match:'TLS: may' -o not-match:verify mx-route x@to.test
}
the_way_of_mail_is_judged_by_it_cleanup()
{
	end
}

atf_test_case a_dns_that_fails_is_left_alone_for_a_while cleanup
a_dns_that_fails_is_left_alone_for_a_while_body()
{
	begin
	kill "$(cat dns.pid)"
	cat >failing <<-'END'
	import socket
	s = socket.socket(type=socket.SOCK_DGRAM)
	s.bind(("127.0.0.1", 0))
	open("failing.port", "w").write("127.0.0.1:%d\n" % s.getsockname()[1])
	while True:
	    query, client = s.recvfrom(2000)
	    open("queries", "a").write("one\n")
	    s.sendto(query[:2] + b"\x81\x82" + query[4:], client)
	END
	python3 failing &
	echo $! >dns.pid
	until_true '[ -s failing.port ]'
	cp failing.port control/resolvers
	serve
	atf_check -o inline:'none - \n' ./ask 7:to.test,
	asked=$(grep -c '' queries)
	# RFC 2308, 7: not longer than five minutes; but longer than messages follow each other
	sleep 1.2
	atf_check -o inline:'none - \n' ./ask 7:to.test,
	atf_check_equal "$asked" "$(grep -c '' queries)"
}
a_dns_that_fails_is_left_alone_for_a_while_cleanup()
{
	end
}

atf_init_test_cases()
{
	atf_add_test_case a_dns_that_fails_is_left_alone_for_a_while
	atf_add_test_case the_way_of_mail_is_judged_by_it
	atf_add_test_case a_policy_is_fetched_and_kept
	atf_add_test_case what_is_wrong_is_told
	atf_add_test_case without_a_sound_record_nothing_is_fetched
	atf_add_test_case one_that_hangs_holds_up_nobody_else
	atf_add_test_case policies_are_fetched_anew_before_they_end
	atf_add_test_case what_can_not_be_kept_is_fetched_each_time
}

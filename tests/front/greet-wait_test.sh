#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	unset RELAYCLIENT AUTHUSER TCPREMOTEIP
	mkdir -p home/control
	mkfifo quiet
}

# A descriptor on which nobody talks.
atf_test_case a_client_that_waits_is_served
a_client_that_waits_is_served_body()
{
	home
	exec 3<>quiet
	before=$(date +%s%N)
	atf_check -o inline:"here $PWD\n" greet-wait -s 1 sh -c 'echo here $PWD' <&3
	atf_check test $(($(date +%s%N) - before)) -ge 1000000000
}

atf_test_case a_client_that_talks_is_refused
a_client_that_talks_is_refused_body()
{
	home
	printf 'EHLO spam\r\n' >talk
	atf_check -s exit:100 -o inline:'554 5.5.1 you talk before you are greeted\r\n' \
	    -e match:'event=refused code=554 .*client=192.0.2.1 said="EHLO spam  "' \
	    env TCPREMOTEIP=192.0.2.1 greet-wait -s 60 echo served <talk
}

atf_test_case a_client_that_talks_late_but_early_is_refused
a_client_that_talks_late_but_early_is_refused_body()
{
	home
	{
		sleep 0.2
		printf 'x'
	} | {
		atf_check -s exit:100 -o match:'^554' -e match:said=x greet-wait -s 60 echo served
	}
}

atf_test_case the_refusal_reaches_who_has_sent_much
the_refusal_reaches_who_has_sent_much_head()
{
	atf_set require.progs 'tcpserver python3'
}
the_refusal_reaches_who_has_sent_much_body()
{
	home
	mkfifo port
	tcpserver -1 -HR 127.0.0.1 0 greet-wait -s 60 echo served >port 2>log &
	server=$!
	trap 'kill $server' EXIT
	read -r number <port
	cat >client <<-'END'
		import socket, sys
		s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
		s.sendall(b"EHLO x\r\n" * 4000)
		s.shutdown(socket.SHUT_WR)
		print(s.makefile().read().strip())
	END
	atf_check -o match:'^554 5.5.1' python3 client "$number"
}

atf_test_case a_client_that_goes_is_no_crime
a_client_that_goes_is_no_crime_body()
{
	home
	atf_check -e match:'event=disconnect .*gone before the greeting' \
	    greet-wait -s 60 echo served </dev/null
}

atf_test_case authorised_clients_do_not_wait
authorised_clients_do_not_wait_body()
{
	home
	echo 192.0.2.0/24 >home/control/relayclients
	printf 'EHLO early\r\n' >talk
	atf_check -o inline:'served\n' env TCPREMOTEIP=192.0.2.9 \
	    greet-wait -s 60 echo served <talk
	atf_check -o inline:'served\n' env RELAYCLIENT= greet-wait -s 60 echo served <talk
}

atf_test_case its_own_trouble_is_421
its_own_trouble_is_421_body()
{
	home
	trouble='421 4.3.0 unable to serve you now, try again later\r\n'
	for wrong in '' '-s 0 true' '-s 241 true' '-s x true' '-x true'; do
		atf_check -s exit:111 -o inline:"$trouble" -e match:usage greet-wait $wrong
	done
	atf_check -s exit:111 -o inline:"$trouble" -e match:'unable to run ./none' \
	    env RELAYCLIENT= greet-wait ./none
}

atf_init_test_cases()
{
	atf_add_test_case a_client_that_waits_is_served
	atf_add_test_case a_client_that_talks_is_refused
	atf_add_test_case a_client_that_talks_late_but_early_is_refused
	atf_add_test_case the_refusal_reaches_who_has_sent_much
	atf_add_test_case a_client_that_goes_is_no_crime
	atf_add_test_case authorised_clients_do_not_wait
	atf_add_test_case its_own_trouble_is_421
}

#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

ID=0hofc52zpb5l953d9rf5s5a3

# A home, and ./inject ENVELOPE: the message on standard input, the report in file report.
make_home()
{
	export FACTEUR_HOME="$PWD/home" QUEUEID=$ID
	mkdir -p home/queue/new
	cat >inject <<-'END'
		#!/bin/sh
		printf "$1" >envelope
		exec queue-inject 1<envelope 4>report
	END
	chmod +x inject
}

atf_test_case stores_message_and_envelope_byte_for_byte
stores_message_and_envelope_byte_for_byte_body()
{
	make_home
	printf 'Subject: x\n\nhi\n' | atf_check -e save:log ./inject 'Fa@b.c\0PBODY=8BITMIME\0NNOTIFY=NEVER\0Tc@d.e\0\0'
	{
		printf 'facteur1 00000000000000000015 00000000000000000044             \n'
		printf 'Subject: x\n\nhi\nFa@b.c\0PBODY=8BITMIME\0NNOTIFY=NEVER\0Tc@d.e\0\0'
	} >expected
	atf_check cmp expected home/queue/new/$ID
	atf_check -o inline:"660\n" stat -c %a home/queue/new/$ID
	atf_check -o inline:"K$ID" cat report
	atf_check -o inline:"id=$ID at=queue-inject event=queued bytes=15 rcpts=1\n" cat log
}

atf_test_case stores_messages_of_every_size_around_its_block
stores_messages_of_every_size_around_its_block_body()
{
	make_home
	unset QUEUEID
	for size in 0 1 65460 65461 65462 65463 65471 65472 65473 65535 65536 131008 1000000; do
		head -c $size /dev/urandom >message
		atf_check -e ignore ./inject 'F\0Tc@d.e\0\0' <message
		file=home/queue/new/$(cut -c 2- report)
		{
			printf 'facteur1 %020d 00000000000000000010             \n' $size
			cat message envelope
		} >expected
		atf_check cmp expected $file
	done
}

atf_test_case takes_the_message_from_a_pipe_that_trickles
takes_the_message_from_a_pipe_that_trickles_body()
{
	make_home
	mkfifo envelope
	{ printf 'F\0Ta'; printf '@b'; printf '.c\0'; printf '\0'; } >envelope &
	{ printf a; printf b; } | atf_check -e ignore sh -c 'queue-inject 1<envelope'
	wait
	atf_check -o match:'^abF' tail -n +2 home/queue/new/$ID
}

atf_test_case leaves_nothing_when_the_envelope_has_no_end
leaves_nothing_when_the_envelope_has_no_end_body()
{
	make_home
	echo hi | atf_check -s exit:54 -e ignore ./inject 'Fa@b.c\0Tc@d.e\0'
	atf_check -o inline:'Zthe message or its envelope was cut (#4.3.0)' cat report
	: | atf_check -s exit:54 -e ignore ./inject ''
	atf_check ls home/queue/new
}

atf_test_case refuses_addresses_that_a_terminal_obeys
refuses_addresses_that_a_terminal_obeys_body()
{
	make_home
	for bytes in '\233' '\302\233' '\342\200\256' '\342\201\247' '\344'; do
		for e in "Fa$bytes@b.c\\0Tc@d.e\\0\\0" "F\\0Tx@y.z\\0Tc@d$bytes.e\\0\\0"; do
			echo hi | atf_check -s exit:32 -e match:'holds what no text shows' ./inject "$e"
			atf_check -o match:'^D.*#5.1.3' cat report
		done
	done
	atf_check ls home/queue/new
	echo hi | atf_check -e ignore ./inject 'Fp\303\250re@b.c\0Tc@\342\202\254.e\0\0'
}

atf_test_case refuses_malformed_envelopes
refuses_malformed_envelopes_body()
{
	make_home
	for e in 'Tc@d.e\0\0' 'Fa@b.c\0\0' '\0\0' 'Fa@b.c\0Tc@d.e\0\0x' 'Fa@b.c\0Xc@d.e\0\0' \
		'Fa@b.c\0Tc@\n.e\0\0' 'Fa@b.c\0Tc@d.e\0Px=y\0\0'; do
		echo hi | atf_check -s exit:91 -e match:malformed ./inject "$e"
		atf_check -o match:'^Z' cat report
	done
	atf_check ls home/queue/new
}

atf_test_case refuses_an_address_over_1003_bytes_for_good
refuses_an_address_over_1003_bytes_for_good_body()
{
	make_home
	long=$(head -c 1003 /dev/zero | tr '\0' a)
	echo hi | atf_check -e ignore ./inject "F\0T$long\0\0"
	rm home/queue/new/*
	echo hi | atf_check -s exit:11 -e match:'too long' ./inject "F\0Tb$long\0\0"
	atf_check -o match:'^D' cat report
	atf_check ls home/queue/new
}

atf_test_case refuses_an_endless_envelope
refuses_an_endless_envelope_body()
{
	make_home
	mkfifo envelope
	yes "$(printf 'T%0300d' 0)" 2>/dev/null | tr '\n' '\0' >envelope 2>/dev/null &
	atf_check -s exit:31 -e match:'too long' sh -c 'queue-inject </dev/null 1<envelope'
	wait
	atf_check ls home/queue/new
}

atf_test_case counts_a_message_queued_before_under_its_id_as_done
counts_a_message_queued_before_under_its_id_as_done_body()
{
	make_home
	echo one | atf_check -e ignore ./inject 'F\0Tc@d.e\0\0'
	echo one | atf_check -e ignore ./inject 'F\0Tc@d.e\0\0'
	atf_check -o inline:"K$ID" cat report
	atf_check -o inline:"$ID\n" ls home/queue/new
}

atf_test_case makes_its_own_id_when_none_is_given
makes_its_own_id_when_none_is_given_body()
{
	make_home
	for given in '' nonsense ../../../../../../etc/abc; do
		rm -f home/queue/new/*
		QUEUEID=$given atf_check -e ignore ./inject 'F\0Tc@d.e\0\0' </dev/null
		atf_check -o match:'^[0-9a-z]{24}$' ls home/queue/new
	done
}

atf_test_case pulls_the_trigger
pulls_the_trigger_body()
{
	make_home
	mkfifo home/queue/trigger
	exec 9<>home/queue/trigger
	echo hi | atf_check -e ignore ./inject 'F\0Tc@d.e\0\0'
	atf_check -o inline:"$ID\n" head -n 1 <&9
}

atf_test_case does_not_wait_for_a_trigger_without_reader
does_not_wait_for_a_trigger_without_reader_body()
{
	make_home
	mkfifo home/queue/trigger
	echo hi | atf_check -e ignore ./inject 'F\0Tc@d.e\0\0'
}

atf_test_case survives_a_reader_of_the_report_that_is_gone
survives_a_reader_of_the_report_that_is_gone_body()
{
	make_home
	printf 'F\0Tc@d.e\0\0' >envelope
	mkfifo pipe
	atf_check -e ignore sh -c 'exec 8<>pipe 4>pipe 8<&-; queue-inject </dev/null 1<envelope'
	atf_check -o match:'^[0-9a-z]{24}$' ls home/queue/new
}

atf_test_case says_what_is_missing
says_what_is_missing_body()
{
	make_home
	rmdir home/queue/new
	atf_check -s exit:62 -e match:'unable to create a file in .*/queue/new: ' \
		./inject 'F\0Tc@d.e\0\0' </dev/null
	FACTEUR_HOME=/nonexistent atf_check -s exit:61 -e match:'unable to enter /nonexistent: ' \
		./inject 'F\0Tc@d.e\0\0' </dev/null
}

atf_test_case defers_when_the_disk_is_full
defers_when_the_disk_is_full_body()
{
	make_home
	printf 'F\0Tc@d.e\0\0' >envelope
	head -c 1000000 /dev/zero >message
	atf_check -s exit:53 -e match:'unable to write to the queue: ' -o ignore \
		sh -c 'trap "" XFSZ; ulimit -f 100; queue-inject <message 1<envelope'
	atf_check ls home/queue/new
}

atf_test_case commits_nothing_when_the_message_cannot_be_read
commits_nothing_when_the_message_cannot_be_read_body()
{
	make_home
	printf 'F\0Tc@d.e\0\0' >envelope
	atf_check -s exit:54 -e match:'unable to read the message: ' ./inject 'F\0Tc@d.e\0\0' <.
	atf_check -s exit:54 -e match:'unable to read the envelope: ' \
		sh -c 'queue-inject </dev/null 1>envelope'
	atf_check ls home/queue/new
}

# serve: a queue-serve behind run/queue.sock; stop_serving ends it.
serve()
{
	mkdir -p home/run home/control home/queue/bad
	: >ready
	s6-ipcserver-socketbinder home/run/queue.sock queue-serve >ready 2>serve.log &
	echo $! >pid
	for n in $(seq 600); do
		[ ! -s ready ] || return 0
		sleep 0.1
	done
	cat serve.log >&2
	atf_fail 'queue-serve is not ready'
}

stop_serving()
{
	kill "$(cat pid)"
	wait
}

atf_test_case gives_messages_to_the_service
gives_messages_to_the_service_head()
{
	atf_set require.progs s6-ipcserver-socketbinder
}
gives_messages_to_the_service_body()
{
	make_home
	serve
	printf 'Subject: x\n\nhi\n' | atf_check -e save:log ./inject 'Fa@b.c\0NNOTIFY=NEVER\0Tc@d.e\0\0'
	atf_check -o inline:"K$ID" cat report
	atf_check -o inline:"id=$ID at=queue-inject event=queued bytes=15 rcpts=1\n" cat log
	atf_check ls home/queue/new
	# again, it is the same one
	printf 'Subject: x\n\nhi\n' | atf_check -e ignore ./inject 'Fa@b.c\0NNOTIFY=NEVER\0Tc@d.e\0\0'
	# without a scheduler it becomes a file
	for n in $(seq 600); do
		[ ! -e home/queue/new/$ID ] || break
		sleep 0.1
	done
	{
		printf 'facteur1 00000000000000000015 00000000000000000029             \n'
		printf 'Subject: x\n\nhi\nFa@b.c\0NNOTIFY=NEVER\0Tc@d.e\0\0'
	} >expected
	atf_check cmp expected home/queue/new/$ID
	unset QUEUEID
	for size in 65535 65536 65537 131072 1000000; do
		head -c $size /dev/urandom >message
		atf_check -e ignore ./inject 'F\0Tc@d.e\0\0' <message
		atf_check -o match:'^K[0-9a-z]{24}$' cat report
	done
	for n in $(seq 600); do
		[ "$(ls home/queue/new | wc -l)" -lt 6 ] || break
		sleep 0.1
	done
	atf_check -o match:' *6$' sh -c 'ls home/queue/new | wc -l'
	stop_serving
}

atf_test_case hands_over_no_part_of_a_message
hands_over_no_part_of_a_message_head()
{
	atf_set require.progs s6-ipcserver-socketbinder
}
hands_over_no_part_of_a_message_body()
{
	make_home
	serve
	for size in 10 200000; do
		head -c $size /dev/zero | atf_check -s exit:54 -e ignore ./inject 'Fa@b.c\0Tc@d.e\0'
		head -c $size /dev/zero | atf_check -s exit:91 -e ignore ./inject 'Fa@b.c\0\0'
		head -c $size /dev/zero | atf_check -s exit:32 -e ignore ./inject 'Fa@b\233.c\0Tc@d.e\0\0'
	done
	stop_serving
	serve
	atf_check -o empty cat serve.log
	atf_check ls home/queue/new
	stop_serving
}

atf_test_case writes_a_file_where_no_service_listens
writes_a_file_where_no_service_listens_head()
{
	atf_set require.progs s6-ipcserver-socketbinder
}
writes_a_file_where_no_service_listens_body()
{
	make_home
	serve
	stop_serving
	atf_check test -S home/run/queue.sock
	echo hi | atf_check -e ignore ./inject 'Fa@b.c\0Tc@d.e\0\0'
	atf_check -o inline:"$ID\n" ls home/queue/new
}

atf_test_case waits_for_no_service_that_ends
waits_for_no_service_that_ends_head()
{
	atf_set require.progs s6-ipcserver-socketbinder
}
waits_for_no_service_that_ends_body()
{
	make_home
	mkdir -p home/run
	s6-ipcserver-socketbinder home/run/queue.sock sh -c 'echo >ready; s6-ipcserverd -c 5 true' &
	echo $! >pid
	for n in $(seq 600); do
		[ ! -s ready ] || break
		sleep 0.1
	done
	echo hi | atf_check -s exit:53 -e match:'not take the message now' ./inject 'Fa@b.c\0Tc@d.e\0\0'
	atf_check -o match:'^Z.*#4.3.0' cat report
	atf_check ls home/queue/new
	kill "$(cat pid)"
}

atf_init_test_cases()
{
	atf_add_test_case gives_messages_to_the_service
	atf_add_test_case hands_over_no_part_of_a_message
	atf_add_test_case writes_a_file_where_no_service_listens
	atf_add_test_case waits_for_no_service_that_ends
	atf_add_test_case stores_message_and_envelope_byte_for_byte
	atf_add_test_case stores_messages_of_every_size_around_its_block
	atf_add_test_case takes_the_message_from_a_pipe_that_trickles
	atf_add_test_case leaves_nothing_when_the_envelope_has_no_end
	atf_add_test_case refuses_addresses_that_a_terminal_obeys
	atf_add_test_case refuses_malformed_envelopes
	atf_add_test_case refuses_an_address_over_1003_bytes_for_good
	atf_add_test_case refuses_an_endless_envelope
	atf_add_test_case counts_a_message_queued_before_under_its_id_as_done
	atf_add_test_case makes_its_own_id_when_none_is_given
	atf_add_test_case pulls_the_trigger
	atf_add_test_case does_not_wait_for_a_trigger_without_reader
	atf_add_test_case survives_a_reader_of_the_report_that_is_gone
	atf_add_test_case says_what_is_missing
	atf_add_test_case defers_when_the_disk_is_full
	atf_add_test_case commits_nothing_when_the_message_cannot_be_read
}

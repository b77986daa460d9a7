#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

ID=0hofc52zpb5l953d9rf5s5a

make_home()
{
	export FACTEUR_HOME="$PWD"
	mkdir -p queue/new queue/later/1795430701 queue/later/9999999999 queue/hold queue/bad
	add 1 new 'Fa@b.c\0Tc@d.e\0\0' ''
	add 2 later/9999999999 'F\0Tc@d.e\0Tf@g.h\0\0' '5 K 0 2.0.0 ok\n5 Z 1 4.2.0 not "now"\n'
	add 3 later/1795430701 'Fx@y.z\0Tc@d.e\0\0' '5 D 0 5.1.1 no\n6 B 0 - bounce\n'
	add 4 hold 'Fx@y.z\0Tc@d.e\0\0' '5 D 0 5.1.1 no\n'
	echo nonsense >queue/bad/nonsense
}

# add N PLACE ENVELOPE JOURNAL
add()
{
	printf "$3" >envelope
	echo hi | QUEUEID=$ID$1 queue-inject 1<envelope 2>log || atf_fail "$(cat log)"
	printf "$4" >>queue/new/$ID$1
	[ $2 = new ] || mv queue/new/$ID$1 queue/$2/
}

atf_test_case shows_messages_and_recipients
shows_messages_and_recipients_body()
{
	make_home
	atf_check -o save:out queue-list
	sed -e 's/ [0-9]*[smhd] / AGE /' -e 's/next in [0-9]*[smhd]/next in SOON/' out >list
	cat >expected <<-END
		${ID}1 new AGE 3 bytes from <a@b.c>, tries 0
			waiting c@d.e
		${ID}3 later AGE 3 bytes from <x@y.z>, tries 1, next in SOON
			bounced c@d.e: 5.1.1 no
		${ID}2 later AGE 3 bytes from <>, tries 1, next in SOON
			delivered c@d.e: 2.0.0 ok
			deferred f@g.h: 4.2.0 not "now"
		${ID}4 hold AGE 3 bytes from <x@y.z>, tries 1
			failed c@d.e: 5.1.1 no
		nonsense bad not a message: not named by a message ID
	END
	# what <<- takes away
	sed -i 's/^\([a-z]* [a-z]@\)/\t\1/' expected
	atf_check -o file:expected cat list
}

atf_test_case writes_json
writes_json_body()
{
	make_home
	add 5 new 'Fq"\\\303\244\377@b.c\0Tc@d.e\0\0' ''
	atf_check -o save:out queue-list -j
	cat >check.py <<-'END'
		import json, sys
		rows = [json.loads(line) for line in open('out', encoding='utf-8')]
		by_id = {r.get('id', '')[-1:]: r for r in rows}
		assert len(rows) == 6, rows
		two = by_id['2']
		assert two['place'] == 'later' and two['next'] == 9999999999 and two['sender'] == ''
		assert two['size'] == 3 and two['tries'] == 1 and two['age'] >= 0
		assert two['recipients'] == [
		    dict(address='c@d.e', state='delivered', tries=1, time=5, status='2.0.0', text='ok'),
		    dict(address='f@g.h', state='deferred', tries=1, time=5, status='4.2.0',
		         text='not "now"')]
		assert by_id['1']['recipients'] == [dict(address='c@d.e', state='waiting', tries=0)]
		assert by_id['5']['sender'] == 'q"\\\u00e4\ufffd@b.c', by_id['5']
		assert by_id[''] == dict(file='nonsense', place='bad', why='not named by a message ID')
	END
	atf_check python3 check.py
}

atf_test_case changes_nothing
changes_nothing_body()
{
	make_home
	find queue -type f -exec md5sum {} + | sort >before
	atf_check -o ignore queue-list
	atf_check -o file:before sh -c 'find queue -type f -exec md5sum {} + | sort'
}

atf_test_case shows_an_empty_queue
shows_an_empty_queue_body()
{
	export FACTEUR_HOME="$PWD"
	mkdir -p queue/new queue/later
	atf_check queue-list
	atf_check queue-list -j
}

atf_test_case says_what_it_cannot_read
says_what_it_cannot_read_body()
{
	export FACTEUR_HOME="$PWD"
	mkdir -p queue/later
	atf_check -s exit:111 -e match:'unable to read queue/new: ' queue-list
	mkdir queue/new
	rmdir queue/later
	atf_check -s exit:111 -e match:'unable to read queue/later: ' queue-list
	atf_check -s exit:111 -e match:'usage: ' queue-list -x
	mkdir queue/later
	atf_check -s exit:111 -e match:'unable to write' sh -c 'echo x >queue/new/x; queue-list >/dev/full'
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case //p' "$(atf_get_srcdir)/queue-list_test"); do
		atf_add_test_case "$name"
	done
}

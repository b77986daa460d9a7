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

# became N FROM TO: in message N bytes are others, as many, which none that is queued today has
became()
{
	LC_ALL=C sed -i "s/$2/$(printf "$3")/" queue/*/$ID$1
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
	add 5 new 'Fq"\\\303\244#@b.c\0Tc@d.e\0\0' ''
	became 5 '#' '\377'
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

atf_test_case shows_nothing_that_a_terminal_obeys
shows_nothing_that_a_terminal_obeys_body()
{
	make_home
	add 6 new 'Fe######\303\251@b.c\0Tc@d.e\0\0' ''
	became 6 '######' '\302\233\342\200\256\233'
	atf_check -o save:list queue-list
	atf_check -o match:'from <e   é@b.c>' cat list
	atf_check -o save:list queue-list -j
	atf_check -o match:'"sender":"e\\u009b\\u202e\\ufffdé@b.c"' cat list
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

# shown ARGUMENTS: the last characters of the IDs that are shown, in their order
shown()
{
	queue-list -j "$@" >shown.json || atf_fail "queue-list $* failed"
	python3 -c 'import json
print("".join(json.loads(line).get("id", "?")[-1] for line in open("shown.json")))'
}

expect_shown()
{
	expected=$1
	shift
	found=$(shown "$@")
	[ "$found" = "$expected" ] || atf_fail "$*: $found instead of $expected"
}

atf_test_case shows_what_is_selected
shows_what_is_selected_body()
{
	make_home
	now=0$(python3 -c 'import time
t, s = int((time.time() - 600) * 1e6), ""
while t: s, t = "0123456789abcdefghijklmnopqrstuvwxyz"[t % 36] + s, t // 36
print(s)')5a9b35a9b35a9
	now=$(echo $now | cut -c 1-24)
	printf 'FEve@far.test\0PAUTHUSER=eve\0Tbob@sub.far.test\0\0' >envelope
	head -c 5000 /dev/zero | QUEUEID=$now queue-inject 1<envelope 2>log || atf_fail "$(cat log)"
	mkdir queue/paused
	mv queue/new/$now queue/paused/
	last=$(echo $now | cut -c 24)
	expect_shown 132${last}4\?
	expect_shown 34 sender=x@y.z
	expect_shown 34 sender=@Y.Z
	expect_shown 2 sender=
	expect_shown 2 'sender=<>'
	expect_shown 1324 recipient=c@d.e
	expect_shown 2 domain=g.h
	expect_shown 2$last domain=g.h domain=.far.test
	expect_shown $last user=eve
	expect_shown 1324 older=1h
	expect_shown $last younger=1h
	expect_shown $last larger=1k
	expect_shown 1324 smaller=1k
	expect_shown 32 state=later
	expect_shown 1$last state=new,paused
	expect_shown 4\? state=hold,bad
	expect_shown 4 state=failed
	expect_shown 2 state=deferred sender=
	expect_shown '' state=deferred sender=a@b.c
	expect_shown 42 ${ID}4 ${ID}2
	expect_shown 2 ${ID}4 ${ID}2 domain=g.h
	# only recipients that are meant are shown
	atf_check -o save:out queue-list state=deferred
	atf_check -o match:'^	deferred f@g.h: 4.2.0' -o match:'^	and others: 1$' \
	    -o not-match:'c@d.e' cat out
	atf_check -o match:'"recipients":.."address":"f@g.h"[^]]*..,"others":1' \
	    queue-list -j state=deferred
}

atf_test_case sorts_when_asked
sorts_when_asked_body()
{
	make_home
	expect_shown \?1234 -s age
	expect_shown \?3214 -s next
	expect_shown \?2341 -s tries
	expect_shown 24 -s age state=deferred,failed
	head -c 1000 /dev/zero | QUEUEID=${ID}5 queue-inject 1<envelope 2>log
	expect_shown 51 -s size state=new
	atf_check -s exit:111 -e match:usage: queue-list -s colour
}

atf_test_case counts_by_destination
counts_by_destination_body()
{
	make_home
	mkdir control
	add 5 new 'Fa@b.c\0To@D.E\0Tp@d.e\0Tpostmaster\0\0' ''
	printf 'd.e\n' >control/paused
	atf_check -o save:out queue-list -c
	sed 's/  *[0-9][0-9]*[smhd] / AGE /; s/  *[0-9][0-9]*d / AGE /' out >list
	cat >expected <<-END
		paused: d.e
		messages recipients oldest   next destination
		       3          4 AGE      - d.e paused
		       1          1 AGE      - (no domain)
		       1          1 AGE AGE g.h
	END
	atf_check -o file:expected cat list
	atf_check -o match:'"destination":"d.e","messages":3,"recipients":4,"oldest":[0-9]*,"paused":true' \
	    -o match:'"destination":"g.h".*"next":9999999999,"paused":false' queue-list -c -j
	atf_check -o match:'^ *1 *1 .* d.e paused$' queue-list -c state=bounced
	atf_check -o not-match:g.h queue-list -c domain=d.e
	echo '!' >control/paused
	atf_check -s exit:111 -o ignore -e match:'control/paused' queue-list -c
}

atf_test_case counts_what_is_paused_by_its_way
counts_what_is_paused_by_its_way_body()
{
	make_home
	mkdir control users
	echo d.e >control/domains
	: >users/mailboxes
	: >users/aliases
	: >users/passwords
	chmod 600 users/passwords
	echo me.test >control/me
	mail-compile || atf_fail "no users.cdb"
	echo local >control/paused
	atf_check -o match:'^paused: all local mail$' -o match:' d.e paused$' -o match:' g.h$' \
	    queue-list -c
	echo remote >control/paused
	atf_check -o match:'^paused: all remote mail$' -o match:' d.e$' -o match:' g.h paused$' \
	    queue-list -c
}

atf_test_case refuses_what_it_does_not_understand
refuses_what_it_does_not_understand_body()
{
	make_home
	for word in nonsense 0hofc52zpb5l953d9rf5s5 colour=red older=soon; do
		atf_check -s exit:111 -e match:"queue-list: $word: " queue-list $word
	done
	atf_check -s exit:111 -e match:"beside .all'" queue-list all sender=a@b.c
	atf_check -s exit:100 -e match:"${ID}9: no such message" -o match:"^${ID}1 new" \
	    queue-list ${ID}9 ${ID}1
}

atf_test_case is_kept_from_a_queue_of_others
is_kept_from_a_queue_of_others_head()
{
	atf_set require.user root
}
is_kept_from_a_queue_of_others_body()
{
	make_home
	chmod 755 .
	chmod 700 queue
	atf_check -s exit:111 -o ignore -e match:'permission denied: only root and its owner may look into .*/queue$' \
	    setpriv --reuid 65534 --regid 65534 --clear-groups "$(command -v queue-list)"
	atf_check -s exit:111 -o ignore -e match:'permission denied: only root and its owner may look into .*/queue$' \
	    setpriv --reuid 65534 --regid 65534 --clear-groups "$(command -v queue-list)" ${ID}1
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case //p' "$(atf_get_srcdir)/queue-list_test"); do
		atf_add_test_case "$name"
	done
}

#! /usr/bin/env atf-sh
# qmqp-recv: a package spoken to descriptor 0.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/home.sh"

atf_test_case takes_a_message
takes_a_message_body()
{
	home
	export RELAYCLIENT=
	printf 'Subject: x\n\none\n.\ncaf\303\251\n' >text
	pack qmqp a@from.test b@to.test c@to.test <text >package
	atf_check -o match:'^[0-9]*:Kok [0-9a-z]*,$' -e match:'at=qmqp-recv event=accepted from=a@from.test rcpts=2 ' \
	    qmqp-recv keep <package
	expect_message text
	atf_check -o inline:'Fa@from.test|Tb@to.test|Tc@to.test||' cat home/envelope
	atf_check -o match:'with QMQP id' cat home/message
	pack qmqp '#@[]' b@to.test <text >package
	atf_check -o match:'^[0-9]*:Kok' -e ignore qmqp-recv keep <package
	atf_check -o match:'^F#@\[\]|' cat home/envelope
}

atf_test_case takes_nothing_from_strangers
takes_nothing_from_strangers_body()
{
	home
	printf 'one\n' >text
	pack qmqp a@from.test b@to.test <text >package
	atf_check -o match:'^[0-9]*:D550 5.7.1 relaying denied' -e match:event=refused qmqp-recv keep <package
	atf_check test ! -e home/message
	echo 192.0.2.0/24 >home/control/relayclients
	atf_check -o match:'^[0-9]*:Kok' -e ignore qmqp-recv keep <package
}

atf_test_case refuses_all_when_one_is_malformed
refuses_all_when_one_is_malformed_body()
{
	home
	export RELAYCLIENT=
	printf 'one\n' >text
	for words in 'a@b.c d@e.f bad' 'a@b.c d@e.f\000' 'bad d@e.f' 'a\000@b.c d@e.f' a@b.c; do
		pack qmqp $words <text >package
		atf_check -o match:'^[0-9]*:D55[34] 5' -e match:event=refused qmqp-recv keep <package
	done
	printf 'a\000b' >text
	pack qmqp a@b.c d@e.f <text >package
	atf_check -o match:'^[0-9]*:D550 5.6.0' -e ignore qmqp-recv keep <package
	printf 'one\n' >text
	pack qmqp a@from.test $(seq -f 'r%g@to.test' 1001) <text >package
	atf_check -o match:'^[0-9]*:D550 5.5.3' -e ignore qmqp-recv keep <package
	atf_check test ! -e home/message
}

atf_test_case what_is_malformed_or_cut_commits_nothing
what_is_malformed_or_cut_commits_nothing_body()
{
	home
	export RELAYCLIENT=
	printf 'one\n' >text
	pack qmqp a@from.test b@to.test <text >package
	n=$(wc -c <package)
	for i in $(seq 0 $((n - 1))); do
		head -c "$i" package >cut
		atf_check -s exit:100 -e match:'event=lost' qmqp-recv keep <cut
	done
	for bytes in x 3:x '0:,' '3:0:,,' '9:0:,0:,9:a,,' '6:0:,0:,;' '5:0:,0:,,'; do
		printf "$bytes" >package
		atf_check -s exit:100 -e match:'event=lost' qmqp-recv keep <package
	done
	atf_check test ! -e home/message
}

atf_test_case the_sink_decides
the_sink_decides_body()
{
	home
	export RELAYCLIENT=
	printf 'one\n' >text
	pack qmqp a@from.test b@to.test <text >package
	atf_check -o match:'^[0-9]*:D554 5.7.1' -e ignore qmqp-recv sh -c 'exit 31' <package
	atf_check -o match:'^[0-9]*:Z451 4.3.0' -e ignore qmqp-recv sh -c 'exit 71' <package
	atf_check -s exit:111 -e match:usage qmqp-recv
}

atf_init_test_cases()
{
	atf_add_test_case takes_a_message
	atf_add_test_case takes_nothing_from_strangers
	atf_add_test_case refuses_all_when_one_is_malformed
	atf_add_test_case what_is_malformed_or_cut_commits_nothing
	atf_add_test_case the_sink_decides
}

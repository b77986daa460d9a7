#! /usr/bin/env atf-sh
# qmtp-recv: packages spoken to descriptor 0.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/home.sh"

atf_test_case takes_both_encodings
takes_both_encodings_body()
{
	home
	printf 'Subject: x\n\none\n.\n\ncaf\303\251' >text
	for protocol in lf crlf; do
		rm -f home/message
		atf_check -o match:'^[0-9]*:Kok [0-9a-z]*,$' -e match:'event=accepted from=a@from.test rcpts=1 bytes=29 ' \
		    -x "$(atf_get_srcdir)/qmtp_pack.py $protocol a@from.test b@to.test <text | qmtp-recv keep"
		expect_message text
		atf_check -o inline:'Fa@from.test|Tb@to.test||' cat home/envelope
		atf_check -o match:'^Received: from \[192.0.2.1\] \(\[192.0.2.1\]\)' \
		    -o match:'by mx.example.test with QMTP id' -o match:'for <b@to.test>' cat home/message
	done
}

atf_test_case serves_several_packages
serves_several_packages_body()
{
	home
	printf 'one\n' >text
	{ pack lf a@from.test b@to.test c@to.test <text; pack lf '' d@to.test <text; } >packages
	atf_check -o match:'^[0-9]*:Kok [0-9a-z]*,[0-9]*:Kok [0-9a-z]*,[0-9]*:Kok [0-9a-z]*,$' -e save:log \
	    qmtp-recv keep <packages
	atf_check -o inline:'F|PCLIENT=192.0.2.1|Td@to.test||' cat home/envelope
	atf_check -o inline:'2\n' grep -c event=accepted log
}

atf_test_case each_recipient_has_an_answer
each_recipient_has_an_answer_body()
{
	home
	cat >bin/policy <<-'END'
	#!/bin/sh
	while read -r verb rest; do
		echo "$verb $rest" >>asked
		case $rest in
		no@*) echo 'D550 5.7.1 not for you' ;;
		later@*) echo 'Z451 4.7.1 later' ;;
		*) [ "$verb" = mail ] && echo 'KX-Seen: yes' || echo K ;;
		esac
	done
	END
	chmod 755 bin/policy
	printf 'one\n' >text
	pack lf a@from.test b@to.test no@to.test bad later@to.test c@to.test <text >package
	atf_check -o match:'^[0-9]*:Kok [^,]*,22:D550 5.7.1 not for you,[0-9]*:D553 5.1.3 [^,]*,16:Z451 4.7.1 later,[0-9]*:Kok [^,]*,$' \
	    -e save:log qmtp-recv -p policy keep <package
	atf_check -o inline:'Fa@from.test|Tb@to.test|Tc@to.test||' cat home/envelope
	atf_check -o match:'^X-Seen: yes$' head -n 1 home/message
	atf_check -o inline:'helo [192.0.2.1]
mail a@from.test SIZE=5
rcpt b@to.test
rcpt no@to.test
rcpt later@to.test
rcpt c@to.test
data 
done RECIPIENTS=2 REFUSED=2 MESSAGES=1
' cat home/asked
	atf_check -o inline:'3\n' grep -c event=refused log
	pack lf no@from.test b@to.test <text >package
	atf_check -o match:'^22:D550 5.7.1 not for you,$' -e ignore qmtp-recv -p policy keep <package
}

atf_test_case relay_check_decides
relay_check_decides_body()
{
	home
	printf 'one\n' >text
	pack lf a@from.test b@to.test <text >package
	atf_check -o match:'^[0-9]*:Z451 4.3.0 ' -e ignore qmtp-recv -r relay-check keep <package
	echo to.example >home/control/domains
	mkdir home/users
	atf_check -o ignore -e ignore mail-compile
	atf_check -o match:'^[0-9]*:D550 5.7.1 ' -e ignore qmtp-recv -r relay-check keep <package
	RELAYCLIENT= atf_check -o match:'^[0-9]*:Kok ' -e ignore qmtp-recv -r relay-check keep <package
}

atf_test_case the_sink_decides_for_all
the_sink_decides_for_all_body()
{
	home
	printf 'one\n' >text
	pack lf a@from.test b@to.test c@to.test <text >package
	atf_check -o match:'^[0-9]*:D554 5.7.1 [^,]*,[0-9]*:D554' -e ignore qmtp-recv sh -c 'exit 31' <package
	atf_check -o match:'^[0-9]*:Z451 4.3.0 ' -e ignore qmtp-recv sh -c 'exit 71' <package
	atf_check -o match:'^[0-9]*:Z451 4.3.0 ' -e ignore qmtp-recv ./missing <package
	atf_check -o match:'^[0-9]*:Dno spam,' -e ignore \
	    qmtp-recv sh -c 'cat >/dev/null; printf "Dno spam" >&4; exit 31' <package
}

atf_test_case refuses_what_must_not_be_stored
refuses_what_must_not_be_stored_body()
{
	home
	for text in 'a\000b\n:a null byte' 'a\rb\n:a bare CR' 'a\r:a bare CR'; do
		printf "${text%:*}" >text
		pack lf a@from.test b@to.test <text >package
		atf_check -o match:"^[0-9]*:D550 5.6.0 message with ${text#*:}" -e ignore qmtp-recv keep <package
	done
	printf '5:\ra\nb\n,0:,8:5:b@c.d,,' >package
	atf_check -o match:'^[0-9]*:D550 5.6.0 message with a bare LF' -e ignore qmtp-recv keep <package
	printf '5:\na\r\nb,0:,8:5:b@c.d,,' >package
	atf_check -o match:'^[0-9]*:Kok' -e ignore qmtp-recv keep <package
	echo 100 >home/control/databytes
	head -c 101 /dev/zero | tr '\0' x >text
	pack lf a@from.test b@to.test <text >package
	atf_check -o match:'^[0-9]*:D552 5.3.4' -e ignore qmtp-recv keep <package
	DATABYTES=0 atf_check -o match:'^[0-9]*:Kok' -e ignore qmtp-recv keep <package
	yes 'Received: x' | head -n 101 >text
	pack lf a@from.test b@to.test <text >package
	DATABYTES=0 atf_check -o match:'^[0-9]*:D554 5.4.6' -e ignore qmtp-recv keep <package
	rm -f home/message
	printf 'x\n' >text
	for sender in 'a\000b@c' 'x y@z' 'a' '@z'; do
		pack lf "$sender" b@to.test <text >package
		atf_check -o match:'^[0-9]*:D553 5.1.7' -e ignore qmtp-recv keep <package
	done
	pack lf a@b 'b@to.test\000' 'b\012@x' <text >package
	atf_check -o match:'^[0-9]*:D553 5.1.3 [^,]*,[0-9]*:D553 5.1.3' -e ignore qmtp-recv keep <package
	atf_check test ! -e home/message
}

atf_test_case what_is_malformed_or_cut_commits_nothing
what_is_malformed_or_cut_commits_nothing_body()
{
	home
	printf 'one\n' >text
	pack lf a@from.test b@to.test <text >package
	n=$(wc -c <package)
	for i in $(seq 1 $((n - 1))); do
		head -c "$i" package >cut
		atf_check -e match:'event=lost .*reason="malformed or cut netstring"' qmtp-recv keep <cut
	done
	for bytes in x 3:x 01:x 99999999999: '0:,' '2:xx,' '2:\nx;' '2:\nx,0:,2:xx,' '2:\nx,0:,4:9:a,,'; do
		printf "$bytes" >package
		atf_check -e match:'event=lost' qmtp-recv keep <package
	done
	atf_check test ! -e home/message
	atf_check qmtp-recv keep </dev/null
}

atf_test_case a_silent_client_is_left
a_silent_client_is_left_body()
{
	home
	echo 1 >home/control/timeoutsmtpd
	mkfifo client
	exec 3<>client
	printf 5: >&3
	atf_check -e match:'event=lost .*reason=".* timed out"' qmtp-recv keep <client
}

atf_test_case many_recipients_are_too_many
many_recipients_are_too_many_body()
{
	home
	printf 'one\n' >text
	pack lf a@from.test $(seq -f 'r%g@to.test' 1002) <text >package
	atf_check -o save:out -e ignore qmtp-recv keep <package
	atf_check -o inline:'1000\n' -x "tr , '\n' <out | grep -c :Kok"
	atf_check -o inline:'2\n' -x "tr , '\n' <out | grep -c ':Z452 4.5.3 '"
}

atf_test_case a_message_without_a_header_is_parted_from_ours
a_message_without_a_header_is_parted_from_ours_body()
{
	home
	printf ' folded\n' >text
	atf_check -o match:'^[0-9]*:Kok' -e ignore -x "$(atf_get_srcdir)/qmtp_pack.py lf a@b.c d@e.f <text | qmtp-recv keep"
	atf_check -o inline:'\n folded\n' tail -n 2 home/message
}

atf_test_case hands_over_to_a_service_behind_a_socket
hands_over_to_a_service_behind_a_socket_body()
{
	home
	printf 'one\n' >text
	pack lf a@from.test b@to.test <text >package
	atf_check -o match:'^[0-9]*:Z451 4.3.0' -e ignore qmtp-recv unix:missing <package
	{ cat package; pack lf a@from.test c@to.test <text; } >packages
	atf_check -o save:out -e save:log "$(atf_get_srcdir)/with_queue.py" qmtp-recv unix:run/queue.sock <packages
	atf_check -o match:'^28:Kok [0-9a-z]{24},28:Kok [0-9a-z]{24},$' cat out
	id=$(sed 's/^28:Kok \([^,]*\),.*/\1/' out)
	atf_check -o match:'event=accepted from=a@from.test' grep "^id=$id at=qmtp-recv " log
}

atf_test_case wrong_usage_is_not_now
wrong_usage_is_not_now_body()
{
	home
	atf_check -s exit:111 -e match:usage qmtp-recv
	atf_check -s exit:111 -e match:usage -e ignore qmtp-recv -x keep
	rm home/control/me
	atf_check -s exit:111 -e match:control/me qmtp-recv keep
}

atf_init_test_cases()
{
	atf_add_test_case takes_both_encodings
	atf_add_test_case serves_several_packages
	atf_add_test_case each_recipient_has_an_answer
	atf_add_test_case relay_check_decides
	atf_add_test_case the_sink_decides_for_all
	atf_add_test_case refuses_what_must_not_be_stored
	atf_add_test_case what_is_malformed_or_cut_commits_nothing
	atf_add_test_case a_silent_client_is_left
	atf_add_test_case many_recipients_are_too_many
	atf_add_test_case a_message_without_a_header_is_parted_from_ours
	atf_add_test_case hands_over_to_a_service_behind_a_socket
	atf_add_test_case wrong_usage_is_not_now
}

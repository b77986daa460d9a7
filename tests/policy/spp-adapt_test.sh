#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH

home()
{
	FACTEUR_HOME=$PWD/home
	PATH=$PWD/home/plugins:$PATH
	export FACTEUR_HOME PATH
	unset RCPTCHECK AUTHUSER
	mkdir -p home/control home/plugins
	log=$PWD/log
}

# plugin NAME: an executable of the shell script on standard input
plugin()
{
	{
		echo '#!/bin/sh'
		cat
	} >"home/plugins/$1"
	chmod +x "home/plugins/$1"
}

# ask ARGUMENTS REQUEST...: the answers
ask()
{
	arguments=$1
	shift
	printf '%s\n' "$@" | spp-adapt $arguments 2>>"$log"
}

atf_test_case plugins_run_by_their_sections
plugins_run_by_their_sections_body()
{
	home
	plugin note <<-'EOF'
		echo "$SMTPHELOHOST $SMTPMAILFROM ${SMTPRCPTTO--} $SMTPRCPTCOUNT $SMTPRCPTCOUNTALL $SMTPAUTHUSER" >>noted
	EOF
	for event in connection helo mail rcpt data; do
		printf '%s\n' "[$event]" ":printf $event: >>noted" plugins/note
	done >home/control/smtpplugins
	printf '%s\n' '[auth]' plugins/none >>home/control/smtpplugins
	export AUTHUSER=bob
	atf_check_equal 'K K K K K K K K' "$(echo $(ask '' 'helo a.test' 'mail a@b SIZE=5' 'rcpt x@y' \
	    'rcpt z@y' data 'done RECIPIENTS=2' 'mail <>' 'rcpt q@y'))"
	cat >expected <<-'EOF'
		connection:a.test  -   bob
		helo:a.test  -   bob
		mail:a.test a@b -   bob
		rcpt:a.test a@b x@y 0 1 bob
		rcpt:a.test a@b z@y 1 2 bob
		data:a.test a@b z@y 1 2 bob
		mail:a.test  - 1 2 bob
		rcpt:a.test  q@y 0 1 bob
	EOF
	atf_check diff expected home/noted
	atf_check -o match:'event=unsupported file=control/smtpplugins line=\[auth\]' cat "$log"
}

atf_test_case a_plugin_refuses_in_its_own_words
a_plugin_refuses_in_its_own_words_body()
{
	home
	while IFS='|' read -r said expected; do
		echo "echo '$said'" | plugin say
		atf_check_equal "$said|$expected" \
		    "$said|$(ask rcpt=plugins/say 'mail a@b' 'rcpt x@y' | sed -n 2p)"
	done <<-'EOF'
		N|K
		A|K
		O|K
		E550 sorry|D550 5.7.1 sorry
		E451 later|Z451 4.7.1 later
		E552 5.2.2 full|D552 5.2.2 full
		E550 4.2.2 wrong|D550 5.7.1 4.2.2 wrong
		Ego away|Z451 4.7.1 go away
		E550|D550 5.7.1 refused by a plugin
		E|Z451 4.7.1 refused by a plugin
		R550 5.7.1 never|D550 5.7.1 never
		D|Z421 4.7.0 goodbye
		P250 hello|K
		HX-Spam: yes|KX-Spam: yes
		HX-Spam yes|Z451 4.3.0 unable to decide now, try again later
		Cother@y|Z451 4.3.0 unable to decide now, try again later
		?|Z451 4.3.0 unable to decide now, try again later
		LX550 x|Z451 4.3.0 unable to decide now, try again later
		S=x|Z451 4.3.0 unable to decide now, try again later
	EOF
	atf_check -o match:'reason=senseless' -o match:'reason="changes an address" said=other@y' \
	    cat "$log"
}

atf_test_case what_a_plugin_says_may_hold_for_later
what_a_plugin_says_may_hold_for_later_body()
{
	home
	ok='K K K K'
	while IFS='|' read -r said expected; do
		echo "echo '$said'" | plugin say
		atf_check_equal "$said|$expected" "$said|$(echo $(ask helo=plugins/say \
		    'helo a' 'mail a@b' 'rcpt x@y' data | cut -c 1-4))"
	done <<-'EOF'
		LM550 no|K D550 K K
		LR450 no|K K Z450 K
		LD550 no|K K K D550
		R554 no|D554 D554 D554 D554
		D|Z421 Z421 Z421 Z421
		E550 no|D550 K K K
	EOF
	echo "echo 'E550 no'" | plugin say
	atf_check_equal 'D550 D550 D550' "$(echo $(ask connection=plugins/say 'helo a' 'mail a@b' 'helo b' | cut -c 1-4))"
	# A: no plugin is asked any more; N: no other one about this
	echo "echo E550" | plugin no
	echo "echo A" | plugin say
	atf_check_equal 'K K' "$(echo $(ask 'mail=plugins/say mail=plugins/no rcpt=plugins/no' 'mail a@b' 'rcpt x@y'))"
	echo "echo N" | plugin say
	atf_check_equal 'K D550' "$(echo $(ask 'mail=plugins/say mail=plugins/no rcpt=plugins/no' 'mail a@b' 'rcpt x@y' | cut -c 1-4))"
}

atf_test_case a_plugin_sets_the_environment_of_those_after_it
a_plugin_sets_the_environment_of_those_after_it_body()
{
	home
	plugin one <<-'EOF'
		echo Sfirst=a=b
		echo Ssecond=c
		echo Usecond
	EOF
	plugin two <<-'EOF'
		echo "E550 $first ${second-unset}"
	EOF
	atf_check_equal 'D550 5.7.1 a=b unset' "$(ask 'mail=plugins/one mail=plugins/two' 'mail a@b')"
}

atf_test_case each_header_field_is_told
each_header_field_is_told_body()
{
	home
	plugin say <<-'EOF'
		printf 'HX-One: 1\nHX-Two: 2\nHX-Three: 3\n'
	EOF
	atf_check_equal 'KX-One: 1|KX-Two: 2|KX-Three: 3|K|KX-One: 1' \
	    "$(ask mail=plugins/say 'mail a@b' 'rcpt x@y' data done 'mail a@b' | paste -sd '|')"
}

atf_test_case a_failing_plugin_never_accepts
a_failing_plugin_never_accepts_body()
{
	home
	for how in 'kill -9 $$' 'exit 120' 'exit 111' 'exec yes P' 'printf "E550 no\0\n"; exit 120'; do
		echo "$how" | plugin fail
		atf_check_equal "$how: Z451 4.3.0" \
		    "$how: $(ask mail=plugins/fail 'mail a@b' | cut -c 1-10)"
	done
	atf_check_equal 'Z451 4.3.0' "$(ask mail=plugins/none 'mail a@b' | cut -c 1-10)"
	echo 'exec sleep 100' | plugin fail
	atf_check_equal 'Z451 4.3.0' "$(ask '-s 1 mail=plugins/fail' 'mail a@b' | cut -c 1-10)"
	# but it need not say anything, and other codes say nothing
	echo 'exit 1' | plugin mute
	atf_check_equal K "$(ask mail=plugins/mute 'mail a@b')"
}

atf_test_case rcptcheck_programs_decide_about_recipients
rcptcheck_programs_decide_about_recipients_body()
{
	home
	plugin check <<-'EOF'
		echo "$SENDER $RECIPIENT" >>checked
		case $RECIPIENT in
		good@*) exit 0 ;;
		bad@*) exit 100 ;;
		busy@*) exit 111 ;;
		*) exit 3 ;;
		esac
	EOF
	requests='mail a@b|rcpt good@y|rcpt bad@y|rcpt busy@y|rcpt odd@y'
	expected='K K D550 5.1.1 Z451 4.3.0 Z451 4.3.0'
	IFS='|'
	set -- $requests
	unset IFS
	atf_check_equal "$expected" "$(echo $(ask '-r plugins/check' "$@" | cut -c 1-10))"
	atf_check_equal "$expected" "$(echo $(RCPTCHECK=plugins/check ask '' "$@" | cut -c 1-10))"
	atf_check -o match:'^a@b bad@y$' cat home/checked
	atf_check_equal 'Z451 4.3.0' "$(ask '-r plugins/none' 'rcpt good@y' | cut -c 1-10)"
}

atf_test_case addresses_are_never_read_by_a_shell
addresses_are_never_read_by_a_shell_body()
{
	home
	printf '%s\n' '[rcpt]' ':echo "E550 $SMTPRCPTTO"' >home/control/smtpplugins
	atf_check_equal 'D550 5.7.1 "$(id);`id`"@y' "$(ask '' 'rcpt "$(id);`id`"@y')"
}

atf_test_case it_works_in_a_session
it_works_in_a_session_body()
{
	home
	mkdir home/queue
	echo mx.test >home/control/me
	printf '%s\n' '[mail]' ':echo "HX-Plugin: $SMTPHELOHOST"' '[rcpt]' \
	    ':case $SMTPRCPTTO in no@*) echo "E550 5.1.1 no $SMTPRCPTTO" ;; esac' >home/control/smtpplugins
	printf '%s\r\n' 'EHLO a.test' 'MAIL FROM:<a@b.test>' 'RCPT TO:<no@mx.test>' \
	    'RCPT TO:<yes@mx.test>' DATA 'Subject: x' '' . QUIT |
	    smtp-recv -p spp-adapt sh -c 'cat >message; cat <&1 >/dev/null' >replies 2>log
	atf_check -o match:'^550 5.1.1 no no@mx.test' -o match:'^354' cat replies
	atf_check -o match:'^X-Plugin: a.test' sed -n 1p home/message
}

atf_test_case wrong_settings_are_told
wrong_settings_are_told_body()
{
	home
	for wrong in '-s 0' '-s 51' '-x' 'mail' 'auth=x' 'mail='; do
		atf_check -s exit:111 -e match:usage spp-adapt $wrong
	done
	echo plugins/none >home/control/smtpplugins
	atf_check -s exit:111 -e match:'before the first section' spp-adapt
}

atf_init_test_cases()
{
	atf_add_test_case plugins_run_by_their_sections
	atf_add_test_case a_plugin_refuses_in_its_own_words
	atf_add_test_case what_a_plugin_says_may_hold_for_later
	atf_add_test_case a_plugin_sets_the_environment_of_those_after_it
	atf_add_test_case each_header_field_is_told
	atf_add_test_case a_failing_plugin_never_accepts
	atf_add_test_case rcptcheck_programs_decide_about_recipients
	atf_add_test_case addresses_are_never_read_by_a_shell
	atf_add_test_case it_works_in_a_session
	atf_add_test_case wrong_settings_are_told
}

#! /usr/bin/env atf-sh
# The keys that dkim-serve signs with, and what it is asked.
here=$(atf_get_srcdir)
PATH=$here/../../bin:$PATH
. "$here/signing.sh"


atf_test_case keys_that_come_and_go_are_seen
keys_that_come_and_go_are_seen_body()
{
	prepare
	start_service
	atf_check -o inline:'' ./selectors
	make_keys example.test
	atf_check -o inline:'e r ' ./selectors
	mv home/dkim/example.test/e.key home/dkim/example.test/f.key
	atf_check -o inline:'f r ' ./selectors
	# another key under the same name, in place
	make_keys other.test
	cat home/dkim/other.test/r.key >home/dkim/example.test/r.key
	atf_check -o inline:'f r ' ./selectors
	/usr/bin/python3 -c 'import dkim, nacl' 2>/dev/null && {
		sed -n 's/^r._domainkey.other/r._domainkey.example/p
		    s/^e._domainkey.example/f._domainkey.example/p' records >now
		atf_check -o inline:'signed pass pass\n' "$here/verify.py" dkimpy now home/signed
	}
	rm home/dkim/example.test/f.key
	atf_check -o inline:'r ' ./selectors
	# what are no keys by their names
	touch home/dkim/example.test/x.old home/dkim/example.test/.key home/dkim/example.test/A.key
	atf_check -o inline:'r ' ./selectors
	stop_service
	atf_check -o match:'event=unsigned domain=example.test' \
	    -o match:'passed over dkim/example.test/A.key: that is no selector in lower case' cat log
	atf_check_equal 1 "$(grep -c 'passed over.*/A.key' log)"
}

atf_test_case a_key_that_can_not_be_read_puts_off
a_key_that_can_not_be_read_puts_off_body()
{
	make_keys example.test
	prepare
	start_service
	atf_check -o inline:'e r ' ./selectors
	echo nonsense >home/dkim/example.test/x.key
	atf_check -s exit:71 -e match:'unable to sign: unable to read the keys' ./sign message
	atf_check -o match:'unable to read the key dkim/example.test/x.key: it is no private key in PEM' cat log
	rm home/dkim/example.test/x.key
	ln -s r.key home/dkim/example.test/x.key
	atf_check -s exit:71 -e ignore ./sign message
	rm home/dkim/example.test/x.key
	atf_check -o inline:'e r ' ./selectors
	for i in 1 2 3 4 5 6 7 8; do cp home/dkim/example.test/e.key home/dkim/example.test/x$i.key; done
	atf_check -s exit:71 -e ignore ./sign message
	atf_check -o match:'too many keys in dkim/example.test' cat log
	stop_service
}

atf_test_case questions_that_make_no_sense_are_not_answered
questions_that_make_no_sense_are_not_answered_body()
{
	make_keys example.test
	prepare
	start_service
	for question in 'x' '1:a,' '9999999999:' '99999999999999:' \
	    '59:12:example.test,32:01234567890123456789012345678901,3:a;b,0:,,'; do
		atf_check -o inline:'' ./ask "$question"
	done
	# a domain that is a path is none
	good='32:01234567890123456789012345678901,4:From,0:,'
	inner="12:../example.t,$good"
	atf_check -o match:'Zunable to read the keys of the domain' ./ask "${#inner}:$inner,"
	# it goes on all the same
	atf_check -o inline:'e r ' ./selectors
	stop_service
	atf_check -o match:'senseless question' cat log
}

atf_test_case wrong_usage_is_told
wrong_usage_is_told_body()
{
	for words in x '-l 0' '-l x' -z; do
		atf_check -s exit:111 -e match:'usage: dkim-serve' dkim-serve $words
	done
}

atf_init_test_cases()
{
	atf_add_test_case keys_that_come_and_go_are_seen
	atf_add_test_case a_key_that_can_not_be_read_puts_off
	atf_add_test_case questions_that_make_no_sense_are_not_answered
	atf_add_test_case wrong_usage_is_told
}

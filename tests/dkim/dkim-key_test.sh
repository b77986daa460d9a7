#! /usr/bin/env atf-sh
# The keys that dkim-key makes, and how they follow each other.
here=$(atf_get_srcdir)
PATH=$here/../../bin:$PATH
. "$here/signing.sh"

# with_zone COMMANDS: run them while a resolver that knows the file zone, and dns-serve, are there
with_zone()
{
	prepare
	mkdir -p home/dkim
	cat >script <<-END
	echo "127.0.0.1:\$DNS" >home/control/resolvers
	rm -f ready; mkfifo ready
	s6-ipcserver-socketbinder home/run/dns.sock dns-serve -l 5 >ready 2>dns.log &
	serve=\$!
	trap 'kill \$serve' EXIT
	read -r line <ready
	$1
	END
	atf_check -o save:said -e save:errors "$here/../dns/zone.py" zone -- sh script
}

# zone_of: what dkim-key shows, as zone.py has it: NAME TXT "STRING"... a line
zone_of()
{
	tr -d '\n' | sed 's/;[^;]*\(DNS shows it\|after [0-9-]*\)//g; s/ )/\n/g' |
		sed 's/\. IN TXT (/ TXT/; s/	/ /g'
}

atf_test_case makes_keys_for_the_group_of_the_folder
makes_keys_for_the_group_of_the_folder_body()
{
	mkdir -p home/control home/dkim
	atf_check -o save:shown dkim-key make Example.test
	atf_check -o match:'^20[0-9]*r._domainkey.example.test. IN TXT \( "v=DKIM1; k=rsa; p=' \
	    -o match:'^20[0-9]*e._domainkey.example.test. IN TXT \( "v=DKIM1; k=ed25519; p=.{44}" \)$' cat shown
	atf_check -o file:shown dkim-key show example.test
	atf_check -o inline:'750\n' stat -c %a home/dkim/example.test
	for key in home/dkim/example.test/*; do
		atf_check -o inline:"640 $(stat -c %g home/dkim)\n" stat -c '%a %g' "$key"
		atf_check -o ignore openssl pkey -in "$key" -check -noout
	done
	# no string is longer than 255 bytes
	atf_check -s exit:1 grep -E '"[^"]{256}' shown
	atf_check -s exit:100 -e match:'has keys already' dkim-key make example.test
	atf_check -o ignore dkim-key make -k rsa -b 1024 other.test
	atf_check -o ignore dkim-key make -k ed25519 other.test
	atf_check -o inline:'2\n' sh -c 'dkim-key show other.test | grep -c _domainkey'
	atf_check -s exit:100 -e match:'has no keys' dkim-key show none.test
	atf_check -s exit:100 -e match:'has no keys' dkim-key rotate none.test
}

atf_test_case what_it_makes_signs
what_it_makes_signs_body()
{
	/usr/bin/python3 -c 'import dkim, nacl' 2>/dev/null || atf_skip 'no dkimpy'
	prepare
	mkdir -p home/dkim
	dkim-key make example.test >shown || atf_fail 'no keys'
	zone_of <shown | sed 's/ TXT "/ /; s/" "//g; s/"$//' >records
	start_service
	printf 'From: a@example.test\n\ntext\n' >message
	atf_check ./sign message
	stop_service
	atf_check -o inline:'signed pass pass\n' "$here/verify.py" dkimpy records home/signed
}

atf_test_case new_keys_sign_when_the_dns_shows_them
new_keys_sign_when_the_dns_shows_them_body()
{
	mkdir -p home/control home/dkim
	dkim-key make example.test | zone_of >zone || atf_fail 'no keys'
	dkim-key rotate example.test >shown || atf_fail 'no new keys'
	atf_check -s exit:100 -e match:'wait for the DNS' dkim-key rotate example.test
	with_zone 'dkim-key check; echo $?; dkim-key check -q; echo $?; ls home/dkim/example.test; dkim-key check none.test; echo $?'
	today=$(ls home/dkim/example.test/*e.key | sed 's|.*/\(.*\)e.key|\1|')
	cat >expected <<-EOF
	example.test ${today}e: the DNS has it
	example.test ${today}e-2: it will sign when the DNS has it
	example.test ${today}r: the DNS has it
	example.test ${today}r-2: it will sign when the DNS has it
	0
	example.test ${today}e-2: it will sign when the DNS has it
	example.test ${today}r-2: it will sign when the DNS has it
	0
	${today}e-2.next
	${today}e.key
	${today}r-2.next
	${today}r.key
	none.test: no key signs its messages
	100
	EOF
	atf_check -o file:expected cat said
	# the DNS gets them
	zone_of <shown >zone
	echo 1 >home/control/dkimretire
	with_zone 'dkim-key check -q; echo $?; ls home/dkim/example.test; dkim-key check; echo $?
	touch -d "25 hours ago" home/dkim/example.test/*.old
	dkim-key check -q; echo $?; ls home/dkim/example.test; dkim-key check -q; echo $?'
	until=$(date -u -d 'now + 24 hours' +%Y-%m-%d)
	cat >expected <<-EOF
	example.test ${today}e-2: the DNS has it: it signs from now on
	example.test ${today}e: signs no more; keep its record for now
	example.test ${today}r-2: the DNS has it: it signs from now on
	example.test ${today}r: signs no more; keep its record for now
	0
	${today}e-2.key
	${today}e.old
	${today}r-2.key
	${today}r.old
	example.test ${today}e-2: the DNS has it
	example.test ${today}e: signs no more; keep its record until $until
	example.test ${today}r-2: the DNS has it
	example.test ${today}r: signs no more; keep its record until $until
	0
	example.test ${today}e: is gone; take its record out of the DNS
	example.test ${today}r: is gone; take its record out of the DNS
	0
	${today}e-2.key
	${today}r-2.key
	0
	EOF
	sort expected >wanted
	atf_check -o file:wanted sort said
}

atf_test_case the_service_changes_them_by_itself
the_service_changes_them_by_itself_body()
{
	mkdir -p home/control home/dkim
	dkim-key make -k ed25519 one.test | zone_of >zone || atf_fail 'no keys'
	dkim-key rotate one.test | zone_of >zone
	dkim-key make -k ed25519 two.test >shown
	dkim-key rotate two.test >shown
	echo 1 >home/control/dkimretire
	with_zone 'dkim-key settle two.test; echo $?; ls home/dkim/two.test
	mkfifo settling; dkim-key settle -w >settling 2>changed & settling=$!
	read -r line <settling
	tries=0
	until [ -e home/dkim/one.test/*e.old ] || [ $((tries += 1)) -gt 600 ]; do sleep 0.1; done
	kill $settling; ls home/dkim/one.test; cat changed
	touch -d "25 hours ago" home/dkim/one.test/*.old
	dkim-key settle; echo $?'
	today=$(ls home/dkim/two.test/*e.key | sed 's|.*/\(.*\)e.key|\1|')
	cat >expected <<-EOF
	0
	${today}e-2.next
	${today}e.key
	${today}e-2.key
	${today}e.old
	one.test ${today}e-2: the DNS has it: it signs from now on
	one.test ${today}e: signs no more; keep its record for now
	one.test ${today}e: is gone; take its record out of the DNS
	0
	EOF
	atf_check -o file:expected cat said
	atf_check -s exit:111 -e match:usage dkim-key settle -w one.test
}

atf_test_case records_that_do_not_fit_are_told
records_that_do_not_fit_are_told_body()
{
	mkdir -p home/control home/dkim
	dkim-key make -k rsa one.test | zone_of >zone || atf_fail 'no keys'
	dkim-key make -k rsa two.test >shown
	sed -i 's/one.test/two.test/' zone
	dkim-key make -k rsa three.test >shown
	name=$(sed 's/two.test.*/three.test/' zone)
	echo "$name SERVFAIL" >>zone
	with_zone 'dkim-key check; echo $?; dkim-key check one.test; echo $?; dkim-key check two.test; echo $?'
	selector=${name%%.*}
	cat >expected <<-EOF
	one.test $selector: the DNS does not have it
	three.test $selector: the DNS does not answer
	two.test $selector: the DNS has another key there
	111
	one.test $selector: the DNS does not have it
	100
	two.test $selector: the DNS has another key there
	100
	EOF
	atf_check -o file:expected cat said
}

# What comes from the network is not read by root.
atf_test_case root_does_not_read_what_the_dns_says
root_does_not_read_what_the_dns_says_head()
{
	atf_set require.user root
	atf_set require.progs strace
}
root_does_not_read_what_the_dns_says_body()
{
	mkdir -p home/control home/dkim
	dkim-key make -k ed25519 example.test | zone_of >zone || atf_fail 'no keys'
	with_zone 'strace -f -o trace -e trace=setuid,recvfrom,read,connect,socket dkim-key check; cat trace >&2'
	atf_check -o match:'the DNS has it' cat said
	reader=$(sed -n 's/^\([0-9]*\) *setuid(65534) *= 0/\1/p' errors)
	[ -n "$reader" ] || { cat errors; atf_fail 'nobody reads'; }
	# the answer, a netstring, is heard by that process, after it has become nobody
	atf_check -o match:"^$reader +(read|recvfrom)\([0-9]+, \"[0-9]+:[0-9]+ found" \
	    sh -c "sed -n '/setuid(65534)/,\$p' errors | grep found"
	atf_check -s exit:1 sh -c "grep -v '^$reader ' errors | grep found"
}

atf_test_case without_the_service_nothing_is_known
without_the_service_nothing_is_known_body()
{
	mkdir -p home/control home/dkim
	dkim-key make -k ed25519 example.test >shown
	dkim-key rotate example.test >shown
	atf_check -s exit:111 -o match:'the DNS does not answer' -o match:'it will sign when' -e ignore dkim-key check
	atf_check -o match:next -o match:key ls home/dkim/example.test
}

atf_test_case folders_of_others_are_left_alone
folders_of_others_are_left_alone_body()
{
	mkdir -p home/control
	atf_check -s exit:111 -e match:'unable to open dkim' dkim-key make example.test
	mkdir -m 777 home/dkim
	chmod 777 home/dkim
	for verb in 'make example.test' 'rotate example.test' check; do
		atf_check -s exit:111 -e match:'others can write there' dkim-key $verb
	done
	chmod 700 home/dkim
	atf_check -s exit:100 -e match:'not a domain' dkim-key make ../example.test
	mkdir home/dkim/example.test
	echo nonsense >home/dkim/example.test/x.key
	for verb in 'make example.test' 'show example.test' 'rotate example.test' check; do
		atf_check -s exit:111 -e match:'unable to read dkim/example.test/x.key: it is no private key' \
		    dkim-key $verb
	done
}

atf_test_case as_many_keys_as_a_domain_may_have
as_many_keys_as_a_domain_may_have_body()
{
	mkdir -p home/control home/dkim
	atf_check -o ignore dkim-key make -k ed25519 full.test
	folder=home/dkim/full.test
	mv $folder/*.key $folder/k1.key
	for i in $(seq 2 64); do
		cp $folder/k1.key "$folder/k$i.old"
	done
	# what is no key does not count, wherever it stands
	for i in $(seq 20); do
		: >"$folder/note$i"
	done
	atf_check_equal 64 "$(dkim-key show full.test | grep -c _domainkey)"
	cp $folder/k1.key $folder/k65.old
	atf_check -s exit:111 -e match:'too many keys' dkim-key show full.test
}

atf_test_case wrong_usage_is_told
wrong_usage_is_told_body()
{
	mkdir -p home/control home/dkim
	for words in '' x make show rotate 'make -k dsa example.test' 'make a.test b.test' 'check -x'; do
		atf_check -s exit:111 -e match:'usage: dkim-key' dkim-key $words
	done
	atf_check -s exit:111 -e match:'bits: from 1024 to 4096' dkim-key make -b 512 example.test
	echo x >home/control/dkimretire
	atf_check -s exit:111 -e match:'dkimretire' dkim-key show example.test
}

atf_init_test_cases()
{
	atf_add_test_case makes_keys_for_the_group_of_the_folder
	atf_add_test_case what_it_makes_signs
	atf_add_test_case new_keys_sign_when_the_dns_shows_them
	atf_add_test_case the_service_changes_them_by_itself
	atf_add_test_case records_that_do_not_fit_are_told
	atf_add_test_case root_does_not_read_what_the_dns_says
	atf_add_test_case without_the_service_nothing_is_known
	atf_add_test_case folders_of_others_are_left_alone
	atf_add_test_case as_many_keys_as_a_domain_may_have
	atf_add_test_case wrong_usage_is_told
}

#! /usr/bin/env atf-sh
# auth-check as checkpassword, and on a unix socket without a program; with one it is
# tested together with pop3-login.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/sanitizer.sh"
. "$(atf_get_srcdir)/../lib/until.sh"
FACTEUR_HOME=$PWD/home
export FACTEUR_HOME

# An account of our own, or as root of nobody.
make_home()
{
	mkdir -p home/control home/users home/run home/mail
	chmod 755 home
	echo mx.example.test >home/control/me
	echo example.test >home/control/domains
	echo example.test >home/control/defaultdomain
	owner=65534:65534
	[ "$(id -u)" = 0 ] || owner=$(id -u):$(id -g)
	echo "$owner" >home/control/mailuser
	atf_check -o ignore -e ignore mail-compile
	echo "$2" | atf_check -o ignore -e ignore mail-user add "$1"
}

# check NAME PASSWORD PROGRAM...: ask as checkpassword is asked
check()
{
	printf '%s\0%s\0%s\0' "$1" "$2" 1763900000 >credentials
	shift 2
	auth-check "$@" 3<credentials 2>log
}

atf_test_case the_right_password_runs_the_program_as_the_owner
the_right_password_runs_the_program_as_the_owner_body()
{
	make_home joe@example.test secret
	check joe@example.test secret sh -c 'id -u; id -g; id -G; env; [ ! -e /dev/fd/3 ]; echo $?; pwd -P' >out
	atf_check -o inline:"${owner%:*}\n${owner#*:}\n" head -n 2 out
	[ "$(id -u)" != 0 ] || atf_check -o inline:"${owner#*:}\n" sed -n 3p out
	for pair in USER=joe@example.test AUTHUSER=joe@example.test SHELL=/bin/sh \
	    "HOME=$PWD/home/mail/example.test/joe"; do
		atf_check -o inline:"$pair\n" grep "^${pair%%=*}=" out
	done
	# descriptor 3 is closed
	atf_check -o inline:"0\n$(pwd -P)/home/mail/example.test/joe\n" tail -n 2 out
	atf_check -o inline:'at=auth-check event=authenticated user=joe@example.test\n' cat log
}

atf_test_case a_name_without_a_domain_is_of_the_default_domain
a_name_without_a_domain_is_of_the_default_domain_body()
{
	make_home joe@example.test 'a b:c'
	check JOE 'a b:c' sh -c 'echo $USER' >out
	atf_check -o inline:'joe@example.test\n' cat out
	rm home/control/defaultdomain
	check joe 'a b:c' true
	atf_check_equal 1 $?
}

# Sixty at once shall not have the memory and the processors of all.
atf_test_case a_check_waits_for_one_of_few_places
a_check_waits_for_one_of_few_places_body()
{
	make_home joe@example.test secret
	check joe@example.test secret true || atf_fail 'the password is not taken'
	cat >hold.py <<-'EOF'
		import fcntl, sys, time
		file = open("home/state/auth/failures", "r+b")
		fcntl.lockf(file, fcntl.LOCK_EX, 4096, 1 << 61)
		open(sys.argv[1], "w")
		time.sleep(float(sys.argv[2]))
	EOF
	/usr/bin/python3 hold.py first 1.5 &
	until_true '[ -e first ]'
	check joe@example.test secret true || atf_fail 'the password is not taken after a while'
	wait
	/usr/bin/python3 hold.py second 60 &
	until_true '[ -e second ]'
	check joe@example.test secret true
	code=$?
	kill $!
	atf_check_equal 111 $code
	atf_check -o match:'event=deferred .*reason="too many passwords are being checked"' cat log
}

# A hash that somebody has made dear.
atf_test_case a_hash_can_not_have_all_memory
a_hash_can_not_have_all_memory_body()
{
	skip_sanitized auth-check
	make_home joe@example.test secret
	printf 'joe@example.test:%s\n' '$y$jGT$abcdefghijklmnop$ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop0' \
	    >home/users/passwords
	atf_check -o ignore -e ignore mail-compile
	check joe@example.test secret true
	atf_check_equal 1 $?
	atf_check -o match:'unable to compute a hash: .* takes too much memory' cat log
}

# The forms in which other systems keep passwords; all are of "secret".
atf_test_case passwords_of_other_systems_are_verified
passwords_of_other_systems_are_verified_body()
{
	make_home joe@example.test other
	/usr/bin/python3 >forms <<-'EOF'
		import base64, crypt, hashlib
		crypted = crypt.crypt("secret", "$6$rounds=1000$salt$")
		for scheme in "CRYPT", "SHA512-CRYPT", "sha512-crypt":
		    print("{%s}%s" % (scheme, crypted))
		print("{PLAIN}secret")
		print("{DES-CRYPT}" + crypt.crypt("secret", "ab"))
		for scheme, digest in ("SSHA", "sha1"), ("SSHA256", "sha256"), ("SSHA512", "sha512"):
		    bytes = hashlib.new(digest, b"secret" + b"\x00salt").digest() + b"\x00salt"
		    print("{%s}%s" % (scheme, base64.b64encode(bytes).decode()))
	EOF
	atf_check -o inline:'8\n' grep -c . forms
	while read -r line; do
		form=$line
		echo "joe@example.test:$form" >home/users/passwords
		atf_check -o ignore -e ignore mail-compile
		check joe@example.test secret true || atf_fail "$form: $(cat log)"
	done <forms
	check joe@example.test Secret true
	atf_check_equal 1 $?
	echo "joe@example.test:!$form" >home/users/passwords
	atf_check -o ignore -e ignore mail-compile
	check joe@example.test secret true
	atf_check_equal 1 $?
}

# Who said it once need not be asked for it again.
atf_test_case a_login_brings_the_hash_up_to_date
a_login_brings_the_hash_up_to_date_body()
{
	make_home joe@example.test secret
	echo 'joe@example.test:{SSHA}gVK8WC9YyFT1gMsQHTGCgT3sSv5zYWx0' >home/users/passwords
	atf_check -o ignore -e ignore mail-compile
	cp home/users/passwords kept
	check joe@example.test secret true || atf_fail "$(cat log)"
	sleep 0.5
	atf_check cmp kept home/users/passwords
	echo 1 >home/control/upgradehashes
	check joe@example.test wrong true
	atf_check_equal 1 $?
	atf_check cmp kept home/users/passwords
	check joe@example.test secret true || atf_fail "$(cat log)"
	until_true '! cmp -s kept home/users/passwords'
	atf_check -o match:'^joe@example.test:\$y\$.*:SCRAM-SHA-256\$' cat home/users/passwords
	check joe@example.test secret true || atf_fail "$(cat log)"
	check joe@example.test wrong true
	atf_check_equal 1 $?
	# once is enough
	cp home/users/passwords kept
	sleep 0.5
	atf_check cmp kept home/users/passwords
	# what was changed meanwhile stays
	echo old | OLDHASH='{PLAIN}old' atf_check -s exit:100 -e match:'another password by now' \
	    mail-user upgrade joe@example.test
	atf_check cmp kept home/users/passwords
}

atf_test_case what_is_wrong_is_refused_with_1_after_a_while
what_is_wrong_is_refused_with_1_after_a_while_body()
{
	make_home joe@example.test secret
	atf_check -o ignore -e ignore mail-user alias info@example.test joe@example.test
	for pair in joe@example.test/Secret joe@example.test/ tom@example.test/secret \
	    joe@other.test/secret info@example.test/secret joe+x@example.test/secret \
	    /secret @example.test/secret ../joe@example.test/secret; do
		start=$(date +%s%N)
		check "${pair%/*}" "${pair##*/}" echo run >out
		atf_check_equal 1 $?
		[ $(($(date +%s%N) - start)) -ge 1000000000 ] || atf_fail "$pair is told at once"
		atf_check cat out
		atf_check -o match:'^at=auth-check event=refused user=' cat log
	done
}

atf_test_case a_password_without_a_mailbox_is_refused
a_password_without_a_mailbox_is_refused_body()
{
	make_home joe@example.test secret
	cp home/users/passwords.cdb kept
	atf_check -o ignore -e ignore mail-user remove joe@example.test
	cp kept home/users/passwords.cdb
	check joe@example.test secret true
	atf_check_equal 1 $?
}

atf_test_case an_unknown_user_takes_as_long_as_a_wrong_password
an_unknown_user_takes_as_long_as_a_wrong_password_head()
{
	atf_set require.progs strace
}
an_unknown_user_takes_as_long_as_a_wrong_password_body()
{
	make_home joe@example.test secret
	# the same work: libcrypt's memory is asked for as often
	for name in joe@example.test tom@example.test tom@other.test; do
		printf '%s\0wrong\0\0' $name >credentials
		strace -o trace.$name -e trace=mmap auth-check true 3<credentials 2>/dev/null
		[ $? = 1 ] || atf_skip "strace is not able to trace here"
		grep -c 'MAP_ANONYMOUS' trace.$name >count.$name
	done
	atf_check cmp count.joe@example.test count.tom@example.test
	atf_check cmp count.joe@example.test count.tom@other.test
}

atf_test_case misuse_exits_2
misuse_exits_2_body()
{
	make_home joe@example.test secret
	check joe@example.test secret
	atf_check_equal 2 $?
	atf_check -o match:'usage: auth-check program' cat log
	for content in '' 'joe' 'joe\0' 'joe@example.test\0secret'; do
		printf "$content" >credentials
		atf_check -s exit:2 -e match:'descriptor 3 does not hold' \
		    sh -c 'exec auth-check true 3<credentials'
	done
}

atf_test_case more_than_512_bytes_are_refused
more_than_512_bytes_are_refused_body()
{
	make_home joe@example.test "$(printf 'p%.0s' $(seq 255))"
	check joe@example.test "$(printf 'p%.0s' $(seq 255))" true
	atf_check_equal 0 $?
	check joe@example.test "$(printf 'p%.0s' $(seq 500))" true
	atf_check_equal 1 $?
}

atf_test_case what_is_wrong_with_us_exits_111
what_is_wrong_with_us_exits_111_body()
{
	make_home joe@example.test secret
	check joe@example.test secret ./no-such-program
	atf_check_equal 111 $?
	atf_check -o match:'unable to run ./no-such-program: ' cat log
	atf_check -s exit:111 -e match:'unable to read descriptor 3: ' \
	    sh -c 'exec auth-check true 3<&-'
	mv home/users/users.cdb kept
	check joe@example.test secret true
	atf_check_equal 111 $?
	atf_check -o match:'unable to open users/users.cdb: ' cat log
	printf 'nonsense' >home/users/users.cdb
	check joe@example.test secret true
	atf_check_equal 111 $?
	mv kept home/users/users.cdb
	mv home/users/passwords.cdb kept
	check joe@example.test secret true
	atf_check_equal 111 $?
	atf_check -o match:'unable to read users/passwords.cdb: ' cat log
	FACTEUR_HOME=$PWD/nowhere
	check joe@example.test secret true
	atf_check_equal 111 $?
}

atf_test_case root_never_opens_a_mailbox_of_root
root_never_opens_a_mailbox_of_root_head()
{
	atf_set require.user root
}
root_never_opens_a_mailbox_of_root_body()
{
	make_home joe@example.test secret
	# mail-compile would not make such a file
	sed -i 's/65534:65534:/00000:00000:/' home/users/users.cdb
	check joe@example.test secret id >out
	atf_check_equal 111 $?
	atf_check cat out
	atf_check -o match:'belongs to root' cat log
}

atf_test_case a_mailbox_without_a_folder_can_be_opened
a_mailbox_without_a_folder_can_be_opened_body()
{
	make_home joe@example.test secret
	rm -r home/mail/example.test
	printf 'STAT\r\nQUIT\r\n' >in
	check joe@example.test secret pop3-serve Maildir <in >out
	atf_check -o inline:'+OK messages: 0\r\n+OK 0 0\r\n+OK good bye\r\n' cat out
}

atf_test_case a_socket_connection_answers_many_questions cleanup
a_socket_connection_answers_many_questions_head()
{
	atf_set require.progs 's6-ipcserver python3'
}
a_socket_connection_answers_many_questions_body()
{
	make_home joe@example.test secret
	mkfifo ready
	s6-ipcserver -1 -a 0600 home/run/auth.sock auth-check -s >ready 2>log &
	echo $! >pids
	read -r _ <ready
	cat >ask.py <<'END'
import socket, sys
s = socket.socket(socket.AF_UNIX)
s.connect("home/run/auth.sock")
def ask(question):
    s.sendall(question)
    answer = s.recv(1000)
    print(answer.decode())
def credentials(*parts):
    content = b"".join(p + b"\0" for p in parts)
    return b"%d:%s," % (len(content), content)
ask(credentials(b"joe@example.test", b"secret", b""))
ask(credentials(b"joe@example.test", b"wrong", b""))
ask(credentials(b"joe", b"secret", b"1", b"192.0.2.1"))
ask(b"4:joe\0,")
for byte in credentials(b"joe", b"secret", b""):
    s.sendall(bytes([byte]))
print(s.recv(1000).decode())
ask(b"nonsense")
print(s.recv(1000))
END
	atf_check -o save:answers python3 ask.py
	atf_check -o inline:'17:Kjoe@example.test,
22:Dauthentication failed,
17:Kjoe@example.test,
33:Zunable to check the password now,
17:Kjoe@example.test,
18:Zmalformed request,
b'"''"'\n' cat answers
	atf_check -o match:'event=authenticated client=192.0.2.1 user=joe' cat log
	atf_check -o match:'unable to read a request: ' cat log
	atf_check -s exit:1 grep secret log
}
a_socket_connection_answers_many_questions_cleanup()
{
	kill $(cat pids)
}

# ask USER CLIENT PASSWORD
ask()
{
	printf '%s\0%s\0\0%s\0' "$1" "$3" "$2" >"credentials.$3"
	auth-check true 3<"credentials.$3" 2>log
}

atf_test_case failures_are_counted_by_address
failures_are_counted_by_address_body()
{
	make_home joe@example.test secret
	for password in a b c; do
		ask joe 192.0.2.7 $password
	done
	atf_check -o match:'client=192.0.2.7 user=joe reason="wrong password" failures=3$' cat log
	# the same password again is the same mistake, by whatever name of the mailbox
	ask JOE@example.test 192.0.2.7 c
	atf_check -o match:'failures=3$' cat log
	# others have no failures
	ask joe 192.0.2.8 wrong
	atf_check -o match:'failures=1$' cat log
	# one network of 64 bits is one client
	ask joe 2001:db8:1:2::1 a
	ask joe 2001:db8:1:2:3::4 b
	atf_check -o match:'failures=2$' cat log
	ask joe 2001:db8:1:3::1 wrong
	atf_check -o match:'failures=1$' cat log
	# without an address nothing is counted
	ask joe '' wrong
	atf_check -s exit:1 grep failures log
}

# fail_at_once COUNT: so many wrong guesses from 192.0.2.7, which are being delayed then
fail_at_once()
{
	rm -f log.*
	for i in $(seq "$1"); do
		printf 'nobody\0guess %s of %s\0\000192.0.2.7\0' "$i" "$1" >"guess.$i"
		auth-check true 3<"guess.$i" 2>"log.$i" &
	done
	until_true "[ \"\$(cat log.* | grep -c event=refused)\" -eq $1 ]"
}

atf_test_case the_right_password_does_not_wait_for_others
the_right_password_does_not_wait_for_others_body()
{
	make_home joe@example.test secret
	fail_at_once 5
	wait
	# they make the next failure cost 4 seconds
	start=$(date +%s%N)
	atf_check -e match:'event=authenticated client=192.0.2.7' \
	    sh -c 'printf "joe\0secret\0\000192.0.2.7\0" | auth-check true 3<&0'
	[ $(($(date +%s%N) - start)) -lt 3500000000 ] || atf_fail "the right password is delayed"
}

atf_test_case few_guesses_of_an_address_are_heard_at_once
few_guesses_of_an_address_are_heard_at_once_body()
{
	make_home joe@example.test secret ann@example.test secret
	echo secret | atf_check -o ignore -e ignore mail-user add ann@example.test
	ask ann 192.0.2.7 secret || atf_fail "ann does not get in"
	# more than are free, before 5 make the address slow enough
	fail_at_once 4
	wait
	fail_at_once 5
	ask joe 192.0.2.7 secret
	atf_check_equal 111 $?
	atf_check -o match:'event=deferred client=192.0.2.7 user=joe reason="too many guesses at once"' cat log
	# who was right from there before, and who comes from elsewhere, gets in
	ask ann 192.0.2.7 secret || atf_fail "ann is shut out"
	ask joe 192.0.2.8 secret || atf_fail "joe is shut out elsewhere"
	wait
	ask joe 192.0.2.7 secret || atf_fail "joe stays shut out"
}

atf_test_case fail2ban_finds_who_failed
fail2ban_finds_who_failed_head()
{
	atf_set require.progs python3
}
fail2ban_finds_who_failed_body()
{
	make_home joe@example.test secret
	[ -n "$FACTEUR_SOURCE" ] || atf_fail "FACTEUR_SOURCE, the source tree, is not set"
	regex=$(sed -n 's/^failregex = //p' "$FACTEUR_SOURCE/doc/auth.5")
	for name in joe 'x client=192.0.2.99 user=y' '" client=192.0.2.99' \
	    "$(printf 'a\nat=auth-check event=refused client=192.0.2.99 user=b')" \
	    "$(printf '\001%.0s' $(seq 400))"; do
		printf '%s\0wrong\0\000192.0.2.7\0' "$name" >credentials
		auth-check true 3<credentials 2>>lines
		printf '%s\0wrong\0\0002001:db8::7\0' "$name" >credentials
		auth-check true 3<credentials 2>>lines
	done
	printf 'joe\0secret\0\000192.0.2.7\0' >credentials
	auth-check true 3<credentials 2>>lines
	cat >find.py <<-'END'
		import re, sys
		# as fail2ban replaces it, without host names
		host = r"(?P<host>(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F:]*:[0-9a-fA-F:]*)"
		pattern = re.compile(sys.argv[1].replace("<HOST>", host))
		for line in open("lines", encoding="utf-8", errors="replace"):
		    found = pattern.search(line)
		    if found:
		        print(found.group("host"))
	END
	atf_check -o inline:'      5 192.0.2.7\n      5 2001:db8::7\n' \
	    sh -c 'python3 find.py "$1" | sort | uniq -c' find "$regex"
}

atf_init_test_cases()
{
	for name in $(sed -n 's/^atf_test_case \([^ ]*\).*/\1/p' "$(atf_get_srcdir)/auth-check_test"); do
		atf_add_test_case "$name"
	done
}

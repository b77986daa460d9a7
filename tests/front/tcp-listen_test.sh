#! /usr/bin/env atf-sh
PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"
. "$(atf_get_srcdir)/../lib/loopback.sh"

# listen [OPTION...] -- PROGRAM...: a server on a port of 127.0.0.1, or of $ip, that the kernel has chosen
listen()
{
	options=
	while [ "$1" != -- ]; do
		options="$options $1"
		shift
	done
	shift
	rm -f port
	mkfifo port
	# shellcheck disable=SC2086 # words
	${launcher:-tcp-listen} -1 -HRD $options "${ip:-127.0.0.1}" 0 "$@" >port 2>log 9<&- &
	server=$!
	trap 'kill $server $guests 2>/dev/null' EXIT
	exec 9<port
	read -r port <&9
}

# say TEXT [FROM]: what the server answers until the end
say()
{
	python3 - "${to:-127.0.0.1}" "$port" "$1" "${2-}" <<'END'
import socket, sys
to, port, text, source = sys.argv[1:]
talk = socket.create_connection((to, int(port)), 30, source_address=(source, 0) if source else None)
talk.sendall(text.encode().decode("unicode_escape").encode())
talk.shutdown(socket.SHUT_WR)
while True:
    heard = talk.recv(4096)
    if not heard:
        break
    sys.stdout.buffer.write(heard)
END
}

# answers EXPECTED TEXT [FROM]
answers()
{
	expected=$1
	shift
	say "$@" >answer || atf_fail "no connection"
	atf_check -o inline:"$expected" cat answer
}

# stay [FROM]: a guest who comes and does not go; answered when he is served
stay()
{
	rm -f guest
	mkfifo guest
	tcpclient -HRD ${1:+-i "$1"} 127.0.0.1 "$port" sh -c 'exec cat <&6' >guest 2>/dev/null &
	guests="$guests $!"
	read -r answer <guest
}

home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	mkdir -p home/state/peer home/state/readers
}

as_tcpserver='env | grep -E "^(TCP[LR]|PROTO)" | sed -e "s/PORT=.*/PORT/" | sort; echo "$#: $*"'

atf_test_case a_program_finds_what_tcpserver_gives_it
a_program_finds_what_tcpserver_gives_it_body()
{
	export TCPREMOTEHOST=liar TCPREMOTEINFO=liar TCPLOCALHOST=liar SERVICE_BUSY=told
	for ip in 127.0.0.1 0 $(! has_ipv6 || echo ::1); do
		to=$ip
		[ "$ip" != 0 ] || to=127.0.0.1
		for launcher in tcpserver tcp-listen; do
			listen -l here -c 3 -b 9 -- sh -c "$as_tcpserver" x y 'a  b'
			say '' >"said.$launcher" || atf_fail "$launcher on $ip: no answer"
			kill "$server"
		done
		atf_check -o match:^PROTO= -o match:^TCPLOCALHOST=here -o match:'^2: y a  b' \
		    -o match:^TCPLOCALPORT -o match:^TCPREMOTEPORT -o match:^TCPREMOTEIP= \
		    cat said.tcp-listen
		atf_check cmp said.tcpserver said.tcp-listen
	done
	# all addresses are those of both kinds
	launcher=tcp-listen ip=0
	listen -- sh -c 'echo $TCPLOCALIP $PROTO'
	to=127.0.0.1
	answers '127.0.0.1 TCP\n' ''
	! has_ipv6 || {
		to=::1
		answers '::1 TCP6\n' ''
	}
	# the ports, too, are right
	listen -- sh -c 'echo $TCPLOCALPORT'
	atf_check_equal "$port" "$(say '')"
}

atf_test_case a_program_has_the_connection_and_nothing_else
a_program_has_the_connection_and_nothing_else_body()
{
	# 3 is the folder
	listen -- ls -1 /proc/self/fd
	ls -1 /proc/self/fd </dev/null >own 9<&-
	say '' >said
	atf_check -o file:own cat said
	kill $server
	listen -- grep -e SigBlk -e SigIgn /proc/self/status
	# as the server, which is started so that Ctrl-C is not for it
	grep -e SigBlk -e SigIgn /proc/self/status >own &
	wait $!
	say '' >said
	atf_check -o file:own cat said
	# who waits for the end of what the server says has it, for there is no more
	! read -r more <&9 || atf_fail "it says $more"
}

atf_test_case so_many_at_once_and_no_more
so_many_at_once_and_no_more_body()
{
	listen -c 2 -- sh -c 'echo in; exec cat'
	stay
	stay
	say '' >third &
	third=$!
	# it stands in the queue of those who are not taken yet
	until_true "grep -q '$(printf ' 0100007F:%04X 05' "$port")' /proc/net/tcp"
	atf_check test ! -s third
	kill ${guests##* }
	wait $third
	atf_check -o inline:'in\n' cat third
	# none is left behind
	kill $guests 2>/dev/null
	until_true '[ -z "$(cat /proc/'$server'/task/*/children)" ]'
}

# It does what peer-limit would do, without starting it: there is none in PATH here.
atf_test_case peer_limit_is_spared
peer_limit_is_spared_body()
{
	home
	mkdir bin
	for program in tcp-listen peer-limit; do
		ln -s "$(command -v $program)" bin/
	done
	launcher="env PATH=/usr/bin:/bin $PWD/bin/tcp-listen"
	listen -c 9 -- peer-limit -c 9 -a 2 -n 3 sh -c 'echo in; exec cat'
	stay 127.0.0.1
	stay 127.0.0.1
	answers '421 4.7.0 too many connections from your address\r\n' '' 127.0.0.1
	atf_check -o match:'at=tcp-listen event=refused code=421 reason="too many connections" client=127.0.0.1 peer=127.0.0.1$' \
	    cat log
	# peer-limit itself finds the same places taken
	atf_check -s exit:111 -e match:refused -o match:'^421 4.7.0' env TCPREMOTEIP=127.0.0.1 bin/peer-limit -a 2 true
	stay 127.0.0.2
	answers '421 4.7.0 too many connections from your network\r\n' '' 127.0.0.3
	atf_check -o match:'client=127.0.0.3 peer=127.0.0.0/24$' tail -n 1 log
	kill ${guests##* }
	until_true "TCPREMOTEIP=127.0.0.4 bin/peer-limit -n 3 true"
	answers 'in\n' '' 127.0.0.4
}

# Nor has a server to do it that would.
atf_test_case a_server_is_spared_its_limits
a_server_is_spared_its_limits_body()
{
	home
	mkdir bin
	printf '#!/bin/sh\necho "$@"\nexec cat\n' >bin/smtp-recv
	cp bin/smtp-recv bin/pop3-login
	chmod 755 bin/*
	PATH=$PWD/bin:$PATH
	listen -- smtp-recv -l '-c 9 -a 1' -u true
	stay
	atf_check_equal '-u true' "$answer"
	answers '421 4.7.0 too many connections from your address\r\n' ''
	atf_check -o match:'at=tcp-listen event=refused code=421 .* peer=127.0.0.1$' cat log
	kill $guests $server
	listen -- pop3-login -l '-d readers -c 9 -p pop3' -t
	answers '-t\n' ''
	atf_check test -e home/state/readers/places
	kill $server
	# what it does not understand it leaves to the program
	listen -- smtp-recv -u -l '-c 9'
	answers '-u -l -c 9\n' ''
}

atf_test_case a_full_server_says_so
a_full_server_says_so_body()
{
	home
	unset SERVICE_BUSY
	listen -c 5 -- peer-limit -c 5 -a 0 -p pop3 -d readers sh -c 'echo ${SERVICE_BUSY-quiet}; exec cat'
	for expected in quiet quiet quiet 1; do
		stay
		atf_check_equal "$expected" "$answer"
	done
	for i in 1 2 3; do
		answers '-ERR [SYS/TEMP] too many connections, try again later\r\n' ''
	done
	atf_check -o match:'event=refused .*client=127.0.0.1 peer=any$' tail -n 1 log
	atf_check test ! -e home/state/readers/places
	kill ${guests##* }
	until_true '[ "$(say "")" = 1 ]'
}

atf_test_case trouble_is_told
trouble_is_told_body()
{
	home
	listen -- ./none
	say '' >said
	atf_check test ! -s said
	atf_check -o match:'tcp-listen: unable to run ./none: ' cat log
	kill $server
	listen -- peer-limit ./none
	answers '421 4.3.0 unable to serve you now, try again later\r\n' ''
	atf_check -s exit:111 -e match:"unable to listen on 127.0.0.1 $port: " tcp-listen 127.0.0.1 "$port" true
	for ip in 127.0.0.256 localhost ''; do
		atf_check -s exit:111 -e match:"unable to listen on $ip 0: " tcp-listen "$ip" 0 true
	done
	for wrong in '' '0 0' '0 65536 true' '-x cdb 0 0 true' '-c 0 0 0 true' '-c 65537 0 0 true' \
	    '-u x 0 0 true' '-u 0 0 0 true' '-b 0 0 0 true' '0 0 peer-limit' '0 0 peer-limit -c x true' \
	    '0 0 smtp-recv -l -x true'; do
		atf_check -s exit:111 -e match:usage tcp-listen $wrong
	done
	rm -r home
	atf_check -s exit:111 -e match:'unable to open .*places' tcp-listen 127.0.0.1 0 peer-limit true
}

atf_test_case nothing_of_root_is_left
nothing_of_root_is_left_head()
{
	atf_set require.user root
}
nothing_of_root_is_left_body()
{
	uid=$(id -u nobody) gid=$(id -g nobody)
	listen -u "$uid" -g "$gid" -- cat /proc/self/status
	say '' >said
	atf_check -o match:"^Uid:.$uid.$uid.$uid.$uid$" -o match:"^Gid:.$gid.$gid.$gid.$gid$" \
	    -o match:"^Groups:.$gid *$" -o match:'^CapEff:.0*$' cat said
	atf_check -o match:"^Uid:.$uid.$uid.$uid.$uid$" cat "/proc/$server/status"
}

# A client that comes and goes at once, and many at a time, cost nobody else their service.
atf_test_case many_come_and_go
many_come_and_go_body()
{
	home
	listen -c 20 -- peer-limit -c 20 -a 4096 sh -c 'exec cat'
	say ''
	until_true '[ -z "$(cat /proc/'$server'/task/*/children)" ]'
	ls /proc/$server/fd >before
	python3 - "$port" <<'END' || atf_fail "some were not served"
import socket, struct, sys
address = "127.0.0.1", int(sys.argv[1])
for i in range(150):
    gone = socket.create_connection(address)
    gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    gone.close()
guests = [socket.create_connection(address) for i in range(15)]
for guest in guests:
    guest.sendall(b"hear")
    assert guest.recv(4) == b"hear"
END
	until_true '[ -z "$(cat /proc/'$server'/task/*/children)" ]'
	ls /proc/$server/fd >later
	atf_check cmp before later
}

# The run scripts have it by one file.
atf_test_case it_serves_a_home
it_serves_a_home_head()
{
	atf_set require.progs s6-svscan
}
it_serves_a_home_body()
{
	chmod 755 .
	as=
	[ "$(id -u)" != 0 ] || { chown nobody .; as='setpriv --reuid=nobody --regid=nogroup --clear-groups'; }
	base=$(($(od -An -N2 -tu2 /dev/urandom) % 20000 + 20000))
	$as mail-setup -u -i 127.0.0.1 -p $base -m mx.example.test home example.test >/dev/null ||
		atf_fail "mail-setup failed"
	for service in smtp submission submissions pop3 pop3s; do
		atf_check -o match:'"\$\{LAUNCHER:-tcpserver\}" -1 -HRD .*' cat home/service/$service/run
	done
	echo tcp-listen >home/service/smtp/env/LAUNCHER
	port=$((base + 25)) server=
	$as sh -c 'cd home/service/smtp && exec ./run 3>../../../ready' >log 2>&1 &
	server=$!
	trap 'kill $server' EXIT
	until_true '[ -s ready ]'
	atf_check -o inline:"$port\n" cat ready
	atf_check -o inline:'tcp-listen\n' cat /proc/$server/comm
	say 'QUIT\r\n' >answer
	atf_check -o match:'^220 mx.example.test' -o match:^221 cat answer
}

atf_init_test_cases()
{
	atf_add_test_case a_program_finds_what_tcpserver_gives_it
	atf_add_test_case a_program_has_the_connection_and_nothing_else
	atf_add_test_case so_many_at_once_and_no_more
	atf_add_test_case peer_limit_is_spared
	atf_add_test_case a_server_is_spared_its_limits
	atf_add_test_case a_full_server_says_so
	atf_add_test_case trouble_is_told
	atf_add_test_case nothing_of_root_is_left
	atf_add_test_case many_come_and_go
	atf_add_test_case it_serves_a_home
}

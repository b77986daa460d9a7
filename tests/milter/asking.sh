# asking.sh: milters, and milter-ask that asks them.  To be read by a test, with $asking this folder, after
# lib/until.sh.

# a home, and a sink "keep" that keeps message and envelope
home()
{
	FACTEUR_HOME=$PWD/home
	PATH=$PWD/bin:$PATH
	export FACTEUR_HOME PATH
	mkdir -p home/control bin
	echo mx.test >home/control/me
	cat >bin/keep <<-EOF
		#!/bin/sh
		cat >"$PWD/message"
		tr '\0' '|' <&1 >"$PWD/envelope"
	EOF
	chmod +x bin/keep
	/usr/bin/python3 -c 'import Milter' 2>/dev/null || atf_fail "python3-milter is missing"
}

# play RULE...: the milter, at $milter
play()
{
	stop
	plays=$((plays + 1))
	milter=unix:$PWD/m$plays.sock
	rm -f calls
	/usr/bin/python3 "$asking/played.py" "$milter" calls "$@" >milter.out 2>&1 &
	echo $! >>milter.pid
	until_true 'grep -q "00010000 .*$PWD/m$plays.sock\$" /proc/net/unix'
}

# raw [NAME=VALUE...]: the one of raw.py, at $milter
raw()
{
	stop
	rm -f packets
	raw_beside packets "$@"
}

# raw_beside LOG [NAME=VALUE...]: one more
raw_beside()
{
	plays=$((plays + 1))
	milter=unix:$PWD/m$plays.sock
	beside=$1
	shift
	/usr/bin/python3 "$asking/raw.py" "$PWD/m$plays.sock" "$beside" "$@" >milter.out 2>&1 &
	echo $! >>milter.pid
	until_true 'grep -q "00010000 .*$PWD/m$plays.sock\$" /proc/net/unix'
}

stop()
{
	[ -s milter.pid ] || return 0
	# shellcheck disable=SC2046
	kill $(cat milter.pid) 2>/dev/null
	rm -f milter.pid
}

# session [ARGUMENT...]: an SMTP session with smtp-recv and these
session()
{
	{
		printf '%s\r\n' 'EHLO client.test' 'MAIL FROM:<a@client.test> SIZE=10' 'RCPT TO:<b@mx.test>' \
		    'RCPT TO:<bad@mx.test>' DATA
		sed 's/^\./../; s/$/\r/' letter
		printf '%s\r\n' . QUIT
	} | TCPREMOTEIP=192.0.2.1 TCPREMOTEPORT=2525 TCPREMOTEHOST=host.test smtp-recv "$@" 2>log | tr -d '\r' >replies
}

letter()
{
	printf '%s\n' 'From: a@client.test' 'Subject: one' '	folded' 'Subject: two' '' 'line' '.dot' >letter
}

# sink CODE [ARGUMENT...]: the sink alone, with a message of its own; it exits with CODE
sink()
{
	code=$1
	shift
	printf 'Fa@client.test\0Tb@mx.test\0Tc@mx.test\0\0' >sent
	# shellcheck disable=SC2094
	SMTPHELO=client.test TCPREMOTEIP=192.0.2.1 milter-ask "$@" keep <letter 1<sent 4>report 2>log
	[ $? = "$code" ] || atf_fail "not $code: $(cat log report)"
}

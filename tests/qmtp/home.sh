# A home, and a sink "keep" that keeps message and envelope there.

home()
{
	mkdir -p home/control bin
	echo mx.example.test >home/control/me
	FACTEUR_HOME=$PWD/home
	PATH=$PWD/bin:$PATH
	TCPREMOTEIP=192.0.2.1
	export FACTEUR_HOME TCPREMOTEIP
	cat >bin/keep <<-'END'
	#!/bin/sh
	cat >message.part
	tr '\0' '|' <&1 >envelope
	mv message.part message
	END
	chmod 755 bin/keep
}

pack()
{
	"$(atf_get_srcdir)/qmtp_pack.py" "$@"
}

# What the client sent, without our Received field.
expect_message()
{
	sed '1,/;.*[0-9]$/d' home/message >told
	atf_check cmp "$1" told
}

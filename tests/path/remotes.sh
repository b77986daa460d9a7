# remotes.sh: Postfix, OpenSMTPD and Exim of Debian, unpacked and not installed, that take all mail on
# 127.0.0.1 port $inlet, under STARTTLS with $tls/cert.pem and $tls/key.pem, and drop it.  To be read by a
# shell of root in a mount namespace of its own (unshare -m), after peers.sh.

exim_serve()
{
	mkdir /var/spool/exim4 && chown Debian-exim /var/spool/exim4 || return
	cp "$tls/cert.pem" "$tls/key.pem" /run && chown Debian-exim /run/key.pem
	exim=$peers/exim4-daemon-light/usr/sbin/exim4
	cat >/run/exim.conf <<-EOF2
		exim_path = $exim
		spool_directory = /var/spool/exim4
		log_file_path = /var/spool/exim4/%slog
		primary_hostname = exim.test
		keep_environment =
		local_interfaces = 127.0.0.1
		daemon_smtp_ports = $inlet
		tls_advertise_hosts = *
		tls_resumption_hosts = *
		tls_certificate = /run/cert.pem
		tls_privatekey = /run/key.pem
		acl_smtp_rcpt = accept
		begin routers
		all:
		  driver = redirect
		  data = :blackhole:
	EOF2
	"$exim" -C /run/exim.conf -bdf >/run/log 2>&1 &
	peer=$!
}

opensmtpd_serve()
{
	mkdir -p /var/lib/opensmtpd/empty /var/spool/smtpd && chmod 711 /var/spool/smtpd || return
	cp "$tls/cert.pem" "$tls/key.pem" /run && chmod 600 /run/key.pem
	cat >/run/smtpd.conf <<-EOF2
		pki "mx.test" cert "/run/cert.pem"
		pki "mx.test" key "/run/key.pem"
		listen on 127.0.0.1 port $inlet tls pki "mx.test" hostname opensmtpd.test
		action "out" relay host "smtp://127.0.0.1:9"
		match from any for any action "out"
	EOF2
	chmod 600 /run/smtpd.conf
	"$peers/opensmtpd/usr/sbin/smtpd" -d -f /run/smtpd.conf >/run/log 2>&1 &
	peer=$!
}

postfix_serve()
{
	smtp=9
	postfix_begin || return
	cat >>/run/postfix/main.cf <<-EOF2
		mynetworks = 127.0.0.0/8
		default_transport = discard:
		smtpd_tls_security_level = may
		smtpd_tls_cert_file = $tls/cert.pem
		smtpd_tls_key_file = $tls/key.pem
	EOF2
	sed -i /relayhost/d /run/postfix/main.cf
	"$postfix/usr/lib/postfix/sbin/master" -c /run/postfix -w || return
	peer=$(tr -d ' ' </var/spool/postfix/pid/master.pid)
}

# greets: does it listen?
greets()
{
	/usr/bin/python3 -c '
import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5).close()' "$inlet" 2>/dev/null
}

# take_from_us: twice, for a session that is resumed; what mx-send and the peer say
take_from_us()
{
	await greets
	for time in first second; do
		echo "$time:"
		mx-send -v "127.0.0.1:$inlet" a@from.test b@to.test <message 2>&1
	done
	kill "$peer"
	cat /run/log
}

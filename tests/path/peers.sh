# peers.sh: Postfix, OpenSMTPD and Exim of Debian, unpacked and not installed, that send what
# they are given to $smtp on 127.0.0.1, over STARTTLS or not at all.  To be read by a shell of
# root in a mount namespace of its own (unshare -m), with $peers the folder of the packages
# and $peer_source this one.
. "$peer_source/../lib/until.sh"

# peers_view: their users, and their folders, which are gone with the namespace
peers_view()
{
	mount -t tmpfs none /var/spool && mount -t tmpfs none /var/lib && mount -t tmpfs none /run ||
		return
	id=64000
	for user in opensmtpd opensmtpq Debian-exim postfix postdrop; do
		id=$((id + 1))
		echo "$user:x:$id:$id::/nonexistent:/usr/sbin/nologin" >>/run/passwd.more
		echo "$user:x:$id:" >>/run/group.more
	done
	cat /etc/passwd /run/passwd.more >/run/passwd
	cat /etc/group /run/group.more >/run/group
	mount --bind /run/passwd /etc/passwd && mount --bind /run/group /etc/group
}

# Each sends the message on standard input from a@PEER.test to $1 and waits until it has.

exim_send()
{
	mkdir /var/spool/exim4 && chown Debian-exim /var/spool/exim4 || return
	exim=$peers/exim4-daemon-light/usr/sbin/exim4
	cat >/run/exim.conf <<-EOF2
		exim_path = $exim
		spool_directory = /var/spool/exim4
		log_file_path = /var/spool/exim4/%slog
		primary_hostname = exim.test
		keep_environment =
		begin routers
		all:
		  driver = manualroute
		  route_list = * 127.0.0.1
		  self = send
		  transport = out
		begin transports
		out:
		  driver = smtp
		  port = $smtp
		  hosts_require_tls = *
		begin retry
		* * F,1h,1m
	EOF2
	"$exim" -C /run/exim.conf -oi -odi -f a@exim.test "$1"
	cat /var/spool/exim4/mainlog
}

opensmtpd_send()
{
	mkdir -p /var/lib/opensmtpd/empty /var/spool/smtpd && chmod 711 /var/spool/smtpd || return
	cat >/run/smtpd.conf <<-EOF2
		listen on 127.0.0.1 port $inlet hostname opensmtpd.test
		action "out" relay host "smtp+tls://127.0.0.1:$smtp" tls no-verify helo opensmtpd.test
		match from any for any action "out"
	EOF2
	chmod 600 /run/smtpd.conf
	"$peers/opensmtpd/usr/sbin/smtpd" -d -f /run/smtpd.conf >/run/log 2>&1 &
	peer=$!
	hand_in opensmtpd "$1" 'mta delivery'
}

postfix_configure()
{
	cat >/run/postfix/main.cf <<-EOF2
		compatibility_level = 3.6
		queue_directory = /var/spool/postfix
		data_directory = /run/postfix/data
		daemon_directory = $postfix/usr/lib/postfix/sbin
		command_directory = $postfix/usr/sbin
		shlib_directory = $postfix/usr/lib/postfix
		meta_directory = $postfix/etc/postfix
		import_environment = MAIL_CONFIG LD_LIBRARY_PATH=$LD_LIBRARY_PATH
		maillog_file = /run/log
		maillog_file_prefixes = /run
		myhostname = postfix.test
		mydestination =
		inet_interfaces = 127.0.0.1
		inet_protocols = ipv4
		alias_maps =
		relayhost = [127.0.0.1]:$smtp
		smtp_tls_security_level = encrypt
	EOF2
	sed -e "s/^smtp  *inet.*/127.0.0.1:$inlet inet n - n - - smtpd/" \
	    -e 's/^\([a-z]*  *unix  *[^ ]* *[^ ]* *\)y/\1n/' \
	    "$postfix/usr/share/postfix/master.cf.dist" >/run/postfix/master.cf
}

postfix_begin()
{
	postfix=$peers/postfix
	export LD_LIBRARY_PATH="$postfix/usr/lib/postfix" MAIL_CONFIG=/run/postfix
	mkdir -p /run/postfix/data /var/spool/postfix/pid && chown postfix /run/postfix/data || return
	for name in active bounce corrupt defer deferred flush hold incoming private saved trace \
	    public maildrop; do
		mkdir -m 700 "/var/spool/postfix/$name" && chown postfix "/var/spool/postfix/$name"
	done
	chgrp postdrop /var/spool/postfix/public /var/spool/postfix/maildrop
	chmod 710 /var/spool/postfix/public
	chmod 730 /var/spool/postfix/maildrop
	postfix_configure
}

postfix_send()
{
	postfix_begin || return
	"$postfix/usr/lib/postfix/sbin/master" -c /run/postfix -w || return
	peer=$(tr -d ' ' </var/spool/postfix/pid/master.pid)
	hand_in postfix "$1" 'status='
}

# hand_in PEER TO WORDS: by SMTP, once it listens; until its log has those words
hand_in()
{
	cat >/run/message
	await swaks --server "127.0.0.1:$inlet" --from "a@$1.test" --to "$2" --data @/run/message >/run/swaks 2>&1
	await grep -q "$3" /run/log
	kill "$peer"
	cat /run/log
}

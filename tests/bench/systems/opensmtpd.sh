# Debian's OpenSMTPD, unpacked and not installed: SMTP to maildirs, in a mount and process
# namespace of its own, where its users and folders exist.  It must be started by root.

opensmtpd_missing() {
	peer_missing opensmtpd
}

opensmtpd_configure() {
	seq -f "box%g@$domain nobody" "$boxes" >"$opensmtpd/boxes"
	awk '{ print $1 " smtp://" $2 ":" $3 }' "$work/routes" >"$opensmtpd/routes"
	cat >"$opensmtpd/smtpd.conf" <<-EOF2
		smtp max-message-size 20M
		table boxes file:$opensmtpd/boxes
		table routes file:$opensmtpd/routes
		listen on 127.0.0.1 port $opensmtpd_port hostname mx.$domain
		action "local" maildir "$opensmtpd/mail/%{rcpt.user}/Maildir" virtual <boxes>
		action "onwards" relay domain <routes>
		match from any for domain "$domain" action "local"
		match from any for any action "onwards"
	EOF2
	chmod 600 "$opensmtpd/smtpd.conf"
}

# What it has compiled in: its folders, its programs, a name.
opensmtpd_places() {
	cat <<-EOF2
		mount --bind "$opensmtpd/var-spool" /var/spool
		mount -t tmpfs none /var/lib && mkdir -p /var/lib/opensmtpd/empty
		mount -t tmpfs none /usr/libexec && mkdir /usr/libexec/opensmtpd
		mount --bind "$peers/opensmtpd/usr/libexec/opensmtpd" /usr/libexec/opensmtpd
		mount -t tmpfs none /run
		mkdir -p /var/spool/smtpd
		for each in offline:770:root:61002 purge:700:61002:root temporary:700:61002:root \\
		    incoming:700:61002:root queue:700:61002:root corrupt:700:61002:root; do
			(IFS=:; set -- \$each; mkdir -p /var/spool/smtpd/\$1
			chmod \$2 /var/spool/smtpd/\$1; chown \$3:\$4 /var/spool/smtpd/\$1)
		done
		chmod 711 /var/spool/smtpd
	EOF2
}

opensmtpd_start() {
	opensmtpd=$work/opensmtpd
	opensmtpd_port=$(($(free_base) + 25))
	mkdir -p "$opensmtpd/var-spool" && peer_maildirs "$opensmtpd/mail" &&
		opensmtpd_configure || return 1
	peer_accounts "$opensmtpd" opensmtpd opensmtpq
	peer_run "$opensmtpd" "$(opensmtpd_places)
		exec $peers/opensmtpd/usr/sbin/smtpd -d -f $opensmtpd/smtpd.conf"
	opensmtpd_pid=$!
	wait_until 10 listens "$opensmtpd_port"
}

opensmtpd_stop() {
	peer_stop "$opensmtpd_pid"
}

opensmtpd_system() {
	root=$opensmtpd_pid
	smtp_port=$opensmtpd_port
	pop3_port=
	maildir_format=$opensmtpd/mail/box%g/Maildir
}

opensmtpd_quiet() {
	:
}

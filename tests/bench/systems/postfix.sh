# Debian's Postfix from its package, unpacked and not installed, with Debian's settings but for
# the places: SMTP to maildirs by virtual(8), not chrooted.  It must be started by root.

postfix_missing() {
	[ "$(id -u)" = 0 ] || {
		echo "it must be started by root"
		return 0
	}
	"$here/../dependencies" unpack "$peers" postfix || {
		echo "its package can't be had"
		return 0
	}
	return 1
}

# Two accounts that every Debian has and nobody uses stand for postfix and postdrop.
postfix_configure() {
	cat >"$postfix/etc/main.cf" <<-EOF2
		compatibility_level = 3.6
		queue_directory = $postfix/spool
		data_directory = $postfix/data
		daemon_directory = $peers/postfix/usr/lib/postfix/sbin
		command_directory = $peers/postfix/usr/sbin
		shlib_directory = $peers/postfix/usr/lib/postfix
		meta_directory = $peers/postfix/etc/postfix
		mail_owner = uucp
		setgid_group = news
		import_environment = MAIL_CONFIG POSTLOG_SERVICE POSTLOG_HOSTNAME LD_LIBRARY_PATH=$LD_LIBRARY_PATH
		maillog_file = $postfix/log/mail.log
		maillog_file_prefixes = $postfix/log
		myhostname = mx.$domain
		mydestination =
		mynetworks = 127.0.0.0/8
		inet_interfaces = 127.0.0.1
		inet_protocols = ipv4
		alias_maps =
		alias_database =
		message_size_limit = 20971520
		smtpd_tls_security_level = may
		smtpd_tls_cert_file = $work/cert.pem
		smtpd_tls_key_file = $work/key.pem
		smtp_tls_security_level = may
		smtp_tls_session_cache_database = btree:$postfix/data/smtp_scache
		transport_maps = texthash:$postfix/etc/routes
		virtual_mailbox_domains = $domain
		virtual_mailbox_base = $postfix/mail
		virtual_mailbox_maps = texthash:$postfix/etc/boxes
		virtual_uid_maps = static:$(id -u nobody)
		virtual_gid_maps = static:$(id -g nobody)
		virtual_minimum_uid = 1
	EOF2
	sed -e 's/^\(smtp  *\)inet\(  *[^ ]* *[^ ]* *\)y/'"$((postfix_base + 25))"' inet\2n/' \
	    -e 's/^\([a-z]*  *unix  *[^ ]* *[^ ]* *\)y/\1n/' \
	    "$peers/postfix/usr/share/postfix/master.cf.dist" >"$postfix/etc/master.cf"
	echo "$((postfix_base + 26)) inet n - n - - smtpd -o smtpd_tls_wrappermode=yes" \
	    >>"$postfix/etc/master.cf"
	awk '{ print $1 " smtp:[" $2 "]:" $3 }' "$work/routes" >"$postfix/etc/routes"
	for i in $(seq "$boxes"); do
		echo "box$i@$domain box$i/Maildir/"
	done >"$postfix/etc/boxes"
}

postfix_folders() {
	mkdir -p "$postfix/etc" "$postfix/data" "$postfix/log" "$postfix/mail" || return 1
	peer_maildirs "$postfix/mail" || return 1
	chown uucp "$postfix/data"
	for i in active bounce corrupt defer deferred flush hold incoming private saved trace \
	    public maildrop pid; do
		mkdir -p "$postfix/spool/$i" && chmod 700 "$postfix/spool/$i" || return 1
		[ "$i" = pid ] || chown uucp "$postfix/spool/$i"
	done
	chown uucp:news "$postfix/spool/public" "$postfix/spool/maildrop"
	chmod 710 "$postfix/spool/public"
	chmod 730 "$postfix/spool/maildrop"
	chmod 755 "$postfix/spool/pid"
}

postfix_start() {
	postfix=$work/postfix
	postfix_base=$(free_base)
	LD_LIBRARY_PATH=$peers/postfix/usr/lib/postfix
	postfix_folders && postfix_configure || return 1
	# as postfix(1) would, so that nothing goes to the machine's own log
	LD_LIBRARY_PATH=$LD_LIBRARY_PATH POSTLOG_HOSTNAME=mx \
	POSTLOG_SERVICE=$postfix/spool/public/postlog \
	    "$peers/postfix/usr/lib/postfix/sbin/master" \
	    -c "$postfix/etc" -w || return 1
	postfix_pid=$(tr -d ' ' <"$postfix/spool/pid/master.pid")
}

postfix_stop() {
	kill "$postfix_pid"
	wait_until 20 is_gone "$postfix_pid"
}

postfix_system() {
	root=$postfix_pid
	smtp_port=$((postfix_base + 25))
	smtps_port=$((postfix_base + 26))
	pop3_port=
	maildir_format=$postfix/mail/box%g/Maildir
}

# Its servers wait 100 seconds for more work; told to read its configuration anew they end.
postfix_quiet() {
	kill -HUP "$postfix_pid"
}

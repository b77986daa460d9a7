# dovecot.sh: Dovecot of Debian, unpacked and not installed: LMTP on 127.0.0.1 port $inlet and at
# /run/lmtp, and submission with STARTTLS, $tls/cert.pem and $tls/key.pem, on port $submission, which
# relays to port $relay.  To be read by a shell of root in a mount namespace of its own (unshare -m).
. "$peer_source/../lib/until.sh"

# Its libraries and programs are where they were meant to be, its users in the account files.
dovecot_view()
{
	lower=
	for package in dovecot-core dovecot-lmtpd dovecot-submissiond; do
		lower=$lower$peers/$package/usr:
	done
	mount -t overlay overlay -o "lowerdir=$lower/usr" /usr && mount -t tmpfs none /run &&
		mount -t tmpfs none /var/lib || return
	id=64000
	for user in dovecot dovenull vmail; do
		id=$((id + 1))
		echo "$user:x:$id:$id::/nonexistent:/usr/sbin/nologin" >>/run/passwd.more
		echo "$user:x:$id:" >>/run/group.more
	done
	cat /etc/passwd /run/passwd.more >/run/passwd && cat /etc/group /run/group.more >/run/group &&
		mount --bind /run/passwd /etc/passwd && mount --bind /run/group /etc/group
}

dovecot_serve()
{
	mkdir /run/mail && chown vmail:vmail /run/mail && mkdir -p /var/lib/dovecot
	echo 'user@to.test:{PLAIN}secret word::::::' >/run/users
	echo 'full@to.test:{PLAIN}secret::::::userdb_quota_rule=*:bytes=1' >>/run/users
	cp "$tls/cert.pem" "$tls/key.pem" /run
	cat >/run/dovecot.conf <<-EOF2
		base_dir = /run/dovecot
		log_path = /run/log
		protocols = lmtp submission
		listen = 127.0.0.1
		hostname = dovecot.test
		ssl = yes
		ssl_cert = </run/cert.pem
		ssl_key = </run/key.pem
		auth_mechanisms = plain login scram-sha-256
		mail_location = maildir:/run/mail/%u
		mail_uid = vmail
		mail_gid = vmail
		first_valid_uid = 1000
		passdb {
		  driver = passwd-file
		  args = /run/users
		}
		userdb {
		  driver = passwd-file
		  args = /run/users
		  default_fields = uid=vmail gid=vmail home=/run/mail/%u
		}
		service lmtp {
		  inet_listener lmtp {
		    port = $inlet
		  }
		  unix_listener /run/lmtp {
		    mode = 0666
		  }
		}
		service submission-login {
		  inet_listener submission {
		    port = $submission
		  }
		}
		submission_relay_host = 127.0.0.1
		submission_relay_port = $relay
	EOF2
	"$peers/dovecot-core/usr/sbin/dovecot" -F -c /run/dovecot.conf >/run/said 2>&1 &
	dovecot=$!
	until_listens "$inlet"
}

# until_listens PORT
until_listens()
{
	await /usr/bin/python3 -c '
import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5).close()' "$1" 2>/dev/null
}

# beside.sh: Postfix of Debian, unpacked and not installed, that asks the milter at $milter and keeps what it is
# given at $inlet; for a shell of root in a mount namespace of its own.  It is fed the file "spoken"; "theirs.message"
# is then what the milter has made of the message with a field "Tab", and "theirs.N" of that with a field "Turn: N".
. "$peer_source/peers.sh"
smtp=1
peers_view && postfix_begin || exit 1
cat >>/run/postfix/main.cf <<-EOF
	relayhost =
	default_transport = discard:
	smtpd_milters = $milter
	smtpd_peername_lookup = no
	milter_default_action = tempfail
EOF
"$postfix/usr/lib/postfix/sbin/master" -c /run/postfix -w || exit 1
peer=$(tr -d ' ' </var/spool/postfix/pid/master.pid)
await /usr/bin/python3 "$asking/fed.py" "$inlet" spoken >theirs.replies
for held in /var/spool/postfix/hold/*; do
	"$postfix/usr/sbin/postcat" -c /run/postfix -h -b -q "${held##*/}" >theirs.held
	turn=$(sed -n 's/^Turn: //p' theirs.held)
	[ -z "$turn" ] || mv theirs.held "theirs.$turn"
	! grep -q '^Tab:' theirs.held 2>/dev/null || mv theirs.held theirs.message
done
kill "$peer"

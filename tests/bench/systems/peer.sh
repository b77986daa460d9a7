# What the peers share: packages unpacked and not installed, and a mount and process namespace
# for those that have the names of users and folders compiled in.

peers=$build/peers

# peer_missing PACKAGE: succeeds, and says why, when it can't be measured.
peer_missing() {
	[ "$(id -u)" = 0 ] || {
		echo "it must be started by root"
		return 0
	}
	unshare -m -p --fork true 2>/dev/null || {
		echo "no namespaces can be made here"
		return 0
	}
	"$here/../dependencies" unpack "$peers" "$1" || {
		echo "its package can't be had"
		return 0
	}
	for program in "$peers/$1"/usr/sbin/*; do
		[ -L "$program" ] || ! ldd "$program" 2>/dev/null | grep -q 'not found' || {
			echo "a library of $program is missing"
			return 0
		}
	done
	return 1
}

# peer_maildirs FOLDER: of all mailboxes, owned by nobody
peer_maildirs() {
	for i in $(seq "$boxes"); do
		mkdir -p "$1/box$i/Maildir/new" "$1/box$i/Maildir/cur" "$1/box$i/Maildir/tmp" ||
		    return 1
	done
	chown -R nobody: "$1"
}

# peer_accounts FOLDER USER...: account files in which the users have the ids 61001, 61002...
peer_accounts() {
	cp /etc/passwd "$1/passwd" && cp /etc/group "$1/group" || return 1
	folder=$1 id=61000
	shift
	for user; do
		id=$((id + 1))
		echo "$user:x:$id:$id::/nonexistent:/bin/false" >>"$folder/passwd"
		echo "$user:x:$id:" >>"$folder/group"
	done
}

# peer_run FOLDER SCRIPT: in namespaces of its own with these accounts, in the background.  What
# it forks and forgets is still its child there, so that its CPU time is counted.  Whatever it asks
# the DNS it is answered at once, with a refusal.
peer_run() {
	echo 'nameserver 127.0.0.1' >"$1/resolv.conf"
	unshare -m -p --fork --kill-child --mount-proc sh -c "
		mount --bind '$1/passwd' /etc/passwd && mount --bind '$1/group' /etc/group &&
		mount --bind '$1/resolv.conf' /etc/resolv.conf || exit
		$2" >"$1/output" 2>&1 &
}

# peer_stop PID: unshare(1) heeds no other signal
peer_stop() {
	kill -9 "$1"
	wait_until 20 is_gone "$1"
}

# listens PORT
listens() {
	grep -q "$(printf ':%04X 0*:0000 0A' "$1")" /proc/net/tcp
}

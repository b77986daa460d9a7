# The settings, as mail-compile sees them, and what they would do.

# control: each line of mail-compile is a finding
check_control()
{
	for text in mailboxes aliases passwords; do
		[ -e "users/$text" ] || [ ! -x users ] ||
			broken "users/$text is missing: it counts as empty" "bring it back: doc/backup.md; or: touch $home/users/$text"
	done
	[ -r users/mailboxes ] || {
		[ -x users ] && [ ! -e users/mailboxes ] ||
			warning "users/mailboxes can't be read, so the settings were not checked" "run mail-check as root"
		return
	}
	check_keys
	"$bin/mail-compile" -n 2>"$work/said" >/dev/null
	while IFS= read -r line; do
		line=${line#mail-compile: }
		case $line in
		'nothing is changed'*) continue ;;
		users/*.cdb' is '*) broken "$line" 'run mail-compile' ;;
		*': warning: '* | 'warning: '*) warning "${line%%warning: *}${line#*warning: }" 'see control(5) and users(5), mend it, and run mail-compile' ;;
		*) broken "$line" 'mend that file, and run mail-compile' ;;
		esac
	done <"$work/said"
	grep -q '^[^#]' control/domains 2>/dev/null ||
		broken 'control/domains names no domain' "mail-setup $home DOMAIN adds one"
}

# check_keys: can our mail be signed?
check_keys()
{
	for folder in dkim/*/; do
		[ -r "$folder" ] && [ -x "$folder" ] || continue
		"$bin/dkim-key" show "$(basename "$folder")" >/dev/null 2>"$work/said" ||
			broken "$(sed 's/^dkim-key: //;q' "$work/said")" 'mail of that domain waits: put the key back, or remove it'
	done
}

# ask_relay: as $stranger; returns 1 when there is no need to ask as another
ask_relay()
{
	asked=$(printf 'mail stranger@relay-test.invalid\nrcpt victim@relay-test.invalid\n' |
		env -u RELAYCLIENT -u AUTHUSER TCPREMOTEIP="$stranger" "$bin/relay-check" 2>/dev/null | tail -n 1)
	case $asked in
	D*) return ;;
	K*) broken "strangers may send to anybody, $stranger for one: this is an open relay" \
		"take the network of $stranger out of control/relayclients" ;;
	*) warning "relay-check said \"$asked\" to a stranger" 'look at its log, log/relay' ;;
	esac
	return 1
}

# relay: a stranger asks for what only our own may have
check_relay()
{
	for stranger in 192.0.2.1 198.51.100.1 203.0.113.1 2001:db8::1; do
		ask_relay || break
	done
	grep -n -e '^0\.0\.0\.0/0' -e '^::/0' control/relayclients 2>/dev/null | while IFS=: read -r number line; do
		broken "control/relayclients:$number: \"$line\" lets everybody send everywhere" 'name the networks that are yours instead'
	done
}

clock_keepers='chronyd|ntpd|ntpsec|openntpd|systemd-timesyn|ptp4l|phc2sys|VBoxService|vmtoolsd'

# clock: mail with a wrong date is taken for spam, certificates for expired
check_clock()
{
	now=$(date +%s)
	made=$(stat -c %Y "$bin/mail-check")
	if [ "$now" -lt "$made" ]; then
		broken "the clock says $(date), which is before this program was made" 'set the clock, and run an NTP client'
	fi
	newest=$(find log control -type f -printf '%T@\n' 2>/dev/null | sort -n | tail -n 1 | cut -d . -f 1)
	if [ "${newest:-0}" -gt $((now + 300)) ]; then
		warning "a file is from the future: $(date -d "@$newest")" 'the clock has been set back: run an NTP client'
	fi
	# the kernel knows whether somebody keeps it right; of those that tell it nothing the name is known
	busybox adjtimex 2>/dev/null | grep -q 'not synchronized' || return 0
	cat /proc/[0-9]*/comm 2>/dev/null | grep -Eqx "$clock_keepers" ||
		warning 'nobody keeps the clock right: the kernel says that it is not synchronized' \
		    'run an NTP client: apt-get install chrony'
}

# The users: who can't log in, whose mail can't be delivered.

check_users()
{
	[ -r users/passwords ] || {
		[ -x users ] && [ ! -e users/passwords ] || warning "users/passwords can't be read" 'run mail-check as root'
		return
	}
	"$bin/mail-user" list >"$work/users" 2>"$work/said" || {
		broken "mail-user list: $(tail -n 1 "$work/said")" 'mend that first'
		return
	}
	awk -F '\t' '$2 == "mailbox" { print $1 "\t" $3 }' "$work/users" >"$work/mailboxes"
	[ -s "$work/mailboxes" ] || warning 'there is no mailbox' 'mail-user add ADDRESS makes one'
	sed 's/:.*//' users/passwords | tr A-Z a-z | sort >"$work/known"
	sed -n 's/^\([^:]*\):[*!]*$/\1/p' users/passwords | tr A-Z a-z | sort >"$work/locked"
	while IFS='	' read -r mailbox owners; do
		case $mailbox in postmaster-mail@*) ;; *) check_password ;; esac
		check_mailbox
	done <"$work/mailboxes"
}

check_password()
{
	if ! grep -Fxq "$mailbox" "$work/known"; then
		warning "$mailbox has no password: nobody can fetch its mail" "mail-user passwd $mailbox gives it one"
	elif grep -Fxq "$mailbox" "$work/locked"; then
		warning "$mailbox has a password that nobody can give" "mail-user passwd $mailbox gives it another"
	fi
}

check_mailbox()
{
	maildir=mail/${mailbox#*@}/${mailbox%%@*}/Maildir
	[ -d "$maildir" ] || {
		[ -e "mail/${mailbox#*@}" ] && [ ! -x "mail/${mailbox#*@}" ] && return
		broken "$maildir is missing: mail for $mailbox waits" "mail-user remove $mailbox, and add it again; or restore it"
		return
	}
	uid=${owners%%:*}
	for folder in "$maildir" "$maildir/new" "$maildir/cur" "$maildir/tmp"; do
		[ -d "$folder" ] || {
			[ ! -x "$maildir" ] || broken "$folder is missing" "mkdir it, as uid $uid"
			continue
		}
		[ "$(stat -Lc %u "$folder")" = "$uid" ] || {
			broken "$folder belongs to uid $(stat -Lc %u "$folder"), not to $uid: mail for $mailbox waits" \
				"chown -hR $owners $home/$maildir"
			return
		}
		case $(stat -Lc %A "$folder") in
		?rwx*) ;;
		*) broken "its owner can't write $folder" "chmod u=rwx $home/$folder" ;;
		esac
	done
	[ "$(id -u)" != 0 ] || s6-applyuidgid -u "$uid" -g "${owners#*:}" -G '' test -x "$home/$maildir/new" ||
		broken "its owner, uid $uid, can't reach $maildir: mail for $mailbox waits" \
		    "namei -l $home/$maildir shows where he may not pass: chmod a+x that"
}

# The control files and the first mailboxes of a home.

# name_home: -M gives a home that is there another name
name_home()
{
	former=
	if [ -n "$is_named" ] && [ -e control/me ] && [ "$(head -n 1 control/me)" != "$me" ]; then
		former=$(head -n 1 control/me | tr A-Z a-z)
		echo "mail-setup: the name $former is now $me.  Publish what mail-setup -d $home prints," \
			"and put a certificate for it into tls/$me; then s6-svc -r $home/service/*"
		write control/me "$me"
	fi
}

# draft NAME [LINE...]: a control file of the lines, or of standard input, if it isn't there.  It appears
# with the others, when all are written.
draft()
{
	[ ! -e "control/$1" ] || return 0
	[ -d control/.new ] || mkdir control/.new || defer "unable to write in $home/control"
	draft=control/.new/$1
	shift
	if [ $# -gt 0 ]; then
		write "$draft" "$@"
	else
		cat >"$draft" || defer "unable to write $home/$draft"
	fi
}

make_control()
{
	rm -rf control/.new # of one that was interrupted
	name_home
	draft me "$me"
	draft defaultdomain "$first"
	draft mailuser "$mailuser"
	draft relayclients <<-'EOF'
		# Clients that may send to every domain: ADDRESS or ADDRESS/BITS, one a line.
		# 127.0.0.1 and ::1 are this machine.  While the list is empty, nobody may.
	EOF
	draft relaydomains <<-'EOF'
		# Domains of others for which we take mail as a backup MX, one a line.
	EOF
	draft ratelimits <<-'EOF'
		# WHO MESSAGES RECIPIENTS FAILED: how many an hour; WHO is a user or "user".  Default:
		# user 1000 5000 200
	EOF
	draft greyexempt <<-'EOF'
		# For grey-check: from ADDRESS, to ADDRESS and name HOST need not wait; senders of a pool
		# may come again from another address, as those do that send from many networks:
		pool @gmail.com
		pool @googlemail.com
		pool @outlook.com
		pool @hotmail.com
		pool @live.com
		pool @msn.com
		pool @yahoo.com
		pool @aol.com
		pool @icloud.com
		pool @me.com
		pool @gmx.net
		pool @gmx.de
		pool @web.de
		pool @facebookmail.com
		pool @bounce.linkedin.com
		pool @amazonses.com
		pool @.amazonses.com
		pool @sendgrid.net
		pool @.sendgrid.net
		pool @mailgun.org
		pool @.mailgun.org
		pool @.mcsv.net
		pool @.rsgsv.net
		pool @.mcdlv.net
	EOF
	draft smtproutes <<-'EOF'
		# DOMAIN:HOST or DOMAIN:HOST:PORT instead of the MX; :HOST for all domains.
	EOF
	# who knows it can make addresses of anybody's that lead through us
	[ -e control/srssecrets ] ||
		(umask 077 && draft srssecrets "$(od -An -vtx1 -N 16 /dev/urandom | tr -d ' ')") || exit
	draft databytes 52428800
	draft quota 52428800
	draft timeoutsmtpd 300
	draft timeoutpop3 600
	draft timeoutremote 1200
	draft timeoutconnect 60
	draft queuelifetime 604800
	draft concurrencylocal 10
	draft concurrencyremote 20
	draft retry 300 600 1200 2400 3600 7200 14400
	[ ! -d control/.new ] || { mv control/.new/* control && rmdir control/.new; } ||
		defer "unable to write in $home/control"
}

add_domains()
{
	put control/domains </dev/null
	for domain in $domains; do
		grep -Fxqi -- "$domain" control/domains && continue
		{
			cat control/domains
			[ -z "$(tail -c 1 control/domains)" ] || echo
			echo "$domain"
		} >control/domains.tmp && mv control/domains.tmp control/domains ||
			defer "unable to write $home/control/domains"
	done
}

# Take no mail for them any more.  What somebody's mail depends on is not removed: he is named instead.
remove_domains()
{
	FACTEUR_HOME=$home
	export FACTEUR_HOME
	for domain in $domains; do
		hosted | grep -Fxq -- "$domain" || {
			echo "mail-setup: $domain is no domain of ours"
			continue
		}
		[ "$domain" != "$(head -n 1 control/defaultdomain)" ] ||
			refuse "$domain is control/defaultdomain: name another one there first"
		left=$("$bin/mail-user" list "$domain" | awk -F '\t' '
			$2 == "mailbox" || $1 !~ /^(postmaster|abuse)@/ { printf " %s", $1 }')
		[ -z "$left" ] || refuse "$domain has still$left: remove them first (mail-user remove)"
		for address in $("$bin/mail-user" list "$domain" | cut -f 1); do
			"$bin/mail-user" remove -f "$address" || exit
		done
		name=$(ascii "$domain") || exit
		rm -rf "web/mta-sts.$name" "web/autoconfig.$name" "web/autodiscover.$name"
		[ ! -e users/.made ] || sed -i "/^abuse@$domain\$/d" users/.made
		awk -v gone="$domain" '{ line = tolower($0); sub(/\.?[ \t]*$/, "", line) } line != gone' control/domains \
			>control/domains.tmp && mv control/domains.tmp control/domains ||
			defer "unable to write $home/control/domains"
		echo "mail-setup: $domain is no domain of ours any more; its keys stay in dkim/$name, its folders in mail/$domain"
	done
	# also when an earlier one came no further than here
	"$bin/mail-compile" || exit
}

make_users_files()
{
	[ -e users/mailboxes ] ||
		write users/mailboxes '# ADDRESS:UID:GID:QUOTA.  Run mail-compile after a change by hand.'
	[ -e users/aliases ] ||
		write users/aliases '# ADDRESS: TARGET, TARGET...  Run mail-compile after a change by hand.'
	(umask 077 && put users/passwords </dev/null)
}

# The mailboxes' owner, when they were restored where he has another number: then so has control/mailuser,
# and users/mailboxes.  Their folders, given back by name, tell.
follow_mailuser()
{
	was=$(head -n 1 control/mailuser)
	box=mail/$(head -n 1 control/defaultdomain)/postmaster-mail
	[ "$was" != "$mailuser" ] && [ -d "$box" ] && [ "$(stat -c %u:%g "$box")" = "$mailuser" ] || return 0
	case $was in *[!0-9:]*) return ;; esac
	echo "mail-setup: the mailboxes of $was are now $mailuser's, in control/mailuser and users/mailboxes"
	flock users/lock sh -c '
		sed "s/:$1:\([0-9]*\)\$/:$2:\1/" users/mailboxes >users/mailboxes.tmp &&
			mv users/mailboxes.tmp users/mailboxes &&
			echo "$2" >control/mailuser.tmp && mv control/mailuser.tmp control/mailuser' sh "$was" "$mailuser" ||
		defer "unable to write $home/users/mailboxes"
}

# is_listed LINE LIST: is it one of these lines?
is_listed()
{
	case $newline$2$newline in
	*"$newline$1$newline"*) ;;
	*) return 1 ;;
	esac
}

# add_abuse BOX: complaints are heard, too, RFC 2142.  Once for a domain, also in the home of an
# earlier version: then the admin may want none.
add_abuse()
{
	for domain in $(hosted); do
		is_listed "abuse@$domain" "$made" && continue
		is_listed "abuse@$domain" "$known" || "$bin/mail-user" alias "abuse@$domain" "$1" || exit
		echo "abuse@$domain" >>users/.made
	done
}

# Mail for postmaster is kept from the first minute on, RFC 5321, 4.5.1.  Once for a domain, as abuse.
add_postmasters()
{
	box=postmaster-mail@$(head -n 1 control/defaultdomain)
	export FACTEUR_HOME="$home"
	put users/.made </dev/null
	made=$(tr A-Z a-z <users/.made)
	known=$("$bin/mail-user" list | cut -f 1)
	for domain in $(hosted); do
		# abuse is made after it: else one that was interrupted comes again
		! is_listed "abuse@$domain" "$made" || continue
		is_listed "postmaster@$domain" "$known" && continue
		is_listed "$box" "$known" || {
			"$bin/mail-user" add -n "$box" || exit
			known=$known$newline$box
		}
		"$bin/mail-user" alias "postmaster@$domain" "$box" || exit
	done
	is_listed "$box" "$known" && add_abuse "$box"
	"$bin/mail-compile" || exit
}

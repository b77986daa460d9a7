# tutorial.sh view: run the commands in $work/script in a view of this machine, in which $work/facteur is
# /var/facteur, and all else that is written goes to memory.  To be run by bash in mount, network and process
# namespaces of our own.  Its other words are the stand-ins for what that machine lacks.

here=$build/tests/path
. "$build/tests/lib/until.sh"
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

fail()
{
	echo "$*" >&2
	exit 1
}

no_view()
{
	fail 'there can be no view'
}

view()
{
	mkdir "$work/memory" "$work/facteur" "$work/tools"
	mount --make-rprivate / && mount -t tmpfs -o size=200m,mode=755 tmpfs "$work/memory" || no_view
	mkdir "$work/memory/upper" "$work/memory/work" "$work/memory/root"
	root=$work/memory/root
	mount -t overlay overlay -o "lowerdir=/,upperdir=$work/memory/upper,workdir=$work/memory/work" "$root" || no_view
	mkdir -p "$root/var/facteur" "$root/root" "$root$work" "$root$build" "$root$FACTEUR_SOURCE"
	mount --rbind /dev "$root/dev" && mount --rbind /sys "$root/sys" && mount -t proc proc "$root/proc" &&
		mount -t tmpfs -o mode=1777 tmpfs "$root/tmp" && mount -t tmpfs -o mode=755 tmpfs "$root/run" || no_view
	for folder in "$FACTEUR_SOURCE" "$build" "$work"; do
		mkdir -p "$root$folder" && mount --bind "$folder" "$root$folder" || no_view
	done
	mount --bind "$work/facteur" "$root/var/facteur" || no_view
	for name in apt-get certbot git make systemctl; do
		printf '#!/bin/sh\nexec bash "%s/tutorial.sh" stand_in_%s "$@"\n' "$here" "$(echo "$name" | tr - _)" >"$work/tools/$name"
		chmod 755 "$work/tools/$name"
	done
	rm -f "$root/etc/resolv.conf" && : >"$root/etc/resolv.conf"
	chmod 644 "$root/etc/passwd" "$root/etc/group"
	exec env -i HOME=/root PATH="$work/tools:$path" work="$work" build="$build" FACTEUR_SOURCE="$FACTEUR_SOURCE" \
	    chroot "$root" bash "$here/tutorial.sh" page
}

page()
{
	world || fail "there is no world"
	set -eE -o pipefail
	trap 'tail -n 4 /var/facteur/log/*/current; echo "failed: $BASH_COMMAND"' ERR
	sed -i 's/^mail-check/well &/' "$work/script"
	. "$work/script"
	echo 'the page is done'
}

# At the other end of the cable: $world is a process there.
world()
{
	unshare -n sleep 1000 &
	world=$!
	await has_network || return
	ip link set lo up && ip link add v0 type veth peer name v1 netns "$world" &&
		ip addr add 192.0.2.1/24 dev v0 && ip link set v0 up && ip route add default via 192.0.2.254 &&
		there ip link set lo up && there ip addr add 192.0.2.254/24 dev v1 &&
		there ip addr add 5.5.5.25/32 dev v1 && there ip addr add 9.9.9.9/32 dev v1 &&
		there ip link set v1 up || return
	ip addr add 2001:db8::1/64 dev v0 nodad
	: >"$work/zone"
	published_by_us
	for address in 127.0.0.1 9.9.9.9; do
		(cd "$work" && ZONE_AT=$address:53 there "$build/tests/dns/zone.py" zone -- sleep 1000) &
	done
	authority
	issue mx.provider.example
	(cd "$work" && there /usr/bin/python3 "$here/provider.py" provider mx.provider.example.pem mx.provider.example.key) &
	await listens
}

has_network()
{
	[ "$(readlink "/proc/$world/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

listens()
{
	there tcpclient -RHl0 5.5.5.25 25 true 2>/dev/null
}

there()
{
	nsenter -n -t "$world" "$@"
}

published_by_us()
{
	cat >"$work/zone.new" <<-'END'
		. NS ns.example
		. SECURE
		provider.example MX 10 mx.provider.example
		provider.example TXT "v=spf1 ip4:5.5.5.25 -all"
		_dmarc.provider.example TXT "v=DMARC1; p=reject"
		mx.provider.example A 5.5.5.25
		25.5.5.5.in-addr.arpa PTR mx.provider.example
	END
	sed -e '/^;/d' -e '/^$/d' -e 's/\. *IN */ /' /root/example.org.zone >>"$work/zone.new" 2>/dev/null
	mv "$work/zone.new" "$work/zone"
}

# The authority that all the world trusts.
authority()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=authority -days 30 \
	    -keyout "$work/ca.key" -out "$work/ca.pem" 2>/dev/null && cat "$work/ca.pem" >>/etc/ssl/certs/ca-certificates.crt
}

# issue NAME...: NAME.pem and NAME.key
issue()
{
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" -keyout "$work/$1.key" \
	    -out "$work/request" 2>/dev/null &&
		printf 'subjectAltName=%s\n' "$(printf 'DNS:%s,' "$@" | sed 's/,$//')" >"$work/names" &&
		openssl x509 -req -in "$work/request" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 30 \
		    -extfile "$work/names" -out "$work/$1.pem" 2>/dev/null || fail "no certificate for $*"
}

# What the reader does elsewhere meanwhile.
meanwhile()
{
	"$@"
}

published()
{
	[ -s /root/example.org.zone ] || fail "there is nothing to publish"
	published_by_us
}

provider_has()
{
	await test -s "$work/provider/$1" || fail "the provider does not take it: $(tail -n 5 /var/facteur/log/send/current)"
}

letter_comes()
{
	there /usr/bin/python3 - "$work/ca.pem" <<-'END' || fail "bob's mail is not taken"
		import smtplib, ssl, sys
		c = smtplib.SMTP("192.0.2.1", 25, "mx.provider.example", source_address=("5.5.5.25", 0))
		c._host = "mx.example.org"
		c.starttls(context=ssl.create_default_context(cafile=sys.argv[1]))
		c.sendmail("you@provider.example", ["bob@example.org"],
		    "From: you@provider.example\r\nTo: bob@example.org\r\nSubject: answer\r\n\r\nHi.\r\n")
		c.quit()
	END
	await letter_is_there || fail "bob has no mail: $(tail -n 5 /var/facteur/log/{smtp,queue,deliver}/current)"
	for result in spf dmarc; do
		grep -q "$result=pass" "$letter" || fail "$result is not found: $(cat "$letter")"
	done
}

letter_is_there()
{
	letter=$(grep -l '^Subject: answer' /var/facteur/mail/example.org/bob/Maildir/new/*)
}

the_hour_strikes()
{
	command=$(sed -n 's/^[0-9]* \* \* \* \* root //p' /etc/cron.d/facteur)
	[ -n "$command" ] || fail "cron has nothing to do"
	well env -i PATH=/usr/bin:/bin HOME=/root sh -c "$command"
}

# well COMMAND...: it finds nothing wrong, but that the folder of a test may be in memory, or where there is
# no journal, and what the clock of this machine is like
well()
{
	"$@" >"$work/found" 2>&1 || :
	sed -i -e '/is in memory: /,+1d' -e '/without a journal: /,+1d' -e '/nobody keeps the clock right/,+1d' "$work/found"
	[ ! -s "$work/found" ] || fail "$*: $(cat "$work/found")"
}

# The stand-ins of the commands that are marked.

stand_in_apt_get()
{
	case $1 in
	update | purge) return ;;
	install) shift ;;
	*) fail "apt-get $1?" ;;
	esac
	for package; do
		case $package in
		-*) ;;
		unbound) (cd "$work" && ZONE_AT=127.0.0.1:53 exec "$build/tests/dns/zone.py" zone -- sleep 1000) >/dev/null 2>&1 & ;;
		certbot | cron | git) ;;
		*) dpkg-query -W -f '${Status}\n' "$package" | grep -q 'ok installed' || fail "$package is not installed" ;;
		esac
	done
}

stand_in_git()
{
	case $1 in
	clone) ln -s "$FACTEUR_SOURCE" "$3" ;;
	pull) [ -e src/smtp/smtp-recv.c ] ;;
	*) fail "git $1?" ;;
	esac
}

# all has been built; what is to be installed is
stand_in_make()
{
	PATH=$path exec make -s B="$build" COMMIT= -o all "$@"
}

stand_in_systemctl()
{
	[ "$*" = 'enable --now facteur' ] || fail "systemctl $*?"
	start=$(sed -n 's/^ExecStart=//p' /etc/systemd/system/facteur.service)
	[ -n "$start" ] || fail "no ExecStart"
	# shellcheck disable=SC2086
	env -i PATH="$path" setsid $start </dev/null >/run/facteur.log 2>&1 &
}

stand_in_certbot()
{
	names='' hook=
	while [ $# -gt 0 ]; do
		case $1 in
		-d) names="$names $2" && shift ;;
		--deploy-hook) hook=$2 && shift ;;
		esac
		shift
	done
	for name in $names; do
		[ "$(/var/facteur/bin/dns-ask -r 9.9.9.9 A "$name")" = 192.0.2.1 ] || fail "$name is not in the DNS"
	done
	# shellcheck disable=SC2086
	issue $names
	RENEWED_LINEAGE=/etc/letsencrypt/live/mx.example.org
	export RENEWED_LINEAGE
	mkdir -p "$RENEWED_LINEAGE"
	cat "$work/mx.example.org.pem" "$work/ca.pem" >"$RENEWED_LINEAGE/fullchain.pem"
	cp "$work/mx.example.org.key" "$RENEWED_LINEAGE/privkey.pem"
	env -u work -u build -u FACTEUR_SOURCE PATH="$path" sh -c "$hook"
}

"$@"

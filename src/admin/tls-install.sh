#!/bin/sh
# tls-install: put a renewed certificate and its key in place, if they are good.

usage='tls-install [-f] CERTIFICATE KEY [NAME...]'
bin=$(dirname "$(readlink -f "$0")")
home=${FACTEUR_HOME:-$(cd "$bin/.." && pwd)}
umask 077

# refuse TEXT: nothing is changed.  defer TEXT: something is wrong with us.
refuse()
{
	echo "tls-install: $*: nothing is changed" >&2
	exit 100
}

defer()
{
	echo "tls-install: $*" >&2
	exit 111
}

# check_owner FOLDER: whoever else may write there could lead us to any file
check_owner()
{
	[ "$(stat -Lc %u "$1")" = "$(id -u)" ] ||
		defer "$home/$1 belongs to uid $(stat -Lc %u "$1"): only that user can change it"
}

key_of_certificate()
{
	openssl x509 -in "$1" -noout -pubkey 2>/dev/null
}

# is_future: its first day is to come
is_future()
{
	begins=$(date -d "$(openssl x509 -in "$1" -noout -startdate | cut -d = -f 2)" +%s) || return 1
	[ "$begins" -gt "$(date +%s)" ]
}

# openssl would read DER, too, but who serves them reads PEM only.
check_pair()
{
	[ -f "$certificate" ] && [ -r "$certificate" ] || defer "unable to read $certificate"
	[ -f "$key" ] && [ -r "$key" ] || defer "unable to read $key"
	grep -q '^-----BEGIN CERTIFICATE-----' "$certificate" || refuse "$certificate is no certificate in PEM form"
	grep -q '^-----BEGIN .*PRIVATE KEY-----' "$key" || refuse "$key is no key in PEM form without a password"
	! grep -q 'PRIVATE KEY-----' "$certificate" ||
		refuse "$certificate has a private key in it, too: give them in two files"
	public=$(key_of_certificate "$certificate") || refuse "$certificate is no certificate in PEM form"
	mine=$(openssl pkey -in "$key" -passin pass: -pubout 2>/dev/null) ||
		refuse "$key is no key in PEM form without a password"
	[ "$public" = "$mine" ] || refuse "$key is not the key of $certificate"
	openssl x509 -in "$certificate" -noout -checkend 0 >/dev/null || refuse "$certificate has expired"
	! is_future "$certificate" || refuse "$certificate is not valid yet"
	is_self_made "$certificate" || [ "$(grep -c '^-----BEGIN CERTIFICATE-----' "$certificate")" -gt 1 ] ||
		echo "tls-install: warning: $certificate has none of its authority's certificates in it: without them" \
			"most clients don't trust it (fullchain.pem has them)" >&2
}

# Those of our names that the certificate is for, unless some were named.
choose_names()
{
	[ -z "$names" ] || return 0
	for name in "$host" $(ls web 2>/dev/null); do
		! is_for "$name" || names="$names $name"
	done
	[ -n "$names" ] || refuse "$certificate is neither for $host nor for a name in web/"
}

is_for()
{
	openssl x509 -in "$certificate" -noout -checkhost "$1" | grep -q 'does match'
}

# Servers that look at our TLSA records send nothing to another key than theirs: RFC 7671, 8.1.
check_tlsa()
{
	[ "$name" = "$host" ] && [ -z "$force" ] || return 0
	published=$(FACTEUR_HOME=$home "$bin/dns-ask" -s 5 TLSA "_25._tcp.$host" 2>/dev/null) || return 0
	hash=$(printf '%s\n' "$public" | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r | cut -d ' ' -f 1)
	printf '%s\n' "$published" | grep -Fxq "3 1 1 $hash" ||
		refuse "TLSA records of $host are published, and none is of this key: let the key be kept at renewals," \
			"or publish \"3 1 1 $hash\" beside the others a day before"
}

# put FROM TO MODE OWNER
put()
{
	cp "$1" "$2.new" && chmod "$3" "$2.new" || defer "unable to write $home/$2.new"
	[ "$(id -u)" != 0 ] || chown "$4" "$2.new" || defer "unable to give away $home/$2.new"
}

install_pair()
{
	folder=tls/$name
	if [ ! -d "$folder" ]; then
		mkdir -m 750 "$folder" || defer "unable to make $home/$folder"
		[ "$(id -u)" != 0 ] || chgrp facteur-tls "$folder" || defer "unable to give away $home/$folder"
	fi
	check_owner "$folder"
	put "$key" "$folder/key.pem" 400 facteur-tls:facteur-tls
	put "$certificate" "$folder/cert.pem" 444 root:facteur-tls
	mv "$folder/key.pem.new" "$folder/key.pem" && mv "$folder/cert.pem.new" "$folder/cert.pem" ||
		defer "unable to put the new files into $home/$folder"
	# one of our own making for old peers is worse than none, once there is one of an authority
	if [ -e "$folder/cert-rsa.pem" ] && is_self_made "$folder/cert-rsa.pem" && ! is_self_made "$folder/cert.pem"; then
		rm -f "$folder/cert-rsa.pem" "$folder/key-rsa.pem"
	fi
	echo "tls-install: $home/$folder has the new certificate: $(openssl x509 -in "$folder/cert.pem" -noout -enddate)"
}

is_self_made()
{
	[ "$(openssl x509 -in "$1" -noout -issuer_hash)" = "$(openssl x509 -in "$1" -noout -subject_hash)" ]
}

force=
while getopts f option; do
	case $option in
	f) force=1 ;;
	*) defer "usage: $usage" ;;
	esac
done
shift $((OPTIND - 1))
[ $# -ge 2 ] || defer "usage: $usage"
certificate=$(readlink -f "$1") key=$(readlink -f "$2")
shift 2
names=$(printf '%s\n' "$@" | tr A-Z a-z)
cd -- "$home" 2>/dev/null && [ -d tls ] || defer "$home is no home: set FACTEUR_HOME"
home=$(pwd -P)
check_owner .
check_owner tls
host=$(head -n 1 control/me | tr A-Z a-z)
check_pair
choose_names
for name in $names; do
	case $name in
	.* | */* | -*) refuse "$name: not a host name" ;;
	esac
	is_for "$name" || refuse "$certificate is not for $name"
	check_tlsa
done
for name in $names; do
	install_pair
done

# The certificate: is it there, whose is it, how long does it last, what does the DNS say of it?
# mail-compile, which "control" runs, tells of the rest.

days_left=14

check_tls()
{
	host=$(head -n 1 control/me | tr A-Z a-z)
	certificate=tls/$host/cert.pem
	if [ ! -e "$certificate" ]; then
		if [ -e tls ] && [ ! -x tls ]; then
			warning "tls can't be looked into" 'run mail-check as root'
		else
			broken "there is no certificate for $host: $certificate" 'mail-setup makes one; tls(5) tells where yours belongs'
		fi
		return
	fi
	for certificate in "tls/$host"/cert*.pem; do
		check_certificate "$certificate"
	done
}

check_certificate()
{
	openssl x509 -in "$1" -noout 2>/dev/null || {
		broken "$1 is no certificate" 'put the right file there, and restart the service tls'
		return
	}
	ends=$(openssl x509 -in "$1" -noout -enddate | cut -d = -f 2)
	if ! openssl x509 -in "$1" -noout -checkend 0 >/dev/null; then
		broken "$1 has expired: $ends" 'renew it'
	elif ! openssl x509 -in "$1" -noout -checkend $((days_left * 86400)) >/dev/null; then
		warning "$1 expires soon: $ends" 'renew it; see whether what should do so by itself runs'
	fi
	openssl x509 -in "$1" -noout -checkhost "$host" | grep -q 'does match' ||
		broken "$1 is not for $host" "get one for $host, the name in control/me"
	key=$(dirname "$1")/$(basename "$1" | sed s/^cert/key/)
	if [ ! -e "$key" ]; then
		broken "$key is missing" 'put the key of that certificate there'
		return
	fi
	case $(stat -c %a "$key") in
	*[4567]) broken "anybody may read $key" "chmod o= $home/$key, and get another key: this one may be known" ;;
	esac
	[ ! -r "$key" ] || [ "$(openssl x509 -in "$1" -noout -pubkey)" = "$(openssl pkey -in "$key" -pubout 2>/dev/null)" ] ||
		broken "$key is not the key of $1" 'put the pair there that belongs together'
}

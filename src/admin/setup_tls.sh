# The key and the certificate of a home.

# certify KIND KEY...: a pair in tls/.new, for the host $name
certify()
{
	kind=$1
	shift
	(umask 077 && openssl req -x509 -nodes -days 3650 -newkey "$@" -subj "/CN=$common" \
		-addext "subjectAltName=DNS:$name" -keyout "tls/.new/key$kind.pem" \
		-out "tls/.new/cert$kind.pem" 2>tls/.new/error) ||
		defer "unable to make a certificate: $(tail -n 1 tls/.new/error)"
	own "tls/.new/key$kind.pem" facteur-tls:facteur-tls 400
	own "tls/.new/cert$kind.pem" root:facteur-tls 444
}

# TLS works from the first minute on: a key, and a certificate that nobody but ourselves has
# signed, for our name.  The keys are for facteur-tls only.
make_tls()
{
	name=$(head -n 1 control/me | tr A-Z a-z)
	if [ ! -d tls ]; then
		rmdir tls.tmp 2>/dev/null
		mkdir tls.tmp && own tls.tmp root:facteur-tls 750 && mv tls.tmp tls ||
			defer "unable to make $home/tls"
	fi
	folders tls/ 700 tls tls tickets
	[ ! -e "tls/$name" ] || return
	rm -rf tls/.new
	common=$name
	[ ${#common} -le 64 ] || common=facteur # X.520 allows no more
	mkdir -m 700 tls/.new || defer "unable to make $home/tls/.new"
	certify '' ec -pkeyopt ec_paramgen_curve:prime256v1
	certify -rsa rsa:2048
	rm -f tls/.new/error
	own tls/.new root:facteur-tls 750
	mv tls/.new "tls/$name" || defer "unable to make $home/tls/$name"
}

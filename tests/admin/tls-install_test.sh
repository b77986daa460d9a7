#! /usr/bin/env atf-sh
PATH=$(cd "$(atf_get_srcdir)/../../bin" && pwd):$PATH
zone=$(atf_get_srcdir)/../dns/zone.py

# a home of ours, with self-made certificates
home()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	mkdir -p home/control home/tls/mx.example.test home/web/mta-sts.example.test
	echo mx.example.test >home/control/me
	make cert.pem key.pem mx.example.test home/tls/mx.example.test
	make cert-rsa.pem key-rsa.pem mx.example.test home/tls/mx.example.test
	[ "$(id -u)" != 0 ] || getent passwd facteur-tls >/dev/null || atf_skip "there is no user facteur-tls yet"
	: | openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=authority -days 30 \
	    -keyout ca.key -out ca.pem 2>/dev/null || atf_fail openssl
}

# make CERTIFICATE KEY NAME FOLDER
make()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$3" -days 30 \
	    -addext "subjectAltName=DNS:$3" -keyout "$4/$2" -out "$4/$1" 2>/dev/null || atf_fail openssl
}

# issue NAMES DAYS: ./new.pem and ./new.key, by the authority
issue()
{
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=x -keyout new.key -out request \
	    2>/dev/null || atf_fail openssl
	printf 'subjectAltName=%s\n' "$1" >names
	openssl x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -days "$2" -extfile names -out new.pem \
	    2>/dev/null || atf_fail openssl
}

atf_test_case puts_a_good_one_in_place
puts_a_good_one_in_place_body()
{
	home
	issue DNS:mx.example.test,DNS:mta-sts.example.test 30
	atf_check -e match:'warning: .*new.pem has none of its authority' -o match:'tls/mx.example.test has the new' -o match:'tls/mta-sts.example.test has the new' \
	    tls-install new.pem new.key
	for name in mx.example.test mta-sts.example.test; do
		atf_check cmp new.pem home/tls/$name/cert.pem
		atf_check cmp new.key home/tls/$name/key.pem
		atf_check -o inline:'cert.pem\nkey.pem\n' ls home/tls/$name
		atf_check -o inline:'444 400\n' sh -c "echo \$(stat -c %a home/tls/$name/cert.pem home/tls/$name/key.pem)"
	done
	cat ca.pem >>new.pem
	atf_check -o ignore tls-install new.pem new.key
}

atf_test_case what_is_not_good_changes_nothing
what_is_not_good_changes_nothing_body()
{
	home
	cp -r home before
	issue DNS:mx.example.test 30
	refused()
	{
		pattern=$1
		shift
		atf_check -s exit:100 -e match:"$pattern.*nothing is changed" tls-install "$@"
		atf_check diff -r before home
	}
	refused 'is not the key of' new.pem home/tls/mx.example.test/key.pem
	refused 'is no certificate' new.key new.key
	refused 'is no key' new.pem new.pem
	openssl pkey -in new.key -aes128 -passout pass:x -out locked.key
	refused 'is no key' new.pem locked.key
	openssl x509 -in new.pem -outform DER -out new.der
	refused 'is no certificate in PEM form' new.der new.key
	openssl pkey -in new.key -outform DER -out der.key
	refused 'is no key in PEM form' new.pem der.key
	cat new.pem new.key >both
	refused 'has a private key in it, too' both new.key
	refused 'is not for other.test' new.pem new.key other.test
	refused 'not a host name' new.pem new.key ../control
	issue DNS:other.test 30
	refused 'is neither for mx.example.test' new.pem new.key
	issue DNS:mx.example.test -1
	refused 'has expired' new.pem new.key
	atf_check -s exit:111 -e match:'unable to read' tls-install none new.key
	atf_check -s exit:111 -e match:'usage' tls-install new.pem
}

atf_test_case a_key_that_the_dns_does_not_tell_of_waits
a_key_that_the_dns_does_not_tell_of_waits_body()
{
	home
	cp -r home before
	issue DNS:mx.example.test 30
	cat ca.pem >>new.pem
	echo '_25._tcp.mx.example.test TLSA 3 1 1 00ff' >zone
	cat >script <<-'EOF'
		echo "127.0.0.1:$DNS" >home/control/resolvers
		tls-install new.pem new.key
	EOF
	atf_check -s exit:100 -e match:'none is of this key' "$zone" zone -- sh script
	rm home/control/resolvers
	atf_check diff -r before home
	sed -i 's/tls-install/tls-install -f/' script
	atf_check -o ignore "$zone" zone -- sh script
	sed -i 's/ -f//' script
	hash=$(openssl pkey -in new.key -pubout -outform DER | openssl dgst -sha256 -r | cut -d ' ' -f 1)
	echo "_25._tcp.mx.example.test TLSA 3 1 1 $hash" >>zone
	atf_check -o ignore "$zone" zone -- sh script
	atf_check cmp new.pem home/tls/mx.example.test/cert.pem
}

atf_test_case a_folder_of_another_is_left_alone
a_folder_of_another_is_left_alone_head()
{
	atf_set require.user root
}
a_folder_of_another_is_left_alone_body()
{
	home
	issue DNS:mx.example.test 30
	echo mine >victim
	for folder in . tls tls/mx.example.test; do
		chown nobody "home/$folder"
		ln -s "$PWD/victim" home/tls/mx.example.test/key.pem.new
		atf_check -s exit:111 -e match:'belongs to uid .*: only that user can change it' tls-install new.pem new.key
		atf_check -o inline:'mine\n' cat victim
		chown root "home/$folder"
		rm home/tls/mx.example.test/key.pem.new
	done
}

atf_init_test_cases()
{
	atf_add_test_case puts_a_good_one_in_place
	atf_add_test_case what_is_not_good_changes_nothing
	atf_add_test_case a_key_that_the_dns_does_not_tell_of_waits
	atf_add_test_case a_folder_of_another_is_left_alone
}

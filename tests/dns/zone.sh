# zone.sh: dns-serve, with a resolver that knows the file zone.  The script that uses it has set zone_helpers,
# the folder of this file.

# with_zone COMMANDS: run them while both are there, with what they write in said.  FACTEUR_HOME is home; a file
# second has servers that come before the resolver.
with_zone()
{
	FACTEUR_HOME=$PWD/home
	export FACTEUR_HOME
	mkdir -p home/control home/run
	cat >script <<-END
	echo "127.0.0.1:\$DNS" >home/control/resolvers
	[ ! -e second ] || printf '%s\n' "\$(cat second)" "127.0.0.1:\$DNS" >home/control/resolvers
	rm -f ready; mkfifo ready
	s6-ipcserver-socketbinder home/run/dns.sock dns-serve -l 50 >ready 2>log &
	serve=\$!
	trap 'kill \$serve' EXIT
	read -r line <ready
	$1
	END
	atf_check -o save:said "$zone_helpers/zone.py" zone -- sh script
}

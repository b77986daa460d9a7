# setup.sh: what the tests of mail-setup and of the services have in common.

# Before a command: an ordinary user's work
user=
[ "$(id -u)" != 0 ] || user='setpriv --reuid=nobody --regid=nogroup --clear-groups'

# With HOME DOMAIN...: make a home as that user
setup="$user mail-setup -u -i 127.0.0.1 -m mx.example.test"

# A folder in which the ordinary user may make a home
place()
{
	chmod 755 .
	mkdir -p place
	[ "$(id -u)" != 0 ] || chown nobody:nogroup place
	home=$PWD/place/home
}

# free_base: a number above which the ports of the services are free
free_base()
{
	"$(atf_get_srcdir)/../lib/ports.py" base
}

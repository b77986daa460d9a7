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
	/usr/bin/python3 - <<-'EOF'
	import random, socket
	while True:
	    base = random.randrange(20000, 31700)  # below the ephemeral ones
	    try:
	        for port in (25, 110, 443, 465, 587, 995):
	            with socket.socket() as s:
	                s.bind(("127.0.0.1", base + port))
	        print(base)
	        break
	    except OSError:
	        pass
	EOF
}

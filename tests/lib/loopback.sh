# loopback.sh: what the loopback of this machine has.

# has_ipv6: ::1?  Where it has not, as in some containers, that part of a test is left out.
has_ipv6()
{
	grep -qs '^0\{31\}1 ' /proc/net/if_inet6
}

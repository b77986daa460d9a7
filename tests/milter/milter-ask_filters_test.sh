#! /usr/bin/env atf-sh
# The filters of others that most people want, unpacked and not installed.
PATH=$(atf_get_srcdir)/../../bin:$PATH
asking=$(atf_get_srcdir)
peers=$(cd "$asking/../.." && pwd)/peers
. "$asking/../lib/until.sh"
. "$asking/asking.sh"

# get PACKAGE...: have them below $peers, or skip; their libraries are $libraries
get()
{
	"$FACTEUR_SOURCE/tests/dependencies" unpack "$peers" "$@" || atf_skip "a package can't be had: $*"
	libraries=
	for package in "$@"; do
		for folder in "$peers/$package"/usr/lib/*-linux-gnu "$peers/$package/usr/lib/rspamd"; do
			[ ! -d "$folder" ] || libraries=$libraries:$folder
		done
	done
	libraries=${libraries#:}
}

# begin PROGRAM ARGUMENT...: one that has to go on; by stop it ends
begin()
{
	LD_LIBRARY_PATH=$libraries "$@" >"${1##*/}.out" 2>&1 &
	echo $! >>milter.pid
}

listens()
{
	until_true "grep -q '00010000 .*$PWD/$1\$' /proc/net/unix"
}

show_trouble()
{
	tail -n 20 ./*.out ./*.log >&2
}

atf_test_case rspamd_as_policy_and_sink cleanup
rspamd_as_policy_and_sink_head()
{
	atf_set require.progs apt-get
}
rspamd_as_policy_and_sink_body()
{
	get rspamd libluajit-5.1-2 libhyperscan5
	home
	share=$peers/rspamd/usr/share/rspamd
	milter=unix:$PWD/rspamd.sock
	printf '%s\n' com org test >suffixes
	# what it has been told of session and message
	cat >rule.lua <<-'EOF'
		rspamd_config:register_symbol({name = 'MARKED', type = 'normal', score = 7.0, callback = function(task)
			local told = string.format('%s|%s|%s|%s|%s', task:get_from_ip(), task:get_hostname(), task:get_helo(),
			    task:get_from('smtp')[1].addr, task:get_recipients('smtp')[1].addr)
			return task:get_header('X-Told') == told
		end})
	EOF
	cat >rspamd.conf <<-EOF
		lua = "$PWD/rule.lua";
		options {
			tempdir = "$PWD"; hs_cache_dir = "$PWD"; control_socket = "$PWD/control.sock mode=0600";
			url_tld = "$PWD/suffixes"; dns { nameserver = ["127.0.0.1:1"]; timeout = 0.1; }
		}
		logging { type = "file"; filename = "$PWD/rspamd.log"; }
		actions { reject = 15; add_header = 6; }
		worker "rspamd_proxy" {
			bind_socket = "$PWD/rspamd.sock mode=0600"; count = 1; milter = yes;
			upstream "local" { self_scan = yes; }
		}
	EOF
	begin "$peers/rspamd/usr/bin/rspamd" -f -i -c "$PWD/rspamd.conf" --var=SHAREDIR="$share" --var=RULESDIR="$share/rules" \
	    --var=PLUGINSDIR="$share/plugins" --var=LUALIBDIR="$share/lualib" --var=RUNDIR="$PWD" --var=DBDIR="$PWD" \
	    --var=LOGDIR="$PWD" --var=CONFDIR="$PWD"
	listens rspamd.sock
	printf '%s\n' 'Subject: x' '' ham >letter
	session -p "milter-ask $milter" milter-ask "$milter" keep
	atf_check -o match:'^250 2.0.0' cat replies
	sed '/^Received:/,/;/d' message | atf_check -o not-match:'^X-Spam' -o match:'^Subject: x' -o match:'^ham' cat

	printf '%s\n' 'X-Told: 192.0.2.1|host.test|client.test|a@client.test|b@mx.test' '' spam >letter
	session -p "milter-ask $milter" milter-ask "$milter" keep
	atf_check -o match:'^X-Spam: Yes' cat message

	printf '%s\n' 'Subject: x' '' 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X' >letter
	rm message
	session -p "milter-ask $milter" milter-ask "$milter" keep
	atf_check -o match:'^554 5.7.1 Gtube pattern' cat replies
	[ ! -e message ] || atf_fail "passed on"
}
rspamd_as_policy_and_sink_cleanup() { stop; }

atf_test_case clamav_refuses_a_virus cleanup
clamav_refuses_a_virus_head()
{
	atf_set require.progs apt-get
}
clamav_refuses_a_virus_body()
{
	get clamav-daemon clamav-milter libclamav12 libmspack0
	home
	milter=unix:$PWD/milter.sock
	mkdir viruses
	printf 'Test.Virus:0:*:%s\n' "$(printf 'the virus of this test' | od -An -v -tx1 | tr -d ' \n')" >viruses/test.ndb
	printf '%s\n' 'Foreground yes' "DatabaseDirectory $PWD/viruses" "LocalSocket $PWD/clamd.sock" "TemporaryDirectory $PWD" \
	    >clamd.conf
	printf '%s\n' 'Foreground yes' "MilterSocket $milter" "ClamdSocket unix:$PWD/clamd.sock" "TemporaryDirectory $PWD" \
	    'OnInfected Reject' 'RejectMsg this holds %v' 'AddHeader Replace' >milter.conf
	if [ "$(id -u)" = 0 ]; then
		echo 'User root' >>clamd.conf
		echo 'User root' >>milter.conf
	fi
	begin "$peers/clamav-daemon/usr/sbin/clamd" -c clamd.conf
	listens clamd.sock
	begin "$peers/clamav-milter/usr/sbin/clamav-milter" -c milter.conf
	listens milter.sock
	letter
	sink 0 "$milter"
	atf_check -o match:'^X-Virus-Status: Clean' cat message
	sed '/^X-Virus/d' message | atf_check cmp letter -
	rm message
	echo 'here is the virus of this test' >>letter
	sink 31 "$milter"
	atf_check -o match:'^D550 5.7.1 this holds Test.Virus' cat report
	[ ! -e message ] || atf_fail "passed on"
	# without its daemon it knows nothing, and that is no yes
	kill "$(head -n 1 milter.pid)"
	until_true "! kill -0 $(head -n 1 milter.pid) 2>/dev/null"
	sink 71 "$milter"
}
clamav_refuses_a_virus_cleanup() { stop; }

atf_init_test_cases()
{
	atf_add_test_case rspamd_as_policy_and_sink
	atf_add_test_case clamav_refuses_a_virus
}

# journeys.sh: test cases of journeys over a running system; to be read after system.sh.  The test
# program has begin, which makes the system, end, which stops it, and $needed, its programs.

# start: whatever is set before is read by all services.
start()
{
	[ -z "$svscan" ] || return 0
	system_start || lost "the system did not become ready"
}

# lost WHY: fail, with the logs in the test's output.
lost()
{
	cat svscan.out
	tail -n 50 home/log/*/current
	atf_fail "$1"
}

# A system takes longer to make than most journeys, so that several share one.
# journeys NAME DESCRIPTION JOURNEY...: a case that makes these, one after the other, with a system
# that is always stopped.
journeys()
{
	name=$1 description=$2
	shift 2
	eval "
	atf_test_case $name cleanup
	${name}_head()
	{
		atf_set descr '$description'
		atf_set require.progs '$needed'
		atf_set timeout 300
	}
	${name}_body()
	{
		begin
		for journey in $*; do
			[ -z \"\$made\" ] || await_queue_empty || lost \"mail is left of \$made\"
			mailboxes_empty
			echo journey \$journey
			\${journey}_journey
			made=\$journey
		done
		end
	}
	${name}_cleanup()
	{
		PATH=\$PATH:/usr/sbin
		system_kill
	}
	cases=\"\$cases $name\""
}

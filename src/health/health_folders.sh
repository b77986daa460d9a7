# What a home must have: all of it is made by mail-setup, and by nobody else.

# there KIND PATH...: KIND as of test(1); what lies in a folder that we may not enter can't be seen
there()
{
	kind=$1
	shift
	for path; do
		test "$kind" "$path" || [ ! -x "$(dirname "$path")" ] ||
			broken "$path is missing, or is something else" "mail-setup $home makes it anew"
	done
}

# $service_folders of health_owners.sh tells the rest
check_there()
{
	there -d users mail run log state queue
	[ ! -d queue ] || there -d queue/new queue/later queue/hold queue/paused queue/bad queue/journal
	# there are file systems without pipes
	[ ! -x queue ] || [ -p queue/trigger ] ||
		warning 'queue/trigger is no pipe: new messages are found once a second only' "mail-setup $home makes it anew"
	[ ! -d service/web ] || there -d web/none
	for pair in $service_folders; do
		there -d "${pair%:*}"
	done
	for folder in service/*/; do
		name=$(basename "$folder")
		there -d "log/$name"
		there -x "service/$name/run"
		[ ! -d "service/$name/log" ] || there -x "service/$name/log/run"
	done
	# without one of these no mail is taken, or none goes on
	for name in accept check deliver queue relay send; do
		[ -d "service/$name" ] ||
			broken "there is no service $name" "take $name out of service/.made; mail-setup $home makes it anew"
	done
}

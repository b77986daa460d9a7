# The files of the services that come from templates.

# sum_of FILE
sum_of()
{
	sha256sum <"$1" | cut -d ' ' -f 1
}

# is_unedited NAME/FILE: is the one of service/NAME just what an earlier mail-setup put there?
is_unedited()
{
	grep -Fxqs "$(sum_of "$folder/${1#*/}") $1" service/.templates "$templates/former"
}

# differ NAME...: the files of these services that are not what their templates are
differ()
{
	[ $# = 0 ] || (cd "$templates" && find "$@" -type f -exec sha256sum {} +) |
		(cd service && LC_ALL=C sha256sum -c --quiet 2>/dev/null) | sed 's/: FAILED.*//'
}

# refresh NAME/FILE: take it from the template, unless the admin has edited it
refresh()
{
	to=$folder/${1#*/}
	if [ -e "$to" ]; then
		if ! is_unedited "$1"; then
			case $1 in
			*/run | */finish) echo "mail-setup: $home/service/$1 was edited and stays:" \
				"compare it with $templates/$1" ;;
			esac
			return 0
		fi
		case $1 in
		*/log/*) restart=${1%%/*}/log ;;
		*) restart=${1%%/*} ;;
		esac
		echo "mail-setup: $home/service/$1 is new: restart with s6-svc -r $home/service/$restart"
	fi
	cp "$templates/$1" "$to.tmp" && mv "$to.tmp" "$to" || defer "unable to complete $home/$folder"
}

# refresh_service NAME: each file of it that is in $differing
refresh_service()
{
	for file in $differing; do
		case $file in
		"$1"/*)
			[ -d "$folder/log" ] && [ -d "$folder/env" ] || mkdir -p "$folder/env" "$folder/log" ||
				defer "unable to make $home/$folder"
			refresh "$file"
			;;
		esac
	done
}

# Write down what came from the templates, so that it can be refreshed as long as it is that.
record_templates()
{
	put service/.templates </dev/null
	# shellcheck disable=SC2046
	(cd "$templates" && find $(cat "$home/service/.made") -type f 2>/dev/null | LC_ALL=C sort) >service/.files
	{
		(cd "$templates" && xargs -r sha256sum) <service/.files
		(cd service && xargs -r sha256sum 2>/dev/null) <service/.files
	} | sed 's/  / /' | LC_ALL=C sort | uniq -d | sort -u service/.templates - >service/.templates.tmp &&
		mv service/.templates.tmp service/.templates && rm service/.files ||
		defer "unable to write $home/service/.templates"
}

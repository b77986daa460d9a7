# Logs that can't prove a day, for they have lost what they said.

# made_at SERVICE: when its log must have begun, in seconds: when the service was made, or the home
made_at()
{
	{
		find "service/$1" -name supervise -prune -o -type f -printf '%T@\n'
		[ "$1" != queue ] && [ -d "service/$1" ] || stat -c %Y control/me service/.made
	} 2>/dev/null | sort -n | head -n 1 | cut -d . -f 1
}

# A log of those that accept, forward or end messages must begin before the day, or within an hour
# of the service's making; what begins later may have lost what it said before, and what begins
# earlier shows that the files have been changed since.  The line of the run script makes each log
# begin, also that of a service which nobody uses.
tell_gaps()
{
	for name in $(find service/ log/ -mindepth 1 -maxdepth 1 ! -name ".*" ! -name queue \
	    -printf "%f\n" 2>/dev/null | sort -u) queue; do
		case $name in
		accept | pop3* | web | auth | check | relay | spf | origin | dns | sts | dkim | keys | dmarc | tlsreport | tls | send | watch) continue ;;
		admin) continue ;; # a line that is missing there makes a fault, and hides none
		esac
		[ -d "service/$name" ] || [ -d "log/$name" ] || [ "$name" = queue ] || continue
		first=$(find "log/$name/" -type f \( -name current -o -name '@*.[su]' \) 2>/dev/null |
			sort | xargs -r awk '/^@[0-9a-f]+ /{ print $1; exit }' 2>/dev/null)
		if [ -z "$first" ]; then
			[ ! -d "service/$name" ] && [ "$name" != queue ] ||
				echo "log/$name says nothing: what was logged is gone, or it was never started"
			continue
		fi
		is_earlier "$first" "$from" && continue
		made=$(made_at "$name")
		[ -n "$made" ] && is_earlier "$(label_of $((made - 60)))" "$first" &&
			is_earlier "$first" "$(label_of $((made + 3600)))" && continue
		echo "log/$name begins at $first only: what was logged before is gone"
	done
}

# The queue: what waits too long, what nobody can read.

hours_max=24

check_queue()
{
	stopped=$(grep -v -e '^#' -e '^[ 	]*$' control/paused 2>/dev/null | tr '\n' ' ')
	[ -z "$stopped" ] || warning "control/paused stops ${stopped% }: that mail waits" 'queue-edit resume, when it may go'
	"$bin/queue-list" -j >"$work/queue" 2>"$work/said" || {
		case $(cat "$work/said") in
		*ermission*)
			[ "$(id -u)" = 0 ] && broken "the queue can't be looked at" '"mail-check owners" tells why' ||
				warning "the queue can't be looked at" 'run mail-check as root'
			;;
		*) broken "queue-list: $(tail -n 1 "$work/said")" 'see doc/trouble.md' ;;
		esac
		return
	}
	awk -v most=$((hours_max * 3600)) '
	function number(name) {
		return match($0, "\"" name "\":[0-9]+") ? substr($0, RSTART + length(name) + 3) + 0 : 0
	}
	/"place":"bad"/ { bad++; next }
	/"place":"hold"/ { held++; next }
	/"place":"paused"/ { paused++; next }
	/"age":/ {
		waiting++
		if (number("age") > most)
			old++
		if (number("age") > oldest)
			oldest = number("age")
	}
	END { print bad + 0, held + 0, paused + 0, waiting + 0, old + 0, int(oldest / 3600) }' "$work/queue" >"$work/counts"
	read -r bad held paused waiting old oldest <"$work/counts"
	[ "$bad" = 0 ] || broken "$bad files in queue/bad are no messages" 'queue-check tells what is wrong with them'
	[ "$held" = 0 ] || warning "$held messages are held" 'queue-list hold shows them; queue-edit release lets them go'
	[ "$paused" = 0 ] || warning "$paused messages wait for paused destinations" 'queue-edit resume, when they may go'
	[ "$old" = 0 ] || warning "$old of $waiting messages wait for more than $hours_max hours, the oldest for $oldest" \
		'queue-list -c shows for which destinations, queue-list why'
}

# The disk: is there room, does a sync last?

percent_least=5
slow_microseconds=1000000 # of a sync

# room FOLDER KIND ARGUMENT...: of df
room()
{
	folder=$1 kind=$2
	shift 2
	df -P "$@" "$folder" 2>/dev/null | awk 'NR == 2 && $2 > 0 { print int($4 * 100 / $2) }' >"$work/percent"
	read -r percent <"$work/percent" || return 0
	if [ "$percent" -lt 1 ]; then
		broken "there are no $kind left on the file system of $folder" 'make room: mail is put off meanwhile'
	elif [ "$percent" -lt "$percent_least" ]; then
		warning "$percent percent of the $kind are left on the file system of $folder" 'make room'
	fi
}

# try_folder FOLDER [COMMAND...]: does a file that is synced there stay, by the command that becomes its owner?
try_folder()
{
	tried=$1
	shift
	case " $devices " in *" $(stat -c %d "$tried") "*) return ;; esac
	devices="$devices $(stat -c %d "$tried")"
	"$@" "$(program disk-try "$@")" "$tried" >"$work/tried" 2>"$work/said" || {
		broken "$(head -n 1 "$work/said")" "mail is put off meanwhile: look at dmesg, and at the folder's owner and mode"
		return
	}
	! grep -q ' tmpfile=no ' "$work/tried" ||
		warning "$tried is on a file system ($(stat -f -c %T "$tried")) without files that have no name yet (O_TMPFILE)" \
		    'a crash may leave files there whose names begin with tmp: see doc/durability.md'
	! grep -q ' journal=no ' "$work/tried" ||
		warning "$tried is on an ext4 file system without a journal: a power cut may lose or damage mail there that was accepted" \
		    "tune2fs -O has_journal $(findmnt -n -o SOURCE -T "$tried" 2>/dev/null), and mount it anew (for / start the machine anew), or move the home: see doc/durability.md"
	took=$(sed -n 's/.*microseconds=//p' "$work/tried")
	[ "${took:-0}" -lt "$slow_microseconds" ] ||
		warning "to sync a file in $tried took $((took / 1000)) milliseconds" 'see what else the disk does: iostat -x 1'
}

# try_disks: as those who write there, each file system once
try_disks()
{
	devices=
	us=$(id -u)
	for folder in queue queue/journal mail/*/*/Maildir/tmp; do
		owner=$(stat -c %u "$folder" 2>/dev/null)
		if [ "$owner" = "$us" ]; then
			try_folder "$folder"
		elif [ -n "$owner" ] && [ "$us" = 0 ]; then
			try_folder "$folder" s6-applyuidgid -u "$owner" -g "$(stat -c %g "$folder")" -G ''
		fi
	done
}

# find_lost: has e2fsck found mail whose names a power cut has taken?  Only root can look there.
find_lost()
{
	for folder in queue mail; do
		findmnt -n -o TARGET -T "$folder" 2>/dev/null
	done | sort -u >"$work/mounted"
	while read -r folder; do
		lost=${folder%/}/lost+found
		[ -r "$lost" ] && [ -x "$lost" ] || continue
		mails=$(find "$lost" -maxdepth 1 -type f -exec head -q -c 100 {} \; 2>/dev/null |
			grep -aEc '^Delivered-To: |^facteur[0-9]+ ')
		[ "$mails" = 0 ] ||
			warning "$lost has $mails files of mail that have lost their names" 'see "After a power cut" in doc/trouble.md'
	done <"$work/mounted"
}

check_disk()
{
	try_disks
	find_lost
	for folder in queue mail log users; do
		[ -d "$folder" ] || continue # "owners" tells
		room "$folder" blocks
		room "$folder" inodes -i
		case $(stat -f -c %T "$folder") in
		tmpfs | ramfs) broken "$folder is in memory: the next power cut takes all of it" 'move the home to a disk' ;;
		nfs* | smb* | cifs | fuseblk | vfat | msdos | exfat) warning \
			"$folder is on a file system ($(stat -f -c %T "$folder")) where a sync may not last" 'see doc/durability.md' ;;
		esac
		case ,$(findmnt -n -o OPTIONS -T "$folder" 2>/dev/null), in
		*,nobarrier,* | *,barrier=0,* | *,data=writeback,* | *,volatile,*) broken \
			"the file system of $folder is mounted so that a sync does not last" 'take nobarrier, barrier=0, data=writeback, volatile out of its options' ;;
		*,ro,*) broken "the file system of $folder is read-only" 'look at dmesg: it may be damaged' ;;
		esac
	done
	reserve=$(head -n 1 control/queuereserve 2>/dev/null)
	reserve=$(numfmt --from=iec "${reserve:-16777216}" 2>/dev/null) || return 0 # "control" tells
	[ -d queue ] || return 0
	free=$(df -P -B1 queue | awk 'NR == 2 { print $4 }')
	[ "${free:-0}" -ge "$reserve" ] 2>/dev/null ||
		broken "less is free for the queue than control/queuereserve: mail is put off" 'make room'
}

# log: where it grows without end, or says nothing
check_log()
{
	for folder in log/*/; do
		name=$(basename "$folder")
		[ -r "$folder" ] || {
			warning "log/$name can't be read" 'run mail-check as root'
			return
		}
		kib=$(du -sk "$folder" | cut -f 1)
		[ "$name" = admin ] || [ "$kib" -le 51200 ] ||
			warning "log/$name has $((kib / 1024)) MB" 'see what writes there; s6-log keeps 20 files of 1 MB'
	done
	find log/*/ -name 'current' -newermt '1 day ago' 2>/dev/null | grep -q . ||
		warning 'no log has said anything for a day' 'see whether the services run: mail-check services'
}

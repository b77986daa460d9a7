# The keys with which our domains, and our own name, sign.

# Once for a domain: when its keys are gone later, the admin wants none.  $keyed are those that are new.
make_dkim()
{
	if [ ! -d dkim ]; then
		rmdir dkim.tmp 2>/dev/null
		mkdir dkim.tmp && own dkim.tmp root:facteur-dkim 750 && mv dkim.tmp dkim ||
			defer "unable to make $home/dkim"
	fi
	put dkim/.made </dev/null
	made=$(cat dkim/.made) keyed=
	for domain in $(hosted) $(head -n 1 control/me | tr A-Z a-z); do
		domain=${domain%.}
		! is_listed "$domain" "$made" || continue
		made=$made$newline$domain
		# a name that is none is not signed for; one that has keys keeps them
		if FACTEUR_HOME=$home "$bin/dkim-key" show "$domain" >/dev/null 2>&1; then
			:
		elif FACTEUR_HOME=$home "$bin/dkim-key" make "$domain" >/dev/null; then
			keyed="$keyed $domain"
		else
			[ $? = 100 ] || defer "unable to make a key for $domain"
		fi
		echo "$domain" >>dkim/.made || defer "unable to write $home/dkim/.made"
	done
}

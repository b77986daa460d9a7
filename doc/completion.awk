# The completion of all programs' options in a shell: awk -v shell=bash|zsh -f completion.awk of what
# each says to -h.

FNR == 1 {
	name = $0
	sub(/:.*/, "", name)
	names[++n] = name
	options[name] = "-h -V"
}
/^  -/ {
	option = $1
	sub(/\[.*/, "", option)
	options[name] = options[name] " " option
	takes = $2 ~ /^[a-z]+$/ && substr($0, 3, 16) ~ /^-[^ ]+ [a-z]/
	words = substr($0, takes || length($1 " " $2) > 16 ? 20 : 20)
	gsub(/[\[\]'\\]/, "", words)
	zsh[name] = zsh[name] sprintf(" '%s[%s]%s'", option, words, takes ? ":" $2 ":" : "")
	if (takes)
		taking[name] = taking[name] "|" option
}
END {
	if (shell == "bash") {
		print "# facteur's programs in bash: source this, or put it into /etc/bash_completion.d."
		print "_facteur()\n{\n\tlocal words='' taking=''\n\tcase ${COMP_WORDS[0]##*/} in"
		for (i = 1; i <= n; i++)
			printf "\t%s) words='%s' taking='%s|' ;;\n", names[i], options[names[i]], taking[names[i]]
		print "\tesac"
		print "\tCOMPREPLY=()"
		print "\t[[ ${COMP_WORDS[COMP_CWORD]} == -* && $taking != *\"|${COMP_WORDS[COMP_CWORD - 1]}|\"* ]] || return 0"
		print "\tCOMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}"
		printf "complete -o default -F _facteur"
		for (i = 1; i <= n; i++)
			printf " %s", names[i]
		print ""
	} else {
		printf "#compdef"
		for (i = 1; i <= n; i++)
			printf " %s", names[i]
		print "\n# facteur's programs in zsh: put this into a folder of $fpath, as _facteur."
		print "case $service in"
		for (i = 1; i <= n; i++)
			printf "%s) _arguments '-h[say how it is used]' '-V[say which version it is]'%s '*:argument:_default' ;;\n",
				names[i], zsh[names[i]]
		print "esac"
	}
}

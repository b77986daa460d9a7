#! /usr/bin/env atf-sh
# The completion of options in shells.
share=$(cd "$(atf_get_srcdir)/../../share/completion" && pwd)

# complete_bash WORD...: what bash offers for the last one
complete_bash()
{
	bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _facteur; echo ${COMPREPLY[*]}' \
	    "$share/facteur.bash" "$@"
}

atf_test_case bash_offers_the_options
bash_offers_the_options_head()
{
	atf_set require.progs bash
}
bash_offers_the_options_body()
{
	atf_check_equal "-h -V -c -j -s" "$(complete_bash queue-list -)"
	atf_check_equal "-h -V -c -j -s" "$(complete_bash /a/b/queue-list -j -)"
	# an option's argument, and what is no option, is completed as usual
	atf_check_equal "" "$(complete_bash queue-list -s -)"
	atf_check_equal "" "$(complete_bash queue-list a)"
}

atf_test_case zsh_understands_it
zsh_understands_it_head()
{
	atf_set require.progs zsh
}
zsh_understands_it_body()
{
	atf_check zsh -n "$share/_facteur"
	mkdir functions
	cp "$share/_facteur" functions
	cat >script <<-'EOF'
		fpath=($PWD/functions $fpath)
		autoload -Uz compinit && compinit -u -D
		print $_comps[queue-list]
		_arguments() { print -l -- "$@" }
		service=queue-list
		. ./functions/_facteur
	EOF
	atf_check -o match:'^_facteur$' -o match:'^-j\[Write each message' -o match:'^-s\[.*\]:key:$' zsh -f script
}

atf_init_test_cases()
{
	atf_add_test_case bash_offers_the_options
	atf_add_test_case zsh_understands_it
}

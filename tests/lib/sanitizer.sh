# sanitizer.sh: what can't be asked of a program that was built with AddressSanitizer (make sanitize).

# sanitized PROGRAM: was it?
sanitized()
{
	grep -q __asan_init "$(command -v "$1")"
}

# skip_sanitized PROGRAM: skip the case, for it is about memory, of which a sanitizer takes much itself.
skip_sanitized()
{
	! sanitized "$1" || atf_skip "the memory of $1 can't be told from what AddressSanitizer takes"
}

#ifndef POLICY_SPP_OUTPUT_H
#define POLICY_SPP_OUTPUT_H

#include <stddef.h>

#include <stralloc.h>

/* What plugins of qmail-spp say on their standard output, one command a line. */
enum spp_command {
	SPP_SENSELESS,
	SPP_ACCEPT_ALL, /* A: no more plugins in this session */
	SPP_NEXT,       /* N, and O: no more plugins for this request */
	SPP_ERROR,      /* E: refuse this request */
	SPP_ERROR_MAIL, /* LM, LR, LD: refuse a later one */
	SPP_ERROR_RCPT,
	SPP_ERROR_DATA,
	SPP_REJECT, /* R: refuse all from now on */
	SPP_DROP,   /* D: end the connection */
	SPP_SET,    /* S: of the environment */
	SPP_UNSET,  /* U */
	SPP_HEADER, /* H: add this field */
	SPP_CHANGE, /* C: the address */
	SPP_PRINT,  /* P */
};

/*
 * What the line s[0..len), without "\n", says; its text begins at s[*text].  A variable
 * that can't be one, or a field that is none, is SPP_SENSELESS.
 */
enum spp_command spp_output_scan(const char *s, size_t len, size_t *text);

/*
 * Append to sa the refusal of policy(5) for a plugin's message s[0..len), such as "550 go
 * away": with the code and the enhanced status that it has, else 5.7.1 or 4.7.1 after a
 * code without one, and 451 4.7.1 where there is no code.  Dies with DEFER when memory is
 * short.
 */
void spp_output_refuse(stralloc *sa, const char *s, size_t len);

#endif

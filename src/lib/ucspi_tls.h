#ifndef LIB_UCSPI_TLS_H
#define LIB_UCSPI_TLS_H

/* TLS begun by a program before us: UCSPI-TLS, or as tlswrapper -n has it. */

/*
 * Does a program before us wait to be told that TLS shall begin: by UCSPI-TLS ($SSLCTLFD,
 * $SSLREADFD, $SSLWRITEFD), or, as tlswrapper -n, by getting the reply to the client on
 * another descriptor ($STARTTLSFD) that is then closed?
 */
int ucspi_tls_offered(void);

/*
 * Tell the client by reply, which may be null, and that program to begin, and make
 * descriptors 0 and 1 the clear text.  Each step has seconds.  The variables that
 * UCSPI-TLS tells are set, and those that offered it unset.  Returns 0, or -1 with
 * *reason.
 */
int ucspi_tls_begin(const char *reply, unsigned seconds, const char **reason);

#endif

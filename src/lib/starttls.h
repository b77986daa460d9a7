#ifndef LIB_STARTTLS_H
#define LIB_STARTTLS_H

/* TLS begun on the client's connection, when it asks for it. */

#define STARTTLS_SECONDS 60 /* for a handshake */

/* Does the client's connection, descriptors 0 and 1, run through TLS already? */
int starttls_active(void);

/*
 * Can TLS be begun: is there a UCSPI-TLS server ($SSLCTLFD), a wrapper that waits for the
 * reply on another descriptor ($STARTTLSFD), or run/tls.sock in the working directory?
 * No when it is active, $UCSPITLS is "-", or tls-wrap has said that it has no
 * certificate that is of use.
 */
int starttls_offered(void);

/* Must the client begin it before anything else: is $UCSPITLS "!"? */
int starttls_required(void);

#define STARTTLS_DONE 0
#define STARTTLS_UNAVAILABLE -1 /* the client has not been told to begin */
#define STARTTLS_FAILED -2      /* it has, and can't be talked to any more */

/* How it is to be begun. */
struct starttls {
	const char *protocol; /* its name for ALPN (RFC 7301), or null */
	unsigned seconds;     /* for a handshake */
	int no_tickets;       /* a session of TLS is not to be resumed later */
};

/*
 * Tell the client to begin, by reply, if that is not null, and put TLS between us: throw
 * away what it has sent so far, and when the handshake is over, make descriptors 0 and 1
 * the clear text, and set TLS_VERSION and other variables.  What went wrong is
 * in *reason, which is good until the next call.
 */
int starttls_run(const char *reply, const struct starttls *how, const char **reason);

/*
 * Begin TLS before anything is said, as on ports 465 and 995, within how->seconds and the
 * patience that there is with a stranger.  Returns 0, or -1 after having logged why not.
 */
int starttls_first(const struct starttls *how);

#endif

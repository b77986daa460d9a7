#ifndef ADMIN_TLS_CHECK_H
#define ADMIN_TLS_CHECK_H

/* The look at the certificates and keys of tls/ that mail-compile takes. */

/*
 * Name on descriptor 2 what is wrong in the folders of tls/, tls(5): files that are
 * missing or can't be read, keys that the wrong ones can read or that belong to another
 * certificate, certificates for other names or at their end; and what else must change
 * when control/me has no certificate.  Nothing of this is an error.  Takes a few seconds
 * at most.
 */
void tls_check(void);

#endif

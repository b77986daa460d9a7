#define OPENSSL_API_COMPAT 0x10100000L /* for ERR_load_SSL_strings */

#include <errno.h>
#include <poll.h>
#include <string.h>

#include <openssl/err.h>

#include "lib/deadline.h"
#include "tls/wrap_handshake.h"

const char *
wrap_handshake_reason(SSL *ssl, int r)
{
	unsigned long code = ERR_peek_last_error();
	int saved = errno, kind = SSL_get_error(ssl, r);
	const char *reason;

	if (kind == SSL_ERROR_SYSCALL && code == 0)
		return saved != 0 ? strerror(saved) : "connection closed";
	if (ERR_GET_LIB(code) == ERR_LIB_SSL) {
		if (ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
			return "connection closed";
		if (ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER ||
		    ERR_GET_REASON(code) == SSL_R_HTTP_REQUEST ||
		    ERR_GET_REASON(code) == SSL_R_HTTPS_PROXY_REQUEST)
			return "not TLS";
	}
	/* The words for the rest are loaded only now that they are wanted. */
	ERR_load_SSL_strings();
	reason = ERR_reason_error_string(code);
	return reason != NULL ? reason : "error in the TLS library";
}

/* Wait until ssl can go on.  Returns null; or why it never will. */
static const char *
await(int kind, int net, int clear, int64_t at)
{
	struct pollfd pollers[] = {
	    {.fd = net, .events = kind == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN},
	    {.fd = clear, .events = POLLIN},
	};

	if (deadline_poll(pollers, 2, at) == -1)
		return errno == ETIMEDOUT ? "timeout" : strerror(errno);
	/* It has nothing to say before we have answered. */
	return pollers[1].revents != 0 ? "given up" : NULL;
}

const char *
wrap_handshake(SSL *ssl, int net, int clear, int64_t at)
{
	const char *reason;
	int r, kind;

	for (;;) {
		ERR_clear_error();
		errno = 0;
		r = SSL_do_handshake(ssl);
		if (r == 1)
			return NULL;
		kind = SSL_get_error(ssl, r);
		if (kind != SSL_ERROR_WANT_READ && kind != SSL_ERROR_WANT_WRITE)
			return wrap_handshake_reason(ssl, r);
		reason = await(kind, net, clear, at);
		if (reason != NULL)
			return reason;
	}
}

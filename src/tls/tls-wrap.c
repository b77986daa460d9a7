/* tls-wrap: speak TLS on a descriptor, clear text on a socket. */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/ssl.h>

#include "lib/caller.h"
#include "lib/deadline.h"
#include "lib/home_path.h"
#include "lib/text_decimal.h"
#include "lib/text_number.h"
#include "lib/verdict.h"
#include "tls/wrap_answer.h"
#include "tls/wrap_authorities.h"
#include "tls/wrap_certificate.h"
#include "tls/wrap_context.h"
#include "tls/wrap_handshake.h"
#include "tls/wrap_heap.h"
#include "tls/wrap_huge.h"
#include "tls/wrap_log.h"
#include "tls/wrap_outward.h"
#include "tls/wrap_peer.h"
#include "tls/wrap_proxy.h"
#include "tls/wrap_question.h"
#include "tls/wrap_rehearsal.h"
#include "tls/wrap_server.h"
#include "tls/wrap_settings.h"
#include "tls/wrap_ticket.h"
#include "tls/wrap_usable.h"

#define SOCK 0 /* of the one who asks */
#define CLIENTS_MAX 65536
#define STATUS "4.7.5" /* a failure of cryptography: RFC 3463, 3.8 */

static struct wrap_question question = {.net = -1};
static struct wrap_verify verify = {.request = &question.request};
static SSL_CTX *inward, *outward; /* what is set for servers, and for clients */
static char peer[INET6_ADDRSTRLEN];
static int64_t begun;
static int certificate_is_missing;

/* Who the peer is, in the log. */
static const char *
role(void)
{
	return question.request.side == TLS_SIDE_CLIENT ? "server" : "client";
}

/* Give up on what is ours to keep in order. */
static int
defer(const char *reason)
{
	wrap_log("failed", role(), peer, "reason", reason, (char *)NULL);
	wrap_answer_refuse(SOCK, 'Z', reason);
	return DEFER;
}

static void
log_failure(const char *word, const char *reason)
{
	char ms[DECIMAL_MAX];

	wrap_log("failed", role(), peer, "name", question.request.servername, "result",
	    word, "reason", reason, "ms",
	    text_decimal(ms, (unsigned long long)(deadline_now() - begun)), (char *)NULL);
}

/* Refuse what the one who asks, or its client, has done. */
static int
refuse(const char *reason)
{
	log_failure(NULL, reason);
	wrap_answer_refuse(SOCK, 'D', reason);
	return REJECT;
}

/* There is no TLS with a server, for the reason that word names. */
static int
fail(const char *word, const char *reason)
{
	log_failure(word, reason);
	wrap_answer_fail(SOCK, STATUS, word, reason);
	return REJECT;
}

/* Make the network's descriptor ready, and learn who is there. */
static int
prepare_net(void)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);
	int flags = fcntl(question.net, F_GETFL);

	if (flags == -1 || fcntl(question.net, F_SETFL, flags | O_NONBLOCK) == -1)
		return -1;
	if (getpeername(question.net, (struct sockaddr *)&address, &len) == -1)
		return errno == ENOTCONN ? 0 : -1;
	if (address.ss_family == AF_INET)
		inet_ntop(AF_INET, &((struct sockaddr_in *)&address)->sin_addr, peer,
		    sizeof(peer));
	else if (address.ss_family == AF_INET6)
		inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&address)->sin6_addr, peer,
		    sizeof(peer));
	/* Each of our writes is complete: RFC 1122, 4.2.3.4 would let it wait. */
	setsockopt(question.net, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
	return 0;
}

static void
log_handshake(SSL *ssl)
{
	int is_client = question.request.side == TLS_SIDE_CLIENT;
	char ms[DECIMAL_MAX];

	wrap_log("handshake", role(), peer, "version", SSL_get_version(ssl), "cipher",
	    SSL_get_cipher_name(ssl), is_client ? "name" : "sni",
	    is_client ? question.request.servername
		      : SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name),
	    "verified", is_client ? wrap_verify_name(question.request.verify) : NULL,
	    "resumed", SSL_session_reused(ssl) ? "1" : NULL, "ms",
	    text_decimal(ms, (unsigned long long)(deadline_now() - begun)), (char *)NULL);
}

static void
log_end(const char *end, const struct wrap_traffic *traffic)
{
	char in[DECIMAL_MAX], out[DECIMAL_MAX], seconds[DECIMAL_MAX];
	unsigned long long ms = (unsigned long long)(deadline_now() - begun);

	wrap_log("closed", role(), peer, "in", text_decimal(in, traffic->in), "out",
	    text_decimal(out, traffic->out), "seconds", text_decimal(seconds, ms / 1000),
	    "reason", end, (char *)NULL);
}

/* The handshake is over: answer, and carry what is said.  Returns the exit code. */
static int
carry(SSL *ssl)
{
	struct wrap_traffic traffic = {0, 0};
	int is_client = question.request.side == TLS_SIDE_CLIENT;

	log_handshake(ssl);
	if (wrap_answer_accept(SOCK, ssl, is_client ? &verify : NULL) == -1) {
		wrap_log("failed", role(), peer, "reason", "given up", (char *)NULL);
		return DEFER;
	}
	log_end(wrap_proxy(ssl, question.net, question.clear,
		    question.clear != SOCK ? SOCK : -1, &traffic),
	    &traffic);
	return ACCEPT;
}

static int64_t
handshake_deadline(void)
{
	return begun + question.request.timeout * INT64_C(1000);
}

/* As a server.  Returns the exit code. */
static int
serve(void)
{
	const char *wrong;
	SSL *ssl;

	if (question.request.alpn != NULL)
		wrap_context_expect(inward, question.request.alpn);
	ssl = wrap_certificate_begin(inward);
	if (ssl == NULL || !SSL_set_fd(ssl, question.net))
		return defer("out of memory");
	wrap_ticket_apply(ssl, !question.request.no_tickets);
	wrap_settings_apply(ssl);
	SSL_set_accept_state(ssl);
	wrong = wrap_handshake(ssl, question.net, SOCK, handshake_deadline());
	if (certificate_is_missing)
		return defer("no certificate");
	return wrong != NULL ? refuse(wrong) : carry(ssl);
}

/* The server's certificate has not been found good. */
static int
fail_to_verify(SSL *ssl)
{
	char reason[WRAP_PEER_NAMES + 200], names[WRAP_PEER_NAMES] = "";
	char *p = stpcpy(reason, wrap_verify_reason(ssl));

	if (verify.certificate != NULL)
		wrap_peer_names(verify.certificate, names);
	if (*names != '\0')
		stpcpy(stpcpy(p, "; the certificate is for "), names);
	return fail(wrap_verify_word(ssl), reason);
}

/* As a client, with an SSL object that the caller frees.  Returns the exit code. */
static int
reach(SSL **object)
{
	const char *wrong;
	SSL *ssl;
	int r = wrap_outward_begin(object, outward, &verify, &wrong);

	ssl = *object;
	switch (r) {
	case WRAP_OUTWARD_OURS:
		return defer(wrong);
	case WRAP_OUTWARD_UNUSABLE:
		return fail("tlsa-invalid", wrong);
	}
	if (!SSL_set_fd(ssl, question.net))
		return defer("out of memory");
	wrong = wrap_handshake(ssl, question.net, SOCK, handshake_deadline());
	if (wrong != NULL)
		return wrap_verify_reason(ssl) != NULL
			   ? fail_to_verify(ssl)
			   : fail(wrap_verify_word(ssl), wrong);
	return carry(ssl);
}

/* What was asked for.  Returns the exit code. */
static int
oblige(void)
{
	SSL *ssl = NULL;
	int r;

	begun = deadline_now();
	peer[0] = '\0';
	if (prepare_net() == -1)
		return refuse("the descriptor is not a connected socket");
	if (question.request.side == TLS_SIDE_SERVER)
		return serve();
	r = reach(&ssl);
	SSL_free(ssl);
	X509_free(verify.certificate);
	verify.certificate = NULL;
	return r;
}

/*
 * The connection on descriptor 0: one session, or one after the other with servers, as
 * long as more are asked for.  Returns the exit code.
 */
static int
attend(void)
{
	int r = ACCEPT, gone, goes_on;
	const char *wrong;

	if (!caller_may(SOCK))
		return refuse("not one of CLIENT_UIDS");
	do {
		begun = deadline_now();
		wrong = wrap_question_read(&question, SOCK, &gone);
		if (gone)
			return r;
		r = wrong != NULL ? refuse(wrong) : oblige();
		goes_on = wrong == NULL && question.clear != SOCK;
		wrap_question_end(&question, SOCK);
	} while (goes_on);
	return r;
}

int
main(int argc, char **argv)
{
	unsigned long long most = 0;

	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_DUMPABLE, 0); /* no core with a key in it */
	if (argc != 1 &&
	    (argc != 3 || strcmp(argv[1], "-l") != 0 ||
		!text_number(argv[2], strlen(argv[2]), CLIENTS_MAX, &most) || most == 0))
		return defer("usage: tls-wrap [-l connections]");
	if (chdir(home_path()) == -1)
		return defer("unable to enter the home");

	/* While the network's side is still being told to begin, or before, get ready. */
	inward = wrap_context_server(&certificate_is_missing);
	outward = wrap_outward_context();
	if (inward == NULL || outward == NULL)
		return defer("unable to begin with OpenSSL");
	if (most > 0) {
		wrap_huge_move();
		wrap_rehearsal(inward, outward);
		wrap_authorities_refresh();
	}
	wrap_ticket_begin(inward);
	if (most > 0) {
		wrap_usable_look(inward);
		wrap_heap_fill();
	}
	if (most > 0)
		wrap_log("begun", "openssl", OpenSSL_version(OPENSSL_VERSION_STRING),
		    (char *)NULL);
	if (most > 0 && wrap_server_run(most, inward) == -1)
		return defer("unable to serve the socket");
	return attend();
}

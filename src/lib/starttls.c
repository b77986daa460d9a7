#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stralloc.h>

#include "lib/deadline.h"
#include "lib/keepalive.h"
#include "lib/log.h"
#include "lib/starttls.h"
#include "lib/stranger.h"
#include "lib/text.h"
#include "lib/tls_answer.h"
#include "lib/tls_ask.h"
#include "lib/ucspi_tls.h"
#include "lib/variable.h"

#define UNUSABLE "state/tls/unusable" /* tls-wrap has no certificate */
#define PATIENCE 10                   /* seconds beyond those of the handshake */
#define EARLY_MAX 4096                /* a piece of what the client sent too early */
#define EARLY_PIECES 16

int
starttls_active(void)
{
	const char *version = variable_own("TLS_VERSION"),
		   *protocol = variable_own("SSL_PROTOCOL");

	return (version != NULL && *version != '\0') ||
	       (protocol != NULL && *protocol != '\0');
}

static const char *
policy(void)
{
	const char *s = variable_own("UCSPITLS");

	return s != NULL ? s : "";
}

int
starttls_offered(void)
{
	if (starttls_active() || strcmp(policy(), "-") == 0)
		return 0;
	return ucspi_tls_offered() ||
	       (access(TLS_ASK_SOCKET, F_OK) == 0 && access(UNUSABLE, F_OK) == -1);
}

int
starttls_required(void)
{
	return strcmp(policy(), "!") == 0 && !starttls_active();
}

/*
 * What was sent in the clear must not be taken for something said under TLS.  Where
 * nobody has to be told, it is TLS already.
 */
static void
discard_early(const char *reply)
{
	char early[EARLY_MAX];
	int pieces;

	/* of who does not stop the rest spoils the handshake, which has a deadline */
	for (pieces = 0; reply != NULL && pieces < EARLY_PIECES; pieces++)
		if (recv(0, early, sizeof(early), MSG_DONTWAIT) != (ssize_t)sizeof(early))
			break;
}

static int
tell(const char *reply, unsigned seconds)
{
	if (reply == NULL)
		return 0;
	return deadline_write_all(1, reply, strlen(reply), seconds);
}

static void
put_request(stralloc *request, const struct starttls *how)
{
	char decimal[DECIMAL_MAX];

	tls_ask_put(request, "side=", "server");
	tls_ask_put(request, "timeout=", text_decimal(decimal, how->seconds));
	if (how->no_tickets)
		tls_ask_put(request, "tickets=", "no");
	if (how->protocol != NULL)
		tls_ask_put(request, "alpn=", how->protocol);
}

static void
set_environment(const char *records, size_t len)
{
	const char *end = records + len;

	for (; records < end; records += strlen(records) + 1)
		tls_answer_set(records);
}

/* Returns 0, or -1 with *reason. */
static int
ask(int sock, const struct starttls *how, const char **reason)
{
	static stralloc answer; /* a cache: the reason may be in it */
	stralloc request = {0};
	char letter;

	put_request(&request, how);
	letter = tls_ask(sock, 0, &request, how->seconds, &answer);
	stralloc_free(&request);
	if (letter == 'K') {
		set_environment(answer.s, answer.len);
		return 0;
	}
	*reason = answer.s;
	return -1;
}

/* By tls-wrap, behind the socket. */
static int
run_socket(const char *reply, const struct starttls *how, const char **reason)
{
	int sock, r = STARTTLS_FAILED;

	*reason = "unable to connect to " TLS_ASK_SOCKET;
	/* first, so that tls-wrap gets ready while the client hears of it */
	sock = tls_ask_connect();
	if (sock == -1)
		return STARTTLS_UNAVAILABLE;
	discard_early(reply);
	*reason = "unable to write to the client";
	if (tell(reply, how->seconds) == 0 && ask(sock, how, reason) == 0) {
		*reason = "unable to use the clear text";
		if (dup2(sock, 0) != -1 && dup2(sock, 1) != -1)
			r = STARTTLS_DONE;
	}
	close(sock);
	return r;
}

int
starttls_run(const char *reply, const struct starttls *how, const char **reason)
{
	int r;

	if (ucspi_tls_offered()) {
		discard_early(reply);
		r = ucspi_tls_begin(reply, how->seconds + PATIENCE, reason) == 0
			? STARTTLS_DONE
			: STARTTLS_FAILED;
	} else {
		r = run_socket(reply, how, reason);
	}
	if (r == STARTTLS_DONE && !starttls_active() &&
	    setenv("TLS_VERSION", "unknown", 1) == -1)
		return STARTTLS_FAILED;
	return r;
}

int
starttls_first(const struct starttls *how)
{
	struct starttls patient = *how;
	const char *reason;
	unsigned patience;

	keepalive_begin(0);
	if (stranger_seconds(&patience) == -1)
		return -1;
	if (patient.seconds > patience)
		patient.seconds = patience;
	if (starttls_run(NULL, &patient, &reason) == STARTTLS_DONE)
		return 0;
	log_event(NULL, "failed", "client", variable_own("TCPREMOTEIP"), "reason", reason,
	    (char *)NULL);
	return -1;
}

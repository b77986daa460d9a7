#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stralloc.h>

#include "lib/deadline.h"
#include "lib/fdpass.h"
#include "lib/netstring.h"
#include "lib/starttls.h"
#include "lib/text.h"
#include "lib/tls_answer.h"
#include "lib/ucspi_tls.h"

#define SOCKET "run/tls.sock"
#define PATIENCE 10    /* seconds beyond those of the handshake */
#define EARLY_MAX 4096 /* a piece of what the client sent too early */

int
starttls_active(void)
{
	const char *version = getenv("TLS_VERSION"), *protocol = getenv("SSL_PROTOCOL");

	return (version != NULL && *version != '\0') ||
	       (protocol != NULL && *protocol != '\0');
}

static const char *
policy(void)
{
	const char *s = getenv("UCSPITLS");

	return s != NULL ? s : "";
}

int
starttls_offered(void)
{
	if (starttls_active() || strcmp(policy(), "-") == 0)
		return 0;
	return ucspi_tls_offered() || access(SOCKET, F_OK) == 0;
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

	while (reply != NULL &&
	       recv(0, early, sizeof(early), MSG_DONTWAIT) == (ssize_t)sizeof(early))
		;
}

static int
tell(const char *reply, unsigned seconds)
{
	if (reply == NULL)
		return 0;
	return deadline_write_all(1, reply, strlen(reply), seconds);
}

static void
put_question(stralloc *question, const char *protocol, unsigned seconds)
{
	stralloc content = {0};
	char decimal[DECIMAL_MAX];

	text_cat(&content, "side=server", NULL);
	text_catb(&content, "", 1);
	text_cat(&content, "timeout=", text_decimal(decimal, seconds), NULL);
	text_catb(&content, "", 1);
	if (protocol != NULL) {
		text_cat(&content, "alpn=", protocol, NULL);
		text_catb(&content, "", 1);
	}
	netstring_put(question, content.s, content.len);
	stralloc_free(&content);
}

/* Returns 0, or -1 with *reason. */
static int
send_question(int sock, const char *protocol, unsigned seconds, const char **reason)
{
	stralloc question = {0};
	ssize_t r;

	put_question(&question, protocol, seconds);
	do
		r = fdpass_send(sock, question.s, question.len, 0);
	while (r == -1 && errno == EINTR);
	/* so short a message goes in one piece */
	r = r == (ssize_t)question.len ? 0 : -1;
	stralloc_free(&question);
	if (r == -1)
		*reason = "unable to ask " SOCKET;
	return (int)r;
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
read_answer(int sock, unsigned seconds, const char **reason)
{
	static stralloc answer; /* a cache: the reason may be in it */
	char letter;

	*reason = "no answer from " SOCKET;
	if (netstring_read(sock, &answer, TLS_ANSWER_MAX, seconds + PATIENCE) != 1)
		return -1;
	letter = tls_answer_judge(answer.s, answer.len);
	if (letter == 'K') {
		set_environment(answer.s + 1, answer.len - 1);
		return 0;
	}
	*reason = "senseless answer from " SOCKET;
	if (letter != 0) {
		text_terminate(&answer);
		*reason = answer.s + 1;
	}
	return -1;
}

/* By tls-wrap, behind the socket. */
static int
run_socket(const char *reply, const char *protocol, unsigned seconds, const char **reason)
{
	int sock, r = STARTTLS_FAILED;

	*reason = "unable to connect to " SOCKET;
	/* first, so that tls-wrap gets ready while the client hears of it */
	sock = fdpass_connect(SOCKET);
	if (sock == -1)
		return STARTTLS_UNAVAILABLE;
	discard_early(reply);
	*reason = "unable to write to the client";
	if (tell(reply, seconds) == 0 &&
	    send_question(sock, protocol, seconds, reason) == 0 &&
	    read_answer(sock, seconds, reason) == 0) {
		*reason = "unable to use the clear text";
		if (dup2(sock, 0) != -1 && dup2(sock, 1) != -1)
			r = STARTTLS_DONE;
	}
	close(sock);
	return r;
}

int
starttls_run(
    const char *reply, const char *protocol, unsigned seconds, const char **reason)
{
	int r;

	if (ucspi_tls_offered()) {
		discard_early(reply);
		r = ucspi_tls_begin(reply, seconds + PATIENCE, reason) == 0
			? STARTTLS_DONE
			: STARTTLS_FAILED;
	} else {
		r = run_socket(reply, protocol, seconds, reason);
	}
	if (r == STARTTLS_DONE && !starttls_active() &&
	    setenv("TLS_VERSION", "unknown", 1) == -1)
		return STARTTLS_FAILED;
	return r;
}

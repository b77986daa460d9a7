#include <errno.h>
#include <string.h>

#include "lib/deadline.h"
#include "lib/fdpass.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "lib/tls_answer.h"
#include "lib/tls_ask.h"
#include "lib/unix_connect.h"

#define PATIENCE 10 /* seconds beyond those of the handshake, and for the request */

int
tls_ask_connect(void)
{
	return unix_connect(TLS_ASK_SOCKET, UNIX_CONNECT_SECONDS);
}

void
tls_ask_put(stralloc *request, const char *name, const char *value)
{
	text_cat(request, name, value, (char *)NULL);
	text_catb(request, "", 1);
}

/* Returns 0, or -1 with errno. */
static int
send_request(int sock, const int *fds, size_t n, const stralloc *request)
{
	stralloc question = {0};
	ssize_t r;

	netstring_put(&question, request->s, request->len);
	do
		r = fdpass_send_all(sock, question.s, question.len, fds, n);
	while (r == -1 && errno == EINTR);
	if (r > 0)
		r = deadline_write_all(
		    sock, question.s + r, question.len - (size_t)r, PATIENCE);
	stralloc_free(&question);
	return r == 0 ? 0 : -1;
}

/* As tls_ask, with n descriptors. */
static char
ask(int sock, const int *fds, size_t n, const stralloc *request, unsigned seconds,
    stralloc *answer)
{
	char letter;

	if (send_request(sock, fds, n, request) == -1) {
		text_set(answer, "unable to ask " TLS_ASK_SOCKET);
		return 0;
	}
	if (netstring_read(sock, answer, TLS_ANSWER_MAX, seconds + PATIENCE) != 1) {
		text_set(answer, "no answer from " TLS_ASK_SOCKET);
		return 0;
	}
	letter = tls_answer_judge(answer->s, answer->len);
	if (letter == 0) {
		text_set(answer, "senseless answer from " TLS_ASK_SOCKET);
		return 0;
	}
	answer->len--;
	memmove(answer->s, answer->s + 1, answer->len);
	text_terminate(answer);
	return letter;
}

char
tls_ask(int sock, int fd, const stralloc *request, unsigned seconds, stralloc *answer)
{
	return ask(sock, &fd, 1, request, seconds, answer);
}

char
tls_ask_passing(
    int sock, int fd, int clear, stralloc *request, unsigned seconds, stralloc *answer)
{
	tls_ask_put(request, "clear=", "passed");
	return ask(sock, (int[]){fd, clear}, 2, request, seconds, answer);
}

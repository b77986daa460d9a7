#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stralloc.h>

#include "fetch/authenticate.h"
#include "lib/credentials.h"
#include "lib/fdpass.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "lib/unix_connect.h"
#include "lib/verdict.h"

#define SOCKET "run/pop3.sock"
#define ANSWER_MAX 512
#define SECONDS 30

/* Append the question.  Returns 0 when there can be no such user. */
static int
put_question(stralloc *question, const char *user, const char *password)
{
	stralloc content = {0};

	if (!credentials_put(&content, user, password))
		return 0;
	netstring_put(question, content.s, content.len);
	text_wipe(&content);
	stralloc_free(&content);
	return 1;
}

static int
send_question(int sock, const stralloc *question, int fd)
{
	ssize_t r;

	do
		r = fdpass_send(sock, question->s, question->len, fd);
	while (r == -1 && errno == EINTR);
	if (r != -1 &&
	    (size_t)r < question->len) { /* so short a message goes in one piece */
		errno = EMSGSIZE;
		return -1;
	}
	return r == -1 ? -1 : 0;
}

static int
read_answer(int sock, const char **reason)
{
	stralloc answer = {0};
	int r, verdict = DEFER;

	r = netstring_read(sock, &answer, ANSWER_MAX, SECONDS);
	if (r != 1) {
		/* From here on no K can come any more.  One that already has, counts. */
		shutdown(sock, SHUT_RDWR);
		r = netstring_read(sock, &answer, ANSWER_MAX, 1);
	}
	if (r == 1 && answer.len > 0)
		verdict = verdict_from_letter(answer.s[0]);
	if (verdict == DEFER)
		*reason = r == 1 ? "the check was put off" : "no answer from " SOCKET;
	stralloc_free(&answer);
	return verdict;
}

int
authenticate(const char *user, const char *password, int fd, const char **reason)
{
	stralloc question = {0};
	int sock, r, verdict = DEFER;

	*reason = "too long to be right";
	if (!put_question(&question, user, password))
		return REJECT;
	*reason = "unable to connect to " SOCKET;
	sock = unix_connect(SOCKET, UNIX_CONNECT_SECONDS);
	if (sock != -1) {
		*reason = "unable to ask " SOCKET;
		r = send_question(sock, &question, fd);
		if (r == 0)
			verdict = read_answer(sock, reason);
		close(sock);
	}
	text_wipe(&question);
	stralloc_free(&question);
	return verdict;
}

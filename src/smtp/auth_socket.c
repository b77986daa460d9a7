#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <errmsg.h>

#include "lib/deadline.h"
#include "lib/fdpass.h"
#include "lib/netstring.h"
#include "lib/text.h"
#include "lib/unix_connect.h"
#include "smtp/auth_socket.h"

#define ANSWER_MAX 4096

/* Read the answer, and the descriptor that may come with its first byte. */
static int
read_answer(struct auth_socket *auth)
{
	char first;
	ssize_t r;

	if (deadline_wait(
		auth->fd, POLLIN, deadline_now() + AUTH_SECONDS * INT64_C(1000)) == -1)
		return -1;
	do
		r = fdpass_receive(auth->fd, &first, 1, &auth->mark);
	while (r == -1 && errno == EINTR);
	if (r != 1)
		return (int)r;
	return netstring_read_on(
	    auth->fd, first, &auth->answer, ANSWER_MAX, AUTH_SECONDS);
}

/* Returns 0, or -1 with errno. */
static int
exchange(struct auth_socket *auth, const stralloc *question)
{
	int r;

	if (auth->fd == -1)
		auth->fd = unix_connect(AUTH_SOCK, UNIX_CONNECT_SECONDS);
	if (auth->fd == -1 ||
	    deadline_write_all(auth->fd, question->s, question->len, AUTH_SECONDS) == -1)
		return -1;
	r = read_answer(auth);
	if (r == 1 && auth->answer.len > 0)
		return 0;
	if (r != -1)
		errno = EPROTO;
	return -1;
}

char
auth_socket_ask(struct auth_socket *auth, const char *request, size_t len)
{
	stralloc question = {0};
	char letter = 'Z';

	auth->answer.len = 0;
	netstring_put(&question, request, len);
	if (exchange(auth, &question) == -1)
		carpsys("unable to ask ", AUTH_SOCK);
	else if (strchr("KCD", auth->answer.s[0]) != NULL)
		letter = auth->answer.s[0];
	text_wipe(&question);
	stralloc_free(&question);
	if (auth->answer.len > 0) {
		auth->answer.len--;
		memmove(auth->answer.s, auth->answer.s + 1, auth->answer.len);
	}
	text_terminate(&auth->answer);
	return letter;
}

void
auth_socket_close(struct auth_socket *auth)
{
	if (auth->fd != -1)
		close(auth->fd);
	if (auth->mark != -1)
		close(auth->mark);
	auth->fd = auth->mark = -1;
	stralloc_free(&auth->answer);
	stralloc_init(&auth->answer);
}

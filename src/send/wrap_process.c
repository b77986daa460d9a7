#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/text.h"
#include "lib/tls_ask.h"
#include "send/wrap_process.h"

void
wrap_process_end(struct wrap_process *w)
{
	if (w->is_open)
		close(w->sock);
	w->is_open = 0;
}

/* It has ended, or says something that nobody has asked for. */
static int
is_of_no_use(const struct wrap_process *w)
{
	struct pollfd poller = {.fd = w->sock, .events = POLLIN};

	return w->sessions >= WRAP_PROCESS_SESSIONS || poll(&poller, 1, 0) != 0;
}

int
wrap_process_ready(struct wrap_process *w, int is_alone)
{
	if (w->is_open && (is_alone || w->is_alone || is_of_no_use(w)))
		wrap_process_end(w);
	if (!w->is_open) {
		w->sock = tls_ask_connect();
		if (w->sock == -1)
			return -1;
		w->is_open = 1;
		w->sessions = 0;
	}
	w->is_alone = is_alone;
	return 0;
}

/* It serves this session only: the clear text is on its socket. */
static char
ask_once(struct wrap_process *w, int fd, const stralloc *request, unsigned seconds,
    stralloc *answer, int *clear)
{
	char letter = tls_ask(w->sock, fd, request, seconds, answer);

	if (letter == 'K') {
		*clear = w->sock;
		w->is_open = 0;
	}
	wrap_process_end(w);
	return letter;
}

char
wrap_process_ask(struct wrap_process *w, int fd, stralloc *request, unsigned seconds,
    stralloc *answer, int *clear)
{
	int ends[2];
	char letter;

	if (w->is_alone)
		return ask_once(w, fd, request, seconds, answer, clear);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1) {
		text_set(answer, "no descriptors left");
		return 0;
	}
	w->sessions++;
	letter = tls_ask_passing(w->sock, fd, ends[1], request, seconds, answer);
	close(ends[1]);
	if (letter == 'K')
		*clear = ends[0];
	else
		close(ends[0]);
	/* who knows what it is doing */
	if (letter == 0)
		wrap_process_end(w);
	return letter;
}

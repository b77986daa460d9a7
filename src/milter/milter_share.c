#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/deadline.h"
#include "lib/fdpass.h"
#include "lib/queueid.h"
#include "milter/milter_share.h"

#define PREFIX "facteur-milter-"
#define VARIABLE "POLICY_MILTER_"
#define HEX 16
#define SECONDS 10 /* for what needs no thought */

static void
put_hex(char *s, uint64_t n)
{
	int i;

	for (i = HEX - 1; i >= 0; i--, n >>= 4)
		s[i] = "0123456789ABCDEF"[n & 15];
	s[HEX] = '\0';
}

const char *
milter_share_variable(char name[MILTER_SHARE_NAME_MAX], const char *address)
{
	strcpy(name, VARIABLE);
	put_hex(name + sizeof VARIABLE - 1, queueid_hash(address, 0));
	return name;
}

/* In the abstract name space: unix(7). */
static socklen_t
make_address(struct sockaddr_un *address, const char *name)
{
	memset(address, 0, sizeof *address);
	address->sun_family = AF_UNIX;
	strncpy(address->sun_path + 1, name, sizeof address->sun_path - 2);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
}

int
milter_share_listen(char name[MILTER_SHARE_NAME_MAX])
{
	struct sockaddr_un address;
	char id[QUEUEID_LEN + 1];
	socklen_t len;
	int fd;

	if (queueid_make(id) == -1)
		return -1;
	strcpy(stpcpy(name, PREFIX), id);
	len = make_address(&address, name);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd != -1 &&
	    (bind(fd, (struct sockaddr *)&address, len) == -1 || listen(fd, 4) == -1)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int
is_of_us(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       peer.uid == geteuid();
}

/* Read all of a state.  Returns 1, or 0. */
static int
read_state(int fd, struct milter_session_state *state, unsigned seconds)
{
	char *s = (char *)state;
	size_t done = 0;
	ssize_t r;

	while (done < sizeof *state) {
		r = deadline_read(fd, s + done, sizeof *state - done, seconds);
		if (r <= 0)
			return 0;
		done += (size_t)r;
	}
	return 1;
}

void
milter_share_lend(int listener, struct milter_session *t, unsigned seconds)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd == -1)
		return;
	if (!is_of_us(fd) || t->channel.fd == -1) {
		close(fd);
		return;
	}
	/* when it does not come back nobody knows how far it has come */
	if (fdpass_send(fd, &t->state, sizeof t->state, t->channel.fd) !=
		(ssize_t)sizeof t->state ||
	    !read_state(fd, &t->state, seconds)) {
		milter_channel_lose(&t->channel, "the milter is lost");
		t->state = (struct milter_session_state){0};
	}
	close(fd);
}

int
milter_share_borrow(const char *name, struct milter_session *t)
{
	struct sockaddr_un address;
	socklen_t len = make_address(&address, name);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), passed = -1;
	int64_t at = deadline_now() + SECONDS * INT64_C(1000);

	if (fd == -1)
		return -1;
	if (connect(fd, (struct sockaddr *)&address, len) == 0 && is_of_us(fd) &&
	    deadline_wait(fd, POLLIN, at) == 0 &&
	    fdpass_receive(fd, &t->state, sizeof t->state, &passed) ==
		(ssize_t)sizeof t->state &&
	    passed != -1) {
		t->channel.fd = passed;
		return fd;
	}
	if (passed != -1)
		close(passed);
	close(fd);
	t->state = (struct milter_session_state){0};
	return -1;
}

void
milter_share_return(int fd, const struct milter_session *t)
{
	/* the other side sees the end, and ends the session, when this fails */
	if (t->channel.fd != -1)
		deadline_write_all(fd, &t->state, sizeof t->state, SECONDS);
	close(fd);
}

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "tls/wrap_certificate.h"
#include "tls/wrap_log.h"
#include "tls/wrap_usable.h"

#define MARK "state/tls/unusable"

/* A cache: what was told last. */
static enum { NOTHING, UNUSABLE, USABLE } told;

static void
mark(void)
{
	int fd = open(MARK, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);

	if (fd != -1)
		close(fd);
	else if (errno != ENOENT)
		wrap_log_fault("unable to make", MARK);
}

void
wrap_usable_look(SSL_CTX *context)
{
	int is_usable = wrap_certificate_refresh(context, told != UNUSABLE);

	if (told == (is_usable ? USABLE : UNUSABLE))
		return;
	told = is_usable ? USABLE : UNUSABLE;
	if (!is_usable)
		mark();
	else if (unlink(MARK) == -1 && errno != ENOENT)
		wrap_log_fault("unable to remove", MARK);
}

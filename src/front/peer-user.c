/* peer-user: tell a server on a unix socket which user of this machine its client is. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <errmsg.h>

#include "front/chain.h"
#include "lib/farewell.h"
#include "lib/passwd_file.h"
#include "lib/text.h"
#include "lib/verdict.h"

#define USAGE "peer-user program [argument...]"

/* What a client of the network would have, and a local one might have inherited. */
static const char *const foreign[] = {"TCPREMOTEIP", "TCPREMOTEPORT", "TCPREMOTEHOST",
    "TCPREMOTEINFO", "TCPLOCALIP", "TCPLOCALPORT", "TCPLOCALHOST", "RELAYCLIENT",
    "AUTHUSER", "PEERUID"};

static void
set(const char *name, const char *value)
{
	if (setenv(name, value, 1) == -1)
		farewell_fail(FAREWELL_TROUBLE, "set", name);
}

int
main(int argc, char **argv)
{
	const char *peer = getenv("IPCREMOTEEUID");
	char digits[DECIMAL_MAX];
	static stralloc name;
	unsigned long long uid;
	size_t i;
	int r;

	errmsg_iam("peer-user");
	if (argc < 2 || *argv[1] == '-')
		chain_misuse(FAREWELL_TROUBLE, USAGE);
	if (peer == NULL || !text_number(peer, strlen(peer), (uid_t)-2, &uid)) {
		carp("IPCREMOTEEUID is not the uid of a client: see s6-ipcserverd");
		farewell_end(FAREWELL_TROUBLE, DEFER);
	}
	for (i = 0; i < sizeof foreign / sizeof *foreign; i++)
		unsetenv(foreign[i]);
	text_decimal(digits, uid);
	set("PEERUID", digits);
	/* an address has an @, so that no name of a user here is one of a mailbox */
	r = passwd_file_find((uid_t)uid, &name, NULL);
	/* who may not read it, or has none, knows nobody; a failure is not for ever */
	if (r == -1 && errno != EACCES && errno != ENOENT)
		farewell_fail(FAREWELL_TROUBLE, "read", PASSWD_FILE_PATH);
	if (r != 1) {
		text_set(&name, "uid-");
		text_cat(&name, digits, (char *)NULL);
		text_terminate(&name);
	}
	set("AUTHUSER", name.s);
	chain_exec(FAREWELL_TROUBLE, argv + 1);
}

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/caller.h"
#include "lib/text_number.h"

int
caller_may(int sock)
{
	const char *list = getenv("CLIENT_UIDS");
	struct ucred peer;
	socklen_t size = sizeof(peer);
	unsigned long long uid;
	size_t len;

	if (getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &peer, &size) == -1)
		return 0;
	if (peer.uid == 0 || peer.uid == geteuid())
		return 1;
	for (; list != NULL && *list != '\0'; list += len + strspn(list + len, " ")) {
		len = strcspn(list, " ");
		if (text_number(list, len, (uid_t)-1, &uid) && uid == peer.uid)
			return 1;
	}
	return 0;
}

/* A file name of any content has a UIDL that RFC 1939 allows, and flags do not change it.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fetch/message_name.h"

static void
must_be_allowed(const char *uid)
{
	size_t i;

	if (*uid == '\0' || strlen(uid) > MESSAGE_UID_MAX)
		abort();
	for (i = 0; uid[i] != '\0'; i++)
		if (uid[i] < 0x21 || uid[i] > 0x7e)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char name[256], other[256 + 4], id[QUEUEID_LEN + 1];
	char uid[MESSAGE_UID_MAX + 1], whole[MESSAGE_UID_MAX + 1];

	if (len >= sizeof(name))
		return 0;
	memcpy(name, data, len);
	name[len] = '\0';
	message_name_uid(uid, name, 0);
	must_be_allowed(uid);
	message_name_uid(whole, name, 1);
	must_be_allowed(whole);
	if (message_name_ours(name) && !message_name_id(name, id))
		abort();

	len = message_name_stable(name);
	memcpy(other, name, len);
	strcpy(other + len, ":2,S");
	if (message_name_compare(name, other) != 0)
		abort();
	message_name_uid(whole, other, 0);
	if (strcmp(uid, whole) != 0)
		abort();
	return 0;
}

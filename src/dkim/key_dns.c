#include <grp.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <errmsg.h>

#include "dkim/key_dns.h"
#include "dkim/key_make.h"
#include "dkim/key_record.h"
#include "lib/dns_client.h"
#include "lib/spawn_child.h"
#include "lib/text.h"

#define MILLISECONDS 10000
#define NOBODY 65534 /* uid and gid: the kernel's overflowuid */

/* Is there a record with the same key among those that were found? */
static enum key_dns_state
compare(struct dns_answer *answer, const stralloc *record)
{
	static struct key_record ours, theirs;
	const char *s;
	size_t len;

	key_record_parse(&ours, record->s, record->len);
	while (dns_answer_next(answer, &s, &len) == 1)
		if (key_record_parse(&theirs, s, len) == NULL &&
		    theirs.kind == ours.kind && theirs.len == ours.len &&
		    memcmp(theirs.bytes, ours.bytes, ours.len) == 0)
			return KEY_DNS_FITS;
	return KEY_DNS_OTHER;
}

/* Connected as who we are, which the service wants to know, we have no rights to ask
 * with. */
static int
stop_being_root(void)
{
	if (geteuid() != 0)
		return 0;
	return setgroups(0, NULL) == 0 && setgid(NOBODY) == 0 && setuid(NOBODY) == 0 ? 0
										     : -1;
}

static enum key_dns_state
ask(const char *name, const stralloc *record)
{
	struct dns_client client = DNS_CLIENT_NONE;
	struct dns_answer answer;

	if (dns_client_open(&client) == -1 || stop_being_root() == -1) {
		carpsys("unable to ask " DNS_CLIENT_SOCKET);
		return KEY_DNS_NO_ANSWER;
	}
	dns_client_look_up(&client, "TXT", name, MILLISECONDS, &answer);
	switch (answer.status) {
	case DNS_ANSWER_FOUND:
		return compare(&answer, record);
	case DNS_ANSWER_NOTHING:
	case DNS_ANSWER_NO_NAME:
		return KEY_DNS_MISSING;
	case DNS_ANSWER_FAILED:
		break;
	}
	return KEY_DNS_NO_ANSWER;
}

enum key_dns_state
key_dns_look(struct key_folder *folder, const struct key_folder_one *one)
{
	stralloc name = {0}, record = {0};
	int status;
	pid_t pid;

	text_cat(&name, one->selector, "._domainkey.", folder->domain, (char *)NULL);
	text_terminate(&name);
	key_make_record(&record, &one->key);
	pid = fork();
	if (pid == 0) {
		key_folder_free(folder); /* this process's own */
		_exit(ask(name.s, &record));
	}
	stralloc_free(&name);
	stralloc_free(&record);
	status = pid == -1 ? -1 : spawn_child_wait(pid);
	if (status == -1 || !WIFEXITED(status) || WEXITSTATUS(status) > KEY_DNS_NO_ANSWER)
		return KEY_DNS_NO_ANSWER;
	return (enum key_dns_state)WEXITSTATUS(status);
}

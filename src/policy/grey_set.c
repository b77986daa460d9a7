#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/dns_client.h"
#include "lib/ipaddress.h"
#include "lib/lower.h"
#include "lib/text.h"
#include "policy/grey_set.h"
#include "spf/spf_now.h"

#define PREFIX "spf " /* no network and no pool has such a name */

static int
permits_everybody(const char *mechanism)
{
	return strcmp(mechanism, "all") == 0 || strcmp(mechanism, "+all") == 0;
}

int
grey_set_find(stralloc *name, const char *ip, const char *sender, const char *helo)
{
	struct spf_question question = {
	    .sender = *sender != '\0' && strcmp(sender, "<>") != 0 ? sender : helo,
	    .helo = helo,
	    .receiver = "unknown",
	    .time = time(NULL)};
	struct spf_verdict verdict = {0};
	int found = 0;

	/* in a home without that service everybody is his network only */
	if (access(DNS_CLIENT_SOCKET, F_OK) == -1 || ip == NULL ||
	    !ipaddress_scan(ip, question.ip))
		return 0;
	spf_now_evaluate(&question, &verdict);
	if (verdict.result == SPF_PASS && !permits_everybody(verdict.mechanism.s)) {
		lower_bytes(verdict.domain.s, verdict.domain.len);
		text_set(name, PREFIX);
		text_cat(name, verdict.domain.s, (char *)NULL);
		text_terminate(name);
		found = 1;
	}
	spf_evaluate_free(&verdict);
	return found;
}

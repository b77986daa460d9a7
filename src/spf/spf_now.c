#include "spf/spf_now.h"
#include "lib/deadline.h"
#include "spf/spf_lookups.h"

void
spf_now_evaluate(const struct spf_question *question, struct spf_verdict *verdict)
{
	struct spf_lookups lookups = {.client = DNS_CLIENT_NONE};
	struct spf_question asked = *question;

	asked.lookup = spf_lookups_find;
	asked.asker = &lookups;
	for (;;) {
		spf_evaluate(&asked, verdict);
		if (verdict->result != SPF_PENDING)
			break;
		deadline_wait(lookups.client.fd, POLLIN, lookups.until);
		spf_lookups_take(&lookups);
	}
	spf_lookups_free(&lookups);
}

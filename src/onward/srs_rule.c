#include <errno.h>
#include <string.h>
#include <time.h>

#include <errmsg.h>

#include "lib/address.h"
#include "lib/control.h"
#include "lib/text.h"
#include "onward/srs_rule.h"

#define VERP_END "@[]" /* of qmail's, and of its double bounces */
#define VERP_END_LEN (sizeof(VERP_END) - 1)

int
srs_rule_is_remote(struct users *users, const char *address)
{
	size_t len = strlen(address), domain = address_domain(address, len);
	int r;

	if (domain == 0)
		return 0;
	r = users_domain(users, address + domain, len - domain);
	return r == -1 ? -1 : r == 0;
}

/* Senders that are no addresses of others'.  1, 0, or -1 with errno. */
static int
is_left_alone(struct users *users, const char *from)
{
	size_t len = strlen(from);
	int r;

	if (address_domain(from, len) == 0 ||
	    (len >= VERP_END_LEN && strcmp(from + len - VERP_END_LEN, VERP_END) == 0))
		return 1;
	r = srs_rule_is_remote(users, from);
	return r == -1 ? -1 : r == 0;
}

/* The domain of control/srs, or of the recipient; empty for none.  0, or -1 with errno.
 */
static int
find_domain(stralloc *domain, struct users *users, const char *recipient)
{
	int r = control_line("srs", domain, "0");

	if (r == -1)
		return -1;
	text_terminate(domain);
	if (strcmp(domain->s, "0") == 0) {
		text_set(domain, "");
		return 0;
	}
	if (strcmp(domain->s, "1") == 0)
		text_set(
		    domain, recipient + address_domain(recipient, strlen(recipient)));
	r = users_domain(users, domain->s, domain->len);
	if (r == 0) {
		/* what comes back would go elsewhere */
		carp("control/srs: ", domain->s, " is not a domain of this system");
		errno = EINVAL;
	}
	return r == 1 ? 0 : -1;
}

int
srs_rule_sender(
    stralloc *sender, struct users *users, const char *from, const char *recipient)
{
	stralloc domain = {0}, secrets = {0};
	int r, alone = 1;

	text_set(sender, from);
	r = find_domain(&domain, users, recipient);
	if (r == 0 && domain.len > 0)
		alone = is_left_alone(users, from);
	if (alone == -1)
		r = -1;
	if (r == 0 && alone == 0) {
		r = control_list("srssecrets", &secrets);
		if (r != -1 && secrets.len == 0) {
			carp("control/srssecrets has no secret, which control/srs needs");
			errno = EINVAL;
			r = -1;
		}
	}
	if (r != -1 && secrets.len > 0) {
		sender->len = 0;
		/* one that is too long goes on as it is */
		if (!srs_forward(sender, from, domain.s, secrets.s, time(NULL)))
			text_set(sender, from);
		text_terminate(sender);
	}
	stralloc_free(&domain);
	stralloc_free(&secrets);
	return r == -1 ? -1 : 0;
}

int
srs_rule_reverse(
    stralloc *sa, const char *recipient, int64_t now, enum srs_result *result)
{
	stralloc secrets = {0};
	int r = 0;

	*result = SRS_NONE;
	if (!srs_is(recipient))
		return 0;
	r = control_list("srssecrets", &secrets);
	if (r != -1)
		*result = srs_reverse(sa, recipient, &secrets, now);
	stralloc_free(&secrets);
	return r == -1 ? -1 : 0;
}

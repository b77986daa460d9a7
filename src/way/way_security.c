#include <string.h>

#include "lib/smtppasswords.h"
#include "lib/text.h"
#include "way/sts_client.h"
#include "way/tlsa.h"
#include "way/way_policy.h"
#include "way/way_security.h"

static void
begin(struct way_security *s, const struct way_security_question *q)
{
	s->level = q->is_smtps ? WAY_SECURITY_ENCRYPT : WAY_SECURITY_MAY;
	s->min_version = 0;
	s->names.len = s->tlsa.len = s->fingerprints.len = 0;
	s->is_unusable = s->sts_fits = s->has_password = s->is_required_only = 0;
	s->sts = WAY_SECURITY_STS_ABSENT;
	s->sts_id[0] = s->sts_result[0] = '\0';
	s->is_mx = q->is_mx;
	text_copy(s->domain, sizeof(s->domain), q->domain, strlen(q->domain));
	text_set(&s->why, q->is_smtps ? "the route says smtps" : "nobody asks for more");
	text_set(&s->fault_result, "");
}

/* May what the domain publishes change what the admin says? */
static int
is_open(const struct way_security *s)
{
	return s->level == WAY_SECURITY_MAY || s->level == WAY_SECURITY_ENCRYPT ||
	       s->level == WAY_SECURITY_DANE;
}

/* DANE goes before MTA-STS: RFC 8461, 2. */
static int
find_published(
    struct way_security *s, const struct way_security_question *q, struct outcome *fault)
{
	int r;

	/* the sender does without, but the admin does not: RFC 8689, 3 */
	if (q->is_tls_optional && s->level != WAY_SECURITY_DANE)
		return 0;
	r = tlsa_find(s, q, fault);
	if (r == -1 || s->level == WAY_SECURITY_DANE || !q->is_mx)
		return r == -1 ? -1 : 0;
	return sts_client_find(s, q, fault) == -1 ? -1 : 0;
}

/* The domain has a policy of MTA-STS that can't be had just now. */
static int
lacks_policy(const struct way_security *s)
{
	return s->sts == WAY_SECURITY_STS_ABSENT && s->sts_result[0] != '\0';
}

/* Nothing vouches for the host of a mail with REQUIRETLS: -1 with fault. */
static int
refuse(const struct way_security *s, const struct way_security_question *q,
    struct outcome *fault)
{
	/* a policy that can be had again makes it go */
	if (s->level != WAY_SECURITY_NONE && lacks_policy(s))
		outcome_set(fault, 'Z', "4.7.5", q->host, ": the MTA-STS policy of ",
		    s->domain, " can't be had, which REQUIRETLS wants: ", s->sts_result,
		    (char *)NULL);
	else
		outcome_set(fault, 'D', "5.7.30", q->host, ": ",
		    s->level == WAY_SECURITY_NONE
			? "control/tlspolicy forbids the TLS"
			: "neither signed records nor an MTA-STS policy lead there",
		    ", which REQUIRETLS wants", (char *)NULL);
	return -1;
}

/* REQUIRETLS: the host is known to be the right one, and so is who answers there. */
static int
require(
    struct way_security *s, const struct way_security_question *q, struct outcome *fault)
{
	if (s->level >= WAY_SECURITY_VERIFY)
		return 0;
	if (s->level == WAY_SECURITY_NONE ||
	    !(q->is_secure || (q->is_route && !q->is_mx) ||
		(s->sts == WAY_SECURITY_STS_TESTING && s->sts_fits)))
		return refuse(s, q, fault);
	s->is_required_only = s->level == WAY_SECURITY_MAY &&
			      s->sts == WAY_SECURITY_STS_ABSENT && !lacks_policy(s);
	s->level = WAY_SECURITY_VERIFY;
	s->names.len = 0;
	text_cat(&s->names, q->host, (char *)NULL);
	text_catb(&s->names, "", 1);
	text_set(&s->why, "REQUIRETLS");
	return 0;
}

/* A password goes to whom a certificate proves only, so the session is not begun else. */
static void
raise_for_password(struct way_security *s, const struct way_security_question *q)
{
	struct smtppassword password = {0};
	const char *wrong;

	if (!q->is_route)
		return;
	s->has_password = smtppasswords_find(&password, q->host, q->port, &wrong) == 1;
	if (s->has_password && !password.is_insecure && s->level >= WAY_SECURITY_MAY &&
	    s->level <= WAY_SECURITY_ENCRYPT) {
		s->level = WAY_SECURITY_VERIFY;
		s->names.len = 0;
		text_cat(&s->names, q->host, (char *)NULL);
		text_catb(&s->names, "", 1);
		text_set(&s->why, "the password in " SMTPPASSWORDS_FILE);
	}
	smtppasswords_forget(&password);
}

int
way_security_find(
    struct way_security *s, const struct way_security_question *q, struct outcome *fault)
{
	begin(s, q);
	if (way_policy_apply(s, q, fault) == -1)
		return -1;
	if (is_open(s) && find_published(s, q, fault) == -1)
		return -1;
	raise_for_password(s, q);
	return q->requires_tls ? require(s, q, fault) : 0;
}

void
way_security_key(stralloc *key, const struct way_settings *settings, const char *domain)
{
	way_policy_key(key, settings, domain);
}

const char *
way_security_word(enum way_security_level level)
{
	static const char *const words[] = {
	    [WAY_SECURITY_NONE] = "none",
	    [WAY_SECURITY_MAY] = "may",
	    [WAY_SECURITY_ENCRYPT] = "encrypt",
	    [WAY_SECURITY_VERIFY] = "verify",
	    [WAY_SECURITY_DANE] = "dane",
	    [WAY_SECURITY_FINGERPRINT] = "fingerprint",
	};

	return words[level];
}

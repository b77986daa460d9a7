#ifndef LIB_STS_POLICY_H
#define LIB_STS_POLICY_H

/* Policies of MTA-STS: RFC 8461. */

#include <stddef.h>

#define STS_POLICY_BYTES 65536         /* of a policy's text: RFC 8461, 3.2 */
#define STS_POLICY_NAME_MAX 255        /* bytes of a pattern, or of a domain */
#define STS_POLICY_AGE_MAX 31557600UL  /* seconds: RFC 8461, 3.2 */
#define STS_POLICY_ID_MAX 32           /* RFC 8461, 3.1 */
#define STS_POLICY_FOLDER "state/sts/" /* of the policies that are kept, by domain */
#define STS_POLICY_FILE_MAX (STS_POLICY_BYTES + 100)

enum sts_policy_mode { STS_POLICY_NONE, STS_POLICY_TESTING, STS_POLICY_ENFORCE };

struct sts_policy {
	char id[STS_POLICY_ID_MAX + 1];
	long long fetched; /* time(2), of a policy that is kept; else 0 */
	enum sts_policy_mode mode;
	unsigned long max_age; /* seconds */
	size_t hosts_len;
	char hosts[STS_POLICY_BYTES]; /* patterns in lower case, each ended by \0 */
};

/*
 * The policy in s[0..len), as the web server gives it.  Returns null, or what is wrong, a
 * constant.  id and fetched are left as they are.
 */
const char *sts_policy_parse(struct sts_policy *p, const char *s, size_t len);

/*
 * The id of the TXT record s[0..len).  Returns 1; 0 when it is no record of MTA-STS; -1
 * when it is one that is malformed.
 */
int sts_policy_id(char id[STS_POLICY_ID_MAX + 1], const char *s, size_t len);

/* May the MX host be one of the domain's? */
int sts_policy_fits(const struct sts_policy *p, const char *host);

/* Is it a domain that may have a policy, and that may be the name of a file? */
int sts_policy_is_domain(const char *s);

/* Until when it counts: time(2). */
long long sts_policy_end(const struct sts_policy *p);

/* What its mode is called. */
const char *sts_policy_word(enum sts_policy_mode mode);

/*
 * A policy as it is kept, "sts1 FETCHED ID", a newline, the policy's text: write the
 * first line of it to line, which has room for 100 bytes, and return its length; and read
 * all of it, returning 0, or -1 when it is malformed.
 */
size_t sts_policy_first_line(const struct sts_policy *p, char *line);
int sts_policy_read(struct sts_policy *p, const char *s, size_t len);

#endif

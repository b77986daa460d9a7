#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/smtppasswords.h"
#include "send/remote_auth.h"
#include "send/remote_login.h"

#define BINDING 32 /* bytes: RFC 9266, 2 */
#define TOKEN_MAX 8192

/* Another program puts a new token into the file now and then.  Returns 0, or -1. */
static int
read_token(const char *path, char token[TOKEN_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t i, len = 0;
	ssize_t r = 1;

	if (fd == -1)
		return -1;
	while (r > 0 && len < TOKEN_MAX - 1) {
		r = read(fd, token + len, TOKEN_MAX - 1 - len);
		len += r > 0 ? (size_t)r : 0;
	}
	close(fd);
	if (r == -1)
		return -1;
	while (len > 0 && strchr(" \t\r\n", token[len - 1]) != NULL)
		len--;
	for (i = 0; i < len; i++)
		if (token[i] <= ' ' || token[i] > '~')
			len = 0;
	token[len] = '\0';
	errno = EINVAL;
	return len > 0 ? 0 : -1;
}

static int
decode_binding(const char *hex, unsigned char bytes[BINDING])
{
	static const char digits[] = "0123456789abcdef";
	const char *high, *low;
	size_t i;

	if (hex == NULL || strlen(hex) != (size_t)2 * BINDING)
		return 0;
	for (i = 0; i < BINDING; i++) {
		high = strchr(digits, hex[2 * i] | 0x20);
		low = strchr(digits, hex[2 * i + 1] | 0x20);
		if (high == NULL || low == NULL)
			return 0;
		bytes[i] = (unsigned char)((high - digits) << 4 | (low - digits));
	}
	return 1;
}

static int
authenticate(struct remote_session *s, const struct remote_login *l,
    const struct smtppassword *p, struct outcome *fault)
{
	unsigned char binding[BINDING];
	char token[TOKEN_MAX] = "";
	struct sasl_client_account account = {.user = p->user.s,
	    .secret = p->is_token ? token : p->secret.s,
	    .is_token = p->is_token,
	    .host = s->host,
	    .port = l->port,
	    .binding = decode_binding(l->binding, binding) ? binding : NULL};
	int r;

	if (p->is_token && read_token(p->secret.s, token) == -1)
		return remote_auth_alert(s, "4.3.5", "no token in ", p->secret.s, fault);
	r = remote_auth(s, &account, fault);
	explicit_bzero(token, sizeof(token));
	return r;
}

static int
login(struct remote_session *s, const struct remote_login *l,
    const struct smtppassword *p, struct outcome *fault)
{
	if (!p->is_insecure && !l->is_encrypted)
		return remote_auth_alert(s, "4.7.11",
		    "no password is sent in clear text unless its line ends in insecure",
		    "", fault);
	if (!p->is_insecure && !l->is_verified)
		return remote_auth_alert(s, "4.7.5",
		    "no password is sent to whom no certificate proves, unless its line "
		    "ends in insecure",
		    "", fault);
	return authenticate(s, l, p, fault);
}

int
remote_login(
    struct remote_session *s, const struct remote_login *l, struct outcome *fault)
{
	struct smtppassword password = {0};
	const char *wrong = NULL;
	int r = smtppasswords_find(&password, s->host, l->port, &wrong);

	if (r == -1)
		remote_auth_alert(s, "4.3.5", wrong, "", fault);
	if (r == 1)
		r = login(s, l, &password, fault);
	smtppasswords_forget(&password);
	return r;
}

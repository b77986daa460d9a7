#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "milter/milter_macros.h"

#define VARIABLES 2
#define SEPARATORS " ,\t\r\n"

#define AT(stage) (1U << MILTER_MACROS_##stage)

typedef const struct milter_macros_message message;

/* The first variable of the environment that has a value. */
static const char *
environment(const char *const *names)
{
	const char *value;
	size_t i;

	for (i = 0; i < VARIABLES && names[i] != NULL; i++) {
		value = getenv(names[i]);
		if (value != NULL && *value != '\0')
			return value;
	}
	return NULL;
}

const char *
milter_macros_client_address(void)
{
	const char *ip = environment((const char *[VARIABLES]){"TCPREMOTEIP"});

	return ip != NULL ? ip : "127.0.0.1";
}

const char *
milter_macros_client_name(void)
{
	const char *name = environment((const char *[VARIABLES]){"TCPREMOTEHOST"});

	if (name != NULL)
		return name;
	return getenv("TCPREMOTEIP") != NULL ? "unknown" : "localhost";
}

static const char *
client_address(message *m)
{
	(void)m;
	return milter_macros_client_address();
}

static const char *
client_name(message *m)
{
	(void)m;
	return milter_macros_client_name();
}

/* Whether its name has been found; nobody looks twice. */
static const char *
client_resolve(message *m)
{
	return strcmp(client_name(m), "unknown") == 0 ? "FAIL" : "OK";
}

static const char *
peer(message *m)
{
	static stralloc s;

	s.len = 0;
	text_cat(&s, client_name(m), " [", client_address(m), "]", (char *)NULL);
	text_terminate(&s);
	return s.s;
}

/* By how the user has authenticated; "SASL" where that is not known. */
static const char *
mechanism(message *m)
{
	const char *how = getenv("AUTHMECH");

	(void)m;
	if (getenv("AUTHUSER") == NULL)
		return NULL;
	return how != NULL && *how != '\0' ? how : "SASL";
}

static const char *
id(message *m)
{
	return m->id;
}

static const char *
sender(message *m)
{
	return m->sender;
}

static const char *
recipient(message *m)
{
	return m->recipient;
}

static const char *
host_of(const char *address)
{
	const char *at = address != NULL ? strrchr(address, '@') : NULL;

	return at != NULL ? at + 1 : NULL;
}

static const char *
sender_host(message *m)
{
	return host_of(m->sender);
}

static const char *
recipient_host(message *m)
{
	return host_of(m->recipient);
}

/* What takes it on its way is not known before the queue; it comes and goes by SMTP. */
static const char *
sender_mailer(message *m)
{
	return m->sender != NULL ? "smtp" : NULL;
}

static const char *
recipient_mailer(message *m)
{
	return m->recipient != NULL ? "smtp" : NULL;
}

static const char *
software(message *m)
{
	(void)m;
	return "facteur";
}

static const struct macro {
	const char *name; /* one of several letters is told in braces */
	unsigned usual;   /* where */
	const char *(*value)(message *m);
	const char *variables[VARIABLES]; /* if there is no function */
} macros[] = {
    {"j", AT(CONNECT), NULL, {"MILTER_ME"}},
    {"_", AT(CONNECT), peer, {NULL}},
    {"v", AT(CONNECT), software, {NULL}},
    {"daemon_name", AT(CONNECT), NULL, {"MILTER_ME"}},
    {"daemon_addr", AT(CONNECT), NULL, {"TCPLOCALIP"}},
    {"daemon_port", AT(CONNECT), NULL, {"TCPLOCALPORT"}},
    {"if_addr", AT(CONNECT), NULL, {"TCPLOCALIP"}},
    {"if_name", AT(CONNECT), NULL, {"TCPLOCALHOST", "MILTER_ME"}},
    {"client_addr", AT(CONNECT), client_address, {NULL}},
    {"client_name", AT(CONNECT), client_name, {NULL}},
    {"client_port", AT(CONNECT), NULL, {"TCPREMOTEPORT"}},
    {"client_ptr", AT(CONNECT), client_name, {NULL}},
    {"client_resolve", AT(CONNECT), client_resolve, {NULL}},
    {"client_connections", AT(CONNECT), NULL, {"TCPCONNNUM"}},
    {"tls_version", AT(HELO), NULL, {"TLS_VERSION", "SSL_PROTOCOL"}},
    {"cipher", AT(HELO), NULL, {"TLS_CIPHER", "SSL_CIPHER"}},
    {"cipher_bits", AT(HELO), NULL, {"TLS_CIPHER_BITS", "SSL_CIPHER_USEKEYSIZE"}},
    {"cert_subject", AT(HELO), NULL, {"SSL_CLIENT_S_DN", "SSL_PEER_CERT_SUBJECT"}},
    {"cert_issuer", AT(HELO), NULL, {"SSL_CLIENT_I_DN"}},
    {"i", AT(MAIL) | AT(RCPT) | AT(DATA) | AT(HEADER_END) | AT(BODY_END), id, {NULL}},
    {"auth_type", AT(MAIL), mechanism, {NULL}},
    {"auth_authen", AT(MAIL), NULL, {"AUTHUSER"}},
    {"mail_addr", AT(MAIL), sender, {NULL}},
    {"mail_host", AT(MAIL), sender_host, {NULL}},
    {"mail_mailer", AT(MAIL), sender_mailer, {NULL}},
    {"rcpt_addr", AT(RCPT), recipient, {NULL}},
    {"rcpt_host", AT(RCPT), recipient_host, {NULL}},
    {"rcpt_mailer", AT(RCPT), recipient_mailer, {NULL}},
};
#define MACROS (sizeof macros / sizeof *macros)

_Static_assert(MACROS <= 64, "a bit for each");

static uint64_t
bit(size_t i)
{
	return UINT64_C(1) << i;
}

void
milter_macros_usual(struct milter_macros *m)
{
	size_t i, stage;

	*m = (struct milter_macros){0};
	for (i = 0; i < MACROS; i++)
		for (stage = 0; stage < MILTER_MACROS_STAGES; stage++)
			if (macros[i].usual >> stage & 1)
				m->told[stage] |= bit(i);
}

/* The bit of a name, with braces or without; 0 for one that we do not know. */
static uint64_t
find(const char *s, size_t len)
{
	size_t i;

	if (len > 2 && s[0] == '{' && s[len - 1] == '}') {
		s++;
		len -= 2;
	}
	for (i = 0; i < MACROS; i++)
		if (strlen(macros[i].name) == len && memcmp(macros[i].name, s, len) == 0)
			return bit(i);
	return 0;
}

int
milter_macros_take(struct milter_macros *m, struct milter_packet_reader *r)
{
	const char *names;
	uint32_t stage;
	uint64_t told;
	size_t len;

	while (r->len > 0) {
		if (!milter_packet_number(r, &stage) || !milter_packet_string(r, &names))
			return 0;
		told = 0;
		for (names += strspn(names, SEPARATORS); *names != '\0';
		     names += len + strspn(names + len, SEPARATORS)) {
			len = strcspn(names, SEPARATORS);
			told |= find(names, len);
		}
		/* others may come to the protocol */
		if (stage < MILTER_MACROS_STAGES)
			m->told[stage] = told;
	}
	return 1;
}

static void
put(stralloc *out, const struct macro *macro, message *m)
{
	const char *value =
	    macro->value != NULL ? macro->value(m) : environment(macro->variables);
	int is_long = macro->name[1] != '\0';

	if (value == NULL || *value == '\0')
		return;
	text_cat(out, is_long ? "{" : "", macro->name, is_long ? "}" : "", (char *)NULL);
	milter_packet_put(out, "", 1);
	milter_packet_put_string(out, value);
}

void
milter_macros_put(stralloc *out, const struct milter_macros *m,
    enum milter_macros_stage stage, char command,
    const struct milter_macros_message *about)
{
	size_t i, at;

	if (m->told[stage] == 0)
		return;
	at = milter_packet_begin(out, MILTER_SAY_MACROS);
	milter_packet_put(out, &command, 1);
	for (i = 0; i < MACROS; i++)
		if (m->told[stage] & bit(i))
			put(out, &macros[i], about);
	milter_packet_end(out, at);
}

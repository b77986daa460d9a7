#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tls/wrap_log.h"
#include "tls/wrap_settings.h"

#define VERSION "control/tlsmin"
#define CIPHERS "control/tlsciphers"
#define LINE_MAX_SETTING 1024

/* OpenSSL calls insecure all before TLS 1.2 at any other level. */
#define LEVEL_OF_OLD 0

static const struct version {
	const char *name;
	int number;
} versions[] = {
    {"1.0", TLS1_VERSION},
    {"1.1", TLS1_1_VERSION},
    {"1.2", TLS1_2_VERSION},
    {"1.3", TLS1_3_VERSION},
};
#define VERSIONS (sizeof versions / sizeof *versions)

/* The first line of the file, without blanks at its end.  Returns 1, or 0 for none. */
static int
read_line(const char *path, char line[LINE_MAX_SETTING + 1])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t r;

	if (fd == -1) {
		if (errno != ENOENT)
			wrap_log_fault("unable to read", path);
		return 0;
	}
	r = read(fd, line, LINE_MAX_SETTING);
	close(fd);
	line[r > 0 ? r : 0] = '\0';
	line[strcspn(line, " \t\r\n")] = '\0';
	return *line != '\0';
}

static void
complain(const char *path)
{
	wrap_log("fault", "what", "unable to understand", "object", path, (char *)NULL);
}

static void
apply_version(SSL *ssl, const char *name)
{
	size_t i;

	for (i = 0; i < VERSIONS && strcmp(versions[i].name, name) != 0; i++)
		;
	if (i == VERSIONS || !SSL_set_min_proto_version(ssl, versions[i].number)) {
		complain(VERSION);
		return;
	}
	if (versions[i].number < TLS1_2_VERSION)
		SSL_set_security_level(ssl, LEVEL_OF_OLD);
}

/* Tried apart: a list of nothing that is known takes the place of the default too. */
static int
is_cipher_list(const char *list)
{
	SSL_CTX *trial = SSL_CTX_new(TLS_server_method());
	int r = trial != NULL && SSL_CTX_set_cipher_list(trial, list);

	SSL_CTX_free(trial);
	return r;
}

void
wrap_settings_apply(SSL *ssl)
{
	char line[LINE_MAX_SETTING + 1];

	if (read_line(VERSION, line))
		apply_version(ssl, line);
	if (!read_line(CIPHERS, line))
		return;
	if (!is_cipher_list(line) || !SSL_set_cipher_list(ssl, line))
		complain(CIPHERS);
}

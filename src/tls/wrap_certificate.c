#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tls/tls_request.h"
#include "tls/wrap_certificate.h"
#include "tls/wrap_log.h"

#define FOLDER "tls/"
#define WILDCARD "_"
#define CERTIFICATE "/cert.pem"
#define KEY "/key.pem"
#define PATH_SIZE (sizeof(FOLDER WILDCARD CERTIFICATE) + TLS_NAME_MAX)

/* A renewal replaces two files, one after the other. */
#define TRIES 20
#define PAUSE 50 /* milliseconds */

/* Is name, in lower case, fit for the name of a folder? */
static int
is_host_name(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= TLS_NAME_MAX && *name != '.' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == len;
}

/* A key that others can read still works, but who runs the system should know. */
static void
look_at_mode(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && (st.st_mode & (S_IRWXO | S_IWGRP)))
		wrap_log("exposed", "file", path, NULL);
}

/* Give ssl what stands in the folder name.  1; 0 when there is no such; -1 with a log. */
static int
load(SSL *ssl, const char *prefix, const char *name)
{
	char certificate[PATH_SIZE], key[PATH_SIZE];
	int tries;

	stpcpy(stpcpy(stpcpy(stpcpy(certificate, FOLDER), prefix), name), CERTIFICATE);
	stpcpy(stpcpy(stpcpy(stpcpy(key, FOLDER), prefix), name), KEY);
	if (access(certificate, F_OK) == -1 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	for (tries = 0; tries < TRIES; tries++) {
		if (SSL_use_certificate_chain_file(ssl, certificate) == 1 &&
		    SSL_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM) == 1 &&
		    SSL_check_private_key(ssl) == 1) {
			look_at_mode(key);
			return 1;
		}
		poll(NULL, 0, PAUSE);
	}
	if (access(certificate, R_OK) == -1)
		wrap_log_fault("unable to read", certificate);
	else if (access(key, R_OK) == -1)
		wrap_log_fault("unable to read", key);
	else
		wrap_log("fault", "what", "certificate and key do not fit", "object",
		    certificate, NULL);
	return -1;
}

/* The first line of control/me, in lower case; "" when there is none. */
static void
read_me(char me[TLS_NAME_MAX + 1])
{
	ssize_t r = 0;
	size_t i;
	int fd;

	fd = open("control/me", O_RDONLY | O_CLOEXEC);
	if (fd != -1) {
		r = read(fd, me, TLS_NAME_MAX);
		close(fd);
	}
	me[r > 0 ? r : 0] = '\0';
	me[strcspn(me, " \t\r\n")] = '\0';
	for (i = 0; me[i] != '\0'; i++)
		me[i] = (char)tolower((unsigned char)me[i]);
}

/* The name that the client asks for, in lower case, without a trailing dot; "" if none.
 */
static void
take_name(SSL *ssl, char name[TLS_NAME_MAX + 1])
{
	const char *asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	size_t i = 0;

	if (asked != NULL && strlen(asked) <= TLS_NAME_MAX)
		for (; asked[i] != '\0'; i++)
			name[i] = (char)tolower((unsigned char)asked[i]);
	if (i > 0 && name[i - 1] == '.')
		i--;
	name[i] = '\0';
}

int
wrap_certificate_choose(SSL *ssl, void *is_missing)
{
	char name[TLS_NAME_MAX + 1];
	const char *parent;
	int r = 0;

	take_name(ssl, name);
	if (is_host_name(name)) {
		r = load(ssl, "", name);
		parent = strchr(name, '.');
		if (r == 0 && parent != NULL)
			r = load(ssl, WILDCARD, parent);
	}
	if (r == 0) {
		read_me(name);
		r = is_host_name(name) ? load(ssl, "", name) : 0;
		if (r == 0)
			wrap_log("fault", "what", "no certificate", "object",
			    *name != '\0' ? name : "control/me", NULL);
	}
	*(int *)is_missing = r != 1;
	return r == 1;
}

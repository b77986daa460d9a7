#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/x509.h>

#include "tls/wrap_authorities.h"

#define PATH_SIZE 1024

/* Where systems have them, the first that is there: Debian, Fedora, BSD. */
static const char *const places[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
    NULL,
};

/* A cache: the authorities, and the file that they stand in. */
static struct {
	X509_STORE *store;
	char path[PATH_SIZE];
	struct wrap_look look;
} known;

/* The file that control/cafile names: 1, 0 for none, or -1 with errno. */
static int
read_setting(char path[PATH_SIZE])
{
	int fd = open(WRAP_AUTHORITIES_FILE, O_RDONLY | O_CLOEXEC);
	ssize_t r;

	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	r = read(fd, path, PATH_SIZE - 1);
	close(fd);
	if (r == -1)
		return -1;
	path[r] = '\0';
	path[strcspn(path, " \t\r\n")] = '\0';
	return *path != '\0';
}

/* Find the file, and look at it.  Null, or what is wrong. */
static const char *
find(char path[PATH_SIZE], struct wrap_look *look)
{
	size_t i;
	int r = read_setting(path);

	if (r == -1)
		return "unable to read " WRAP_AUTHORITIES_FILE;
	if (r == 1)
		return wrap_look_at(look, path) == 0
			   ? NULL
			   : "unable to read the file that " WRAP_AUTHORITIES_FILE
			     " names";
	for (i = 0; places[i] != NULL; i++) {
		strcpy(path, places[i]);
		if (wrap_look_at(look, path) == 0)
			return NULL;
	}
	return "the system has no file of authorities, and " WRAP_AUTHORITIES_FILE
	       " names none";
}

/* Null, or what is wrong; then none are known. */
static const char *
read_authorities(const char *path, const struct wrap_look *look)
{
	X509_STORE_free(known.store);
	known.store = X509_STORE_new();
	if (known.store == NULL)
		return "out of memory";
	if (!X509_STORE_load_file(known.store, path)) {
		ERR_clear_error();
		X509_STORE_free(known.store);
		known.store = NULL;
		return "no authorities can be read from the file "
		       "of " WRAP_AUTHORITIES_FILE " or the system";
	}
	strcpy(known.path, path);
	known.look = *look;
	return NULL;
}

static const char *
refresh(void)
{
	struct wrap_look look;
	char path[PATH_SIZE];
	const char *wrong = find(path, &look);

	if (wrong != NULL)
		return wrong;
	if (known.store != NULL && strcmp(path, known.path) == 0 &&
	    wrap_look_is_same(&look, &known.look))
		return NULL;
	return read_authorities(path, &look);
}

void
wrap_authorities_refresh(void)
{
	refresh();
}

const char *
wrap_authorities_use(SSL_CTX *context)
{
	const char *wrong = refresh();

	if (wrong == NULL)
		SSL_CTX_set1_cert_store(context, known.store);
	return wrong;
}

const struct wrap_look *
wrap_authorities_look(void)
{
	return &known.look;
}

#include <dirent.h>
#include <string.h>

#include "tls/tls_request.h"
#include "tls/wrap_log.h"
#include "tls/wrap_store.h"

/* A pair: what was good last, and in which states the files have been seen. */
struct slot {
	struct wrap_pair_content content; /* without a certificate when there is none */
	struct wrap_pair_look good;
	int is_useless;
	struct wrap_pair_look useless;
	struct wrap_pair_look seen; /* at the last look */
};

struct folder {
	char name[TLS_NAME_MAX + 1];
	int is_there;
	struct slot slots[2]; /* the usual one, and that for RSA */
};

/* A cache: what is ready. */
static struct folder folders[WRAP_STORE_NAMES];
static size_t count;
static struct wrap_look listed; /* tls/ when it was read */

static struct folder *
find(const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(folders[i].name, name) == 0)
			return &folders[i];
	return NULL;
}

static void
forget(struct slot *slot)
{
	wrap_pair_free(&slot->content);
	memset(slot, 0, sizeof(*slot));
}

/* The last one takes its place. */
static void
drop(size_t i)
{
	forget(&folders[i].slots[0]);
	forget(&folders[i].slots[1]);
	if (i != --count)
		folders[i] = folders[count];
}

static void
add(const char *name)
{
	struct folder *folder = find(name);

	if (folder == NULL) {
		if (count == WRAP_STORE_NAMES || !wrap_pair_is_name(name))
			return;
		folder = &folders[count++];
		memset(folder, 0, sizeof(*folder));
		strcpy(folder->name, name);
	}
	folder->is_there = 1;
}

/* Bring the names up to date. */
static void
list_names(const char *first)
{
	const struct dirent *entry;
	size_t i;
	DIR *dir = opendir(WRAP_PAIR_FOLDER);

	for (i = 0; i < count; i++)
		folders[i].is_there = 0;
	if (find(first) == NULL && count == WRAP_STORE_NAMES)
		drop(count - 1);
	add(first);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		add(entry->d_name);
	if (dir != NULL)
		closedir(dir);
	for (i = count; i-- > 0;)
		if (!folders[i].is_there)
			drop(i);
}

/* Read the pair, if it can be used.  Returns 1, or 0. */
static int
read_usable(
    SSL_CTX *context, struct wrap_pair_content *content, const struct wrap_pair *pair)
{
	SSL *ssl;
	int r;

	if (!wrap_pair_read(content, pair))
		return 0;
	ssl = SSL_new(context);
	r = ssl != NULL && wrap_pair_use(content, ssl);
	SSL_free(ssl);
	if (!r)
		wrap_pair_free(content);
	return r;
}

/* Returns whether what there is has changed. */
static int
refresh(SSL_CTX *context, struct slot *slot, const struct wrap_pair *pair)
{
	int is_settled, had_content = slot->content.certificate != NULL;
	struct wrap_pair_content content;
	struct wrap_pair_look look;

	if (!wrap_pair_look(&look, pair)) {
		forget(slot);
		return had_content;
	}
	is_settled = wrap_pair_is_same(&look, &slot->seen);
	slot->seen = look;
	if ((had_content && wrap_pair_is_same(&look, &slot->good)) ||
	    (slot->is_useless && wrap_pair_is_same(&look, &slot->useless)))
		return 0;
	if (read_usable(context, &content, pair)) {
		if (had_content)
			wrap_log("renewed", "file", pair->certificate, (char *)NULL);
		wrap_pair_warn(pair);
		forget(slot);
		slot->content = content;
		slot->good = slot->seen = look;
		return 1;
	}
	if (is_settled) {
		wrap_pair_complain(pair);
		slot->useless = look;
		slot->is_useless = 1;
	}
	return 0;
}

int
wrap_store_refresh(SSL_CTX *context, const char *first)
{
	struct wrap_pair pair;
	struct wrap_look look;
	int rsa, changed = 0;
	size_t i;

	wrap_look_at(&look, WRAP_PAIR_FOLDER);
	if (!wrap_look_is_same(&look, &listed) || find(first) == NULL) {
		list_names(first);
		changed = 1;
	}
	listed = look;
	for (i = 0; i < count; i++)
		for (rsa = 0; rsa < 2; rsa++) {
			wrap_pair_name(&pair, folders[i].name, rsa);
			changed |= refresh(context, &folders[i].slots[rsa], &pair);
		}
	return changed;
}

enum wrap_store
wrap_store_judge(const char *name, int rsa, const struct wrap_pair_look *look)
{
	const struct folder *folder = find(name);
	const struct slot *slot;

	if (folder == NULL)
		return WRAP_STORE_NOTHING;
	slot = &folder->slots[rsa];
	if (slot->content.certificate != NULL && wrap_pair_is_same(look, &slot->good))
		return WRAP_STORE_READY;
	return slot->is_useless && wrap_pair_is_same(look, &slot->useless)
		   ? WRAP_STORE_USELESS
		   : WRAP_STORE_NOTHING;
}

const struct wrap_pair_content *
wrap_store_content(const char *name, int rsa)
{
	const struct folder *folder = find(name);

	if (folder == NULL || folder->slots[rsa].content.certificate == NULL)
		return NULL;
	return &folder->slots[rsa].content;
}

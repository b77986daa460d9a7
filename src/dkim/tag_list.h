#ifndef DKIM_TAG_LIST_H
#define DKIM_TAG_LIST_H

/* Lists of tags, as signatures and key records have them: RFC 6376, 3.2. */

#include <stddef.h>

#define TAG_LIST_MAX 64 /* tags of a list */

struct tag {
	const char *name;
	size_t name_len;
	const char *value; /* without the blanks around it */
	size_t len;
	const char *begin, *end; /* the value with them */
};

struct tag_list {
	size_t count;
	struct tag tags[TAG_LIST_MAX];
};

/*
 * Take s[0..len) apart, to which the tags will point.  Returns 0, or -1 when it is no
 * list of tags, has a name twice, or has too many.
 */
int tag_list_parse(struct tag_list *list, const char *s, size_t len);

/* The tag of that name, or null. */
const struct tag *tag_list_find(const struct tag_list *list, const char *name);

/* The same where a missing tag is one of no bytes: returns its value, and sets *len. */
const char *tag_list_value(const struct tag_list *list, const char *name, size_t *len);

/*
 * The next of the words that stand in s[0..len), parted by colons, with blanks around
 * them or not.  *at is 0 to begin with.  Returns the word, of *word_len bytes, or null.
 */
const char *tag_list_next_word(const char *s, size_t len, size_t *at, size_t *word_len);

/* Does word stand among them, in any case? */
int tag_list_has_word(const char *s, size_t len, const char *word);

#endif

#ifndef LIB_MX_LIST_H
#define LIB_MX_LIST_H

/* The MX hosts of a domain, in the order in which they are tried. */

#include <stddef.h>

#define MX_NAME_MAX 255
#define MX_LIST_MAX 32 /* hosts of a domain that are looked at */

struct mx_host {
	char name[MX_NAME_MAX + 1]; /* no trailing dot; empty: the root, "no mail" */
	unsigned preference;
};

struct mx_list {
	struct mx_host hosts[MX_LIST_MAX];
	size_t n;
	int is_secure; /* it came signed, or that there is none did */
};

/* Add a host, in the place of the worst one when the list is full. */
void mx_list_add(struct mx_list *list, const char *name, unsigned preference);

/*
 * Bring the list in the order of RFC 5321, 5.1: the lowest preference first, equal ones
 * by chance; random gives 32 random bits.
 */
void mx_list_sort(struct mx_list *list, unsigned (*random)(void));

/* Does the sorted list say that the domain takes no mail (RFC 7505)?  Else the root is
 * removed. */
int mx_list_is_null(struct mx_list *list);

/*
 * Take from the sorted list the host me, and all with an equal or worse preference:
 * sending to them would make a loop.  Returns true when me was in it.
 */
int mx_list_cut(struct mx_list *list, const char *me);

/* How many hosts from index on have the same preference. */
size_t mx_list_group(const struct mx_list *list, size_t index);

#endif

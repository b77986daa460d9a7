#ifndef DKIM_KEY_DNS_H
#define DKIM_KEY_DNS_H

/* Whether the DNS has the record of a key. */

#include "dkim/key_folder.h"

enum key_dns_state {
	KEY_DNS_FITS,
	KEY_DNS_MISSING,
	KEY_DNS_OTHER,    /* there is a record, but none that has this key */
	KEY_DNS_NO_ANSWER /* nothing is known for now */
};

/*
 * Ask for that of one of the folder's, by way of the service dns.  What comes from the
 * network is read by a child that is not root, and has forgotten the keys.
 */
enum key_dns_state key_dns_look(
    struct key_folder *folder, const struct key_folder_one *one);

#endif

#include <string.h>

#include <idn2.h>

#include "lib/address.h"
#include "lib/heap.h"
#include "lib/idn.h"
#include "lib/text.h"
#include "lib/utf8.h"

int
idn_put_domain(stralloc *sa, const char *domain)
{
	char *ascii = NULL;
	int r;

	if (utf8_is_ascii(domain, strlen(domain))) {
		text_cat(sa, domain, (char *)NULL);
		return 0;
	}
	r = idn2_to_ascii_8z(domain, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (r == IDN2_MALLOC)
		heap_lacks();
	if (r != IDN2_OK)
		return -1;
	/* a no-break space becomes a blank, for one */
	if (!address_is_domain(ascii, strlen(ascii))) {
		idn2_free(ascii);
		return -1;
	}
	text_cat(sa, ascii, (char *)NULL);
	idn2_free(ascii);
	return 0;
}

int
idn_put_address(stralloc *sa, const char *address)
{
	size_t domain = address_domain(address, strlen(address)), before = sa->len;

	if (domain == 0)
		domain = strlen(address);
	if (!utf8_is_ascii(address, domain))
		return -1;
	text_catb(sa, address, domain);
	if (idn_put_domain(sa, address + domain) == 0)
		return 0;
	sa->len = before;
	return -1;
}

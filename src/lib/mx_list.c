#include <string.h>
#include <strings.h>

#include "lib/mx_list.h"

void
mx_list_add(struct mx_list *list, const char *name, unsigned preference)
{
	struct mx_host *host;
	size_t len = strlen(name), i;

	if (len > 0 && name[len - 1] == '.')
		len--;
	if (len > MX_NAME_MAX)
		return;
	if (list->n < MX_LIST_MAX) {
		host = &list->hosts[list->n++];
	} else {
		host = &list->hosts[0];
		for (i = 1; i < list->n; i++)
			if (list->hosts[i].preference > host->preference)
				host = &list->hosts[i];
		if (host->preference <= preference)
			return;
	}
	memcpy(host->name, name, len);
	host->name[len] = '\0';
	host->preference = preference;
}

static void
swap(struct mx_host *a, struct mx_host *b)
{
	struct mx_host c = *a;

	*a = *b;
	*b = c;
}

void
mx_list_sort(struct mx_list *list, unsigned (*random)(void))
{
	struct mx_host *hosts = list->hosts;
	size_t i, k;

	for (i = list->n; i > 1; i--)
		swap(&hosts[i - 1], &hosts[random() % i]);
	for (i = 1; i < list->n; i++)
		for (k = i; k > 0 && hosts[k - 1].preference > hosts[k].preference; k--)
			swap(&hosts[k - 1], &hosts[k]);
}

static void
take_away(struct mx_list *list, size_t index)
{
	list->n--;
	memmove(list->hosts + index, list->hosts + index + 1,
	    (list->n - index) * sizeof(*list->hosts));
}

int
mx_list_is_null(struct mx_list *list)
{
	size_t i;

	if (list->n == 1 && list->hosts[0].name[0] == '\0')
		return 1;
	for (i = list->n; i > 0; i--)
		if (list->hosts[i - 1].name[0] == '\0')
			take_away(list, i - 1);
	return 0;
}

int
mx_list_cut(struct mx_list *list, const char *me)
{
	size_t len = strlen(me), i;

	if (len > 0 && me[len - 1] == '.')
		len--;
	for (i = 0; i < list->n; i++)
		if (strlen(list->hosts[i].name) == len &&
		    strncasecmp(list->hosts[i].name, me, len) == 0)
			break;
	if (i == list->n)
		return 0;
	while (i > 0 && list->hosts[i - 1].preference == list->hosts[i].preference)
		i--;
	list->n = i;
	return 1;
}

size_t
mx_list_group(const struct mx_list *list, size_t index)
{
	size_t i = index;

	while (i < list->n && list->hosts[i].preference == list->hosts[index].preference)
		i++;
	return i - index;
}

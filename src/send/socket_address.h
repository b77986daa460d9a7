#ifndef SEND_SOCKET_ADDRESS_H
#define SEND_SOCKET_ADDRESS_H

/* Internet addresses in the form that the kernel wants. */

#include <sys/socket.h>

/* Fill ss with the address ip (IPv4 as ::ffff:a.b.c.d) and port; returns its length. */
socklen_t socket_address_make(
    struct sockaddr_storage *ss, const unsigned char ip[16], unsigned port);

/* The other way round, without the port: 1, or 0 for another family. */
int socket_address_take(unsigned char ip[16], const struct sockaddr_storage *ss);

#endif

#ifndef SMTP_REPLY_H
#define SMTP_REPLY_H

/* What smtp-recv says by itself: RFC 5321, 4.2; RFC 2034; RFC 3463. */

#define REPLY_OK "250 2.0.0 ok"
#define REPLY_SENDER_OK "250 2.1.0 ok"
#define REPLY_RECIPIENT_OK "250 2.1.5 ok"
#define REPLY_CHUNK "250 2.0.0 ok "    /* and how many octets */
#define REPLY_ACCEPTED "250 2.0.0 ok " /* and the message ID */
#define REPLY_GO_ON "354 send the message, end it with CRLF.CRLF"
#define REPLY_TLS_GO_ON "220 2.0.0 begin TLS"
#define REPLY_BYE "221 2.0.0 bye"
#define REPLY_CANNOT_VERIFY "252 2.0.0 not verified here: RCPT tells"
#define REPLY_HELP "214 2.0.0 facteur: https://www.rfc-editor.org/rfc/rfc5321"

#define REPLY_AUTH_OK "235 2.7.0 authentication succeeded" /* RFC 4954, 6 */
#define REPLY_AUTH_WRONG "535 5.7.8 authentication credentials invalid"
#define REPLY_AUTH_TROUBLE "454 4.7.0 unable to authenticate you now, try again later"
#define REPLY_AUTH_NEEDS_TLS "538 5.7.11 encryption required, say STARTTLS first"
#define REPLY_AUTH_UNKNOWN "504 5.5.4 authentication mechanism not known here"
#define REPLY_AUTH_USAGE "501 5.5.4 syntax: AUTH mechanism [initial-response]"
#define REPLY_AUTH_SYNTAX "501 5.5.2 malformed response"
#define REPLY_AUTH_CANCELLED "501 5.7.0 authentication cancelled"
#define REPLY_AUTH_TOO_LONG "500 5.5.6 authentication exchange line is too long"
#define REPLY_AUTH_TWICE "503 5.5.1 you have authenticated already"
#define REPLY_AUTH_IN_MAIL "503 5.5.1 not while mail is under way"
#define REPLY_EHLO_FIRST "503 5.5.1 say EHLO first"

#define REPLY_TLS_UNAVAILABLE "454 4.7.0 TLS is not available now" /* RFC 3207, 4 */
#define REPLY_TLS_ALREADY "503 5.5.1 TLS has begun already"
#define REPLY_TLS_FIRST "530 5.7.0 say STARTTLS first"

#define REPLY_TIMEOUT "421 4.4.2 nothing heard from you, closing"
#define REPLY_NO_MAIL "421 4.4.2 no mail from you in time, closing"
#define REPLY_SESSION_TOO_LONG "421 4.4.2 this session takes too long, closing"
#define REPLY_FOREIGN "421 4.7.0 this is a mail server, closing"
#define REPLY_LOGIN_ENDED "421 4.7.0 this login has been ended, closing"
#define REPLY_TOO_MANY_ERRORS "421 4.7.0 too many errors, closing"
#define REPLY_TOO_MUCH "421 4.7.0 too much that can't be taken, closing"
#define REPLY_NOT_IN_SERVICE "421 4.3.0 not in service, try again later\r\n"
#define REPLY_OUR_FAULT "451 4.3.0 local error, try again later"
#define REPLY_SINK_FAILED "451 4.3.0 unable to take the message now, try again later"
#define REPLY_NO_SPACE "452 4.3.1 not enough disk space, try again later"
#define REPLY_TOO_MANY_RECIPIENTS "452 4.5.3 too many recipients"

#define REPLY_LINE_TOO_LONG "500 5.5.2 command line too long"
#define REPLY_LINE_END "500 5.5.2 a command must end in CR LF"
#define REPLY_CONTROL_CHARACTER "500 5.5.2 control character in command"
#define REPLY_UNKNOWN "500 5.5.2 command not recognised"
#define REPLY_NOT_IMPLEMENTED "502 5.5.1 command not implemented"
#define REPLY_HELO_SYNTAX "501 syntax: HELO name"
#define REPLY_NO_ARGUMENT "501 5.5.4 this command has no argument"
#define REPLY_VRFY_SYNTAX "501 5.5.4 syntax: VRFY name"
#define REPLY_MAIL_SYNTAX "501 5.5.4 syntax: MAIL FROM:<address> [parameters]"
#define REPLY_RCPT_SYNTAX "501 5.5.4 syntax: RCPT TO:<address> [parameters]"
#define REPLY_BDAT_SYNTAX "501 5.5.4 syntax: BDAT size [LAST]"
#define REPLY_BDAT_CLOSING ", closing"
#define REPLY_PARAMETER_SYNTAX "501 5.5.4 malformed parameter"
#define REPLY_PARAMETER_UNKNOWN "555 5.5.4 parameter not known"
#define REPLY_BAD_SENDER "553 5.1.7 malformed sender address"
#define REPLY_BAD_RECIPIENT "553 5.1.3 malformed recipient address"
#define REPLY_NO_DOMAIN "553 5.1.3 recipient address without a domain"
#define REPLY_NOT_ASCII "553 5.6.7 address is not ASCII, say MAIL with SMTPUTF8"

#define REPLY_HELO_FIRST "503 5.5.1 say HELO or EHLO first"
#define REPLY_MAIL_FIRST "503 5.5.1 say MAIL first"
#define REPLY_RCPT_FIRST "503 5.5.1 say RCPT first"
#define REPLY_NESTED_MAIL "503 5.5.1 there is a sender already"
#define REPLY_CHUNKS_BEGUN "503 5.5.1 BDAT has begun the message"
#define REPLY_NO_RECIPIENTS "554 5.5.1 no valid recipients"

#define REPLY_TOO_LARGE "552 5.3.4 message too large"
#define REPLY_HEADER_TOO_LARGE "552 5.3.4 message header too large"
#define REPLY_LOOPS "554 5.4.6 too many Received fields, this message is looping"
#define REPLY_DELIVERED                                                                  \
	"554 5.4.6 Delivered-To of a recipient of this message, it is looping"
#define REPLY_NULL_BYTE "550 5.6.0 message with a null byte"
#define REPLY_BARE_LF "550 5.6.0 message with a bare LF: lines must end in CR LF"
#define REPLY_LF_END                                                                     \
	"550 5.6.0 the message seems to end with LF . LF, it must with CR LF . CR LF"
#define REPLY_BARE_CR "550 5.6.0 message with a bare CR: lines must end in CR LF"

#endif

# What clients and other servers look for on the web: files below HOME/web/NAME, a folder for each
# name of the service web.

# page PATH COMMAND...: make the file of what it says.  One that is there is the admin's; but a former name of
# ours is none any more.
page()
{
	if [ -n "$former" ] && [ -e "$1" ]; then
		sed "s/\([^-.a-z0-9]\)$pattern\([^-.a-z0-9]\|\$\)/\1$host\2/g" "$1" >"$1.tmp" && mv "$1.tmp" "$1" ||
			defer "unable to write $home/$1"
	fi
	[ ! -e "$1" ] || return 0
	page=$1
	shift
	[ -d "${page%/*}" ] || mkdir -p "${page%/*}" || defer "unable to make $home/${page%/*}"
	"$@" >"$page.tmp" && mv "$page.tmp" "$page" || defer "unable to write $home/$page"
}

# sts_policy: RFC 8461, 3.2; in mode testing a mistake of ours costs nobody's mail
sts_policy()
{
	printf '%s\r\n' 'version: STSv1' 'mode: testing' "mx: $host" 'max_age: 604800'
}

# Mozilla's autoconfig, https://wiki.mozilla.org/Thunderbird:Autoconfiguration:ConfigFileFormat
autoconfig()
{
	cat <<-EOF
		<?xml version="1.0" encoding="UTF-8"?>
		<clientConfig version="1.1">
		  <emailProvider id="$1">
		    <domain>$1</domain>
		    <displayName>$1</displayName>
		    <displayShortName>$1</displayShortName>
		    <incomingServer type="pop3">
		      <hostname>$host</hostname>
		      <port>$(port pop3s 995)</port>
		      <socketType>SSL</socketType>
		      <authentication>password-cleartext</authentication>
		      <username>%EMAILADDRESS%</username>
		    </incomingServer>
		    <outgoingServer type="smtp">
		      <hostname>$host</hostname>
		      <port>$(port submissions 465)</port>
		      <socketType>SSL</socketType>
		      <authentication>password-cleartext</authentication>
		      <username>%EMAILADDRESS%</username>
		    </outgoingServer>
		  </emailProvider>
		</clientConfig>
	EOF
}

# protocol TYPE PORT: of Autodiscover
protocol()
{
	cat <<-EOF
		      <Protocol>
		        <Type>$1</Type>
		        <Server>$host</Server>
		        <Port>$2</Port>
		        <DomainRequired>on</DomainRequired>
		        <SPA>off</SPA>
		        <SSL>on</SSL>
		        <AuthRequired>on</AuthRequired>
		      </Protocol>
	EOF
}

# Microsoft's Autodiscover, [MS-OXDSCLI]; the user name is for the client to fill in
autodiscover()
{
	cat <<-'EOF'
		# Clients POST their request here; the answer is the same for all.  See ../autodiscover.conf.
		printf 'Content-Type: text/xml; charset=utf-8\r\nConnection: close\r\n\r\n'
		cat <<'END'
	EOF
	cat <<-EOF
		<?xml version="1.0" encoding="utf-8"?>
		<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">
		  <Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a">
		    <Account>
		      <AccountType>email</AccountType>
		      <Action>settings</Action>
		$(protocol POP3 "$(port pop3s 995)")
		$(protocol SMTP "$(port submissions 465)")
		    </Account>
		  </Response>
		</Autodiscover>
		END
	EOF
}

make_web()
{
	folders '' 755 - - web
	folders web/ 755 - - none
	page web/httpd.conf printf '.txt:text/plain\n.xml:text/xml\n'
	page web/autodiscover.conf echo '*.xml:/bin/sh'
	host=$(ascii "$(head -n 1 control/me | tr A-Z a-z)") || exit
	pattern=$(ascii "${former:-$host}" | sed 's/\./\\./g')
	hosted | while read -r domain; do
		name=$(ascii "$domain") || exit
		page "web/mta-sts.$name/.well-known/mta-sts.txt" sts_policy
		page "web/autoconfig.$name/mail/config-v1.1.xml" autoconfig "$name"
		# as clients write it: the server minds the case
		for path in autodiscover/autodiscover.xml Autodiscover/Autodiscover.xml AutoDiscover/AutoDiscover.xml; do
			page "web/autodiscover.$name/$path" autodiscover
		done
	done || exit
}

# web_records DOMAIN NAME: of what is there.  The policy's id changes with it.
web_records()
{
	policy=web/mta-sts.$2/.well-known/mta-sts.txt
	if [ -r "$policy" ]; then
		record "mta-sts.$2" CNAME "$host."
		text "_mta-sts.$2" "v=STSv1; id=$(openssl dgst -sha256 -r "$policy" | cut -c 1-20)"
	fi
	for kind in autoconfig autodiscover; do
		[ ! -d "web/$kind.$2" ] || record "$kind.$2" CNAME "$host."
	done
	[ "$(port web 443)" = 443 ] ||
		echo "; clients look there on port 443, and our service web listens on $(port web 443)"
	[ -d service/web ] || echo "; there is no service web: another server has to show what is in $home/web"
}

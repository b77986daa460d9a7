#! /usr/bin/env atf-sh
# https-post, with a web server of its own.

PATH=$(atf_get_srcdir)/../../bin:$PATH
. "$(atf_get_srcdir)/../lib/until.sh"
. "$(atf_get_srcdir)/world.sh"

atf_test_case gives_it_to_a_web_server cleanup
gives_it_to_a_web_server_body()
{
	begin
	url=https://127.0.0.1:$(cat port)/x
	echo '204 text/plain' >web
	seq 1 50000 >body
	atf_check -e match:'event=posted url=https://127.0.0.1:.* code=204' https-post -t text/x "$url" <body
	atf_check cmp body posted
	atf_check -o match:'^POST /x ' -o match:'^Content-Type: text/x' cat posted.head
	for answer in 500:111 503:111 429:111 400:100 404:100 301:100; do
		echo "${answer%:*} text/plain" >web
		atf_check -s "exit:${answer#*:}" -e match:"code=${answer%:*}" https-post "$url" <body
	done
	cp other.pem authority.pem
	rm posted
	atf_check -s exit:111 -e match:event=failed https-post "$url" <body
	atf_check test ! -e posted
	atf_check -s exit:100 -e match:'not a URL of https' https-post "http://127.0.0.1:$(cat port)/" <body
	atf_check -s exit:111 -e match:usage https-post
	end_web
	atf_check -s exit:111 -e match:onnect https-post "$url" <body
}
gives_it_to_a_web_server_cleanup()
{
	end
}

atf_init_test_cases()
{
	atf_add_test_case gives_it_to_a_web_server
}

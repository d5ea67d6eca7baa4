"""Sixty spellings of addresses that must never be asked; `{port}` is a port of this machine where somebody listens."""

from __future__ import annotations

SPELLINGS = (
    # names and numbers of this machine
    "http://localhost:{port}/", "http://LOCALHOST:{port}/", "http://localhost.:{port}/", "http://sub.localhost:{port}/",
    "http://localhost.localdomain:{port}/", "http://127.0.0.1:{port}/", "http://127.0.0.1.:{port}/",
    "http://127.0.0.53:{port}/", "http://127.255.255.254:{port}/", "http://0.0.0.0:{port}/",
    # decimal, octal, hexadecimal, short and mixed forms
    "http://2130706433:{port}/", "http://2130706433.:{port}/", "http://0x7f000001:{port}/",
    "http://0X7F000001:{port}/", "http://0x7f.0x0.0x0.0x1:{port}/", "http://0x7f.1:{port}/",
    "http://017700000001:{port}/", "http://0177.0.0.1:{port}/", "http://0177.1:{port}/", "http://127.1:{port}/",
    "http://127.0.1:{port}/", "http://127.0.0.01:{port}/", "http://127.0.0.0x1:{port}/", "http://0:{port}/",
    "http://0x0:{port}/", "http://00.0.0.0:{port}/", "http://4294967297:{port}/", "http://0x100000000007f000001:{port}/",
    # digits and dots of other scripts
    "http://①②⑦.⓪.⓪.①:{port}/", "http://１２７.０.０.１:{port}/", "http://127。0。0。1:{port}/",
    "http://𝟏𝟐𝟕.𝟎.𝟎.𝟏:{port}/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/", "http://٢٧.0.0.1:{port}/",
    # IPv6, and IPv4 inside it: mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP
    "http://[::1]:{port}/", "http://[0:0:0:0:0:0:0:1]:{port}/", "http://[::]:{port}/", "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/", "http://[::127.0.0.1]:{port}/", "http://[::ffff:0:127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/", "http://[64:ff9b:1::7f00:1]:{port}/", "http://[2002:7f00:1::]:{port}/",
    "http://[2001:0:7f00:1::]:{port}/", "http://[2606:4700::5efe:127.0.0.1]:{port}/", "http://[fe80::1%25lo]:{port}/",
    "http://[::1%25lo]:{port}/", "http://[fc00::1]/", "http://[ff02::1]/",
    # what stands before the host is not the host
    "http://news.example@127.0.0.1:{port}/", "http://news.example:80@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@news.example/", "http://127.0.0.1:{port}\\@news.example/",
    "http://news.example\\@127.0.0.1:{port}/", "http://127.0.0.1%2f:{port}/", "http://127.0.0.1%00.news.example:{port}/",
    # clouds' metadata and private networks
    "http://169.254.169.254/latest/meta-data/", "http://169.254.169.254./", "http://2852039166/", "http://0xa9fea9fe/",
    "http://[::ffff:a9fe:a9fe]/", "http://[fd00:ec2::254]/", "http://metadata.google.internal/",
    "http://100.100.100.200/", "http://10.0.0.1/", "http://172.16.1/", "http://192.168.257/", "http://192.0.0.192/",
    # public names that lead here, and other ways to speak
    "http://127.0.0.1.wild.example:{port}/", "http://loops.example:{port}/", "https://loops.example:{port}/",
    "file:///etc/passwd", "gopher://127.0.0.1:{port}/", "ftp://127.0.0.1:{port}/", "javascript:alert(1)",
)  # fmt: skip


def spelled(port: int) -> list[str]:
    """Return every spelling with this port."""
    return [form.replace("{port}", str(port)) for form in SPELLINGS]

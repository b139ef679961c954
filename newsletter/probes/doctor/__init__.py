"""What ``newsletter doctor`` looks at: the relay, the DNS, the web pages, this machine, git."""

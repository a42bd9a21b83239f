#![no_main]
redspec_fuzz::target!(vrrp3_ipv4, repaired);

#![no_main]
redspec_fuzz::target!(vrrp2, repaired);

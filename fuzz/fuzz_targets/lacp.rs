#![no_main]
redspec_fuzz::target!(lacp, repaired);

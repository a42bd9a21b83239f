#![no_main]
redspec_fuzz::target!(hsrp1);

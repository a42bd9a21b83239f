#![no_main]
redspec_fuzz::target!(hsrp2, repaired);

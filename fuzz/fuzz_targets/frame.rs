#![no_main]
redspec_fuzz::target!(frame, repaired);

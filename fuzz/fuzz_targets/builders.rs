#![no_main]
redspec_fuzz::target!(builders_from);

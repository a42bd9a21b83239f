#![no_main]
redspec_fuzz::target!(slow);

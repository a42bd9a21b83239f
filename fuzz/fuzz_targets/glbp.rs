#![no_main]
redspec_fuzz::target!(glbp, repaired);
